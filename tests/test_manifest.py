"""The manifest says exactly what the app does, and Slack takes it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.slack.conftest import Desk, desk, open_desk, parts

__all__ = ["desk", "open_desk", "parts"]

MANIFEST = Path(__file__).parent.parent / "manifest.yml"
KEYS = {
    "": {"_metadata", "display_information", "features", "oauth_config", "settings"},
    "display_information": {"name", "description", "long_description", "background_color"},
    "features": {"app_home", "bot_user", "slash_commands", "shortcuts"},
    "features.app_home": {"home_tab_enabled", "messages_tab_enabled", "messages_tab_read_only_enabled"},
    "features.bot_user": {"display_name", "always_online"},
    "oauth_config": {"scopes"},
    "oauth_config.scopes": {"bot", "bot_optional"},
    "settings.interactivity": {"is_enabled", "request_url", "message_menu_options_url"},
    "settings.event_subscriptions": {"request_url", "bot_events"},
    "settings": {
        "interactivity",
        "org_deploy_enabled",
        "socket_mode_enabled",
        "token_rotation_enabled",
        "event_subscriptions",
    },
}


@pytest.fixture(scope="module")
def manifest() -> dict[str, Any]:
    """The manifest as Slack reads it."""
    content: dict[str, Any] = yaml.safe_load(MANIFEST.read_text("utf-8"))
    return content


def test_only_known_keys_and_the_right_schema(manifest: dict[str, Any]) -> None:
    """Unknown keys are errors at Slack."""
    assert manifest["_metadata"] == {"major_version": 2}
    for path, known in KEYS.items():
        part = manifest
        for name in filter(None, path.split(".")):
            part = part[name]
        assert part.keys() <= known, path


def test_texts_are_within_slacks_limits(manifest: dict[str, Any]) -> None:
    """Section 12 of Slack's rules, as far as we use it."""
    shown = manifest["display_information"]
    assert len(shown["name"]) <= 35
    assert len(shown["description"]) <= 140
    assert 175 <= len(shown["long_description"]) <= 4000
    commands = {command["command"]: command for command in manifest["features"]["slash_commands"]}
    assert set(commands) == {"/mailsettings", "/mailstatus"}
    for name, command in commands.items():
        assert 2 <= len(name) <= 32
        assert len(command["description"]) <= 2000
        assert len(command["usage_hint"]) <= 1000
        assert command["should_escape"] is False


def test_shortcuts_are_the_ones_of_the_interface(manifest: dict[str, Any]) -> None:
    """Names of at most 24 characters."""
    shortcuts = {shortcut["callback_id"]: shortcut for shortcut in manifest["features"]["shortcuts"]}
    assert {id: (one["name"], one["type"]) for id, one in shortcuts.items()} == {
        "mail_settings": ("Mail settings", "global"),
        "mail_settings_for_message": ("Settings for message", "message"),
    }
    assert all(len(one["name"]) <= 24 and len(one["description"]) <= 150 for one in shortcuts.values())


def test_least_scopes_each_for_something(manifest: dict[str, Any]) -> None:
    """What may be left out is marked; no history of channels is needed for anything else than reading a thread."""
    scopes = manifest["oauth_config"]["scopes"]
    needed = {"commands", "chat:write", "users:read", "app_mentions:read", "im:history"}
    assert set(scopes["bot"]) - set(scopes["bot_optional"]) == needed
    assert set(scopes["bot_optional"]) == {"usergroups:read", "channels:history", "groups:history"}
    assert manifest["settings"]["event_subscriptions"]["bot_events"] == ["app_home_opened", "app_mention", "message.im"]
    assert manifest["settings"]["interactivity"]["is_enabled"] is True


def test_every_address_is_the_same_and_marked_to_be_replaced(manifest: dict[str, Any]) -> None:
    """All of Slack's payloads go to one path."""
    interactivity, events = manifest["settings"]["interactivity"], manifest["settings"]["event_subscriptions"]
    addresses = [command["url"] for command in manifest["features"]["slash_commands"]]
    addresses += [interactivity["request_url"], interactivity["message_menu_options_url"], events["request_url"]]
    assert set(addresses) == {"https://YOUR-HOST/slack/events"}


async def test_the_app_answers_what_the_manifest_names(manifest: dict[str, Any], desk: Desk) -> None:
    """Every command, clicks, every shortcut, every event."""
    plays = {"/mailsettings": ("example.cz thunderbird", "protocol"), "/mailstatus": ("help", None)}
    for command in manifest["features"]["slash_commands"]:
        words, button = plays[command["command"]]
        reply = await desk.slack.command(command["command"], words)
        assert reply.is_ok
        assert reply.message is not None
        if button is not None:
            assert (await desk.slack.press(reply.message, button)).is_ok
            await desk.slack.next_response()
    message = desk.slack.say("example.cz")
    for shortcut in manifest["features"]["shortcuts"]:
        id = shortcut["callback_id"]
        played = desk.slack.shortcut(id) if shortcut["type"] == "global" else desk.slack.message_shortcut(id, message)
        assert (await played).is_ok
        await desk.slack.until(lambda: desk.slack.world.views)
        desk.slack.world.views.clear()
    events = {
        "app_home_opened": desk.slack.open_home,
        "app_mention": lambda: desk.slack.mention("<@U0MAILBOT> example.cz"),
        "message.im": lambda: desk.slack.direct_message("example.cz"),
    }
    answers = {"app_home_opened": "views.publish", "app_mention": "chat.postMessage", "message.im": "chat.postMessage"}
    for event in manifest["settings"]["event_subscriptions"]["bot_events"]:
        before = len(desk.slack.calls_of(answers[event]))
        assert (await events[event]()).is_ok
        await desk.slack.until(lambda: len(desk.slack.calls_of(answers[event])) > before)  # noqa: B023
