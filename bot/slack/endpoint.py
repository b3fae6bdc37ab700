"""`POST /slack/events`: Slack's requests over HTTP, each through the gate and then to the listeners."""

from __future__ import annotations

import asyncio
import time
from typing import Protocol

import structlog
from aiohttp import web

from bot.slack.gate import (
    MOST_BYTES,
    Dispatch,
    Rejected,
    Replays,
    check_signature,
    read_claim,
    read_payload,
    replay_key,
)
from bot.web.health import Readiness

log = structlog.get_logger(__name__)

PATH = "/slack/events"
SLOWEST_BODY = 10.0

_JSON = {"Content-Type": "application/json; charset=utf-8"}
_NOTHING = {"Content-Type": "text/plain; charset=utf-8"}


class Counts(Protocol):
    """Whatever counts requests."""

    def acknowledged(self, seconds: float) -> None:
        """A payload was acknowledged."""

    def rejected(self, reason: str) -> None:
        """A request was turned away."""


class Endpoint:
    """Takes Slack's requests, lets through what holds, and never answers what they hold with a 5xx."""

    def __init__(self, secret: str, dispatch: Dispatch, replays: Replays, readiness: Readiness, counts: Counts) -> None:
        self._secret, self._dispatch, self._replays = secret, dispatch, replays
        self._readiness, self._counts = readiness, counts

    @property
    def route(self) -> web.RouteDef:
        """Where it is served; anything but a POST gets 405 from the router."""
        return web.post(PATH, self.handle)

    async def handle(self, request: web.Request) -> web.Response:
        """One request; one line in the log when it is turned away, with nothing of the request in it."""
        began = time.perf_counter()
        try:
            response = await self._admit(request)
        except Rejected as rejected:
            self._counts.rejected(rejected.reason)
            log.warning("rejected", status=rejected.status, reason=rejected.reason)
            return web.Response(status=rejected.status)
        self._counts.acknowledged(time.perf_counter() - began)
        return response

    async def _admit(self, request: web.Request) -> web.Response:
        claim = read_claim(request.headers, time.time())
        body = await _read(request)
        check_signature(self._secret, claim, body)
        payload = read_payload(body, request.content_type)
        if self._readiness.is_draining:
            raise Rejected(503, "draining")
        if not self._replays.is_new(replay_key(payload, claim.signature)):
            log.info("repeated")
            return web.Response()
        answer = await self._dispatch(payload)
        if answer.status != 200:
            raise Rejected(answer.status, "not_handled")
        return web.Response(body=answer.body.encode(), headers=_JSON if answer.body else _NOTHING)


async def _read(request: web.Request) -> bytes:
    """The whole body, if it is neither too large nor too slow. Raises Rejected."""
    if (request.content_length or 0) > MOST_BYTES:
        raise Rejected(413, "too_large")
    if request.content.is_eof():  # mostly all of it came with the head
        return request.content.read_nowait()
    body = bytearray()
    try:
        async with asyncio.timeout(SLOWEST_BODY):
            async for chunk in request.content.iter_any():
                body += chunk
                if len(body) > MOST_BYTES:
                    raise Rejected(413, "too_large")
    except TimeoutError:
        raise Rejected(408, "too_slow") from None
    except (web.RequestPayloadError, ConnectionError):
        raise Rejected(400, "cut_short") from None
    return bytes(body)
