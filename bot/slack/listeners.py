"""Tells Bolt what is listened to. Every listener answers by itself: Bolt 1.30 loses an acknowledgement when a listener
raises right after it."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_bolt.response import BoltResponse

from bot.slack.clicks import Clicks
from bot.slack.commands import COMMAND, Commands
from bot.slack.form_view import CLIENT
from bot.slack.forms import FORM, SHORTCUT_ON_MESSAGE, Forms
from bot.slack.home import Home
from bot.slack.name_form import NAME_FORM, NameForm
from bot.slack.service import acknowledge
from bot.slack.statuses import COMMAND as STATUS_COMMAND
from bot.slack.statuses import Statuses
from bot.slack.talk import Talk

Listener = Callable[[dict[str, Any]], Awaitable[BoltResponse]]


@dataclass(frozen=True)
class Listeners:
    """The surfaces of the app."""

    commands: Commands
    clicks: Clicks
    forms: Forms
    name_form: NameForm
    talk: Talk
    home: Home
    statuses: Statuses


def register(app: AsyncApp, listeners: Listeners) -> None:
    """Register every surface; the last ones take what nobody else does, so that nothing of Slack's is unhandled."""
    app.command(COMMAND)(_of_body(listeners.commands.on_command))
    app.command(STATUS_COMMAND)(_of_body(listeners.statuses.on_command))
    app.shortcut(FORM)(_of_body(listeners.forms.on_shortcut))
    app.shortcut(SHORTCUT_ON_MESSAGE)(_of_body(listeners.forms.on_message_shortcut))
    app.view(FORM)(_of_body(listeners.forms.on_submit))
    app.view(NAME_FORM)(_of_body(listeners.name_form.on_submit))
    app.options(CLIENT)(_of_body(listeners.forms.on_suggest))
    app.event("app_mention")(_of_body(listeners.talk.on_mention))
    app.event("message")(_of_body(listeners.talk.on_message))
    app.event("app_home_opened")(_of_body(listeners.home.on_opened))
    # Also buttons of older versions, and forms that ask for nothing.
    app.action(re.compile(""))(_of_body(listeners.clicks.on_click))
    app.view(re.compile(""))(_of_body(_nothing))
    app.options(re.compile(""))(_of_body(_no_options))
    app.view_closed(re.compile(""))(_of_body(_nothing))
    # An event that nobody handles would be sent three times and count as a failure.
    app.event(re.compile(""))(_of_body(_nothing))


def _of_body(listener: Listener) -> Callable[..., Awaitable[BoltResponse]]:
    """Bolt hands over what the parameters' names ask for."""

    async def listen(body: dict[str, Any]) -> BoltResponse:
        return await listener(body)

    return listen


async def _no_options(_body: dict[str, Any]) -> BoltResponse:
    return acknowledge({"options": []})


async def _nothing(_body: dict[str, Any]) -> BoltResponse:
    return BoltResponse(status=200)
