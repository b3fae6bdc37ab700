"""Every kind of client against Dovecot and Postfix: the host by its SNI, the label of its dialog, the three gates."""

from __future__ import annotations

import pytest

from tests.real.expected import Case, assert_answer, codes, imap, pop3, smtp
from tests.real.product import Ask

pytestmark = pytest.mark.real

EXPRESS = "Tento server vyžaduje zabezpečené připojení (SSL)"
OUTLOOK_POP3 = "Tento server vyžaduje šifrované připojení (SSL)"
IOS = "Použít SSL"

SNI, NO_SNI, SNI_UNKNOWN = codes("client_sends_sni"), codes("client_without_sni"), codes("client_sni_unknown")
OPEN_OUTLOOK = codes("client_needs_preparation client_tls_unknown")
"""Outlook 2007 to 2013 speak TLS 1.2 only when Windows was made to."""
OUTLOOK_2007 = OPEN_OUTLOOK | codes("server_may_move")

WITH_SNI = [
    Case(
        "example.cz thunderbird-78", "mail8.skok.cz",
        imap("mail.example.cz", "SSL/TLS"), smtp("smtp.example.cz", "STARTTLS"), SNI,
    ),
    Case(
        "example.cz thunderbird-78 pop3", "mail8.skok.cz",
        pop3("mail.example.cz", "SSL/TLS"), smtp("smtp.example.cz", "STARTTLS"), SNI,
    ),
    Case(
        "example.cz outlook-365", "mail8.skok.cz",
        imap("mail.example.cz", "SSL/TLS"), smtp("smtp.example.cz", "STARTTLS"), SNI,
    ),
    Case(
        "old.cz thunderbird-78", "mail3.skok.cz",
        imap("mail.old.cz", "SSL/TLS"), smtp("smtp.old.cz", "STARTTLS"), SNI,
    ),
    Case(
        "wrong-default.cz thunderbird-78", "mail5.skok.cz",
        imap("mail.wrong-default.cz", "SSL/TLS"), smtp("smtp.wrong-default.cz", "STARTTLS"), SNI,
    ),
    Case(
        "example.cz", "mail8.skok.cz",
        imap("mail.example.cz", None), smtp("smtp.example.cz", None), SNI, codes("client_not_given"),
    ),
    Case(
        "example.cz outlook", "mail8.skok.cz",
        imap("mail.example.cz", "SSL/TLS"), smtp("smtp.example.cz", "STARTTLS"), SNI, codes("client_ambiguous"),
    ),
]  # fmt: skip

WITHOUT_SNI = [
    Case(
        "example.cz outlook-2007", "mail8.skok.cz",
        imap("mail8.skok.cz", "SSL"), smtp("mail8.skok.cz", "TLS"), NO_SNI, OUTLOOK_2007 | {"worst_case_tls"},
    ),
    Case(
        "example.cz outlook-2007 pop3", "mail8.skok.cz",
        pop3("mail8.skok.cz", OUTLOOK_POP3), smtp("mail8.skok.cz", "TLS"), NO_SNI, OUTLOOK_2007 | {"worst_case_tls"},
    ),
    Case(  # Windows XP would get in here
        "old.cz outlook-2007", "mail3.skok.cz",
        imap("mail3.skok.cz", "SSL"), smtp("mail3.skok.cz", "TLS"), NO_SNI, OUTLOOK_2007,
    ),
    Case(
        "wrong-default.cz outlook-2007", "mail5.skok.cz",
        imap("mail5.skok.cz", "SSL", verified=False), smtp("mail5.skok.cz", "TLS", verified=False),
        NO_SNI, OUTLOOK_2007 | {"worst_case_tls", "no_sni_certificate_name_mismatch"},
    ),
]  # fmt: skip

SNI_NOT_KNOWN = [
    Case(
        "example.cz outlook-2007 windows 7", "mail8.skok.cz",
        imap("mail.example.cz", "SSL", verified=False), smtp("smtp.example.cz", "TLS", verified=False),
        SNI_UNKNOWN, OPEN_OUTLOOK,
    ),
    Case(
        "example.cz outlook-2013", "mail8.skok.cz",
        imap("mail.example.cz", "SSL", verified=False), smtp("smtp.example.cz", "TLS", verified=False),
        SNI_UNKNOWN, OPEN_OUTLOOK,
    ),
    Case(
        "example.cz printer", "mail8.skok.cz",
        None, smtp("smtp.example.cz", "STARTTLS", verified=False), SNI_UNKNOWN, codes("client_tls_unknown"),
    ),
]  # fmt: skip

OLD_TLS = codes("server_may_move client_ciphers_not_imitated")
GATES = [
    Case(
        "example.cz outlook-express-6", "mail8.skok.cz",
        imap("mail8.skok.cz", EXPRESS, verified=False), smtp("mail8.skok.cz", EXPRESS, verified=False),
        NO_SNI, OLD_TLS | {"client_tls_too_old"},
    ),
    Case(
        "old.cz outlook-express-6", "mail3.skok.cz",
        imap("mail3.skok.cz", EXPRESS), smtp("mail3.skok.cz", EXPRESS), NO_SNI, OLD_TLS,
    ),
    Case(  # the versions meet; what keeps this client out is the key
        "old-ecdsa.cz outlook-express-6", "mail4.skok.cz",
        imap("mail4.skok.cz", EXPRESS, verified=False), smtp("mail4.skok.cz", EXPRESS, verified=False),
        NO_SNI, OLD_TLS | {"client_without_ecdsa"},
    ),
    Case(
        "example.cz ios-9", "mail8.skok.cz",
        imap("mail8.skok.cz", IOS, verified=False), smtp("mail8.skok.cz", IOS, verified=False),
        NO_SNI, OLD_TLS | {"client_tls_too_old"},
    ),
    Case(  # about this world's root nobody has facts: trust is unknown, not absent
        "old.cz ios-9", "mail3.skok.cz",
        imap("mail3.skok.cz", IOS), smtp("mail3.skok.cz", IOS), NO_SNI, OLD_TLS,
    ),
]  # fmt: skip


@pytest.mark.parametrize("case", [*WITH_SNI, *WITHOUT_SNI, *SNI_NOT_KNOWN, *GATES], ids=str)
def test_client(ask: Ask, case: Case) -> None:
    """The whole answer is as the table says."""
    assert_answer(ask(case.words), case)


def test_a_client_without_the_root_is_stopped_by_it(ask: Ask) -> None:
    """iOS 9 does not know the root: that comes first, and nothing is verified although the handshake stood."""
    case = Case(
        "old.cz ios-9", "mail3.skok.cz",
        imap("mail3.skok.cz", IOS, verified=False), smtp("mail3.skok.cz", IOS, verified=False),
        NO_SNI, OLD_TLS | {"client_root_unknown"},
    )  # fmt: skip
    run = ask(case.words, MAILBOT_CLIENTS=str(ask.world.catalogue))
    assert_answer(run, case)
    assert run.json["warnings"][0]["code"] == "client_root_unknown"


def test_a_client_with_the_root_is_not(ask: Ask) -> None:
    """Thunderbird knows it."""
    run = ask("example.cz thunderbird-78", MAILBOT_CLIENTS=str(ask.world.catalogue))
    assert run.json["verified"]
    assert run.codes("warnings") == set()


def test_what_stops_the_client_comes_first(ask: Ask) -> None:
    """The TLS gate is told before everything else."""
    assert ask("example.cz outlook-express-6").json["warnings"][0]["code"] == "client_tls_too_old"


def test_sni_of_the_client_is_told(ask: Ask) -> None:
    """For bare Outlook 2007 the worst case decides; the system opens the question again."""
    assert ask("example.cz outlook-2007").json["client"]["sni"] == "no"
    assert ask("example.cz outlook-2007 windows 7").json["client"]["sni"] == "unknown"
    assert ask("example.cz thunderbird-78").json["client"]["sni"] == "yes"


def test_usual_labels_without_a_client(ask: Ask) -> None:
    """Both modes come with the words that dialogs use for them."""
    labels = ask("example.cz").json["incoming"]["labels"]
    assert "SSL/TLS" in labels["implicit_tls"]
    assert "STARTTLS" in labels["starttls"]


def test_nothing_is_connected_to_without_probe(ask: Ask) -> None:
    """--no-probe answers by DNS and the page alone, and claims nothing."""
    run = ask("black-hole.cz thunderbird-78", "--no-probe")
    assert run.status == 0
    assert not run.json["verified"]
    assert run.json["incoming"]["host"] == "mail.black-hole.cz"
    assert run.codes("warnings").isdisjoint(codes("port_timeout port_refused server_silent"))
