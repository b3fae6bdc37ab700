"""Sends messages to where an agent stands, and does not give up at the first stone in the way.

Bolt's own `respond()` neither raises nor retries a 429, so a late answer could vanish without a word.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import aiohttp
import structlog
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.slack.client import retry_after

log = structlog.get_logger(__name__)

LONGEST_DELIVERY = 30.0
PAUSES = (0.3, 1.0, 2.0, 4.0)
USES = 5
"""Of one response_url, within 30 minutes: Slack's rule."""


@dataclass(slots=True)
class Place:
    """Where an agent stands: the response_url of what she did, how much of it is left, the channel and herself."""

    response_url: str
    channel: str
    user: str
    request_id: str
    uses_left: int = USES


@dataclass(frozen=True, slots=True)
class Attempt:
    """How one request ended: the HTTP status, 0 for a broken connection, and how long we are asked to wait."""

    status: int
    wait: int = 0

    @property
    def is_done(self) -> bool:
        """True when Slack took the message."""
        return self.status == 200

    @property
    def is_gone(self) -> bool:
        """True when the response_url is used up or too old (`used_url`, `expired_url`)."""
        return self.status == 404

    @property
    def may_be_repeated(self) -> bool:
        """True for trouble that passes."""
        return self.status in (0, 429) or self.status >= 500


class Delivery:
    """Sends to response_urls; `count` is told how each delivery ended."""

    def __init__(self, session: aiohttp.ClientSession, client: AsyncWebClient, count: Callable[[str], None]) -> None:
        self._session, self._client, self._count = session, client, count

    async def send(self, place: Place, message: Mapping[str, Any]) -> bool:
        """Send one message; False when it could not be delivered, which is in the log then. Never raises for that."""
        attempt = await self._send_patiently(place, message)
        if attempt.is_done:
            result = "ok"
        elif (attempt.is_gone or place.uses_left <= 0) and await self._post_ephemeral(place, message):
            result = "ephemeral"
        else:
            result = "gone" if attempt.is_gone else "failed"
        self._count(result)
        level = log.info if result in ("ok", "ephemeral") else log.error
        level("delivery", result=result, status=attempt.status, request=place.request_id)
        return result in ("ok", "ephemeral")

    async def _send_patiently(self, place: Place, message: Mapping[str, Any]) -> Attempt:
        now = asyncio.get_running_loop().time
        deadline = now() + LONGEST_DELIVERY
        attempt = Attempt(404)
        for pause in (*PAUSES, None):
            if place.uses_left <= 0:
                break
            attempt = await self._attempt(place, message, deadline - now())
            wait = attempt.wait or pause
            if not attempt.may_be_repeated or wait is None or now() + wait >= deadline:
                break
            await asyncio.sleep(wait)
        return attempt

    async def _attempt(self, place: Place, message: Mapping[str, Any], patience: float) -> Attempt:
        """One POST. All but a 429 counts as a use: a server that broke down may have taken the message."""
        timeout = aiohttp.ClientTimeout(total=max(1.0, min(10.0, patience)))
        try:
            async with self._session.post(
                place.response_url, json=message, timeout=timeout, allow_redirects=False
            ) as response:
                attempt = Attempt(response.status)
                if response.status == 429:
                    return Attempt(429, retry_after(response.headers.get("Retry-After")))
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError):
            attempt = Attempt(0)
        place.uses_left -= 1
        return attempt

    async def _post_ephemeral(self, place: Place, message: Mapping[str, Any]) -> bool:
        """The way that is left when the response_url is gone; it needs the bot in the channel."""
        if not message.get("text") or message.get("response_type") == "in_channel":
            return False
        content = {key: message[key] for key in ("text", "blocks") if key in message}
        try:
            await self._client.chat_postEphemeral(channel=place.channel, user=place.user, **content)
        except (SlackApiError, aiohttp.ClientError, TimeoutError, OSError) as error:
            log.warning("ephemeral_refused", error=type(error).__name__, request=place.request_id)
            return False
        return True
