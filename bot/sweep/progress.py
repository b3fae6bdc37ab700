"""How far a sweep has come: a bar on a terminal, a plain line now and then elsewhere."""

from __future__ import annotations

import asyncio
import shutil
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TextIO

from bot.status.model import Verdict

REDRAWN_EVERY, TOLD_EVERY = 0.2, 30.0
"""Seconds between two states of the bar, and between two plain lines."""
_BAR = 24
_CLEAR = "\r\x1b[K"
_SHORT = {
    Verdict.WORKS: "work",
    Verdict.WORKS_BUT: "work, but",
    Verdict.BROKEN: "broken",
    Verdict.NOT_OURS: "not ours",
    Verdict.UNKNOWN: "unknown",
}


@dataclass(frozen=True, slots=True)
class State:
    """`done` domains in `seconds`, of them by verdict; `share` of the input is done, None where it has no known end."""

    done: int
    seconds: float
    share: float | None
    verdicts: Mapping[Verdict, int]

    @property
    def rate(self) -> float:
        """Domains a second."""
        return self.done / self.seconds if self.seconds else 0.0

    @property
    def left(self) -> float | None:
        """Seconds that the rest will take if it goes on like this."""
        return self.seconds * (1 - self.share) / self.share if self.share and self.done else None


def render_line(state: State) -> str:
    """The state in words."""
    parts = [f"{state.done:,} domains"]
    if state.share is not None:
        parts.append(f"{state.share:.0%}")
    parts.append(f"{state.rate:.3g}/s" if state.rate < 100 else f"{state.rate:,.0f}/s")
    if state.left is not None and state.share != 1:
        parts.append(f"{render_time(state.left)} left")
    return "  ".join((*parts, render_verdicts(state.verdicts))).rstrip()


def render_bar(state: State, width: int) -> str:
    """The state as one line for a terminal of this width."""
    bar = ""
    if state.share is not None:
        full = round(_BAR * state.share)
        bar = f"[{'█' * full}{'·' * (_BAR - full)}] "
    return (bar + render_line(state))[: width - 1]


def render_verdicts(verdicts: Mapping[Verdict, int]) -> str:
    """The verdicts there are, with how many of each."""
    return " · ".join(f"{verdicts[verdict]:,} {_SHORT[verdict]}" for verdict in Verdict if verdicts.get(verdict))


def render_time(seconds: float) -> str:
    """`45 s`, `12 min`, `3 h 05 min`."""
    if seconds < 60:
        return f"{seconds:.0f} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 60 else f"{minutes // 60} h {minutes % 60:02} min"


class Progress:
    """Shows states on standard error. `tell` writes a line of its own without spoiling the bar."""

    def __init__(
        self, state: Callable[[float], State], stream: TextIO = sys.stderr, *, told_every: float = TOLD_EVERY
    ) -> None:
        self._state, self._stream, self._told_every = state, stream, told_every
        self._is_terminal = stream.isatty()
        self._start = time.monotonic()

    async def run(self) -> None:
        """Show the state again and again, until it is cancelled."""
        while True:
            await asyncio.sleep(REDRAWN_EVERY if self._is_terminal else self._told_every)
            state = self._state(time.monotonic() - self._start)
            if self._is_terminal:
                self._put(_CLEAR + render_bar(state, shutil.get_terminal_size().columns))
            else:
                self.tell(render_line(state))

    def tell(self, text: str) -> None:
        """Write a line."""
        self._put(f"{_CLEAR if self._is_terminal else ''}mailbot: {text}\n")

    def close(self) -> None:
        """Take the bar away."""
        if self._is_terminal:
            self._put(_CLEAR)

    def _put(self, text: str) -> None:
        try:
            self._stream.write(text)
            self._stream.flush()
        except (OSError, ValueError):  # nobody is there to read it: the sweep goes on
            self._is_terminal = False
