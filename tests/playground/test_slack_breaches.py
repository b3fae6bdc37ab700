"""Whatever breaks Slack's rules is noticed, and told apart from honest refusals."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from slack_sdk.errors import SlackApiError

from bot.playground.slack import SlackStandIn
from bot.playground.slack_world import AGENT, SUPPORT, Breach
from tests.playground.slack_bot import Bot, answer, button, entry, modal, options, row, running_bot, text_input, words

FORM = modal(entry(text_input(), "b"))
SEARCH = {"type": "external_select", "action_id": "search"}


@pytest.fixture(params=["http", "socket"])
async def bot(slack: SlackStandIn, request: pytest.FixtureRequest) -> AsyncIterator[Bot]:
    """A bot, reached either way."""
    async with running_bot(slack, request.param) as bot:
        yield bot


@pytest.fixture
async def web_bot(slack: SlackStandIn) -> AsyncIterator[Bot]:
    """A bot reached over HTTP."""
    async with running_bot(slack) as bot:
        yield bot


async def test_late_acknowledgements_of_every_kind_are_breaches(slack: SlackStandIn, bot: Bot) -> None:
    """Commands, interactions, suggestions and events."""
    posted = await bot.client.chat_postMessage(channel=SUPPORT, text="x", blocks=[row(button(), SEARCH)])
    message = slack.world.find(slack.world.channels[SUPPORT], posted["ts"])
    bot.delay, slack.patience = 1, 0.05
    deliveries = {
        "/x": lambda: slack.command("/x"),
        "block_actions go": lambda: slack.press(message, "go"),
        "block_suggestion search": lambda: slack.suggest(message, "search", "outlook"),
        "shortcut s": lambda: slack.shortcut("s"),
        "event app_mention": lambda: slack.mention("x"),
    }
    for name, deliver in deliveries.items():
        with slack.expecting(f"acknowledgement: {name}: none (operation_timeout)"):
            assert (await deliver()).status == 0


async def test_an_acknowledgement_other_than_200_is_a_breach(slack: SlackStandIn, web_bot: Bot) -> None:
    """The user reads an error of Slack's then."""
    web_bot.status = 500
    with slack.expecting("acknowledgement: event app_home_opened: status 500"):
        assert (await slack.open_home()).status == 500


async def test_an_acknowledgement_after_three_seconds_is_late_however_patient_the_test_is() -> None:
    """Slack's three seconds are not a setting."""
    async with SlackStandIn() as slack, running_bot(slack) as bot:
        slack.patience, bot.delay = 10, 3.05
        assert (await slack.command("/x")).is_ok
        [breach] = slack.world.breaches
        assert isinstance(breach, Breach)
        assert str(breach).startswith("acknowledgement: /x: after 3.")
        assert slack.violations == [str(breach)]


async def test_a_command_has_nothing_that_its_response_url_could_replace(slack: SlackStandIn, bot: Bot) -> None:
    """Neither what the acknowledgement showed, nor what that url showed; a second message appears."""
    bot.acks["/x"] = {"text": "First"}
    await slack.command("/x")
    url = bot.last["response_url"]
    with slack.expecting("response_url: replace_original"):
        await answer(url, text="Second", replace_original=True)
    with slack.expecting("response_url: delete_original"):
        await answer(url, delete_original=True)
    assert [message.text for message in slack.world.seen_by(AGENT)] == ["First", "Second"]
    assert await answer(url, text="Third", replace_original=False) == 200


async def test_an_ephemeral_message_is_beyond_chat_update_and_delete(slack: SlackStandIn, web_bot: Bot) -> None:
    """Slack says `message_not_found`; a ts of nobody's is an honest refusal."""
    sent = await web_bot.client.chat_postEphemeral(channel=SUPPORT, user=AGENT, text="x")
    ts = sent["message_ts"]
    with slack.expecting("chat.update: an ephemeral message"), pytest.raises(SlackApiError, match="message_not_found"):
        await web_bot.client.chat_update(channel=SUPPORT, ts=ts, text="y")
    with slack.expecting("chat.delete: an ephemeral message"), pytest.raises(SlackApiError, match="message_not_found"):
        await web_bot.client.chat_delete(channel=SUPPORT, ts=ts)
    with pytest.raises(SlackApiError, match="message_not_found"):
        await web_bot.client.chat_delete(channel=SUPPORT, ts="1.000001")


async def test_a_thread_is_named_by_its_first_message(slack: SlackStandIn, web_bot: Bot) -> None:
    """In calls and at response_urls alike; the ts of an answer, or of nothing, is a breach."""
    client, first = web_bot.client, slack.say("Question")
    reply = await client.chat_postMessage(channel=SUPPORT, text="Answer", thread_ts=first.ts)
    with slack.expecting("chat.postMessage: thread_ts") as seen:
        await client.chat_postMessage(channel=SUPPORT, text="Astray", thread_ts=reply["ts"])
    assert seen[0].text.endswith("is an answer in a thread, not its first message")
    with slack.expecting("chat.postEphemeral: thread"):
        await client.chat_postEphemeral(channel=SUPPORT, user=AGENT, text="Astray", thread_ts="1.000001")
    await slack.command("/x")
    with slack.expecting("response_url: thread_ts"):
        await answer(web_bot.last["response_url"], text="Astray", thread_ts=reply["ts"])
    assert await answer(web_bot.last["response_url"], text="Right", thread_ts=first.ts) == 200
    assert slack.world.seen_by(AGENT)[-1].thread_ts == first.ts


async def test_a_private_message_is_not_shown_in_a_thread_without_answers(slack: SlackStandIn, web_bot: Bot) -> None:
    """By chat.postEphemeral a breach, for nobody sees it; by a response_url it comes beside the message."""
    first = slack.say("Question")
    private: dict[str, Any] = {"channel": SUPPORT, "user": AGENT, "text": "For you", "thread_ts": first.ts}
    with slack.expecting("has no answers yet"):
        await web_bot.client.chat_postEphemeral(**private)
    await slack.command("/x")
    await answer(web_bot.last["response_url"], text="For you", thread_ts=first.ts)
    assert slack.world.seen_by(AGENT)[-1].thread_ts is None
    slack.say("An answer", thread_ts=first.ts)
    await web_bot.client.chat_postEphemeral(**private)
    assert slack.world.seen_by(AGENT)[-1].thread_ts == first.ts


async def test_an_update_has_at_most_4000_characters(slack: SlackStandIn, web_bot: Bot) -> None:
    """Slack says `msg_too_long`."""
    posted = await web_bot.client.chat_postMessage(channel=SUPPORT, text="x")
    await web_bot.client.chat_update(channel=SUPPORT, ts=posted["ts"], text="x" * 4000)
    with slack.expecting("chat.update: text: 4001"), pytest.raises(SlackApiError, match="msg_too_long"):
        await web_bot.client.chat_update(channel=SUPPORT, ts=posted["ts"], text="x" * 4001)


async def test_a_view_is_shown_where_its_type_belongs(slack: SlackStandIn, web_bot: Bot) -> None:
    """A Home tab is no modal, and the other way round."""
    client, home = web_bot.client, {"type": "home", "blocks": []}
    opened = await client.views_open(trigger_id=slack.world.new_trigger(AGENT), view=FORM)
    calls = {
        "views.publish": lambda: client.views_publish(user_id=AGENT, view=FORM),
        "views.update": lambda: client.views_update(view_id=opened["view"]["id"], view=home),
        "views.open": lambda: client.views_open(trigger_id=slack.world.new_trigger(AGENT), view=home),
        "views.push": lambda: client.views_push(trigger_id=slack.world.new_trigger(AGENT), view=home),
    }
    for name, call in calls.items():
        with slack.expecting(f"{name}: a view of type"), pytest.raises(SlackApiError, match="invalid_arguments"):
            await call()
    assert len(slack.world.views) == 1


async def test_a_closed_view_and_a_stale_hash_are_honest_refusals(slack: SlackStandIn, web_bot: Bot) -> None:
    """A bot may meet them at any time."""
    client = web_bot.client
    opened = (await client.views_open(trigger_id=slack.world.new_trigger(AGENT), view=FORM))["view"]
    await client.views_update(view_id=opened["id"], view=FORM)
    with pytest.raises(SlackApiError, match="hash_conflict"):
        await client.views_update(view_id=opened["id"], view=FORM, hash=opened["hash"])
    await slack.close_view(slack.world.views[opened["id"]])
    with pytest.raises(SlackApiError, match="not_found"):
        await client.views_update(view_id=opened["id"], view=FORM)


async def test_an_external_id_names_one_view(slack: SlackStandIn, web_bot: Bot) -> None:
    """A view can be updated by it; a second one of that name is refused."""
    form, client = {**FORM, "external_id": "e"}, web_bot.client
    await client.views_open(trigger_id=slack.world.new_trigger(AGENT), view=form)
    await client.views_update(external_id="e", view={**form, "callback_id": "new"})
    [view] = slack.world.views.values()
    assert view.content["callback_id"] == "new"
    for call in (client.views_open, client.views_push):
        with slack.expecting("duplicate_external_id"), pytest.raises(SlackApiError, match="duplicate_external_id"):
            await call(trigger_id=slack.world.new_trigger(AGENT), view=form)


@pytest.mark.parametrize(
    ("ack", "breach"),
    [
        ({"response_action": "vanish"}, "unknown response_action 'vanish'"),
        ({"response_action": "errors"}, "errors must be texts"),
        ({"response_action": "errors", "errors": {"b": 7}}, "errors must be texts"),
        ({"response_action": "errors", "errors": {"c": "x"}}, "errors for 'c', which is no input block"),
        ({"response_action": "update", "view": {"type": "home", "blocks": []}}, "a view of type 'home'"),
        ({"response_action": "push"}, "view_submission push: type"),
    ],
)
async def test_wrong_answers_to_a_form_are_breaches(slack: SlackStandIn, bot: Bot, ack: object, breach: str) -> None:
    """And the form stays as it is."""
    bot.acks["view_submission"] = ack  # type: ignore[assignment]
    view = slack.world.new_view(AGENT, FORM)
    with slack.expecting(breach):
        await slack.submit(view, {"typed": "x"})
    assert slack.world.stack(AGENT) == [view]


@pytest.mark.parametrize(("body", "content_type"), [("ok", "text/plain"), ("{nonsense", "application/json")])
async def test_a_form_is_not_acknowledged_with_words(body: str, content_type: str) -> None:
    """Neither with text nor with broken JSON."""

    async def acknowledge(_: web.Request) -> web.Response:
        return web.Response(text=body, content_type=content_type)

    app = web.Application()
    app.router.add_post("/", acknowledge)
    async with TestServer(app) as server, SlackStandIn() as slack:
        slack.bot_url = str(server.make_url("/"))
        with slack.expecting("an acknowledgement that is neither empty nor JSON"):
            await slack.submit(slack.world.new_view(AGENT, FORM), {"typed": "x"})


@pytest.mark.parametrize("ack", [{}, {"options": options(*map(str, range(101)))}, {"options": [{"text": words("x")}]}])
async def test_wrong_suggestions_are_breaches(slack: SlackStandIn, bot: Bot, ack: dict[str, object]) -> None:
    """None at all, more than a hundred, or no options; none of them can be chosen."""
    bot.acks["block_suggestion"] = ack
    view = slack.world.new_view(AGENT, modal(entry(SEARCH, "b")))
    with slack.expecting("suggestions: "):
        await slack.suggest(view, "search", "outlook")
    assert view.offered == {"search": []}


async def test_a_response_url_that_never_was_is_a_breach(slack: SlackStandIn, web_bot: Bot) -> None:
    """404, as for one that is too old."""
    with slack.expecting("response_url: unknown"):
        assert await answer(f"{slack.api_url.removesuffix('api/')}response/R1", text="x") == 404


async def test_suggestions_that_failed_offer_nothing_new(slack: SlackStandIn, web_bot: Bot) -> None:
    """What was offered before can still be chosen."""
    web_bot.acks["block_suggestion"] = {"options": options("outlook")}
    view = slack.world.new_view(AGENT, modal(entry(SEARCH, "b")))
    await slack.suggest(view, "search", "out")
    web_bot.status = 500
    with slack.expecting("block_suggestion search: status 500"):
        await slack.suggest(view, "search", "outl")
    assert view.offered == {"search": options("outlook")}


async def test_expected_breaches_do_not_count_and_must_happen(slack: SlackStandIn) -> None:
    """A test that expects what never comes is told so; others' breaches still count."""
    with slack.expecting("chat.update") as seen:
        slack.world.breach("chat.update", "something")
    assert list(map(str, seen)) == ["chat.update: something"]
    with (
        pytest.raises(AssertionError, match=r"nothing broke a rule with 'chat\.update'"),
        slack.expecting("chat.update"),
    ):
        pass
    with slack.expecting("chat.update"):
        slack.world.breach("chat.update", "something")
        slack.world.breach("chat.delete", "something else")
    assert slack.violations == ["chat.delete: something else"]
    slack.world.breaches.clear()


async def test_expectations_may_stand_in_each_other(slack: SlackStandIn) -> None:
    """The inner one takes what fits both, and an exception in between is not hidden."""
    with slack.expecting("chat") as outer, slack.expecting("chat.update") as inner:
        slack.world.breach("chat.update", "x")
        slack.world.breach("chat.delete", "x")
    assert (len(outer), len(inner)) == (1, 1)
    with pytest.raises(json.JSONDecodeError), slack.expecting("chat"):
        json.loads("{")


async def test_a_message_shortcut_has_nothing_to_replace_either(slack: SlackStandIn, web_bot: Bot) -> None:
    """Its message is not the app's; its response_url answers in the conversation."""
    await slack.message_shortcut("s", slack.say("Help"))
    url = web_bot.last["response_url"]
    with slack.expecting("response_url: replace_original"):
        await answer(url, text="x", replace_original=True)
    assert await answer(url, text="For you") == 200
    assert slack.world.seen_by(AGENT)[-1].only_for == AGENT
