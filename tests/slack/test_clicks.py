"""Buttons, menus and sharing."""

from __future__ import annotations

import pytest

from bot.facts import Protocol
from bot.playground.slack_faults import ApiError, Cut, RateLimited, ServerError, Times
from bot.request import HostKind
from tests.slack.conftest import Desk, refusal_for, shown


async def _asked(desk: Desk, text: str = "example.cz outlook-2007 #42"):
    return (await desk.ask(text)).message


async def _pressed(desk: Desk, message, action: str, chosen=None):
    reply = await desk.slack.press(message, action, chosen)
    assert (reply.status, reply.body) == (200, "")
    return await desk.slack.next_response()


async def test_the_protocol_button_asks_for_the_other_one(desk: Desk) -> None:
    """And back again, in the place of the same message."""
    message = await _asked(desk)
    answer = await _pressed(desk, message, "protocol")
    assert answer.body["replace_original"] is True
    assert desk.lookup.asked[-1][0].protocol is Protocol.POP3
    assert desk.lookup.asked[-1][0].ticket == "#42"
    await _pressed(desk, message, "protocol")
    assert len(desk.lookup.asked) == 2, "IMAP was remembered"


async def test_the_menu_of_systems_gives_the_client_of_that_system(desk: Desk) -> None:
    """Outlook 2007 on XP is another entry of the catalogue."""
    message = await _asked(desk)
    _, menu = next(pair for pair in message.elements if pair[1]["action_id"] == "system")
    await _pressed(desk, message, "system", menu["options"][0])
    chosen = desk.lookup.asked[-1][0].client
    assert chosen is not None
    assert (chosen.client.id, chosen.system) == ("outlook-2007-xp", "windows-xp")


async def test_the_other_host_variant(desk: Desk) -> None:
    """One click to the server's name, one back."""
    message = await _asked(desk, "example.cz thunderbird")
    answer = await _pressed(desk, message, "host_server")
    assert "mail8.skok.cz" in answer.body["text"]
    await _pressed(desk, message, "host_domain")
    assert [request.host_kind for request, _ in desk.lookup.asked] == [None, HostKind.SERVER, HostKind.DOMAIN]


async def test_the_customers_text_its_languages_and_the_way_back(desk: Desk) -> None:
    """Preformatted, so that it is copied as it stands; in the word's language first."""
    message = await _asked(desk, "example.cz thunderbird sk")
    answer = await _pressed(desk, message, "customer_text")
    assert "Dobrý deň" in shown(answer.body)
    _, menu = next(pair for pair in message.elements if pair[1]["action_id"] == "customer_language")
    english = await _pressed(desk, message, "customer_language", menu["options"][1])
    parts = [part for block in english.body["blocks"] for part in block["elements"]]
    (text,) = [part["elements"][0]["text"] for part in parts if part["type"] == "rich_text_preformatted"]
    assert "mail.example.cz" in text
    back = await _pressed(desk, message, "back")
    assert "fields" in shown(back.body)


async def test_check_again_passes_the_caches_and_refreshes_them(desk: Desk) -> None:
    """What was remembered of the domain, also in other views, is forgotten."""
    message = await _asked(desk)
    await _pressed(desk, message, "customer_text")
    await _pressed(desk, message, "back")
    await _pressed(desk, message, "check_again")
    assert [fresh for _, fresh in desk.lookup.asked] == [False, False, True]
    await desk.ask("example.cz outlook-2007 #42")
    assert len(desk.lookup.asked) == 3
    await _pressed(desk, message, "customer_text")
    assert len(desk.lookup.asked) == 4


async def test_a_refusal_offers_to_try_again(desk: Desk) -> None:
    """And the answer comes when there is one."""
    good = desk.lookup.answer
    desk.lookup.answer = refusal_for
    message = await _asked(desk)
    desk.lookup.answer = good
    assert "993" in shown((await _pressed(desk, message, "check_again")).body)


@pytest.mark.parametrize(
    "value",
    ["", "1", "x" * 150, "1|no-such-client||i|||||", "2|outlook-2007||i|||||", "1|outlook-2007|windows-95|i|||||"],
)
async def test_a_forged_or_outdated_value_gets_a_friendly_sentence(desk: Desk, value: str) -> None:
    """Below the message, which stays as it was; nothing is looked up."""
    message = await _asked(desk)
    for _, element in message.elements:
        if element["action_id"] == "share":
            element["value"] = value
    answer = await _pressed(desk, message, "share")
    assert answer.body["replace_original"] is False
    assert "/mailsettings" in answer.body["text"]
    assert len(desk.lookup.asked) == 1
    assert '"level": "error"' not in desk.logged()


async def test_a_failing_lookup_after_a_click_keeps_the_message(desk: Desk) -> None:
    """The sentence with the id stands below it."""
    message = await _asked(desk)

    def fail(_request: object) -> object:
        raise RuntimeError("broken")

    desk.lookup.answer = fail  # type: ignore[assignment]
    answer = await _pressed(desk, message, "protocol")
    assert answer.body["replace_original"] is False
    assert not message.deleted


async def test_sharing_posts_records_and_removes_the_private_message(desk: Desk) -> None:
    """With metadata for programs and no controls for anyone."""
    message = await _asked(desk)
    await desk.slack.press(message, "share")
    await desk.slack.until(lambda: message.deleted)
    (shared,) = desk.slack.world.channels["C0SUPPORT"].messages
    assert shared.elements == []
    assert "U0AGENT" in shown(shared)
    facts = shared.payload["metadata"]["event_payload"]
    assert shared.payload["metadata"]["event_type"] == "mail_settings_shared"
    assert facts["domain"] == "example.cz"
    assert (facts["client"], facts["host"], facts["port"]) == ("outlook-2007", "mail.example.cz", 993)
    assert (facts["protocol"], facts["ticket"]) == ("imap", "#42")
    assert facts["label"]
    (record,) = desk.bot.shared.entries
    assert (record.channel, record.ts, record.user) == ("C0SUPPORT", shared.ts, "U0AGENT")
    assert shared.ts in desk.logged()


async def test_a_second_click_on_share_posts_nothing(desk: Desk) -> None:
    """Impatience does not double."""
    message = await _asked(desk)
    desk.lookup.gate.clear()
    await desk.slack.press(message, "share")
    await desk.slack.press(message, "share")
    desk.lookup.gate.set()
    await desk.slack.until(lambda: message.deleted)
    await desk.close()
    assert len(desk.slack.calls_of("chat.postMessage")) == 1


@pytest.mark.parametrize("code", ["not_in_channel", "channel_not_found", "restricted_action", "missing_scope"])
async def test_where_the_bot_may_not_post_it_shares_by_the_response_url(desk: Desk, code: str) -> None:
    """The channel sees it all the same, then the private message goes."""
    desk.slack.faults["chat.postMessage"] = ApiError(code)
    message = await _asked(desk)
    await desk.slack.press(message, "share")
    await desk.slack.until(lambda: message.deleted)
    public, removal = desk.slack.answers
    assert public.body["response_type"] == "in_channel"
    assert public.body["replace_original"] is False
    assert removal.body == {"delete_original": True}
    assert desk.bot.shared.entries[0].ts is None


async def test_a_rate_limit_while_sharing_is_waited_out(desk: Desk) -> None:
    """The message is there once."""
    desk.slack.faults["chat.postMessage"] = Times(1, RateLimited(1))
    message = await _asked(desk)
    await desk.slack.press(message, "share")
    await desk.slack.until(lambda: message.deleted)
    assert len(desk.slack.world.channels["C0SUPPORT"].messages) == 1


@pytest.mark.parametrize("fault", [Cut(after_the_work=True), ServerError()])
async def test_a_broken_connection_while_sharing_is_not_repeated(desk: Desk, fault) -> None:
    """It may have been posted: the agent is told to look, and the private message stays."""
    desk.slack.faults["chat.postMessage"] = fault
    message = await _asked(desk)
    answer = await _pressed(desk, message, "share")
    assert len(desk.slack.calls_of("chat.postMessage")) == 1
    assert answer.body["replace_original"] is False
    assert not message.deleted


async def test_a_failed_removal_is_no_failure(desk: Desk) -> None:
    """The settings are in the channel, that is what counts."""
    desk.slack.faults["response_url"] = ServerError(403)
    message = await _asked(desk)
    await desk.slack.press(message, "share")
    await desk.slack.until(lambda: desk.slack.calls_of("chat.postMessage"))
    await desk.close()
    assert len(desk.bot.shared.entries) == 1


async def test_sharing_that_fails_everywhere_is_told_and_may_be_tried_again(desk: Desk) -> None:
    """By a private message, which is all that is left."""
    desk.slack.faults["chat.postMessage"] = ApiError("not_in_channel")
    desk.slack.faults["response_url"] = Times(1, ServerError(403))
    message = await _asked(desk)
    answer = await _pressed(desk, message, "share")
    assert answer.body["replace_original"] is False
    desk.slack.faults.clear()
    await desk.slack.press(message, "share")
    await desk.slack.until(lambda: message.deleted)


async def test_settings_that_are_no_more_are_not_shared(desk: Desk) -> None:
    """The refusal takes the place of the private message."""
    message = await _asked(desk)
    desk.lookup.answer = refusal_for
    answer = await _pressed(desk, message, "share")
    assert answer.body["replace_original"] is True
    assert not desk.slack.calls_of("chat.postMessage")


async def test_an_answer_whose_response_url_is_gone_is_posted_privately(desk: Desk) -> None:
    """Where the bot is in the channel."""
    message = await _asked(desk)
    desk.slack.faults["response_url"] = ServerError(404)
    await desk.slack.press(message, "protocol")
    await desk.slack.until(lambda: desk.slack.calls_of("chat.postEphemeral"))
    assert "995" in shown(desk.slack.calls_of("chat.postEphemeral")[0].arguments)


async def test_trouble_at_the_response_url_passes(desk: Desk) -> None:
    """A 500 is tried again."""
    message = await _asked(desk)
    desk.slack.faults["response_url"] = Times(2, ServerError())
    assert "995" in shown((await _pressed(desk, message, "protocol")).body)
