"""Answers from cache over HTTP: how soon a command is acknowledged, and how many a second, beside an empty Bolt app."""

from __future__ import annotations

import asyncio
import statistics

from bench.load import SECRET, Sender, warm_up
from bench.processes import bot_environment, free_port, provider, server
from bench.scene import customer
from bench.table import Line, in_turn, percentile, print_table
from bot.playground.slack import SlackStandIn
from tests.real.world import open_folder

ROUNDS = 9
IDLE, BURST, IN_FLIGHT = 300, 2000, 50
QUESTION = f"{customer(0)} thunderbird-78"


class Figures:
    """One server under the same commands: alone, and many at once."""

    def __init__(self, port: int) -> None:
        self.sender = Sender(f"http://127.0.0.1:{port}/slack/events", QUESTION)

    async def run(self) -> tuple[float, float, float, float]:
        """Milliseconds: median and p99 when idle, p99 with many in flight; and commands a second then."""
        _, idle = await self.sender.seconds(IDLE, 1)
        total, busy = await self.sender.seconds(BURST, IN_FLIGHT)
        return (
            statistics.median(idle) * 1000,
            percentile(idle, 0.99) * 1000,
            percentile(busy, 0.99) * 1000,
            BURST / total,
        )


async def _measure(environment: dict[str, str]) -> list[Line]:
    port, empty_port = free_port(), free_port()
    async with SlackStandIn(signing_secret=SECRET) as slack:
        settings = environment | bot_environment(port, slack.api_url) | {"MAILBOT_LOG_LEVEL": "info"}
        with (
            server("bot", "serve", port=port, environment=settings),
            server("bench.empty_bolt", str(empty_port), port=empty_port),
        ):
            ours, empty = Figures(port), Figures(empty_port)
            await warm_up(ours.sender)
            (median, p99, busy, rate), bare = await in_turn(ROUNDS, ours.run, empty.run)
    beside = "ms empty Bolt"
    return [
        Line("acknowledged, idle: median", median, "ms", bare[0], beside),
        Line("acknowledged, idle: p99", p99, "ms", bare[1], beside),
        Line(f"acknowledged, {IN_FLIGHT} in flight: p99", busy, "ms", bare[2], beside),
        Line("commands a second", rate, "/s", bare[3], "/s empty Bolt"),
    ]


def run() -> None:
    """Measure and print."""
    with open_folder() as folder, provider(1, folder) as environment:
        lines = asyncio.run(_measure(environment))
    print_table(f"Answers from cache over loopback HTTP, medians of {ROUNDS}", lines)
