"""Socket Mode: the same listeners, connections that come back, nothing acted on twice."""

from __future__ import annotations

import asyncio
import time
from typing import Any

import aiohttp
from aiohttp import web
from slack_bolt.response import BoltResponse

from bot.playground.slack import SlackStandIn
from bot.playground.slack_faults import ApiError, Fault, Honest, RateLimited, Times
from bot.slack.app import quiet_logger
from bot.slack.client import web_client
from bot.slack.gate import Replays
from bot.slack.socket_mode import SocketMode
from tests.slack.conftest import Desk, shown

TOKEN = "xapp-1-app-secret"


async def _readiness(desk: Desk) -> int:
    async with aiohttp.ClientSession() as session, session.get(f"{desk.bot.url}/readyz") as response:
        return response.status


async def _until_ready(desk: Desk) -> None:
    """Asks as a load balancer does: again and again."""
    for _ in range(200):
        if await _readiness(desk) == 200:
            return
        await asyncio.sleep(0.05)
    raise TimeoutError


async def test_a_command_and_a_click_over_the_socket(open_desk: Any) -> None:
    """Answered as over HTTP; there is no endpoint for strangers."""
    async with open_desk(SLACK_APP_TOKEN=TOKEN) as desk:
        await desk.slack.sockets.connected(2)
        reply = await desk.ask("example.cz thunderbird")
        assert "mail.example.cz" in reply.body["text"]
        await desk.slack.press(reply.message, "protocol")
        assert "995" in shown((await desk.slack.next_response()).body)
        async with aiohttp.ClientSession() as session, session.post(f"{desk.bot.url}/slack/events") as response:
            assert response.status == 404
        assert TOKEN not in desk.logged()


async def test_it_is_ready_only_while_a_connection_works(open_desk: Any) -> None:
    """Not while Slack refuses the token; as soon as it does not, it is."""
    async with open_desk(SLACK_APP_TOKEN=TOKEN) as desk:
        await desk.slack.sockets.connected(2)
        await _until_ready(desk)
        desk.slack.faults["apps.connections.open"] = ApiError("invalid_auth")
        desk.slack.sockets.cut()
        await desk.slack.until(lambda: desk.slack.calls_of("apps.connections.open")[-1].outcome == "ApiError")
        assert await _readiness(desk) == 503
        assert "invalid_auth" in desk.logged()
        del desk.slack.faults["apps.connections.open"]
        await _until_ready(desk)


async def test_it_comes_back_after_a_cut(open_desk: Any) -> None:
    """Within a second or so, through a rate limit."""
    async with open_desk(SLACK_APP_TOKEN=TOKEN) as desk:
        await desk.slack.sockets.connected(2)
        await _until_ready(desk)
        desk.slack.faults["apps.connections.open"] = Times(1, RateLimited(1))
        desk.slack.sockets.cut()
        await desk.slack.sockets.connected(3)
        assert (await desk.ask("example.cz thunderbird")).is_ok


async def test_it_follows_a_request_to_refresh(open_desk: Any) -> None:
    """Every connection is made anew."""
    async with open_desk(SLACK_APP_TOKEN=TOKEN) as desk:
        await desk.slack.sockets.connected(2)
        await desk.slack.sockets.disconnect()
        await desk.slack.sockets.connected(4)
        assert (await desk.ask("example.cz thunderbird")).is_ok


class DeadAddress(Fault):
    """Slack hands out an address that nobody answers at; slack_sdk would try it for ever."""

    async def answer(self, request: web.Request, honest: Honest) -> web.StreamResponse:
        """A ticket that opens nothing."""
        return web.json_response({"ok": True, "url": f"ws://{request.host}/socket?ticket=none"})


async def test_a_client_that_does_not_come_back_is_replaced() -> None:
    """The watchdog makes a new one, which asks for a new address."""
    async with SlackStandIn() as slack, aiohttp.ClientSession() as session:
        slack.faults["apps.connections.open"] = Times(1, DeadAddress())
        logger = quiet_logger("mailbot.socket")
        client = web_client("xoxb-1", slack.api_url, session)
        acknowledged: list[float] = []
        mode = SocketMode(
            TOKEN, client, _take, Replays(time.monotonic), acknowledged.append, logger, 1, longest_silence=0.5
        )
        await mode.start()
        assert mode.obstacle() is not None
        await slack.sockets.connected()
        assert (await slack.command("/mailsettings", "x")).body == {"text": "taken"}
        assert len(acknowledged) == 1
        await mode.close()


async def _take(_payload: dict[str, Any]) -> BoltResponse:
    return BoltResponse(status=200, body='{"text": "taken"}')


async def test_at_the_end_running_work_is_answered(open_desk: Any) -> None:
    """The socket closes first, the answer still goes to the response_url."""
    async with open_desk(SLACK_APP_TOKEN=TOKEN) as desk:
        await desk.slack.sockets.connected(2)
        desk.lookup.gate.clear()
        await desk.ask("example.cz thunderbird")
        closing = asyncio.ensure_future(desk.close())
        desk.lookup.gate.set()
        assert "mail.example.cz" in (await desk.slack.next_response()).body["text"]
        await asyncio.wait_for(closing, 5)
        assert desk.slack.sockets.count == 0


async def test_an_acknowledgement_under_way_leaves_before_the_socket_closes(open_desk: Any) -> None:
    """A command that is being looked up at that moment is acknowledged."""
    async with open_desk(SLACK_APP_TOKEN=TOKEN) as desk:
        await desk.slack.sockets.connected(2)
        desk.lookup.gate.clear()
        asking = asyncio.ensure_future(desk.ask("example.cz thunderbird"))
        await desk.lookup.called.wait()
        closing = asyncio.ensure_future(desk.close())
        desk.lookup.gate.set()
        assert "mail.example.cz" in (await asking).body["text"]
        await asyncio.wait_for(closing, 5)


async def test_a_payload_delivered_again_acts_once(open_desk: Any) -> None:
    """Acknowledged all the same."""
    async with open_desk(SLACK_APP_TOKEN=TOKEN) as desk:
        await desk.slack.sockets.connected(2)
        reply = await desk.ask("example.cz thunderbird")
        again = await desk.slack.repeat(reply, attempt=1)
        assert again.is_ok
        assert again.body == {}
        assert len(desk.lookup.asked) == 1
