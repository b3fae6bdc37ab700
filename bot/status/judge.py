"""The status of a domain: the verdict in one line, findings worst first, and each connection as it was seen."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.advice.sight import Judge, look
from bot.answer import MailServer, Note
from bot.domain import DomainName
from bot.facts import Protocol, Security, TlsVersion
from bot.provider.profile import Profile
from bot.status.beside import findings_beside
from bot.status.clients import ClientTrouble, client_troubles
from bot.status.clock import Clock, read_clock
from bot.status.facts import Connection, Connections, StatusFacts, plain, unanswered
from bot.status.hosting import (
    agreed_server,
    find_server,
    has_open_row,
    mx_finding,
    refusal_findings,
    row_findings,
    rows_lead_to,
    told_names,
)
from bot.status.model import Finding, Level, Verdict, worst_first
from bot.status.reach import Reached, reached_by
from bot.status.services import ServiceFinding, service_findings
from bot.status.versions import Versions, measured_versions


@dataclass(frozen=True, slots=True)
class ServiceSeen:
    """One connection as it is told: what was asked for, what was shown, and what is wrong with it, if anything."""

    protocol: Protocol
    host: str
    address: str
    port: int
    security: Security
    sni: bool
    tls_version: TlsVersion | None
    names: tuple[str, ...]
    not_after: datetime | None
    problem: str | None
    is_core: bool
    is_ecdsa: bool | None
    versions: Versions
    issuer: str = ""
    problems: tuple[str, ...] = ()
    """Everything that is wrong, the gravest first: `problem` is the first of them."""


@dataclass(frozen=True, slots=True)
class Status:
    """What a team lead is told of a domain.

    `server` is None where the rows disagree, or lead to none of ours. `missing` are the services of which nothing
    was found out; `troubles` the clients that do not get in, or only with a warning, where that was measured.
    `reached` tells it of every client one by one. `clock` is who sees the domain where, if all sides were asked.
    """

    domain: DomainName
    verdict: Verdict
    server: MailServer | None
    rows: Mapping[str, str | None]
    findings: tuple[Finding, ...]
    services: tuple[ServiceSeen, ...]
    missing: tuple[tuple[Protocol, int], ...]
    troubles: tuple[ClientTrouble, ...]
    checked_at: datetime
    clock: Clock | None = None
    reached: tuple[Reached, ...] = ()

    @property
    def has_errors(self) -> bool:
        """True when mail does not work for somebody now."""
        return any(finding.level is Level.ERROR for finding in self.findings)


def judge_status(facts: StatusFacts, profile: Profile, judge: Judge, more: Iterable[Finding] = ()) -> Status:
    """Judge what was seen. `more` are findings of its server that concern the domain too."""
    server = find_server(facts.dns, profile, facts.known)
    clock = read_clock(facts.clock, profile, facts.known) if facts.clock else None
    if isinstance(server, Note):
        findings, verdict = tuple(refusal_findings(facts, server)), _verdict_of(server, facts)
    else:
        findings, verdict = _judge_hosted(facts, server, profile, judge)
    beside = findings_beside(facts, server, clock, profile)
    told = worst_first((*_about_request(facts), *findings, *beside, *more))
    return Status(
        domain=facts.domain,
        verdict=_with_all(verdict, told),
        server=agreed_server(facts, profile),
        rows=rows_lead_to(facts, profile),
        findings=told,
        services=see_services(facts.connections, judge),
        missing=unanswered(facts.connections),
        troubles=tuple(client_troubles(facts.connections, judge)) if facts.is_measured else (),
        checked_at=judge.now,
        clock=clock,
        reached=reached_by(facts.connections, judge) if facts.is_measured else (),
    )


def _with_all(verdict: Verdict, findings: Sequence[Finding]) -> Verdict:
    """The verdict in the light of everything: wrong signatures take the customers' names away, a warning is a but."""
    if any(finding.code == "dnssec_bogus" for finding in findings):
        return Verdict.BROKEN
    is_spotless = all(finding.level is Level.INFO for finding in findings)
    return verdict if is_spotless or verdict is not Verdict.WORKS else Verdict.WORKS_BUT


def _verdict_of(note: Note, facts: StatusFacts) -> Verdict:
    """The verdict where there is no server of ours."""
    if note.code in ("dns_timeout", "dns_servfail"):
        return Verdict.UNKNOWN
    takes_no_mail = facts.dns.mx is not None and facts.dns.mx.values == ("",)
    return Verdict.NOT_OURS if note.code == "not_hosted_here" or takes_no_mail else Verdict.BROKEN


def _judge_hosted(
    facts: StatusFacts, server: MailServer, profile: Profile, judge: Judge
) -> tuple[tuple[Finding, ...], Verdict]:
    """The findings about rows and ports, and the verdict: an error in the core breaks it, an open one leaves it open.

    Every error about a row is one about the core: customers are told these names. Where new mail goes is said by what
    lies around the mail, as soon as that is known: it looks at every exchanger.
    """
    of_rows = tuple(row_findings(facts, server, profile))
    of_ports = tuple(_of_ports(facts, profile, judge)) if facts.is_probed else ()
    of_mx = mx_finding(facts, profile) if facts.around is None else ()
    findings = (*of_rows, *(part.finding for part in of_ports), *of_mx)
    core = (*of_rows, *(part.finding for part in of_ports if part.is_core))
    if any(finding.level is Level.ERROR for finding in core):
        return findings, Verdict.BROKEN
    is_open = has_open_row(facts, profile) or (
        facts.is_probed and (unanswered(facts.connections) or not facts.connections)
    )
    return findings, Verdict.UNKNOWN if is_open else Verdict.WORKS


def _of_ports(facts: StatusFacts, profile: Profile, judge: Judge) -> Iterator[ServiceFinding]:
    """The findings about ports. What fails under the server's name need not fail under one that was not found out."""
    told, is_open = told_names(facts, profile), has_open_row(facts, profile)
    for part in service_findings(facts.connections, judge):
        finding = part.finding
        is_unsure = is_open and finding.level is Level.ERROR and finding.params["host"] not in told
        yield replace(part, finding=replace(finding, level=Level.WARNING)) if is_unsure else part


def _about_request(facts: StatusFacts) -> Iterable[Finding]:
    if facts.asked is not None and facts.asked != facts.domain:
        params = {"typed": facts.asked.unicode, "domain": facts.domain.unicode}
        yield Finding("registrable_domain", Level.INFO, params)


def see_services(connections: Connections, judge: Judge) -> tuple[ServiceSeen, ...]:
    """The connections as they are told."""
    return tuple(_see(connection, connections, judge) for connection in plain(connections))


def _see(connection: Connection, connections: Connections, judge: Judge) -> ServiceSeen:
    endpoint, handshake = connection.endpoint, connection.handshake
    view = look(handshake, connection.host, judge) if handshake else None
    certificate = view.certificate if view else None
    problems = view.problems if view else (connection.problem or "not_awaited",)
    return ServiceSeen(
        protocol=endpoint.protocol,
        host=connection.host,
        address=endpoint.address,
        port=endpoint.port,
        security=endpoint.security,
        sni=not connection.is_bare,
        tls_version=handshake.tls_version if handshake else None,
        names=certificate.names if certificate else (),
        not_after=certificate.not_after if certificate else None,
        problem=problems[0] if problems else None,
        is_core=connection.is_core,
        is_ecdsa=certificate.is_ecdsa if certificate else None,
        versions=measured_versions(connections, endpoint),
        issuer=certificate.issuer if certificate else "",
        problems=problems,
    )
