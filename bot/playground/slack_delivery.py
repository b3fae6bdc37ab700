"""How what people do reaches the bot: signed HTTP requests, or envelopes while a socket is open."""

from __future__ import annotations

import asyncio
import itertools
import json
import time
from dataclasses import dataclass, replace

import aiohttp

from bot.playground.slack_model import Json, Message
from bot.playground.slack_payloads import as_form, as_payload, sign
from bot.playground.slack_socket import Kind, Sockets
from bot.playground.slack_watch import Watched

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


@dataclass(frozen=True, slots=True)
class Delivered:
    """A delivery as watchers see it: once when it begins (`status` is None), once with the same number when it ended.

    `began` is Unix time; `error` is what the user is told, "" when all is well.
    """

    number: int
    kind: Kind
    payload: Json
    began: float
    status: int | None = None
    seconds: float | None = None
    body: Json | str = ""
    error: str = ""


class Delivery:
    """Sends to `bot_url`, or through the sockets while one is open. What is late or missing is a breach."""

    def __init__(self, secret: str, sockets: Sockets, watched: Watched) -> None:
        self.bot_url: str | None = None
        self.patience = PATIENCE
        self._secret, self._sockets, self._watched = secret, sockets, watched
        self._session: aiohttp.ClientSession | None = None
        self._numbers = itertools.count(1)

    async def close(self) -> None:
        """Give back the connections to the bot."""
        if self._session is not None:
            await self._session.close()

    async def send(
        self, kind: Kind, payload: Json, *, attempt: int | None = None, reason: str = "http_timeout"
    ) -> Reply:
        """Deliver, and wait for the acknowledgement as long as Slack does. `attempt` marks a redelivery."""
        if not self._sockets.count and self.bot_url is None:
            raise RuntimeError("the bot has no socket open, and bot_url is not set")
        under_way = Delivered(next(self._numbers), kind, payload, time.time())
        self._watched.tell("delivery", under_way)
        began = time.perf_counter()
        status, body = await self._try(kind, payload, attempt, reason)
        reply = Reply(status, body, time.perf_counter() - began, kind, payload)
        self._judge(reply)
        error = "" if reply.is_ok else "dispatch_failed" if status else str(body)
        ended = replace(under_way, status=status, seconds=reply.seconds, body=body, error=error)
        self._watched.tell("delivery", ended)
        return reply

    def _judge(self, reply: Reply) -> None:
        what = label(reply.kind, reply.sent)
        if not reply.status:
            self._watched.breach("acknowledgement", f"{what}: none ({reply.body})")
        elif not reply.is_ok:
            self._watched.breach("acknowledgement", f"{what}: status {reply.status}")
        elif reply.seconds > PATIENCE:
            self._watched.breach("acknowledgement", f"{what}: after {reply.seconds:.1f} s")

    async def _try(self, kind: Kind, payload: Json, attempt: int | None, reason: str) -> tuple[int, Json | str]:
        try:
            async with asyncio.timeout(self.patience):
                if self._sockets.count:
                    return 200, await self._sockets.send(kind, payload, attempt, reason)
                return await self._post(kind, payload, attempt, reason)
        except TimeoutError:
            return 0, "operation_timeout"
        except (aiohttp.ClientError, ConnectionError):
            return 0, "dispatch_failed"

    async def _post(self, kind: Kind, payload: Json, attempt: int | None, reason: str) -> tuple[int, Json | str]:
        assert self.bot_url is not None
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


def label(kind: Kind, payload: Json) -> str:
    """What was delivered, in a few words: "/mailsettings", "block_actions again", "event app_mention"."""
    if kind == "slash_commands":
        return str(payload["command"])
    if kind == "events_api":
        return f"event {payload['event']['type']}"
    view = payload.get("view") or {}
    names = [action["action_id"] for action in payload.get("actions", [])]
    callback = payload.get("callback_id") or view.get("callback_id")
    return " ".join(filter(None, [payload["type"], *(names or [payload.get("action_id") or callback])]))


def _as_json(payload: Json) -> bytes:
    return json.dumps(payload).encode()


def _read(text: str, content_type: str) -> Json | str:
    if content_type == "application/json" and text:
        try:
            parsed = json.loads(text)
        except ValueError:
            return text
        return parsed if isinstance(parsed, dict) else text
    return text
