"""Threads, direct conversations, people of every kind, and what is told to the bot of what they write."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from slack_sdk.errors import SlackApiError

from bot.playground.slack import SlackStandIn
from bot.playground.slack_people import AGENTS, OTHER_TEAM, TEAM
from bot.playground.slack_world import (
    AGENT,
    BOT_USER,
    GENERAL,
    GUEST,
    LEAD,
    LEADS,
    SHARED,
    STRANGER,
    SUPPORT,
    Channel,
)
from tests.playground.slack_bot import Bot, answer, button, options, row, running_bot

ROW = row(
    button(), {"type": "static_select", "action_id": "client", "options": options("outlook", "ios")}, block_id="r"
)


@pytest.fixture(params=["http", "socket"])
async def bot(slack: SlackStandIn, request: pytest.FixtureRequest) -> AsyncIterator[Bot]:
    """A bot, reached either way."""
    async with running_bot(slack, request.param) as bot:
        yield bot


async def test_a_click_in_a_thread_says_which_thread(slack: SlackStandIn, bot: Bot) -> None:
    """For public and private answers alike; a message outside of threads has none."""
    first = slack.say("Question")
    await bot.client.chat_postMessage(channel=SUPPORT, text="x", blocks=[ROW], thread_ts=first.ts)
    await bot.client.chat_postEphemeral(channel=SUPPORT, user=AGENT, text="y", blocks=[ROW], thread_ts=first.ts)
    await bot.client.chat_postMessage(channel=SUPPORT, text="z", blocks=[ROW])
    _, public, private, outside = slack.world.seen_by(AGENT)
    for message, is_private in ((public, False), (private, True)):
        await slack.press(message, "go")
        assert bot.last["container"] == {
            "type": "message",
            "message_ts": message.ts,
            "channel_id": SUPPORT,
            "is_ephemeral": is_private,
            "thread_ts": first.ts,
        }
        assert ("message" in bot.last) is not is_private
    await slack.press(outside, "go")
    assert "thread_ts" not in bot.last["container"]


async def test_a_private_answer_can_stand_in_a_thread(slack: SlackStandIn, bot: Bot) -> None:
    """By the response_url of a shortcut on a message there, which says what the thread is."""
    first = slack.say("Question")
    reply, _ = await slack.type_message("Nobody?", user=LEAD, thread_ts=first.ts)
    await slack.message_shortcut("help", reply)
    body = bot.last
    assert (body["type"], body["message_ts"]) == ("message_action", reply.ts)
    assert (body["message"]["thread_ts"], body["message"]["parent_user_id"]) == (first.ts, AGENT)
    assert await answer(body["response_url"], text="Here", thread_ts=first.ts) == 200
    shown = slack.world.seen_by(AGENT)[-1]
    assert (shown.text, shown.thread_ts, shown.only_for) == ("Here", first.ts, AGENT)


async def test_ephemeral_and_deleted_messages_have_no_shortcuts(slack: SlackStandIn, bot: Bot) -> None:
    """Nor can something deleted be clicked."""
    await bot.client.chat_postEphemeral(channel=SUPPORT, user=AGENT, text="x")
    posted = await bot.client.chat_postMessage(channel=SUPPORT, text="x", blocks=[ROW])
    public, private = slack.world.channels[SUPPORT].messages[-1], slack.world.ephemerals[-1]
    await bot.client.chat_delete(channel=SUPPORT, ts=posted["ts"])
    for message in (public, private):
        with pytest.raises(LookupError):
            await slack.message_shortcut("help", message)
    with pytest.raises(LookupError, match="deleted"):
        await slack.press(public, "go")


async def test_choices_in_a_message_stay_for_who_made_them(slack: SlackStandIn, bot: Bot) -> None:
    """Each person has her own state in a public message; an edit ends it."""
    await bot.client.chat_postMessage(channel=SUPPORT, text="x", blocks=[ROW])
    [message] = slack.world.channels[SUPPORT].messages
    await slack.press(message, "client", "ios")
    await slack.press(message, "go")
    assert _chosen(bot) == "ios"
    await slack.press(message, "go", user=LEAD)
    assert _chosen(bot) is None
    slack.enter(message, {"client": "outlook"}, user=LEAD)
    await slack.press(message, "go", user=LEAD, values={})
    assert _chosen(bot) == "outlook"
    slack.world.edit(message, {"text": "x", "blocks": [ROW]})
    await slack.press(message, "go")
    assert _chosen(bot) is None


def _chosen(bot: Bot) -> str | None:
    """What the state of the last click says of the select."""
    option = bot.last["state"]["values"]["r"]["client"]["selected_option"]
    return option and str(option["value"])


async def test_a_message_to_a_person_opens_the_conversation_with_her(slack: SlackStandIn, bot: Bot) -> None:
    """And she may answer in a thread there."""
    posted = await bot.client.chat_postMessage(channel=AGENT, text="Hello")
    im = slack.world.open_im(AGENT)
    assert posted["channel"] == im.id
    message, reply = await slack.type_message("Thanks", channel=im.id, thread_ts=posted["ts"])
    assert reply is not None
    event = bot.last["event"]
    assert (event["type"], event["channel_type"], event["channel"]) == ("message", "im", im.id)
    assert (event["thread_ts"], event["parent_user_id"], event["ts"]) == (posted["ts"], BOT_USER, message.ts)
    replies = await bot.client.conversations_replies(channel=im.id, ts=posted["ts"])
    assert [one["text"] for one in replies["messages"]] == ["Hello", "Thanks"]


async def test_a_typed_mention_reaches_the_bot_as_slack_writes_it(slack: SlackStandIn, bot: Bot) -> None:
    """With links, blocks and ids; the message is stored the same."""
    message, reply = await slack.type_message("@mailbot example.cz pop3 & co")
    assert reply is not None
    event = bot.last["event"]
    assert event["type"] == "app_mention"
    assert event["text"] == message.text == "<@U0MAILBOT> <http://example.cz|example.cz> pop3 &amp; co"
    [section] = event["blocks"][0]["elements"]
    assert [element["type"] for element in section["elements"]] == ["user", "text", "link", "text"]
    assert (event["user"], event["team"], event["channel"]) == (AGENT, TEAM, SUPPORT)
    assert event["ts"] == event["event_ts"] == message.ts
    assert len(event["client_msg_id"]) == 36
    assert bot.last["event_id"].startswith("Ev")
    assert bot.last["is_ext_shared_channel"] is False


async def test_the_bot_is_told_of_nothing_else(slack: SlackStandIn, bot: Bot) -> None:
    """Not of words among people, not where it is no member."""
    assert (await slack.type_message("example.cz does not work"))[1] is None
    assert (await slack.type_message("@mailbot example.cz", channel=GENERAL))[1] is None
    assert (await slack.type_message("mailbot@example.cz"))[1] is None
    assert bot.got == []
    [unheard] = slack.world.channels[GENERAL].messages
    assert unheard.text.startswith("<@U0MAILBOT>")


async def test_a_stranger_belongs_to_another_organisation(slack: SlackStandIn, bot: Bot) -> None:
    """Her events, her clicks and her profile say so."""
    await slack.type_message("@mailbot example.cz", user=STRANGER, channel=SHARED)
    event = bot.last["event"]
    assert (event["team"], event["user_team"], event["source_team"]) == (OTHER_TEAM, OTHER_TEAM, OTHER_TEAM)
    assert event["user_profile"]["team"] == OTHER_TEAM
    assert (bot.last["team_id"], bot.last["is_ext_shared_channel"]) == (TEAM, True)
    await bot.client.chat_postMessage(channel=SHARED, text="x", blocks=[ROW])
    await slack.press(slack.world.channels[SHARED].messages[-1], "go", user=STRANGER)
    assert (bot.last["user"]["team_id"], bot.last["team"]["id"]) == (OTHER_TEAM, TEAM)
    known = (await bot.client.users_info(user=STRANGER))["user"]
    assert (known["is_stranger"], known["team_id"]) == (True, OTHER_TEAM)
    await slack.command("/x", user=STRANGER, channel=SHARED)
    assert bot.last["team_id"] == OTHER_TEAM


async def test_everyone_can_be_asked_about(slack: SlackStandIn, bot: Bot) -> None:
    """People, groups, and the channel that is shared."""
    for person in (AGENT, LEAD, GUEST, BOT_USER):
        known = (await bot.client.users_info(user=person, include_locale=True))["user"]
        assert (known["id"], known["team_id"]) == (person, TEAM)
        assert known["is_restricted"] is (person == GUEST)
        assert known["is_bot"] is (person == BOT_USER)
    assert (await bot.client.usergroups_users_list(usergroup=LEADS))["users"] == [LEAD]
    assert (await bot.client.usergroups_users_list(usergroup=AGENTS))["users"] == [AGENT, LEAD]
    shared = (await bot.client.conversations_info(channel=SHARED))["channel"]
    assert (shared["is_ext_shared"], shared["is_private"]) == (True, False)
    assert STRANGER in (await bot.client.conversations_members(channel=SHARED))["members"]


@pytest.mark.parametrize(
    ("place", "scope"), [(SUPPORT, "channels:history"), ("C0PRIVATE", "groups:history"), ("D0AGENT", None)]
)
async def test_history_needs_its_scope(slack: SlackStandIn, bot: Bot, place: str, scope: str | None) -> None:
    """Which the app does not have for channels, unless it is given."""
    slack.world.channels["C0PRIVATE"] = Channel("C0PRIVATE", "private", is_private=True)
    slack.world.open_im(AGENT)
    if scope:
        for call in (bot.client.conversations_history, bot.client.conversations_replies):
            with pytest.raises(SlackApiError, match="missing_scope") as caught:
                await call(channel=place, ts="1.000001")
            assert caught.value.response["needed"] == scope
        slack.world.scopes.add(scope)
    assert (await bot.client.conversations_history(channel=place))["messages"] == []


async def test_a_private_channel_has_no_name_in_a_command(slack: SlackStandIn, bot: Bot) -> None:
    """Slack hides it."""
    slack.world.channels["C0PRIVATE"] = Channel("C0PRIVATE", "secret", is_private=True)
    await slack.command("/x", channel="C0PRIVATE")
    assert bot.last["channel_name"] == "privategroup"


async def test_an_edited_message_is_marked(slack: SlackStandIn, bot: Bot) -> None:
    """For those who read it later."""
    posted = await bot.client.chat_postMessage(channel=SUPPORT, text="x")
    [message] = slack.world.channels[SUPPORT].messages
    assert "edited" not in message.as_json()
    updated = await bot.client.chat_update(channel=SUPPORT, ts=posted["ts"], text="y")
    assert message.edited
    assert updated["message"]["edited"]["user"] == BOT_USER
