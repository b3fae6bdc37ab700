"""DNS as Knot serves it: where the mail server is found, what the rows lack, and what cannot be found out."""

from __future__ import annotations

import time

import pytest

from tests.real.customers import DEAF_DNS, DNS, NO_DNS, REFUSING_DNS
from tests.real.expected import Case, assert_answer, codes, imap, smtp
from tests.real.product import TIMEOUT, Ask

pytestmark = pytest.mark.real

SNI = codes("client_sends_sni")


def _own_names(words: str, warnings: str = "", found_by: str = "cname") -> Case:
    """The usual answer for a client with SNI: the domain's own names, verified."""
    domain = words.split()[0]
    halves = imap(f"mail.{domain}", "SSL/TLS"), smtp(f"smtp.{domain}", "STARTTLS")
    return Case(f"{words} thunderbird-78", "mail8.skok.cz", *halves, SNI, codes(warnings), found_by)


FOUND = [
    _own_names("addresses.cz", found_by="address"),
    _own_names("same-zone.cz"),
    _own_names("disagree.cz", "rows_disagree"),
    _own_names("no-imap.cz", "row_missing"),
    _own_names("moved-mx.cz", "mx_elsewhere"),
    Case(
        "no-mail.cz thunderbird-78", "mail8.skok.cz",
        imap("mail8.skok.cz", "SSL/TLS"), smtp("smtp.no-mail.cz", "STARTTLS"),
        SNI | {"only_name"}, codes("row_missing server_may_move"),
    ),
    Case(
        "no-smtp.cz thunderbird-78", "mail8.skok.cz",
        imap("mail.no-smtp.cz", "SSL/TLS"), smtp("mail.no-smtp.cz", "STARTTLS"), SNI, codes("row_missing"),
    ),
    Case(
        "only-mx.cz thunderbird-78", "mail8.skok.cz",
        imap("mail8.skok.cz", "SSL/TLS"), smtp("mail8.skok.cz", "STARTTLS"),
        codes("only_name"), codes("row_missing server_may_move"), found_by="mx",
    ),
    Case(
        "obchod.example.cz thunderbird-78", "mail8.skok.cz",
        imap("mail.example.cz", "SSL/TLS"), smtp("smtp.example.cz", "STARTTLS"), SNI, codes("registrable_domain"),
    ),
]  # fmt: skip


@pytest.mark.parametrize("case", FOUND, ids=str)
def test_found(ask: Ask, case: Case) -> None:
    """The server is found, and what is wrong with the rows is said."""
    assert_answer(ask(case.words), case)


def test_an_address_leads_to_its_server_by_either_way(ask: Ask) -> None:
    """With a PTR record both ways lead to mail20; which one is quicker is told, and neither is wrong."""
    server = ask("reverse.cz thunderbird-78").json["mail_server"]
    assert (server["host"], server["number"]) == ("mail20.skok.cz", 20)
    assert server["found_by"] in ("reverse_dns", "address")
    assert server["addresses"] == [ask.world.stretch.at(20)]


REFUSALS = [
    ("elsewhere.cz", "not_hosted_here", 1),
    ("missing.cz", "dns_nxdomain", 1),
    ("no-rows.cz", "dns_no_rows", 1),
    ("dangling.cz", "dns_dangling_cname", 1),
    ("loop.cz", "dns_cname_loop", 1),
    ("lame.cz", "dns_servfail", 3),
    ("mail8.skok.cz", "invalid_domain", 2),
    ("nonsense", "invalid_domain", 2),
]


@pytest.mark.parametrize(("domain", "code", "status"), REFUSALS)
def test_no_settings(ask: Ask, domain: str, code: str, status: int) -> None:
    """There are none; the code and the exit status say why."""
    run = ask(f"{domain} outlook-2007")
    assert (run.refusal, run.status, run.stderr) == (code, status, "")


@pytest.mark.parametrize(
    ("server", "code"), [(REFUSING_DNS, "dns_servfail"), (NO_DNS, "dns_servfail"), (DEAF_DNS, "dns_timeout")]
)
def test_a_bad_name_server_leaves_the_question_open(ask: Ask, server: int, code: str) -> None:
    """Our resolver's trouble is never taken for the customer's: status 3, ask again."""
    run = ask("example.cz outlook-2007", name_servers=(server,))
    assert (run.refusal, run.status) == (code, 3)


@pytest.mark.parametrize("bad", [REFUSING_DNS, NO_DNS, DEAF_DNS])
def test_a_second_name_server_stands_in(ask: Ask, bad: int) -> None:
    """The answer is complete, and no slower than the time allowed for all of it."""
    start = time.monotonic()
    run = ask("example.cz thunderbird-78", name_servers=(bad, DNS))
    assert_answer(run, _own_names("example.cz"))
    assert time.monotonic() - start < TIMEOUT + 2  # the process starts too, on a busy machine
