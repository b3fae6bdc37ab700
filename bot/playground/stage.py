"""Everything on this machine alone: the world, the stand-in for Slack, and the real bot between them."""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from typing import Literal

from bot.compose import Parts
from bot.log import configure_logging
from bot.playground.slack import SlackStandIn
from bot.playground.trace import Traces
from bot.playground.world import World, running_world
from bot.serve import running_bot

Mode = Literal["http", "socket"]


@dataclass(frozen=True)
class Stage:
    """What runs, and what went on behind it."""

    world: World
    slack: SlackStandIn
    mode: Mode
    traces: Traces


@asynccontextmanager
async def running_stage(mode: Mode = "http") -> AsyncIterator[Stage]:
    """Start everything; the bot logs warnings to standard error. Raises ConfigError where it cannot be."""
    async with running_world() as world, SlackStandIn() as slack:
        app_token = {"SLACK_APP_TOKEN": "xapp-playground"} if mode == "socket" else {}
        config = world.slack_config(slack.api_url, slack.signing_secret, MAILBOT_LOG_LEVEL="warning", **app_token)
        configure_logging(config, sys.stderr)
        parts = Parts(config, dial=world.dial)
        traces = _watched(world, slack, parts)
        try:
            async with running_bot(parts) as bot:
                if mode == "socket":
                    await slack.sockets.connected()
                else:
                    slack.bot_url = f"{bot.url}/slack/events"
                yield Stage(world, slack, mode, traces)
        finally:
            traces.close()


def _watched(world: World, slack: SlackStandIn, parts: Parts) -> Traces:
    """Traces of all that goes on."""
    traces = Traces(
        is_background=lambda name: name not in world.mail_servers and parts.profile.server(name) is not None
    )
    slack.watchers.append(traces.on_slack)
    world.names.watchers.append(traces.on_question)
    for host, server in world.mail_servers.items():
        server.watchers.append(partial(traces.on_visit, host, server))
    return traces
