"""Pages as blocks: within the limits by construction, harmless whatever is in them."""

from __future__ import annotations

from datetime import UTC, datetime

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.playground.blocks_check import check_message
from bot.reply.blocks import MOST_CHARACTERS, fallback_text, note_block, render_blocks
from bot.reply.page import Card, Page, Span, Style

TEXT = st.text(max_size=400) | st.sampled_from(["<!channel>", "*a*", "`", "&amp;", "x" * 4000, "_i_", "", " "])
TIMES = st.none() | st.just(datetime(2026, 11, 23, 14, 3, tzinfo=UTC))
LINES = st.lists(st.lists(st.builds(Span, TEXT, st.sampled_from(Style), TIMES), max_size=4).map(tuple), max_size=12)
LINE = LINES.map(lambda lines: lines[0] if lines else ())
CARDS = st.lists(st.builds(Card, TEXT, st.lists(st.tuples(TEXT, LINE), max_size=8).map(tuple)))
PAGES = st.builds(
    Page,
    title=TEXT.filter(bool),
    verdict=LINE,
    summary=TEXT,
    first=LINES.map(tuple),
    cards=CARDS.map(tuple),
    lines=LINES.map(tuple),
    warnings=LINES.map(tuple),
    evidence=LINES.map(tuple),
    preformatted=TEXT,
)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])  # whole pages, on a machine that may be busy
@given(PAGES, st.booleans())
def test_slack_takes_any_page(page: Page, is_dated: bool) -> None:
    """The strict checker finds nothing, and there is room left for controls."""
    message = {"text": fallback_text(page), "blocks": render_blocks(page, is_dated=is_dated)}
    assert check_message(message) == []
    assert MOST_CHARACTERS <= 9_000


def test_settings_stand_side_by_side_and_can_be_copied() -> None:
    """Section fields; names in code style, exactly as they are."""
    rows = (("server", (Span("mail_8.example.cz", Style.CODE),)), ("label", (Span("SSL*", Style.BOLD), Span(" _x_"))))
    page = Page("t", (Span("v"),), "s", cards=(Card("in", rows), Card("out", rows)))
    fields = render_blocks(page)[1]["fields"]
    assert [field["text"].splitlines()[1] for field in fields] == ["server: `mail_8.example.cz`"] * 2
    assert fields[0]["text"].splitlines()[2] == "label: *SSL∗* ˍxˍ"
    assert all(field["verbatim"] for field in fields)


def test_a_moment_is_shown_in_the_readers_zone() -> None:
    """With the day where it is read later."""
    line = (Span("at "), Span("14:03 UTC", Style.BOLD, datetime(2026, 11, 23, 14, 3, tzinfo=UTC)))
    page = Page("t", line, "s", evidence=(line,))
    date = render_blocks(page)[0]["elements"][0]["elements"][3]
    assert date == {
        "type": "date",
        "timestamp": 1795442580,
        "format": "{time}",
        "fallback": "14:03 UTC",
        "style": {"bold": True},
    }
    dated = render_blocks(page, is_dated=True)[0]["elements"][0]["elements"][3]
    assert "date" in dated["format"]


def test_small_print_is_italic_and_warnings_are_marked() -> None:
    """And what is empty leaves nothing behind."""
    page = Page("t", (), "", warnings=((Span("careful"),),), evidence=((Span("seen"), Span("x", Style.CODE)),))
    _, warnings, evidence = render_blocks(page)
    assert warnings["elements"][0]["elements"][0]["text"].startswith("⚠️")
    assert evidence["elements"][0]["elements"][0]["style"] == {"italic": True}
    assert evidence["elements"][0]["elements"][1]["style"] == {"code": True}
    assert fallback_text(page) == "t"


def test_a_note_is_never_parsed() -> None:
    """Plain text."""
    assert note_block("<!here>")["elements"][0] == {"type": "plain_text", "text": "<!here>", "emoji": False}
