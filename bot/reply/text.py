"""Pages for the terminal: the same words, with colours only where they are wanted."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from datetime import tzinfo
from itertools import zip_longest

from bot.reply.page import Card, Line, Page, Span, Style, plain

_GLUE = "\ue000"
"""Stands for a blank that no line may end at; words from outside hold no such character."""
_COLOURS = {Style.BOLD: "1", Style.CODE: "36", Style.ITALIC: "3"}


def render_text(page: Page, *, zone: tzinfo | None = None, colour: bool = False, width: int = 100) -> str:
    """Draw a page as text; moments are shown in `zone` (None: as they are, in UTC)."""
    return "\n".join(_TextPage(zone, colour, max(40, width)).lines(page)) + "\n"


class _TextPage:
    def __init__(self, zone: tzinfo | None, colour: bool, width: int) -> None:
        self.zone, self.colour, self.width = zone, colour, width

    def lines(self, page: Page) -> Iterator[str]:
        yield self._styled(page.title, Style.BOLD)
        yield from self._wrapped(page.verdict)
        for line in page.first:
            yield from self._wrapped(line)
        if page.cards:
            yield ""
            yield from self._cards(page.cards)
            yield ""
        for line in page.lines:
            yield from self._wrapped(line)
        for line in page.warnings:
            yield from self._wrapped(line, "⚠️ ")
        for line in page.evidence:
            yield from self._wrapped(line, "· ")
        if page.preformatted:
            yield ""
            yield page.preformatted

    def _cards(self, cards: tuple[Card, ...]) -> Iterator[str]:
        """The cards one under the other, their names in one column."""
        indent = max(len(name) for card in cards for name, _ in card.rows) + 2
        for card, after in zip_longest(cards, cards[1:]):
            yield self._styled(card.title, Style.BOLD)
            for name, value in card.rows:
                yield f"  {name:<{indent}}{self._drawn(value)}"
            if after:
                yield ""

    def _wrapped(self, line: Line, mark: str = "") -> Iterator[str]:
        """A line broken at the width, never within what is to be copied; styles are drawn only in whole lines."""
        line = self._local(line)
        if len(mark + plain(line)) <= self.width:
            yield mark + self._drawn(line)
            return
        glued = "".join(s.text.replace(" ", _GLUE) if s.style is Style.CODE else s.text for s in line)
        how = textwrap.TextWrapper(
            self.width, subsequent_indent=" " * len(mark), break_long_words=False, break_on_hyphens=False
        )
        yield from (piece.replace(_GLUE, " ") for piece in how.wrap(mark + glued))

    def _drawn(self, line: Line) -> str:
        return "".join(self._styled(span.text, span.style) for span in self._local(line))

    def _local(self, line: Line) -> Line:
        return tuple(
            Span(f"{span.time.astimezone(self.zone):%H:%M}", span.style) if span.time and self.zone else span
            for span in line
        )

    def _styled(self, text: str, style: Style) -> str:
        code = _COLOURS.get(style)
        return f"\x1b[{code}m{text}\x1b[0m" if self.colour and code else text
