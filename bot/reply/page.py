"""A reply before it takes a shape: titled parts of styled text that Slack's blocks and the terminal both draw."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Style(StrEnum):
    """How a piece of text stands out."""

    PLAIN = "plain"
    BOLD = "bold"
    ITALIC = "italic"
    CODE = "code"


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of text in one style; `time` marks a moment to show in the reader's own time zone."""

    text: str
    style: Style = Style.PLAIN
    time: datetime | None = None


Line = tuple[Span, ...]


def plain(line: Line) -> str:
    """The text of a line without its styles."""
    return "".join(span.text for span in line)


@dataclass(frozen=True, slots=True)
class Card:
    """A titled list of names and values, such as the settings of one server."""

    title: str
    rows: tuple[tuple[str, Line], ...]


@dataclass(frozen=True, slots=True)
class Page:
    """A reply: the title, the verdict, what must be read first, the settings side by side, explanations, the proof.

    `summary` is the whole result in one sentence: for notifications and screen readers.
    """

    title: str
    verdict: Line
    summary: str
    first: tuple[Line, ...] = ()
    cards: tuple[Card, ...] = ()
    lines: tuple[Line, ...] = ()
    warnings: tuple[Line, ...] = ()
    evidence: tuple[Line, ...] = ()
    preformatted: str = ""
