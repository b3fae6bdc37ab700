"""What the ports on the way to a mailbox show, each connection made the client's way."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace

from bot.advice.decision import MoreToAsk, more_to_ask
from bot.advice.names import Names, names_of_half
from bot.advice.sight import Judge, ServiceFacts
from bot.advice.way import Way, way_of, way_of_worst_case
from bot.answer import MailServer
from bot.catalogue.model import Answer
from bot.facts import Endpoint, Handshake, Hello, NoHandshake, Probe, Protocol, Security
from bot.lookup.edges import Work
from bot.lookup.owners import Owners
from bot.lookup.rows import Rows
from bot.provider.profile import Port
from bot.request import HostKind, SettingsRequest

SILENCE = 1.0
"""Seconds of silence on a STARTTLS port after which TLS at once is tried beside."""
HEAD_START = 0.3
"""Seconds at most that the optional port lets the receiving half go first."""


@dataclass(frozen=True)
class Ports:
    """Connects to the ports of one domain's settings."""

    work: Work
    request: SettingsRequest
    owners: Owners
    rows: Rows
    server: MailServer

    async def see_receiving(self) -> ServiceFacts:
        """The port of the protocol asked for, with SNI and without."""
        port = self._port(self.request.protocol)
        names = await self._names(port.protocol)
        return await self._see(port, names, self.server.addresses, Answer.UNKNOWN)

    async def see_sending(self) -> ServiceFacts:
        """The submission port, by the sending row, or on the mail server itself where that row does not lead to us.

        Only the way the client goes is tried: Postfix starts a process for each connection.
        """
        names, addresses = await self._sending_names()
        way = self._way(Protocol.SMTP)
        return await self._see(self._port(Protocol.SMTP), names, addresses, way.sni)

    async def see_second_port(self, incoming: asyncio.Task[ServiceFacts] | None) -> ServiceFacts | None:
        """The optional sending port. It lets the receiving half go first, and is done before a STARTTLS dialogue is."""
        port = self.work.edges.profile.port(Protocol.SMTP, optional=True)
        if port is None:
            return None
        names, addresses = await self._sending_names()
        await self.work.wait([incoming], HEAD_START)
        way = self._way(Protocol.SMTP)
        sni = None if way.sni is Answer.NO else names.hosts.get(HostKind.DOMAIN)
        probe = await self._probe(port, names.addresses or addresses, way.hello(sni))
        return ServiceFacts(Protocol.SMTP, names.hosts, probe)

    async def see_worst_case(self) -> Probe | None:
        """The receiving port with the limits of the client's worst case, while the system is not known."""
        way = way_of_worst_case(self.request.client, self.work.edges.catalogue)
        if way is None or not way.is_old:
            return None
        return await self._probe(self._port(self.request.protocol), self.server.addresses, way.hello(None))

    def _port(self, protocol: Protocol) -> Port:
        port = self.work.edges.profile.port(protocol)
        assert port is not None, "a profile has a port for each protocol"
        return port

    def _way(self, protocol: Protocol) -> Way:
        return way_of(self.request.client, protocol, self.work.edges.catalogue)

    async def _names(self, protocol: Protocol) -> Names:
        domain, profile = self.rows.domain, self.work.edges.profile
        row = await self.rows.of(profile.host_for(protocol, domain))
        await self.owners.identify([row])
        return names_of_half(row, self.server, protocol, domain, profile, self.owners.known)

    async def _sending_names(self) -> tuple[Names, tuple[str, ...]]:
        """The names for sending, and the addresses a client without SNI is led to."""
        names = await self._names(Protocol.SMTP)
        if names.has_domain:
            return names, names.addresses
        return await self._names(self.request.protocol), self.server.addresses

    async def _see(self, port: Port, names: Names, addresses: tuple[str, ...], tried: Answer) -> ServiceFacts:
        """Connect with SNI and without, side by side; then ask what that left open.

        `addresses` are where a client without SNI is led; `tried` says which way is enough, UNKNOWN both.
        """
        way = self._way(port.protocol)
        named_at = names.addresses if tried is not Answer.NO else ()
        bare_at = addresses if tried is not Answer.YES or not names.has_domain else ()
        named, bare = await asyncio.gather(
            self._probe(port, named_at, way.hello(names.hosts.get(HostKind.DOMAIN))),
            self._probe(port, bare_at, way.hello(None)),
        )
        facts = ServiceFacts(port.protocol, names.hosts, named, bare)
        edges = self.work.edges
        judge = Judge(edges.store, edges.catalogue, edges.clock())
        more = more_to_ask(facts, way, judge, edges.profile.is_own_name, self.request.host_kind)
        return await self._see_more(port, facts, way, more, addresses)

    async def _see_more(
        self, port: Port, facts: ServiceFacts, way: Way, more: MoreToAsk, addresses: tuple[str, ...]
    ) -> ServiceFacts:
        hosts = facts.names
        sni = None if way.sni is Answer.NO else hosts.get(HostKind.DOMAIN, hosts[HostKind.SERVER])
        named, unbounded, with_ecdsa, aliases = await asyncio.gather(
            self._probe(port, addresses if more.server_with_sni else (), way.hello(hosts[HostKind.SERVER])),
            self._probe(port, addresses if more.unbounded else (), Hello(sni)),
            self._probe(port, addresses if more.with_ecdsa else (), replace(way, ecdsa=True).hello(sni)),
            self._confirm(more.aliases, addresses),
        )
        return replace(facts, server_with_sni=named, unbounded=unbounded, with_ecdsa=with_ecdsa, server_aliases=aliases)

    async def _confirm(self, names: tuple[str, ...], addresses: tuple[str, ...]) -> tuple[str, ...]:
        """The names that resolve to the address that was connected to."""
        if not names or not addresses:
            return ()
        rtype = "AAAA" if ":" in addresses[0] else "A"
        answers = await asyncio.gather(*(self.work.ask(name, rtype) for name in names))
        return tuple(answer.name for answer in answers if addresses[0] in answer.values)

    async def _probe(self, port: Port, addresses: tuple[str, ...], hello: Hello) -> Probe | None:
        """One connection to the first address, in the mode the port turns out to speak."""
        if not addresses:
            return None
        endpoint = Endpoint(addresses[0], port.port, port.protocol, port.security)
        if port.security is Security.IMPLICIT_TLS:
            probe = await self.work.connect(endpoint, hello)
            return await self._connect_otherwise(endpoint, hello) if _has_problem(probe, "port_speaks_plain") else probe
        first = self.work.start(self.work.connect(endpoint, hello))
        await self.work.wait([first], SILENCE)
        if first.done() and not _has_problem(first.result(), "server_silent"):
            return first.result()
        beside = await self._connect_otherwise(endpoint, hello)
        return beside if isinstance(beside, Handshake) else await first

    async def _connect_otherwise(self, endpoint: Endpoint, hello: Hello) -> Probe | None:
        is_implicit = endpoint.security is Security.IMPLICIT_TLS
        other = Security.STARTTLS if is_implicit else Security.IMPLICIT_TLS
        return await self.work.connect(replace(endpoint, security=other), hello)


def _has_problem(probe: Probe | None, problem: str) -> bool:
    return isinstance(probe, NoHandshake) and probe.problem == problem
