"""What was written in a thread, where the app was granted the optional scopes to read it."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from typing import Any

import structlog
from aiohttp import ClientError
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.slack.delivery import error_code

log = structlog.get_logger(__name__)

MOST_MESSAGES = 30
SCOPE_ASKED_AGAIN_AFTER = 600.0


class Threads:
    """Reads threads; without the scope it asks again only every ten minutes."""

    def __init__(self, client: AsyncWebClient) -> None:
        self._client = client
        self._refused_until = 0.0

    @property
    def can_be_read(self) -> bool:
        """False when Slack said lately that the scope is missing."""
        return time.monotonic() >= self._refused_until

    async def texts(self, channel: str, thread: str) -> list[str]:
        """The messages of a thread, oldest first; none where it cannot be read."""
        if not self.can_be_read:
            return []
        try:
            page = await self._client.conversations_replies(channel=channel, ts=thread, limit=MOST_MESSAGES)
        except SlackApiError as error:
            if (code := error_code(error)) == "missing_scope":
                self._refused_until = time.monotonic() + SCOPE_ASKED_AGAIN_AFTER
            log.info("thread_not_read", error=code)
            return []
        except (ClientError, OSError, TimeoutError, ValueError) as error:
            log.warning("thread_not_read", error=type(error).__name__)
            return []
        messages = page.get("messages")
        return [text_of(message) for message in messages if isinstance(message, dict)] if messages else []


def text_of(message: Mapping[str, Any]) -> str:
    """All that a message says: its text, what is attached to it (forwarded mail), and e-mails shown as files."""
    return "\n".join(_texts(message))


def _texts(message: Mapping[str, Any]) -> Iterator[str]:
    parts = [message, *_objects(message.get("attachments")), *_objects(message.get("files"))]
    for part in parts:
        for name in ("text", "pretext", "title", "subject", "plain_text"):
            if isinstance(text := part.get(name), str) and text:
                yield text


def _objects(value: object) -> list[dict[str, Any]]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []
