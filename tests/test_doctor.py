"""What `mailbot doctor` finds, with real name servers and a stand-in for Slack."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
import yaml

from bot.doctor import NEEDED_SCOPES, Finding, examine
from bot.playground.names import Refused
from bot.playground.slack import SlackStandIn
from bot.playground.slack_faults import ApiError
from bot.playground.world import World, running_world


@pytest.fixture
async def world() -> AsyncIterator[World]:
    """The little world."""
    async with running_world() as running:
        yield running


def wrong(findings: list[Finding]) -> list[str]:
    """The texts of what has to be done."""
    return [finding.text for finding in findings if not finding.is_good]


async def test_a_sound_installation_has_nothing_to_mend(world: World, slack: SlackStandIn) -> None:
    """Tokens are tried at Slack, name servers are asked, files are read."""
    config = world.config(SLACK_API_URL=slack.api_url, SLACK_BOT_TOKEN="xoxb-1", SLACK_SIGNING_SECRET="s")
    assert wrong(await examine(config)) == []
    assert [call.method for call in slack.calls] == ["auth.test"]


async def test_missing_tokens_are_named(world: World) -> None:
    """Both ways of talking to Slack are offered."""
    found = wrong(await examine(world.config()))
    assert len(found) == 2
    assert "SLACK_BOT_TOKEN" in found[0]
    assert "SLACK_SIGNING_SECRET" in found[1]


async def test_a_name_server_that_refuses_is_named(world: World, slack: SlackStandIn) -> None:
    """With what to look at."""
    world.names.fault = Refused()
    config = world.config(SLACK_API_URL=slack.api_url, SLACK_BOT_TOKEN="xoxb-1", SLACK_SIGNING_SECRET="s")
    (found,) = wrong(await examine(config))
    assert "REFUSED" in found
    assert "MAILBOT_DNS_SERVERS" in found


async def test_a_token_that_slack_refuses_is_named_and_not_shown(world: World, slack: SlackStandIn) -> None:
    """The token itself appears nowhere."""
    slack.faults["auth.test"] = ApiError("invalid_auth")
    config = world.config(SLACK_API_URL=slack.api_url, SLACK_BOT_TOKEN="xoxb-geheim", SLACK_SIGNING_SECRET="s")
    (found,) = wrong(await examine(config))
    assert "invalid_auth" in found
    assert "geheim" not in found


async def test_a_token_without_scopes_is_told_how_to_get_them(world: World, slack: SlackStandIn) -> None:
    """As after an update of the bot; what only some settings need is missed only with these."""
    config = world.config(SLACK_API_URL=slack.api_url, SLACK_BOT_TOKEN="xoxb-1", SLACK_SIGNING_SECRET="s")
    slack.world.scopes -= {"app_mentions:read", "usergroups:read"}
    (bad,) = [finding for finding in await examine(config) if not finding.is_good]
    assert "lacks app_mentions:read:" in bad.text
    config = replace(config, allow_groups=frozenset(("S1",)))
    (bad,) = [finding for finding in await examine(config) if not finding.is_good]
    assert "lacks app_mentions:read, usergroups:read:" in bad.text


def test_the_needed_scopes_are_the_manifests() -> None:
    """All but the optional ones."""
    scopes = yaml.safe_load((Path(__file__).parent.parent / "manifest.yml").read_text("utf-8"))["oauth_config"][
        "scopes"
    ]
    assert set(scopes["bot"]) - set(scopes["bot_optional"]) == NEEDED_SCOPES


async def test_a_slack_out_of_reach_is_named(world: World) -> None:
    """A wrong SLACK_API_URL or a closed network."""
    config = world.config(SLACK_API_URL="http://127.0.0.1:9/api/", SLACK_BOT_TOKEN="xoxb-1", SLACK_SIGNING_SECRET="s")
    (found,) = wrong(await examine(config))
    assert "cannot be reached" in found
