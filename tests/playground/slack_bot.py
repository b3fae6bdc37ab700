"""A bot as small as can be, for tests of the stand-in: it keeps what it gets and acknowledges as it is told."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import aiohttp
from aiohttp import web
from aiohttp.test_utils import TestServer
from slack_sdk.web.async_client import AsyncWebClient

from bot.playground.slack import SlackStandIn

Json = dict[str, Any]


@dataclass
class Bot:
    """`acks` are acknowledgements by command, action_id, or type of payload; an empty one for all others."""

    slack: SlackStandIn
    client: AsyncWebClient
    got: list[Json] = field(default_factory=list)
    acks: dict[str, Json] = field(default_factory=dict)
    status: int = 200
    delay: float = 0.0

    @property
    def last(self) -> Json:
        """What came last."""
        return self.got[-1]

    def taken(self, payload: Json) -> Json | None:
        """Keep a payload; the acknowledgement for it."""
        self.got.append(payload)
        actions = payload.get("actions") or [{}]
        names = (payload.get("command"), actions[0].get("action_id"), payload.get("type"))
        return next((self.acks[name] for name in names if name in self.acks), None)

    async def over_http(self, request: web.Request) -> web.Response:
        """One request."""
        if request.content_type == "application/json":
            ack = self.taken(await request.json())
        else:
            form = dict(await request.post())
            ack = self.taken(json.loads(str(form["payload"])) if "payload" in form else form)
        await asyncio.sleep(self.delay)
        return web.Response(status=self.status) if ack is None else web.json_response(ack, status=self.status)

    async def over_socket(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        """One connection."""
        async for message in socket:
            envelope = json.loads(message.data)
            if "envelope_id" in envelope:
                ack = self.taken(envelope["payload"])
                await asyncio.sleep(self.delay)
                answer = {"envelope_id": envelope["envelope_id"]} | ({"payload": ack} if ack else {})
                await socket.send_json(answer)


@asynccontextmanager
async def running_bot(slack: SlackStandIn, way: str = "http") -> AsyncIterator[Bot]:
    """Start a bot that is reached over "http" or a "socket"."""
    bot = Bot(slack, AsyncWebClient("xoxb-any", base_url=slack.api_url, retry_handlers=[]))
    if way == "http":
        app = web.Application()
        app.router.add_post("/", bot.over_http)
        async with TestServer(app) as server:
            slack.bot_url = str(server.make_url("/"))
            yield bot
        return
    url = (await AsyncWebClient("xapp-any", base_url=slack.api_url).apps_connections_open(app_token="xapp-any"))["url"]
    async with aiohttp.ClientSession() as session, session.ws_connect(str(url)) as socket:
        await slack.sockets.connected()
        listening = asyncio.ensure_future(bot.over_socket(socket))
        yield bot
        listening.cancel()


async def answer(url: str, **body: Any) -> int:
    """Send something to a response_url; the status."""
    async with aiohttp.ClientSession() as session, session.post(url, json=body) as response:
        return response.status


def words(text: str) -> Json:
    """A plain_text object."""
    return {"type": "plain_text", "text": text}


def button(action_id: str = "go", **more: Any) -> Json:
    """A button."""
    return {"type": "button", "action_id": action_id, "text": words("Go"), **more}


def row(*elements: Json, **more: Any) -> Json:
    """A block of actions."""
    return {"type": "actions", "elements": list(elements), **more}


def entry(element: Json, block_id: str, **more: Any) -> Json:
    """An input block."""
    return {"type": "input", "block_id": block_id, "label": words("Label"), "element": element, **more}


def text_input(action_id: str = "typed", **more: Any) -> Json:
    """A field for one line."""
    return {"type": "plain_text_input", "action_id": action_id, **more}


def options(*values: str) -> list[Json]:
    """Options of a select."""
    return [{"text": words(value), "value": value} for value in values]


def modal(*blocks: Json, **more: Any) -> Json:
    """A form."""
    return {"type": "modal", "title": words("Form"), "submit": words("Send"), "blocks": list(blocks), **more}
