"""What `mailbot serve` holds in memory after answers for many domains, each asked for once."""

from __future__ import annotations

import asyncio

from bench.load import SECRET
from bench.processes import bot_environment, free_port, provider, resident_mebibytes, server
from bench.scene import customer
from bench.table import Line, print_table
from bot.playground.slack import SlackStandIn
from tests.real.world import open_folder

FIRST, MORE = 1000, 2000
IN_FLIGHT = 8
LIMIT, GROWTH = 110, 1.05
CLIENTS = ("thunderbird-78", "outlook-2007", "outlook-365", "ios-9", "outlook-express-6")


async def _ask(slack: SlackStandIn, numbers: range) -> int:
    """Ask for each customer once; how many got an answer within the acknowledgement or after it."""
    slots = asyncio.Semaphore(IN_FLIGHT)

    async def one(number: int) -> bool:
        async with slots:
            reply = await slack.command("/mailsettings", f"{customer(number)} {CLIENTS[number % len(CLIENTS)]}")
            return reply.is_ok

    return sum(await asyncio.gather(*(one(number) for number in numbers)))


async def _measure(environment: dict[str, str]) -> list[Line]:
    port = free_port()
    async with SlackStandIn(signing_secret=SECRET) as slack:
        slack.bot_url = f"http://127.0.0.1:{port}/slack/events"
        settings = environment | bot_environment(port, slack.api_url)
        with server("bot", "serve", port=port, environment=settings) as process:
            at_start = resident_mebibytes(process)
            acknowledged = await _ask(slack, range(FIRST))
            first = resident_mebibytes(process)
            acknowledged += await _ask(slack, range(FIRST, FIRST + MORE))
            second = resident_mebibytes(process)
    if acknowledged != FIRST + MORE:
        print(f"  only {acknowledged} of {FIRST + MORE} commands were acknowledged")
    return [
        Line("just started", at_start, "MiB"),
        Line(f"after {FIRST:,} domains", first, "MiB", at_start, "MiB at start", goal=LIMIT),
        Line(f"after {MORE:,} more", second, "MiB", first, "MiB before", goal=GROWTH, is_goal_of_ratio=True),
    ]


def run() -> None:
    """Measure and print."""
    with open_folder() as folder, provider(FIRST + MORE, folder) as environment:
        lines = asyncio.run(_measure(environment))
    print_table("Memory of `mailbot serve`", lines)
