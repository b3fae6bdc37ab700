"""Certificates in every kind of trouble: the server's name as a stopgap, and what is wrong with the domain's own."""

from __future__ import annotations

import pytest

from tests.real.expected import Case, assert_answer, codes, imap, smtp
from tests.real.product import Ask

pytestmark = pytest.mark.real

BROKEN = {
    "expired.cz": "certificate_expired",
    "not-yet.cz": "certificate_not_yet_valid",
    "self-signed.cz": "certificate_self_signed",
    "untrusted.cz": "certificate_untrusted",
    "incomplete.cz": "certificate_incomplete_chain",
    "wrong-name.cz": "certificate_name_mismatch",
    "no-certificate.cz": "certificate_name_mismatch",
}


@pytest.mark.parametrize("domain", BROKEN)
def test_the_servers_name_stands_in_for_a_broken_certificate(ask: Ask, domain: str) -> None:
    """A client with SNI gets the name that works today, what is wrong, and that it may stop working."""
    case = Case(
        f"{domain} thunderbird-78", "mail8.skok.cz",
        imap("mail8.skok.cz", "SSL/TLS"), smtp("mail8.skok.cz", "STARTTLS"),
        codes("domain_certificate_broken"), codes(BROKEN[domain], "server_may_move"),
    )  # fmt: skip
    assert_answer(ask(case.words), case)


@pytest.mark.parametrize("domain", BROKEN)
def test_a_client_without_sni_never_sees_it(ask: Ask, domain: str) -> None:
    """What it is shown is the server's own certificate, so nothing of the domain's is its trouble."""
    run = ask(f"{domain} outlook-2007")
    assert run.json["incoming"]["host"] == "mail8.skok.cz"
    assert run.json["verified"]
    assert not any("certificate" in code for code in run.codes("warnings"))


def test_a_certificate_that_ends_soon_still_works(ask: Ask) -> None:
    """The domain's own name stays, with the day it ends."""
    case = Case(
        "expires-soon.cz thunderbird-78", "mail8.skok.cz",
        imap("mail.expires-soon.cz", "SSL/TLS"), smtp("smtp.expires-soon.cz", "STARTTLS"),
        codes("client_sends_sni"), codes("certificate_expires_soon"),
    )  # fmt: skip
    run = ask(case.words)
    assert_answer(run, case)
    assert "mail.expires-soon.cz" in run.text("certificate_expires_soon")


def test_an_international_domain_is_proved_by_its_a_labels(ask: Ask) -> None:
    """SNI and certificate hold A-labels; people read the other form."""
    ascii_name = "xn--hkyrky-ptac70bc.cz"
    case = Case(
        "háčkyčárky.cz thunderbird-78", "mail8.skok.cz",
        imap(f"mail.{ascii_name}", "SSL/TLS"), smtp(f"smtp.{ascii_name}", "STARTTLS"), codes("client_sends_sni"),
    )  # fmt: skip
    run = ask(case.words)
    assert_answer(run, case)
    assert (run.json["domain"], run.json["domain_unicode"]) == (ascii_name, "háčkyčárky.cz")
