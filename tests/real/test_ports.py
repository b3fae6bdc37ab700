"""Ports in trouble: nobody listens, nobody speaks, the wrong mode, an address that is not to be connected to."""

from __future__ import annotations

import time

import pytest

from tests.real.expected import Case, assert_answer, codes, imap, smtp
from tests.real.product import TIMEOUT, Ask

pytestmark = pytest.mark.real

SNI = codes("client_sends_sni")
UNREACHABLE = {
    "refused.cz": ("mail9.skok.cz", "port_refused"),
    "silent.cz": ("mail10.skok.cz", "server_silent"),
    "black-hole.cz": ("mail11.skok.cz", "port_timeout"),
    "private.cz": ("mail7.skok.cz", "address_not_public"),
}


@pytest.mark.parametrize("domain", UNREACHABLE)
def test_settings_are_given_though_not_proved(ask: Ask, domain: str) -> None:
    """The rule still gives names and ports; the label is the page's, nothing is verified, and in time."""
    server, code = UNREACHABLE[domain]
    case = Case(
        f"{domain} thunderbird-78", server,
        imap(f"mail.{domain}", "SSL/TLS", verified=False), smtp(f"smtp.{domain}", "STARTTLS", verified=False),
        SNI, codes(code, "label_as_published"),
    )  # fmt: skip
    start = time.monotonic()
    assert_answer(ask(case.words), case)
    assert time.monotonic() - start < TIMEOUT + 2  # the process starts too, on a busy machine


@pytest.mark.parametrize("domain", ["refused.cz", "silent.cz", "black-hole.cz"])
def test_both_ports_are_told(ask: Ask, domain: str) -> None:
    """Both halves of a client without SNI use one host: still each port that fails is named."""
    _, code = UNREACHABLE[domain]
    text = ask(f"{domain} outlook-2007").text(code)
    assert "993" in text
    assert "587" in text


def test_the_answer_follows_the_wire(ask: Ask) -> None:
    """993 that waits for STARTTLS gets that label; 587 was seen not to offer it, so nobody says it was not checked."""
    case = Case(
        "swapped.cz thunderbird-78", "mail12.skok.cz",
        imap("mail.swapped.cz", "STARTTLS", security="starttls"),
        smtp("smtp.swapped.cz", "STARTTLS", verified=False),
        SNI, codes("published_label_differs starttls_missing"),
    )  # fmt: skip
    assert_answer(ask(case.words), case)


def test_a_client_without_sni_is_proved_its_way_by_starttls(ask: Ask) -> None:
    """Outlook 2007 calls the same mode TLS."""
    run = ask("swapped.cz outlook-2007")
    assert run.json["incoming"] | {"username": ""} == {
        "protocol": "imap", "host": "mail12.skok.cz", "port": 993, "security": "starttls", "label": "TLS",
        "username": "", "verified": True,
    }  # fmt: skip
