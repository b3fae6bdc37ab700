"""Pictures of a sweep as SVG: plain bars whose colours come from the page's style. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from html import escape

from bot.status.model import Verdict

WIDTH = 760
_LABEL, _COUNT = 190, 70
"""Room for the words left of bars, and for the figures right of them."""
_ROW, _BAR = 26, 16
_HEIGHT, _FOOT = 150, 22


def verdict_bar(verdicts: Mapping[Verdict, int]) -> str:
    """One bar for all domains, a piece for each verdict."""
    total = sum(verdicts.values())
    return _svg(28, _pieces(verdicts, 0, 4, WIDTH / total, 20) if total else (), "Domains by verdict")


def server_bars(servers: Sequence[tuple[str, Mapping[Verdict, int]]]) -> str:
    """A bar for each server, its pieces by verdict; names from outside are escaped."""
    most = max((sum(verdicts.values()) for _, verdicts in servers), default=1)
    scale = (WIDTH - _LABEL - _COUNT) / most
    return _svg(_ROW * len(servers), _server_rows(servers, scale), "Domains by mail server")


def histogram(steps: Sequence[tuple[str, int]]) -> str:
    """Upright bars; the first three are those one has to act on."""
    return _svg(_HEIGHT + _FOOT, _columns(steps), "Domains by days to the certificate's end")


def _server_rows(servers: Sequence[tuple[str, Mapping[Verdict, int]]], scale: float) -> Iterator[str]:
    for number, (name, verdicts) in enumerate(servers):
        top, total = number * _ROW, sum(verdicts.values())
        yield _text(_LABEL - 10, top + 17, name, "end")
        yield from _pieces(verdicts, _LABEL, top + 5, scale, _BAR)
        yield _text(_LABEL + total * scale + 8, top + 17, f"{total:,}", "start")


def _pieces(verdicts: Mapping[Verdict, int], left: float, top: float, scale: float, height: int) -> Iterator[str]:
    for verdict in Verdict:
        if count := verdicts.get(verdict, 0):
            yield (
                f'<rect class="{verdict.value}" x="{left:.1f}" y="{top}" width="{count * scale:.1f}" height="{height}">'
                f"<title>{verdict.value.replace('_', ' ')}: {count:,}</title></rect>"
            )
            left += count * scale


def _columns(steps: Sequence[tuple[str, int]]) -> Iterator[str]:
    most, width = max((count for _, count in steps), default=0) or 1, WIDTH / max(1, len(steps))
    for number, (title, count) in enumerate(steps):
        high = count / most * (_HEIGHT - 24)
        kind = ("broken", "works_but", "works_but")[number] if number < 3 else "works"
        middle = (number + 0.5) * width
        yield (
            f'<rect class="{kind}" x="{middle - width * 0.36:.1f}" y="{_HEIGHT - high:.1f}" '
            f'width="{width * 0.72:.1f}" height="{high:.1f}"><title>{escape(title)}: {count:,}</title></rect>'
        )
        yield _text(middle, _HEIGHT - high - 6, f"{count:,}" if count else "", "middle")
        yield _text(middle, _HEIGHT + 17, title, "middle")
    yield f'<line class="axis" x1="0" x2="{WIDTH}" y1="{_HEIGHT}" y2="{_HEIGHT}"/>'


def _text(x: float, y: float, text: str, anchor: str) -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{escape(text)}</text>' if text else ""


def _svg(height: int, parts: Iterator[str] | tuple[()], title: str) -> str:
    body = "".join(parts)
    return f'<svg viewBox="0 0 {WIDTH} {height}" role="img" aria-label="{title}">{body}</svg>'
