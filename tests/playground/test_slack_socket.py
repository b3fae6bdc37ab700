"""Socket Mode against the client of Slack's SDK: envelopes, acknowledgements, and ends of connections."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.playground.slack import SlackStandIn
from bot.playground.slack_faults import RateLimited, Times
from bot.playground.slack_world import AGENT


@pytest.fixture
async def seen(slack: SlackStandIn) -> AsyncIterator[list[Any]]:
    """A bot in Socket Mode; the list fills with the bodies of its events."""
    bodies: list[Any] = []
    client = AsyncWebClient("xoxb-any", base_url=slack.api_url)
    app = AsyncApp(client=client, signing_secret="unused")

    @app.command("/mailsettings")
    async def on_command(ack: Any, command: Any) -> None:
        await ack(text=f"Settings for {command['text']}")

    @app.command("/forgetful")
    async def on_forgetful() -> None:
        pass

    @app.event("app_mention")
    async def on_mention(body: Any, request: Any) -> None:
        bodies.append((body["event_id"], request.headers.get("x-slack-retry-num")))

    handler = AsyncSocketModeHandler(app, "xapp-any", web_client=client, ping_interval=1)
    await handler.connect_async()
    await slack.sockets.connected()
    yield bodies
    await handler.close_async()


async def test_a_command_is_acknowledged_with_its_answer(slack: SlackStandIn, seen: list[Any]):
    reply = await slack.command("/mailsettings", "example.cz")
    assert reply.message is not None
    assert reply.message.text == "Settings for example.cz"
    assert [one.text for one in slack.world.seen_by(AGENT)] == ["Settings for example.cz"]


async def test_a_missing_acknowledgement_is_noticed(slack: SlackStandIn, seen: list[Any]):
    slack.patience = 0.1
    with slack.expecting("acknowledgement: /forgetful: none (operation_timeout)"):
        assert (await slack.command("/forgetful")).status == 0


async def test_an_event_may_come_again(slack: SlackStandIn, seen: list[Any]):
    reply = await slack.mention("x")
    await slack.repeat(reply, attempt=1)
    [(first, _), (second, attempt)] = seen
    assert first == second
    assert attempt == ["1"]


async def test_the_client_comes_back_when_asked_to(slack: SlackStandIn, seen: list[Any]):
    await slack.sockets.disconnect("refresh_requested")
    await slack.sockets.connected(made=2)
    assert (await slack.command("/mailsettings", "example.cz")).is_ok


async def test_the_client_comes_back_after_a_cut_and_a_429(slack: SlackStandIn, seen: list[Any]):
    slack.faults["apps.connections.open"] = Times(1, RateLimited(1))
    slack.sockets.cut()
    await slack.sockets.connected(made=2, timeout=20)
    assert (await slack.command("/mailsettings", "example.cz")).is_ok


async def test_a_ticket_opens_one_connection(slack: SlackStandIn):
    client = AsyncWebClient("xapp-any", base_url=slack.api_url)
    url = (await client.apps_connections_open(app_token="xapp-any"))["url"]
    async with aiohttp.ClientSession() as session:
        async with session.ws_connect(url) as socket:
            assert (await socket.receive_json())["type"] == "hello"
        with pytest.raises(aiohttp.WSServerHandshakeError):
            await session.ws_connect(url)
