"""The report of a sweep: what is in it, in order; drawn as Markdown here, as a page in `bot.sweep.page`. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from bot.reply.words import harmless
from bot.status.model import Verdict
from bot.sweep.expect import Place
from bot.sweep.summary import Cause, Group, Summary

MOST_SERVERS, MOST_CAUSES = 30, 200
TITLES = {
    Verdict.WORKS: "works",
    Verdict.WORKS_BUT: "works, but",
    Verdict.BROKEN: "broken",
    Verdict.NOT_OURS: "not with us",
    Verdict.UNKNOWN: "not found out",
}
_NAMED = 10
_WIDTH = 30
_MARKUP = re.compile(r"([\\`*_\[\]|~#!])")


K = TypeVar("K")
Row = tuple[tuple[str, ...], Group]
"""The cells of a row, and the domains it is about."""


@dataclass(frozen=True, slots=True)
class Table:
    """A table of the report."""

    title: str
    head: tuple[str, ...]
    rows: tuple[Row, ...]


def render_markdown(summary: Summary) -> str:
    """The report as Markdown, with bars of text; whatever comes from outside can neither format nor link."""
    return "\n".join(_markdown(summary)) + "\n"


def heading(summary: Summary) -> str:
    """When and how many."""
    how = ", by DNS rows alone" if summary.dns_only else ""
    beside = f"; compared with {summary.compared_with}" if summary.compared_with else ""
    return f"{summary.total:,} domains, {summary.taken_at:%d %B %Y, %H:%M} UTC{how}{beside}"


def verdict_counts(summary: Summary) -> list[tuple[Verdict, int]]:
    """The verdicts there are."""
    return [(verdict, summary.verdicts[verdict]) for verdict in Verdict if summary.verdicts[verdict]]


def tables(summary: Summary) -> Iterator[Table]:
    """What is told in tables: where domains are expected, what was found, what changed."""
    if summary.places:
        places = tuple(_place(place, count) for place, count in summary.places.most_common())
        yield Table("Where the domains are", ("state", "domains"), places)
    causes = summary.worst_causes
    title = "Findings" if len(causes) <= MOST_CAUSES else f"The first {MOST_CAUSES} of {len(causes):,} findings"
    found = tuple(_cause(cause, group, summary.examples[cause]) for cause, group in causes[:MOST_CAUSES])
    yield Table(title, ("level", "finding", "server", "for example", "domains"), found)
    if summary.compared_with:
        yield Table("Moved since then", ("from", "to", "domains"), tuple(_moves(summary)))
        yield Table("Otherwise changed since then", ("before", "now", "domains"), tuple(_turns(summary)))


def largest_servers(summary: Summary) -> list[tuple[str, dict[Verdict, int]]]:
    """Domains and verdicts by server, the smallest ones together in the last line."""
    servers = [(name, dict(verdicts)) for name, verdicts in summary.largest_servers]
    first, rest = servers[:MOST_SERVERS], servers[MOST_SERVERS:]
    if rest:
        together = {verdict: sum(verdicts.get(verdict, 0) for _, verdicts in rest) for verdict in Verdict}
        first.append((f"{len(rest):,} others", together))
    return first


def _place(place: Place, count: int) -> Row:
    return (place.value.replace("_", " "), f"{count:,}"), Group()


def _cause(cause: Cause, group: Group, example: str) -> Row:
    return (cause.level.value, cause.code, cause.server or "–", example, f"{group.count:,}"), group


def _moves(summary: Summary) -> Iterator[Row]:
    for (before, after), group in _largest(summary.moves):
        yield (before or "nowhere of ours", after or "nowhere of ours", f"{group.count:,}"), group


def _turns(summary: Summary) -> Iterator[Row]:
    for (before, after), group in _largest(summary.turns):
        yield (TITLES[before] if before else "new here", TITLES[after], f"{group.count:,}"), group


def _largest(groups: Mapping[K, Group]) -> list[tuple[K, Group]]:
    return sorted(groups.items(), key=lambda item: (-item[1].count, str(item[0])))


def _markdown(summary: Summary) -> Iterator[str]:
    yield from ("# Mail status", "", _escape(heading(summary)), "")
    yield from _bars("verdict", [(TITLES[verdict], count) for verdict, count in verdict_counts(summary)])
    yield from ("## Domains by mail server", "")
    yield from _bars("server", [(name, sum(verdicts.values())) for name, verdicts in largest_servers(summary)])
    if summary.histogram:
        yield from ("## Days to the certificate's end", "")
        yield from _bars("days", summary.histogram)
    for table in tables(summary):
        yield from (f"## {table.title}", "")
        yield from _table(table)


def _bars(what: str, figures: Sequence[tuple[str, int]]) -> Iterator[str]:
    most = max((count for _, count in figures), default=0) or 1
    yield from (f"| {what} | domains | |", "|---|--:|---|")
    for name, count in figures:
        yield f"| {_escape(name)} | {count:,} | {'█' * -(-count * _WIDTH // most)} |"
    yield ""


def _table(table: Table) -> Iterator[str]:
    if not table.rows:
        yield from ("None.", "")
        return
    yield f"| {' | '.join((*table.head, ''))} |"
    yield "|---" * (len(table.head) + 1) + "|"
    for cells, group in table.rows:
        named = ", ".join(group.domains[:_NAMED]) + (" …" if group.count > _NAMED else "")
        yield f"| {' | '.join(map(_escape, (*cells, named)))} |"
    yield ""


def _escape(text: str) -> str:
    """Text from outside as plain text: no markup, no HTML, no link made of an address."""
    shown = _MARKUP.sub(r"\\\1", harmless(text, 400)).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return shown.replace("://", "\\://").replace("www.", "www\\.").replace("@", "\\@")
