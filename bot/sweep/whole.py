"""The whole status of many domains: of each its rows and the ports that matter, of each server the others, once."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import replace

from bot.advice.sight import Judge
from bot.answer import MailServer
from bot.domain import DomainName
from bot.facts import Hello
from bot.lookup.connections import Connections as Connecting
from bot.lookup.edges import Edges, Work
from bot.lookup.status import StatusLookup
from bot.reply.status_json import status_json
from bot.status.facts import Connections, status_ports
from bot.status.hosting import find_server
from bot.status.judge import Status, judge_status, see_services
from bot.status.model import Finding, Level
from bot.status.services import NO_SNI, service_findings
from bot.sweep.result import Json


class WholeStatus:
    """Answers the status of domains with one connection to each core port under the domain's own name.

    The ports beside the core are a server's: looked at once, under its name, and told with each domain on it.
    """

    def __init__(self, edges: Edges, language: str) -> None:
        self._edges, self._language = edges, language
        self._lookup = StatusLookup(edges)
        self._beside: dict[str, asyncio.Task[Connections]] = {}

    async def status(self, domain: DomainName) -> Json:
        """The JSON object of `mailbot status`."""
        async with self._lookup.begin(domain) as inquiry:
            facts = await inquiry.core_and_dns()
        profile = self._edges.profile
        server = find_server(facts.dns, profile, facts.known)
        beside = await self._beside_core(server) if isinstance(server, MailServer) and server.addresses else ()
        judge = Judge(self._edges.store, self._edges.catalogue, self._edges.clock())
        status = judge_status(facts, profile, judge)
        if of_server := tuple(_of_server(beside, status, judge)):
            status = judge_status(facts, profile, judge, of_server)
        services = (*status.services, *see_services(beside, judge))
        return status_json(replace(status, services=services), self._language)

    async def _beside_core(self, server: MailServer) -> Connections:
        """The ports of the server beside the core; whoever gives up takes nothing from the others."""
        if server.host not in self._beside:
            self._beside[server.host] = asyncio.ensure_future(self._look_beside(server))
        return await asyncio.shield(self._beside[server.host])

    async def _look_beside(self, server: MailServer) -> Connections:
        work = Work(self._edges, fresh=False, may_probe=True)
        try:
            connections = Connecting(work)
            ports = [port.at(server.addresses[0]) for port in status_ports(self._edges.profile) if not port.is_core]
            making = [connections.make(server.host, port, Hello(server.host), is_core=False) for port in ports]
            await work.wait(making, self._edges.timeout)
            return connections.so_far
        finally:
            work.close()


def _of_server(beside: Connections, status: Status, judge: Judge) -> Iterator[Finding]:
    """What is wrong beside the core: never an error of the domain's, and nothing that is told without SNI already."""
    told = {finding.code for finding in status.findings}
    for part in service_findings(beside, judge):
        finding = part.finding
        without_sni = "tls_needs_sni" if finding.code == "tls_handshake_failed" else NO_SNI + finding.code
        if without_sni not in told:
            yield replace(finding, level=Level.WARNING) if finding.level is Level.ERROR else finding
