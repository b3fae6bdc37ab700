"""Forms, menus and shortcuts over the page, with an app of the test's own behind it: ours need not have them all."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp.test_utils import TestServer
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.playground.page import running_page
from bot.playground.slack import SlackStandIn
from bot.playground.slack_people import AGENT, LEAD, SUPPORT
from bot.playground.stage import Stage
from bot.playground.trace import Traces
from bot.playground.world import running_world
from tests.playground.conftest import Json, Tab, open_tab


def text(words: str) -> Json:
    """A plain text object."""
    return {"type": "plain_text", "text": words}


OPTION = {"text": text("Thunderbird"), "value": "thunderbird-78"}
SEARCH = {"type": "external_select", "action_id": "client", "min_query_length": 1}
FORM: Json = {
    "type": "modal",
    "callback_id": "form",
    "title": text("Mail settings"),
    "submit": text("Look up"),
    "notify_on_close": True,
    "blocks": [
        {
            "type": "input",
            "block_id": "domain",
            "label": text("Domain"),
            "element": {"type": "plain_text_input", "action_id": "domain"},
        },
        {
            "type": "input",
            "block_id": "client",
            "label": text("Program"),
            "dispatch_action": True,
            "optional": True,
            "element": SEARCH,
        },
    ],
}


@pytest.fixture
async def app(slack: SlackStandIn) -> AsyncIterator[AsyncApp]:
    """A Bolt app that opens a form at a shortcut; the test adds more listeners."""
    client = AsyncWebClient("xoxb-1", base_url=slack.api_url)
    app = AsyncApp(client=client, signing_secret=slack.signing_secret)

    @app.shortcut("form")
    async def open_form(ack: Any, body: Json) -> None:
        await ack()
        await client.views_open(trigger_id=body["trigger_id"], view=FORM)

    async with TestServer(app.web_app(path="/slack/events"), host="127.0.0.1") as server:
        slack.bot_url = str(server.make_url("/slack/events"))
        yield app


@pytest.fixture
async def tab(slack: SlackStandIn, app: AsyncApp) -> AsyncIterator[Tab]:
    """A tab of the page over that app."""
    async with running_world() as world:
        traces = Traces()
        slack.watchers.append(traces.on_slack)
        async with running_page(Stage(world, slack, "http", traces), 0) as address, open_tab(address) as tab:
            yield tab
        traces.close()


async def open_form(tab: Tab) -> Json:
    """Use the shortcut; returns the form."""
    assert (await tab.ask("shortcut", callback_id="form", channel=SUPPORT))["status"] == 200
    view: Json = (await tab.until(lambda told: told["type"] == "view"))["view"]
    return view


async def test_a_form_is_filled_in(tab: Tab, app: AsyncApp) -> None:
    """Suggestions, a choice that is told at once with what else is entered, errors, and off it goes."""
    pressed: list[Json] = []

    @app.options("client")
    async def suggest(ack: Any) -> None:
        await ack(options=[OPTION])

    @app.action("client")
    async def choose(ack: Any, body: Json) -> None:
        pressed.append(body)
        await ack()

    @app.view("form")
    async def submit(ack: Any, view: Json) -> None:
        domain = view["state"]["values"]["domain"]["domain"]["value"]
        await (ack() if domain == "example.cz" else ack({"response_action": "errors", "errors": {"domain": "No."}}))

    view = await open_form(tab)
    assert view.keys() == {"id", "user", "hash", "type", "content", "root_view_id", "previous_view_id"}
    assert (view["user"], view["type"], view["root_view_id"], view["previous_view_id"]) == (
        AGENT,
        "modal",
        view["id"],
        None,
    )
    place: Json = {"in": {"view": view["id"]}, "block_id": "client", "action_id": "client"}
    assert (await tab.ask("suggest", typed="thu", **place))["options"] == [OPTION]
    reply = await tab.ask("press", chosen="thunderbird-78", values={"domain": "exam"}, **place)
    assert reply["status"] == 200
    assert pressed[0]["view"]["state"]["values"]["domain"]["domain"]["value"] == "exam"
    missing = await tab.ask("submit", view=view["id"], values={"domain": ""})
    assert (missing["status"], missing["errors"].keys()) == (200, {"domain"})
    wrong = await tab.ask("submit", view=view["id"], values={"domain": "x"})
    assert (wrong["status"], wrong["errors"]) == (200, {"domain": "No."})
    sent = await tab.ask("submit", view=view["id"], values={"domain": "example.cz"})
    assert (sent["status"], sent.get("errors")) == (200, None)
    assert (await tab.until(lambda told: told["type"] == "view_closed"))["id"] == view["id"]
    late = await tab.ask("submit", view=view["id"], values={})
    assert (late["ok"], late["error"]) == (False, "This view is closed.")


async def test_a_form_is_closed(tab: Tab, app: AsyncApp) -> None:
    """Its reader closes it, nobody else; the app that asked for it is told."""
    closed: list[str] = []

    @app.view_closed("form")
    async def on_close(ack: Any, view: Json) -> None:
        closed.append(view["id"])
        await ack()

    view = await open_form(tab)
    assert (await tab.ask("close_view", user=LEAD, view=view["id"]))["error"] == "This view is closed."
    assert (await tab.ask("close_view", view=view["id"]))["ok"]
    assert closed == [view["id"]]
    assert (await tab.until(lambda told: told["type"] == "view_closed"))["id"] == view["id"]
    assert await tab.until(lambda told: told["type"] == "trace" and "[×]" in told["trace"]["title"])


async def test_a_shortcut_out_of_a_message(tab: Tab, app: AsyncApp) -> None:
    """The app gets the message."""
    got: list[str] = []

    @app.message_shortcut("look")
    async def look(ack: Any, shortcut: Json) -> None:
        got.append(shortcut["message"]["text"])
        await ack()

    await tab.ask("say", channel=SUPPORT, text="jan@example.cz cannot send")
    message = (await tab.until(lambda told: told["type"] == "message"))["message"]
    place = {"channel": SUPPORT, "ts": message["ts"]}
    assert (await tab.ask("message_shortcut", callback_id="look", **place))["status"] == 200
    assert got == ["<mailto:jan@example.cz|jan@example.cz> cannot send"]


async def test_what_the_app_does_not_know(tab: Tab, slack: SlackStandIn) -> None:
    """Slack's error, as its users see it."""
    with slack.expecting("status 404"):
        reply = await tab.ask("shortcut", callback_id="nothing", channel=SUPPORT)
    assert (reply["status"], reply["error"]) == (0, "dispatch_failed")


async def test_suggestions_that_do_not_come(tab: Tab, slack: SlackStandIn) -> None:
    """Are a refusal with Slack's word for it."""
    view = await open_form(tab)
    place: Json = {"in": {"view": view["id"]}, "block_id": "client", "action_id": "client"}
    with slack.expecting("status 404"):
        reply = await tab.ask("suggest", typed="thu", **place)
    assert (reply["ok"], reply["error"]) == (False, "dispatch_failed")


async def test_what_is_not_offered_cannot_be_chosen(tab: Tab) -> None:
    """Nor clicked."""
    view = await open_form(tab)
    place: Json = {"in": {"view": view["id"]}, "block_id": "client"}
    reply = await tab.ask("press", action_id="client", chosen="outlook", **place)
    assert reply["error"] == "client offers no option 'outlook'"
    reply = await tab.ask("press", action_id="other", chosen=None, **place)
    assert reply["error"] == "no 'other' to click; there is domain, client"


async def test_what_breaks_the_playground_is_answered(tab: Tab) -> None:
    """A number where a text is typed: who asked is told, and the tab goes on."""
    view = await open_form(tab)
    reply = await tab.ask("submit", view=view["id"], values={"domain": 5})
    assert (reply["ok"], reply["error"]) == (False, "The playground itself failed (TypeError).")
    assert (await tab.ask("mend_certificate", domain="example.cz"))["ok"]
