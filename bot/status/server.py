"""The status of a server of the provider's: every port under its own name, and who would stay out without old TLS."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from bot.advice.sight import Judge
from bot.catalogue.model import Client
from bot.facts import Handshake, NoHandshake, Outcome, Protocol, Row, TlsVersion
from bot.provider.profile import ServerName
from bot.status.clients import ClientTrouble, client_troubles
from bot.status.facts import Connection, Connections, plain, unanswered
from bot.status.judge import ServiceSeen, see_services
from bot.status.model import Finding, Level, Verdict, worst_first
from bot.status.reach import Reached, reached_by
from bot.status.services import NO_SNI, ServiceFinding, service_findings
from bot.status.versions import measured_versions

_CODES = {
    Outcome.NXDOMAIN: ("dns_nxdomain", Level.ERROR),
    Outcome.NO_DATA: ("dns_no_rows", Level.ERROR),
    Outcome.LOOP: ("dns_cname_loop", Level.ERROR),
    Outcome.DANGLING: ("dns_dangling_cname", Level.ERROR),
    Outcome.SERVFAIL: ("dns_servfail", Level.WARNING),
    Outcome.TIMEOUT: ("dns_timeout", Level.WARNING),
}


@dataclass(frozen=True, slots=True)
class ServerFacts:
    """What was seen of a server: its address rows, and connections under its name, with SNI and without."""

    server: ServerName
    row: Row
    connections: Connections = ()


@dataclass(frozen=True, slots=True)
class ServerStatus:
    """What a team lead is told of a server.

    `stopped` are the clients of the catalogue that get in now and would not without TLS 1.0 and 1.1; `reached` tells
    of every client how it fares now; `domains` are the known ones on it.
    """

    server: ServerName
    verdict: Verdict
    findings: tuple[Finding, ...]
    services: tuple[ServiceSeen, ...]
    missing: tuple[tuple[Protocol, int], ...]
    troubles: tuple[ClientTrouble, ...]
    stopped: tuple[Client, ...]
    domains: tuple[str, ...]
    checked_at: datetime
    reached: tuple[Reached, ...] = ()

    @property
    def has_errors(self) -> bool:
        """True when mail does not work for somebody now."""
        return any(finding.level is Level.ERROR for finding in self.findings)


def judge_server(facts: ServerFacts, judge: Judge, domains: tuple[str, ...] = ()) -> ServerStatus:
    """Judge what was seen of a server."""
    of_ports = tuple(_told_once(service_findings(facts.connections, judge)))
    stopped = tuple(_stopped_without_old(facts.connections, judge))
    findings = (*_about_name(facts), *(part.finding for part in of_ports), *_about_versions(facts, stopped))
    told = worst_first(findings)
    return ServerStatus(
        server=facts.server,
        verdict=_verdict(facts, of_ports, told),
        findings=told,
        services=see_services(facts.connections, judge),
        missing=unanswered(facts.connections),
        troubles=tuple(client_troubles(facts.connections, judge)),
        stopped=stopped,
        domains=domains,
        checked_at=judge.now,
        reached=reached_by(facts.connections, judge),
    )


def _told_once(findings: tuple[ServiceFinding, ...]) -> Iterator[ServiceFinding]:
    """What is wrong with SNI and without is one trouble: under its own name a server shows the same certificate."""
    codes = {part.finding.code for part in findings}
    for part in findings:
        code = part.finding.code
        if not code.startswith(NO_SNI) or code.removeprefix(NO_SNI) not in codes:
            yield part


def _about_name(facts: ServerFacts) -> Iterator[Finding]:
    """Why the server's own name leads nowhere."""
    outcome = facts.row.outcome
    if outcome is not Outcome.FOUND:
        code, level = _CODES[outcome]
        params = {"server": facts.server.host, "target": facts.row.chain[-1] if facts.row.chain else ""}
        yield Finding(code, level, params, f"server_{code}")


def _about_versions(facts: ServerFacts, stopped: tuple[Client, ...]) -> Iterator[Finding]:
    """Old TLS that is still taken, and for how many programs that matters."""
    accepted = {
        version
        for connection in plain(facts.connections)
        for version in measured_versions(facts.connections, connection.endpoint).accepted
        if version < TlsVersion.TLS1_2
    }
    if accepted:
        params = {"server": facts.server.host, "versions": ", ".join(sorted(accepted)), "count": str(len(stopped))}
        yield Finding("tls_old_accepted", Level.INFO, params)


def _stopped_without_old(connections: Connections, judge: Judge) -> Iterator[Client]:
    """The clients, extinct ones left out, that only old TLS lets in."""
    alive = [client for client in judge.catalogue.clients.values() if not client.is_extinct]
    now = {trouble.client.id for trouble in client_troubles(connections, judge, alive) if trouble.is_stopped}
    without = tuple(map(_without_old, connections))
    for trouble in client_troubles(without, judge, alive):
        if trouble.is_stopped and trouble.client.id not in now:
            yield trouble.client


def _without_old(connection: Connection) -> Connection:
    """The same connection to a server that takes TLS 1.2 and later only."""
    probe = connection.probe
    if not isinstance(probe, Handshake) or probe.tls_version >= TlsVersion.TLS1_2:
        return connection
    return replace(
        connection, probe=NoHandshake(probe.endpoint, probe.hello, probe.seen_at, "tls_handshake_failed", "")
    )


def _verdict(facts: ServerFacts, of_ports: tuple[ServiceFinding, ...], told: tuple[Finding, ...]) -> Verdict:
    if facts.row.outcome.is_unavailable:
        return Verdict.UNKNOWN
    has_core_error = any(part.is_core and part.finding.level is Level.ERROR for part in of_ports)
    if has_core_error or facts.row.outcome is not Outcome.FOUND:
        return Verdict.BROKEN
    if unanswered(facts.connections) or not facts.connections:
        return Verdict.UNKNOWN
    is_spotless = all(finding.level is Level.INFO for finding in told)
    return Verdict.WORKS if is_spotless else Verdict.WORKS_BUT
