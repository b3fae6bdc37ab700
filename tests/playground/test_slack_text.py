"""What becomes of typed text."""

from __future__ import annotations

import html
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.playground.slack_text import rich_text, slack_text

USERS = {"mailbot": "U0MAILBOT", "jana": "U0AGENT"}
TYPED = [
    ("hello", "hello"),
    ("a & b < c > d", "a &amp; b &lt; c &gt; d"),
    ("example.cz", "<http://example.cz|example.cz>"),
    ("Example.CZ.", "<http://Example.CZ|Example.CZ>."),
    ("(mail.example.cz:993)", "(<http://mail.example.cz:993|mail.example.cz:993>)"),
    ("example.cz/x/?a=1&b=2,", "<http://example.cz/x/?a=1&amp;b=2|example.cz/x/?a=1&amp;b=2>,"),
    ("háčky.cz", "<http://háčky.cz|háčky.cz>"),
    ("xn--hky-ela.cz", "<http://xn--hky-ela.cz|xn--hky-ela.cz>"),
    ("example.nonsense v1.2 file.txt", "example.nonsense v1.2 file.txt"),
    ("https://example.cz/x.", "<https://example.cz/x>."),
    ("jan@example.cz", "<mailto:jan@example.cz|jan@example.cz>"),
    ("jan@example.nonsense", "jan@example.nonsense"),
    ("@mailbot example.cz", "<@U0MAILBOT> <http://example.cz|example.cz>"),
    ("thanks, @jana.", "thanks, <@U0AGENT>."),
    ("@nobody #42", "@nobody #42"),
    ("@here!", "<!here>!"),
    ("`example.cz` @mailbot", "`example.cz` <@U0MAILBOT>"),
    ("```@mailbot\n<x>```", "```@mailbot\n&lt;x&gt;```"),
    ("<@U0MAILBOT>", "&lt;@U0MAILBOT&gt;"),
]


@pytest.mark.parametrize(("typed", "stored"), TYPED)
def test_typed_text_is_stored_as_slack_does(typed: str, stored: str) -> None:
    """Links, addresses, mentions, and the rest escaped."""
    assert slack_text(typed, USERS) == stored


@given(st.text(st.sampled_from("ab.cz@:/&<>`- é#"), max_size=30))
def test_nothing_that_was_typed_is_lost_and_nothing_stays_unescaped(typed: str) -> None:
    """The labels give the typed text back."""
    stored = slack_text(typed, USERS)
    shown = re.sub(r"<(?:[^<>|]*\|)?([^<>|]*)>", r"\1", stored)
    assert html.unescape(shown) == typed
    assert not re.search(r"&(?!amp;|lt;|gt;)", stored)


def test_rich_text_says_the_same() -> None:
    """People, groups, links and code, unescaped."""
    stored = "<@U0MAILBOT> <http://example.cz|example.cz> <https://x.cz?a&amp;b> `a &lt; b` &amp; <!here> <#C0SUPPORT>"
    [block] = rich_text(stored, "b1")
    assert block["block_id"] == "b1"
    [section] = block["elements"]
    assert [element for element in section["elements"] if element != {"type": "text", "text": " "}] == [
        {"type": "user", "user_id": "U0MAILBOT"},
        {"type": "link", "url": "http://example.cz", "text": "example.cz"},
        {"type": "link", "url": "https://x.cz?a&b"},
        {"type": "text", "text": "a < b", "style": {"code": True}},
        {"type": "text", "text": " & "},
        {"type": "broadcast", "range": "here"},
        {"type": "channel", "channel_id": "C0SUPPORT"},
    ]
    assert rich_text("", "b1") == []
