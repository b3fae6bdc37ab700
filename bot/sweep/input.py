"""Reads domains out of a file, one a line: cuts bytes into lines, and lines into domains and junk. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from bot.domain import DomainName, InvalidDomain, parse_domain

LONGEST_LINE = 1_000
"""Bytes of a line that are looked at: no domain, address or link worth reading is longer."""

REASONS = {
    "domain_missing": "no domain in it",
    "ip_address": "an IP address, not a domain",
    "one_label": "not a whole domain name",
    "public_suffix": "not a domain of anybody's, but an ending",
    "not_a_domain": "not a domain name",
    "too_long": "too long for a domain",
}


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the input without its end; `end` is where the next one begins, in bytes. None: it was too long."""

    number: int
    text: str | None
    end: int


class LineCutter:
    """Cuts pieces of a file into lines and holds no more of it than one line."""

    def __init__(self) -> None:
        self._rest = b""
        self._skips = False
        self._number = self._end = 0

    def feed(self, piece: bytes) -> Iterator[Line]:
        """The lines that are whole after this piece."""
        *lines, self._rest = (self._rest + piece).split(b"\n")
        for line in lines:
            yield self._line(line, 1)
        if len(self._rest) > LONGEST_LINE:
            self._end += len(self._rest)
            self._rest, self._skips = b"", True

    def finish(self) -> Iterator[Line]:
        """The last line, where no line end follows it."""
        if self._rest or self._skips:
            yield self._line(self._rest, 0)

    def _line(self, line: bytes, ending: int) -> Line:
        self._number += 1
        self._end += len(line) + ending
        is_long, self._skips = self._skips or len(line) > LONGEST_LINE, False
        return Line(self._number, None if is_long else line.decode("utf-8", "replace"), self._end)


def parse_line(text: str | None) -> DomainName | InvalidDomain | None:
    """The domain of a line; None for a blank line and a comment (from `#` at the start or after a blank)."""
    if text is None:
        return InvalidDomain("too_long", "")
    word = text.removeprefix("\ufeff").strip()
    if "#" in word:
        word = "" if word.startswith("#") else _before_comment(word)
    return parse_domain(word) if word else None


def _before_comment(word: str) -> str:
    """What stands before a `#` that follows a blank; one inside a link belongs to it."""
    for index, character in enumerate(word):
        if character == "#" and word[index - 1].isspace():
            return word[:index].strip()
    return word
