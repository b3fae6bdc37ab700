"""The status of a domain: its rows, then every port of its servers, side by side under one deadline.

async with lookup.begin(domain) as inquiry:
    await inquiry.core()        # rows, 993 with SNI and without, 995, 587: nothing else is connected to
    await inquiry.whole()       # the other ports and addresses too; and from the sides, where there are some
    inquiry.so_far()            # at any moment; what is not known yet is said to be open
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace

from bot.advice.mail_server import judge_row
from bot.advice.names import names_of_half
from bot.advice.sight import Judge
from bot.answer import FoundBy, MailServer, Note
from bot.domain import DomainName
from bot.facts import DnsFacts, Endpoint, Hello, Outcome, Protocol, Row
from bot.lookup.connections import Connections, Making, a_few
from bot.lookup.edges import Edges, Work, result_or_none
from bot.lookup.owners import Owners
from bot.lookup.rows import Rows, choose_rows
from bot.lookup.sides import Sides
from bot.request import HostKind
from bot.status.around_facts import AroundFacts
from bot.status.clock_facts import ClockFacts
from bot.status.facts import RELAY, StatusFacts, StatusPort, status_ports
from bot.status.hosting import find_server
from bot.status.judge import Status, judge_status

HEAD_START = 0.3
"""Seconds at most that everything else lets the receiving half go first."""
GRACE = 1.0
"""Seconds that ports beside the core may take once all else is there: outgoing port 25 is often filtered."""
CORE_FIRST = 0.5
"""Seconds at most that the sides let the core go first: a port that hangs takes nothing from them."""


@dataclass(frozen=True)
class StatusLookup:
    """Looks at domains; with `sides` also at these, without them it stays as quick and quiet as a sweep needs it."""

    edges: Edges
    sides: Sides | None = None

    async def status(
        self,
        domain: DomainName,
        *,
        fresh: bool = False,
        versions: bool = False,
        probe: bool = True,
        on_core: Callable[[Status], None] | None = None,
    ) -> Status:
        """The whole status; `on_core` is given what is known once the core is.

        `fresh` bypasses caches, `versions` measures TLS versions too, without `probe` only DNS is asked. Ends
        within the timeout; what could not be found out by then is said in the status.
        """
        async with self.begin(domain, fresh=fresh, versions=versions, probe=probe) as inquiry:
            inquiry.go_on()
            core = await inquiry.core()
            if on_core is not None:
                on_core(core)
            return await inquiry.whole()

    @asynccontextmanager
    async def begin(
        self, domain: DomainName, *, fresh: bool = False, versions: bool = False, probe: bool = True
    ) -> AsyncIterator[StatusInquiry]:
        """Begin to look; whatever is still under way is given up at the end of the block."""
        work = Work(self.edges, fresh=fresh, may_probe=probe)
        try:
            yield StatusInquiry(work, domain, self.sides, versions=versions, is_probed=probe)
        finally:
            work.close()


@dataclass(frozen=True)
class _Half:
    """Receiving or sending: its ports, the domain's name (None: none that leads here), the server's, addresses."""

    ports: tuple[StatusPort, ...]
    host: str | None
    server: str
    addresses: tuple[str, ...]

    @property
    def core(self) -> tuple[StatusPort, ...]:
        """The ports that customers are told."""
        return tuple(port for port in self.ports if port.is_core)


class StatusInquiry:
    """A status on its way."""

    def __init__(
        self, work: Work, asked: DomainName, sides: Sides | None = None, *, versions: bool, is_probed: bool
    ) -> None:
        self._work, self._edges, self._asked = work, work.edges, asked
        self._versions, self._is_probed = versions, is_probed
        self._owners = Owners(work)
        self._rows = self._ask_for(asked)
        self._connections = Connections(work)
        self._exchange: asyncio.Task[Row | None] | None = None
        self._server = work.start(self._find_server())
        self._halves = [work.start(self._find_half(ps)) for ps in ((Protocol.IMAP, Protocol.POP3), (Protocol.SMTP,))]
        self._firsts = [work.start(self._see_first(half)) for half in self._halves]
        self._core = work.start(self._see_core())
        self._sides = sides
        self._rest: asyncio.Task[None] | None = None
        self._clock: asyncio.Task[ClockFacts] | None = None
        self._around: asyncio.Task[AroundFacts | None] | None = None

    def go_on(self) -> None:
        """Look at everything beside the core too, unless that is under way."""
        if self._rest is not None:
            return
        self._rest = self._work.start(self._see_rest())
        if self._sides is not None:
            self._clock = self._work.start(self._see_clock(self._sides))
            self._around = self._work.start(self._see_around(self._sides))

    async def core(self) -> Status:
        """What is known once the rows and the core ports of the first address are."""
        await self._core
        return self.so_far()

    async def core_and_dns(self) -> StatusFacts:
        """What is seen of the core, and all that DNS says: no port besides is connected to."""
        await self._core
        await asyncio.gather(self._identify_all(), *filter(None, [self._exchange]))
        return self.facts()

    async def whole(self) -> Status:
        """Everything, as far as it was found out in time."""
        self.go_on()
        await asyncio.gather(*filter(None, (self._core, self._rest, self._clock, self._around)))
        return self.so_far()

    def so_far(self) -> Status:
        """What is known at this moment."""
        edges = self._edges
        return judge_status(self.facts(), edges.profile, Judge(edges.store, edges.catalogue, edges.clock()))

    def facts(self) -> StatusFacts:
        """What was seen until this moment."""
        dns, known, connections = self._dns(), dict(self._owners.known), self._connections.so_far
        around, clock = result_or_none(self._around), result_or_none(self._clock)
        return StatusFacts(self._rows.domain, dns, known, connections, self._asked, self._is_probed, around, clock)

    # The sides

    async def _see_clock(self, sides: Sides) -> ClockFacts:
        await self._after_core()
        return await sides.see_clock(self._work, self._rows)

    async def _see_around(self, sides: Sides) -> AroundFacts | None:
        """For a domain of ours, and for one whose signatures may be why DNS fails."""
        await self._after_core()
        if await self._server is None and not self._has_failed_rows:
            return None
        return await sides.see_around(self._work, self._rows, self._owners)

    async def _after_core(self) -> None:
        """Wait until the domain is known, and for the core: nothing of it comes later because of the sides."""
        await self._server
        await self._work.wait([self._core], CORE_FIRST)

    @property
    def _has_failed_rows(self) -> bool:
        return any(row.outcome is Outcome.SERVFAIL for row in self._dns().rows.values())

    # DNS

    def _ask_for(self, domain: DomainName) -> Rows:
        return Rows(domain, self._work.ask, self._edges.profile, Protocol.IMAP, ipv6=False)

    def _dns(self) -> DnsFacts:
        """The rows so far. A row counts as open until it is known whose its addresses are."""
        return self._owners.sure_of(self._rows.so_far(result_or_none(self._exchange), self._edges.clock()))

    async def _find_server(self) -> MailServer | None:
        """The server by the row that customers are told, where that is enough; else by everything DNS says."""
        self._rows = rows = await choose_rows(self._rows, self._ask_for)
        self._exchange = self._work.start(self._owners.look_up_exchange(rows))
        profile, known = self._edges.profile, self._owners.known
        first = await rows.of(profile.host_for(Protocol.IMAP, rows.domain))
        await self._owners.identify([first])
        server: MailServer | object = judge_row(first, profile, known)
        if not isinstance(server, MailServer):
            await self._identify_rows()
            server = find_server(self._dns(), profile, known)
            if isinstance(server, Note) or server.found_by is FoundBy.MX:
                await self._exchange
                server = find_server(self._dns(), profile, known)
        if not isinstance(server, MailServer):
            return None
        if server.found_by is FoundBy.CNAME:
            self._owners.learn(server)
        return server

    async def _identify_rows(self) -> None:
        await self._owners.identify((await self._rows.labelled()).values())

    async def _identify_all(self) -> None:
        """The same with IPv6, which nothing has waited for."""
        await self._owners.identify((await self._rows.whole_labelled()).values())

    async def _find_half(self, protocols: tuple[Protocol, ...]) -> _Half | None:
        """Where to connect to for these protocols; None where there is no server here, or none is to be seen."""
        server = await self._server
        if server is None or not self._is_probed:
            return None
        profile, domain = self._edges.profile, self._rows.domain
        row = await self._rows.of(profile.host_for(protocols[0], domain))
        await self._owners.identify([row])
        names = names_of_half(row, server, protocols[0], domain, profile, self._owners.known)
        ports = tuple(port for port in status_ports(profile) if port.protocol in protocols)
        host = names.hosts.get(HostKind.DOMAIN) if names.addresses else None
        addresses = self._ours(row) if host else server.addresses
        return _Half(ports, host, names.hosts[HostKind.SERVER], addresses)

    def _ours(self, row: Row) -> tuple[str, ...]:
        """The addresses that may be connected to: all of a server's by its name, else those known as a server's."""
        is_named = any(self._edges.profile.is_own_name(name) for name in row.chain)
        return tuple(address for address in row.addresses if is_named or address in self._owners.known)

    # Ports

    async def _see_core(self) -> None:
        await self._server
        await asyncio.gather(self._identify_rows(), *self._firsts)

    async def _see_first(self, finding: asyncio.Task[_Half | None]) -> None:
        """The core ports of the first address, and what the server shows without SNI on the first of them."""
        half = await finding
        if half is None or not half.addresses:
            return
        address, core = half.addresses[0], half.core
        seen = [self._connect(half, port.at(address)) for port in core]
        if core[0].protocol is not Protocol.SMTP:
            seen.append(self._connect(half, core[0].at(address), bare=True))
        await asyncio.gather(*seen)

    async def _see_rest(self) -> None:
        """Everything else, once the receiving half is through; what may be closed is waited for only a little."""
        receiving, sending = [await half for half in self._halves]
        await self._work.wait([self._firsts[0]], HEAD_START)
        needed, beside = list[Making](), list[Making]()
        for half in filter(None, (receiving, sending)):
            addresses = await self._all_addresses(half)
            needed += self._connect_core(half, addresses)
            beside += [self._connect(half, p.at(a)) for p in half.ports for a in addresses if self._is_beside(half, p)]
        if receiving is not None and receiving.addresses:
            beside += self._connect_relay(receiving)
        measuring = [self._measure(half) for half in (receiving, sending) if half and self._versions]
        await asyncio.gather(*needed, *measuring, self._identify_all(), *filter(None, [self._exchange]))
        await self._work.wait([*beside, *self._rows.waiting], GRACE)

    async def _all_addresses(self, half: _Half) -> tuple[str, ...]:
        """A few of each family."""
        addresses = half.addresses
        if half.host is not None:
            row = await self._rows.whole(half.host)
            await self._owners.identify([row])
            addresses = self._ours(row)
        return a_few(addresses)

    def _is_beside(self, half: _Half, port: StatusPort) -> bool:
        return half.host is not None and not port.is_core and port.port != RELAY

    def _connect_core(self, half: _Half, addresses: Iterable[str]) -> list[Making]:
        """The core ports of every address, with SNI where there is a name and without; made ones are joined."""
        return [self._connect(half, p.at(a), bare=bare) for a in addresses for p in half.core for bare in (True, False)]

    def _connect_relay(self, half: _Half) -> list[Making]:
        ports = [port for port in status_ports(self._edges.profile) if port.port == RELAY and not port.is_core]
        own = replace(half, host=half.server)
        return [self._connect(own, port.at(half.addresses[0])) for port in ports]

    async def _measure(self, half: _Half) -> None:
        """The TLS versions that the core ports of the first address take."""
        endpoints = [port.at(address) for port in half.core for address in half.addresses[:1]]
        await asyncio.gather(*(self._connections.measure(half.server, half.host, endpoint) for endpoint in endpoints))

    def _connect(self, half: _Half, endpoint: Endpoint, *, bare: bool = False) -> Making:
        """Connect under the domain's name, or bare or for want of that one under the server's."""
        host = half.server if bare or half.host is None else half.host
        is_core = any(port.port == endpoint.port for port in half.core)
        hello = Hello(None if bare else host)
        return self._connections.make(host, endpoint, hello, is_core=is_core)
