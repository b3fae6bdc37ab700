"""Work inside threads: the message shortcut, mentions, direct messages."""

from __future__ import annotations

import pytest

from bot.playground.slack_faults import ApiError
from bot.playground.slack_people import AGENT, GENERAL, GUEST, LEAD, SHARED, STRANGER, SUPPORT
from tests.slack.conftest import Desk, refusal_for, shown
from tests.slack.test_form import opened

SHORTCUT = "mail_settings_for_message"
ASKED = "Dobrý den, v Outlooku 2010 mi nejde pošta. jan@example.cz"


def posted(desk: Desk) -> dict[str, object]:
    """The last message the bot posted."""
    arguments: dict[str, object] = desk.slack.calls_of("chat.postMessage")[-1].arguments
    return arguments


async def test_a_message_fills_the_form_and_its_thread_gets_the_answer(desk: Desk) -> None:
    """Private in the thread first, shared into the thread then; of the address only the domain is shown."""
    parent = desk.slack.say(ASKED, user=LEAD)
    reply = desk.slack.say("podívám se", thread_ts=parent.ts)
    await desk.slack.message_shortcut(SHORTCUT, reply)
    desk.slack.world.scopes |= {"channels:history"}
    await desk.slack.close_view(await opened(desk))
    await desk.slack.message_shortcut(SHORTCUT, parent)
    form = await opened(desk)
    (domain,) = (element for _, element in form.elements if element["action_id"] == "domain")
    (client,) = (element for _, element in form.elements if element["action_id"] == "form_client")
    assert domain["initial_value"] == "example.cz"
    assert client["initial_option"]["value"] == "outlook-2010"
    await desk.slack.submit(form)
    await desk.slack.until(lambda: desk.slack.calls_of("chat.postEphemeral"))
    call = desk.slack.calls_of("chat.postEphemeral")[0].arguments
    assert (call["thread_ts"], call["user"], call["channel"]) == (parent.ts, AGENT, SUPPORT)
    assert "jan" not in shown(call)
    private = desk.slack.world.ephemerals[-1]
    await desk.slack.press(private, "share")
    await desk.slack.until(lambda: private.deleted)
    assert posted(desk)["thread_ts"] == parent.ts


async def test_a_message_without_answers_is_answered_beside_it(desk: Desk) -> None:
    """Slack shows private messages only in threads that exist; sharing begins the thread."""
    message = desk.slack.say(ASKED, user=LEAD)
    await desk.slack.message_shortcut(SHORTCUT, message)
    await desk.slack.submit(await opened(desk))
    answer = await desk.slack.next_response()
    assert answer.message is not None
    assert answer.message.only_for == AGENT
    await desk.slack.press(answer.message, "share")
    await desk.slack.until(lambda: desk.slack.calls_of("chat.postMessage"))
    assert posted(desk)["thread_ts"] == message.ts


async def test_a_thread_is_read_where_the_scope_was_granted(desk: Desk) -> None:
    """The client stands in one message, the domain in another."""
    desk.slack.world.scopes |= {"channels:history"}
    parent = desk.slack.say("Zákazník píše z example.cz", user=LEAD)
    reply = desk.slack.say("má Outlook 2010", thread_ts=parent.ts)
    await desk.slack.message_shortcut(SHORTCUT, reply)
    form = await opened(desk)
    given = {element["action_id"]: element for _, element in form.elements}
    assert given["domain"]["initial_value"] == "example.cz"
    assert given["form_client"]["initial_option"]["value"] == "outlook-2010"


async def test_without_the_scope_the_message_alone_counts(desk: Desk) -> None:
    """Slack is asked once in ten minutes, not at every click."""
    parent = desk.slack.say("Zákazník píše z example.cz", user=LEAD)
    reply = desk.slack.say("má Outlook 2010", thread_ts=parent.ts)
    for _ in range(2):
        await desk.slack.message_shortcut(SHORTCUT, reply)
        form = await opened(desk)
        assert "initial_value" not in next(element for _, element in form.elements if element["action_id"] == "domain")
        await desk.slack.close_view(form)
    assert len(desk.slack.calls_of("conversations.replies")) == 1


async def test_where_the_bot_is_no_member_the_answer_comes_all_the_same(desk: Desk) -> None:
    """By the response_url of the shortcut."""
    parent = desk.slack.say(ASKED, user=LEAD, channel=GENERAL)
    reply = desk.slack.say("?", channel=GENERAL, thread_ts=parent.ts)
    await desk.slack.message_shortcut(SHORTCUT, reply)
    await desk.slack.submit(await opened(desk), {"domain": "example.cz"})
    answer = await desk.slack.next_response()
    assert answer.body["thread_ts"] == parent.ts
    assert "993" in shown(answer.body)


@pytest.mark.parametrize(
    "said",
    [
        "<@U0MAILBOT> nastavení pro jan@example.cz v Outlooku 2010",
        "settings for example.cz in outlook 2010 <@U0MAILBOT>",
    ],
)
async def test_a_mention_is_answered_in_its_thread(desk: Desk, said: str) -> None:
    """For all to see, so there is nothing to share; everything else works."""
    assert (await desk.slack.mention(said)).is_ok
    await desk.slack.until(lambda: desk.slack.calls_of("chat.postMessage"))
    (asked,) = (one for one in desk.slack.world.channel(SUPPORT).messages if one.user == AGENT)
    assert posted(desk)["thread_ts"] == asked.ts
    request = desk.lookup.asked[0][0]
    assert request.client is not None
    assert request.client.client.id == "outlook-2010"
    answer = desk.slack.world.channel(SUPPORT).messages[-1]
    assert "jan" not in shown(answer)
    assert "share" not in {element["action_id"] for _, element in answer.elements}
    await desk.slack.press(answer, "customer_text", user=AGENT)
    assert (await desk.slack.next_response()).message is answer


async def test_a_mention_in_a_thread_stays_in_it(desk: Desk) -> None:
    """And what is missing is read from the thread, where that is granted."""
    desk.slack.world.scopes |= {"channels:history"}
    parent = desk.slack.say("example.cz volal", user=LEAD)
    await desk.slack.mention("<@U0MAILBOT> a v Outlooku 2010?", thread_ts=parent.ts)
    await desk.slack.until(lambda: desk.slack.calls_of("chat.postMessage"))
    assert posted(desk)["thread_ts"] == parent.ts
    assert desk.lookup.asked[0][0].domain.ascii == "example.cz"


async def test_a_slow_answer_takes_the_place_of_the_line_before_it(desk: Desk) -> None:
    """One message in the thread, not two."""
    desk.lookup.gate.clear()
    await desk.slack.mention("<@U0MAILBOT> example.cz")
    await desk.slack.until(lambda: desk.slack.calls_of("chat.postMessage"))
    desk.lookup.gate.set()
    await desk.slack.until(lambda: desk.slack.calls_of("chat.update"))
    assert len(desk.slack.calls_of("chat.postMessage")) == 1
    assert "993" in shown(desk.slack.calls_of("chat.update")[0].arguments)


async def test_what_is_not_understood_gets_help(desk: Desk) -> None:
    """With two examples in free words."""
    await desk.slack.mention("<@U0MAILBOT> ahoj")
    await desk.slack.until(lambda: desk.slack.calls_of("chat.postMessage"))
    assert "jan@example.cz v Outlooku 2010" in shown(posted(desk))
    assert desk.lookup.asked == []


async def test_a_direct_message_is_answered_in_its_thread(desk: Desk) -> None:
    """In the sender's language."""
    await desk.slack.direct_message("settings for example.cz, Thunderbird", user=LEAD)
    await desk.slack.until(lambda: desk.slack.calls_of("chat.postMessage"))
    im = desk.slack.world.open_im(LEAD)
    assert posted(desk)["channel"] == im.id
    assert posted(desk)["thread_ts"] == im.messages[0].ts
    assert "incoming" in shown(im.messages[-1])


async def test_negative_answers_come_too(desk: Desk) -> None:
    """With their button."""
    desk.lookup.answer = refusal_for
    await desk.slack.direct_message("example.cz")
    await desk.slack.until(lambda: desk.slack.calls_of("chat.postMessage"))
    assert "check_again" in shown(posted(desk))


@pytest.mark.parametrize(
    "more",
    [
        {"subtype": "message_changed", "user": AGENT, "text": "example.cz"},
        {"subtype": "message_deleted"},
        {"subtype": "bot_message", "bot_id": "B1", "text": "example.cz"},
        {"bot_id": "B0MAILBOT", "user": "U0MAILBOT", "text": "example.cz"},
        {"text": "example.cz"},
    ],
)
async def test_only_people_who_say_something_are_answered(desk: Desk, more: dict[str, str]) -> None:
    """Not edits, not deletions, not other bots, not ourselves."""
    im = desk.slack.world.open_im(AGENT)
    event = {"type": "message", "channel": im.id, "channel_type": "im", "ts": "1700000000.000100", **more}
    assert (await desk.slack.event(event)).is_ok
    await desk.close()
    assert desk.lookup.asked == []
    assert not desk.slack.calls_of("chat.postMessage")


async def test_a_message_in_a_channel_is_none_of_ours(desk: Desk) -> None:
    """Only mentions are, even if messages were subscribed to."""
    event = {"type": "message", "channel": SUPPORT, "channel_type": "channel", "user": AGENT, "text": "example.cz"}
    assert (await desk.slack.event({**event, "ts": "1700000000.000100"})).is_ok
    await desk.close()
    assert desk.lookup.asked == []


async def test_a_redelivered_mention_is_answered_once(desk: Desk) -> None:
    """Slack delivers events again."""
    first = await desk.slack.mention("<@U0MAILBOT> example.cz")
    assert (await desk.slack.repeat(first, 1)).is_ok
    await desk.slack.until(lambda: desk.slack.calls_of("chat.postMessage"))
    await desk.close()
    assert len(desk.slack.calls_of("chat.postMessage")) == 1


@pytest.mark.parametrize(("user", "channel"), [(GUEST, SUPPORT), (STRANGER, SHARED)])
async def test_guests_and_strangers_are_refused_for_their_eyes_only(desk: Desk, user: str, channel: str) -> None:
    """In the channel: there is no thread yet."""
    desk.slack.world.channel(channel).members = (AGENT, LEAD, user)
    await desk.slack.mention("<@U0MAILBOT> example.cz", user=user, channel=channel)
    await desk.slack.until(lambda: desk.slack.calls_of("chat.postEphemeral"))
    call = desk.slack.calls_of("chat.postEphemeral")[0].arguments
    assert call["user"] == user
    assert "thread_ts" not in call
    assert desk.lookup.asked == []


async def test_trouble_with_an_answer_is_told_in_the_thread(desk: Desk) -> None:
    """With the id that is in the log."""

    def fail(_request: object) -> object:
        raise RuntimeError("broken")

    desk.lookup.answer = fail  # type: ignore[assignment]
    await desk.slack.mention("<@U0MAILBOT> example.cz")
    await desk.slack.until(lambda: desk.slack.calls_of("chat.postMessage"))
    assert "kód" in str(posted(desk)["text"])
    assert "RuntimeError" in desk.logged()


async def test_a_channel_that_refuses_us_is_in_the_log(desk: Desk) -> None:
    """There is nowhere to say it."""
    desk.slack.faults["chat.postMessage"] = ApiError("is_archived")
    await desk.slack.mention("<@U0MAILBOT> example.cz")
    await desk.slack.until(lambda: desk.slack.calls_of("chat.postMessage"))
    await desk.close()
    assert "is_archived" in desk.logged()
