"""The only orchestrator: asks DNS and the mail servers side by side under one deadline, then lets the pure chain judge.

Nothing waits for what it does not need: a port is connected to as soon as its own row is known, and what is
merely good to know (MX, IPv6, the optional port) gets a short grace once everything else is there.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, TypeVar
from typing import Protocol as Interface

from bot.advice.certificate import TrustStore
from bot.advice.decision import Judge, MoreToAsk, ServiceFacts, more_to_ask
from bot.advice.mail_server import find_mail_server, is_own_exchange, judge_row
from bot.advice.settings import Seen, settle
from bot.advice.way import Way, way_of, way_of_worst_case
from bot.answer import FoundBy, MailServer, Note, Outcome, Refusal
from bot.catalogue.model import Answer, Catalogue
from bot.domain import DomainName, is_host_name, registrable_domain
from bot.facts import (
    DnsAnswer,
    DnsFacts,
    Endpoint,
    Handshake,
    Hello,
    NoHandshake,
    Probe,
    Protocol,
    Row,
    Security,
)
from bot.facts import (
    Outcome as DnsOutcome,
)
from bot.provider.known import known_provider
from bot.provider.profile import Port, Profile, ServerName
from bot.request import HostKind, SettingsRequest

T = TypeVar("T")

GRACE = 0.3
"""Seconds that optional parts may take once everything an answer needs is there."""
DNS_SHARE, DNS_PATIENCE = 0.4, 2.0
"""DNS may take this share of the whole time, and never more seconds than this."""
SILENCE = 1.0
"""Seconds of silence on a STARTTLS port after which TLS at once is tried beside."""


class LooksUp(Interface):
    """The resolver edge."""

    async def look_up(self, name: str, rtype: str, *, deadline: float, fresh: bool = False) -> DnsAnswer:
        """Ask one question of DNS."""


class Probes(Interface):
    """The TLS edge."""

    async def probe(self, endpoint: Endpoint, hello: Hello, *, deadline: float, fresh: bool = False) -> Probe:
        """Make one connection."""


class FindsServers(Interface):
    """The inventory of the provider's servers."""

    async def find(self, addresses: Iterable[str], *, deadline: float) -> dict[str, tuple[ServerName, FoundBy]]:
        """Tell the servers behind addresses."""


@dataclass(frozen=True)
class Lookup:
    """Answers requests for settings. `timeout` (seconds) bounds the network work of one answer."""

    resolver: LooksUp
    prober: Probes
    inventory: FindsServers
    profile: Profile
    catalogue: Catalogue
    store: TrustStore
    clock: Callable[[], datetime]
    timeout: float

    async def settings(self, request: SettingsRequest, *, fresh: bool = False, probe: bool = True) -> Outcome:
        """Answer one request. `fresh` bypasses caches; without `probe` no mail server is connected to.

        Ends within the timeout; what could not be found out by then is said in the answer.
        """
        inquiry = _Inquiry(self, request, fresh, probe)
        try:
            return await inquiry.answer()
        finally:
            inquiry.close()


class _Rows:
    """The questions about one domain, all sent at once; each row can be waited for by itself."""

    LABELS = ("imap", "mail", "pop", "smtp")

    def __init__(self, domain: DomainName, ask: Callable[[str, str], asyncio.Task[DnsAnswer]], first: str) -> None:
        self.domain = domain
        labels = sorted(self.LABELS, key=lambda label: label != first)
        self._ipv4 = {label: ask(f"{label}.{domain}", "A") for label in labels}
        self._ipv6 = {label: ask(f"{label}.{domain}", "AAAA") for label in labels}
        self.mx = ask(domain.ascii, "MX")

    async def row(self, label: str) -> Row:
        """A row as soon as it has an address: IPv6 is waited for only where there is no IPv4."""
        ipv4 = await self._ipv4[label]
        late = self._ipv6[label]
        if ipv4.outcome is DnsOutcome.FOUND and not late.done():
            return Row(ipv4)
        return Row(ipv4, await late)

    async def all_rows(self) -> dict[str, Row]:
        """Every row, in the order of the labels."""
        return {label: await self.row(label) for label in self.LABELS}

    @property
    def waiting(self) -> list[asyncio.Task[DnsAnswer]]:
        """The questions still open."""
        return [task for task in (*self._ipv4.values(), *self._ipv6.values(), self.mx) if not task.done()]

    def so_far(self, exchange: Row | None, now: datetime) -> DnsFacts:
        """What is known now; an open question counts as timed out, never as "no such row"."""
        rows = {label: self._row_so_far(label, now) for label in self.LABELS}
        mx = self.mx.result() if self.mx.done() else None
        return DnsFacts(self.domain.ascii, **rows, mx=mx, exchange=exchange)

    def _row_so_far(self, label: str, now: datetime) -> Row:
        ipv4, ipv6 = self._ipv4[label], self._ipv6[label]
        open_question = DnsAnswer(f"{label}.{self.domain}", "A", DnsOutcome.TIMEOUT, now)
        return Row(ipv4.result() if ipv4.done() else open_question, ipv6.result() if ipv6.done() else None)


class _NoAnswer(Exception):
    """Ends an inquiry with a refusal."""

    def __init__(self, note: Note) -> None:
        self.note = note


class _Inquiry:
    """One request on its way through the edges."""

    def __init__(self, lookup: Lookup, request: SettingsRequest, fresh: bool, probe: bool) -> None:
        self.lookup, self.request, self.fresh, self.may_probe = lookup, request, fresh, probe
        start = asyncio.get_running_loop().time()
        self.deadline = start + lookup.timeout
        self.dns_deadline = start + min(DNS_PATIENCE, DNS_SHARE * lookup.timeout)
        self.known: dict[str, tuple[ServerName, FoundBy]] = {}
        self._tasks: set[asyncio.Task[Any]] = set()
        self._exchange: Row | None = None

    def close(self) -> None:
        """Give up whatever is still under way."""
        for task in self._tasks:
            task.cancel()

    def _start(self, work: Coroutine[Any, Any, T]) -> asyncio.Task[T]:
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        return task

    def _ask(self, name: str, rtype: str) -> asyncio.Task[DnsAnswer]:
        look_up = self.lookup.resolver.look_up
        return self._start(look_up(name, rtype, deadline=self.dns_deadline, fresh=self.fresh))

    async def answer(self) -> Outcome:
        rows = await self._choose_domain()
        try:
            return await self._settle(rows)
        except _NoAnswer as ended:
            return Refusal(rows.domain, ended.note, self.lookup.clock())

    async def _choose_domain(self) -> _Rows:
        """The domain as asked for, when it has mail rows of its own or is registrable; else the registrable one."""
        asked, protocol = self.request.domain, self.request.protocol
        first = self.lookup.profile.rows[protocol][0]
        own = _Rows(asked, self._ask, first)
        registrable = registrable_domain(asked)
        if registrable is None or registrable == asked:
            return own
        above = _Rows(registrable, self._ask, first)
        rows = await own.all_rows()
        receiving = [rows[label].outcome for label in ("imap", "mail", "pop")]
        has_none = all(outcome in (DnsOutcome.NXDOMAIN, DnsOutcome.NO_DATA) for outcome in receiving)
        return above if has_none else own

    async def _settle(self, rows: _Rows) -> Outcome:
        exchange = self._start(self._look_up_exchange(rows))
        server = await self._find_server(rows, exchange)
        name = ServerName(server.host, server.number)
        self.known |= {address: (name, server.found_by) for address in server.addresses if address not in self.known}
        receives = self.request.client is None or self.request.client.client.receives
        outgoing = self._start(self._see_sending(rows, server))
        incoming = self._start(self._see_receiving(rows, server)) if receives else None
        worst_case = self._start(self._see_worst_case(server))
        seen_in = await incoming if incoming else None
        seen_out, second = await outgoing
        await self._give_grace([*rows.waiting, exchange, worst_case, second])
        lookup, now = self.lookup, self.lookup.clock()
        self._exchange = _result_or_none(exchange)
        seen = Seen(
            rows.domain,
            rows.so_far(self._exchange, now),
            self.known,
            server,
            seen_in,
            seen_out,
            _result_or_none(second),
            _result_or_none(worst_case),
        )
        return settle(self.request, seen, lookup.profile, Judge(lookup.store, lookup.catalogue, now))

    async def _give_grace(self, tasks: Iterable[asyncio.Task[Any]]) -> None:
        left = [task for task in tasks if not task.done()]
        rest = self.deadline - asyncio.get_running_loop().time()
        if left and rest > 0:
            await asyncio.wait(left, timeout=min(GRACE, rest))

    # Which server it is

    async def _find_server(self, rows: _Rows, exchange: asyncio.Task[Row | None]) -> MailServer:
        """The server by the protocol's own row alone where that is enough, else by everything DNS says."""
        profile = self.lookup.profile
        first = await rows.row(profile.rows[self.request.protocol][0])
        verdict = judge_row(first, profile, self.known)
        if isinstance(verdict, MailServer):
            return verdict
        await self._identify([first])
        verdict = judge_row(first, profile, self.known)
        if isinstance(verdict, MailServer):
            return verdict
        everything = await rows.all_rows()
        await self._identify(everything.values())
        if not any(row.outcome is DnsOutcome.FOUND for row in everything.values()):
            await exchange
        facts = rows.so_far(_result_or_none(exchange), self.lookup.clock())
        found = find_mail_server(facts, self.request.protocol, profile, self.known)
        if isinstance(found, Note) and not rows.mx.done():
            await exchange
            facts = rows.so_far(_result_or_none(exchange), self.lookup.clock())
            found = find_mail_server(facts, self.request.protocol, profile, self.known)
        if isinstance(found, Note):
            raise _NoAnswer(found)
        return found

    async def _identify(self, rows: Iterable[Row]) -> None:
        """Learn whose the addresses are that no name tells: neither one of ours nor one of a known provider's."""
        profile = self.lookup.profile
        nameless = [
            address
            for row in rows
            if not any(profile.server(name) or known_provider(name) for name in row.chain)
            for address in row.addresses
            if address not in self.known
        ]
        if nameless:
            self.known |= await self.lookup.inventory.find(nameless, deadline=self.dns_deadline)

    async def _look_up_exchange(self, rows: _Rows) -> Row | None:
        """The address rows of the first mail exchanger, where its name does not tell whose it is or is all there is."""
        mx = await rows.mx
        exchange = mx.values[0] if mx.values else ""
        facts = rows.so_far(None, self.lookup.clock())
        if (
            not is_host_name(exchange)
            or exchange in [row.name for row in facts.rows.values()]
            or known_provider(exchange)
        ):
            return None
        if self.lookup.profile.is_own_name(exchange) and any(row.addresses for row in facts.rows.values()):
            return None
        ipv4, ipv6 = await asyncio.gather(self._ask(exchange, "A"), self._ask(exchange, "AAAA"))
        row = Row(ipv4, ipv6)
        if not is_own_exchange(replace(facts, exchange=row), self.lookup.profile, self.known):
            await self._identify([row])
        return row

    # What the ports show

    async def _see_receiving(self, rows: _Rows, server: MailServer) -> ServiceFacts:
        port = self.lookup.profile.port(self.request.protocol)
        assert port is not None
        row = await rows.row("mail")
        await self._identify([row])
        names, address = self._names(row, server, port.protocol, rows.domain)
        return await self._see(port, names, address, server.addresses)

    async def _see_sending(
        self, rows: _Rows, server: MailServer
    ) -> tuple[ServiceFacts, asyncio.Task[ServiceFacts | None]]:
        """The submission port by the sending row, or on the mail server itself where that row does not lead to us."""
        profile = self.lookup.profile
        port = profile.port(Protocol.SMTP)
        assert port is not None
        row = await rows.row(profile.rows[Protocol.SMTP][0])
        await self._identify([row])
        names, address = self._names(row, server, Protocol.SMTP, rows.domain)
        server_addresses = row.addresses
        if HostKind.DOMAIN not in names:
            names, address = self._names(await rows.row("mail"), server, Protocol.IMAP, rows.domain)
            server_addresses = server.addresses
        second = self._start(self._see_second_port(names, address or server_addresses))
        return await self._see(port, names, address, server_addresses), second

    def _names(
        self, row: Row, server: MailServer, protocol: Protocol, domain: DomainName
    ) -> tuple[dict[HostKind, str], tuple[str, ...]]:
        """The host names of one half, and where the domain's own name leads to.

        The domain's name counts only when its row leads to the provider, or could not be asked for.
        """
        profile = self.lookup.profile
        names = {HostKind.SERVER: server.host}
        verdict = judge_row(row, profile, self.known)
        is_shared = bool(set(row.addresses) & set(server.addresses))
        if isinstance(verdict, MailServer):
            if protocol is Protocol.SMTP and not is_shared:
                names[HostKind.SERVER] = verdict.host
        elif row.outcome.is_unavailable:
            return names | {HostKind.DOMAIN: profile.host_for(protocol, domain)}, ()
        elif not is_shared:
            end = row.chain[-1] if row.chain else ""
            if row.outcome is not DnsOutcome.FOUND or not profile.is_own_name(end):
                return names, ()
            if protocol is Protocol.SMTP:
                names[HostKind.SERVER] = end
        return names | {HostKind.DOMAIN: profile.host_for(protocol, domain)}, row.addresses

    async def _see(
        self,
        port: Port,
        names: dict[HostKind, str],
        domain_addresses: tuple[str, ...],
        server_addresses: tuple[str, ...],
    ) -> ServiceFacts:
        """Connect with SNI and without, side by side; then ask what that left open."""
        way = way_of(self.request.client, port.protocol, self.lookup.catalogue)
        named, bare = await asyncio.gather(
            self._probe(port, domain_addresses, way.hello(names.get(HostKind.DOMAIN))),
            self._probe(port, server_addresses, way.hello(None)),
        )
        facts = ServiceFacts(port.protocol, names, named, bare)
        lookup = self.lookup
        judge = Judge(lookup.store, lookup.catalogue, lookup.clock())
        more = more_to_ask(facts, way, judge, lookup.profile.is_own_name, self.request.host_kind)
        return await self._see_more(port, facts, way, more, server_addresses)

    async def _see_more(
        self, port: Port, facts: ServiceFacts, way: Way, more: MoreToAsk, addresses: tuple[str, ...]
    ) -> ServiceFacts:
        sni = None if way.sni is Answer.NO else facts.names.get(HostKind.DOMAIN)
        named, unbounded, aliases = await asyncio.gather(
            self._probe(port, addresses if more.server_with_sni else (), way.hello(facts.names.get(HostKind.SERVER))),
            self._probe(port, addresses if more.unbounded else (), Hello(sni)),
            self._confirm(more.aliases, addresses),
        )
        return replace(facts, server_with_sni=named, unbounded=unbounded, server_aliases=aliases)

    async def _confirm(self, names: tuple[str, ...], addresses: tuple[str, ...]) -> tuple[str, ...]:
        """The names that resolve to the address that was connected to."""
        if not names or not addresses:
            return ()
        rtype = "AAAA" if ":" in addresses[0] else "A"
        answers = await asyncio.gather(*(self._ask(name, rtype) for name in names))
        return tuple(answer.name for answer in answers if addresses[0] in answer.values)

    async def _see_second_port(self, names: dict[HostKind, str], addresses: tuple[str, ...]) -> ServiceFacts | None:
        port = self.lookup.profile.port(Protocol.SMTP, optional=True)
        if port is None:
            return None
        way = way_of(self.request.client, Protocol.SMTP, self.lookup.catalogue)
        sni = None if way.sni is Answer.NO else names.get(HostKind.DOMAIN)
        return ServiceFacts(Protocol.SMTP, names, await self._probe(port, addresses, way.hello(sni)))

    async def _see_worst_case(self, server: MailServer) -> Probe | None:
        """The receiving port with the limits of the client's worst case, while the system is not known."""
        way = way_of_worst_case(self.request.client, self.lookup.catalogue)
        port = self.lookup.profile.port(self.request.protocol)
        if way is None or port is None or not way.is_old:
            return None
        return await self._probe(port, server.addresses, way.hello(None))

    async def _probe(self, port: Port, addresses: tuple[str, ...], hello: Hello) -> Probe | None:
        """One connection to the first address, in the mode the port turns out to speak."""
        if not addresses or not self.may_probe:
            return None
        endpoint = Endpoint(addresses[0], port.port, port.protocol, port.security)
        first = self._start(self._connect(endpoint, hello))
        other = replace(endpoint, security=_other_mode(port.security))
        if port.security is Security.IMPLICIT_TLS:
            probe = await first
            return await self._connect(other, hello) if _speaks_plain(probe) else probe
        await asyncio.wait([first], timeout=SILENCE)
        if first.done() and not _is_silent(first.result()):
            return first.result()
        beside = await self._connect(other, hello)
        return beside if isinstance(beside, Handshake) else await first

    async def _connect(self, endpoint: Endpoint, hello: Hello) -> Probe:
        return await self.lookup.prober.probe(endpoint, hello, deadline=self.deadline, fresh=self.fresh)


def _other_mode(security: Security) -> Security:
    return Security.STARTTLS if security is Security.IMPLICIT_TLS else Security.IMPLICIT_TLS


def _speaks_plain(probe: Probe) -> bool:
    return isinstance(probe, NoHandshake) and probe.problem == "port_speaks_plain"


def _is_silent(probe: Probe) -> bool:
    return isinstance(probe, NoHandshake) and probe.problem == "server_silent"


def _result_or_none(task: asyncio.Task[T] | None) -> T | None:
    return task.result() if task is not None and task.done() and not task.cancelled() else None
