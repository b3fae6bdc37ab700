"""How far a sweep has come, in words and as a bar."""

from __future__ import annotations

import asyncio
import io

import pytest

from bot.status.model import Verdict
from bot.sweep.progress import Progress, State, render_bar, render_line, render_time
from tests.sweep.waiting import until

VERDICTS = {Verdict.WORKS: 1_200, Verdict.BROKEN: 34}


class Terminal(io.StringIO):
    """A stream that says it is a terminal; closed, it cannot be written to."""

    def isatty(self) -> bool:
        return True


def test_a_line_tells_figures() -> None:
    """Done, share, rate, the time left, verdicts."""
    line = render_line(State(1_234, 10.0, 0.25, VERDICTS))
    assert line == "1,234 domains  25%  123/s  30 s left  1,200 work · 34 broken"


def test_without_a_known_end_nothing_is_foretold() -> None:
    """Standard input has no length, and a sweep that just began no rate."""
    assert render_line(State(5, 10.0, None, {})) == "5 domains  0.5/s"
    assert render_line(State(0, 0.0, 0.0, {})) == "0 domains  0%  0/s"
    assert render_line(State(8, 4.0, 1.0, {})) == "8 domains  100%  2/s"


def test_a_bar_fits_the_terminal() -> None:
    """It fills with the share and is cut to the width."""
    bar = render_bar(State(50, 1.0, 0.5, VERDICTS), 200)
    assert (bar.count("█"), bar.count("·")) == (12, 12 + 1)
    assert len(render_bar(State(50, 1.0, 0.5, VERDICTS), 40)) == 39
    assert "[" not in render_bar(State(50, 1.0, None, VERDICTS), 200)


@pytest.mark.parametrize(
    ("seconds", "text"), [(4, "4 s"), (59.4, "59 s"), (90, "2 min"), (3_540, "59 min"), (11_100, "3 h 05 min")]
)
def test_times_are_short(seconds: float, text: str) -> None:
    """Seconds, minutes, hours."""
    assert render_time(seconds) == text


async def test_on_a_terminal_the_bar_is_redrawn_and_taken_away() -> None:
    """A line told in between stands above it."""
    stream = Terminal()
    shown = Progress(lambda seconds: State(7, seconds, 0.5, VERDICTS), stream)
    drawing = asyncio.ensure_future(shown.run())
    await until(lambda: "7 domains" in stream.getvalue())
    shown.tell("junk")
    drawing.cancel()
    shown.close()
    assert "\r\x1b[Kmailbot: junk\n" in stream.getvalue()
    assert stream.getvalue().endswith("\r\x1b[K")


async def test_elsewhere_there_are_plain_lines() -> None:
    """Now and then, without a sign of control."""
    stream = io.StringIO()
    shown = Progress(lambda seconds: State(7, seconds, 0.5, VERDICTS), stream, told_every=0.01)
    drawing = asyncio.ensure_future(shown.run())
    await until(lambda: bool(stream.getvalue()))
    drawing.cancel()
    shown.close()
    assert stream.getvalue().startswith("mailbot: 7 domains")
    assert "\x1b" not in stream.getvalue()


def test_nobody_to_tell_is_no_error() -> None:
    """Standard error was closed: the sweep goes on."""
    stream = Terminal()
    shown = Progress(lambda seconds: State(7, seconds, None, {}), stream)
    stream.close()
    shown.tell("junk")
    shown.close()
