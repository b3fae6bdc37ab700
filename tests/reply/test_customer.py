"""The customer's text: plain, whole, and safe to paste."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from bot.catalogue.model import Label, Paths
from bot.facts import Protocol, Security
from bot.reply.customer import customer_text
from bot.request import LANGUAGES, HostKind
from tests.advice.world import CATALOGUE, EXAMPLE, Server, answer_for

CURLY = set("„“”‚‘’«»")
MARKUP = re.compile(r"(?<!\w)([*_~`])(?=\S)[^\n]*?(?<=\S)\1(?!\w)|https?://|mailto:|<[^>]*>|^[-•>] ", re.MULTILINE)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("client", ["", *CATALOGUE.clients])
def test_every_letter_is_safe_to_paste(client: str, language: str) -> None:
    """Straight quotes, no markup, no links, no blank line, and every host and port that the page tells."""
    answer = answer_for(f"example.cz {client}")
    letter = customer_text(answer, language)
    assert not CURLY & set(letter)
    assert not MARKUP.search(letter)
    assert "\n\n" not in letter
    assert "  " not in letter
    assert all(line == line.strip() for line in letter.splitlines())
    if not answer.cannot_work:
        halves = [half for half in (answer.incoming, answer.outgoing) if half]
        assert all(half.host in letter and str(half.port) in letter for half in halves)


def test_a_letter() -> None:
    """Both servers, encryption in the program's words, authentication, user name, where to click, what may come."""
    assert customer_text(answer_for("example.cz outlook-2007"), "en").splitlines() == [
        "Hello,",
        "in Microsoft Outlook 2007 please set:",
        "Incoming mail server (IMAP): mail8.skok.cz, port 993, Use the following type of encrypted connection: SSL",
        "Outgoing mail server (SMTP): mail8.skok.cz, port 587, Use the following type of encrypted connection: TLS",
        "Also turn on: My outgoing server (SMTP) requires authentication.",
        "User name: the login name of the mailbox. Password: the mailbox password, the same for receiving and sending.",
        "You will find it in: Tools > Account Settings > select the account > Change: servers; More Settings > "
        "Advanced: ports and encryption; More Settings > Outgoing Server",
        "Should your mail stop working, please tell us; we may have moved your domain to another mail server.",
    ]


def test_a_letter_without_a_program() -> None:
    """The usual words, and nothing about where to click."""
    letter = customer_text(answer_for("example.cz"), "cs")
    assert "v poštovním programu prosím nastavte:" in letter
    assert "port 993, šifrování: SSL/TLS" in letter
    assert "port 587, šifrování: STARTTLS" in letter
    assert "Odchozí server vyžaduje ověření" in letter
    assert "Najdete to" not in letter


def test_a_letter_for_a_program_that_cannot_work() -> None:
    """No settings that would not work; what helps instead, from the catalogue or in general."""
    answer = answer_for("example.cz ios-9")
    letter = customer_text(answer, "en")
    assert letter.splitlines()[1].startswith("unfortunately Mail (iOS 7–9.3) cannot connect")
    assert "Update to iOS 10" in letter
    assert "993" not in letter
    assert answer.client is not None
    client = replace(answer.client, hint={})
    chosen = replace(answer.request, client=replace(answer.request.client, client=client))  # type: ignore[type-var]
    assert "another mail program or webmail will help" in customer_text(replace(answer, request=chosen), "en")


@pytest.mark.parametrize(
    ("label", "said"),
    [
        (Label({"en": "SSL"}), "encryption: SSL"),
        (Label({"en": "SSL"}, {"en": "Security"}), "Security: SSL"),
        (Label({"en": "Use SSL"}, is_box=True), 'tick "Use SSL"'),
        (Label({}), "encryption: SSL/TLS"),
        (None, "encryption: SSL/TLS"),
    ],
)
def test_encryption_in_the_programs_words(label: Label | None, said: str) -> None:
    """The field and its choice, a box, or the usual word."""
    answer = answer_for("example.cz thunderbird-78")
    assert answer.incoming is not None
    letter = customer_text(replace(answer, incoming=replace(answer.incoming, label=label)), "en")
    assert letter.splitlines()[2] == f"Incoming mail server (IMAP): mail.example.cz, port 993, {said}"


def test_what_the_profile_and_the_program_add() -> None:
    """The form of the user name, and the way to a new account where none to an old one is known."""
    answer = replace(answer_for("example.cz thunderbird-78"), username="whole address")
    assert "User name: whole address." in customer_text(answer, "en")
    assert answer.client is not None
    assert answer.request.client is not None
    client = replace(answer.client, paths=Paths(add={"en": "File > New"}))
    request = replace(answer.request, client=replace(answer.request.client, client=client))
    assert "You will find it in: File > New" in customer_text(replace(answer, request=request), "en")


def test_a_choice_is_not_turned_on() -> None:
    """A box is turned on; a choice in a field is chosen."""
    assert "Also choose: Authentication method: Normal password." in customer_text(
        answer_for("example.cz thunderbird-78"), "en"
    )


def test_pop3_and_the_servers_name() -> None:
    """The protocol asked for, and the sentence about moves only with the server's name."""
    letter = customer_text(answer_for("example.cz thunderbird-78 pop3"), "en")
    assert "Incoming mail server (POP3): mail.example.cz, port 995" in letter
    assert "moved" not in letter
    assert "moved" in customer_text(answer_for("example.cz thunderbird-78", host_kind=HostKind.SERVER), "en")


def test_hostile_text_is_disarmed() -> None:
    """A host name is the domain's, so that nothing but names of ours and of the customer comes in; still."""
    answer = answer_for("example.cz thunderbird-78", Server())
    hostile = replace(answer.outgoing, host="a\u202eb\nc.example.cz")
    assert "a�b�c.example.cz" in customer_text(replace(answer, outgoing=hostile), "en")
    assert answer.domain == EXAMPLE
    assert (hostile.protocol, hostile.security) == (Protocol.SMTP, Security.STARTTLS)
