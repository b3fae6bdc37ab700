"""What every surface shares: who may ask, finding an answer, getting it there, saying what went wrong."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Coroutine
from dataclasses import dataclass
from typing import Any
from typing import Protocol as Interface

import structlog
from slack_bolt.response import BoltResponse

from bot.domain import DomainName, parse_domain
from bot.slack.access import Access
from bot.slack.answers import Answers, LimitReached
from bot.slack.cache import Kept
from bot.slack.delivery import Delivery
from bot.slack.messages import Json, Messages, looking_up, refused, sentence
from bot.slack.people import People, Person
from bot.slack.recent import Recent
from bot.slack.state import NoState, State
from bot.slack.tasks import Tasks
from bot.slack.visit import Visit

log = structlog.get_logger(__name__)

PATIENCE = 1.5
"""Seconds that somebody waits in silence; then a short line goes first and the answer follows."""


HELP_WORDS = frozenset(("help", "--help", "-h", "?", "pomoc", "nápověda", "napoveda", "pomocník"))


class Counts(Interface):
    """Whatever counts answers."""

    def answered(self, code: str, seconds: float) -> None:
        """A command, click or form was answered."""


@dataclass(frozen=True)
class Service:
    """What the surfaces work with. No exception of the work it does leaves it: each ends in a sentence and the log."""

    answers: Answers
    people: People
    access: Access
    delivery: Delivery
    recent: Recent
    tasks: Tasks
    counts: Counts

    @property
    def messages(self) -> Messages:
        """Whatever turns answers into messages."""
        return self.answers.messages

    async def refusal(self, visit: Visit, person: Person | None = None) -> Json | None:
        """The kind no that somebody gets who may not use the bot here; None: welcome."""
        person = person or await self.people.get(visit.user)
        reason = await self.access.refusal(visit.user, person, visit.place.channel)
        if reason is None:
            return None
        self.done(visit, f"refused_{reason}")
        return refused(reason, self.access.channels, person.language)

    async def find(self, visit: Visit, state: State, *, fresh: bool = False) -> Kept:
        """An answer as a message. Raises what `Answers.find` raises."""
        kept = await self.answers.find(state, visit.user, fresh=fresh)
        self.note(visit, state, kept.code)
        return kept

    async def answer(self, visit: Visit, state: State) -> None:
        """Find an answer and send it; when that takes long, a short line goes first. Never raises."""
        work = self.tasks.start(self.find(visit, state))
        await asyncio.wait({work}, timeout=PATIENCE)
        if not work.done():
            await self.delivery.send(visit.place, self.looking_up(visit, state))
        await self.follow(visit, work)

    async def follow(self, visit: Visit, work: asyncio.Task[Kept]) -> None:
        """Send the answer that is being found, whatever it turns out to be. Never raises."""
        try:
            message = json.loads((await work).body)
        except Exception as error:
            message = self.failed(visit, error)
        await self.delivery.send(visit.place, message)

    def looking_up(self, visit: Visit, state: State) -> Json:
        """What is seen while the answer is being found out."""
        domain = parse_domain(state.domain)
        assert isinstance(domain, DomainName), "a state's domain was parsed before"
        return looking_up(domain, self.people.language(visit.user))

    def run(self, visit: Visit, work: Coroutine[Any, Any, None]) -> BoltResponse:
        """Acknowledge now and work on; if the work breaks, the person is told where she stands."""
        self.tasks.leave(self._guarded(visit, work))
        return BoltResponse(status=200)

    async def _guarded(self, visit: Visit, work: Coroutine[Any, Any, None]) -> None:
        try:
            await work
        except Exception as error:
            await self.delivery.send(visit.place, {"replace_original": False, **self.failed(visit, error)})

    def failed(self, visit: Visit, error: Exception) -> Json:
        """What somebody reads when there is no answer. A bug ends here: the same id stands in the sentence and the
        log."""
        language = self.people.language(visit.user)
        match error:
            case NoState():
                self.done(visit, "outdated")
                return sentence("outdated", language)
            case LimitReached():
                self.done(visit, "limit")
                return sentence("limit", language, limit=error.per_minute)
            case TimeoutError():
                log.error("failed", request=visit.id, error="TimeoutError")
                self.done(visit, "timeout")
                return sentence("timeout", language, id=visit.id, seconds=round(self.answers.timeout))
        log.error("failed", request=visit.id, error=type(error).__name__, exc_info=error)
        self.done(visit, "error")
        return sentence("error", language, id=visit.id)

    def note(self, visit: Visit, state: State, code: str) -> None:
        """Remember a question that was answered, for the person's Home."""
        self.recent.add(visit.user, state, code)
        self.done(visit, code)

    def done(self, visit: Visit, code: str) -> None:
        """The one line that each command, click and form leaves."""
        seconds = time.perf_counter() - visit.began
        self.counts.answered(code, seconds)
        log.info("answered", kind=visit.kind, code=code, ms=round(seconds * 1000, 1), request=visit.id)


def acknowledge(message: Json) -> BoltResponse:
    """An acknowledgement that says something."""
    return BoltResponse(status=200, body=json.dumps(message))
