"""Socket Mode: envelopes over WebSockets that we open, acted on by the same listeners as HTTP requests.

Two connections, because slack_sdk closes the old one before it opens the next: commands of that moment go to the
other. And a watchdog, because such a connection can look open and be deaf (slackapi/python-slack-sdk#1110), or try
the same used-up address for ever.
"""

from __future__ import annotations

import asyncio
import json
import logging
import time
from collections.abc import Callable, Coroutine
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import structlog
from aiohttp import ClientError
from slack_bolt.response import BoltResponse
from slack_sdk.errors import SlackApiError
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.async_client import AsyncBaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.socket_mode.response import SocketModeResponse
from slack_sdk.web.async_client import AsyncWebClient

from bot.slack.gate import Acknowledgement, Dispatch, Replays, replay_key
from bot.slack.tasks import Tasks

log = structlog.get_logger(__name__)

CONNECTIONS = 2
PING_INTERVAL = 5.0
WATCH_INTERVAL = 0.25
LONGEST_SILENCE = 30.0
"""Seconds without a working connection after which a client is thrown away and made anew."""


@dataclass
class Connection:
    """One client of slack_sdk, and since when it does not work."""

    client: SocketModeClient
    down_since: float | None = None
    mending: asyncio.Task[None] | None = None


class SocketMode:
    """Keeps the connections open and hands on what comes in."""

    def __init__(
        self,
        app_token: str,
        web_client: AsyncWebClient,
        dispatch: Dispatch,
        replays: Replays,
        acknowledged: Callable[[float], None],
        logger: logging.Logger,
        connections: int = CONNECTIONS,
        longest_silence: float = LONGEST_SILENCE,
    ) -> None:
        self._app_token, self._web_client, self._logger = app_token, web_client, logger
        self._dispatch, self._replays, self._acknowledged = dispatch, replays, acknowledged
        self._wanted, self._connections = connections, list[Connection]()
        self._tasks, self._in_hand, self._idle = Tasks(), 0, asyncio.Event()
        self._idle.set()
        self._working, self._longest_silence = 0, longest_silence
        self._is_closing = False

    @property
    def working(self) -> int:
        """How many connections work, as of a quarter of a second ago."""
        return self._working

    def obstacle(self) -> str | None:
        """The reason why no command could arrive."""
        return None if self._working else "no Socket Mode connection"

    async def start(self) -> None:
        """Begin to connect; it goes on in the background until `close`."""
        for _ in range(self._wanted):
            connection = Connection(self._new_client())
            self._connections.append(connection)
            self._mend(connection, connection.client.connect_to_new_endpoint(force=True))
        self._tasks.leave(self._watch())

    async def close(self, patience: float = 2.0) -> None:
        """Take nothing more, let the acknowledgements under way leave, then hang up."""
        self._is_closing = True
        with suppress(TimeoutError):
            await asyncio.wait_for(self._idle.wait(), patience)
        await self._tasks.cancel()
        for connection in self._connections:
            await _close(connection.client)

    def _new_client(self) -> SocketModeClient:
        client = SocketModeClient(
            self._app_token, logger=self._logger, web_client=self._web_client, ping_interval=PING_INTERVAL
        )
        client.socket_mode_request_listeners.append(self._on_request)
        return client

    # What comes in

    async def _on_request(self, client: AsyncBaseSocketModeClient, request: SocketModeRequest) -> None:
        """Act on an envelope once and acknowledge it; a repeated one is acknowledged only."""
        if self._is_closing:
            log.info("refused_while_closing")
            return
        began = time.perf_counter()
        self._in_hand += 1
        self._idle.clear()
        try:
            if self._replays.is_new(replay_key(request.payload, f"envelope:{request.envelope_id}")):
                response: Acknowledgement = await self._dispatch(request.payload)
            else:
                log.info("repeated")
                response = BoltResponse(status=200)
            if response.status == 200:
                content = json.loads(response.body) if response.body else None
                await client.send_socket_mode_response(SocketModeResponse(request.envelope_id, content))
                self._acknowledged(time.perf_counter() - began)
            else:
                log.warning("rejected", status=response.status, reason="not_handled")
        except (ConnectionError, ClientError) as error:
            log.warning("acknowledgement_lost", error=type(error).__name__)
        finally:
            self._in_hand -= 1
            if not self._in_hand:
                self._idle.set()

    # Keeping it open

    async def _watch(self) -> None:
        while not self._is_closing:
            for connection in self._connections:
                await self._look_after(connection)
            self._working = sum(connection.down_since is None for connection in self._connections)
            await asyncio.sleep(WATCH_INTERVAL)

    async def _look_after(self, connection: Connection) -> None:
        """Reconnect at once what broke; replace what does not come back."""
        if await connection.client.is_connected():
            connection.down_since = None
            return
        now = time.monotonic()
        connection.down_since = connection.down_since or now
        if now - connection.down_since > self._longest_silence:
            log.error("socket_replaced", seconds=round(now - connection.down_since))
            await self._replace(connection)
        elif connection.mending is None or connection.mending.done():
            self._mend(connection, connection.client.connect_to_new_endpoint())

    async def _replace(self, connection: Connection) -> None:
        old, connection.client = connection.client, self._new_client()
        connection.down_since = time.monotonic()
        await _close(old)
        if connection.mending is not None:
            connection.mending.cancel()
        self._mend(connection, connection.client.connect_to_new_endpoint(force=True))

    def _mend(self, connection: Connection, connecting: Coroutine[Any, Any, None]) -> None:
        connection.mending = self._tasks.start(_with_patience(connecting))


async def _close(client: SocketModeClient) -> None:
    await client.close()  # type: ignore[no-untyped-call]


async def _with_patience(connecting: Coroutine[Any, Any, None]) -> None:
    """Try to connect; what goes wrong is tried again, a second later so that Slack is not stormed."""
    try:
        await connecting
    except (SlackApiError, ClientError, OSError, TimeoutError) as error:
        code = error.response.get("error") if isinstance(error, SlackApiError) else type(error).__name__
        log.error("socket_not_connected", error=str(code))
        await asyncio.sleep(1)
