"""Commands answered from cache while the same process looks at 200 domains: an agent must not feel it."""

from __future__ import annotations

import asyncio
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from bench.fleet import COUNT, FLEET, environment, fleet_servers
from bench.load import SECRET, Sender, warm_up
from bench.processes import bot_environment, free_port
from bench.table import Line, in_turn, percentile, print_table
from bot.playground.slack import SlackStandIn

ROUNDS = 5
AT_ONCE = 32
COMMANDS = 300
LIMIT = 30.0
QUESTION = f"{FLEET[1].domain} thunderbird-78"


@dataclass
class Bot:
    """`bench.busy_bot`, and who sends commands to it, one after the other."""

    process: Process
    sender: Sender

    async def idle(self) -> tuple[float, float, float]:
        """Milliseconds until a command is acknowledged, median, p99 and the longest, with nothing else to do."""
        _, taken = await self.sender.seconds(COMMANDS, 1)
        return _figures(taken)

    async def busy(self) -> tuple[float, float, float]:
        """The same for as long as the bot looks at the whole fleet."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(b"look\n")
        done = asyncio.ensure_future(self.process.stdout.readline())
        taken = list[float]()
        while not done.done():
            taken += (await self.sender.seconds(10, 1))[1]
        assert await done == b"done\n"
        return _figures(taken)


def _figures(seconds: list[float]) -> tuple[float, float, float]:
    return median(seconds) * 1000, percentile(seconds, 0.99) * 1000, max(seconds) * 1000


@asynccontextmanager
async def busy_bot(folder: Path) -> AsyncIterator[Bot]:
    """A bot that has the answer in its cache."""
    port = free_port()
    async with SlackStandIn(signing_secret=SECRET) as slack:
        settings = environment(folder) | bot_environment(port, slack.api_url) | {"MAILBOT_LOG_LEVEL": "info"}
        command = [sys.executable, "-m", "bench.busy_bot", str(AT_ONCE)]
        log = (folder / "bot.log").open("wb")
        process = await asyncio.create_subprocess_exec(*command, env=settings, stdin=PIPE, stdout=PIPE, stderr=log)
        try:
            assert process.stdout is not None
            assert await process.stdout.readline() == b"ready\n"
            sender = Sender(f"http://127.0.0.1:{port}/slack/events", QUESTION)
            await warm_up(sender)
            yield Bot(process, sender)
        finally:
            await process.communicate(b"")


async def _measure(folder: Path) -> list[Line]:
    async with busy_bot(folder) as bot:
        busy, idle = await in_turn(ROUNDS, bot.busy, bot.idle)
    what = ("median", "p99", "longest")
    goals = (None, LIMIT, None)
    return [
        Line(f"acknowledged meanwhile: {name}", value, "ms", floor, "ms idle", goal)
        for name, value, floor, goal in zip(what, busy, idle, goals, strict=True)
    ]


def run() -> None:
    """Measure and print."""
    with fleet_servers() as folder:
        lines = asyncio.run(_measure(folder))
    print_table(
        f"Answers from cache beside the status of {COUNT} domains, {AT_ONCE} at once; medians of {ROUNDS}", lines
    )
