"""Slack's side of Socket Mode: envelopes over a WebSocket, and the ways in which such a connection ends."""

from __future__ import annotations

import asyncio
import itertools
import json
from typing import Literal

from aiohttp import WSMsgType, web

from bot.playground.slack_model import Json
from bot.playground.slack_people import APP

Kind = Literal["slash_commands", "interactive", "events_api"]
Reason = Literal["warning", "refresh_requested", "too_many_websockets", "link_disabled"]

_MOST_TICKETS = 1_000


class Sockets:
    """The open connections of an app. A payload goes to one of them, never to all."""

    def __init__(self) -> None:
        self.made = 0
        """How many connections there ever were."""
        self._open: list[tuple[web.WebSocketResponse, web.Request]] = []
        self._tickets: dict[str, None] = {}
        self._waiting: dict[str, asyncio.Future[Json]] = {}
        self._numbers = itertools.count(1)
        self._changed = asyncio.Condition()

    @property
    def count(self) -> int:
        """How many connections are open."""
        return len(self._open)

    def ticket(self) -> str:
        """What `apps.connections.open` hands out: it opens one connection."""
        ticket = f"ticket-{next(self._numbers)}"
        self._tickets[ticket] = None
        while len(self._tickets) > _MOST_TICKETS:
            del self._tickets[next(iter(self._tickets))]
        return ticket

    async def connected(self, made: int = 1, timeout: float = 5) -> None:
        """Wait until `made` connections were made in all and one is open."""
        async with asyncio.timeout(timeout), self._changed:
            await self._changed.wait_for(lambda: self.made >= made and self._open)

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """One connection, from the hello to its end."""
        if request.query.get("ticket") not in self._tickets:
            return web.Response(status=403)
        del self._tickets[request.query["ticket"]]
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        self._open.append((socket, request))
        self.made += 1
        debug = {"host": "playground", "approximate_connection_time": 18_060}
        info = {"num_connections": self.count, "debug_info": debug, "connection_info": {"app_id": APP}}
        await socket.send_json({"type": "hello", **info})
        await self._notify()
        try:
            async for message in socket:
                if message.type is WSMsgType.TEXT:
                    self._on_text(message.data)
        finally:
            self._open.remove((socket, request))
            await self._notify()
        return socket

    async def send(self, kind: Kind, payload: Json, attempt: int | None, reason: str) -> Json:
        """Send an envelope and wait for its acknowledgement; returns what came with it."""
        envelope: Json = {
            "envelope_id": f"envelope-{next(self._numbers)}",
            "type": kind,
            "payload": payload,
            "accepts_response_payload": kind != "events_api",
        }
        if attempt is not None:
            envelope |= {"retry_attempt": attempt, "retry_reason": reason}
        answer: asyncio.Future[Json] = asyncio.get_running_loop().create_future()
        self._waiting[envelope["envelope_id"]] = answer
        try:
            socket, _ = self._open[next(self._numbers) % self.count]
            await socket.send_json(envelope)
            return await answer
        finally:
            del self._waiting[envelope["envelope_id"]]

    async def disconnect(self, reason: Reason = "refresh_requested") -> None:
        """Tell every client to connect anew."""
        for socket, _ in list(self._open):
            await socket.send_json({"type": "disconnect", "reason": reason, "debug_info": {}})

    def cut(self) -> None:
        """Break every connection without a word."""
        for _, request in self._open:
            if request.transport is not None:
                request.transport.abort()

    async def close(self) -> None:
        """End every connection politely."""
        for socket, _ in list(self._open):
            await socket.close()

    def _on_text(self, text: str) -> None:
        acknowledged = json.loads(text)
        waiting = self._waiting.get(acknowledged.get("envelope_id", ""))
        if waiting is not None and not waiting.done():  # a late one is nobody's any more
            waiting.set_result(acknowledged.get("payload") or {})

    async def _notify(self) -> None:
        async with self._changed:
            self._changed.notify_all()
