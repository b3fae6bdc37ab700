"""The report of a sweep: what is in it, in order; drawn as Markdown here, as a page in `bot.sweep.page`. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TypeVar

from bot.reply.words import Words, harmless, words
from bot.status.model import Level, Verdict
from bot.sweep.charts import Bar
from bot.sweep.summary import Group, Summary

MOST_SERVERS, MOST_CAUSES, MOST_CODES, MOST_CHANGES = 30, 200, 12, 12
LONGEST_LABEL = 34
"""Letters of a name beside a bar."""
KINDS = {Level.ERROR: "broken", Level.WARNING: "works_but", Level.INFO: "not_ours"}
"""Levels have the colours of the verdicts they lead to."""
_SOON = 14
"""Days to the end of a certificate from which on somebody has to act."""
_NAMED = 10
_WIDTH = 30
_MARKUP = re.compile(r"([\\`*_\[\]|~#!])")

K = TypeVar("K")


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table and the domains it is about."""

    cells: tuple[str, ...]
    group: Group
    level: Level | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """A table of the report; the domains are named in column `named`."""

    title: str
    head: tuple[str, ...]
    rows: tuple[Row, ...]
    named: int = 0


def render_markdown(summary: Summary, language: str) -> str:
    """The report as Markdown, with bars of text; whatever comes from outside can neither format nor link."""
    return "\n".join(_markdown(summary, words(language))) + "\n"


def heading(summary: Summary, said: Words) -> str:
    """When and how many."""
    day, time = said.day(summary.taken_at.date()), f"{summary.taken_at:%H:%M}"
    parts = [said.text("sweep.heading", count=said.number(summary.total), date=day, time=time)]
    if summary.dns_only:
        parts.append(said.text("sweep.dns_only"))
    if summary.compared_with:
        parts.append(said.text("sweep.compared", name=harmless(summary.compared_with)))
    return " · ".join(parts)


def share(count: int, total: int, said: Words) -> str:
    """A part of all in whole percents; what is there is never nothing."""
    percent = round(100 * count / total)
    return said.text("sweep.share", share=f"{percent}" if percent else "<1")


def verdict_counts(summary: Summary) -> list[tuple[Verdict, int]]:
    """The verdicts there are."""
    return [(verdict, summary.verdicts[verdict]) for verdict in Verdict if summary.verdicts[verdict]]


def server_rows(summary: Summary, said: Words) -> list[tuple[str, Mapping[Verdict, int]]]:
    """Domains and verdicts by server; the smallest ones together, and last what is on none of ours."""
    servers = [(name, verdicts) for name, verdicts in summary.largest_servers if name]
    rest = servers[MOST_SERVERS:]
    rows: list[tuple[str, Mapping[Verdict, int]]] = [(_label(name), counts) for name, counts in servers[:MOST_SERVERS]]
    if rest:
        together = {verdict: sum(verdicts[verdict] for _, verdicts in rest) for verdict in Verdict}
        rows.append((said.text("sweep.others", count=said.number(len(rest))), together))
    if none := summary.servers.get(None):
        rows.append((said.text("sweep.no_server"), none))
    return rows


def day_bars(summary: Summary, said: Words) -> list[Bar]:
    """Domains by the days to the end of their certificate; what one has to act on has another colour."""
    return [
        Bar(_days(first, last, said), count, "broken" if first is None else "works_but" if first < _SOON else "works")
        for first, last, count in summary.histogram
    ]


def _days(first: int | None, last: int | None, said: Words) -> str:
    if first is None:
        return said.text("sweep.ended")
    return said.text("sweep.and_more", days=first) if last is None else f"{first}–{last}"


def code_bars(summary: Summary) -> list[Bar]:
    """The codes of findings with the most domains, worst first."""
    return [Bar(_label(code), count, KINDS[level]) for code, level, count in summary.worst_codes[:MOST_CODES]]


def change_bars(summary: Summary, said: Words) -> list[Bar]:
    """The changes with the most domains: from where to where, in the colour of what it is now."""
    moves = [(_places(move, said), group.count, "moved") for move, group in summary.moves.items()]
    turns = [(_verdicts(turn, said), group.count, turn[1].value) for turn, group in summary.turns.items()]
    rows = sorted((*moves, *turns), key=lambda row: (-row[1], row[0]))
    return [Bar(" → ".join(map(_label_of_two, sides)), count, kind) for sides, count, kind in rows[:MOST_CHANGES]]


def tables(summary: Summary, said: Words) -> Iterator[Table]:
    """What is told in tables: where domains are expected, what was found, what changed."""
    if summary.places:
        counts = summary.places.most_common()
        rows = tuple(Row((said.text(f"sweep.place.{place}"), said.number(n)), Group()) for place, n in counts)
        yield Table(said.text("sweep.places"), _head(said, "state"), rows)
    yield _findings(summary, said)
    if summary.compared_with:
        moves = tuple(_change(_places(move, said), group, said) for move, group in _largest(summary.moves))
        turns = tuple(_change(_verdicts(turn, said), group, said) for turn, group in _largest(summary.turns))
        yield Table(said.text("sweep.moved"), _head(said, "before", "now"), moves)
        yield Table(said.text("sweep.turned"), _head(said, "before", "now"), turns)


def _findings(summary: Summary, said: Words) -> Table:
    causes, title = summary.worst_causes, said.text("sweep.findings")
    if len(causes) > MOST_CAUSES:
        title = said.text("sweep.findings_first", shown=said.number(MOST_CAUSES), count=said.number(len(causes)))
    rows = []
    for cause, group in causes[:MOST_CAUSES]:
        level, example = said.text(f"sweep.level.{cause.level}"), summary.examples[cause]
        cells = (level, cause.server or "–", example, cause.code, said.number(group.count))
        rows.append(Row(cells, group, cause.level))
    return Table(title, _head(said, "level", "server", "example", "code"), tuple(rows), named=2)


def _head(said: Words, *titles: str) -> tuple[str, ...]:
    """The titles of columns, and of the last one, which counts domains."""
    return tuple(said.text(f"sweep.head.{title}") for title in (*titles, "domains"))


def _change(sides: tuple[str, str], group: Group, said: Words) -> Row:
    return Row((*sides, said.number(group.count)), group)


def _places(move: tuple[str | None, str | None], said: Words) -> tuple[str, str]:
    before, after = (server or said.text("sweep.no_server") for server in move)
    return before, after


def _verdicts(turn: tuple[Verdict | None, Verdict], said: Words) -> tuple[str, str]:
    before, after = (said.text(f"status.word_{verdict}" if verdict else "sweep.new") for verdict in turn)
    return before, after


def _largest(groups: Mapping[K, Group]) -> list[tuple[K, Group]]:
    return sorted(groups.items(), key=lambda item: (-item[1].count, str(item[0])))


def _label(text: str) -> str:
    return harmless(text, LONGEST_LABEL)


def _label_of_two(text: str) -> str:
    return harmless(text, LONGEST_LABEL // 2)


def _markdown(summary: Summary, said: Words) -> Iterator[str]:
    yield from (f"# {said.text('sweep.title')}", "", _escape(heading(summary, said)), "")
    verdicts = verdict_counts(summary)
    yield from _bars("verdict", [(said.text(f"status.word_{verdict}"), count) for verdict, count in verdicts], said)
    yield from (f"## {said.text('sweep.servers')}", "")
    yield from _bars("server", [(name, sum(counts.values())) for name, counts in server_rows(summary, said)], said)
    if summary.histogram:
        yield from (f"## {said.text('sweep.days')}", "")
        yield from _bars("days", [(bar.label, bar.count) for bar in day_bars(summary, said)], said)
    for table in tables(summary, said):
        yield from (f"## {table.title}", "")
        yield from _table(table, said)


def _bars(what: str, figures: list[tuple[str, int]], said: Words) -> Iterator[str]:
    most = max((count for _, count in figures), default=0) or 1
    yield from (f"| {' | '.join(_head(said, what))} | |", "|---|--:|---|")
    for name, count in figures:
        yield f"| {_escape(name)} | {said.number(count)} | {'█' * -(-count * _WIDTH // most)} |"
    yield ""


def _table(table: Table, said: Words) -> Iterator[str]:
    if not table.rows:
        yield from (said.text("sweep.none"), "")
        return
    *titles, count = table.head
    yield f"| {' | '.join((*titles, count))} | |"
    yield f"{'|---' * len(titles)}|--:|---|"
    for row in table.rows:
        named = ", ".join(row.group.domains[:_NAMED]) + (" …" if row.group.count > _NAMED else "")
        yield f"| {' | '.join(map(_escape, (*row.cells, named)))} |"
    yield ""


def _escape(text: str) -> str:
    """Text from outside as plain text: no markup, no HTML, no link made of an address."""
    shown = _MARKUP.sub(r"\\\1", harmless(text, 400)).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return shown.replace("://", "\\://").replace("www.", "www\\.").replace("@", "\\@")
