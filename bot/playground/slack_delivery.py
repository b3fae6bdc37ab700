"""How what people do reaches the bot: signed HTTP requests, or envelopes while a socket is open."""

from __future__ import annotations

import asyncio
import json
import time
from dataclasses import dataclass

import aiohttp

from bot.playground.slack_payloads import as_form, as_payload, sign
from bot.playground.slack_socket import Kind, Sockets
from bot.playground.slack_world import Json, Message

PATIENCE = 3.0
"""How long Slack waits for an acknowledgement, in seconds."""


@dataclass(frozen=True, slots=True)
class Reply:
    """The bot's acknowledgement. `status` is 0 when there was none: the user sees an error of Slack's.

    `message` is what the user sees of it, if anything. `kind` and `sent` are what was delivered.
    """

    status: int
    body: Json | str
    seconds: float
    kind: Kind
    sent: Json
    message: Message | None = None

    @property
    def is_ok(self) -> bool:
        """True when the bot acknowledged."""
        return self.status == 200


class Delivery:
    """Sends to `bot_url`, or through the sockets while one is open."""

    def __init__(self, secret: str, sockets: Sockets) -> None:
        self.bot_url: str | None = None
        self.patience = PATIENCE
        self._secret, self._sockets = secret, sockets
        self._session: aiohttp.ClientSession | None = None

    async def close(self) -> None:
        """Give back the connections to the bot."""
        if self._session is not None:
            await self._session.close()

    async def send(
        self, kind: Kind, payload: Json, *, attempt: int | None = None, reason: str = "http_timeout"
    ) -> Reply:
        """Deliver, and wait for the acknowledgement as long as Slack does. `attempt` marks a redelivery."""
        began = time.perf_counter()
        body: Json | str
        try:
            async with asyncio.timeout(self.patience):
                if self._sockets.count:
                    status, body = 200, await self._sockets.send(kind, payload, attempt, reason)
                else:
                    status, body = await self._post(kind, payload, attempt, reason)
        except TimeoutError:
            status, body = 0, "operation_timeout"
        except (aiohttp.ClientError, ConnectionError):
            status, body = 0, "dispatch_failed"
        return Reply(status, body, time.perf_counter() - began, kind, payload)

    async def _post(self, kind: Kind, payload: Json, attempt: int | None, reason: str) -> tuple[int, Json | str]:
        if self.bot_url is None:
            raise RuntimeError("the bot has no socket open, and bot_url is not set")
        self._session = self._session or aiohttp.ClientSession()
        body = {"slash_commands": as_form, "interactive": as_payload, "events_api": _as_json}[kind](payload)
        is_event = kind == "events_api"
        headers = {
            "Content-Type": "application/json" if is_event else "application/x-www-form-urlencoded",
            "User-Agent": "Slackbot 1.0 (+https://api.slack.com/robots)",
            "Accept": "application/json,*/*",
            **sign(self._secret, body, int(time.time())),
        }
        if attempt is not None:
            headers |= {"X-Slack-Retry-Num": str(attempt), "X-Slack-Retry-Reason": reason}
        async with self._session.post(self.bot_url, data=body, headers=headers) as response:
            return response.status, _read(await response.text(), response.content_type)


def _as_json(payload: Json) -> bytes:
    return json.dumps(payload).encode()


def _read(text: str, content_type: str) -> Json | str:
    if content_type == "application/json" and text:
        parsed = json.loads(text)
        return parsed if isinstance(parsed, dict) else text
    return text
