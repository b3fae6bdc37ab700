"""What goes wrong at Slack: put into `SlackStandIn.faults` by method name, or by "response_url"."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from aiohttp import web

Honest = Callable[[], Awaitable[web.StreamResponse]]


class Fault:
    """Does nothing wrong; its children do."""

    async def answer(self, request: web.Request, honest: Honest) -> web.StreamResponse:
        """The answer to a request; `honest()` does the work and gives the answer that Slack would."""
        return await honest()


@dataclass(frozen=True)
class RateLimited(Fault):
    """429: come back later."""

    retry_after: int = 1

    async def answer(self, request: web.Request, honest: Honest) -> web.StreamResponse:
        """Nothing is done."""
        headers = {"Retry-After": str(self.retry_after)}
        return web.json_response({"ok": False, "error": "ratelimited"}, status=429, headers=headers)


@dataclass(frozen=True)
class ServerError(Fault):
    """Slack is broken."""

    status: int = 500

    async def answer(self, request: web.Request, honest: Honest) -> web.StreamResponse:
        """Nothing is done, and the body is no JSON."""
        return web.Response(status=self.status, text="<html>Server Error</html>", content_type="text/html")


@dataclass(frozen=True)
class ApiError(Fault):
    """Slack says no: `not_in_channel`, `channel_not_found`, `token_revoked`."""

    code: str

    async def answer(self, request: web.Request, honest: Honest) -> web.StreamResponse:
        """Nothing is done."""
        return web.json_response({"ok": False, "error": self.code})


@dataclass(frozen=True)
class Slow(Fault):
    """Slack takes its time, then answers honestly."""

    seconds: float

    async def answer(self, request: web.Request, honest: Honest) -> web.StreamResponse:
        """The honest answer, late."""
        await asyncio.sleep(self.seconds)
        return await honest()


@dataclass(frozen=True)
class Cut(Fault):
    """The connection breaks: before anything is done, or - worse - after it was done."""

    after_the_work: bool = False

    async def answer(self, request: web.Request, honest: Honest) -> web.StreamResponse:
        """No answer arrives."""
        if self.after_the_work:
            await honest()
        if request.transport is not None:
            request.transport.abort()
        return web.Response()


@dataclass
class Times(Fault):
    """Another fault for the next few calls; honest afterwards."""

    left: int
    fault: Fault

    async def answer(self, request: web.Request, honest: Honest) -> web.StreamResponse:
        """The fault's answer while there are turns left."""
        self.left -= 1
        return await (self.fault if self.left >= 0 else Fault()).answer(request, honest)
