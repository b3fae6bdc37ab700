"""Whose a domain's mail is, and what is to be said about its rows in DNS."""

from __future__ import annotations

from collections.abc import Iterator

from bot.advice.mail_server import (
    Foreign,
    KnownAddresses,
    NoServer,
    RowVerdict,
    find_mail_server,
    judge_row,
    mx_warning,
    servers_by_row,
)
from bot.answer import FoundBy, MailServer, Note
from bot.facts import DnsFacts, Protocol
from bot.provider.profile import Profile
from bot.status.facts import StatusFacts
from bot.status.model import Finding, Level

_OPEN = ("dns_timeout", "dns_servfail")
RECEIVING = ("imap", "mail", "pop")


def find_server(dns: DnsFacts, profile: Profile, known: KnownAddresses) -> MailServer | Note:
    """The server that any receiving row leads to, else the MX; or why there is none. Open questions come first."""
    servers = servers_by_row(dns, profile, known)
    if servers:
        return next(iter(servers.values()))
    found, by_pop = (find_mail_server(dns, protocol, profile, known) for protocol in (Protocol.IMAP, Protocol.POP3))
    if not isinstance(found, Note) or not isinstance(by_pop, Note) or found.code in _OPEN:
        return found
    is_told_by_pop = found.code == "dns_no_rows" and by_pop.code != "not_hosted_here"
    return by_pop if is_told_by_pop or by_pop.code in _OPEN else found


def agreed_server(facts: StatusFacts, profile: Profile) -> MailServer | None:
    """The server that all receiving rows lead to, as far as they lead anywhere; None where they disagree."""
    found = find_server(facts.dns, profile, facts.known)
    if isinstance(found, Note) or _others(facts, found, profile):
        return None
    return found


def rows_lead_to(facts: StatusFacts, profile: Profile) -> dict[str, str | None]:
    """The host that each row leads to; None where it leads nowhere, or that was not found out."""
    verdicts = _verdicts(facts, profile)
    return {label: None if isinstance(verdict, NoServer) else verdict.host for label, verdict in verdicts.items()}


def refusal_findings(facts: StatusFacts, note: Note) -> Iterator[Finding]:
    """Why the domain has no mail server here."""
    if note.code == "dns_no_rows" and facts.dns.mx and facts.dns.mx.values == ("",):
        yield Finding("mx_elsewhere", Level.INFO, {"domain": facts.dns.domain}, "mx_null_no_rows")
    elif note.code in (*_OPEN, "not_hosted_here"):
        yield Finding(note.code, Level.WARNING, note.params, note.sentence)
    else:
        yield Finding(note.code, Level.ERROR, note.params, note.sentence)


def row_findings(facts: StatusFacts, server: MailServer, profile: Profile) -> Iterator[Finding]:
    """What is wrong with the rows of a domain that has a server here, those that customers are told first."""
    verdicts = _verdicts(facts, profile)
    others = _others(facts, server, profile)
    for label in sorted(verdicts, key=lambda label: facts.rows[label].name not in told_names(facts, profile)):
        verdict = verdicts[label]
        if isinstance(verdict, NoServer):
            yield _about_row(facts, label, verdict, "" if others else server.host, profile)
    if others:
        yield _disagreement(facts, server, others)
    smtp = verdicts.get("smtp")
    if isinstance(smtp, Foreign) and not _is_own(smtp, facts, server, profile):
        params = {"row": facts.dns.smtp.name, "host": smtp.host, "server": server.host}
        yield Finding("sending_elsewhere", Level.WARNING, params)


def mx_finding(facts: StatusFacts, profile: Profile) -> Iterator[Finding]:
    """Where new mail goes, when not here."""
    note = None if "mx" in facts.not_asked else mx_warning(facts.dns, profile, facts.known)
    if note is not None:
        level = Level.WARNING if note.code == "mx_elsewhere" else Level.INFO
        yield Finding(note.code, level, note.params, note.sentence)


def told_names(facts: StatusFacts, profile: Profile) -> set[str]:
    """The domain's own names that customers are told: where their rows lead decides what works."""
    return {profile.host_for(protocol, facts.domain) for protocol in Protocol}


def has_open_row(facts: StatusFacts, profile: Profile) -> bool:
    """True when it could not be found out where a name leads that customers are told."""
    rows = facts.rows.values()
    return any(row.outcome.is_unavailable for row in rows if row.name in told_names(facts, profile))


def _verdicts(facts: StatusFacts, profile: Profile) -> dict[str, RowVerdict]:
    return {label: judge_row(row, profile, facts.known) for label, row in facts.rows.items()}


def _host(verdict: RowVerdict) -> str:
    assert not isinstance(verdict, NoServer)
    return verdict.host


def _about_row(facts: StatusFacts, label: str, verdict: NoServer, server: str, profile: Profile) -> Finding:
    """One row that leads nowhere. Without a known server no row to add is shown: a half one would be pasted."""
    row = facts.rows[label].name
    level = Level.ERROR if row in told_names(facts, profile) else Level.WARNING
    params = {"row": row, "server": server, "target": verdict.target}
    if verdict.is_open:
        return Finding(verdict.code, Level.INFO, params, f"row_{verdict.code}")
    key = verdict.code if verdict.code == "row_missing" else f"row_{verdict.code}"
    return Finding(verdict.code, level, params, key if server else f"{key}_no_server")


def _others(facts: StatusFacts, server: MailServer, profile: Profile) -> dict[str, RowVerdict]:
    """The receiving rows that lead to another server; two names of one address are one server."""
    verdicts = _verdicts(facts, profile)
    leading = {label: verdicts[label] for label in RECEIVING if not isinstance(verdicts[label], NoServer)}
    return {label: verdict for label, verdict in leading.items() if not _is_same(verdict, server)}


def _is_same(verdict: RowVerdict, server: MailServer) -> bool:
    if not isinstance(verdict, MailServer):
        return False
    return verdict.host == server.host or bool(set(verdict.addresses) & set(server.addresses))


def _disagreement(facts: StatusFacts, server: MailServer, others: dict[str, RowVerdict]) -> Finding:
    """Rows that lead to several servers: one of ours each, or somebody else's, where nobody finds his mailbox."""
    by = "MX" if server.found_by is FoundBy.MX else server.row.partition(".")[0]
    shown = ", ".join(f"{label} → {_host(verdict)}" for label, verdict in others.items())
    params = {"domain": facts.dns.domain, "row": by, "server": server.host, "others": shown}
    if any(isinstance(verdict, Foreign) for verdict in others.values()):
        return Finding("rows_disagree", Level.ERROR, params, "rows_disagree_elsewhere")
    return Finding("rows_disagree", Level.WARNING, params)


def _is_own(verdict: Foreign, facts: StatusFacts, server: MailServer, profile: Profile) -> bool:
    """True for a sending server of the provider's that is no mail server by its name."""
    addresses = facts.dns.smtp.addresses
    return profile.is_own_name(verdict.host) or bool(set(addresses) & set(server.addresses))
