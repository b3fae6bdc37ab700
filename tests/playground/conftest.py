"""The playground's page as a browser uses it: a tab that is told things and asks for things."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import pytest

from bot.playground.page import running_page
from bot.playground.slack_people import AGENT
from bot.playground.stage import Stage, running_stage

Json = dict[str, Any]


class Tab:
    """One open tab. `told` is everything it was told after the hello, replies aside."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse, hello: Json) -> None:
        self.hello, self.told = hello, list[Json]()
        self._socket, self._replies, self._last = socket, dict[Any, Json](), 0

    async def send(self, text: str) -> None:
        """Send any text."""
        await self._socket.send_str(text)

    async def ask(self, do: str, *, user: str = AGENT, **fields: Any) -> Json:
        """Ask for something; returns the reply."""
        self._last += 1
        await self.send(json.dumps({"id": self._last, "do": do, "user": user, **fields}))
        return await self.reply(self._last)

    async def reply(self, number: int | None) -> Json:
        """Wait for a reply."""
        while number not in self._replies:
            await self._receive()
        return self._replies.pop(number)

    async def until(self, wanted: Callable[[Json], object]) -> Json:
        """Wait for something that it is told; the latest that is wanted is returned."""
        while True:
            for message in reversed(self.told):
                if wanted(message):
                    return message
            await self._receive()

    async def closed(self) -> int | None:
        """Wait for the end; returns its code."""
        while not self._socket.closed:
            await self._receive()
        return self._socket.close_code

    async def _receive(self) -> None:
        message = await self._socket.receive(timeout=10)
        if message.type is aiohttp.WSMsgType.TEXT:
            told = json.loads(message.data)
            if told["type"] == "reply":
                self._replies[told["id"]] = told
            else:
                self.told.append(told)
        elif not self._socket.closed:
            raise AssertionError(message)


@asynccontextmanager
async def open_tab(address: str, **options: Any) -> AsyncIterator[Tab]:
    """Open a tab of the page at an address."""
    async with aiohttp.ClientSession() as session, session.ws_connect(f"{address}ws", **options) as socket:
        yield Tab(socket, json.loads((await socket.receive(timeout=10)).data))


@pytest.fixture
async def stage() -> AsyncIterator[Stage]:
    """The world, Slack, and the real bot between them."""
    async with running_stage() as stage:
        yield stage


@pytest.fixture
async def address(stage: Stage) -> AsyncIterator[str]:
    """The page of the stage."""
    async with running_page(stage, 0) as address:
        yield address


@pytest.fixture
async def tab(address: str) -> AsyncIterator[Tab]:
    """A tab of the page."""
    async with open_tab(address) as tab:
        yield tab
