"""The status of one of the provider's servers: every port of its addresses, with SNI and without, and TLS versions."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from bot.advice.sight import Judge
from bot.facts import Hello, Row
from bot.lookup.connections import Connections, a_few
from bot.lookup.edges import Edges, Work
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
        edges, work = self.edges, Work(self.edges, fresh=fresh, may_probe=True)
        try:
            facts = await _look(work, server)
        finally:
            work.close()
        return judge_server(facts, Judge(edges.store, edges.catalogue, edges.clock()), domains)


async def _look(work: Work, server: ServerName) -> ServerFacts:
    row = Row(*await asyncio.gather(work.ask(server.host, "A"), work.ask(server.host, "AAAA")))
    connections, ports = Connections(work), status_ports(work.edges.profile)
    endpoints = [(port, port.at(address)) for address in a_few(row.addresses) for port in ports]
    core = [
        connections.make(server.host, endpoint, hello, is_core=True)
        for port, endpoint in endpoints
        for hello in (Hello(server.host), Hello())
        if port.is_core
    ]
    beside = [
        connections.make(server.host, endpoint, Hello(server.host), is_core=False)
        for port, endpoint in endpoints
        if not port.is_core
    ]
    measured = [endpoint for port, endpoint in endpoints[: len(ports)] if port.is_core]
    await asyncio.gather(*core, *(connections.measure(server.host, server.host, endpoint) for endpoint in measured))
    await work.wait(beside, GRACE)
    return ServerFacts(server, row, connections.so_far)
