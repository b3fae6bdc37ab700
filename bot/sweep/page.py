"""The report of a sweep as one HTML page: nothing is loaded, no script, light and dark, fit for paper. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from bot.reply.words import Words, harmless, words
from bot.sweep.charts import bars, histogram, server_bars, verdict_bar
from bot.sweep.report import (
    KINDS,
    Row,
    Table,
    change_bars,
    code_bars,
    day_bars,
    heading,
    server_rows,
    share,
    tables,
    verdict_counts,
)
from bot.sweep.summary import Group, Summary

_STYLE = """
:root { color-scheme: light dark;
  --paper: #ffffff; --ink: #1b1f24; --soft: #59636e; --line: #d9dee3; --card: #f5f7f9;
  --works: #2e8b57; --works_but: #e0a100; --broken: #c9372c; --not_ours: #8b96a3; --unknown: #7a5bb5;
  --moved: #3b78c2; }
@media (prefers-color-scheme: dark) { :root {
  --paper: #14181d; --ink: #e8ecf0; --soft: #9aa6b2; --line: #313942; --card: #1d232a;
  --works: #4bb37b; --works_but: #e8b931; --broken: #ef6a5e; --not_ours: #76818d; --unknown: #a68be0;
  --moved: #6ba3e6; } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 60rem; padding: 2rem 1.25rem 4rem; background: var(--paper); color: var(--ink);
  font: 15px/1.5 system-ui, sans-serif; }
h1 { margin: 0; font-size: 1.9rem; line-height: 1.25; }
h2 { margin: 2.4rem 0 .8rem; font-size: 1.15rem; break-after: avoid; }
p { margin: .2rem 0 1.4rem; color: var(--soft); }
.chart, .scroll { overflow-x: auto; }
svg { display: block; width: 100%; min-width: 34rem; height: auto; }
svg text { fill: var(--ink); font: 13px system-ui, sans-serif; font-variant-numeric: tabular-nums; }
.axis { stroke: var(--line); }
.works { fill: var(--works); } .works_but { fill: var(--works_but); } .broken { fill: var(--broken); }
.not_ours { fill: var(--not_ours); } .unknown { fill: var(--unknown); } .moved { fill: var(--moved); }
.tiles { display: flex; flex-wrap: wrap; gap: .75rem; margin-bottom: 1rem; }
.tile { flex: 1 1 8rem; padding: .7rem .9rem; background: var(--card); border-radius: .5rem;
  border-left: .3rem solid var(--mark); }
.tile b { display: block; font-size: 1.6rem; line-height: 1.2; font-variant-numeric: tabular-nums; }
.tile span { display: flex; flex-wrap: wrap; justify-content: space-between; gap: 0 .5rem; }
.tile i { color: var(--soft); font-style: normal; font-variant-numeric: tabular-nums; }
table { width: 100%; border-collapse: collapse; font-size: 14px; }
th, td { padding: .45rem .6rem; border-bottom: 1px solid var(--line); text-align: left; vertical-align: top; }
th:first-child, td:first-child { padding-left: 0; }
th { color: var(--soft); font-weight: 600; }
td { overflow-wrap: break-word; }
td:last-child, th:last-child { padding-right: 0; text-align: right; font-variant-numeric: tabular-nums;
  white-space: nowrap; }
.graded td:first-child { white-space: nowrap; font-weight: 600; }
.graded td:first-child::before { content: "● "; color: var(--mark); }
.graded td:nth-child(3) { min-width: 16rem; }
.graded td:nth-child(4) { color: var(--soft); font: 12px/1.7 ui-monospace, monospace; }
.names { margin-top: .15rem; color: var(--soft); font-size: 13px; overflow-wrap: anywhere; }
.names span { display: inline-block; max-width: 100%; }
summary { cursor: pointer; }
@media print {
  body { padding: 0; font-size: 11pt; }
  * { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  tr, .chart, .tile { break-inside: avoid; }
  svg { min-width: 0; }
  @supports selector(::details-content) {
    details::details-content { content-visibility: visible; block-size: auto; }
    summary { display: none; }
  }
}
"""
SHOWN_AT_ONCE = 5
"""Domains that are named without a click."""


def render_page(summary: Summary, language: str) -> str:
    """The whole page; whatever comes from outside is escaped."""
    return "".join(_page(summary, words(language)))


def _page(summary: Summary, said: Words) -> Iterator[str]:
    title = _text(said.text("sweep.title"))
    yield f'<!doctype html><html lang="{said.language}"><head><meta charset="utf-8">'
    yield '<meta name="viewport" content="width=device-width, initial-scale=1">'
    yield "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">"
    yield f"<title>{title}</title><style>{_STYLE}</style></head><body>"
    yield f"<h1>{title}</h1><p>{_text(heading(summary, said))}</p>"
    yield f'<div class="tiles">{"".join(_tiles(summary, said))}</div>{verdict_bar(summary.verdicts, said)}'
    yield from _charts(summary, said)
    for table in tables(summary, said):
        yield from _table(table, said)
    yield "</body></html>\n"


def _tiles(summary: Summary, said: Words) -> Iterator[str]:
    for verdict, count in verdict_counts(summary):
        part, word = share(count, summary.total, said), said.text(f"status.word_{verdict}")
        about = f"<b>{said.number(count)}</b><span>{_text(word)} <i>{_text(part)}</i></span>"
        yield f'<div class="tile" style="--mark: var(--{verdict.value})">{about}</div>'


def _charts(summary: Summary, said: Words) -> Iterator[str]:
    """Those that have something to show."""
    if summary.servers:
        yield _chart("servers", server_bars(server_rows(summary, said), said), said)
    if summary.histogram:
        yield _chart("days", histogram(day_bars(summary, said), said), said)
    if codes := code_bars(summary):
        yield _chart("codes", bars(codes, said), said)
    if changes := change_bars(summary, said):
        yield _chart("changes", bars(changes, said), said)


def _chart(what: str, picture: str, said: Words) -> str:
    return f"<section><h2>{_text(said.text(f'sweep.{what}'))}</h2>{picture}</section>"


def _table(table: Table, said: Words) -> Iterator[str]:
    yield f"<h2>{_text(table.title)}</h2>"
    if not table.rows:
        yield f"<p>{_text(said.text('sweep.none'))}</p>"
        return
    head = "".join(f"<th>{_text(title)}</th>" for title in table.head)
    yield f'<div class="scroll"><table><thead><tr>{head}</tr></thead><tbody>'
    for row in table.rows:
        yield _row(row, table.named, said)
    yield "</tbody></table></div>"


def _row(row: Row, named: int, said: Words) -> str:
    cells = [_text(cell) for cell in row.cells]
    cells[named] += _names(row.group, said)
    kind = f' class="graded" style="--mark: var(--{KINDS[row.level]})"' if row.level else ""
    return f"<tr{kind}>{''.join(f'<td>{cell}</td>' for cell in cells)}</tr>"


def _names(group: Group, said: Words) -> str:
    """The domains of a group: a few at once, many behind a click, and how many are not named."""
    if not group.domains:
        return ""
    left = group.count - len(group.domains)
    rest = f" {_text(said.text('sweep.more', count=said.number(left)))}" if left else ""
    names = ", ".join(f"<span>{_text(domain, 120)}</span>" for domain in group.domains) + rest
    if group.count > SHOWN_AT_ONCE:
        names = f"<details><summary>{_text(said.text('sweep.which'))}</summary>{names}</details>"
    return f'<div class="names">{names}</div>'


def _text(text: str, limit: int = 400) -> str:
    return escape(harmless(text, limit))
