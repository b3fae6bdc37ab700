"""From Slack to real DNS and real TLS on loopback, and back."""

from __future__ import annotations

import aiohttp
import pytest

from bot.compose import Parts
from bot.playground.slack import SlackStandIn
from bot.playground.world import running_world
from bot.serve import running_bot
from tests.slack.conftest import shown


@pytest.mark.parametrize(
    ("command", "text", "expected"),
    [
        ("/mailsettings", "example.cz outlook-2007", ("mail8.skok.cz", "✅")),
        ("/mailsettings", "jan@example.cz thunderbird pop3", ("mail.example.cz", "995", "✅")),
        ("/mailsettings", "example.cz ios-9", ("⛔",)),
        ("/mailsettings", "novaposta.example thunderbird", ("Microsoft",)),
        ("/mailsettings", "jinde.example thunderbird", ("Google",)),
        ("/mailsettings", "xn--hkyrky-ptac70bc.cz", ("háčkyčárky.cz", "thunderbird")),
        ("/mailstatus", "example.cz", ("mail8.skok.cz", "funguje")),
        ("/mailstatus", "propadla.example", ("🔴", "vypršel")),
        (
            "/mailstatus",
            "kvetiny.example",
            ("🟡", "SPF", "include:spf2.c4.cz ip4:192.0.2.0/24 -all"),
        ),
        ("/mailstatus", "truhlar.example", ("🟡", "autodiscover.truhlar.example", "Microsoft")),
        ("/mailstatus", "jinde.example", ("není u nás",)),
        ("/mailstatus", "example.cz propadla.example neexistuje.example", ("mail8.skok.cz", "propadla.example")),
    ],
)
async def test_a_command_is_answered_from_what_the_servers_do(
    command: str, text: str, expected: tuple[str, ...]
) -> None:
    """In one acknowledgement; every message is one that Slack takes; DNS and TLS are counted."""
    async with running_world() as world, SlackStandIn() as slack:
        config = world.config(
            SLACK_BOT_TOKEN="xoxb-1",
            SLACK_SIGNING_SECRET=slack.signing_secret,
            SLACK_API_URL=slack.api_url,
            MAILBOT_LISTEN="127.0.0.1:0",
        )
        async with running_bot(Parts(config, dial=world.dial)) as bot:
            slack.bot_url = f"{bot.url}/slack/events"
            reply = await slack.command(command, text)
            assert all(word in shown(reply.body) for word in expected)
            async with aiohttp.ClientSession() as session, session.get(f"{bot.url}/metrics") as response:
                counted = await response.text()
        assert 'mailbot_dns_answers_total{outcome="found"}' in counted
        assert "example" not in counted
        assert not slack.violations
