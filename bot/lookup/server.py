"""The status of one of the provider's servers: every port of its addresses, with SNI and without, and TLS versions."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from bot.advice.sight import Judge
from bot.facts import DnsAnswer, Hello, Outcome, Row
from bot.lookup.connections import Connections, a_few
from bot.lookup.edges import Edges, Work, result_or_none
from bot.lookup.status import GRACE
from bot.provider.profile import ServerName
from bot.status.facts import status_ports
from bot.status.server import ServerFacts, ServerStatus, judge_server


@dataclass(frozen=True)
class ServerLookup:
    """Looks at servers."""

    edges: Edges

    async def status(self, server: ServerName, *, fresh: bool = False, domains: tuple[str, ...] = ()) -> ServerStatus:
        """The status of a server; `domains` are those known to be on it. Ends within the timeout."""
        async with self.begin(server, fresh=fresh, domains=domains) as inquiry:
            return await inquiry.whole()

    @asynccontextmanager
    async def begin(
        self, server: ServerName, *, fresh: bool = False, domains: tuple[str, ...] = ()
    ) -> AsyncIterator[ServerInquiry]:
        """Begin to look; whatever is still under way is given up at the end of the block."""
        work = Work(self.edges, fresh=fresh, may_probe=True)
        try:
            yield ServerInquiry(work, server, domains)
        finally:
            work.close()


class ServerInquiry:
    """A server's status on its way."""

    def __init__(self, work: Work, server: ServerName, domains: tuple[str, ...]) -> None:
        self._work, self._server, self._domains = work, server, domains
        self._connections = Connections(work)
        self._row = work.start(self._look_up())
        self._seen = work.start(self._see())

    async def whole(self) -> ServerStatus:
        """Everything, as far as it was found out in time."""
        await self._seen
        return self.so_far()

    def so_far(self) -> ServerStatus:
        """What is known at this moment."""
        edges, host = self._work.edges, self._server.host
        row = result_or_none(self._row) or Row(DnsAnswer(host, "A", Outcome.TIMEOUT, edges.clock()))
        facts = ServerFacts(self._server, row, self._connections.so_far)
        return judge_server(facts, Judge(edges.store, edges.catalogue, edges.clock()), self._domains)

    async def _look_up(self) -> Row:
        ask, host = self._work.ask, self._server.host
        return Row(*await asyncio.gather(ask(host, "A"), ask(host, "AAAA")))

    async def _see(self) -> None:
        """Every port; what may be closed is waited for only a little."""
        host, ports, make = self._server.host, status_ports(self._work.edges.profile), self._connections.make
        at = [(port, port.at(address)) for address in a_few((await self._row).addresses) for port in ports]
        core = [
            make(host, endpoint, hello, is_core=True)
            for port, endpoint in at
            for hello in (Hello(host), Hello())
            if port.is_core
        ]
        beside = [make(host, endpoint, Hello(host), is_core=False) for port, endpoint in at if not port.is_core]
        measured = [endpoint for port, endpoint in at[: len(ports)] if port.is_core]
        await asyncio.gather(*core, *(self._connections.measure(host, host, endpoint) for endpoint in measured))
        await self._work.wait(beside, GRACE)
