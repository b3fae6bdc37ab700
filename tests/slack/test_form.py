"""The form: opened by the command alone and by the shortcut, kept in step, refused at the field, answered in place."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from bot.facts import Protocol
from bot.playground.slack_delivery import Reply
from bot.playground.slack_faults import ApiError, Slow, Times
from bot.playground.slack_model import View
from bot.playground.slack_people import AGENT, GENERAL, GUEST, LEAD, SUPPORT
from bot.slack.origin import Origin, unpack_origin
from tests.slack.conftest import Desk, shown


async def opened(desk: Desk, user: str = AGENT) -> View:
    """The form that a user has open, once it is no longer loading."""
    await desk.slack.until(lambda: [view for view in desk.slack.world.views.values() if _is_form(view, user)])
    return next(view for view in desk.slack.world.views.values() if _is_form(view, user))


def _is_form(view: View, user: str) -> bool:
    return view.user == user and view.content.get("callback_id") == "mail_settings"


def said(reply: Reply) -> dict[str, Any]:
    """What an acknowledgement says."""
    assert isinstance(reply.body, dict)
    return reply.body


def ids(view: View) -> list[str]:
    """The fields of a form."""
    return [element["action_id"] for _, element in view.elements]


async def test_the_command_alone_opens_the_form_at_once(desk: Desk) -> None:
    """Nothing is said in the channel; the domain is the one field that must be filled in."""
    reply = await desk.ask("")
    assert reply.is_ok
    assert reply.message is None
    form = await opened(desk)
    assert ids(form) == ["domain", "form_client", "form_protocol", "form_report", "form_language"]
    assert set(desk.slack.missing(form)) == {"domain"}
    assert form.content["title"]["text"] == "mailbot"
    assert desk.lookup.asked == []


async def test_a_form_for_a_known_person_needs_no_loading(desk: Desk) -> None:
    """One call; for somebody not known yet a view that says so comes first."""
    await desk.ask("")
    first = await opened(desk)
    assert [call.method for call in desk.slack.calls if call.method.startswith("views")] == [
        "views.open",
        "views.update",
    ]
    await desk.slack.close_view(first)
    await desk.ask("")
    await opened(desk)
    assert len(desk.slack.calls_of("views.update")) == 1


async def test_a_slow_slack_does_not_cost_the_trigger(desk: Desk) -> None:
    """The loading view opens before it is known who asks."""
    desk.slack.faults["users.info"] = Slow(5)
    await desk.ask("", user=LEAD)
    await desk.slack.until(lambda: desk.slack.calls_of("views.open"))
    assert "loading" in shown(desk.slack.calls_of("views.open")[0].arguments).lower() or "formulář" in shown(
        desk.slack.calls_of("views.open")[0].arguments
    )
    await opened(desk, LEAD)


async def test_clients_are_suggested_while_somebody_types(desk: Desk) -> None:
    """Nothing typed: the common ones in groups; typed: by name, nickname and with typing errors, also the dead."""
    await desk.ask("")
    form = await opened(desk)
    everything = said(await desk.slack.suggest(form, "form_client", ""))
    common = [option["value"] for group in everything["option_groups"] for option in group["options"]]
    assert "outlook-365" in common
    assert "eudora" not in common
    for typed, meant in (("outlok expres", "outlook-express-6"), ("eudora", "eudora"), ("eudra", "eudora")):
        found = said(await desk.slack.suggest(form, "form_client", typed))["options"]
        assert found[0]["value"] == meant
    assert said(await desk.slack.suggest(form, "form_client", "zzzzqqq")) == {"options": []}


async def test_systems_are_asked_for_where_they_matter(desk: Desk) -> None:
    """After the client was chosen; what was typed stays."""
    await desk.ask("")
    form = await opened(desk)
    await desk.slack.suggest(form, "form_client", "outlook 2010")
    await desk.slack.press(form, "form_client", "outlook-2010", values={"domain": "example.cz"})
    await desk.slack.until(lambda: "form_system" in ids(form))
    assert form.state["domain"]["domain"]["value"] == "example.cz"
    await desk.slack.submit(form, {"form_system": "windows-7"})
    answer = await desk.slack.next_response()
    request = desk.lookup.asked[0][0]
    assert request.client is not None
    assert request.client.system == "windows-7"
    assert request.client.client.id.startswith("outlook-2010")
    assert "example.cz" in answer.body["text"]


async def test_two_quick_choices_end_with_the_second(desk: Desk) -> None:
    """A hash that is stale by then does not lose the newer choice."""
    await desk.ask("")
    form = await opened(desk)
    await desk.slack.suggest(form, "form_client", "")
    desk.slack.faults["views.update"] = Times(1, ApiError("hash_conflict"))
    await desk.slack.press(form, "form_client", "outlook-2010")
    await desk.slack.until(lambda: "form_system" in ids(form))


async def test_a_wrong_domain_is_said_at_its_field_and_can_be_mended(desk: Desk) -> None:
    """The form stays open; the answer comes where it was asked for, private and with everything to share it."""
    await desk.ask("")
    form = await opened(desk)
    reply = await desk.slack.submit(form, {"domain": "nonsense"})
    assert said(reply)["response_action"] == "errors"
    assert set(said(reply)["errors"]) == {"domain"}
    assert form.id in desk.slack.world.views
    assert desk.lookup.asked == []
    fields = {"domain": "jan@example.cz #123", "form_protocol": "pop3", "form_language": "sk"}
    assert (await desk.slack.submit(form, fields)).is_ok
    answer = await desk.slack.next_response()
    assert answer.message is not None
    assert (answer.message.channel, answer.message.only_for) == (SUPPORT, AGENT)
    assert "jan" not in shown(answer.body)
    request = desk.lookup.asked[0][0]
    assert (request.protocol, request.customer_language, request.ticket) == (Protocol.POP3, "sk", "#123")
    await desk.slack.press(answer.message, "share")
    await desk.slack.until(lambda: desk.slack.calls_of("chat.postMessage"))


@pytest.mark.parametrize(("words", "wrong"), [("mail8.skok.cz", "mail8.skok.cz"), ("example.cz qqq", "qqq")])
async def test_what_was_wrong_is_named(desk: Desk, words: str, wrong: str) -> None:
    """A server instead of a domain; a word that is no client."""
    await desk.ask("")
    reply = await desk.slack.submit(await opened(desk), {"domain": words})
    assert wrong in said(reply)["errors"]["domain"]


async def test_a_slow_answer_to_a_form_is_announced(desk: Desk) -> None:
    """The form closes at once; a line goes first, then the answer."""
    await desk.ask("")
    form = await opened(desk)
    desk.lookup.gate.clear()
    assert (await desk.slack.submit(form, {"domain": "example.cz"})).seconds < 1
    assert form.id not in desk.slack.world.views
    assert "993" not in shown((await desk.slack.next_response()).body)
    desk.lookup.gate.set()
    assert "993" in shown((await desk.slack.next_response()).body)


async def test_the_global_shortcut_asks_where_to_answer(desk: Desk) -> None:
    """Where the agent stands is offered; the answer is private there, also where the bot is no member."""
    await desk.slack.shortcut("mail_settings", channel=GENERAL)
    form = await opened(desk)
    assert "conversation" in ids(form)
    await desk.slack.submit(form, {"domain": "example.cz", "conversation": GENERAL})
    answer = await desk.slack.next_response()
    assert answer.message is not None
    assert (answer.message.channel, answer.message.only_for) == (GENERAL, AGENT)


async def test_the_shortcut_from_nowhere_is_answered_in_person(desk: Desk) -> None:
    """In the agent's conversation with the bot, where there is nothing to share."""
    await desk.slack.shortcut("mail_settings")
    await desk.slack.submit(await opened(desk), {"domain": "example.cz"})
    await desk.slack.until(lambda: desk.slack.calls_of("chat.postMessage"))
    im = desk.slack.world.open_im(AGENT)
    (message,) = im.messages
    assert "993" in shown(message)
    controls = {element["action_id"] for _, element in message.elements}
    assert "check_again" in controls
    assert "share" not in controls
    await desk.slack.press(message, "protocol", user=AGENT)
    assert "995" in shown((await desk.slack.next_response()).body)


async def test_a_form_that_cannot_be_opened_is_said(desk: Desk) -> None:
    """With the command that works without it."""
    desk.slack.faults["views.open"] = ApiError("expired_trigger_id")
    await desk.ask("")
    assert "/mailsettings example.cz" in (await desk.slack.next_response()).body["text"]


async def test_a_form_that_was_closed_meanwhile_is_left_alone(desk: Desk) -> None:
    """No error for what nobody sees any more."""
    await desk.ask("")
    form = await opened(desk)
    await desk.slack.suggest(form, "form_client", "")
    desk.slack.faults["views.update"] = ApiError("not_found")
    await desk.slack.press(form, "form_client", "outlook-2010")
    await desk.slack.until(lambda: len(desk.slack.calls_of("views.update")) == 2)
    await desk.close()
    assert "failed" not in desk.logged()


async def test_a_bug_in_a_submission_is_told_in_the_form(desk: Desk) -> None:
    """The same id in the log; here the answer's code breaks."""

    def fail(_request: object) -> Any:
        raise RuntimeError("broken for jan@example.cz")

    desk.lookup.answer = fail
    await desk.ask("")
    await desk.slack.submit(await opened(desk), {"domain": "example.cz"})
    answer = await desk.slack.next_response()
    assert "RuntimeError" in desk.logged()
    assert "jan@" not in desk.logged()
    assert "kód" in answer.body["text"]


async def test_a_guest_sees_why_not(desk: Desk) -> None:
    """In the view that opened, and no client is suggested."""
    await desk.ask("", user=GUEST)
    await desk.slack.until(lambda: desk.slack.calls_of("views.update"))
    (view,) = desk.slack.world.views.values()
    assert "colleague" in shown(view.content)
    assert view.elements == []


@pytest.mark.parametrize(
    "origin",
    [
        Origin(),
        Origin("C1", "1.2", is_active=True, response_url="http://127.0.0.1/x"),
        Origin(view="V1", about="m1example.cz 2|x"),
    ],
)
def test_an_origin_comes_back_as_it_went(origin: Origin) -> None:
    """Through a view's private_metadata."""
    assert unpack_origin(origin.pack()) == origin


@pytest.mark.parametrize("text", [None, "", "[]", "3", "{", '{"channel": 3}', '{"other": "x"}', "x" * 4000])
def test_foreign_metadata_is_nowhere_in_particular(text: object) -> None:
    """Whatever stands in it."""
    assert unpack_origin(text) == Origin()


async def test_forms_over_socket_mode(open_desk: Any) -> None:
    """Views and suggestions come as envelopes there."""
    async with open_desk(SLACK_APP_TOKEN="xapp-1") as desk:
        await desk.slack.sockets.connected()
        await desk.ask("")
        form = await opened(desk)
        assert said(await desk.slack.suggest(form, "form_client", "thunder"))["options"]
        reply = await desk.slack.submit(form, {"domain": "nonsense"})
        assert said(reply)["response_action"] == "errors"
        await desk.slack.submit(form, {"domain": "example.cz"})
        assert "993" in shown((await desk.slack.next_response()).body)
        await asyncio.sleep(0)
