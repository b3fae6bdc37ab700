"""Watchers are told of each change, when it happens."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from typing import Any

import pytest
from slack_sdk.errors import SlackApiError

from bot.playground.slack import SlackStandIn
from bot.playground.slack_delivery import Delivered
from bot.playground.slack_faults import Cut
from bot.playground.slack_world import AGENT, SUPPORT, Breach, Message, View
from tests.playground.slack_bot import Bot, answer, button, entry, modal, row, running_bot, text_input

HOME = {"type": "home", "blocks": []}


@pytest.fixture(params=["http", "socket"])
async def bot(slack: SlackStandIn, request: pytest.FixtureRequest) -> AsyncIterator[Bot]:
    """A bot, reached either way."""
    async with running_bot(slack, request.param) as bot:
        yield bot


@pytest.fixture
def told(slack: SlackStandIn, bot: Bot) -> list[tuple[str, Any]]:
    """What a watcher was told since the bot was started."""
    told: list[tuple[str, Any]] = []
    slack.watchers.append(lambda kind, thing: told.append((kind, thing)))
    return told


def kinds(told: list[tuple[str, Any]]) -> list[str]:
    """The kinds so far, and a fresh start."""
    found = [kind for kind, _ in told]
    told.clear()
    return found


async def test_messages_as_they_come_change_and_go(slack: SlackStandIn, bot: Bot, told: list[tuple[str, Any]]) -> None:
    """The same object each time; the call that did it is told after it."""
    posted = await bot.client.chat_postMessage(channel=SUPPORT, text="x")
    message = told[0][1]
    assert isinstance(message, Message)
    assert kinds(told) == ["message", "call"]
    await bot.client.chat_update(channel=SUPPORT, ts=posted["ts"], text="y")
    assert told[0] == ("message", message)
    assert (message.text, message.edited) == ("y", True)
    assert kinds(told) == ["message", "call"]
    await bot.client.chat_delete(channel=SUPPORT, ts=posted["ts"])
    assert message.deleted
    assert kinds(told) == ["message", "call"]
    slack.say("People write too.")
    assert kinds(told) == ["message"]


async def test_views_as_they_open_change_and_close(slack: SlackStandIn, bot: Bot, told: list[tuple[str, Any]]) -> None:
    """Home tabs are told apart."""
    form = modal(entry(text_input(), "b"))
    await bot.client.views_open(trigger_id=slack.world.new_trigger(AGENT), view=form)
    view = told[0][1]
    assert isinstance(view, View)
    await bot.client.views_update(view_id=view.id, view=form)
    await bot.client.views_push(trigger_id=slack.world.new_trigger(AGENT), view=form)
    assert kinds(told) == ["view", "call"] * 3
    await slack.close_view(slack.world.stack(AGENT)[-1])
    assert kinds(told) == ["view_closed"]
    await slack.submit(view, {"typed": "x"})
    assert told[-1] == ("view_closed", view)
    assert kinds(told) == ["delivery", "delivery", "view_closed"]
    for _ in range(2):
        await bot.client.views_publish(user_id=AGENT, view=HOME)
    assert kinds(told) == ["home", "call"] * 2


async def test_a_delivery_is_told_when_it_begins_and_when_it_ended(
    slack, bot: Bot, told: list[tuple[str, Any]]
) -> None:
    """With the same number; then what its acknowledgement shows."""
    bot.acks["/x"] = {"text": "Hello"}
    reply = await slack.command("/x", "y")
    (_, began), (_, ended), (_, message) = told
    assert isinstance(began, Delivered)
    assert began.number == ended.number
    assert (began.status, began.seconds, began.kind) == (None, None, "slash_commands")
    assert began.payload["text"] == "y"
    assert abs(began.began - time.time()) < 5
    assert (ended.status, ended.body, ended.error) == (200, {"text": "Hello"}, "")
    assert ended.seconds == reply.seconds > 0
    assert message is reply.message
    told.clear()
    await answer(bot.last["response_url"], text="More")
    [(_, shown), (kind, taken)] = told
    assert kind == "answer"
    assert (taken.status, taken.message) == (200, shown)


async def test_a_delivery_that_fails_is_told_with_slacks_word_for_it(slack, bot: Bot, told) -> None:
    """After the breach that it is."""
    bot.delay, slack.patience = 1, 0.05
    await slack.command("/x")
    assert told[-1][1].error == "operation_timeout"
    assert isinstance(told[1][1], Breach)
    assert kinds(told) == ["delivery", "breach", "delivery"]
    slack.world.breaches.clear()


async def test_calls_are_told_with_their_outcome(slack: SlackStandIn, bot: Bot, told: list[tuple[str, Any]]) -> None:
    """When they ended: refused, broken or done."""
    with pytest.raises(SlackApiError):
        await bot.client.chat_postMessage(channel="C0NONE", text="x")
    slack.faults["users.info"] = Cut()
    with pytest.raises(Exception, match=r"disconnected|reset"):
        await bot.client.users_info(user=AGENT)
    await slack.until(lambda: len(told) >= 2)
    refused, broken = told[0][1], told[-1][1]
    assert (refused.method, refused.outcome) == ("chat.postMessage", "channel_not_found")
    assert (broken.method, broken.outcome) == ("users.info", "Cut")
    assert refused.seconds > 0


async def test_a_watcher_that_fails_disturbs_nobody(slack: SlackStandIn, bot: Bot, told: list[tuple[str, Any]]) -> None:
    """Slack goes on, and the others are told."""

    def fail(_kind: str, _thing: object) -> None:
        raise RuntimeError("broken page")

    slack.watchers.insert(0, fail)
    posted = await bot.client.chat_postMessage(channel=SUPPORT, text="x", blocks=[row(button())])
    assert posted["ok"]
    assert kinds(told) == ["message", "call"]
