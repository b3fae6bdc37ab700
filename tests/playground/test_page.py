"""The page's WebSocket: everything at the start, every change, and what people do - with the real bot behind it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest
import yaml
from slack_sdk.web.async_client import AsyncWebClient

from bot.playground.dialogues import ROLES
from bot.playground.mail import MailServer
from bot.playground.page import running_page
from bot.playground.page_tables import APP_DESCRIPTION, COMMANDS, SHORTCUTS
from bot.playground.slack_people import AGENT, GENERAL, GUEST, LEAD, SUPPORT
from bot.playground.stage import Stage, running_stage
from tests.playground.conftest import Json, Tab, open_tab

MANIFEST = yaml.safe_load((Path(__file__).parents[2] / "manifest.yml").read_text("utf-8"))


def is_message(*words: str) -> Callable[[Json], bool]:
    """Told of a message that shows these words."""
    return lambda told: (
        told["type"] == "message" and all(word in json.dumps(told, ensure_ascii=False) for word in words)
    )


async def ask_about(tab: Tab, text: str, **options: Any) -> Json:
    """Type the command and read the answer."""
    number = len(tab.told)
    await tab.ask("command", channel=SUPPORT, command="/mailsettings", text=text, **options)
    answer = await tab.until(lambda told: told["type"] == "message" and told in tab.told[number:])
    message: Json = answer["message"]
    return message


def within(place: Json) -> dict[str, Any]:
    """The field that Python has a word of its own for."""
    return {"in": place}


async def check_again(tab: Tab, message: Json) -> str:
    """Press the button; returns what the message shows then."""
    block, element = next(
        (block["block_id"], element["action_id"])
        for block in message["blocks"]
        for element in block.get("elements", [])
        if element.get("action_id") == "check_again"
    )
    place = {"message": {"channel": message["channel"], "ts": message["ts"]}}
    number = len(tab.told)
    reply = await tab.ask("press", block_id=block, action_id=element, chosen=None, **within(place))
    assert (reply["ok"], reply["status"]) == (True, 200)
    told = await tab.until(lambda told: is_message(message["ts"])(told) and told in tab.told[number:])
    assert told["message"]["edited"]
    return json.dumps(told["message"]["blocks"], ensure_ascii=False)


@pytest.fixture
async def silent() -> AsyncIterator[tuple[str, int]]:
    """The address of something that takes connections and says nothing."""
    async with MailServer(None, roles=ROLES[:1]) as server:
        server.silent.add(ROLES[0].port)
        yield server.ports[ROLES[0].port]


def test_commands_and_shortcuts_are_those_of_the_manifest() -> None:
    """With the texts that Slack shows."""
    features = MANIFEST["features"]
    keys = ("command", "description", "usage_hint")
    assert [asdict(one) for one in COMMANDS] == [{key: one[key] for key in keys} for one in features["slash_commands"]]
    assert [asdict(one) for one in SHORTCUTS] == features.get("shortcuts", [])
    assert MANIFEST["display_information"]["description"] == APP_DESCRIPTION


async def test_the_hello_is_complete(tab: Tab) -> None:
    """Every part of the contract with every key, before anything was done."""
    hello = tab.hello
    assert hello["type"] == "hello"
    assert hello["mode"] == "http"
    keys = {part: set(hello[part][0]) for part in ("people", "channels", "commands", "tries")}
    assert keys == {
        "people": {"id", "name", "real_name", "title", "language"},
        "channels": {"id", "name", "topic", "kind", "person"},
        "commands": {"command", "description", "usage_hint"},
        "tries": {"id", "as", "channel", "do", "text", "about"},
    }
    assert {(one["id"], one["language"]) for one in hello["people"]} >= {(AGENT, "cs"), (LEAD, "en"), (GUEST, "en")}
    assert hello["users"][AGENT].keys() == {"name", "real_name", "is_bot"}
    assert hello["users"][hello["app"]["user_id"]]["is_bot"]
    assert {one["person"] for one in hello["channels"] if one["kind"] == "im"} == {one["id"] for one in hello["people"]}
    assert hello["world"]["customers"][0].keys() == {
        *("domain", "unicode", "server", "certificate", "exchange", "about"),
    }
    assert "háčkyčárky.cz" in [one["unicode"] for one in hello["world"]["customers"]]
    assert all(one["is_running"] for one in hello["world"]["servers"])
    assert [hello[part] for part in ("messages", "views", "homes", "breaches", "traces")] == [[], [], {}, [], []]


async def test_everything_to_try_can_be_done(stage: Stage, tab: Tab) -> None:
    """Each is answered by the bot with a message or a form, and nothing in it breaks Slack's rules."""
    for one in tab.hello["tries"]:
        name, _, text = one["text"].partition(" ")
        asked = {"command": name, "text": text} if one["do"] == "command" else {"text": one["text"]}
        reply = await tab.ask(one["do"], user=one["as"], channel=one["channel"], **asked)
        assert reply["ok"], one
        assert (reply.get("status", 200), reply.get("error", "")) == (200, ""), one
    assert {one["do"] for one in tab.hello["tries"]} == {"command", "say"}
    assert len([told for told in tab.told if told["type"] in ("message", "view")]) >= len(tab.hello["tries"])
    assert not stage.slack.violations


async def test_a_command_is_answered_privately_and_traced(tab: Tab) -> None:
    """The private message, and a trace with the payload, the acknowledgement, DNS questions and TLS handshakes."""
    message = await ask_about(tab, "example.cz outlook-2007")
    assert message["only_for"] == AGENT
    assert message.keys() == {
        *("ts", "channel", "user", "text", "blocks", "thread_ts", "only_for", "deleted", "edited"),
    }
    told = await tab.until(lambda told: told["type"] == "trace" and told["trace"]["acknowledged_ms"] is not None)
    trace = told["trace"]
    assert (trace["title"], trace["kind"]) == ("/mailsettings example.cz outlook-2007", "slash_commands")
    assert (trace["user"], trace["channel"], trace["status"], trace["error"]) == (AGENT, SUPPORT, 200, "")
    assert trace["request"]["text"] == "example.cz outlook-2007"
    assert trace["acknowledgement"]["blocks"]
    dns = [step for step in trace["steps"] if step["kind"] == "dns"]
    assert ("A imap.example.cz", "mail8.skok.cz → 127.0.1.8") in [(step["title"], step["outcome"]) for step in dns]
    tls = next(step for step in trace["steps"] if step["title"] == "mail8.skok.cz:993, no SNI")
    assert tls["kind"] == "tls"
    assert "certificate for mail8.skok.cz" in tls["outcome"]
    assert tls["detail"]["certificate"]["names"] == ["mail8.skok.cz"]
    times = [step["at_ms"] for step in trace["steps"]]
    assert times == sorted(times)


async def test_no_secret_is_told(tab: Tab, stage: Stage) -> None:
    """Neither the signing secret nor a token."""
    await ask_about(tab, "example.cz thunderbird")
    await tab.until(lambda told: told["type"] == "trace" and told["trace"]["acknowledged_ms"] is not None)
    everything = json.dumps([tab.hello, *tab.told])
    for secret in (stage.slack.signing_secret, "xoxb-", "xapp-", "verification-token"):
        assert secret not in everything


@pytest.mark.parametrize(
    ("client", "action", "expected"),
    [
        ("outlook-2007", {"do": "move", "domain": "example.cz", "server": "mail3.skok.cz"}, "mail3.skok.cz"),
        ("thunderbird-78", {"do": "break_certificate", "domain": "example.cz", "how": "expired"}, ") vypršel"),
        (
            "thunderbird-78",
            {"do": "break_certificate", "domain": "example.cz", "how": "none"},
            "certifikát pro mail8",
        ),
        ("thunderbird-78", {"do": "break_certificate", "domain": "example.cz", "how": "other_name"}, "www.example.cz"),
        ("thunderbird-78", {"do": "stop_server", "server": "mail8.skok.cz"}, "⚠️"),
    ],
)
async def test_what_is_done_to_the_world_is_seen_by_checking_again(
    client: str, action: Json, expected: str, tab: Tab
) -> None:
    """At once, by the real bot; and the page is told of the world as it is now."""
    message = await ask_about(tab, f"example.cz {client}")
    assert expected not in json.dumps(message["blocks"], ensure_ascii=False)
    before = tab.hello["world"]
    assert (await tab.ask(**action))["ok"]
    world = (await tab.until(lambda told: told["type"] == "world"))["world"]
    assert world != before
    assert expected in await check_again(tab, message)


async def test_what_was_broken_is_mended(tab: Tab) -> None:
    """A fresh certificate, a started server: verified again."""
    message = await ask_about(tab, "propadla.example thunderbird-78")
    assert (await tab.ask("mend_certificate", domain="propadla.example"))["ok"]
    assert ") vypršel" not in await check_again(tab, message)
    await tab.ask("stop_server", server="mail8.skok.cz")
    assert "✅" not in await check_again(tab, message)
    await tab.ask("start_server", server="mail8.skok.cz")
    assert "✅" in await check_again(tab, message)


async def test_every_tab_is_told(address: str, tab: Tab) -> None:
    """A second tab sees what the first one does; one that comes later finds it in its hello."""
    async with open_tab(address) as second:
        message = await ask_about(tab, "example.cz thunderbird")
        assert (await second.until(is_message(message["ts"])))["message"] == message
        await tab.ask("stop_server", server="mail3.skok.cz")
        await second.until(lambda told: told["type"] == "world")
    async with open_tab(address) as third:
        assert third.hello["messages"] == [message]
        assert third.hello["traces"][0]["title"] == "/mailsettings example.cz thunderbird"
        assert {one["host"] for one in third.hello["world"]["servers"] if not one["is_running"]} == {"mail3.skok.cz"}


async def test_what_is_written(tab: Tab) -> None:
    """To everybody where the bot is not: no event. To the bot alone: an event. Links are made as Slack makes them."""
    reply = await tab.ask("say", channel=GENERAL, text="Hi, jan@example.cz called")
    assert reply == {"type": "reply", "id": 1, "ok": True}
    said = await tab.until(is_message("<mailto:jan@example.cz|jan@example.cz> called"))
    assert (said["message"]["user"], said["message"]["only_for"]) == (AGENT, None)
    im = next(one["id"] for one in tab.hello["channels"] if one["person"] == AGENT)
    assert (await tab.ask("say", channel=im, text="example.cz"))["status"] == 200
    thread = {"channel": GENERAL, "thread_ts": said["message"]["ts"]}
    assert (await tab.ask("say", text="again", **thread))["ok"]
    assert (await tab.until(is_message('"again"')))["message"]["thread_ts"] == said["message"]["ts"]


async def test_a_home_tab_is_told(stage: Stage, tab: Tab) -> None:
    """When the bot publishes it."""
    assert (await tab.ask("open_home"))["status"] == 200
    view = {"type": "home", "blocks": [{"type": "divider"}]}
    await AsyncWebClient("xoxb-1", base_url=stage.slack.api_url).views_publish(user_id=AGENT, view=view)
    home = await tab.until(lambda told: told["type"] == "home")
    assert (home["user"], home["view"]["type"]) == (AGENT, "home")


@pytest.mark.parametrize(
    ("request_", "error"),
    [
        ({}, "'do' must be a text."),
        ({"do": "dance", "user": AGENT}, "There is nothing like 'dance' to do."),
        ({"do": "respond", "user": AGENT}, "There is nothing like 'respond' to do."),
        ({"do": "open_home"}, "'user' must be a text."),
        ({"do": "open_home", "user": "U0MAILBOT"}, "There is nobody with the id 'U0MAILBOT'."),
        ({"do": "say", "user": AGENT, "channel": "C1", "text": "x"}, "There is no channel 'C1' here."),
        ({"do": "say", "user": AGENT, "channel": "D0LEAD", "text": "x"}, "There is no channel 'D0LEAD' here."),
        ({"do": "say", "user": AGENT, "channel": SUPPORT, "text": 5}, "'text' must be a text."),
        ({"do": "say", "user": AGENT, "channel": SUPPORT, "text": "x" * 10_001}, "'text' is longer than 10000"),
        ({"do": "press", "user": AGENT, "action_id": "x"}, "'in' must be an object."),
        ({"do": "press", "user": AGENT, "in": {"view": "V1"}, "action_id": "x"}, "This view is closed."),
        (
            {"do": "press", "user": AGENT, "in": {"message": {"channel": SUPPORT, "ts": "1.1"}}, "action_id": "x"},
            "This message is not there any more.",
        ),
        ({"do": "submit", "user": AGENT, "view": "V1", "values": {}}, "This view is closed."),
        ({"do": "move", "user": AGENT, "domain": "nic.cz", "server": "mail3.skok.cz"}, "there is no customer 'nic.cz'"),
        ({"do": "move", "user": AGENT, "domain": "example.cz", "server": "x"}, "'x' is not one of the provider's"),
        ({"do": "break_certificate", "user": AGENT, "domain": "example.cz", "how": "x"}, "'how' must be one of none"),
    ],
)
async def test_a_bad_request_is_answered_with_a_sentence(request_: Json, error: str, tab: Tab) -> None:
    """And the tab goes on."""
    await tab.send(json.dumps({"id": 7, **request_}))
    reply = await tab.reply(7)
    assert (reply["ok"], reply["error"][: len(error)]) == (False, error)
    assert (await tab.ask("mend_certificate", domain="example.cz"))["ok"]


@pytest.mark.parametrize("text", ["", "{", "[1]", '"x"'])
async def test_what_is_no_request_is_answered_too(text: str, tab: Tab) -> None:
    """Without an id."""
    await tab.send(text)
    assert (await tab.reply(None))["error"] == "A request is a JSON object."


async def test_the_others_private_messages_cannot_be_clicked(tab: Tab) -> None:
    """A button in a private message is its reader's."""
    message = await ask_about(tab, "example.cz thunderbird", user=LEAD)
    place = {"message": {"channel": message["channel"], "ts": message["ts"]}}
    reply = await tab.ask("press", action_id="check_again", chosen=None, block_id=None, **within(place))
    assert reply["error"] == "This message is not there any more."


async def test_slow_requests_do_not_hold_up_others(stage: Stage, tab: Tab, silent: tuple[str, int]) -> None:
    """A bot that does not acknowledge is Slack's error for who waits, and nobody else waits for that."""
    stage.slack.patience = 0.5
    stage.slack.bot_url = "http://{}:{}/".format(*silent)
    slow = {"id": 1000, "do": "command", "user": AGENT, "channel": SUPPORT, "command": "/mailsettings", "text": ""}
    await tab.send(json.dumps(slow))
    assert (await tab.ask("mend_certificate", domain="example.cz"))["ok"]
    assert 1000 not in tab._replies
    reply = await tab.reply(1000)
    assert (reply["status"], reply["error"]) == (0, "operation_timeout")
    trace = await tab.until(lambda told: told["type"] == "trace" and told["trace"]["error"])
    assert (trace["trace"]["status"], trace["trace"]["acknowledged_ms"]) == (0, None)
    assert (await tab.until(lambda told: told["type"] == "breach"))["breach"]["where"] == "acknowledgement"


async def test_the_end_is_told(stage: Stage) -> None:
    """The tab learns that the page goes, so that it can try to come back."""
    async with running_page(stage, 0) as address:
        opened = open_tab(address)
        closed = asyncio.ensure_future((await opened.__aenter__()).closed())
    assert await closed == 1001
    await opened.__aexit__(None, None, None)


async def test_a_tab_that_takes_nothing_is_cut_off(stage: Stage, address: str, tab: Tab) -> None:
    """It holds up nobody and fills no memory; others go on."""
    async with open_tab(address) as second:
        for _ in range(30):
            for _ in range(200):
                stage.slack.say("x" * 3000)
            await second.ask("mend_certificate", domain="example.cz")
            second.told.clear()
        assert await tab.closed() in (1013, 1006)
        assert (await second.ask("mend_certificate", domain="example.cz"))["ok"]


async def test_socket_mode() -> None:
    """The same over the other way in."""
    async with running_stage("socket") as stage, running_page(stage, 0) as address, open_tab(address) as tab:
        assert stage.slack.bot_url is None
        assert tab.hello["mode"] == "socket"
        message = await ask_about(tab, "example.cz outlook-2007")
        assert "mail8.skok.cz" in json.dumps(message)
        await tab.ask("move", domain="example.cz", server="mail3.skok.cz")
        assert "mail3.skok.cz" in await check_again(tab, message)
