"""From a question to a whole message: the lookup and the agent's language side by side, and what is kept of them."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol as Interface

from bot.answer import Outcome, SettingsAnswer
from bot.catalogue.model import Client
from bot.request import SettingsRequest
from bot.slack.cache import AnswerCache, Kept
from bot.slack.languages import Languages
from bot.slack.messages import Messages
from bot.slack.state import State, request_of

LANGUAGE_PATIENCE = 0.3
"""Seconds that an answer which is ready waits for the agent's language."""


class AnswersSettings(Interface):
    """Whatever answers requests for settings."""

    async def settings(self, request: SettingsRequest, *, fresh: bool = False) -> Outcome:
        """Answer one request."""


@dataclass(frozen=True)
class Answers:
    """Answers questions. `timeout` (seconds) ends a lookup that does not end by itself, with TimeoutError."""

    lookup: AnswersSettings
    messages: Messages
    cache: AnswerCache
    languages: Languages
    clients: Mapping[str, Client]
    timeout: float

    def ready(self, state: State, user: str) -> Kept | None:
        """The answer that can be given at once."""
        language = self.languages.known(user)
        return self.cache.get((state, language)) if language else None

    async def find(self, state: State, user: str, *, fresh: bool = False) -> Kept:
        """The answer as a message in the agent's language. `fresh` passes every cache by."""
        if not fresh and (kept := self.ready(state, user)) is not None:
            return kept
        outcome, language = await self.outcome(state, user, fresh=fresh)
        message = self.messages.outcome(outcome, state, language)
        kept = Kept(json.dumps(message), code_of(outcome), _expiry(outcome))
        if fresh:
            self.cache.forget(state.domain)
        self.cache.put((state, language), kept)
        return kept

    async def outcome(self, state: State, user: str, *, fresh: bool = False) -> tuple[Outcome, str]:
        """The answer itself and the agent's language. Raises NoState for what the catalogue does not have."""
        request = request_of(state, self.clients)
        if self.languages.known(user) is None:
            self.languages.prepare(user)
        async with asyncio.timeout(self.timeout):
            outcome = await self.lookup.settings(request, fresh=fresh)
        return outcome, await self.languages.within(user, LANGUAGE_PATIENCE)


def code_of(outcome: Outcome) -> str:
    """The code an outcome is counted and logged under."""
    if not isinstance(outcome, SettingsAnswer):
        return outcome.note.code
    if outcome.cannot_work:
        return "cannot_work"
    return "verified" if outcome.verified else "unverified"


def _expiry(outcome: Outcome) -> datetime:
    """Refusals are not kept: whoever mends the domain asks again at once."""
    return outcome.expires_at if isinstance(outcome, SettingsAnswer) else outcome.checked_at
