"""Forms and Home tabs: stacks, what is entered, what stays, what is sent off."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from slack_sdk.errors import SlackApiError

from bot.playground.slack import SlackStandIn
from bot.playground.slack_acts import NotFilledIn
from bot.playground.slack_people import SHARED
from bot.playground.slack_views import conversations
from bot.playground.slack_world import AGENT, GENERAL, GUEST, LEAD, SUPPORT, Channel
from tests.playground.slack_bot import Bot, answer, button, entry, modal, options, row, running_bot, text_input

DOMAIN = entry(text_input("domain"), "domain_block")
FORM = modal(DOMAIN, callback_id="form")
SELECT = {"type": "static_select", "action_id": "client", "options": options("outlook", "thunderbird")}
WHERE = {
    "type": "conversations_select",
    "action_id": "where",
    "default_to_current_conversation": True,
    "response_url_enabled": True,
}


@pytest.fixture(params=["http", "socket"])
async def bot(slack: SlackStandIn, request: pytest.FixtureRequest) -> AsyncIterator[Bot]:
    """A bot, reached either way."""
    async with running_bot(slack, request.param) as bot:
        yield bot


def ids(slack: SlackStandIn, person: str = AGENT) -> list[str]:
    """The callback ids of a stack, from the bottom."""
    return [view.content.get("callback_id", "") for view in slack.world.stack(person)]


async def test_two_views_can_be_pushed_onto_the_first(slack: SlackStandIn, bot: Bot) -> None:
    """Each knows the first one and the one below; the third push is refused."""
    opened = (await bot.client.views_open(trigger_id=slack.world.new_trigger(AGENT), view=FORM))["view"]
    below = opened["id"]
    for _ in range(2):
        pushed = (await bot.client.views_push(trigger_id=slack.world.new_trigger(AGENT), view=FORM))["view"]
        assert (pushed["root_view_id"], pushed["previous_view_id"]) == (opened["id"], below)
        below = pushed["id"]
    with slack.expecting("views.push: push_limit_reached"), pytest.raises(SlackApiError, match="push_limit_reached"):
        await bot.client.views_push(trigger_id=slack.world.new_trigger(AGENT), view=FORM)
    assert len(slack.world.stack(AGENT)) == 3


async def test_without_a_view_nothing_can_be_pushed(slack: SlackStandIn, bot: Bot) -> None:
    """The user may have closed it meanwhile: an honest refusal."""
    with pytest.raises(SlackApiError, match="not_found"):
        await bot.client.views_push(trigger_id=slack.world.new_trigger(AGENT), view=FORM)


async def test_a_view_opened_from_a_view_lies_above_it(slack: SlackStandIn, bot: Bot) -> None:
    """With a stack of its own; other people's are untouched."""
    first = slack.world.new_view(AGENT, modal(row(button()), callback_id="first"))
    other = slack.world.new_view(LEAD, FORM)
    await slack.press(first, "go")
    opened = await bot.client.views_open(trigger_id=bot.last["trigger_id"], view={**FORM, "callback_id": "second"})
    assert opened["view"]["root_view_id"] == opened["view"]["id"]
    assert opened["view"]["previous_view_id"] is None
    assert ids(slack) == ["first", "second"]
    assert slack.world.stack(LEAD) == [other]
    with pytest.raises(LookupError, match="another view lies above"):
        await slack.press(first, "go")


@pytest.mark.parametrize(
    ("ack", "left"),
    [
        (None, ["first"]),
        ({"response_action": "clear"}, []),
        ({"response_action": "errors", "errors": {"domain_block": "No domain"}}, ["first", "second"]),
        ({"response_action": "update", "view": {**FORM, "callback_id": "third"}}, ["first", "third"]),
        ({"response_action": "push", "view": {**FORM, "callback_id": "third"}}, ["first", "second", "third"]),
    ],
)
async def test_what_follows_a_form_concerns_the_top_of_the_stack(slack, bot: Bot, ack: Any, left: list[str]) -> None:
    """By default only the view that was sent off closes."""
    first = slack.world.new_view(AGENT, {**FORM, "callback_id": "first"})
    second = slack.world.new_view(AGENT, {**FORM, "callback_id": "second"}, below=first)
    if ack:
        bot.acks["view_submission"] = ack
    await slack.submit(second, {"domain": "example.cz"})
    assert ids(slack) == left
    assert bot.last["view"]["previous_view_id"] == first.id


async def test_a_form_that_was_sent_off_twice_closes_once(slack: SlackStandIn, bot: Bot) -> None:
    """The second acknowledgement finds no view any more; the one below stays."""
    first = slack.world.new_view(AGENT, FORM)
    second = slack.world.new_view(AGENT, FORM, below=first)
    bot.delay = 0.05
    await asyncio.gather(*(slack.submit(second, {"domain": "example.cz"}) for _ in range(2)))
    assert len(bot.got) == 2
    assert slack.world.stack(AGENT) == [first]


async def test_a_push_in_the_acknowledgement_has_the_same_limit(slack: SlackStandIn, bot: Bot) -> None:
    """Slack shows an error to the user."""
    view = slack.world.new_view(AGENT, FORM)
    for _ in range(2):
        view = slack.world.new_view(AGENT, FORM, below=view)
    bot.acks["view_submission"] = {"response_action": "push", "view": FORM}
    with slack.expecting("view_submission push: push_limit_reached"):
        await slack.submit(view, {"domain": "example.cz"})
    assert len(slack.world.stack(AGENT)) == 3


async def test_closing_is_told_where_it_was_asked_for(slack: SlackStandIn, bot: Bot) -> None:
    """With what was entered; the view below is seen again."""
    first = slack.world.new_view(AGENT, FORM)
    second = slack.world.new_view(AGENT, {**FORM, "notify_on_close": True, "callback_id": "second"}, below=first)
    slack.enter(second, {"domain": "half"})
    [reply] = await slack.close_view(second)
    assert reply.is_ok
    assert (bot.last["type"], bot.last["is_cleared"]) == ("view_closed", False)
    assert bot.last["view"]["state"]["values"]["domain_block"]["domain"]["value"] == "half"
    assert "trigger_id" not in bot.last
    assert slack.world.stack(AGENT) == [first]
    assert await slack.close_view(first) == []
    with pytest.raises(LookupError, match="is closed"):
        await slack.close_view(first)


@pytest.mark.parametrize(("content", "whole"), [({}, True), ({"clear_on_close": True}, False)])
async def test_a_whole_stack_can_be_closed(slack: SlackStandIn, bot: Bot, content: dict[str, Any], whole: bool) -> None:
    """Every view that asked is told of, from the top."""
    asking = {**FORM, "notify_on_close": True}
    first = slack.world.new_view(AGENT, asking)
    second = slack.world.new_view(AGENT, {**asking, **content}, below=first)
    assert len(await slack.close_view(second, whole_stack=whole)) == 2
    assert [body["view"]["id"] for body in bot.got] == [second.id, first.id]
    assert all(body["is_cleared"] for body in bot.got)
    assert slack.world.stack(AGENT) == []


async def test_only_who_sees_a_view_can_close_it(slack: SlackStandIn) -> None:
    """Not her colleague."""
    view = slack.world.new_view(AGENT, FORM)
    with pytest.raises(LookupError, match=LEAD):
        await slack.close_view(view, user=LEAD)
    with pytest.raises(LookupError):
        await slack.close_view(slack.world.new_view(LEAD, FORM), user=AGENT)


async def test_an_update_keeps_what_was_entered_in_the_same_block(slack: SlackStandIn, bot: Bot) -> None:
    """Another block_id starts anew, also with what it starts with; the view keeps its id and changes its hash."""
    opened = (await bot.client.views_open(trigger_id=slack.world.new_trigger(AGENT), view=FORM))["view"]
    [view] = slack.world.views.values()
    slack.enter(view, {"domain": "example.cz"})
    ignored = entry(text_input("domain", initial_value="other.cz"), "domain_block")
    updated = (await bot.client.views_update(view_id=view.id, view=modal(ignored)))["view"]
    assert updated["id"] == opened["id"]
    assert updated["hash"] != opened["hash"]
    assert view.state["domain_block"]["domain"]["value"] == "example.cz"
    await bot.client.views_update(view_id=view.id, view=modal({**ignored, "block_id": "domain_block_2"}))
    assert view.state == {"domain_block_2": {"domain": {"type": "plain_text_input", "value": "other.cz"}}}


async def test_a_choice_that_is_offered_no_more_is_gone_after_an_update(slack: SlackStandIn, bot: Bot) -> None:
    """One that still is stays."""
    view = slack.world.new_view(AGENT, modal(entry(SELECT, "s")))
    slack.enter(view, {"client": "thunderbird"})
    slack.world.update_view(view, modal(entry({**SELECT, "options": options("thunderbird", "ios")}, "s")))
    assert view.state["s"]["client"]["selected_option"]["value"] == "thunderbird"
    slack.world.update_view(view, modal(entry({**SELECT, "options": options("ios")}, "s")))
    assert view.state["s"]["client"]["selected_option"] is None


async def test_a_choice_in_a_form_is_told_when_it_was_asked_for(slack: SlackStandIn, bot: Bot) -> None:
    """With all that is entered elsewhere, which stays entered."""
    view = slack.world.new_view(AGENT, modal(entry(SELECT, "s", dispatch_action=True), DOMAIN))
    await slack.press(view, "client", "outlook", values={"domain": "example.cz"})
    assert bot.last["actions"][0]["selected_option"]["value"] == "outlook"
    for values in (bot.last["view"]["state"]["values"], view.state):
        assert values["domain_block"]["domain"]["value"] == "example.cz"
        assert values["s"]["client"]["selected_option"]["value"] == "outlook"
    await slack.submit(view)
    assert bot.last["view"]["state"]["values"] == view.state
    with pytest.raises(LookupError, match="is closed"):
        await slack.press(view, "client", "outlook")


async def test_a_field_sends_its_text_when_it_was_asked_for(slack: SlackStandIn, bot: Bot) -> None:
    """A field that was not asked sends nothing by itself."""
    view = slack.world.new_view(AGENT, modal(entry(text_input("domain"), "d", dispatch_action=True)))
    await slack.press(view, "domain", "example.cz")
    assert bot.last["actions"][0]["value"] == "example.cz"
    with pytest.raises(LookupError, match="sends nothing"):
        await slack.press(slack.world.new_view(LEAD, FORM), "domain", "example.cz")


NUMBER = {"type": "number_input", "action_id": "a", "is_decimal_allowed": False, "min_value": "1", "max_value": "9"}


@pytest.mark.parametrize(
    ("element", "entered", "problem"),
    [
        (text_input("a"), None, "Please fill in this field."),
        (text_input("a"), "", "Please fill in this field."),
        (text_input("a"), "x", ""),
        (text_input("a", min_length=3), "ab", "Please enter at least 3 characters."),
        (text_input("a", max_length=3), "abcd", "Please enter at most 3 characters."),
        ({**SELECT, "action_id": "a"}, None, "Please fill in this field."),
        ({**SELECT, "action_id": "a", "initial_option": options("outlook")[0]}, None, None),
        ({"type": "checkboxes", "action_id": "a", "options": options("x", "y")}, [], "Please fill in this field."),
        ({"type": "checkboxes", "action_id": "a", "options": options("x", "y")}, ["x", "y"], ""),
        ({"type": "email_text_input", "action_id": "a"}, "jan", "Please enter an e-mail address."),
        ({"type": "email_text_input", "action_id": "a"}, "jan@example.cz", ""),
        ({"type": "url_text_input", "action_id": "a"}, "example.cz", "Please enter a URL."),
        ({"type": "url_text_input", "action_id": "a"}, "https://example.cz", ""),
        (NUMBER, "many", "Please enter a number."),
        (NUMBER, "1.5", "Please enter a whole number."),
        (NUMBER, "12", "Please enter a number from 1 to 9."),
        (NUMBER, "9", ""),
    ],
)
async def test_a_form_that_is_not_filled_in_is_not_sent(slack: SlackStandIn, element, entered, problem) -> None:
    """As Slack's client says it below the field; an optional field may stay empty."""
    view = slack.world.new_view(AGENT, modal(entry(element, "b")))
    fill = {} if problem is None else {"a": entered}
    assert slack.missing(view, fill) == ({"b": problem} if problem else {})
    if problem:
        with pytest.raises(NotFilledIn) as caught:
            await slack.submit(view, fill)
        assert caught.value.missing == {"b": problem}
        optional = slack.world.new_view(LEAD, modal(entry(element, "b", optional=True)))
        is_empty = entered in (None, "", [])
        assert bool(slack.missing(optional, fill)) is not is_empty


async def test_what_was_suggested_can_be_chosen(slack: SlackStandIn, bot: Bot) -> None:
    """By its value, also out of a group; what is not suggested any more cannot."""
    search = {"type": "external_select", "action_id": "search", "min_query_length": 1}
    view = slack.world.new_view(AGENT, modal(entry(search, "s")))
    groups = [{"label": {"type": "plain_text", "text": "Mail"}, "options": options("outlook-2007")}]
    bot.acks["block_suggestion"] = {"option_groups": groups}
    await slack.suggest(view, "search", "o")
    await slack.submit(view, {"search": "outlook-2007"})
    chosen = bot.last["view"]["state"]["values"]["s"]["search"]["selected_option"]
    assert chosen == groups[0]["options"][0]  # type: ignore[index]
    other = slack.world.new_view(AGENT, modal(entry(search, "s")))
    with pytest.raises(LookupError, match="offers no option"):
        slack.enter(other, {"search": "outlook-2007"})
    with pytest.raises(LookupError, match="from 1 characters on"):
        await slack.suggest(other, "search", "")


async def test_home_keeps_its_view_over_updates(slack: SlackStandIn, bot: Bot) -> None:
    """One view for each person; opening it again shows it to the bot."""
    home = {"type": "home", "blocks": [row(button())]}
    first = (await bot.client.views_publish(user_id=AGENT, view=home))["view"]
    again = (await bot.client.views_publish(user_id=AGENT, view=home))["view"]
    other = (await bot.client.views_publish(user_id=LEAD, view=home))["view"]
    assert first["id"] == again["id"] != other["id"]
    assert first["hash"] != again["hash"]
    await slack.open_home()
    assert bot.last["event"]["view"]["id"] == first["id"]
    await slack.press(slack.world.homes[AGENT], "go")
    assert bot.last["view"]["type"] == "home"
    assert bot.last["user"]["id"] == AGENT


async def test_blocks_and_elements_without_ids_get_some_that_stay(slack: SlackStandIn, bot: Bot) -> None:
    """Different ones, the same at every look; an update gives new ones."""
    bare = {"type": "button", "text": {"type": "plain_text", "text": "Go"}}
    blocks = [row(bare), row(bare), {"type": "section", "text": {"type": "plain_text", "text": "x"}, "accessory": bare}]
    posted = await bot.client.chat_postMessage(channel=SUPPORT, text="x", blocks=blocks)
    [message] = slack.world.channels[SUPPORT].messages
    given = [block["block_id"] for block in message.blocks]
    assert len({*given, *(element["action_id"] for _, element in message.elements)}) == 6
    assert [block["block_id"] for block in posted["message"]["blocks"]] == given
    await slack.press(message, message.elements[2][1]["action_id"])
    assert bot.last["actions"][0]["block_id"] == given[2]
    await bot.client.chat_update(channel=SUPPORT, ts=message.ts, text="x", blocks=blocks)
    assert not {block["block_id"] for block in message.blocks} & set(given)


async def test_a_form_knows_where_the_user_stood_and_answers_there(slack: SlackStandIn, bot: Bot) -> None:
    """By a response_url of the conversation that is chosen: the current one at first."""
    await slack.shortcut("mail", channel=SHARED)
    assert "channel" not in bot.last
    form = modal(entry(WHERE, "where_block"))
    await bot.client.views_open(trigger_id=bot.last["trigger_id"], view=form)
    [view] = slack.world.stack(AGENT)
    await slack.submit(view)
    [place] = bot.last["response_urls"]
    assert (place["block_id"], place["action_id"], place["channel_id"]) == ("where_block", "where", SHARED)
    assert await answer(place["response_url"], text="Here", response_type="in_channel") == 200
    assert [message.text for message in slack.world.channels[SHARED].messages] == ["Here"]


async def test_another_conversation_can_be_chosen_or_none_be_known(slack: SlackStandIn, bot: Bot) -> None:
    """The answer goes where the select says; without a place and a choice there is no response_url."""
    form = modal(entry(WHERE, "where_block", optional=True))
    await slack.shortcut("mail")
    await bot.client.views_open(trigger_id=bot.last["trigger_id"], view=form)
    [view] = slack.world.stack(AGENT)
    await slack.submit(view)
    assert bot.last["response_urls"] == []
    await slack.command("/mail", channel=SUPPORT)
    await bot.client.views_open(trigger_id=bot.last["trigger_id"], view=form)
    [view] = slack.world.stack(AGENT)
    assert view.state["where_block"]["where"]["selected_conversation"] == SUPPORT
    await slack.submit(view, {"where": GENERAL})
    [place] = bot.last["response_urls"]
    await answer(place["response_url"], text="Only you")
    assert [message.text for message in slack.world.seen_by(AGENT, GENERAL)] == ["Only you"]


@pytest.mark.parametrize(
    ("wanted", "offered"),
    [
        ({}, {SUPPORT, GENERAL, SHARED, "C0PRIVATE", "D0AGENT"}),
        ({"include": ["public"]}, {SUPPORT, GENERAL, SHARED}),
        ({"include": ["private"]}, {"C0PRIVATE"}),
        ({"include": ["im"], "exclude_bot_users": True}, set()),
        ({"exclude_external_shared_channels": True}, {SUPPORT, GENERAL, "C0PRIVATE", "D0AGENT"}),
    ],
)
async def test_a_select_offers_what_its_filter_lets_through(slack: SlackStandIn, wanted, offered) -> None:
    """To a member; a guest is offered what she is in. The current one is chosen only when it is offered."""
    slack.world.channels["C0PRIVATE"] = private = Channel("C0PRIVATE", "private", is_private=True)
    slack.world.open_im(AGENT)
    slack.world.open_im(LEAD)
    element = {**WHERE, **({"filter": wanted} if wanted else {})}
    assert {place.id for place in conversations(slack.world, AGENT, element)} == offered
    assert {place.id for place in conversations(slack.world, GUEST, element)} <= {GENERAL}
    view = slack.world.new_view(AGENT, modal(entry(element, "b")), place=private)
    assert (view.state["b"]["where"]["selected_conversation"] == "C0PRIVATE") is ("C0PRIVATE" in offered)
