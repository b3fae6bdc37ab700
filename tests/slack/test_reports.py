"""What the program says: a menu below every answer, the name on a certificate, words in the command."""

from __future__ import annotations

import pytest

from bot.playground.slack_model import View
from bot.playground.slack_people import AGENT, LEAD
from bot.request import Report
from bot.slack.state import State, pack, unpack
from bot.symptoms.reader import load_symptoms
from tests.slack.conftest import Desk, refusal_for, shown
from tests.slack.test_form import opened, said
from tests.slack.test_home import home


async def name_form(desk: Desk) -> View:
    """The form that asks for the name, once it is open."""
    await desk.slack.until(lambda: any(_asks_name(view) for view in desk.slack.world.views.values()))
    return next(view for view in desk.slack.world.views.values() if _asks_name(view))


def _asks_name(view: View) -> bool:
    return view.content.get("callback_id") == "certificate_name"


def value_of(symptom: str, **more: object) -> str:
    """What the menu's option for a symptom carries."""
    return pack(State("example.cz", "thunderbird-78", report=Report(symptom), **more))  # type: ignore[arg-type]


async def test_every_symptom_can_be_chosen_and_taken_back(desk: Desk) -> None:
    """The answer then says the cause, one question and one thing to do."""
    reply = await desk.ask("example.cz thunderbird-78")
    menu = next(element for _, element in reply.message.elements if element["action_id"] == "report")
    assert [unpack("m1example.cz", option["value"]).report for option in menu["options"]] == [
        Report(id) for id in load_symptoms()
    ]
    for option in menu["options"]:
        await desk.slack.press(reply.message, "report", option["value"])
        answer = await desk.slack.next_response()
        assert "Zeptejte se" in shown(answer.body)
        assert "Udělejte" in shown(answer.body)
    changed = answer.message
    assert changed is not None
    menu = next(element for _, element in changed.elements if element["action_id"] == "report")
    assert menu["initial_option"]["value"] == menu["options"][len(load_symptoms()) - 1]["value"]
    await desk.slack.press(changed, "report", menu["options"][-1]["value"])
    assert "Zeptejte se" not in shown((await desk.slack.next_response()).body)


@pytest.mark.parametrize("words", ["0x800CCC0E", "nechodí nová pošta", "mail3.skok.cz"])
async def test_words_behind_the_domain_are_judged(desk: Desk, words: str) -> None:
    """In any place after it; the other buttons keep the report."""
    reply = await desk.ask(f"example.cz {words} thunderbird-78")
    assert "Udělejte" in shown(reply.body)
    await desk.slack.press(reply.message, "protocol")
    assert "Udělejte" in shown((await desk.slack.next_response()).body)


async def test_the_name_on_a_certificate_is_asked_for_and_judged(desk: Desk) -> None:
    """What is no name is said at the field; the answer is judged in its place."""
    reply = await desk.ask("example.cz thunderbird-78")
    assert "enter_name" not in shown(reply.body)
    await desk.slack.press(reply.message, "report", value_of("certificate-name"))
    answer = await desk.slack.next_response()
    assert answer.message is not None
    await desk.slack.press(answer.message, "enter_name")
    form = await name_form(desk)
    assert set(said(await desk.slack.submit(form, {"name": "to nevím"}))["errors"]) == {"name"}
    await desk.slack.submit(form, {"name": "*.MAIL3.skok.cz"})
    judged = await desk.slack.next_response()
    assert judged.message is answer.message
    assert "mail3.skok.cz" in shown(judged.body)
    assert desk.lookup.asked[-1][0].report == Report("certificate-name", "mail3.skok.cz")


async def test_the_name_can_be_entered_over_a_modal(desk: Desk) -> None:
    """There it opens on top, and the modal below shows what it means."""
    await desk.ask("example.cz thunderbird-78", user=LEAD)
    await desk.slack.press(await home(desk, LEAD), "ask_again")
    await desk.slack.until(lambda: any("993" in shown(view.content) for view in desk.slack.world.views.values()))
    (modal,) = desk.slack.world.views.values()
    await desk.slack.press(modal, "report", value_of("certificate-name", can_share=False))
    await desk.slack.until(lambda: "enter_name" in shown(modal.content))
    await desk.slack.press(modal, "enter_name")
    form = await name_form(desk)
    assert form.previous == modal.id
    await desk.slack.submit(form, {"name": "mail3.skok.cz"})
    await desk.slack.until(lambda: "mail3.skok.cz" in shown(modal.content))


async def test_the_form_asks_for_it_too(desk: Desk) -> None:
    """Optional, and words behind the domain come before it."""
    await desk.ask("")
    form = await opened(desk)
    await desk.slack.submit(form, {"domain": "example.cz", "form_report": "password-again"})
    await desk.slack.next_response()
    assert desk.lookup.asked[-1][0].report == Report("password-again")
    await desk.ask("")
    form = await opened(desk)
    await desk.slack.submit(form, {"domain": "example.cz 0x800CCC0E", "form_report": "password-again"})
    await desk.slack.next_response()
    assert desk.lookup.asked[-1][0].report == Report("0x800ccc0e")


async def test_a_refusal_has_the_menu_too(desk: Desk) -> None:
    """That the mail is not here explains most of what a program says."""
    desk.lookup.answer = refusal_for
    reply = await desk.ask("example.cz thunderbird-78")
    await desk.slack.press(reply.message, "report", value_of("password-again"))
    assert desk.lookup.asked[-1][0].report == Report("password-again")
    await desk.slack.next_response()


async def test_a_mention_is_judged_too(desk: Desk) -> None:
    """Free words."""
    await desk.slack.mention("<@U0MAILBOT> example.cz, Thunderbird, pořád se ptá na heslo")
    await desk.slack.until(lambda: desk.slack.calls_of("chat.postMessage"))
    assert "Udělejte" in shown(desk.slack.calls_of("chat.postMessage")[0].arguments)


async def test_a_symptom_nobody_knows_any_more_is_outdated(desk: Desk) -> None:
    """As any button of another version."""
    reply = await desk.ask("example.cz thunderbird-78")
    option = {"text": {"type": "plain_text", "text": "x", "emoji": False}, "value": value_of("long-gone")}
    await desk.slack.press(reply.message, "report", option, user=AGENT)
    assert "nerozumím" in (await desk.slack.next_response()).body["text"]


def test_a_name_without_room_is_asked_for_again() -> None:
    """The report stays."""
    state = State("example.cz", "thunderbird-78", report=Report("certificate-name", "x" * 60 + "." + "y" * 60 + ".cz"))
    assert unpack("m1example.cz", pack(state)).report == Report("certificate-name")
