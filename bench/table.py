"""Figures measured in turn, and the table they are printed in."""

from __future__ import annotations

import statistics
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Line:
    """One figure. `floor` is what it is compared with; the goal is for the ratio, or for the value itself.

    A goal is an upper bound, unless `is_goal_least`.
    """

    what: str
    value: float
    unit: str
    floor: float | None = None
    beside: str = ""
    goal: float | None = None
    is_goal_of_ratio: bool = False
    is_goal_least: bool = False

    @property
    def ratio(self) -> float | None:
        """The value by its floor."""
        return self.value / self.floor if self.floor else None

    @property
    def verdict(self) -> str:
        """The goal, and whether it was met."""
        measured = self.ratio if self.is_goal_of_ratio else self.value
        if self.goal is None or measured is None:
            return ""
        is_met = measured >= self.goal if self.is_goal_least else measured <= self.goal
        bound = f"{'>=' if self.is_goal_least else '<='} {self.goal:g}{' x' if self.is_goal_of_ratio else ''}"
        return f"{bound} {'ok' if is_met else 'MISSED'}"

    @property
    def cells(self) -> tuple[str, ...]:
        """The line as text, cell by cell."""
        floor = f"{_short(self.floor)} {self.beside}" if self.floor is not None else self.beside
        ratio = f"{self.ratio:.2f}" if self.ratio is not None else ""
        return self.what, f"{_short(self.value)} {self.unit}", floor, ratio, self.verdict


HEAD = ("figure", "measured", "beside", "ratio", "goal")


def print_table(title: str, lines: Sequence[Line]) -> None:
    """Print a table in plain columns."""
    rows = [HEAD, *(line.cells for line in lines)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(HEAD))]
    print(f"\n{title}")
    for row in rows:
        print("  " + "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip(), flush=True)


def percentile(values: Sequence[float], share: float) -> float:
    """The value that this share of all values does not exceed."""
    return sorted(values)[min(len(values) - 1, int(share * len(values)))]


Measure = Callable[[], Awaitable[tuple[float, ...]]]


async def in_turn(rounds: int, *measures: Measure) -> list[tuple[float, ...]]:
    """Run each once a round, A B A B, so that a machine that changes its speed changes it for all; medians.

    The first round warms up and does not count.
    """
    taken: list[list[tuple[float, ...]]] = [[] for _ in measures]
    for number in range(rounds + 1):
        for measure, values in zip(measures, taken, strict=True):
            figures = await measure()
            if number:
                values.append(figures)
    return [tuple(map(statistics.median, zip(*values, strict=True))) for values in taken]


def _short(value: float | None) -> str:
    return "" if value is None else f"{value:,.0f}" if value >= 1000 else f"{value:.3g}"
