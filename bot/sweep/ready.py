"""Whether a server already holds the certificates for a domain's names, judged from connections to it. Pure."""

from __future__ import annotations

from dataclasses import replace

from bot.advice.sight import Judge
from bot.status.facts import Connection, Connections
from bot.status.model import Finding, Level, Verdict, worst_first
from bot.status.services import service_findings

TOLD = ("mail", "smtp")
"""Labels of the names that customers are told: without a certificate for them mail programs warn."""

_OPEN = ("port_timeout", "server_silent", "probe_not_made", "address_not_public")
"""Problems after which nothing is known about certificates."""


def judge_ready(seen: Connections, server: str, judge: Judge) -> tuple[Verdict, tuple[Finding, ...]]:
    """The verdict - `unknown` where the server did not answer - and what is missing, worst first."""
    told = tuple(_told_of(connection, server) for connection in seen)
    findings = worst_first(_here(part.finding, server) for part in service_findings(told, judge))
    return _verdict(findings), findings


def _told_of(connection: Connection, server: str) -> Connection:
    """A port that does not answer is the server's trouble; in TLS it may be one name's alone."""
    is_of_name = connection.problem in ("", "tls_handshake_failed")
    return connection if is_of_name else replace(connection, host=server)


def _here(finding: Finding, server: str) -> Finding:
    """A finding as it is told of a server that the domain's DNS does not lead to yet."""
    host = finding.params["host"]
    is_grave = (host == server or host.partition(".")[0] in TOLD) and finding.code not in _OPEN
    level = Level.WARNING if finding.level is Level.ERROR and not is_grave else finding.level
    key = "certificate_not_held" if finding.code == "certificate_name_mismatch" else finding.key
    return replace(finding, level=level, params={**finding.params, "server": server}, key=key)


def _verdict(findings: tuple[Finding, ...]) -> Verdict:
    if any(finding.level is Level.ERROR for finding in findings):
        return Verdict.BROKEN
    if any(finding.code in _OPEN for finding in findings):
        return Verdict.UNKNOWN
    return Verdict.WORKS_BUT if findings else Verdict.WORKS
