"""Slack's limits on calls: pure, and as a client meets them."""

from __future__ import annotations

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.playground.slack import SlackStandIn
from bot.playground.slack_limits import A_MINUTE, POSTS_AT_ONCE, RateLimits
from bot.playground.slack_world import AGENT, SHARED, SUPPORT


@pytest.mark.parametrize(
    ("method", "most", "pause"),
    [("users.info", A_MINUTE[4], 1), ("chat.update", A_MINUTE[3], 2), ("conversations.list", A_MINUTE[2], 3)],
)
def test_a_tier_allows_so_many_a_minute(method: str, most: int, pause: int) -> None:
    """Then one more after a pause; all of them again after a minute, and not more."""
    now = [0.0]
    limits = RateLimits(lambda: now[0])
    assert [limits.wait(method) for _ in range(most + 1)] == [0] * most + [pause]
    now[0] += pause
    assert limits.wait(method) == 0
    now[0] += 600
    assert [limits.wait(method) for _ in range(most + 1)] == [0] * most + [pause]


def test_messages_are_counted_by_channel_and_special_methods_not_at_all() -> None:
    """A burst, then one a second."""
    now = [0.0]
    limits = RateLimits(lambda: now[0])
    assert [limits.wait("chat.postMessage", "C1") for _ in range(POSTS_AT_ONCE + 1)] == [0] * POSTS_AT_ONCE + [1]
    assert limits.wait("chat.postMessage", "C2") == 0
    now[0] += 1
    assert [limits.wait("chat.postMessage", "C1") for _ in range(2)] == [0, 1]
    assert {limits.wait("auth.test") for _ in range(1000)} == {0}


async def test_the_limits_hold_when_they_are_switched_on(slack: SlackStandIn) -> None:
    """With 429 and `Retry-After`, by Slack's clock; nothing is posted then."""
    client = AsyncWebClient("xoxb-any", base_url=slack.api_url, retry_handlers=[])
    now = slack.world.clock()
    slack.world.clock = lambda: now
    for _ in range(POSTS_AT_ONCE + 1):
        await client.chat_postMessage(channel=SUPPORT, text="Without limits.")
    slack.rate_limited = True
    assert slack.rate_limited
    for _ in range(POSTS_AT_ONCE):
        await client.chat_postMessage(channel=SHARED, text="Within limits.")
    with pytest.raises(SlackApiError) as caught:
        await client.chat_postMessage(channel=SHARED, text="Too much.")
    assert (caught.value.response.status_code, caught.value.response.headers["Retry-After"]) == (429, "1")
    assert slack.calls[-1].outcome == "ratelimited"
    assert len(slack.world.channels[SHARED].messages) == POSTS_AT_ONCE
    await client.users_info(user=AGENT)
    later = now + 1
    slack.world.clock = lambda: later
    await client.chat_postMessage(channel=SHARED, text="Later.")
