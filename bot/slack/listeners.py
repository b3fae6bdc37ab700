"""What happens at a command or a click: understand, look up, answer, within Slack's three seconds."""

from __future__ import annotations

import asyncio
import json
import re
import secrets
import time
from dataclasses import dataclass, field
from typing import Any
from typing import Protocol as Interface

import structlog
from slack_bolt.async_app import AsyncApp
from slack_bolt.response import BoltResponse

from bot.answer import SettingsAnswer
from bot.domain import DomainName, parse_domain, split_words
from bot.provider.profile import Profile
from bot.request import MatchClient, SettingsRequest, UsageProblem, parse_settings_request
from bot.slack.answers import LANGUAGE_PATIENCE, Answers, code_of
from bot.slack.cache import Kept
from bot.slack.controls import CHECK_AGAIN, SHARE
from bot.slack.delivery import USES, Delivery, Place
from bot.slack.messages import Json, looking_up, sentence
from bot.slack.share import Sharer, Sharing
from bot.slack.state import NoState, State, state_of, unpack
from bot.slack.tasks import Tasks

log = structlog.get_logger(__name__)

COMMAND = "/mailsettings"
HELP_WORDS = frozenset(("", "help", "--help", "-h", "?", "pomoc", "nápověda", "napoveda", "pomocník"))
PATIENCE = 1.5
"""Seconds that an acknowledgement waits for the answer; then a short line goes first and the answer follows."""


class Counts(Interface):
    """Whatever counts answers."""

    def answered(self, code: str, seconds: float) -> None:
        """A command or a click was answered."""


@dataclass(slots=True)
class Visit:
    """One command or click: where the answer goes, and since when it is waited for."""

    place: Place
    kind: str
    began: float = field(default_factory=time.perf_counter)

    @property
    def user(self) -> str:
        """Who is waiting."""
        return self.place.user

    @property
    def id(self) -> str:
        """What the log and an error's sentence have in common."""
        return self.place.request_id


@dataclass(frozen=True)
class Listeners:
    """The listeners and what they work with."""

    answers: Answers
    match: MatchClient
    profile: Profile
    delivery: Delivery
    sharer: Sharer
    tasks: Tasks
    counts: Counts

    # The command

    def ready(self, body: Json) -> BoltResponse | None:
        """The answer to a command that can be given without waiting for anything."""
        visit = _visit_of_command(body)
        request = parse_settings_request(str(body.get("text") or ""), self.match, self.profile)
        if isinstance(request, UsageProblem):
            return None
        kept = self.answers.ready(state_of(request), visit.user)
        return self._given(visit, kept) if kept else None

    async def on_command(self, body: Json) -> BoltResponse:
        """Answer `/mailsettings`, in the acknowledgement if the answer is ready in time."""
        visit = _visit_of_command(body)
        try:
            return await self._answer_command(visit, str(body.get("text") or ""))
        except Exception as error:  # the one place where a bug ends: the agent learns of it, and the log
            return _acknowledge(self._failed(visit, error))

    async def _answer_command(self, visit: Visit, text: str) -> BoltResponse:
        if text.strip().lower() in HELP_WORDS:
            return self._said(visit, "help", self.answers.messages.help(await self._language(visit)))
        request = parse_settings_request(text, self.match, self.profile)
        if isinstance(request, UsageProblem):
            base, language = self._without_client(text, request), await self._language(visit)
            return self._said(visit, request.code, self.answers.messages.problem(request, base, language))
        return await self._look_up(visit, state_of(request))

    async def _look_up(self, visit: Visit, state: State) -> BoltResponse:
        work = self.tasks.start(self.answers.find(state, visit.user))
        await asyncio.wait({work}, timeout=PATIENCE)
        if work.done():
            return self._given(visit, work.result())
        self.tasks.leave(self._follow(visit, work))
        domain, language = parse_domain(state.domain), self.answers.languages.known_or_default(visit.user)
        assert isinstance(domain, DomainName), "a state's domain was parsed before"
        return _acknowledge(looking_up(domain, language))

    async def _follow(self, visit: Visit, work: asyncio.Task[Kept]) -> None:
        """Send the answer after its acknowledgement, whatever it turns out to be."""
        try:
            kept = await work
            message, code = json.loads(kept.body), kept.code
        except Exception as error:  # as in on_command
            await self.delivery.send(visit.place, self._failed(visit, error))
        else:
            await self.delivery.send(visit.place, message)
            self._done(visit, code)

    def _without_client(self, text: str, problem: UsageProblem) -> State | None:
        """The rest of a command whose client was not understood, to ask it again with one."""
        if problem.domain is None:
            return None
        typed = problem.typed.split()
        rest = " ".join(word for word in split_words(text) if word not in typed)
        request = parse_settings_request(rest, self.match, self.profile)
        return state_of(request if isinstance(request, SettingsRequest) else SettingsRequest(problem.domain))

    # Clicks

    async def on_click(self, body: Json) -> BoltResponse:
        """Acknowledge at once, answer when it is found out."""
        container, channel, user = body.get("container") or {}, body.get("channel") or {}, body.get("user") or {}
        visit = _visit("click", body, str(channel.get("id", "")), str(user.get("id", "")))
        self.tasks.leave(self._answer_click(visit, body["actions"][0], str(container.get("message_ts") or visit.id)))
        return BoltResponse(status=200)

    async def _answer_click(self, visit: Visit, action: Json, message_ts: str) -> None:
        """Put the answer in the place of the message that was clicked; trouble stands below it, and nothing is lost."""
        try:
            message = await self._clicked(visit, action, message_ts)
        except NoState:
            message = sentence("outdated", self.answers.languages.known_or_default(visit.user))
            self._done(visit, "outdated")
        except Exception as error:  # as in on_command
            message = self._failed(visit, error)
        if message is not None:
            await self.delivery.send(visit.place, {"replace_original": False, **message})

    async def _clicked(self, visit: Visit, action: Json, message_ts: str) -> Json | None:
        value = action.get("value") or (action.get("selected_option") or {}).get("value")
        state = unpack(action.get("block_id"), value)
        if action.get("action_id") == SHARE:
            return await self._share(visit, state, message_ts)
        kept = await self.answers.find(state, visit.user, fresh=action.get("action_id") == CHECK_AGAIN)
        self._done(visit, kept.code)
        return {**json.loads(kept.body), "replace_original": True}

    async def _share(self, visit: Visit, state: State, message_ts: str) -> Json | None:
        """Post to the channel; only when that is sure does the private message go."""
        if not self.sharer.begin(message_ts):
            return None
        result = Sharing.FAILED
        try:
            outcome, language = await self.answers.outcome(state, visit.user)
            if not isinstance(outcome, SettingsAnswer):
                self._done(visit, code_of(outcome))
                return {**self.answers.messages.outcome(outcome, state, language), "replace_original": True}
            message = self.answers.messages.shared(outcome, state, language, visit.user)
            result = await self.sharer.share(visit.place, message)
        finally:
            if result is Sharing.FAILED:
                self.sharer.give_back(message_ts)
        self._done(visit, f"share_{result}")
        if result in (Sharing.POSTED, Sharing.POSTED_BY_URL):
            await self.delivery.send(visit.place, {"delete_original": True})
            return None
        return sentence(f"share_{result}", language, id=visit.id)

    # What all of them share

    async def _language(self, visit: Visit) -> str:
        return await self.answers.languages.within(visit.user, LANGUAGE_PATIENCE)

    def _given(self, visit: Visit, kept: Kept) -> BoltResponse:
        self._done(visit, kept.code)
        return BoltResponse(status=200, body=kept.body)

    def _said(self, visit: Visit, code: str, message: Json) -> BoltResponse:
        self._done(visit, code)
        return _acknowledge(message)

    def _failed(self, visit: Visit, error: Exception) -> Json:
        """What the agent reads when something broke; the same id stands in the log."""
        language = self.answers.languages.known_or_default(visit.user)
        is_late = isinstance(error, TimeoutError)
        log.error("failed", request=visit.id, error=type(error).__name__, exc_info=None if is_late else error)
        self._done(visit, "timeout" if is_late else "error")
        if is_late:
            return sentence("timeout", language, id=visit.id, seconds=round(self.answers.timeout))
        return sentence("error", language, id=visit.id)

    def _done(self, visit: Visit, code: str) -> None:
        """The one line that each command and click leaves."""
        seconds = time.perf_counter() - visit.began
        self.counts.answered(code, seconds)
        log.info("answered", kind=visit.kind, code=code, ms=round(seconds * 1000, 1), request=visit.id)


def register(app: AsyncApp, listeners: Listeners) -> None:
    """Tell Bolt what is listened to: the command, every click (also on buttons of older versions), no event."""

    async def on_command(body: dict[str, Any]) -> BoltResponse:
        return await listeners.on_command(body)

    async def on_click(body: dict[str, Any]) -> BoltResponse:
        return await listeners.on_click(body)

    async def on_event() -> BoltResponse:
        return BoltResponse(status=200)

    app.command(COMMAND)(on_command)
    app.action(re.compile(""))(on_click)
    # An event that nobody handles would be sent three times and count as a failure.
    app.event(re.compile(""))(on_event)


def _visit_of_command(body: Json) -> Visit:
    return _visit("command", body, str(body.get("channel_id", "")), str(body.get("user_id", "")))


def _visit(kind: str, body: Json, channel: str, user: str) -> Visit:
    url = str(body.get("response_url") or "")
    return Visit(Place(url, channel, user, secrets.token_hex(4), uses_left=USES if url else 0), kind)


def _acknowledge(message: Json) -> BoltResponse:
    return BoltResponse(status=200, body=json.dumps(message))
