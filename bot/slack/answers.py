"""From a question to a whole message, and what is kept of it."""

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
from bot.slack.access import Allowance
from bot.slack.cache import AnswerCache, Kept
from bot.slack.messages import Messages
from bot.slack.people import People
from bot.slack.state import State, request_of


class LimitReached(Exception):
    """Somebody asked for more look-ups than are hers: `per_minute`."""

    def __init__(self, per_minute: int) -> None:
        super().__init__()
        self.per_minute = per_minute


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
    people: People
    allowance: Allowance
    clients: Mapping[str, Client]
    timeout: float

    def ready(self, state: State, language: str) -> Kept | None:
        """The answer that can be given at once."""
        return self.cache.get((state, language))

    async def find(self, state: State, user: str, *, fresh: bool = False) -> Kept:
        """The answer as a message in the person's language. `fresh` passes every cache by. Raises as `outcome`."""
        language = self.people.language(user)
        if not fresh and (kept := self.ready(state, language)) is not None:
            return kept
        outcome = await self.outcome(state, user, fresh=fresh)
        kept = Kept(json.dumps(self.messages.outcome(outcome, state, language)), code_of(outcome), _expiry(outcome))
        if fresh:
            self.cache.forget(state.domain)
        self.cache.put((state, language), kept)
        return kept

    async def outcome(self, state: State, user: str, *, fresh: bool = False) -> Outcome:
        """The answer itself. Raises NoState for what the catalogue does not have, LimitReached, TimeoutError."""
        request = request_of(state, self.clients)
        if not self.allowance.take(user):
            raise LimitReached(self.allowance.per_minute)
        async with asyncio.timeout(self.timeout):
            return await self.lookup.settings(request, fresh=fresh)


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
