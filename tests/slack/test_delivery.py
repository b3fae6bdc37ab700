"""Delivery: what is repeated, what is final, and that five uses are five."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import aiohttp
import pytest

from bot.playground.slack import SlackStandIn
from bot.playground.slack_faults import ApiError, Cut, Fault, RateLimited, ServerError, Times
from bot.slack.client import retry_after, web_client
from bot.slack.delivery import Delivery, Place


@pytest.fixture
async def slack() -> AsyncIterator[SlackStandIn]:
    """Slack alone."""
    async with SlackStandIn() as slack:
        yield slack


@pytest.fixture
async def delivery(slack: SlackStandIn) -> AsyncIterator[Delivery]:
    """A delivery to it."""
    async with aiohttp.ClientSession() as session:
        yield Delivery(session, web_client("xoxb-1", slack.api_url, session), lambda result: None)


def _place(slack: SlackStandIn, **more: Any) -> Place:
    response = slack.world.new_response("C0SUPPORT", "U0AGENT")
    return replace(Place("C0SUPPORT", "U0AGENT", "abc", response_url=slack._server.response_url(response)), **more)


MESSAGE = {"text": "hello", "response_type": "ephemeral"}


@pytest.mark.parametrize("fault", [RateLimited(1), ServerError(), ServerError(503), Cut()])
async def test_trouble_that_passes_is_waited_out(slack: SlackStandIn, delivery: Delivery, fault: Fault) -> None:
    """The message arrives once."""
    slack.faults["response_url"] = Times(1, fault)
    assert await delivery.send(_place(slack), MESSAGE)
    assert len(slack.answers) == 1


async def test_a_rate_limit_beyond_all_patience_is_given_up(slack: SlackStandIn, delivery: Delivery) -> None:
    """Nobody waits for ten minutes."""
    slack.faults["response_url"] = RateLimited(600)
    assert not await delivery.send(_place(slack), MESSAGE)


@pytest.mark.parametrize("status", [400, 403])
async def test_a_refusal_is_final(slack: SlackStandIn, delivery: Delivery, status: int) -> None:
    """It is not repeated."""
    times = Times(1, ServerError(status))
    slack.faults["response_url"] = times
    assert not await delivery.send(_place(slack), MESSAGE)
    assert times.left == 0


async def test_five_uses_are_five(slack: SlackStandIn, delivery: Delivery) -> None:
    """The sixth goes another way."""
    place = _place(slack)
    for _ in range(5):
        assert await delivery.send(place, MESSAGE)
    assert await delivery.send(place, MESSAGE)
    assert len(slack.answers) == 5
    assert len(slack.calls_of("chat.postEphemeral")) == 1


async def test_when_every_way_is_closed_it_says_so(slack: SlackStandIn, delivery: Delivery) -> None:
    """False, without an exception."""
    slack.faults["chat.postEphemeral"] = ApiError("not_in_channel")
    slack.faults["chat.postMessage"] = ApiError("restricted_action")
    assert not await delivery.send(_place(slack, uses_left=0), MESSAGE)
    assert not await delivery.send(_place(slack, uses_left=0), {"delete_original": True})
    assert not await delivery.send(_place(slack, uses_left=0), {**MESSAGE, "response_type": "in_channel"})


async def test_the_last_way_is_the_conversation_with_the_bot(slack: SlackStandIn, delivery: Delivery) -> None:
    """Where neither the response_url nor the channel takes it."""
    slack.faults["chat.postEphemeral"] = ApiError("not_in_channel")
    assert await delivery.send(_place(slack, uses_left=0), MESSAGE)
    (call,) = slack.calls_of("chat.postMessage")
    assert call.arguments["channel"] == "U0AGENT"


@pytest.mark.parametrize(("value", "seconds"), [("7", 7), (None, 1), ("", 1), ("soon", 1), ("-3", 1)])
def test_retry_after(value: str | None, seconds: int) -> None:
    """A header that says nothing means a second."""
    assert retry_after(value) == seconds
