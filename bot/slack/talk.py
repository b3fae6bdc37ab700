"""Mentions and direct messages: free words, understood by rules, answered in the thread."""

from __future__ import annotations

from dataclasses import dataclass

from slack_bolt.response import BoltResponse

from bot.catalogue.match import Matcher
from bot.phrase import Phrase, merge_phrases, read_phrase, request_of_phrase, without_client
from bot.provider.profile import Profile
from bot.request import UsageProblem
from bot.slack.delivery import Reach
from bot.slack.messages import Json
from bot.slack.service import Service
from bot.slack.state import state_of
from bot.slack.threads import Threads, text_of
from bot.slack.visit import Visit, visit_of_event

_OF_PEOPLE = frozenset((None, "", "file_share", "thread_broadcast"))
"""Subtypes of messages that somebody wrote just now; edits, deletions and the rest are no questions."""


@dataclass(frozen=True)
class Talk:
    """Answers what is said to the bot."""

    service: Service
    threads: Threads
    matcher: Matcher
    profile: Profile

    async def on_mention(self, body: Json) -> BoltResponse:
        """Somebody wrote the bot's name in a conversation it is in."""
        return self._heard(body["event"])

    async def on_message(self, body: Json) -> BoltResponse:
        """Somebody wrote to the bot alone."""
        event = body["event"]
        return self._heard(event) if event.get("channel_type") == "im" else BoltResponse(status=200)

    def _heard(self, event: Json) -> BoltResponse:
        is_a_person = event.get("user") and not event.get("bot_id") and event.get("subtype") in _OF_PEOPLE
        if not is_a_person:
            return BoltResponse(status=200)
        visit = visit_of_event(event)
        return self.service.run(visit, self._answer(visit, event))

    async def _answer(self, visit: Visit, event: Json) -> None:
        if (refusal := await self.service.refusal(visit)) is not None:
            await self._say_no(visit, event, refusal)
            return
        language = self.service.people.language(visit.user)
        phrase = await self._understood(event)
        request = request_of_phrase(phrase)
        if request is None:
            self.service.done(visit, "help")
            await self.service.delivery.send(visit.place, self.service.messages.not_understood(language))
        elif isinstance(request, UsageProblem):
            base = state_of(without_client(phrase), can_share=False)
            self.service.done(visit, request.code)
            await self.service.delivery.send(visit.place, self.service.messages.problem(request, base, language))
        else:
            await self.service.answer(visit, state_of(request, can_share=False))

    async def _understood(self, event: Json) -> Phrase:
        """What was said; in a thread, what is missing may stand above it."""
        said = self._read(text_of(event))
        thread = event.get("thread_ts")
        if said.domain is not None or not thread:
            return said
        above = await self.threads.texts(str(event.get("channel")), str(thread))
        return merge_phrases([said, *map(self._read, reversed(above))])

    def _read(self, text: str) -> Phrase:
        return read_phrase(text, self.matcher.find, self.profile)

    async def _say_no(self, visit: Visit, event: Json, refusal: Json) -> None:
        """For her eyes only, where the conversation is not hers alone."""
        if event.get("channel_type") != "im":
            visit.place.reach, visit.place.thread = Reach.THREAD, event.get("thread_ts")
        await self.service.delivery.send(visit.place, refusal)
