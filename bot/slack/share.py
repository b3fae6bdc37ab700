"""Sharing: the settings for everyone in a channel, once, and a record of where they stand."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Protocol

import aiohttp
import structlog
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.slack.delivery import Delivery, Place, error_code

log = structlog.get_logger(__name__)

_BROKEN_AT_SLACK = frozenset(("internal_error", "fatal_error", "request_timeout", "service_unavailable"))
"""Error codes after which nobody knows whether the message was posted."""


class Sharing(StrEnum):
    """How an attempt to share ended."""

    POSTED = "posted"
    POSTED_BY_URL = "posted_by_url"
    FAILED = "failed"
    UNSURE = "unsure"
    """The connection broke after Slack may have taken the message: repeating could double it."""


@dataclass(frozen=True, slots=True)
class Shared:
    """Settings that stand in a channel. `ts` is None where Slack does not tell it (posted by response_url)."""

    channel: str
    ts: str | None
    user: str
    facts: dict[str, str | int]
    thread: str | None = None


class RecordsShared(Protocol):
    """Where handed-out settings are kept."""

    async def add(self, shared: Shared) -> None:
        """Keep one."""


class SharedInMemory:
    """Keeps the last ones in this process."""

    def __init__(self, size: int = 1_000) -> None:
        self._size = size
        self.entries: list[Shared] = []

    async def add(self, shared: Shared) -> None:
        """Keep one; the oldest one goes."""
        self.entries = [*self.entries[1 - self._size :], shared] if self._size > 1 else [shared]


class Sharer:
    """Posts shared settings and records them."""

    def __init__(self, client: AsyncWebClient, delivery: Delivery, record: RecordsShared) -> None:
        self._client, self._delivery, self._record = client, delivery, record
        self._begun: OrderedDict[str, None] = OrderedDict()

    def begin(self, click: str) -> bool:
        """False when this private message is being shared already, or was: a second click posts nothing."""
        if click in self._begun:
            return False
        self._begun[click] = None
        while len(self._begun) > 1_000:
            self._begun.popitem(last=False)
        return True

    def give_back(self, click: str) -> None:
        """Let a message be shared again, after it was not."""
        self._begun.pop(click, None)

    async def share(self, place: Place, message: dict[str, Any]) -> Sharing:
        """Post to the channel the agent stands in: as the bot where it is a member, else by the response_url."""
        try:
            posted = await self._client.chat_postMessage(
                channel=place.channel, thread_ts=place.thread, unfurl_links=False, unfurl_media=False, **message
            )
        except SlackApiError as refusal:
            return await self._refused(place, message, refusal)
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError, AttributeError) as error:
            # The last two: slack_sdk met an answer that is not Slack's JSON.
            log.error("share_unsure", error=type(error).__name__, request=place.request_id)
            return Sharing.UNSURE
        await self._keep(place, str(posted.get("ts")), message)
        return Sharing.POSTED

    async def _refused(self, place: Place, message: dict[str, Any], refusal: SlackApiError) -> Sharing:
        """Slack said no, so nothing was posted - unless it was Slack itself that broke."""
        code = error_code(refusal)
        log.warning("share_refused", error=code, request=place.request_id)
        if code in _BROKEN_AT_SLACK:
            return Sharing.UNSURE
        content = {key: value for key, value in message.items() if key != "metadata"}
        public = {**content, "response_type": "in_channel", "replace_original": False}
        if not await self._delivery.send(place, public):
            return Sharing.FAILED
        await self._keep(place, None, message)
        return Sharing.POSTED_BY_URL

    async def _keep(self, place: Place, ts: str | None, message: dict[str, Any]) -> None:
        """Record settings that were handed out; what carries no facts, such as a status, is none."""
        facts = message.get("metadata", {}).get("event_payload")
        if facts is not None:
            await self._record.add(Shared(place.channel, ts, place.user, facts, place.thread))
        domain = (facts or {}).get("domain")
        log.info("shared", channel=place.channel, ts=ts, domain=domain, request=place.request_id)
