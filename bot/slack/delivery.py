"""Sends answers to where an agent stands, and does not give up at the first stone in the way.

Bolt's own `respond()` neither raises nor retries a 429, so a late answer could vanish without a word.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

import aiohttp
import structlog
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.reply.blocks import plain_text
from bot.slack.client import retry_after

log = structlog.get_logger(__name__)

Message = Mapping[str, Any]

LONGEST_DELIVERY = 30.0
PAUSES = (0.3, 1.0, 2.0, 4.0)
USES = 5
"""Of one response_url, within 30 minutes: Slack's rule."""
TITLE = "mailbot"
"""Over every modal: Slack shows it beside the app's icon."""
_DELIVERED = ("ok", "ephemeral")


class Reach(StrEnum):
    """Which way an answer takes."""

    URL = "url"
    """The response_url of what was done."""
    THREAD = "thread"
    """For one person's eyes in a thread."""
    OPEN = "open"
    """In a thread or conversation, for everyone in it."""
    DIRECT = "direct"
    """In the conversation of one person with the bot."""
    VIEW = "view"
    """In a modal that is open."""


@dataclass(frozen=True, slots=True)
class Frame:
    """A modal that is open: its id, and what is written on the button that closes it."""

    view: str
    close: str


@dataclass(slots=True)
class Place:
    """Where an agent stands and how an answer gets there.

    `thread` is the `ts` of a thread's first message; `posted` becomes the `ts` of our open message, which the next
    one replaces.
    """

    channel: str
    user: str
    request_id: str
    reach: Reach = Reach.URL
    response_url: str = ""
    uses_left: int = USES
    thread: str | None = None
    frame: Frame | None = None
    posted: str | None = None


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
    """Sends answers; `count` is told how each delivery ended."""

    def __init__(self, session: aiohttp.ClientSession, client: AsyncWebClient, count: Callable[[str], None]) -> None:
        self._session, self._client, self._count = session, client, count

    async def send(self, place: Place, message: Message) -> bool:
        """Send one message; False when it could not be delivered, which is in the log then. Never raises for that."""
        match place.reach:
            case Reach.URL:
                result = await self._send_by_url(place, message)
            case Reach.THREAD:
                is_shown = await self._post_ephemeral(place, message)
                result = "ephemeral" if is_shown else await self._send_by_url(place, message)
            case Reach.VIEW:
                result = await self._call(place, self._show_in_view(place, message))
            case _:
                result = await self._call(place, self._post(place, message))
        self._count(result)
        level = log.info if result in _DELIVERED else log.error
        level("delivery", result=result, reach=place.reach.value, request=place.request_id)
        return result in _DELIVERED

    # By response_url

    async def _send_by_url(self, place: Place, message: Message) -> str:
        attempt = await self._send_patiently(place, message)
        if attempt.is_done:
            return "ok"
        if (attempt.is_gone or place.uses_left <= 0) and await self._send_otherwise(place, message):
            return "ephemeral"
        return "gone" if attempt.is_gone else "failed"

    async def _send_otherwise(self, place: Place, message: Message) -> bool:
        """The ways that are left when the response_url is gone: where she stands, else in her conversation with us."""
        if not message.get("text") or message.get("response_type") == "in_channel":
            return False
        if place.reach is Reach.URL and await self._post_ephemeral(place, message):
            return True
        direct = replace(place, reach=Reach.DIRECT, thread=None, posted=None)
        return await self._call(place, self._post(direct, message)) == "ok"

    async def _send_patiently(self, place: Place, message: Message) -> Attempt:
        now = asyncio.get_running_loop().time
        deadline = now() + LONGEST_DELIVERY
        attempt = Attempt(404)
        for pause in (*PAUSES, None):
            if place.uses_left <= 0 or not place.response_url:
                break
            attempt = await self._attempt(place, message, deadline - now())
            wait = attempt.wait or pause
            if not attempt.may_be_repeated or wait is None or now() + wait >= deadline:
                break
            await asyncio.sleep(wait)
        return attempt

    async def _attempt(self, place: Place, message: Message, patience: float) -> Attempt:
        """One POST. All but a 429 counts as a use: a server that broke down may have taken the message."""
        timeout = aiohttp.ClientTimeout(total=max(1.0, min(10.0, patience)))
        is_new = not (message.get("replace_original") or message.get("delete_original"))
        content = {**message, "thread_ts": place.thread} if is_new and place.thread else message
        try:
            async with self._session.post(
                place.response_url, json=content, timeout=timeout, allow_redirects=False
            ) as response:
                attempt = Attempt(response.status)
                if response.status == 429:
                    return Attempt(429, retry_after(response.headers.get("Retry-After")))
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError):
            attempt = Attempt(0)
        place.uses_left -= 1
        return attempt

    # By the Web API

    async def _post_ephemeral(self, place: Place, message: Message) -> bool:
        """A message for her eyes only; it needs the bot in the channel."""
        if not place.channel:
            return False
        posting = self._client.chat_postEphemeral(
            channel=place.channel, user=place.user, thread_ts=place.thread, **_content(message)
        )
        return await self._call(place, posting) == "ok"

    async def _post(self, place: Place, message: Message) -> None:
        """A message that stays; what was posted for the same question before is replaced."""
        content = _content(message)
        if place.posted is not None:
            await self._client.chat_update(channel=place.channel, ts=place.posted, **content)
            return
        channel = place.channel if place.reach is Reach.OPEN else place.user
        posted = await self._client.chat_postMessage(
            channel=channel, thread_ts=place.thread, unfurl_links=False, unfurl_media=False, **content
        )
        place.channel, place.posted = str(posted.get("channel") or channel), posted.get("ts")

    async def _show_in_view(self, place: Place, message: Message) -> None:
        assert place.frame is not None, "a place in a view has a frame"
        view = framed(place.frame.close, message["blocks"])
        await self._client.views_update(view_id=place.frame.view, view=view)

    async def _call(self, place: Place, call: Awaitable[object]) -> str:
        """Wait for a call of the Web API; the way it ended."""
        try:
            await call
        except SlackApiError as error:
            code = error_code(error)
            log.warning("call_refused", error=code, request=place.request_id)
            return "gone" if code == "not_found" else "failed"
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError, AttributeError) as error:
            # The last two: slack_sdk met an answer that is not Slack's JSON.
            log.warning("call_failed", error=type(error).__name__, request=place.request_id)
            return "failed"
        return "ok"


def framed(close: str, blocks: list[Any]) -> dict[str, Any]:
    """A modal that shows blocks and asks for nothing."""
    return {"type": "modal", "title": plain_text(TITLE, 24), "close": plain_text(close, 24), "blocks": blocks}


def error_code(refusal: SlackApiError) -> str:
    """Slack's error code; an answer that is no JSON object counts as an internal error."""
    response = refusal.response
    if int(getattr(response, "status_code", 200)) >= 500:
        return "internal_error"
    try:
        return str(response["error"])
    except (KeyError, TypeError, ValueError):
        return "internal_error"


def _content(message: Message) -> dict[str, Any]:
    return {key: message[key] for key in ("text", "blocks", "metadata") if key in message}
