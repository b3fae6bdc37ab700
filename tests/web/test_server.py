"""Health, metrics, and an end in good order."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import pytest

from bot.compose import Parts
from bot.config import ConfigError, HostPort, read_config
from bot.playground.slack import SlackStandIn
from bot.playground.slack_faults import ApiError, ServerError
from bot.serve import running_bot
from bot.web.health import Readiness
from bot.web.metrics import Metrics
from bot.web.server import listen, web_application
from tests.slack.conftest import Desk


async def get(url: str) -> tuple[int, str]:
    """A page's status and text."""
    async with aiohttp.ClientSession() as session, session.get(url) as response:
        return response.status, await response.text()


async def test_health_and_readiness(desk: Desk) -> None:
    """Alive and ready."""
    assert await get(f"{desk.bot.url}/healthz") == (200, "ok\n")
    assert await get(f"{desk.bot.url}/readyz") == (200, "ready\n")
    assert (await get(f"{desk.bot.url}/other"))[0] == 404


async def test_readiness_names_the_obstacle(desk: Desk) -> None:
    """For whoever asks why."""
    desk.bot.readiness.checks.append(lambda: "no Socket Mode connection")
    assert await get(f"{desk.bot.url}/readyz") == (503, "no Socket Mode connection\n")


async def test_a_refused_bot_token_makes_it_unready(open_desk: Any) -> None:
    """Slack being away does not: that says nothing about the token."""
    async with SlackStandIn() as slack:
        for fault, status in ((ApiError("invalid_auth"), 503), (ServerError(), 200)):
            slack.faults["auth.test"] = fault
            config = read_config(
                {
                    "SLACK_BOT_TOKEN": "xoxb-1",
                    "SLACK_SIGNING_SECRET": "secret",
                    "SLACK_API_URL": slack.api_url,
                    "MAILBOT_LISTEN": "127.0.0.1:0",
                }
            )[0]
            async with running_bot(Parts(config)) as bot:
                await slack.until(lambda: slack.calls and slack.calls[-1].method == "auth.test")
                await asyncio.sleep(0.05)
                assert (await get(f"{bot.url}/readyz"))[0] == status
            slack.calls.clear()


async def test_metrics_count_without_a_domain_in_any_label(desk: Desk) -> None:
    """Answers by code, times, rejections by reason, deliveries by result."""
    message = (await desk.ask("example.cz thunderbird")).message
    await desk.slack.press(message, "protocol")
    await desk.slack.next_response()
    async with aiohttp.ClientSession() as session, session.post(f"{desk.bot.url}/slack/events", data=b"x") as response:
        assert response.status == 401
    _, text = await get(f"{desk.bot.url}/metrics")
    assert 'mailbot_answers_total{code="verified"} 2.0' in text
    assert 'mailbot_rejections_total{reason="signature_missing"} 1.0' in text
    assert "mailbot_acknowledgement_seconds_count 2.0" in text
    assert "example" not in text


async def test_a_taken_address_is_told(desk: Desk) -> None:
    """By the setting's name."""
    with pytest.raises(ConfigError, match="MAILBOT_LISTEN"):
        await listen(web_application(Readiness(), Metrics()), desk.bot.address)


@pytest.mark.parametrize(
    ("environment", "names"),
    [
        ({}, ("SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "SLACK_SIGNING_SECRET")),
        ({"SLACK_BOT_TOKEN": "xoxb-1"}, ("SLACK_APP_TOKEN", "SLACK_SIGNING_SECRET")),
        ({"SLACK_APP_TOKEN": "xapp-1"}, ("SLACK_BOT_TOKEN",)),
    ],
)
async def test_missing_tokens_are_named(environment: dict[str, str], names: tuple[str, ...]) -> None:
    """All together."""
    with pytest.raises(ConfigError) as error:
        async with running_bot(Parts(read_config(environment)[0])):
            pass
    assert all(name in str(error.value) for name in names)


async def test_at_the_end_new_work_is_refused_and_running_work_is_answered(desk: Desk) -> None:
    """Draining: 503 for newcomers, the answer for her who waits."""
    desk.lookup.gate.clear()
    await desk.ask("example.cz thunderbird")
    closing = asyncio.ensure_future(desk.close())
    await asyncio.sleep(0)
    assert await get(f"{desk.bot.url}/readyz") == (503, "draining\n")
    assert (await get(f"{desk.bot.url}/healthz"))[0] == 200
    with desk.slack.expecting("status 503"):
        assert (await desk.ask("example.cz ios")).status == 503
    desk.lookup.gate.set()
    assert "mail.example.cz" in (await desk.slack.next_response()).body["text"]
    await asyncio.wait_for(closing, 5)


@asynccontextmanager
async def _process(slack: SlackStandIn, name_server: str, **more: str) -> AsyncIterator[tuple[Any, int]]:
    """`mailbot serve` as its own process."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {
        "PATH": os.environ["PATH"],
        "SLACK_BOT_TOKEN": "xoxb-1",
        "SLACK_SIGNING_SECRET": slack.signing_secret,
        "SLACK_API_URL": slack.api_url,
        "MAILBOT_LISTEN": f"127.0.0.1:{port}",
        "MAILBOT_DNS_SERVERS": name_server,
        "PYTHONPATH": os.getcwd(),
        **more,
    }
    command = [sys.executable, "-m", "bot", "serve"]
    process = await asyncio.create_subprocess_exec(
        *command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    assert process.stdout is not None
    try:
        async with asyncio.timeout(20):
            while b"serving" not in (line := await process.stdout.readline()):
                assert line, "it ended before it served"
        yield process, port
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()


@pytest.mark.parametrize(("number", "status"), [(signal.SIGTERM, 0), (signal.SIGINT, 130)])
async def test_a_signal_ends_the_process_after_the_running_command(number: signal.Signals, status: int) -> None:
    """A name server that is silent makes the command slow; the agent gets her answer all the same."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as silent:
        silent.bind(("127.0.0.1", 0))
        async with (
            SlackStandIn() as slack,
            _process(slack, f"127.0.0.1:{silent.getsockname()[1]}") as (process, port),
        ):
            slack.bot_url = f"http://127.0.0.1:{port}/slack/events"
            reply = await slack.command("/mailsettings", "example.cz outlook-2007")
            assert "Zjišťuji" in str(reply.body)
            process.send_signal(number)
            began = time.monotonic()
            answer = await slack.next_response(15)
            assert re.search("example.cz", answer.body["text"])
            assert await asyncio.wait_for(process.wait(), 20) == status
            assert time.monotonic() - began < 20
            assert b"Traceback" not in await process.stdout.read()


async def test_an_idle_process_ends_at_once() -> None:
    """With a keep-alive connection open too."""
    async with (
        SlackStandIn() as slack,
        _process(slack, "127.0.0.1:9") as (process, port),
        aiohttp.ClientSession() as session,
        session.get(f"http://127.0.0.1:{port}/healthz") as response,
    ):
        await response.read()
        process.send_signal(signal.SIGTERM)
        assert await asyncio.wait_for(process.wait(), 5) == 0


def test_the_address_is_shown_as_one_types_it() -> None:
    """IPv6 in brackets."""
    assert str(HostPort("::1", 3000)) == "[::1]:3000"
