"""The open tabs of the page: each is told everything that changes, in order, and answered what it asks."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import suppress
from typing import Any

import structlog
from aiohttp import WSCloseCode, WSMsgType, web

log = structlog.get_logger(__name__)

Json = dict[str, Any]
Respond = Callable[[Json], Awaitable[Json]]
"""Answers one request of the page: with `ok`, and what belongs to it."""

_MOST_WAITING = 2_000
_MOST_AT_ONCE = 50
_LARGEST_REQUEST = 256 * 1024
_HEARTBEAT = 20.0
_GOODBYE = 1.0


class Tabs:
    """All tabs. `hello` is what a new one is told first."""

    def __init__(self, hello: Callable[[], Json], respond: Respond) -> None:
        self._hello, self._respond = hello, respond
        self._tabs: set[_Tab] = set()

    def tell(self, message: Json) -> None:
        """Tell every tab."""
        if self._tabs:
            text = _to_text(message)
            for tab in self._tabs:
                tab.put(text)

    async def handle(self, request: web.Request) -> web.WebSocketResponse:
        """One tab, from the hello to its end."""
        socket = web.WebSocketResponse(
            timeout=_GOODBYE, heartbeat=_HEARTBEAT, max_msg_size=_LARGEST_REQUEST, compress=False
        )
        await socket.prepare(request)
        tab = _Tab(socket, self._respond)
        # No await between the two: nothing that changes is missed, and nothing is told twice.
        tab.put(_to_text(self._hello()))
        self._tabs.add(tab)
        try:
            await tab.serve()
        finally:
            self._tabs.discard(tab)
        return socket

    async def close(self) -> None:
        """End every connection politely."""
        await asyncio.gather(*(tab.socket.close(code=WSCloseCode.GOING_AWAY) for tab in self._tabs))


class _Tab:
    """One connection: what waits to be sent, and the requests under way."""

    def __init__(self, socket: web.WebSocketResponse, respond: Respond) -> None:
        self.socket = socket
        self._respond = respond
        self._waiting: asyncio.Queue[str] = asyncio.Queue(_MOST_WAITING)
        self._tasks: set[asyncio.Task[Any]] = set()
        self._is_lost = False

    def put(self, text: str) -> None:
        """Send later. A tab that takes nothing is cut off: it connects anew and is told everything."""
        if self._is_lost:
            return
        try:
            self._waiting.put_nowait(text)
        except asyncio.QueueFull:
            self._is_lost = True
            self._start(self.socket.close(code=WSCloseCode.TRY_AGAIN_LATER))

    async def serve(self) -> None:
        """Read requests until the tab is closed."""
        sending = asyncio.ensure_future(self._send())
        try:
            async for message in self.socket:
                if message.type is WSMsgType.TEXT:
                    await self._take(message.data)
        finally:
            for task in (sending, *self._tasks):
                task.cancel()
            await asyncio.gather(sending, *self._tasks, return_exceptions=True)

    async def _send(self) -> None:
        with suppress(ConnectionError):  # reading notices it too, and ends the tab
            while True:
                await self.socket.send_str(await self._waiting.get())

    async def _take(self, text: str) -> None:
        """Begin to answer a request. Slow ones do not hold up others, until there are too many."""
        while len(self._tasks) >= _MOST_AT_ONCE:
            await asyncio.wait(self._tasks, return_when=asyncio.FIRST_COMPLETED)
        self._start(self._answer(text))

    async def _answer(self, text: str) -> None:
        try:
            request = json.loads(text)
        except ValueError:
            request = None
        if not isinstance(request, dict):
            self.put(_to_text({"type": "reply", "id": None, "ok": False, "error": "A request is a JSON object."}))
            return
        try:
            reply = await self._respond(request)
        except Exception as error:  # a bug: who asked must not wait for ever
            log.exception("request_failed", do=str(request.get("do")))
            reply = {"ok": False, "error": f"The playground itself failed ({type(error).__name__})."}
        self.put(_to_text({"type": "reply", "id": request.get("id"), **reply}))

    def _start(self, work: Coroutine[Any, Any, Any]) -> None:
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


def _to_text(message: Json) -> str:
    return json.dumps(message, ensure_ascii=False)
