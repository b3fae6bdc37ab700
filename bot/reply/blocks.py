"""Pages as Slack's Block Kit. Pure: plain dicts of classic block types only, within Slack's limits by construction.

Whatever came from outside stands in `rich_text`, which Slack shows as it is: no mention, link or format can come of
it. The settings alone are section fields, because only these stand side by side; they are escaped, and characters
that would format are replaced by their likes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from bot.reply.page import Card, Line, Page, Span, Style

Block = dict[str, Any]

MOST_CHARACTERS = 9_000
"""Of a page; Slack refuses a message at about 13,200 characters, and controls come on top of a page."""
MOST_OF_A_TEXT = 2_900
MOST_OF_A_CARD = 1_900
MOST_OF_A_FALLBACK = 2_000

_ESCAPES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})
_UNFORMATTED = str.maketrans({"*": "∗", "_": "ˍ", "~": "∼", "`": "ˋ"})
_QUOTED = str.maketrans({"`": "ˋ"})
_TIME, _DAY_AND_TIME = "{time}", "{date_short_pretty} {time}"


def escape(text: str) -> str:
    """Text for the places that Slack parses: nothing in it can mention, ring or link."""
    return text.translate(_ESCAPES)


def fallback_text(page: Page) -> str:
    """The whole result in one sentence, for notifications and screen readers."""
    return escape(_cut(page.summary or page.title, MOST_OF_A_FALLBACK))


def render_blocks(page: Page, *, is_dated: bool = False) -> list[Block]:
    """Draw a page. `is_dated` adds the day to each moment, for messages that are read later too."""
    return _Drawing(is_dated).blocks(page)


def plain_text(text: str, most: int) -> dict[str, str | bool]:
    """A text object that Slack never parses, cut to a length."""
    return {"type": "plain_text", "text": _cut(text, most), "emoji": False}


def note_block(text: str) -> Block:
    """A line in small print."""
    return {"type": "context", "elements": [plain_text(text, MOST_OF_A_TEXT)]}


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"


class _Drawing:
    """Draws one page; what is said first gets its room first."""

    def __init__(self, is_dated: bool) -> None:
        self.date_format = _DAY_AND_TIME if is_dated else _TIME
        self.left = MOST_CHARACTERS

    def blocks(self, page: Page) -> list[Block]:
        head = ((Span(page.title, Style.BOLD),), page.verdict, *page.first)
        marked = ((Span("⚠️ "), *line) for line in page.warnings)
        small = (tuple(_italic(span) for span in line) for line in page.evidence)
        drawn = (
            self._rich(head),
            self._cards(page.cards),
            self._rich((*page.lines, *marked)),
            self._preformatted(page.preformatted),
            self._rich(small),
        )
        return [block for block in drawn if block]

    def _rich(self, lines: Iterable[Line]) -> Block | None:
        elements = list(self._elements(lines))
        return _rich_text("rich_text_section", elements) if elements else None

    def _elements(self, lines: Iterable[Line]) -> Iterator[Block]:
        """The spans of all lines, a new line between each two, as long as there is room."""
        for number, line in enumerate(line for line in lines if any(span.text for span in line)):
            if number:
                yield {"type": "text", "text": "\n"}
            for span in line:
                if text := self._take(span.text):
                    yield self._element(span, text)

    def _element(self, span: Span, text: str) -> Block:
        style = {} if span.style is Style.PLAIN else {"style": {span.style.value: True}}
        if span.time is None:
            return {"type": "text", "text": text, **style}
        moment = {"timestamp": int(span.time.timestamp()), "format": self.date_format, "fallback": text[:200]}
        return {"type": "date", **moment, **style}

    def _cards(self, cards: tuple[Card, ...]) -> Block | None:
        fields = [{"type": "mrkdwn", "text": self._card(card), "verbatim": True} for card in cards[:4]]
        return {"type": "section", "fields": fields} if fields else None

    def _card(self, card: Card) -> str:
        """Whole rows only: a cut could fall into the middle of an escape."""
        shown = f"*{_plain_mrkdwn(card.title)}*"
        for name, value in card.rows:
            row = f"\n{_plain_mrkdwn(name)}: {''.join(map(_mrkdwn, value))}"
            shown += row if len(shown) + len(row) <= MOST_OF_A_CARD else ""
        self.left -= len(shown)
        return shown

    def _preformatted(self, text: str) -> Block | None:
        shown = self._take(text)
        return _rich_text("rich_text_preformatted", [{"type": "text", "text": shown}]) if shown else None

    def _take(self, text: str) -> str:
        """As much of a text as there is room for."""
        shown = _cut(text, min(MOST_OF_A_TEXT, self.left)) if self.left > 0 else ""
        self.left -= len(shown)
        return shown


def _rich_text(kind: str, elements: list[Block]) -> Block:
    return {"type": "rich_text", "elements": [{"type": kind, "elements": elements}]}


def _italic(span: Span) -> Span:
    return Span(span.text, Style.ITALIC, span.time) if span.style is Style.PLAIN else span


def _plain_mrkdwn(text: str) -> str:
    return escape(_cut(text, 300).translate(_UNFORMATTED))


def _mrkdwn(span: Span) -> str:
    """A span in Slack's own markup. Between backticks nothing else formats, so a name there stays true."""
    if span.style is Style.CODE:
        return f"`{escape(_cut(span.text, 300).translate(_QUOTED))}`" if span.text else ""
    mark = {Style.BOLD: "*", Style.ITALIC: "_"}.get(span.style, "")
    return f"{mark}{_plain_mrkdwn(span.text)}{mark}" if span.text.strip() else span.text
