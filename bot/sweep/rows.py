"""The status of a domain by its rows alone, judged from what DNS said. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.advice.mail_server import Foreign, KnownAddresses, RowVerdict, find_mail_server, judge_row, row_warnings
from bot.answer import FoundBy, MailServer, Note
from bot.domain import DomainName
from bot.facts import DnsFacts, Outcome, Protocol
from bot.provider.profile import Profile, ServerName
from bot.reply.as_json import timestamp
from bot.reply.page import plain
from bot.reply.settings import note_line
from bot.reply.words import Words
from bot.status.model import Level, Verdict
from bot.sweep.result import Json
from bot.sweep.wire import Plain

LABELS = ("imap", "mail", "pop")

_WARNINGS = ("row_missing", "dns_servfail", "dns_timeout")
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

    server: MailServer | None
    rows: Mapping[str, str | None]
    findings: tuple[Wrong, ...] = ()

    @property
    def verdict(self) -> Verdict:
        """The worst finding tells; without a server, a question that stayed open leaves everything open."""
        levels = {wrong.level for wrong in self.findings}
        if Level.ERROR in levels:
            return Verdict.BROKEN
        if self.server is None:
            is_open = any(wrong.note.code in _OPEN for wrong in self.findings)
            return Verdict.UNKNOWN if is_open else Verdict.NOT_OURS
        return Verdict.WORKS_BUT if levels else Verdict.WORKS


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
    found = MailServer(first.host, first.number, FoundBy.CNAME, imap.addresses, f"imap.{domain}", seen_at)
    return Judged(found, dict.fromkeys(LABELS, first.host))


def judge_rows(facts: DnsFacts, profile: Profile, known: KnownAddresses) -> Judged:
    """Judge the receiving rows; the sending row and IPv6 beside IPv4 need not have been asked for."""
    leads_to = {label: _leads_to(judge_row(facts.rows[label], profile, known)) for label in LABELS}
    server = _find_server(facts, profile, known)
    if isinstance(server, Note):
        is_elsewhere = server.sentence == "not_hosted_here"
        level = Level.INFO if is_elsewhere else _level(server)
        return Judged(None, leads_to, (Wrong(level, "problem", server),))
    notes = tuple(row_warnings(facts, server, LABELS, profile, known))
    disagree = any(note.code == "rows_disagree" for note in notes)
    return Judged(None if disagree else server, leads_to, tuple(Wrong(_level(note), "warning", note) for note in notes))


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
    """By the rows of IMAP, else of POP3; by the MX only where neither leads to a server."""
    found = [find_mail_server(facts, protocol, profile, known) for protocol in (Protocol.IMAP, Protocol.POP3)]
    servers = [server for server in found if isinstance(server, MailServer)]
    by_row = [server for server in servers if server.found_by is not FoundBy.MX]
    return next(iter((*by_row, *servers, *found)))


def _leads_to(verdict: RowVerdict) -> str | None:
    return verdict.host if isinstance(verdict, MailServer | Foreign) else None


def _level(note: Note) -> Level:
    return Level.WARNING if note.code in _WARNINGS else Level.ERROR


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
