"""Whatever Slack sends is handled: what breaks is told, what comes twice is done once, what nobody knows is taken."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from bot.playground.slack_delivery import Reply
from bot.playground.slack_faults import ServerError
from bot.playground.slack_people import AGENT, SUPPORT
from bot.slack.state import State, pack
from tests.slack.conftest import Desk, Open, shown
from tests.slack.test_form import opened

Play = Callable[[Desk], Awaitable[Reply]]


async def command(desk: Desk) -> Reply:
    """A command with words."""
    reply: Reply = await desk.ask("example.cz thunderbird")
    return reply


async def command_alone(desk: Desk) -> Reply:
    """A command that opens the form."""
    reply: Reply = await desk.ask("")
    return reply


async def click(desk: Desk) -> Reply:
    """A button below help that was an answer once: any message will do."""
    content = {"type": "button", "action_id": "protocol", "text": {"type": "plain_text", "text": "x"}}
    block = {
        "type": "actions",
        "block_id": "b1example.cz",
        "elements": [{**content, "value": pack(State("example.cz"))}],
    }
    message = desk.slack.world.post(
        desk.slack.world.channel(SUPPORT), {"text": "x", "blocks": [block]}, "U0MAILBOT", only_for=AGENT
    )
    return await desk.slack.press(message, "protocol")


async def shortcut(desk: Desk) -> Reply:
    """The global one."""
    return await desk.slack.shortcut("mail_settings")


async def message_shortcut(desk: Desk) -> Reply:
    """The one in a message's menu."""
    return await desk.slack.message_shortcut("mail_settings_for_message", desk.slack.say("example.cz"))


async def submission(desk: Desk) -> Reply:
    """The form sent off."""
    await desk.ask("")
    return await desk.slack.submit(await opened(desk), {"domain": "example.cz"})


async def suggestion(desk: Desk) -> Reply:
    """A key typed into the form's menu."""
    await desk.ask("")
    return await desk.slack.suggest(await opened(desk), "form_client", "outlook")


async def mention(desk: Desk) -> Reply:
    """In a channel."""
    return await desk.slack.mention("<@U0MAILBOT> example.cz")


async def direct_message(desk: Desk) -> Reply:
    """To the bot alone."""
    return await desk.slack.direct_message("example.cz")


async def opened_home(desk: Desk) -> Reply:
    """App Home."""
    return await desk.slack.open_home()


EVERY = [
    command, command_alone, click, shortcut, message_shortcut, submission, suggestion, mention, direct_message,
    opened_home,
]  # fmt: skip


@pytest.mark.parametrize("play", EVERY)
@pytest.mark.parametrize("mode", [{}, {"SLACK_APP_TOKEN": "xapp-1"}], ids=["http", "socket"])
async def test_what_breaks_right_after_the_acknowledgement_loses_nothing(
    open_desk: Open, play: Play, mode: dict[str, str]
) -> None:
    """Everything beyond the acknowledgement fails: Slack's Web API, and our own code. It is acknowledged all the same.

    Bolt 1.30 would answer nothing at all when a listener raised then.
    """

    def fail(_request: object) -> Any:
        raise RuntimeError("broken for jan@example.cz")

    async with open_desk(**mode) as desk:
        if mode:
            await desk.slack.sockets.connected()
        desk.lookup.answer = fail
        if play not in (submission, suggestion):  # these need the form open first
            for method in ("views.open", "views.update", "views.publish", "chat.postMessage", "users.info"):
                desk.slack.faults[method] = ServerError()
        reply = await play(desk)
        assert reply.is_ok
        assert reply.seconds < 2.9
        await desk.close()
        assert "jan@" not in desk.logged()


@pytest.mark.parametrize("play", EVERY)
async def test_what_comes_twice_is_done_once(desk: Desk, play: Play) -> None:
    """A signature holds for five minutes, and events are delivered again: every repeat is taken quietly."""
    reply = await play(desk)
    await desk.slack.until(lambda: True)
    replay = await desk.slack.repeat(reply, 1)
    assert replay.is_ok
    assert not replay.body
    await desk.close()
    assert len(desk.lookup.asked) <= 1
    assert sum(len(desk.slack.calls_of(method)) for method in ("chat.postMessage", "views.publish")) <= 1
    assert len(desk.slack.calls_of("views.open")) <= 1
    assert "repeated" in desk.logged()


@pytest.mark.parametrize(
    "event",
    [
        {"type": "reaction_added", "user": AGENT},
        {"type": "message", "channel_type": "channel", "channel": SUPPORT, "user": AGENT, "text": "x"},
        {"type": "message", "channel_type": "im", "subtype": "message_changed", "channel": "D0AGENT"},
        {"type": "app_uninstalled"},
        {"type": "tokens_revoked", "tokens": {"oauth": ["x"]}},
    ],
)
async def test_events_that_nobody_asked_for_are_taken(desk: Desk, event: dict[str, Any]) -> None:
    """Else Slack would send them again and count failures."""
    assert (await desk.slack.event(event)).is_ok


async def test_forms_and_menus_of_other_versions_are_taken(desk: Desk) -> None:
    """A form with another callback id closes; a menu nobody knows is empty; an old button says so."""
    field = {"type": "plain_text_input", "action_id": "x"}
    menu = {"type": "external_select", "action_id": "old_menu", "min_query_length": 0}
    label = {"type": "plain_text", "text": "x"}
    blocks = [
        {"type": "input", "block_id": "a", "optional": True, "label": label, "element": field},
        {"type": "input", "block_id": "b", "optional": True, "label": label, "element": menu},
    ]
    content = {"type": "modal", "callback_id": "old", "title": label, "submit": label, "blocks": blocks}
    view = desk.slack.world.new_view(AGENT, {**content, "notify_on_close": True})
    assert (await desk.slack.suggest(view, "old_menu", "")).body == {"options": []}
    assert (await desk.slack.submit(view)).is_ok
    view = desk.slack.world.new_view(AGENT, {**content, "notify_on_close": True})
    assert all(reply.is_ok for reply in await desk.slack.close_view(view))
    assert "failed" not in desk.logged()


async def test_a_payload_that_is_not_what_it_says_is_refused_not_crashed_on(desk: Desk) -> None:
    """With all that we read missing from it."""
    for payload in ({"type": "view_submission"}, {"type": "message_action"}, {"type": "block_actions", "actions": []}):
        reply = await desk.slack._delivery.send("interactive", {"token": "x", "team": {"id": "T"}, **payload})
        assert reply.status in (200, 400, 404)
    desk.slack.world.breaches.clear()
    assert "Traceback" not in shown(desk.logged())
