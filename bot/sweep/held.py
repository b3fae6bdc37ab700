"""Asks one server, before a domain's DNS leads there, whether it already holds the certificates for its names."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from bot.advice.certificate import CertificateVerdict, judge_certificates
from bot.domain import DomainName
from bot.facts import Endpoint, Handshake, Hello, NoHandshake, Probe, Protocol
from bot.lookup.edges import Edges
from bot.provider.profile import Port, ServerName
from bot.reply.as_json import timestamp
from bot.status.model import Level, Verdict
from bot.sweep.result import Json

NAMES = (("mail", Protocol.IMAP), ("smtp", Protocol.SMTP), ("imap", Protocol.IMAP), ("pop", Protocol.IMAP))
"""Names below the domain, and the protocol whose port is asked for each."""
TOLD = ("mail", "smtp")
"""Names that customers are told: without a certificate for them mail programs warn."""
MOST_ADDRESSES = 4

_OPEN = ("port_timeout", "server_silent", "probe_not_made", "address_not_public")
"""Problems after which nothing is known about certificates."""


@dataclass(frozen=True, slots=True)
class Sight:
    """One connection of ours with the name that it asked for, and what is to be said about its certificate."""

    label: str
    host: str
    probe: Probe
    certificate: CertificateVerdict | None

    @property
    def problem(self) -> str | None:
        """A code; None where the certificate is good for the name."""
        if isinstance(self.probe, NoHandshake) or self.certificate is None:
            return getattr(self.probe, "problem", "probe_not_made")
        if self.certificate.problems:
            return self.certificate.problems[0]
        if not self.certificate.covers(self.host):
            return "certificate_name_mismatch"
        return "certificate_expires_soon" if self.certificate.ends_soon else None

    @property
    def level(self) -> Level:
        """How bad the problem is."""
        is_grave = self.label in TOLD and self.problem not in (*_OPEN, "certificate_expires_soon")
        return Level.ERROR if is_grave else Level.WARNING


class HeldCertificates:
    """Answers, as the status of a domain, whether a server is ready for it. `addresses` are the server's."""

    def __init__(self, edges: Edges, server: ServerName, addresses: tuple[str, ...]) -> None:
        self._edges, self._server, self._addresses = edges, server, addresses[:MOST_ADDRESSES]

    async def status(self, domain: DomainName) -> Json:
        """Connect with each name, at each address."""
        deadline = asyncio.get_running_loop().time() + self._edges.timeout
        sights = await asyncio.gather(
            *(
                self._see(label, f"{label}.{domain.ascii}", self._endpoint(address, protocol), deadline)
                for address in self._addresses
                for label, protocol in NAMES
            )
        )
        return self._json(domain, sights)

    def _endpoint(self, address: str, protocol: Protocol) -> Endpoint:
        port = _port(self._edges, protocol)
        return Endpoint(address, port.port, protocol, port.security)

    async def _see(self, label: str, host: str, endpoint: Endpoint, deadline: float) -> Sight:
        probe = await self._edges.prober.probe(endpoint, Hello(host), deadline=deadline)
        if not isinstance(probe, Handshake):
            return Sight(label, host, probe, None)
        return Sight(label, host, probe, judge_certificates(probe, self._edges.store, self._edges.clock()))

    def _json(self, domain: DomainName, sights: Iterable[Sight]) -> Json:
        sights = tuple(sights)
        return {
            "domain": domain.ascii,
            "domain_unicode": domain.unicode,
            "at": self._server.host,
            "verdict": verdict_of(sights).value,
            "mail_server": {
                "host": self._server.host,
                "number": self._server.number,
                "found_by": None,
                "addresses": list(self._addresses),
            },
            "findings": list(_findings(sights, self._server.host)),
            "services": [_service(sight) for sight in sights],
            "checked_at": timestamp(self._edges.clock()),
        }


def verdict_of(sights: Iterable[Sight]) -> Verdict:
    """Ready, ready but for something, not ready, or not to be told."""
    problems = [sight for sight in sights if sight.problem]
    if any(sight.level is Level.ERROR for sight in problems):
        return Verdict.BROKEN
    if any(sight.problem in _OPEN for sight in problems):
        return Verdict.UNKNOWN
    return Verdict.WORKS_BUT if problems else Verdict.WORKS


def _findings(sights: Iterable[Sight], server: str) -> Iterator[Json]:
    """One for each name and problem, worst first."""
    wrong = {(sight.host, sight.problem): sight for sight in sights if sight.problem}
    for (host, code), sight in sorted(wrong.items(), key=lambda item: item[1].level is not Level.ERROR):
        port = sight.probe.endpoint.port
        shown = ", ".join(sight.certificate.names) if sight.certificate else ""
        yield {
            "code": code,
            "level": sight.level.value,
            "text": f"{server}, port {port}: no good certificate for {host} ({code})",
            "found": shown,
            "expected": host,
            "fix": f"have {server} hold a certificate for {host} before the rows lead there",
        }


def _service(sight: Sight) -> Json:
    endpoint, certificate = sight.probe.endpoint, sight.certificate
    return {
        "protocol": endpoint.protocol.value,
        "host": sight.host,
        "address": endpoint.address,
        "port": endpoint.port,
        "security": endpoint.security.value,
        "sni": True,
        "tls_version": sight.probe.tls_version.value if isinstance(sight.probe, Handshake) else None,
        "names": list(certificate.names) if certificate else [],
        "not_after": timestamp(certificate.not_after) if certificate and certificate.not_after else None,
        "problem": sight.problem,
    }


def _port(edges: Edges, protocol: Protocol) -> Port:
    port = edges.profile.port(protocol)
    assert port is not None, "a profile has a port for each protocol"
    return port
