"""Every row of the catalogue in Slack: the settings, the customer's text and what is shared keep to Slack's limits."""

from __future__ import annotations

import pytest

from bot.playground.blocks_check import check_message
from bot.request import LANGUAGES
from bot.slack.messages import Messages
from bot.slack.state import View, state_of
from tests.advice.world import CATALOGUE, answer_for

LONGEST_DOMAIN = ".".join(("a" * 60, "b" * 60, "c" * 60, "d" * 60, "example"))


@pytest.mark.parametrize("client", CATALOGUE.clients)
def test_a_client_renders_within_the_limits(client: str) -> None:
    """In each language, for a short domain and for one of nearly the greatest length."""
    messages = Messages(CATALOGUE)
    for domain in ("example.cz", LONGEST_DOMAIN):
        answer = answer_for(f"{domain} {client} #ticket-1234567890")
        for language in LANGUAGES:
            for view in View:
                assert check_message(messages.outcome(answer, state_of(answer.request, view), language)) == []
            shared = messages.shared(answer, state_of(answer.request), language, "U0AGENT")
            assert check_message(shared) == []
