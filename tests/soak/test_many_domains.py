"""Thousands of answers for thousands of domains: open files and caches stay under their bounds (`make soak`)."""

from __future__ import annotations

import asyncio
import os

import pytest

from bot.compose import Parts
from bot.log import configure_logging
from bot.playground.slack import SlackStandIn
from bot.playground.world import MAIL8, running_world
from bot.playground.zone import Zone
from bot.serve import running_bot

DOMAINS, ROUNDS, IN_FLIGHT = 2_000, 3, 8
CLIENTS = ("thunderbird-78", "outlook-2007", "outlook-365", "ios-9", "printer")
FILES_BESIDE = 40
"""Open files that may be between two looks: connections that are just being made or closed."""


def zone(count: int) -> Zone:
    """Customers whose rows all lead to one server."""
    rows = {
        f"{label}.c{n}.example": {"CNAME": "mail8.skok.cz"} for n in range(count) for label in ("imap", "mail", "smtp")
    }
    return {**rows, **{f"c{n}.example": {"MX": [(10, "mail8.skok.cz")]} for n in range(count)}}


@pytest.mark.soak
async def test_files_and_caches_stay_bounded() -> None:
    """Every command is acknowledged, in every round; nothing piles up."""
    async with running_world() as world, SlackStandIn() as slack:
        world.names.zone = {**world.names.zone, **zone(DOMAINS), "mail8.skok.cz": {"A": MAIL8}}
        config = world.slack_config(slack.api_url, slack.signing_secret, MAILBOT_LOOKUPS_PER_MINUTE="10000")
        configure_logging(config)
        async with running_bot(Parts(config, dial=world.dial)) as bot:
            slack.bot_url = f"{bot.url}/slack/events"
            await ask(slack, range(100))
            files = open_files()
            for _ in range(ROUNDS):
                assert await ask(slack, range(DOMAINS)) == DOMAINS
                assert open_files() <= files + FILES_BESIDE


async def ask(slack: SlackStandIn, numbers: range) -> int:
    """Ask for each customer once; how many were acknowledged."""
    slots = asyncio.Semaphore(IN_FLIGHT)

    async def one(number: int) -> bool:
        async with slots:
            words = f"c{number}.example {CLIENTS[number % len(CLIENTS)]}"
            return (await slack.command("/mailsettings", words)).is_ok

    return sum(await asyncio.gather(*map(one, numbers)))


def open_files() -> int:
    """How many files this process has open, the servers' included."""
    return len(os.listdir("/proc/self/fd"))
