"""Builds the Bolt app: explicit settings only, no middleware that the gate or we ourselves have made needless."""

from __future__ import annotations

import logging
from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.authorization.async_authorize import AsyncAuthorize
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse
from slack_sdk.web.async_client import AsyncWebClient

from bot.slack.commands import COMMAND
from bot.slack.listeners import Listeners, register


def bolt_app(client: AsyncWebClient) -> AsyncApp:
    """A Bolt app for one workspace.

    `authorize` is given so that no request waits for `auth.test`, and so that SLACK_CLIENT_ID in the environment
    cannot switch Bolt to OAuth. `process_before_response` ends Bolt's polling for the acknowledgement in steps of
    10 ms: listeners must be quick, and start slow work themselves.
    """
    return AsyncApp(
        name="mailbot",
        logger=quiet_logger("mailbot.bolt"),
        client=client,
        signing_secret="",
        authorize=_OneWorkspace(client.token),
        process_before_response=True,
        request_verification_enabled=False,
        ssl_check_enabled=False,
        ignoring_self_events_enabled=False,
        attaching_function_token_enabled=False,
        attaching_conversation_kwargs_enabled=False,
    )


class _OneWorkspace(AsyncAuthorize):
    """Says of every request that it is our workspace's: it was signed with our secret, or came over our socket."""

    def __init__(self, token: str | None) -> None:
        self._team = AuthorizeResult(enterprise_id=None, team_id=None, bot_token=token)

    async def __call__(self, **_request: Any) -> AuthorizeResult:
        return self._team


def quiet_logger(name: str) -> logging.Logger:
    """A logger for Slack's libraries: at their other levels they write request bodies into the log."""
    logger = logging.getLogger(name)
    logger.setLevel(logging.ERROR)
    return logger


class Dispatcher:
    """Hands payloads to the listeners, in whichever way they arrived."""

    def __init__(self, app: AsyncApp, listeners: Listeners) -> None:
        self._app, self._listeners = app, listeners
        register(app, listeners)

    async def dispatch(self, payload: dict[str, Any]) -> BoltResponse:
        """The acknowledgement of one payload: 404 when nobody handles it, 400 when it is not what it says it is.

        A command whose answer is ready needs nothing of Bolt's, which would take half of its time. The parsed
        payload goes in as Bolt's Socket Mode does it, so that it is not parsed a second time.
        """
        if payload.get("command") == COMMAND and (answer := self._listeners.commands.ready(payload)) is not None:
            return answer
        try:
            request = AsyncBoltRequest(mode="socket_mode", body=payload)
        except (AttributeError, KeyError, IndexError, TypeError, ValueError):
            return BoltResponse(status=400)
        response = await self._app.async_dispatch(request)
        return response if response.status < 500 else BoltResponse(status=400)
