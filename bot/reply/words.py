"""The words of answers, by language: TOML files whose templates are styled before anything is filled in.

In a template `x` is code and *x* is bold. Placeholders are filled afterwards, so text from outside can neither
format nor hide anything.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Mapping
from datetime import date, datetime
from functools import cache
from importlib import resources
from typing import Any

from bot.reply.page import Line, Span, Style

MAX_PARAMETER = 120

_MARKED = re.compile(r"(`[^`]+`|\*[^*]+\*)")
_PLACEHOLDER = re.compile(r"(\{\w+\})")
_INVISIBLE = ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")

Value = str | int | float | date


def harmless(text: str, limit: int = MAX_PARAMETER) -> str:
    """Text from outside made safe to show: nothing invisible, nothing that turns the line, not endless."""
    shown = "".join("\ufffd" if unicodedata.category(c) in _INVISIBLE else c for c in text[: limit + 1])
    return shown[: limit - 1] + "…" if len(shown) > limit else shown


class Words:
    """The wording in one language."""

    def __init__(self, language: str, templates: Mapping[str, str]) -> None:
        self.language = language
        self.templates = templates

    def text(self, key: str, **params: Value) -> str:
        """A sentence without styles. Raises KeyError for an unknown key: a bug."""
        return "".join(span.text for span in self.line(key, **params))

    def line(self, key: str, **params: Value) -> Line:
        """A sentence in styled pieces; a datetime parameter keeps its moment for the reader's own time zone."""
        spans: list[Span] = []
        for piece in filter(None, _MARKED.split(self.templates[key])):
            style = {"`": Style.CODE, "*": Style.BOLD}.get(piece[0], Style.PLAIN) if _MARKED.fullmatch(piece) else None
            inner = piece[1:-1] if style else piece
            spans += self._filled(inner, style or Style.PLAIN, params)
        return tuple(spans)

    def has(self, key: str) -> bool:
        """True when there is such a sentence."""
        return key in self.templates

    def day(self, day: date) -> str:
        """A day as people of this language write it."""
        months = self.templates["format.months"].split()
        month = months[day.month - 1] if months else str(day.month)
        return self.templates["format.date"].format(day=day.day, month=month, year=day.year)

    def number(self, count: int) -> str:
        """A whole number as people of this language write it."""
        return f"{count:,}".replace(",", self.templates["format.thousand"][1])

    def _filled(self, template: str, style: Style, params: Mapping[str, Value]) -> list[Span]:
        spans = []
        for piece in filter(None, _PLACEHOLDER.split(template)):
            value = params[piece[1:-1]] if _PLACEHOLDER.fullmatch(piece) else None
            if isinstance(value, datetime):
                spans.append(Span(f"{value:%H:%M} UTC", style, value))
            else:
                spans.append(Span(piece if value is None else self._shown(value), style))
        return _joined(spans)

    def _shown(self, value: Value) -> str:
        return self.day(value) if isinstance(value, date) else harmless(str(value), 600)


def _joined(spans: list[Span]) -> list[Span]:
    joined: list[Span] = []
    for span in spans:
        if joined and joined[-1].style is span.style and joined[-1].time is span.time is None:
            joined[-1] = Span(joined[-1].text + span.text, span.style)
        else:
            joined.append(span)
    return joined


@cache
def words(language: str) -> Words:
    """The wording of a language: every TOML file of its folder, keys joined by dots."""
    folder = resources.files("bot.locale").joinpath(language)
    files = [file for file in folder.iterdir() if file.name.endswith(".toml")]
    templates: dict[str, str] = {}
    for file in sorted(files, key=lambda file: file.name):
        templates |= _flat(tomllib.loads(file.read_text("utf-8")), "")
    return Words(language, templates)


def _flat(table: Mapping[str, Any], prefix: str) -> dict[str, str]:
    flat: dict[str, str] = {}
    for key, value in table.items():
        flat |= _flat(value, f"{prefix}{key}.") if isinstance(value, dict) else {f"{prefix}{key}": str(value)}
    return flat
