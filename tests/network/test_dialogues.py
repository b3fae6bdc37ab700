"""The dialogues as data: which replies go on, which end."""

from __future__ import annotations

import pytest

from bot.facts import Protocol
from bot.network.dialogues import DIALOGUES


def said(protocol: Protocol) -> list[bytes]:
    return [step.sends("[127.0.0.1]") for step in DIALOGUES[protocol]]


def test_no_round_trip_is_wasted() -> None:
    """IMAP and POP3 need one command, SMTP two."""
    assert said(Protocol.IMAP) == [b"", b"a1 STARTTLS\r\n"]
    assert said(Protocol.POP3) == [b"", b"STLS\r\n"]
    assert said(Protocol.SMTP) == [b"", b"EHLO [127.0.0.1]\r\n", b"STARTTLS\r\n"]


@pytest.mark.parametrize(
    ("protocol", "number", "lines", "is_met"),
    [
        (Protocol.IMAP, 0, [b"* OK [CAPABILITY IMAP4rev1 STARTTLS] ready"], True),
        (Protocol.IMAP, 0, [b"* ok"], True),
        (Protocol.IMAP, 0, [b"* PREAUTH welcome back"], False),
        (Protocol.IMAP, 0, [b"* OKAY"], False),
        (Protocol.IMAP, 1, [b"* CAPABILITY IMAP4rev1", b"a1 OK begin"], True),
        (Protocol.IMAP, 1, [b"a1 NO not now"], False),
        (Protocol.IMAP, 1, [b"a2 OK begin"], False),
        (Protocol.POP3, 0, [b"+OK <1@mail>"], True),
        (Protocol.POP3, 0, [b"+OKAY"], False),
        (Protocol.POP3, 1, [b"-ERR unknown"], False),
        (Protocol.SMTP, 0, [b"220-wait", b"220 mail ESMTP"], True),
        (Protocol.SMTP, 0, [b"220"], True),
        (Protocol.SMTP, 0, [b"2200 mail"], False),
        (Protocol.SMTP, 1, [b"250-mail", b"250-starttls", b"250 HELP"], True),
        (Protocol.SMTP, 1, [b"250-mail", b"250 STARTTLS"], True),
        (Protocol.SMTP, 1, [b"250-mail", b"250 HELP"], False),
        (Protocol.SMTP, 1, [b"250-mail", b"250-XSTARTTLS", b"250 HELP"], False),
        (Protocol.SMTP, 1, [b"250-STARTTLS", b"550 no"], False),
        (Protocol.SMTP, 2, [b"454 TLS not available due to temporary reason"], False),
    ],
)
def test_replies(protocol: Protocol, number: int, lines: list[bytes], is_met: bool) -> None:
    """A reply is met by its last line, and by what it must offer; every line before it is one that continues."""
    step = DIALOGUES[protocol][number]
    assert step.is_met_by(lines) is is_met
    assert [step.continues_after(line) for line in lines] == [True] * (len(lines) - 1) + [False]


@pytest.mark.parametrize(
    ("protocol", "greeting"),
    [
        (Protocol.IMAP, b"* BYE too many connections"),
        (Protocol.POP3, b"-ERR [SYS/TEMP] later"),
        (Protocol.SMTP, b"421 too busy"),
        (Protocol.SMTP, b"554 no service here"),
    ],
)
def test_a_server_that_does_not_want_to_talk(protocol: Protocol, greeting: bytes) -> None:
    """Only a greeting is read so: a later "no" is about STARTTLS."""
    greets, *others = DIALOGUES[protocol]
    assert greets.is_refused_by([greeting])
    assert not any(step.is_refused_by([greeting]) for step in others)
