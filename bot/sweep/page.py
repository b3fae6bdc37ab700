"""The report of a sweep as one HTML page: nothing is loaded, no script, light and dark, fit for paper. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from bot.reply.words import harmless
from bot.status.model import Verdict
from bot.sweep.charts import histogram, server_bars, verdict_bar
from bot.sweep.report import TITLES, Table, heading, largest_servers, tables, verdict_counts
from bot.sweep.summary import Group, Summary

_STYLE = """
:root { color-scheme: light dark;
  --paper: #ffffff; --ink: #1b1f24; --soft: #59636e; --line: #d9dee3; --card: #f5f7f9;
  --works: #2e8b57; --works_but: #e0a100; --broken: #c9372c; --not_ours: #8b96a3; --unknown: #7a5bb5; }
@media (prefers-color-scheme: dark) { :root {
  --paper: #14181d; --ink: #e8ecf0; --soft: #9aa6b2; --line: #313942; --card: #1d232a;
  --works: #4bb37b; --works_but: #e8b931; --broken: #ef6a5e; --not_ours: #76818d; --unknown: #a68be0; } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 60rem; padding: 2rem 1.25rem 4rem; background: var(--paper); color: var(--ink);
  font: 15px/1.5 system-ui, sans-serif; }
h1 { margin: 0; font-size: 1.7rem; }
h2 { margin: 2.4rem 0 .8rem; font-size: 1.15rem; }
p { margin: .2rem 0 1.2rem; color: var(--soft); }
svg { display: block; width: 100%; height: auto; }
svg text { fill: var(--ink); font: 13px system-ui, sans-serif; }
.axis { stroke: var(--line); }
.works { fill: var(--works); } .works_but { fill: var(--works_but); } .broken { fill: var(--broken); }
.not_ours { fill: var(--not_ours); } .unknown { fill: var(--unknown); }
.tiles { display: flex; flex-wrap: wrap; gap: .75rem; margin-bottom: 1rem; }
.tile { flex: 1 1 8rem; padding: .7rem .9rem; background: var(--card); border-radius: .5rem;
  border-left: .3rem solid var(--mark); }
.tile b { display: block; font-size: 1.5rem; line-height: 1.2; font-variant-numeric: tabular-nums; }
.scroll { overflow-x: auto; }
table { width: 100%; border-collapse: collapse; font-size: 14px; }
th, td { padding: .45rem .6rem; border-bottom: 1px solid var(--line); text-align: left; vertical-align: top; }
th { color: var(--soft); font-weight: 600; }
td:last-child, th:last-child { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
td.names { padding-top: 0; text-align: left; white-space: normal; color: var(--soft); }
tr.has-names td { border-bottom: 0; }
td { overflow-wrap: break-word; }
td.names { overflow-wrap: anywhere; }
summary { cursor: pointer; color: var(--soft); }
.level { white-space: nowrap; font-weight: 600; }
.level::before { content: "● "; color: var(--mark); }
@media print { details > summary { display: none; } tr { break-inside: avoid; } }
"""
SHOWN_AT_ONCE = 5
"""Domains that are named without a click."""
_MARKS = {"error": "broken", "warning": "works_but", "info": "not_ours"}


def render_page(summary: Summary) -> str:
    """The whole page; whatever comes from outside is escaped."""
    return "".join(_page(summary))


def _page(summary: Summary) -> Iterator[str]:
    yield '<!doctype html><html lang="en"><head><meta charset="utf-8">'
    yield '<meta name="viewport" content="width=device-width, initial-scale=1">'
    yield "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">"
    yield f"<title>Mail status</title><style>{_STYLE}</style></head><body>"
    yield f"<h1>Mail status</h1><p>{_text(heading(summary))}</p>"
    yield f'<div class="tiles">{"".join(_tiles(summary))}</div>{verdict_bar(summary.verdicts)}'
    if summary.servers:
        yield f"<h2>Domains by mail server</h2>{server_bars(_shown_servers(summary))}"
    if summary.histogram:
        yield f"<h2>Days to the certificate’s end, by domains</h2>{histogram(summary.histogram)}"
    for table in tables(summary):
        yield from _table(table)
    yield "</body></html>\n"


def _tiles(summary: Summary) -> Iterator[str]:
    for verdict, count in verdict_counts(summary):
        about = f"<b>{count:,}</b>{TITLES[verdict]} · {count / summary.total:.1%}"
        yield f'<div class="tile" style="--mark: var(--{verdict.value})">{about}</div>'


def _shown_servers(summary: Summary) -> list[tuple[str, dict[Verdict, int]]]:
    return [(harmless(name, 24), verdicts) for name, verdicts in largest_servers(summary)]


def _table(table: Table) -> Iterator[str]:
    yield f"<h2>{_text(table.title)}</h2>"
    if not table.rows:
        yield "<p>None.</p>"
        return
    head = "".join(f"<th>{_text(title)}</th>" for title in table.head)
    yield f'<div class="scroll"><table><thead><tr>{head}</tr></thead><tbody>'
    for cells, group in table.rows:
        yield from _row(table, cells, group)
    yield "</tbody></table></div>"


def _row(table: Table, cells: tuple[str, ...], group: Group) -> Iterator[str]:
    kind = ' class="has-names"' if group.domains else ""
    yield f"<tr{kind}>{''.join(_cell(title, cell) for title, cell in zip(table.head, cells, strict=True))}</tr>"
    if group.domains:
        rest = f" … and {group.count - len(group.domains):,} more" if group.count > len(group.domains) else ""
        names = _text(", ".join(map(harmless, group.domains)), 20_000) + rest
        is_short = group.count <= SHOWN_AT_ONCE
        which = names if is_short else f"<details><summary>which</summary>{names}</details>"
        yield f'<tr><td class="names" colspan="{len(cells)}">{which}</td></tr>'


def _cell(title: str, cell: str) -> str:
    if title == "level":
        return f'<td class="level" style="--mark: var(--{_MARKS[cell]})">{_text(cell)}</td>'
    return f"<td>{_text(cell)}</td>"


def _text(text: str, limit: int = 400) -> str:
    return escape(harmless(text, limit))
