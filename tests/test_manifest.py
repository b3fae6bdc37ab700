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
    "features": {"bot_user", "slash_commands"},
    "features.bot_user": {"display_name", "always_online"},
    "oauth_config": {"scopes"},
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
    (command,) = manifest["features"]["slash_commands"]
    assert 2 <= len(command["command"]) <= 32
    assert len(command["description"]) <= 2000
    assert len(command["usage_hint"]) <= 1000
    assert command["should_escape"] is False


def test_least_scopes_and_no_events_that_nobody_handles(manifest: dict[str, Any]) -> None:
    """Each has its reason."""
    assert manifest["oauth_config"]["scopes"] == {"bot": ["commands", "chat:write", "users:read"]}
    assert "event_subscriptions" not in manifest["settings"]
    assert manifest["settings"]["interactivity"]["is_enabled"] is True


def test_every_address_is_the_same_and_marked_to_be_replaced(manifest: dict[str, Any]) -> None:
    """All of Slack's payloads go to one path."""
    addresses = [command["url"] for command in manifest["features"]["slash_commands"]]
    addresses.append(manifest["settings"]["interactivity"]["request_url"])
    assert set(addresses) == {"https://YOUR-HOST/slack/events"}


async def test_the_app_answers_what_the_manifest_names(manifest: dict[str, Any], desk: Desk) -> None:
    """Every command, and clicks."""
    for command in manifest["features"]["slash_commands"]:
        reply = await desk.slack.command(command["command"], "example.cz thunderbird")
        assert reply.is_ok
        assert reply.message is not None
        assert (await desk.slack.press(reply.message, "protocol")).is_ok
        await desk.slack.next_response()
