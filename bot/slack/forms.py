"""The form, by the command alone or a shortcut: opened at once, filled in, answered where it was opened."""

from __future__ import annotations

from dataclasses import dataclass

import structlog
from slack_bolt.response import BoltResponse
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.catalogue.match import Matcher
from bot.catalogue.model import Catalogue
from bot.catalogue.search import Search
from bot.domain import DomainName
from bot.phrase import Phrase, merge_phrases, read_phrase
from bot.provider.profile import Profile
from bot.reply.words import words
from bot.request import UsageProblem, parse_settings_request
from bot.slack.access import refused_stranger
from bot.slack.delivery import error_code, framed
from bot.slack.form_view import CONVERSATION, Entered, FormView, completed, entered_from, entered_of, mistakes_in
from bot.slack.form_view import suggestions as as_suggestions
from bot.slack.messages import Json, sentence
from bot.slack.origin import Origin, unpack_origin
from bot.slack.service import Service, acknowledge
from bot.slack.state import State, state_of
from bot.slack.threads import Threads, text_of
from bot.slack.visit import Visit, visit_of_interaction

log = structlog.get_logger(__name__)

FORM = "mail_settings"
"""The callback id of the form, and of the global shortcut that opens it."""
SHORTCUT_ON_MESSAGE = "mail_settings_for_message"
MOST_SUGGESTIONS = 100
_CLOSED = frozenset(("not_found", "view_not_found"))


@dataclass(frozen=True)
class Forms:
    """Opens the form, keeps it in step with what is chosen, and answers it."""

    service: Service
    client: AsyncWebClient
    threads: Threads
    matcher: Matcher
    search: Search
    catalogue: Catalogue
    profile: Profile

    # Opening

    async def open_for_command(self, visit: Visit, trigger: str) -> None:
        """The command without words: the answer comes where she typed it."""
        origin = Origin(channel=visit.place.channel, response_url=visit.place.response_url)
        await self._open(visit, trigger, origin)

    async def open_anywhere(self, visit: Visit, trigger: str) -> None:
        """A click that was in no conversation: the form asks for one, else the answer comes in person."""
        await self._open(visit, trigger, Origin())

    async def open_for_domain(self, visit: Visit, trigger: str, domain: DomainName) -> None:
        """A click below something about a domain: the form with the domain filled in."""
        place = visit.place
        origin = Origin(place.channel, place.thread, bool(place.thread), place.response_url)
        await self._open(visit, trigger, origin, Phrase(domain))

    async def on_shortcut(self, body: Json) -> BoltResponse:
        """The global shortcut."""
        visit = visit_of_interaction(body, "shortcut")
        return self.service.run(visit, self.open_anywhere(visit, _trigger(body)))

    async def on_message_shortcut(self, body: Json) -> BoltResponse:
        """The shortcut in a message's menu: what the message says is filled in; the answer goes into its thread."""
        visit = visit_of_interaction(body, "message_shortcut")
        return self.service.run(visit, self._open_for_message(visit, body))

    async def _open_for_message(self, visit: Visit, body: Json) -> None:
        message, place = body["message"], visit.place
        origin = Origin(
            channel=place.channel,
            thread=str(message.get("thread_ts") or message.get("ts") or "") or None,
            is_active=bool(message.get("thread_ts")),
            response_url=place.response_url,
        )
        await self._open(visit, _trigger(body), origin, self._read(text_of(message)))

    async def _open(self, visit: Visit, trigger: str, origin: Origin, phrase: Phrase | None = None) -> None:
        try:
            await self._open_quickly(visit, trigger, origin, phrase)
        except SlackApiError as error:
            log.warning("form_not_opened", error=error_code(error), request=visit.id)
            self.service.done(visit, "form_failed")
            language = self.service.people.language(visit.user)
            await self.service.delivery.send(visit.place, sentence("form_failed", language))

    async def _open_quickly(self, visit: Visit, trigger: str, origin: Origin, phrase: Phrase | None) -> None:
        """Open the form, or a view that says "loading" while something has to be found out first."""
        person, is_whole = self.service.people.known(visit.user), self._is_whole(phrase, origin)
        if person is not None and self.service.access.is_open and is_whole and not refused_stranger(person):
            await self._show(trigger, self._view(person.language).form(origin, _entered(phrase), FORM))
            return
        loading = self._view(self.service.people.language(visit.user)).loading()
        view = await self._show(trigger, loading)
        await self._update(view, await self._prepared(visit, origin, phrase, is_whole))

    async def _prepared(self, visit: Visit, origin: Origin, phrase: Phrase | None, is_whole: bool) -> Json:
        """The form with all that can be found out, or the kind no."""
        person = await self.service.people.get(visit.user)
        if (refusal := await self.service.refusal(visit, person)) is not None:
            return framed(words(person.language).text("form.close"), refusal["blocks"])
        if phrase is not None and not is_whole:
            texts = await self.threads.texts(origin.channel, str(origin.thread))
            phrase = merge_phrases([phrase, *map(self._read, texts)])
        return self._view(person.language).form(origin, _entered(phrase), FORM)

    def _is_whole(self, phrase: Phrase | None, origin: Origin) -> bool:
        """True when reading the thread would add nothing."""
        if phrase is None or (phrase.domain and phrase.client):
            return True
        return not (origin.is_active and self.threads.can_be_read)

    def _read(self, text: str) -> Phrase:
        return read_phrase(text, self.matcher.find, self.profile)

    # While it is open

    async def renew(self, visit: Visit, body: Json) -> None:
        """Show the fields that the chosen client needs. What was entered in the others stays."""
        view = body["view"]
        entered = entered_from((view.get("state") or {}).get("values") or {})
        language = self.service.people.language(visit.user)
        form = self._view(language).form(unpack_origin(view.get("private_metadata")), entered, FORM)
        try:
            await self._update(str(view.get("id")), form, str(view.get("hash")))
        except SlackApiError as error:
            if error_code(error) != "hash_conflict":
                raise
            await self._update(str(view.get("id")), form)  # this choice is the newer one

    async def on_suggest(self, body: Json) -> BoltResponse:
        """The clients that fit what is typed; nothing for those who may not ask."""
        visit, typed = visit_of_interaction(body, "suggestion"), str(body.get("value") or "").strip()
        try:
            person = await self.service.people.get(visit.user)
            found = () if refused_stranger(person) else self.search.find(typed, MOST_SUGGESTIONS)
            is_list = bool(typed) or not found
            return acknowledge(as_suggestions(found, self.catalogue, person.language, in_groups=not is_list))
        except Exception as error:
            self.service.failed(visit, error)
            return acknowledge({"options": []})

    # Sent off

    async def on_submit(self, body: Json) -> BoltResponse:
        """Close the form and answer, or say at the field what is wrong with it."""
        visit = visit_of_interaction(body, "form")
        try:
            return self._submitted(visit, body)
        except Exception as error:
            blocks = self.service.failed(visit, error)["blocks"]
            close = words(self.service.people.language(visit.user)).text("form.close")
            return acknowledge({"response_action": "update", "view": framed(close, blocks)})

    def _submitted(self, visit: Visit, body: Json) -> BoltResponse:
        view = body["view"]
        entered = entered_from((view.get("state") or {}).get("values") or {})
        request = parse_settings_request(entered.words, self.matcher.match, self.profile)
        if isinstance(request, UsageProblem):
            mistakes = mistakes_in(request, self.service.people.language(visit.user))
            self.service.done(visit, request.code)
            return acknowledge({"response_action": "errors", "errors": mistakes})
        origin = _with_conversation(unpack_origin(view.get("private_metadata")), body)
        visit.place = origin.place(visit.user)
        state = state_of(completed(request, entered, self.catalogue.clients), origin.thread, can_share=origin.can_share)
        return self.service.run(visit, self._answer(visit, state))

    async def _answer(self, visit: Visit, state: State) -> None:
        if (refusal := await self.service.refusal(visit)) is not None:
            await self.service.delivery.send(visit.place, refusal)
        else:
            await self.service.answer(visit, state)

    # Views

    def _view(self, language: str) -> FormView:
        return FormView(self.catalogue, words(language))

    async def _show(self, trigger: str, view: Json) -> str:
        """Open a modal; its id."""
        response = await self.client.views_open(trigger_id=trigger, view=view)
        return str((response.get("view") or {}).get("id"))

    async def _update(self, id: str, view: Json, hash: str | None = None) -> None:
        """Change a modal; one that was closed meanwhile is nobody's any more."""
        try:
            await self.client.views_update(view_id=id, view=view, hash=hash)
        except SlackApiError as error:
            if error_code(error) not in _CLOSED:
                raise


def _entered(phrase: Phrase | None) -> Entered:
    return entered_of(phrase) if phrase else Entered()


def _trigger(body: Json) -> str:
    return str(body.get("trigger_id") or "")


def _with_conversation(origin: Origin, body: Json) -> Origin:
    """The conversation that was chosen in the form, where it asked for one."""
    for answer in body.get("response_urls") or []:
        if isinstance(answer, dict) and answer.get("action_id") == CONVERSATION:
            return Origin(str(answer.get("channel_id") or ""), response_url=str(answer.get("response_url") or ""))
    return origin
