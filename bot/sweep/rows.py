"""The status of a domain by its rows alone, judged from what DNS said. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.advice.mail_server import (
    Foreign,
    KnownAddresses,
    RowVerdict,
    find_mail_server,
    judge_row,
    row_warnings,
    servers_by_row,
)
from bot.answer import FoundBy, MailServer, Note
from bot.domain import DomainName
from bot.facts import DnsFacts, Outcome, Protocol
from bot.network.wire import Plain
from bot.provider.profile import Profile, ServerName
from bot.reply.as_json import timestamp
from bot.reply.page import plain
from bot.reply.settings import note_line
from bot.reply.words import Words
from bot.status.model import Level, Verdict
from bot.sweep.result import Json

LABELS = ("imap", "mail", "pop")

_OPEN = ("dns_servfail", "dns_timeout")


@dataclass(frozen=True, slots=True)
class Wrong:
    """Something that is said about a domain's rows; `section` is where its sentence stands in the locale."""

    level: Level
    section: str
    note: Note


@dataclass(frozen=True, slots=True)
class Judged:
    """What the rows say: the server (None where they disagree), where each leads (None: nowhere), and what is wrong."""

    verdict: Verdict
    server: MailServer | None
    rows: Mapping[str, str | None]
    findings: tuple[Wrong, ...] = ()


def judge_plain(
    domain: str, answers: Sequence[Plain | None], servers: Sequence[ServerName | None], seen_at: datetime
) -> Judged | None:
    """The short way for nearly everybody: every row leads to the same server by a name of its own. Else None.

    `servers` are the provider's on the chains of the answers. The same facts give the same by `judge_rows`.
    """
    first, imap = servers[0], answers[0]
    if first is None or imap is None or any(server != first for server in servers):
        return None
    if any(answer is None or answer.outcome is not Outcome.FOUND for answer in answers):
        return None
    found = MailServer(first.host, first.number, FoundBy.CNAME, imap.values, f"imap.{domain}", seen_at)
    return Judged(Verdict.WORKS, found, dict.fromkeys(LABELS, first.host))


def judge_rows(facts: DnsFacts, profile: Profile, known: KnownAddresses) -> Judged:
    """Judge the receiving rows; the sending row and IPv6 beside IPv4 need not have been asked for."""
    verdicts = {label: judge_row(facts.rows[label], profile, known) for label in LABELS}
    leads_to = {label: _leads_to(verdict) for label, verdict in verdicts.items()}
    server = _find_server(facts, profile, known)
    if isinstance(server, Note):
        return Judged(_verdict_without(server, facts), None, leads_to, (_refusal(server),))
    told = profile.host_for(Protocol.IMAP, DomainName(facts.domain, facts.domain))
    has_foreign = any(isinstance(verdict, Foreign) for verdict in verdicts.values())
    notes = tuple(row_warnings(facts, server, LABELS, profile, known))
    findings = tuple(Wrong(_level(note, told, has_foreign), "warning", note) for note in notes)
    disagree = any(note.code == "rows_disagree" for note in notes)
    return Judged(_verdict_with(findings, told), None if disagree else server, leads_to, findings)


def status_json(domain: DomainName, judged: Judged, said: Words, checked_at: datetime) -> Json:
    """The status in the shape of `mailbot status --json`, with `dns_only`: nothing was connected to."""
    server = judged.server
    return {
        "domain": domain.ascii,
        "domain_unicode": domain.unicode,
        "dns_only": True,
        "verdict": judged.verdict.value,
        "mail_server": _server_json(server) if server else None,
        "rows": dict(judged.rows),
        "findings": [_finding_json(wrong, said) for wrong in judged.findings],
        "checked_at": timestamp(checked_at),
    }


def _find_server(facts: DnsFacts, profile: Profile, known: KnownAddresses) -> MailServer | Note:
    """The server that any row leads to, else the MX; or why there is none."""
    servers = servers_by_row(facts, profile, known)
    if servers:
        return next(iter(servers.values()))
    found = find_mail_server(facts, Protocol.IMAP, profile, known)
    if isinstance(found, Note) and found.code == "dns_no_rows":  # and the row of POP3?
        by_pop = find_mail_server(facts, Protocol.POP3, profile, known)
        return by_pop if isinstance(by_pop, Note) and by_pop.code != "not_hosted_here" else found
    return found


def _verdict_without(note: Note, facts: DnsFacts) -> Verdict:
    """The verdict on a domain without a server of ours; one that takes no mail at all (RFC 7505) is nobody's."""
    if note.code in _OPEN:
        return Verdict.UNKNOWN
    takes_none = facts.mx is not None and facts.mx.values == ("",)
    return Verdict.NOT_OURS if takes_none or note.code == "not_hosted_here" else Verdict.BROKEN


def _verdict_with(findings: tuple[Wrong, ...], told: str) -> Verdict:
    """An error breaks it; the row customers are told leaves it open where it could not be asked for."""
    levels = {wrong.level for wrong in findings}
    if Level.ERROR in levels:
        return Verdict.BROKEN
    if any(wrong.note.code in _OPEN and wrong.note.params["row"] == told for wrong in findings):
        return Verdict.UNKNOWN
    return Verdict.WORKS_BUT if Level.WARNING in levels else Verdict.WORKS


def _refusal(note: Note) -> Wrong:
    level = Level.WARNING if note.code in (*_OPEN, "not_hosted_here") else Level.ERROR
    return Wrong(level, "problem", note)


def _level(note: Note, told: str, has_foreign: bool) -> Level:
    """What breaks the name that customers are told is an error; so is a row that leads to somebody else."""
    if note.code in _OPEN:
        return Level.INFO
    is_grave = has_foreign if note.code == "rows_disagree" else note.params["row"] == told
    return Level.ERROR if is_grave else Level.WARNING


def _leads_to(verdict: RowVerdict) -> str | None:
    return verdict.host if isinstance(verdict, MailServer | Foreign) else None


def _server_json(server: MailServer) -> Json:
    return {
        "host": server.host,
        "number": server.number,
        "found_by": server.found_by.value,
        "addresses": list(server.addresses),
    }


def _finding_json(wrong: Wrong, said: Words) -> Json:
    text = plain(note_line(wrong.note, wrong.section, said))
    return {"code": wrong.note.code, "level": wrong.level.value, "text": text, "found": "", "expected": "", "fix": ""}
