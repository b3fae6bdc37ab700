"""App Home: what was asked lately, one click to ask again, help."""

from __future__ import annotations

from datetime import UTC, datetime

from bot.playground.slack_faults import ApiError
from bot.playground.slack_model import View
from bot.playground.slack_people import AGENT, GUEST, LEAD
from bot.slack.recent import MOST_QUESTIONS, Recent
from bot.slack.state import State
from bot.slack.state import View as Shown
from tests.slack.conftest import Desk, Open, shown
from tests.slack.test_form import opened

NOW = datetime(2026, 11, 23, 14, 3, tzinfo=UTC)


async def home(desk: Desk, user: str = AGENT) -> View:
    """The Home that a user opens."""
    calls = len(desk.slack.calls_of("views.publish"))
    assert (await desk.slack.open_home(user=user)).is_ok
    await desk.slack.until(lambda: len(desk.slack.calls_of("views.publish")) > calls)
    return desk.slack.world.homes[user]


async def test_a_first_visit_shows_how_to_begin(desk: Desk) -> None:
    """A button and the help; in the reader's language."""
    view = await home(desk, LEAD)
    assert "Nothing yet" in shown(view.content)
    assert "/mailsettings example.cz" in shown(view.content)
    await desk.slack.press(view, "open_form")
    assert "conversation" in {element["action_id"] for _, element in (await opened(desk, LEAD)).elements}


async def test_what_was_asked_is_one_click_away(desk: Desk) -> None:
    """The newest first; the answer opens in a modal in which everything works but sharing."""
    await desk.ask("first.example.cz thunderbird")
    await desk.ask("jan@second.example.cz outlook-2010 pop3 #77")
    view = await home(desk)
    text = shown(view.content)
    assert text.index("second.example.cz") < text.index("first.example.cz")
    assert "jan@second" not in text
    newest = next(block for block, element in view.elements if element["action_id"] == "ask_again")
    desk.lookup.gate.clear()
    await desk.slack.press(view, "ask_again", block_id=newest)
    await desk.slack.until(lambda: desk.slack.calls_of("views.open"))
    desk.lookup.gate.set()
    (modal,) = desk.slack.world.views.values()
    await desk.slack.until(lambda: "995" in shown(modal.content))
    assert "share" not in {element["action_id"] for _, element in modal.elements}
    await desk.slack.press(modal, "protocol")
    await desk.slack.until(lambda: "993" in shown(modal.content))
    await desk.slack.press(modal, "customer_text")
    await desk.slack.until(lambda: "rich_text_preformatted" in shown(modal.content))


async def test_trouble_in_a_modal_is_told_in_it(desk: Desk) -> None:
    """With the id in the log."""
    await desk.ask("example.cz thunderbird")
    view = await home(desk)
    await desk.slack.press(view, "ask_again")
    await desk.slack.until(lambda: desk.slack.world.views)
    (modal,) = desk.slack.world.views.values()
    await desk.slack.until(lambda: "993" in shown(modal.content))

    def fail(_request: object) -> object:
        raise RuntimeError("broken")

    desk.lookup.answer = fail  # type: ignore[assignment]
    await desk.slack.press(modal, "check_again")
    await desk.slack.until(lambda: "kód" in shown(modal.content))


async def test_a_modal_closed_in_the_meantime_is_no_trouble(desk: Desk) -> None:
    """Nothing to say, nobody to say it to."""
    await desk.ask("example.cz thunderbird")
    view = await home(desk)
    desk.slack.faults["views.update"] = ApiError("not_found")
    await desk.slack.press(view, "ask_again")
    await desk.slack.until(lambda: desk.slack.calls_of("views.update"))
    await desk.close()
    assert "Traceback" not in desk.logged()


async def test_guests_see_why_not(desk: Desk) -> None:
    """Nothing to click."""
    view = await home(desk, GUEST)
    assert "colleague" in shown(view.content)
    assert view.elements == []


async def test_the_messages_tab_is_left_alone(desk: Desk) -> None:
    """Nothing is published for it."""
    assert (await desk.slack.open_home(tab="messages")).is_ok
    await desk.close()
    assert not desk.slack.calls_of("views.publish")


async def test_a_home_that_cannot_be_published_is_in_the_log(desk: Desk) -> None:
    """And told in person."""
    desk.slack.faults["views.publish"] = ApiError("internal_error")
    await desk.slack.open_home()
    await desk.slack.until(lambda: desk.slack.calls_of("chat.postMessage"))
    assert "kód" in shown(desk.slack.world.open_im(AGENT).messages[-1])


async def test_lists_of_channels_close_the_home(open_desk: Open) -> None:
    """It is in none of them."""
    async with open_desk(MAILBOT_ALLOW_CHANNELS="C0SUPPORT") as desk:
        assert "C0SUPPORT" in shown((await home(desk)).content)


def test_recent_questions_are_few_and_plain() -> None:
    """One for each domain and client; nothing of the place they were asked in."""
    recent = Recent(lambda: NOW)
    recent.add("U1", State("a.cz", thread="1.2", view=Shown.CUSTOMER), "verified")
    recent.add("U1", State("b.cz"), "verified")
    recent.add("U1", State("a.cz"), "unverified")
    assert [(asked.state.domain, asked.code) for asked in recent.of("U1")] == [
        ("a.cz", "unverified"),
        ("b.cz", "verified"),
    ]
    assert recent.of("U1")[0].state == State("a.cz", can_share=False)
    for number in range(20):
        recent.add("U1", State(f"x{number}.cz"), "verified")
    assert len(recent.of("U1")) == MOST_QUESTIONS
    assert recent.of("U2") == ()
    for number in range(1_001):
        recent.add(f"U{number}", State("a.cz"), "verified")
    assert recent.of("U0") == ()
