"""Pictures of a sweep as SVG: plain bars whose colours come from the page's style. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape

from bot.reply.words import Words
from bot.status.model import Verdict

WIDTH = 760
_LABEL, _COUNT = 250, 70
"""Room for the words left of bars, and for the figures right of them."""
_ROW, _BAR = 26, 16
_HEIGHT, _FOOT = 150, 22

Counts = Mapping[Verdict, int]


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar with the words beside it; `kind` is its colour in the page's style."""

    label: str
    count: int
    kind: str


def verdict_bar(verdicts: Counts, said: Words) -> str:
    """One bar for all domains, a piece for each verdict."""
    total = sum(verdicts.values())
    return _svg(28, _pieces(verdicts, (0, 4, 20), WIDTH / total, said) if total else ())


def server_bars(servers: Sequence[tuple[str, Counts]], said: Words) -> str:
    """A bar for each server, its pieces by verdict; names from outside are escaped."""
    totals = [sum(verdicts.values()) for _, verdicts in servers]
    scale = _scale(totals)
    parts = _labelled([(name, total) for (name, _), total in zip(servers, totals, strict=True)], scale, said)
    for number, (_, verdicts) in enumerate(servers):
        parts += _pieces(verdicts, (_LABEL, number * _ROW + 5, _BAR), scale, said)
    return _svg(_ROW * len(servers), parts)


def bars(rows: Sequence[Bar], said: Words) -> str:
    """A bar of one colour for each row; labels from outside are escaped."""
    scale = _scale([row.count for row in rows])
    parts = _labelled([(row.label, row.count) for row in rows], scale, said)
    for number, row in enumerate(rows):
        width = row.count * scale
        parts.append(
            _rect(row.kind, (_LABEL, number * _ROW + 5, width, _BAR), f"{row.label}: {said.number(row.count)}")
        )
    return _svg(_ROW * len(rows), parts)


def histogram(steps: Sequence[Bar], said: Words) -> str:
    """Upright bars, the words below them."""
    most, width = max((step.count for step in steps), default=0) or 1, WIDTH / max(1, len(steps))
    parts = [f'<line class="axis" x1="0" x2="{WIDTH}" y1="{_HEIGHT}" y2="{_HEIGHT}"/>']
    for number, step in enumerate(steps):
        high, middle = step.count / most * (_HEIGHT - 24), (number + 0.5) * width
        count = said.number(step.count)
        place = (middle - width * 0.36, _HEIGHT - high, width * 0.72, high)
        parts.append(_rect(step.kind, place, f"{step.label}: {count}"))
        parts.append(_text(middle, _HEIGHT - high - 6, count if step.count else "", "middle"))
        parts.append(_text(middle, _HEIGHT + 17, step.label, "middle"))
    return _svg(_HEIGHT + _FOOT, parts)


def _scale(counts: Sequence[int]) -> float:
    return (WIDTH - _LABEL - _COUNT) / max((*counts, 1))


def _labelled(rows: Sequence[tuple[str, int]], scale: float, said: Words) -> list[str]:
    """The words on both sides of bars."""
    parts = []
    for number, (label, count) in enumerate(rows):
        base = number * _ROW + 17
        parts.append(_text(_LABEL - 10, base, label, "end"))
        parts.append(_text(_LABEL + count * scale + 8, base, said.number(count), "start"))
    return parts


def _pieces(verdicts: Counts, start: tuple[float, float, float], scale: float, said: Words) -> Iterator[str]:
    """The pieces of a bar that begins at `start`: left, top, and its height."""
    left, top, height = start
    for verdict in Verdict:
        if count := verdicts.get(verdict, 0):
            title = f"{said.text(f'status.word_{verdict}')}: {said.number(count)}"
            yield _rect(verdict.value, (left, top, count * scale, height), title)
            left += count * scale


def _rect(kind: str, place: tuple[float, float, float, float], title: str) -> str:
    x, y, width, height = place
    return (
        f'<rect class="{kind}" x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}">'
        f"<title>{escape(title)}</title></rect>"
    )


def _text(x: float, y: float, text: str, anchor: str) -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{escape(text)}</text>' if text else ""


def _svg(height: int, parts: Iterator[str] | Sequence[str]) -> str:
    """A picture; the heading above it says what it is of."""
    return f'<div class="chart"><svg viewBox="0 0 {WIDTH} {height}">{"".join(parts)}</svg></div>'
