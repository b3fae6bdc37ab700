"""Which of the provider's servers holds a domain's mail, judged from DNS alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from bot.answer import FoundBy, MailServer, Note
from bot.facts import DnsFacts, Outcome, Protocol, Row
from bot.provider.known import known_provider
from bot.provider.profile import Profile, ServerName

KnownAddresses = Mapping[str, tuple[ServerName, FoundBy]]
"""Addresses of the provider's servers, with how each was learnt: by forward DNS or by reverse DNS, confirmed."""


@dataclass(frozen=True, slots=True)
class Foreign:
    """A row that leads to somebody else's server."""

    host: str


@dataclass(frozen=True, slots=True)
class NoServer:
    """A row that leads nowhere: `code` says how, `is_open` that it could not be found out."""

    code: str
    target: str = ""
    is_open: bool = False


RowVerdict = MailServer | Foreign | NoServer

_CODES = {
    Outcome.NXDOMAIN: "row_missing",
    Outcome.NO_DATA: "row_missing",
    Outcome.LOOP: "dns_cname_loop",
    Outcome.DANGLING: "dns_dangling_cname",
    Outcome.SERVFAIL: "dns_servfail",
    Outcome.TIMEOUT: "dns_timeout",
}


def judge_row(row: Row, profile: Profile, known: KnownAddresses) -> RowVerdict:
    """Say whose server a row leads to: by the names on its CNAME chain, else by its addresses."""
    if row.outcome is not Outcome.FOUND:
        target = row.chain[-1] if row.chain else ""
        return NoServer(_CODES[row.outcome], target, row.outcome.is_unavailable)
    for name in (*row.chain, row.name):
        if server := profile.server(name):
            return _found(server, FoundBy.CNAME, row)
    for address in row.addresses:
        if address in known:
            return _found(*known[address], row)
    return Foreign(row.chain[-1] if row.chain else row.addresses[0])


def _found(server: ServerName, found_by: FoundBy, row: Row) -> MailServer:
    return MailServer(server.host, server.number, found_by, row.addresses, row.name, row.ipv4.seen_at)


def find_mail_server(facts: DnsFacts, protocol: Protocol, profile: Profile, known: KnownAddresses) -> MailServer | Note:
    """Find the server for a protocol: its own row, then the rows behind it, and as a last resort the MX.

    Returns the server, or a Note with the reason why no settings can be given. A row that could not be asked
    is never taken as missing.
    """
    rows = [facts.rows[label] for label in profile.rows[protocol]]
    verdicts = [judge_row(row, profile, known) for row in rows]
    for verdict in verdicts:
        if isinstance(verdict, MailServer):
            return verdict
        if isinstance(verdict, Foreign):
            break
    return _why_none(facts, profile, known, verdicts)


def _why_none(
    facts: DnsFacts, profile: Profile, known: KnownAddresses, verdicts: list[RowVerdict]
) -> MailServer | Note:
    nowhere = [verdict for verdict in verdicts if isinstance(verdict, NoServer)]
    open_question = next((verdict for verdict in nowhere if verdict.is_open), None)
    if open_question:
        return Note(open_question.code, {"domain": facts.domain})
    foreign = next((verdict for verdict in verdicts if isinstance(verdict, Foreign)), None)
    if foreign:
        return _hosted_elsewhere(facts, foreign.host, profile, known)
    broken = next((verdict for verdict in nowhere if verdict.code != "row_missing"), None)
    if broken:
        return Note(broken.code, {"domain": facts.domain, "target": broken.target})
    return _by_exchange(facts, profile, known)


def _hosted_elsewhere(facts: DnsFacts, host: str, profile: Profile, known: KnownAddresses) -> Note:
    ours = servers_by_row(facts, profile, known)
    params = {"domain": facts.domain, "host": host, "provider": known_provider(host) or host}
    if ours:
        return Note("not_hosted_here", params | {"rows": ", ".join(sorted(ours))}, "not_hosted_here_though_rows")
    return Note("not_hosted_here", params)


def _by_exchange(facts: DnsFacts, profile: Profile, known: KnownAddresses) -> MailServer | Note:
    mx = facts.mx
    if mx is None or mx.outcome.is_unavailable:
        return Note(_CODES[mx.outcome if mx else Outcome.TIMEOUT], {"domain": facts.domain})
    exchange = _first_exchange(facts)
    if not exchange:
        return _no_rows(facts)
    if server := profile.server(exchange):
        addresses = facts.exchange.addresses if facts.exchange else ()
        return MailServer(server.host, server.number, FoundBy.MX, addresses, facts.domain, mx.seen_at)
    if profile.is_own_name(exchange):
        return _no_rows(facts)
    if known_provider(exchange):
        return _hosted_elsewhere(facts, exchange, profile, known)
    row = _row_of_exchange(facts)
    verdict = judge_row(row, profile, known) if row else NoServer("dns_timeout", is_open=True)
    if isinstance(verdict, MailServer):
        return MailServer(verdict.host, verdict.number, FoundBy.MX, verdict.addresses, facts.domain, mx.seen_at)
    if isinstance(verdict, Foreign):
        return _hosted_elsewhere(facts, exchange, profile, known)
    return Note(verdict.code, {"domain": facts.domain}) if verdict.is_open else _no_rows(facts)


def _no_rows(facts: DnsFacts) -> Note:
    """Nothing in the domain leads to a mail server, or there is no such domain; a row not found out leaves it open."""
    receiving = {label: facts.rows[label].outcome for label in ("imap", "mail", "pop")}
    is_open = next((outcome for outcome in receiving.values() if outcome.is_unavailable), None)
    if is_open:
        return Note(_CODES[is_open], {"domain": facts.domain})
    if facts.mx and facts.mx.outcome is Outcome.NXDOMAIN:
        return Note("dns_nxdomain", {"domain": facts.domain})
    missing = [label for label, outcome in receiving.items() if outcome is not Outcome.FOUND]
    return Note("dns_no_rows", {"domain": facts.domain, "rows": ", ".join(missing)})


def servers_by_row(facts: DnsFacts, profile: Profile, known: KnownAddresses) -> dict[str, MailServer]:
    """The provider's servers that the receiving rows lead to, by row label."""
    verdicts = {label: judge_row(facts.rows[label], profile, known) for label in ("imap", "mail", "pop")}
    return {label: verdict for label, verdict in verdicts.items() if isinstance(verdict, MailServer)}


def row_warnings(
    facts: DnsFacts, server: MailServer, labels: tuple[str, ...], profile: Profile, known: KnownAddresses
) -> Iterator[Note]:
    """What is wrong with the rows although a server was found: missing, not to be asked, broken, in disagreement.

    `labels` are the rows this answer depends on. A server's identity is its host name, but two names of one
    address are one server.
    """
    verdicts = {label: judge_row(facts.rows[label], profile, known) for label in ("imap", "mail", "pop", "smtp")}
    for label in labels:
        verdict = verdicts[label]
        if isinstance(verdict, NoServer):
            params = {"row": facts.rows[label].name, "server": server.host, "target": verdict.target}
            yield Note(verdict.code, params, _sentence(verdict.code, server))
    leads_to = {
        label: verdict.host
        for label, verdict in verdicts.items()
        if label != "smtp" and not isinstance(verdict, NoServer) and not _is_same(verdict, server)
    }
    if leads_to:
        shown = ", ".join(f"{label} → {host}" for label, host in leads_to.items())
        row = "MX" if server.found_by is FoundBy.MX else server.row.partition(".")[0]
        yield Note("rows_disagree", {"row": row, "server": server.host, "others": shown, "domain": facts.domain})


def _sentence(code: str, server: MailServer) -> str:
    """The sentence about a row; a missing one is told by what the server was found instead."""
    if code == "row_missing":
        return "row_missing_mx" if server.found_by is FoundBy.MX else code
    return f"row_{code}"


def _is_same(verdict: RowVerdict, server: MailServer) -> bool:
    return isinstance(verdict, MailServer) and (
        verdict.host == server.host or bool(set(verdict.addresses) & set(server.addresses))
    )


def mx_warning(facts: DnsFacts, profile: Profile, known: KnownAddresses) -> Note | None:
    """Say that new mail goes elsewhere, when the first mail exchanger is somebody else's, or that it is not known."""
    mx = facts.mx
    if mx is None or mx.outcome.is_unavailable:
        return Note("mx_not_known", {"domain": facts.domain})
    if mx.outcome is not Outcome.FOUND:
        return None
    is_own = _owns_exchange(facts, profile, known)
    if is_own is None:
        return Note("mx_not_known", {"domain": facts.domain})
    exchange = _first_exchange(facts)
    if is_own or not exchange:
        return None if is_own else Note("mx_elsewhere", {"domain": facts.domain}, "mx_null")
    params = {"domain": facts.domain, "mx": exchange, "provider": known_provider(exchange) or exchange}
    return Note("mx_elsewhere", params)


def _owns_exchange(facts: DnsFacts, profile: Profile, known: KnownAddresses) -> bool | None:
    """Whether the first exchanger is the provider's; None when its addresses are not known."""
    exchange = _first_exchange(facts)
    if profile.is_own_name(exchange):
        return True
    if not exchange or known_provider(exchange):
        return False
    row = _row_of_exchange(facts)
    if row is None or row.outcome.is_unavailable:
        return None
    own = {address for found in servers_by_row(facts, profile, known).values() for address in found.addresses}
    return isinstance(judge_row(row, profile, known), MailServer) or bool(own & set(row.addresses))


def _first_exchange(facts: DnsFacts) -> str:
    return facts.mx.values[0] if facts.mx and facts.mx.values else ""


def _row_of_exchange(facts: DnsFacts) -> Row | None:
    """The address rows of the first exchanger: one of the domain's own rows, or the one asked for apart."""
    exchange = _first_exchange(facts)
    return next((row for row in facts.rows.values() if row.name == exchange), facts.exchange)
