"""The stand-in for Slack, used by a real Bolt app and the clients of Slack's SDK."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from slack_bolt.async_app import AsyncApp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.webhook.async_client import AsyncWebhookClient

from bot.playground.slack import SlackStandIn
from bot.playground.slack_faults import ApiError, Cut, RateLimited, ServerError, Slow, Times
from bot.playground.slack_world import AGENT, BOT_USER, GENERAL, LEADS, SHARED, SUPPORT, Channel

TOKEN = "xoxb-any-will-do"
BUTTON = {"type": "button", "action_id": "again", "text": {"type": "plain_text", "text": "Again"}, "value": "x.cz"}
SELECT = {
    "type": "static_select",
    "action_id": "client",
    "options": [{"text": {"type": "plain_text", "text": word}, "value": word} for word in ("outlook", "thunderbird")],
}
ROW = {"type": "actions", "block_id": "row", "elements": [BUTTON, SELECT]}
INPUT = {
    "type": "input",
    "block_id": "domain_block",
    "label": {"type": "plain_text", "text": "Domain"},
    "element": {"type": "plain_text_input", "action_id": "domain"},
}
FORM = {
    "type": "modal",
    "callback_id": "form",
    "title": {"type": "plain_text", "text": "Settings"},
    "submit": {"type": "plain_text", "text": "Go"},
    "blocks": [INPUT],
}
HOME = {"type": "home", "blocks": [ROW]}


@pytest.fixture
def client(slack: SlackStandIn) -> AsyncWebClient:
    """A client of Slack's own SDK, with its own habits of retrying."""
    return AsyncWebClient(TOKEN, base_url=slack.api_url)


@pytest.fixture
async def app(slack: SlackStandIn, client: AsyncWebClient) -> AsyncIterator[AsyncApp]:
    """A Bolt app on a port of its own; the test adds the listeners."""
    app = AsyncApp(client=client, signing_secret=slack.signing_secret)
    runner = web.AppRunner(app.web_app(path="/slack/events"))
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    slack.bot_url = f"http://127.0.0.1:{runner.addresses[0][1]}/slack/events"
    yield app
    await runner.cleanup()


async def test_the_answer_to_a_command_is_seen_by_the_agent_alone(slack: SlackStandIn, app: AsyncApp):
    @app.command("/mailsettings")
    async def listen(ack: Any, command: Any) -> None:
        await ack(text=f"{command['text']} for {command['user_id']}", blocks=[ROW])

    reply = await slack.command("/mailsettings", "example.cz outlook-2007")
    assert reply.is_ok
    assert reply.message is not None
    assert reply.message.text == "example.cz outlook-2007 for U0AGENT"
    assert [message.only_for for message in slack.world.seen_by(AGENT)] == [AGENT]
    assert slack.world.seen_by("U0LEAD") == []
    assert reply.seconds < 1


async def test_a_late_answer_comes_by_the_response_url(slack: SlackStandIn, app: AsyncApp):
    @app.command("/mailsettings")
    async def listen(ack: Any, respond: Any) -> None:
        await ack()
        await respond(text="Here it is.", response_type="in_channel")

    reply = await slack.command("/mailsettings", "example.cz")
    assert reply.message is None
    answer = await slack.next_response()
    assert answer.message is slack.world.channels[SUPPORT].messages[0]
    with pytest.raises(TimeoutError):
        await slack.next_response(timeout=0.05)


async def test_no_answer_in_time_is_an_error_of_slacks(slack: SlackStandIn, app: AsyncApp):
    @app.command("/slow")
    async def listen(ack: Any) -> None:
        await asyncio.sleep(0.3)
        await ack()

    slack.patience = 0.1
    with slack.expecting("acknowledgement: /slow: none (operation_timeout)"):
        assert (await slack.command("/slow")).body == "operation_timeout"


async def test_nobody_at_home(slack: SlackStandIn):
    slack.bot_url = "http://127.0.0.1:1/slack/events"
    with slack.expecting("acknowledgement: /x: none (dispatch_failed)"):
        assert (await slack.command("/x")).body == "dispatch_failed"


async def test_the_signature_is_slacks(slack: SlackStandIn, app: AsyncApp):
    @app.command("/x")
    async def listen(ack: Any) -> None:
        await ack()

    assert (await slack.command("/x")).status == 200
    async with SlackStandIn(signing_secret="wrong") as other:
        other.bot_url = slack.bot_url
        with other.expecting("acknowledgement: /x: status 401"):
            assert (await other.command("/x")).status == 401


async def test_a_click_can_replace_what_was_clicked(slack: SlackStandIn, app: AsyncApp):
    seen: list[Any] = []

    @app.command("/x")
    async def listen(ack: Any) -> None:
        await ack(text="First", blocks=[ROW])

    @app.action("again")
    async def on_click(ack: Any, body: Any, respond: Any) -> None:
        seen.append(body)
        await ack()
        await respond(text="Second", replace_original=True)

    message = (await slack.command("/x")).message
    assert message is not None
    assert (await slack.press(message, "again")).is_ok
    await slack.next_response()
    assert [one.text for one in slack.world.seen_by(AGENT)] == ["Second"]
    [body] = seen
    assert "message" not in body
    assert body["container"] == {
        "type": "message",
        "message_ts": message.ts,
        "channel_id": SUPPORT,
        "is_ephemeral": True,
    }
    assert body["actions"][0]["value"] == "x.cz"
    assert body["actions"][0]["block_id"] == "row"
    with pytest.raises(LookupError, match="nothing"):
        await slack.press(message, "again")


async def test_a_choice_in_a_select_carries_the_whole_option(slack: SlackStandIn, app: AsyncApp):
    seen: list[Any] = []

    @app.action("client")
    async def on_choice(ack: Any, body: Any) -> None:
        seen.append(body)
        await ack()

    client = AsyncWebClient(TOKEN, base_url=slack.api_url)
    await client.chat_postMessage(channel=SUPPORT, text="Choose", blocks=[ROW])
    [message] = slack.world.channels[SUPPORT].messages
    await slack.press(message, "client", "thunderbird")
    [body] = seen
    assert body["actions"][0]["selected_option"]["value"] == "thunderbird"
    assert body["message"]["ts"] == message.ts
    assert body["state"]["values"]["row"]["client"]["selected_option"]["value"] == "thunderbird"
    with pytest.raises(LookupError, match="offers no option"):
        await slack.press(message, "client", "eudora")


async def test_a_form_is_opened_filled_and_sent(slack: SlackStandIn, app: AsyncApp):
    entered: list[str] = []

    @app.shortcut("mail_settings")
    async def on_shortcut(ack: Any, body: Any, client: AsyncWebClient) -> None:
        await ack()
        await client.views_open(trigger_id=body["trigger_id"], view=FORM)

    @app.view("form")
    async def on_form(ack: Any, view: Any) -> None:
        entered.append(view["state"]["values"]["domain_block"]["domain"]["value"])
        if len(entered) == 1:
            await ack(response_action="errors", errors={"domain_block": "No domain"})
        else:
            await ack()

    await slack.shortcut("mail_settings")
    await slack.until(lambda: slack.world.views)
    [view] = slack.world.views.values()
    assert view.user == AGENT
    await slack.submit(view, {"domain": "nonsense"})
    assert slack.world.views
    await slack.submit(view, {"domain": "example.cz"})
    assert entered == ["nonsense", "example.cz"]
    assert not slack.world.views


async def test_home_is_published_for_who_opens_it(slack: SlackStandIn, app: AsyncApp):
    clicked: list[str] = []

    @app.event("app_home_opened")
    async def on_home(event: Any, client: AsyncWebClient) -> None:
        await client.views_publish(user_id=event["user"], view=HOME)

    @app.action("again")
    async def on_click(ack: Any, body: Any) -> None:
        clicked.append(body["view"]["id"])
        await ack()

    await slack.open_home()
    await slack.until(lambda: AGENT in slack.world.homes)
    view = slack.world.homes[AGENT]
    await slack.press(view, "again")
    assert clicked == [view.id]


async def test_mentions_and_direct_messages_are_answered_in_threads(slack: SlackStandIn, app: AsyncApp):
    @app.event("app_mention")
    async def on_mention(event: Any, say: Any) -> None:
        await say(text="In a thread", thread_ts=event["ts"])

    @app.event("message")
    async def on_message(event: Any, say: Any) -> None:
        await say(text=f"{event['channel_type']}: {event['text']}")

    await slack.mention(f"<@{BOT_USER}> settings for example.cz")
    await slack.until(lambda: len(slack.world.channels[SUPPORT].messages) == 2)
    asked, answered = slack.world.channels[SUPPORT].messages
    assert answered.thread_ts == asked.ts
    await slack.direct_message("hello")
    im = slack.world.open_im(AGENT)
    await slack.until(lambda: len(im.messages) == 2)
    assert im.messages[1].text == "im: hello"


async def test_a_message_shortcut_shows_the_message(slack: SlackStandIn, app: AsyncApp):
    seen: list[str] = []

    @app.shortcut("mail_settings_for_message")
    async def on_shortcut(ack: Any, shortcut: Any) -> None:
        seen.append(shortcut["message"]["text"])
        await ack()

    message = slack.say("My mail <http://example.cz|example.cz> does not work")
    await slack.message_shortcut("mail_settings_for_message", message)
    assert seen == [message.text]


async def test_suggestions_are_asked_for(slack: SlackStandIn, app: AsyncApp, client: AsyncWebClient):
    @app.options("search")
    async def on_typing(ack: Any, payload: Any) -> None:
        await ack(options=[{"text": {"type": "plain_text", "text": payload["value"]}, "value": "v"}])

    select = {"type": "external_select", "action_id": "search"}
    await client.chat_postMessage(channel=SUPPORT, text="x", blocks=[{"type": "actions", "elements": [select]}])
    reply = await slack.suggest(slack.world.channels[SUPPORT].messages[0], "search", "outl")
    assert isinstance(reply.body, dict)
    assert reply.body["options"][0]["text"]["text"] == "outl"


async def test_an_event_may_come_again(slack: SlackStandIn, app: AsyncApp):
    seen: list[tuple[str, Any]] = []

    @app.event("app_mention")
    async def on_mention(body: Any, request: Any) -> None:
        seen.append((body["event_id"], request.headers.get("x-slack-retry-num")))

    reply = await slack.mention("x")
    await slack.repeat(reply, attempt=1)
    [(first, none), (second, number)] = seen
    assert first == second
    assert (none, number) == (None, ["1"])


async def test_response_urls_live_for_five_uses_and_half_an_hour(slack: SlackStandIn):
    response = slack.world.new_response(SUPPORT, AGENT)
    hook = AsyncWebhookClient(f"{slack.api_url.removesuffix('api/')}response/{response.id}")
    with slack.expecting("response_url: used more than 5 times"):
        told = [await hook.send(text="Still here.") for _ in range(6)]
    assert [one.status_code for one in told] == [200] * 5 + [404]
    assert told[-1].body == "used_url"

    response = slack.world.new_response(SUPPORT, AGENT)
    hook = AsyncWebhookClient(f"{slack.api_url.removesuffix('api/')}response/{response.id}")
    slack.world.clock = lambda: response.born + 1801
    with slack.expecting("response_url: older than 30 minutes"):
        late = await hook.send(text="Too late.")
    assert (late.status_code, late.body) == (404, "expired_url")


async def test_trigger_ids_work_once_and_for_three_seconds(slack: SlackStandIn, client: AsyncWebClient):
    spent, old = slack.world.new_trigger(AGENT), slack.world.new_trigger(AGENT)
    await client.views_open(trigger_id=spent, view=FORM)
    for trigger, code in ((spent, "exchanged_trigger_id"), ("1.2.x", "invalid_trigger_id")):
        with slack.expecting(f"views.open: {code}"), pytest.raises(SlackApiError, match=code):
            await client.views_open(trigger_id=trigger, view=FORM)
    now = slack.world.clock()
    slack.world.clock = lambda: now + 4
    with slack.expecting("expired_trigger_id"), pytest.raises(SlackApiError, match="expired_trigger_id"):
        await client.views_open(trigger_id=old, view=FORM)


async def test_messages_are_updated_deleted_and_found_by_metadata(slack: SlackStandIn, client: AsyncWebClient):
    slack.world.scopes.add("channels:history")
    metadata = {"event_type": "notice", "event_payload": {"key": "n1"}}
    posted = await client.chat_postMessage(channel=SUPPORT, text="One", metadata=metadata)
    await client.chat_update(channel=SUPPORT, ts=posted["ts"], text="Two")
    await client.chat_postMessage(channel=SUPPORT, text="Answer", thread_ts=posted["ts"])
    history = await client.conversations_history(channel=SUPPORT, include_all_metadata=True)
    assert [(one["text"], one["metadata"]) for one in history["messages"]] == [("Two", metadata)]
    replies = await client.conversations_replies(channel=SUPPORT, ts=posted["ts"])
    assert [one["text"] for one in replies["messages"]] == ["Two", "Answer"]
    await client.chat_delete(channel=SUPPORT, ts=posted["ts"])
    with pytest.raises(SlackApiError, match="message_not_found"):
        await client.chat_update(channel=SUPPORT, ts=posted["ts"], text="Three")


async def test_people_and_groups(slack: SlackStandIn, client: AsyncWebClient):
    assert (await client.auth_test())["user_id"] == BOT_USER
    assert (await client.users_info(user=AGENT, include_locale=True))["user"]["locale"] == "cs-CZ"
    assert "locale" not in (await client.users_info(user=AGENT))["user"]
    assert (await client.usergroups_users_list(usergroup=LEADS))["users"] == ["U0LEAD"]
    assert (await client.conversations_info(channel=SUPPORT))["channel"]["name"] == "support"
    opened = await client.conversations_open(users=AGENT)
    await client.chat_postMessage(channel=opened["channel"]["id"], text="Hello")
    assert len(slack.world.open_im(AGENT).messages) == 1


@pytest.mark.parametrize(
    ("channel", "code"),
    [("C0NONE", "channel_not_found"), ("C0OTHER", "not_in_channel"), ("C0OLD", "is_archived")],
)
async def test_places_where_the_bot_cannot_write(slack, client, channel, code):
    slack.world.channels["C0OTHER"] = Channel("C0OTHER", "other", has_bot=False)
    slack.world.channels["C0OLD"] = Channel("C0OLD", "old", archived=True)
    with pytest.raises(SlackApiError, match=code):
        await client.chat_postMessage(channel=channel, text="x")


async def test_wrong_blocks_are_refused_and_remembered():
    async with SlackStandIn() as slack:
        client = AsyncWebClient(TOKEN, base_url=slack.api_url)
        with pytest.raises(SlackApiError, match="invalid_blocks") as caught:
            await client.chat_postMessage(channel=SUPPORT, text="a < b")
        assert caught.value.response["response_metadata"]["messages"] == ["text: < or > is not escaped"]
        response = slack.world.new_response(SUPPORT, AGENT)
        url = f"{slack.api_url.removesuffix('api/')}response/{response.id}"
        assert (await AsyncWebhookClient(url).send(text="<!channel>")).body == "invalid_blocks"
        assert [one.partition(":")[0] for one in slack.violations] == ["chat.postMessage", "response_url"]
        assert not slack.world.channels[SUPPORT].messages


@pytest.mark.parametrize(
    ("token", "code"),
    [("", "not_authed"), ("nonsense", "invalid_auth"), ("xapp-1", "not_allowed_token_type")],
)
async def test_tokens_are_asked_for(slack: SlackStandIn, token: str, code: str):
    with pytest.raises(SlackApiError, match=code):
        await AsyncWebClient(token, base_url=slack.api_url).auth_test()


async def test_no_token_is_kept(slack: SlackStandIn, client: AsyncWebClient):
    await client.chat_postMessage(channel=SUPPORT, text="x", token=TOKEN)
    async with aiohttp.ClientSession() as session:
        form = {"token": TOKEN, "channel": SUPPORT, "text": "y", "blocks": json.dumps([{"type": "divider"}])}
        async with session.post(slack.api_url + "chat.postMessage", data=form) as response:
            assert (await response.json())["ok"]
    assert len(slack.calls_of("chat.postMessage")) == 2
    assert TOKEN not in repr(slack.calls) + repr(slack.world.channels)


@pytest.mark.parametrize(
    ("fault", "status"), [(RateLimited(7), 429), (ServerError(503), 503), (ApiError("fatal_error"), 200)]
)
async def test_faults_do_nothing_but_fail(slack: SlackStandIn, client: AsyncWebClient, fault, status):
    client.retry_handlers.clear()
    slack.faults["chat.postMessage"] = fault
    with pytest.raises(SlackApiError) as caught:
        await client.chat_postMessage(channel=SUPPORT, text="x")
    assert caught.value.response.status_code == status
    assert not slack.world.channels[SUPPORT].messages
    if status == 429:
        assert caught.value.response.headers["Retry-After"] == "7"


@pytest.mark.parametrize(("after_the_work", "count"), [(False, 1), (True, 2)])
async def test_a_cut_connection_is_tried_again_by_the_sdk(slack, client, after_the_work, count):
    slack.faults["chat.postMessage"] = Times(1, Cut(after_the_work))
    await client.chat_postMessage(channel=SUPPORT, text="x")
    assert len(slack.world.channels[SUPPORT].messages) == count


async def test_a_slow_slack_is_slow(slack: SlackStandIn, client: AsyncWebClient):
    slack.faults["auth.test"] = Slow(0.1)
    began = asyncio.get_running_loop().time()
    await client.auth_test()
    assert asyncio.get_running_loop().time() - began >= 0.1


async def test_an_ephemeral_message_is_for_members(slack: SlackStandIn, client: AsyncWebClient):
    await client.chat_postEphemeral(channel=SUPPORT, user=AGENT, text="For you")
    assert [(one.text, one.only_for) for one in slack.world.seen_by(AGENT)] == [("For you", AGENT)]
    with pytest.raises(SlackApiError, match="user_not_in_channel"):
        await client.chat_postEphemeral(channel=SUPPORT, user="U0GUEST", text="For you")


async def test_channels_and_their_members_are_listed(slack: SlackStandIn, client: AsyncWebClient):
    listed = {one["id"]: one["is_member"] for one in (await client.conversations_list())["channels"]}
    assert listed == {SUPPORT: True, GENERAL: False, SHARED: True}
    assert AGENT in (await client.conversations_members(channel=SUPPORT))["members"]
    message = slack.say("Hello")
    link = (await client.chat_getPermalink(channel=SUPPORT, message_ts=message.ts))["permalink"]
    assert link.endswith(message.ts.replace(".", ""))


async def test_only_messages_of_the_bot_are_its_own(slack: SlackStandIn, client: AsyncWebClient):
    message = slack.say("Mine")
    with pytest.raises(SlackApiError, match="cant_update_message"):
        await client.chat_update(channel=SUPPORT, ts=message.ts, text="Yours")
    with pytest.raises(SlackApiError, match="cant_delete_message"):
        await client.chat_delete(channel=SUPPORT, ts=message.ts)


@pytest.mark.parametrize(
    ("method", "arguments", "code"),
    [
        ("users.info", {"user": "U0NONE"}, "user_not_found"),
        ("conversations.open", {"users": "U0NONE"}, "user_not_found"),
        ("usergroups.users.list", {"usergroup": "S0NONE"}, "no_such_subteam"),
        ("conversations.replies", {"channel": SUPPORT, "ts": "1.2"}, "thread_not_found"),
        ("views.open", {"trigger_id": "1.2.x"}, "invalid_arguments"),
        ("views.update", {"view_id": "V0NONE", "view": FORM}, "not_found"),
        ("files.upload", {}, "unknown_method"),
    ],
)
async def test_slacks_own_words_for_what_is_not_there(slack, client: AsyncWebClient, method, arguments, code):
    slack.world.scopes.add("channels:history")
    with pytest.raises(SlackApiError, match=code):
        await client.api_call(method, json=arguments)


async def test_a_view_is_updated_unless_it_changed_meanwhile(slack: SlackStandIn, client: AsyncWebClient):
    opened = await client.views_open(trigger_id=slack.world.new_trigger(AGENT), view=FORM)
    old = opened["view"]["hash"]
    await client.views_update(view_id=opened["view"]["id"], hash=old, view=FORM)
    with pytest.raises(SlackApiError, match="hash_conflict"):
        await client.views_update(view_id=opened["view"]["id"], hash=old, view=FORM)
    published = await client.views_publish(user_id=AGENT, view=HOME)
    await client.views_publish(user_id=AGENT, view=HOME, hash=published["view"]["hash"])
    with pytest.raises(SlackApiError, match="hash_conflict"):
        await client.views_publish(user_id=AGENT, view=HOME, hash=published["view"]["hash"])


@pytest.mark.parametrize(
    ("answer", "views", "problems"),
    [
        ({"response_action": "update", "view": {**FORM, "callback_id": "two"}}, ["two"], 0),
        ({"response_action": "push", "view": {**FORM, "callback_id": "two"}}, ["form", "two"], 0),
        ({"response_action": "clear"}, [], 0),
        ({"response_action": "update", "view": {}}, ["form"], 1),
        ({"response_action": "errors", "errors": {"nothing": "x"}}, ["form"], 1),
        ({"response_action": "vanish"}, ["form"], 1),
    ],
)
async def test_what_follows_a_form(answer, views, problems):
    async def acknowledge(_: web.Request) -> web.Response:
        return web.json_response(answer)

    bot = web.Application()
    bot.router.add_post("/", acknowledge)
    async with TestServer(bot) as server, SlackStandIn() as slack:
        slack.bot_url = str(server.make_url("/"))
        await slack.submit(slack.world.new_view(AGENT, FORM), {"domain": "example.cz"})
        assert [view.content["callback_id"] for view in slack.world.views.values()] == views
        assert len(slack.violations) == problems


async def test_a_wrong_acknowledgement_is_not_shown():
    async def acknowledge(_: web.Request) -> web.Response:
        return web.json_response({"text": "<!here>"})

    bot = web.Application()
    bot.router.add_post("/", acknowledge)
    async with TestServer(bot) as server, SlackStandIn() as slack:
        slack.bot_url = str(server.make_url("/"))
        assert (await slack.command("/x")).message is None
        assert list(slack.violations) == ["acknowledgement: text: rings a whole channel or group"]


async def test_a_click_can_delete_what_was_clicked(slack: SlackStandIn):
    message = slack.world.post(slack.world.channels[SUPPORT], {"text": "x", "blocks": [ROW]}, BOT_USER, AGENT)
    response = slack.world.new_response(SUPPORT, AGENT, original=message)
    url = f"{slack.api_url.removesuffix('api/')}response/{response.id}"
    assert (await AsyncWebhookClient(url).send(delete_original=True)).status_code == 200
    assert slack.world.seen_by(AGENT) == []
