"""Reads whole DNS records out of their zone-file text, and writes rows ready to paste."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.facts import DnsAnswer

_STRING = re.compile(r'"((?:[^"\\]|\\.)*)"')
_ESCAPE = re.compile(r"\\(\d{3}|.)")
_LONGEST_STRING = 255
TTL = 3600
"""Seconds in the rows that are offered, as the provider's own records have it."""


def texts(answer: DnsAnswer | None) -> tuple[str, ...]:
    """Every TXT record as one text: its strings are joined without a blank (RFC 7208, 3.3; RFC 6376, 3.6.2.2)."""
    return tuple("".join(map(_unescaped, _STRING.findall(value))) for value in (answer.values if answer else ()))


def _unescaped(text: str) -> str:
    return _ESCAPE.sub(lambda match: chr(int(match[1])) if match[1].isdigit() else match[1], text)


@dataclass(frozen=True, slots=True)
class Caa:
    """One CAA record (RFC 8659); `tag` in lower case."""

    is_critical: bool
    tag: str
    value: str


def parse_caa(text: str) -> Caa:
    """Read `0 issue "letsencrypt.org"`."""
    flags, tag, value = text.split(" ", 2)
    return Caa(bool(int(flags) & 128), tag.lower(), _unescaped(value[1:-1]))


@dataclass(frozen=True, slots=True)
class Srv:
    """One SRV record (RFC 2782), without its weight; `target` is "" where the service is said not to be there."""

    priority: int
    port: int
    target: str


def parse_srv(text: str) -> Srv:
    """Read `0 1 993 mail.example.cz.`."""
    priority, _, port, target = text.split(" ", 3)
    return Srv(int(priority), int(port), target.rstrip("."))


def txt_row(name: str, text: str) -> str:
    """A complete TXT row; a long text in several strings."""
    escaped = "".join(_escaped(character) for character in text)
    pieces = re.findall(rf"(?:\\\d{{3}}|\\.|[^\\]){{1,{_LONGEST_STRING}}}", escaped)
    return row(name, "TXT", " ".join(f'"{piece}"' for piece in pieces))


def _escaped(character: str) -> str:
    if character in '"\\':
        return "\\" + character
    return character if " " <= character <= "~" else f"\\{ord(character):03}"


def row(name: str, rtype: str, data: str) -> str:
    """A complete row of a zone file."""
    return f"{name}. {TTL} IN {rtype} {data}"
