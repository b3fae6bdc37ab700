"""`/mailsettings`: understand, look up, answer, within Slack's three seconds."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from slack_bolt.response import BoltResponse

from bot.domain import split_words
from bot.provider.profile import Profile
from bot.request import MatchClient, SettingsRequest, UsageProblem, parse_settings_request
from bot.slack.access import refused_stranger
from bot.slack.forms import Forms
from bot.slack.messages import Json
from bot.slack.service import HELP_WORDS, PATIENCE, Service, acknowledge
from bot.slack.state import State, state_of
from bot.slack.visit import Visit, visit_of_command

COMMAND = "/mailsettings"


@dataclass(frozen=True)
class Commands:
    """Answers the slash command, in the acknowledgement if the answer is ready in time."""

    service: Service
    forms: Forms
    match: MatchClient
    profile: Profile

    def ready(self, body: Json) -> BoltResponse | None:
        """The answer to a command that can be given without waiting for anything."""
        visit = visit_of_command(body)
        person = self.service.people.known(visit.user)
        if person is None or refused_stranger(person) or not self.service.access.is_open:
            return None
        request = self._read(str(body.get("text") or ""))
        if isinstance(request, UsageProblem):
            return None
        state = state_of(request)
        if (kept := self.service.answers.ready(state, person.language)) is None:
            return None
        self.service.note(visit, state, kept.code)
        return BoltResponse(status=200, body=kept.body)

    async def on_command(self, body: Json) -> BoltResponse:
        """Answer; without words, the form opens."""
        visit, text = visit_of_command(body), str(body.get("text") or "").strip()
        if not text:
            return self.service.run(visit, self.forms.open_for_command(visit, str(body.get("trigger_id") or "")))
        try:
            if (refusal := await self.service.refusal(visit)) is not None:
                return acknowledge(refusal)
            return await self._answer(visit, text)
        except Exception as error:
            return acknowledge(self.service.failed(visit, error))

    async def _answer(self, visit: Visit, text: str) -> BoltResponse:
        language = self.service.people.language(visit.user)
        if text.lower() in HELP_WORDS:
            return self._said(visit, "help", self.service.messages.help(language))
        request = self._read(text)
        if isinstance(request, UsageProblem):
            base = self._without_client(text, request)
            return self._said(visit, request.code, self.service.messages.problem(request, base, language))
        return await self._look_up(visit, state_of(request))

    async def _look_up(self, visit: Visit, state: State) -> BoltResponse:
        work = self.service.tasks.start(self.service.find(visit, state))
        await asyncio.wait({work}, timeout=PATIENCE)
        if work.done():
            return BoltResponse(status=200, body=work.result().body)
        self.service.tasks.leave(self.service.follow(visit, work))
        return acknowledge(self.service.looking_up(visit, state))

    def _read(self, text: str) -> SettingsRequest | UsageProblem:
        return parse_settings_request(text, self.match, self.profile)

    def _without_client(self, text: str, problem: UsageProblem) -> State | None:
        """The rest of a command whose client was not understood, to ask it again with one."""
        if problem.domain is None:
            return None
        typed = problem.typed.split()
        rest = self._read(" ".join(word for word in split_words(text) if word not in typed))
        return state_of(rest if isinstance(rest, SettingsRequest) else SettingsRequest(problem.domain))

    def _said(self, visit: Visit, code: str, message: Json) -> BoltResponse:
        self.service.done(visit, code)
        return acknowledge(message)
