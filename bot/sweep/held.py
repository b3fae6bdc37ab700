"""Asks one server, before a domain's DNS leads there, whether it already holds the certificates for its names."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

from bot.advice.sight import Judge
from bot.domain import DomainName
from bot.facts import Endpoint, Hello, Protocol
from bot.lookup.edges import Edges
from bot.provider.profile import ServerName
from bot.reply.status_json import status_json
from bot.status.facts import Connection, status_ports
from bot.status.judge import Status, see_services
from bot.sweep.ready import judge_ready
from bot.sweep.result import Json

NAMES = (("mail", Protocol.IMAP), ("smtp", Protocol.SMTP), ("imap", Protocol.IMAP), ("pop", Protocol.IMAP))
"""Names below the domain, and the protocol whose port is asked for each."""
MOST_ADDRESSES = 4


class HeldCertificates:
    """Answers, as the status of a domain, whether a server is ready for it. `addresses` are the server's."""

    def __init__(self, edges: Edges, server: ServerName, addresses: tuple[str, ...], language: str) -> None:
        self._edges, self._server, self._addresses = edges, server, addresses[:MOST_ADDRESSES]
        self._language = language

    async def status(self, domain: DomainName) -> Json:
        """Connect with each name, at each address."""
        deadline = asyncio.get_running_loop().time() + self._edges.timeout
        seen = await asyncio.gather(*(self._see(host, to, deadline) for host, to in self._wanted(domain)))
        edges = self._edges
        judge = Judge(edges.store, edges.catalogue, edges.clock())
        verdict, findings = judge_ready(tuple(seen), self._server.host, judge)
        services = see_services(tuple(seen), judge)
        status = Status(domain, verdict, None, {}, findings, services, (), (), judge.now)
        return status_json(status, self._language) | {"at": self._server.host, "mail_server": self._server_json()}

    def _wanted(self, domain: DomainName) -> Iterator[tuple[str, Endpoint]]:
        core = [port for port in status_ports(self._edges.profile) if port.is_core]
        for address in self._addresses:
            for label, protocol in NAMES:
                port = next(port for port in core if port.protocol is protocol)
                yield f"{label}.{domain.ascii}", port.at(address)

    async def _see(self, host: str, endpoint: Endpoint, deadline: float) -> Connection:
        probe = await self._edges.prober.probe(endpoint, Hello(host), deadline=deadline)
        return Connection(host, endpoint, Hello(host), True, probe)

    def _server_json(self) -> Json:
        """Nothing led to the server: it was named."""
        server = self._server
        return {
            "host": server.host,
            "number": server.number,
            "found_by": None,
            "addresses": list(self._addresses),
        }
