"""What people type about a program's message becomes a report, and only the words of it are taken."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.domain import is_host_name
from bot.symptoms.model import Report
from bot.symptoms.reader import load_symptoms
from bot.symptoms.words import take_report

SYMPTOMS = load_symptoms()


@pytest.mark.parametrize(
    ("text", "symptom", "name", "left"),
    [
        # error codes, however they are written
        ("outlook-2010 0x800CCC0E", "0x800ccc0e", None, "outlook-2010"),
        ("0x800ccc0e outlook 2010", "0x800ccc0e", None, "outlook 2010"),
        ("outlook 800CCC0E 2010", "0x800ccc0e", None, "outlook 2010"),
        ("(0X800CCC0E)", "0x800ccc0e", None, ""),
        ("0x800CCCOE", "0x800ccc0e", None, ""),
        ("0×800CCC0E,", "0x800ccc0e", None, ""),
        ("0x8004210a", "0x800ccc19", None, ""),
        ("0x800ccc91", "0x800ccc92", None, ""),
        ("80042109", "0x80042109", None, ""),
        ("chyba č. 550.", "0x800ccc79", None, "č."),
        ("error code 553", "0x800ccc79", None, ""),
        ("535", "535", None, ""),
        ("552", "mailbox-full", None, ""),
        ("SEC_ERROR_UNKNOWN_ISSUER", "certificate-untrusted", None, ""),
        ("ssl_error_unsupported_version", "ssl-version", None, ""),
        ("ssl_error_bad_cert_domain", "certificate-name", None, ""),
        # a code that is not known is a report all the same, where it is surely one
        ("outlook 0x8004010F", "other-code", None, "outlook"),
        # words in Czech, Slovak and English, with and without diacritics
        ("Thunderbird se stále ptá na heslo", "password-again", None, "Thunderbird"),
        ("stale se pta na heslo", "password-again", None, ""),
        ("stále sa pýta na heslo", "password-again", None, ""),
        ("keeps asking for the password", "password-again", None, ""),
        ("nejde odeslat", "cannot-send", None, ""),
        ("Outlook 2016 neodesílá", "cannot-send", None, "Outlook 2016"),
        ("nechodí pošta", "nothing-new", None, ""),
        ("„Nelze se připojit“", "cannot-connect", None, ""),
        ("Cannot Connect Using SSL", "cannot-use-ssl", None, ""),
        ("Cannot verify server identity", "server-identity", None, ""),
        ("schránka je plná", "mailbox-full", None, ""),
        ("vypršel certifikát", "certificate-expired", None, ""),
        ("outlook certifikát", "certificate-name", None, "outlook"),
        # the id of a symptom
        ("password-again", "password-again", None, ""),
        # a name on a certificate
        ("outlook-2010 mail8.skok.cz", "certificate-name", "mail8.skok.cz", "outlook-2010"),
        ("certifikát pro MAIL8.skok.cz.", "certificate-name", "mail8.skok.cz", ""),
        ("cert *.skok.cz", "certificate-name", "skok.cz", ""),
        ("certificate https://mail8.skok.cz:993/", "certificate-name", "mail8.skok.cz", ""),
        ("mail.háčkyčárky.cz", "certificate-name", "mail.xn--hkyrky-ptac70bc.cz", ""),
        ("cannot verify server identity mail.example.org", "server-identity", "mail.example.org", ""),
        # the name tells more than a code does that shows none; the first code tells more than words
        ("0x800ccc0e mail8.skok.cz", "certificate-name", "mail8.skok.cz", ""),
        ("nejde odeslat 0x800ccc79 550", "0x800ccc79", None, ""),
        ("0x800ccc1a 0x800ccc0e", "0x800ccc1a", None, ""),
    ],
)  # fmt: skip
def test_a_report_is_taken_out_of_words(text: str, symptom: str, name: str | None, left: str) -> None:
    """The rest keeps its order; what stands around a report and means nothing goes with it."""
    words = text.split()
    assert take_report(words) == Report(symptom, name)
    assert words == left.split()


@pytest.mark.parametrize(
    "text",
    ["", "outlook 2010 win7", "jan@example.cz", "10.10 192.0.2.1 16.0", "81234567", "800ccc0", "0x1234567", "#550",
     "chyba", "a.b", "foo_bar.cz", "pro na je"],
)  # fmt: skip
def test_other_words_are_left_alone(text: str) -> None:
    """Versions, addresses, tickets, and fillers without a report."""
    words = text.split()
    assert take_report(words) is None
    assert words == text.split()


def test_a_host_name_that_is_a_program_is_left_alone() -> None:
    """Unless it stands beside a certificate and no other name does."""
    for text, name, left in (
        ("outlook.com", None, "outlook.com"),
        ("outlook.com mail8.skok.cz", "mail8.skok.cz", "outlook.com"),
        ("cert outlook.com mail8.skok.cz", "mail8.skok.cz", "outlook.com"),
        ("thunderbird cert outlook.com", "outlook.com", "thunderbird"),
    ):
        words = text.split()
        report = take_report(words, lambda word: word == "outlook.com")
        assert (report.name if report else None) == name
        assert words == left.split()


PARTS = st.sampled_from(
    ["0x800ccc0e", "550", "certifikát", "mail8.skok.cz", "*", ".", "O", "0x", "xn--", "cannot", "connect", "ptá", "na",
     "heslo", "jan@example.cz", "\u202e", "İ.cz", "a" * 300 + ".cz"]
)  # fmt: skip


@settings(deadline=None)
@given(st.lists(PARTS | st.text(max_size=12), max_size=8))
@example(["xn--.cz"])
@example(["\u2028.\ud800"])
def test_no_words_make_it_raise(words: list[str]) -> None:
    """Whatever is typed: words are only removed, and a report names a symptom and a host name."""
    before = list(words)
    report = take_report(words)
    kept = iter(before)
    assert all(word in kept for word in words)
    if report is None:
        assert words == before
    else:
        assert report.symptom in SYMPTOMS
        assert len(words) < len(before)
        assert report.name is None or is_host_name(report.name)
