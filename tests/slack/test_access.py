"""Who may use the bot: members by default, lists, and how much of it at once."""

from __future__ import annotations

import time
from typing import Any

import pytest

from bot.playground.slack_faults import ApiError, ServerError, Slow
from bot.playground.slack_people import AGENT, GENERAL, GUEST, LEAD, LEADS, SHARED, STRANGER, SUPPORT
from bot.slack.access import Allowance
from bot.slack.people import Workspace
from tests.slack.conftest import Desk, Open, shown

QUESTION = "example.cz thunderbird"


async def is_answered(desk: Desk, user: str, channel: str = SUPPORT) -> bool:
    """Whether a command gets settings; if not, it gets a kind sentence and nothing is looked up."""
    before = len(desk.lookup.asked)
    reply = await desk.ask(QUESTION, user=user, channel=channel)
    assert reply.is_ok
    is_given = "993" in shown(reply.body)
    assert is_given or len(desk.lookup.asked) == before
    return is_given


async def test_members_are_welcome_guests_and_strangers_are_not(desk: Desk) -> None:
    """By default; they are told whom to ask, in their language."""
    assert await is_answered(desk, AGENT)
    assert await is_answered(desk, LEAD)
    refused = await desk.ask(QUESTION, user=GUEST)
    assert "ask a colleague" in refused.body["text"]
    refused = await desk.ask(QUESTION, user=STRANGER, channel=SHARED)
    assert "kolegu" in refused.body["text"]
    assert len(desk.lookup.asked) == 2


async def test_an_answer_in_memory_is_no_way_around(desk: Desk) -> None:
    """What an agent asked is ready; the guest is refused all the same, also the second time."""
    assert await is_answered(desk, AGENT)
    for _ in range(2):
        assert not await is_answered(desk, GUEST)


async def test_a_guest_cannot_click_in_what_everybody_sees(desk: Desk) -> None:
    """The message stays; the guest reads why."""
    await desk.slack.mention("<@U0MAILBOT> example.cz")
    await desk.slack.until(lambda: desk.slack.calls_of("chat.postMessage"))
    message = desk.slack.world.channel(SUPPORT).messages[-1]
    before = shown(message)
    await desk.slack.press(message, "protocol", user=GUEST)
    answer = await desk.slack.next_response()
    assert "colleague" in answer.body["text"]
    assert shown(message) == before


@pytest.mark.parametrize("fault", [ApiError("user_not_found"), ServerError(), Slow(4)])
async def test_slack_being_silent_is_not_held_against_anyone(desk: Desk, fault: Any) -> None:
    """Without lists a person who is not known is answered, within Slack's time."""
    desk.slack.faults["users.info"] = fault
    reply = await desk.ask(QUESTION)
    assert "993" in shown(reply.body)
    assert reply.seconds < 2


@pytest.mark.parametrize(
    ("lists", "user", "channel", "is_welcome"),
    [
        ({"USERS": AGENT}, AGENT, SUPPORT, True),
        ({"USERS": AGENT}, LEAD, SUPPORT, False),
        ({"USERS": f"{AGENT},{GUEST}"}, GUEST, SUPPORT, True),
        ({"GROUPS": LEADS}, LEAD, SUPPORT, True),
        ({"GROUPS": LEADS}, AGENT, SUPPORT, False),
        ({"GROUPS": LEADS, "USERS": AGENT}, AGENT, SUPPORT, True),
        ({"CHANNELS": SUPPORT}, AGENT, SUPPORT, True),
        ({"CHANNELS": SUPPORT}, AGENT, GENERAL, False),
        ({"CHANNELS": SUPPORT}, GUEST, SUPPORT, False),
        ({"CHANNELS": SUPPORT, "USERS": AGENT}, LEAD, SUPPORT, False),
        ({"CHANNELS": SUPPORT, "USERS": AGENT}, AGENT, GENERAL, False),
    ],
)
async def test_lists(open_desk: Open, lists: dict[str, str], user: str, channel: str, is_welcome: bool) -> None:
    """People by name or group; channels besides; a guest by name alone."""
    async with open_desk(**{f"MAILBOT_ALLOW_{name}": ids for name, ids in lists.items()}) as desk:
        for _ in range(2):
            assert await is_answered(desk, user, channel) == is_welcome


async def test_the_right_channel_is_named(open_desk: Open) -> None:
    """As a link."""
    async with open_desk(MAILBOT_ALLOW_CHANNELS=SUPPORT) as desk:
        reply = await desk.ask(QUESTION, channel=GENERAL)
        assert {"type": "channel", "channel_id": SUPPORT} in reply.body["blocks"][-1]["elements"][0]["elements"]


async def test_a_group_that_cannot_be_read_lets_nobody_in(open_desk: Open) -> None:
    """A list is a list; it says that Slack did not answer, and within Slack's time."""
    async with open_desk(MAILBOT_ALLOW_GROUPS=LEADS) as desk:
        desk.slack.faults["usergroups.users.list"] = Slow(3)
        reply = await desk.ask(QUESTION, user=LEAD)
        assert "Slack did not answer" in reply.body["text"]
        assert reply.seconds < 2
        await desk.slack.until(lambda: desk.slack.calls_of("usergroups.users.list")[0].outcome == "ok")


async def test_a_group_that_was_read_once_serves_on(open_desk: Open) -> None:
    """It is asked for once, not at each command."""
    async with open_desk(MAILBOT_ALLOW_GROUPS=LEADS) as desk:
        assert await is_answered(desk, LEAD)
        desk.slack.faults["usergroups.users.list"] = ApiError("missing_scope")
        assert await is_answered(desk, LEAD)
        assert len(desk.slack.calls_of("usergroups.users.list")) == 1


async def test_too_many_look_ups_are_told_in_words(open_desk: Open) -> None:
    """A person's own limit; what is in memory does not count."""
    async with open_desk(MAILBOT_LOOKUPS_PER_MINUTE="2") as desk:
        for domain in ("a.example.cz", "b.example.cz"):
            assert "993" in shown((await desk.ask(f"{domain} thunderbird")).body)
        assert "993" in shown((await desk.ask("a.example.cz thunderbird")).body)
        refused = await desk.ask("c.example.cz thunderbird")
        assert "2krát" in refused.body["text"]
        assert len(desk.lookup.asked) == 2
        assert await is_answered(desk, LEAD)


def test_an_allowance_fills_up_again() -> None:
    """Evenly over the minute, never above its size, and forgets the longest unseen."""
    now = 0.0
    allowance = Allowance(2, lambda: now, most_users=2)
    assert [allowance.take("U1") for _ in range(3)] == [True, True, False]
    now = 29.0
    assert not allowance.take("U1")
    now = 31.0
    assert [allowance.take("U1") for _ in range(2)] == [True, False]
    now = 10_000.0
    assert [allowance.take("U1") for _ in range(3)] == [True, True, False]
    assert all(allowance.take(user) for user in ("U2", "U3", "U1"))


@pytest.mark.parametrize(
    ("user", "is_foreign"),
    [
        ({"team_id": "T1"}, False),
        ({"team_id": "T2"}, True),
        ({"team_id": "T1", "is_stranger": True}, True),
        ({"team_id": "T2", "enterprise_user": {"enterprise_id": "E1"}}, False),
        ({}, False),
    ],
)
def test_people_of_other_organisations(user: dict[str, Any], is_foreign: bool) -> None:
    """Another workspace of our own organisation is not another organisation."""
    assert Workspace("T1", "E1").is_foreign(user) == is_foreign


def test_before_slack_told_who_we_are_only_its_own_word_counts() -> None:
    """Nobody is foreign by comparison with nothing."""
    assert not Workspace().is_foreign({"team_id": "T2"})
    assert time.monotonic() > 0
