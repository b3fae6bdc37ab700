"""The server is judged from DNS alone, and a question that stayed open is never taken for an answer."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.advice.mail_server import (
    Foreign,
    KnownAddresses,
    NoServer,
    RowVerdict,
    find_mail_server,
    judge_row,
    mx_warning,
    row_warnings,
)
from bot.answer import FoundBy, MailServer, Note
from bot.facts import DnsFacts, Outcome, Protocol
from tests.advice.build import ADDRESS_3, ADDRESS_8, ELSEWHERE, KNOWN, NOW, PROFILE, Leads, answer, dns, row

MISSING, NO_DATA, SERVFAIL, TIMEOUT, LOOP, DANGLING = (
    Outcome.NXDOMAIN, Outcome.NO_DATA, Outcome.SERVFAIL, Outcome.TIMEOUT, Outcome.LOOP, Outcome.DANGLING
)  # fmt: skip
MICROSOFT = "example-cz.mail.protection.outlook.com"
NOBODY: KnownAddresses = {}


def server(host: str, found_by: FoundBy, label: str, *addresses: str) -> MailServer:
    """A server as it is found for example.cz."""
    number = int(host.partition(".")[0].removeprefix("mail"))
    found_at = f"{label}.example.cz" if label else "example.cz"
    return MailServer(host, number, found_by, addresses, found_at, NOW)


@pytest.mark.parametrize(
    ("leads", "known", "verdict"),
    [
        ("mail8.skok.cz", NOBODY, server("mail8.skok.cz", FoundBy.CNAME, "imap", ADDRESS_8)),
        ("mail8.c4.cz", NOBODY, server("mail8.c4.cz", FoundBy.CNAME, "imap", ADDRESS_8)),
        (("a.example.cz", "mail8.skok.cz"), NOBODY, server("mail8.skok.cz", FoundBy.CNAME, "imap", ADDRESS_8)),
        (("mail8.skok.cz", "node1.skok.cz"), NOBODY, server("mail8.skok.cz", FoundBy.CNAME, "imap", ELSEWHERE)),
        (ADDRESS_8, KNOWN, server("mail8.skok.cz", FoundBy.ADDRESS, "imap", ADDRESS_8)),
        (ADDRESS_3, KNOWN, server("mail3.skok.cz", FoundBy.REVERSE_DNS, "imap", ADDRESS_3)),
        (ADDRESS_8, NOBODY, Foreign(ADDRESS_8)),
        ("mail8.skok.cz.example.cz", KNOWN, Foreign("mail8.skok.cz.example.cz")),
        ("xmail8.skok.cz", KNOWN, Foreign("xmail8.skok.cz")),
        ("mail65.skok.cz", KNOWN, Foreign("mail65.skok.cz")),
        (("a.example.cz", "imap.gmail.com"), KNOWN, Foreign("imap.gmail.com")),
        (MISSING, KNOWN, NoServer("row_missing")),
        (NO_DATA, KNOWN, NoServer("row_missing")),
        (LOOP, KNOWN, NoServer("dns_cname_loop", "gone.example")),
        (DANGLING, KNOWN, NoServer("dns_dangling_cname", "gone.example")),
        (SERVFAIL, KNOWN, NoServer("dns_servfail", is_open=True)),
        (TIMEOUT, KNOWN, NoServer("dns_timeout", is_open=True)),
    ],
)
def test_whose_server_a_row_leads_to(leads: Leads, known: KnownAddresses, verdict: RowVerdict) -> None:
    """By a whole name on the way, else by an address that is known to be the provider's."""
    assert judge_row(row("imap.example.cz", leads), PROFILE, known) == verdict


def test_a_row_may_be_a_servers_own() -> None:
    """An address row of the server's own name needs no CNAME."""
    found = judge_row(row("mail8.skok.cz", ADDRESS_8), PROFILE, NOBODY)
    assert isinstance(found, MailServer)
    assert found.host == "mail8.skok.cz"


BY_IMAP = server("mail8.skok.cz", FoundBy.CNAME, "imap", ADDRESS_8)
BY_MAIL = server("mail8.skok.cz", FoundBy.CNAME, "mail", ADDRESS_8)


@pytest.mark.parametrize(
    ("facts", "protocol", "found"),
    [
        (dns(), Protocol.IMAP, BY_IMAP),
        (dns(pop="mail3.skok.cz"), Protocol.POP3, server("mail3.skok.cz", FoundBy.CNAME, "pop", ADDRESS_3)),
        (dns(imap=MISSING), Protocol.IMAP, BY_MAIL),
        (dns(imap=LOOP), Protocol.IMAP, BY_MAIL),
        (dns(imap=DANGLING), Protocol.IMAP, BY_MAIL),
        (dns(imap=SERVFAIL), Protocol.IMAP, BY_MAIL),
        (dns(pop=MISSING), Protocol.POP3, BY_MAIL),
        (dns(imap=MISSING, mail=MISSING), Protocol.POP3, server("mail8.skok.cz", FoundBy.CNAME, "pop", ADDRESS_8)),
        (dns(imap=MISSING, mail=MISSING), Protocol.IMAP, server("mail8.skok.cz", FoundBy.MX, "")),
        (dns(imap=MISSING, mail=MISSING, exchange="mail8.skok.cz"), Protocol.IMAP,
         server("mail8.skok.cz", FoundBy.MX, "", ADDRESS_8)),
        (dns(imap=MISSING, mail=MISSING, mx=("mx.example.cz",), exchange=ADDRESS_3), Protocol.IMAP,
         server("mail3.skok.cz", FoundBy.MX, "", ADDRESS_3)),
    ],
)  # fmt: skip
def test_the_rows_of_a_protocol_are_asked_in_their_order(
    facts: DnsFacts, protocol: Protocol, found: MailServer
) -> None:
    """IMAP goes by imap, then mail; POP3 by pop, then mail; the MX is the last resort."""
    assert find_mail_server(facts, protocol, PROFILE, KNOWN) == found


NO_ROWS = {"imap": MISSING, "mail": MISSING}


@pytest.mark.parametrize(
    ("facts", "code", "key", "params"),
    [
        (dns(**NO_ROWS, mx=MISSING), "dns_nxdomain", "", {}),
        (dns(**NO_ROWS, mx=NO_DATA), "dns_no_rows", "", {"rows": "imap, mail"}),
        (dns(**NO_ROWS, mx=("",)), "dns_no_rows", "", {"rows": "imap, mail"}),
        (dns(**NO_ROWS, mx=None), "dns_timeout", "", {}),
        (dns(**NO_ROWS, mx=TIMEOUT), "dns_timeout", "", {}),
        (dns(**NO_ROWS, mx=SERVFAIL), "dns_servfail", "", {}),
        (dns(**NO_ROWS, mx=("mx1.skok.cz",)), "dns_no_rows", "", {"rows": "imap, mail"}),
        (dns(**NO_ROWS, mx=("mx1.skok.cz",), exchange=ELSEWHERE), "dns_no_rows", "", {"rows": "imap, mail"}),
        (dns(**NO_ROWS, mx=("mx.example.cz",)), "dns_timeout", "", {}),
        (dns(**NO_ROWS, mx=("mx.example.cz",), exchange=TIMEOUT), "dns_timeout", "", {}),
        (dns(**NO_ROWS, mx=("mx.example.cz",), exchange=SERVFAIL), "dns_servfail", "", {}),
        (dns(**NO_ROWS, mx=("mx.example.cz",), exchange=MISSING), "dns_no_rows", "", {"rows": "imap, mail"}),
        (dns(**NO_ROWS, mx=("mail.example.cz",)), "dns_no_rows", "", {"rows": "imap, mail"}),
        (dns(**NO_ROWS, mx=("mx.example.cz",), exchange=ELSEWHERE), "not_hosted_here", "not_hosted_here_though_rows",
         {"host": "mx.example.cz", "provider": "mx.example.cz", "rows": "pop"}),
        (dns(**NO_ROWS, pop=MISSING, mx=("mx.example.cz",), exchange=ELSEWHERE), "not_hosted_here", "",
         {"host": "mx.example.cz", "provider": "mx.example.cz"}),
        (dns(**NO_ROWS, pop=MISSING, mx=(MICROSOFT,)), "not_hosted_here", "",
         {"host": MICROSOFT, "provider": "Microsoft 365"}),
        (dns(imap="imap.gmail.com", mail="imap.gmail.com", pop=MISSING), "not_hosted_here", "",
         {"host": "imap.gmail.com", "provider": "Google"}),
        (dns(imap="imap.gmail.com"), "not_hosted_here", "not_hosted_here_though_rows",
         {"host": "imap.gmail.com", "provider": "Google", "rows": "mail, pop"}),
        (dns(imap=ELSEWHERE, mail=ELSEWHERE, pop=ELSEWHERE), "not_hosted_here", "",
         {"host": ELSEWHERE, "provider": ELSEWHERE}),
        (dns(imap=MISSING, mail=ELSEWHERE, pop=MISSING), "not_hosted_here", "",
         {"host": ELSEWHERE, "provider": ELSEWHERE}),
        (dns(imap=TIMEOUT, mail=ELSEWHERE), "dns_timeout", "", {}),
        (dns(imap=SERVFAIL, mail=MISSING), "dns_servfail", "", {}),
        (dns(imap=MISSING, mail=TIMEOUT), "dns_timeout", "", {}),
        (dns(imap=LOOP, mail=TIMEOUT), "dns_timeout", "", {}),
        (dns(imap=LOOP, mail=MISSING), "dns_cname_loop", "", {"target": "gone.example"}),
        (dns(imap=DANGLING, mail=MISSING), "dns_dangling_cname", "", {"target": "gone.example"}),
        (dns(imap=DANGLING, mail=ELSEWHERE, pop=MISSING), "not_hosted_here", "",
         {"host": ELSEWHERE, "provider": ELSEWHERE}),
    ],
)  # fmt: skip
def test_why_there_is_no_server(facts: DnsFacts, code: str, key: str, params: dict[str, str]) -> None:
    """Each way of not being there has its own answer; what could not be asked for is said before all else."""
    found = find_mail_server(facts, Protocol.IMAP, PROFILE, KNOWN)
    assert found == Note(code, {"domain": "example.cz"} | params, key)


def warnings(facts: DnsFacts, *labels: str, found: MailServer = BY_IMAP) -> list[tuple[str, str, str]]:
    """Code, sentence and row of each warning."""
    notes = row_warnings(facts, found, labels, PROFILE, KNOWN)
    return [(note.code, note.sentence, note.params["row"]) for note in notes]


@pytest.mark.parametrize(
    ("facts", "told"),
    [
        (dns(), []),
        (dns(mail=MISSING), [("row_missing", "row_missing", "mail.example.cz")]),
        (dns(mail=NO_DATA), [("row_missing", "row_missing", "mail.example.cz")]),
        (dns(mail=TIMEOUT), [("dns_timeout", "row_dns_timeout", "mail.example.cz")]),
        (dns(smtp=SERVFAIL), [("dns_servfail", "row_dns_servfail", "smtp.example.cz")]),
        (dns(smtp=LOOP), [("dns_cname_loop", "row_dns_cname_loop", "smtp.example.cz")]),
        (dns(mail=DANGLING), [("dns_dangling_cname", "row_dns_dangling_cname", "mail.example.cz")]),
        (dns(pop=MISSING), []),
        (dns(pop="mail3.skok.cz"), [("rows_disagree", "rows_disagree", "imap")]),
        (dns(mail="imap.gmail.com"), [("rows_disagree", "rows_disagree", "imap")]),
        (dns(smtp="mail3.skok.cz"), []),
        (dns(mail="mail8.c4.cz"), []),
        (dns(mail=ADDRESS_8), []),
        (dns(pop=TIMEOUT), []),
    ],
)
def test_what_is_wrong_with_the_rows(facts: DnsFacts, told: list[tuple[str, str, str]]) -> None:
    """Rows the answer depends on must stand; all receiving rows must lead to one server, whatever its name."""
    assert warnings(facts, "imap", "mail", "smtp") == told


def test_rows_that_disagree_are_all_named() -> None:
    """Each with where it leads."""
    (note,) = row_warnings(dns(mail="mail3.skok.cz", pop=ELSEWHERE), BY_IMAP, (), PROFILE, KNOWN)
    assert note.params == {
        "domain": "example.cz", "row": "imap", "server": "mail8.skok.cz",
        "others": f"mail → mail3.skok.cz, pop → {ELSEWHERE}",
    }  # fmt: skip


def test_a_server_found_by_the_mx_is_told_so() -> None:
    """The rows are missing, and what disagrees with the MX is not called a row of that name."""
    found = server("mail8.skok.cz", FoundBy.MX, "")
    told = warnings(dns(**NO_ROWS, pop="mail3.skok.cz"), "imap", "mail", found=found)
    assert told == [
        ("row_missing", "row_missing_mx", "imap.example.cz"),
        ("row_missing", "row_missing_mx", "mail.example.cz"),
        ("rows_disagree", "rows_disagree", "MX"),
    ]


@pytest.mark.parametrize(
    ("facts", "told"),
    [
        (dns(mx=("mail8.skok.cz",)), None),
        (dns(mx=("mx1.c4.cz", MICROSOFT)), None),
        (dns(mx=("mail.example.cz",)), None),
        (dns(mx=("mx.example.cz",), exchange=ADDRESS_8), None),
        (dns(mx=("mx.example.cz",), exchange="mail3.skok.cz"), None),
        (dns(mx=NO_DATA), None),
        (dns(mx=MISSING), None),
        (dns(mx=(MICROSOFT,)), ("mx_elsewhere", "mx_elsewhere", "Microsoft 365")),
        (dns(mx=(MICROSOFT, "mail8.skok.cz")), ("mx_elsewhere", "mx_elsewhere", "Microsoft 365")),
        (dns(mx=("mx.example.cz",), exchange=ELSEWHERE), ("mx_elsewhere", "mx_elsewhere", "mx.example.cz")),
        (dns(mx=("mx.example.cz",), exchange=MISSING), ("mx_elsewhere", "mx_elsewhere", "mx.example.cz")),
        (dns(mail=ELSEWHERE, mx=("mail.example.cz",)), ("mx_elsewhere", "mx_elsewhere", "mail.example.cz")),
        (dns(mx=("",)), ("mx_elsewhere", "mx_null", "")),
        (dns(mx=None), ("mx_not_known", "mx_not_known", "")),
        (dns(mx=TIMEOUT), ("mx_not_known", "mx_not_known", "")),
        (dns(mx=SERVFAIL), ("mx_not_known", "mx_not_known", "")),
        (dns(mx=("mx.example.cz",)), ("mx_not_known", "mx_not_known", "")),
        (dns(mx=("mx.example.cz",), exchange=TIMEOUT), ("mx_not_known", "mx_not_known", "")),
    ],
)
def test_where_new_mail_goes(facts: DnsFacts, told: tuple[str, str, str] | None) -> None:
    """Elsewhere only when the first exchanger is known to be somebody else's; else that it is not known."""
    note = mx_warning(facts, PROFILE, KNOWN)
    assert (note and (note.code, note.sentence, note.params.get("provider", ""))) == told


def test_an_exchanger_at_the_rows_own_address_is_ours() -> None:
    """Where nobody knows the address, the rows that lead to a server by name vouch for it."""
    assert mx_warning(dns(mx=("mx.example.cz",), exchange=ADDRESS_8), PROFILE, NOBODY) is None


LEADS = st.sampled_from(
    ["mail8.skok.cz", "mail3.skok.cz", "mail8.c4.cz", ADDRESS_8, ELSEWHERE, "imap.gmail.com", *Outcome]
).filter(lambda leads: leads is not Outcome.FOUND)
EXCHANGES = st.sampled_from(
    [None, ("",), ("mail8.skok.cz",), ("mx.example.cz",), ("mail.example.cz",), (MICROSOFT,), TIMEOUT, NO_DATA]
)
ALL_FACTS = st.builds(dns, LEADS, LEADS, LEADS, LEADS, EXCHANGES, st.none() | LEADS)


@settings(deadline=None)
@given(ALL_FACTS, st.sampled_from([Protocol.IMAP, Protocol.POP3]), st.sampled_from([KNOWN, NOBODY]))
def test_what_was_not_found_out_is_not_claimed(facts: DnsFacts, protocol: Protocol, known: KnownAddresses) -> None:
    """No row that could not be asked is called missing, and none of them makes a domain foreign or absent."""
    found = find_mail_server(facts, protocol, PROFILE, known)
    asked = [facts.rows[label] for label in PROFILE.rows[protocol]]
    if isinstance(found, Note):
        is_foreign_first = isinstance(judge_row(asked[0], PROFILE, known), Foreign)
        if any(r.outcome.is_unavailable for r in asked) and not is_foreign_first:
            assert found.code in ("dns_timeout", "dns_servfail")
        return
    for note in row_warnings(facts, found, tuple(facts.rows), PROFILE, known):
        if note.code == "row_missing":
            outcome = facts.rows[note.params["row"].partition(".")[0]].outcome
            assert outcome in (Outcome.NXDOMAIN, Outcome.NO_DATA)


def test_a_row_whose_ipv6_was_not_awaited_is_not_missing() -> None:
    """No IPv4 address alone is no proof."""
    half = replace(dns(), mail=replace(row("mail.example.cz", NO_DATA), ipv6=None))
    assert warnings(half, "mail") == [("dns_timeout", "row_dns_timeout", "mail.example.cz")]
    assert answer("mail.example.cz", "A", NO_DATA).outcome is NO_DATA
