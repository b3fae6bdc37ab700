"""Pages for the terminal."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

from bot.reply.page import Card, Page, Span, Style
from bot.reply.text import render_text

MOMENT = datetime(2026, 11, 23, 14, 3, tzinfo=UTC)
PAGE = Page(
    title="example.cz",
    verdict=(Span("seen at "), Span("14:03 UTC", Style.PLAIN, MOMENT)),
    summary="",
    first=((Span("Read this", Style.BOLD),),),
    cards=(
        Card("in", (("server", (Span("mail.example.cz", Style.CODE),)), ("port", (Span("993"),)))),
        Card("out", (("authentication", (Span("on", Style.ITALIC),)),)),
    ),
    lines=((Span("why"),),),
    warnings=((Span("word " * 12 + "end"),),),
    evidence=((Span("seen"),),),
    preformatted="as\n  it is",
)


def test_a_page_without_colours() -> None:
    """Cards in one column, long lines broken under their mark, moments in UTC."""
    assert render_text(PAGE, width=40).splitlines() == [
        "example.cz",
        "seen at 14:03 UTC",
        "Read this",
        "",
        "in",
        "  server          mail.example.cz",
        "  port            993",
        "",
        "out",
        "  authentication  on",
        "",
        "why",
        "⚠️ word word word word word word word",
        "   word word word word word end",
        "· seen",
        "",
        "as",
        "  it is",
    ]


def test_a_page_with_colours_in_the_readers_zone() -> None:
    """Bold, code and italics; a line that has to be broken has none."""
    drawn = render_text(PAGE, zone=timezone(timedelta(hours=1)), colour=True, width=10)
    assert "\x1b[1mexample.cz\x1b[0m" in drawn
    assert "\x1b[36mmail.example.cz\x1b[0m" in drawn
    assert "\x1b[3mon\x1b[0m" in drawn
    assert "seen at 15:03\n" in drawn


def test_what_is_to_be_copied_is_not_broken() -> None:
    """A row for DNS stays on one line however long, and a host name is not cut at its hyphens."""
    row = 'a.example. 3600 IN TXT "v=spf1 include:spf1.c4.cz ~all"'
    line = (Span("add the row "), Span(row, Style.CODE), Span(" for mail.self-signed-somewhere.example"))
    assert render_text(Page("a", (Span("b"),), "", first=(line,)), width=40).splitlines()[2:] == [
        "add the row", row, "for mail.self-signed-somewhere.example",
    ]  # fmt: skip


def test_a_page_with_little_on_it() -> None:
    """No empty lines for what is not there."""
    assert render_text(Page("a", (Span("b"),), "")) == "a\nb\n"
