"""Asks for the name that a certificate warning shows: it tells most about the cause."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace

from slack_bolt.response import BoltResponse
from slack_sdk.web.async_client import AsyncWebClient

from bot.domain import host_name
from bot.reply.blocks import plain_text
from bot.reply.words import words
from bot.request import Report
from bot.slack.delivery import framed
from bot.slack.messages import Json
from bot.slack.origin import Origin, unpack_origin
from bot.slack.service import Service, acknowledge
from bot.slack.state import NoState, block_id, pack, unpack
from bot.slack.visit import Visit, visit_of_interaction

NAME_FORM, NAME = "certificate_name", "name"
MOST_OF_A_NAME = 253


@dataclass(frozen=True)
class NameForm:
    """A form of one field, over the answer it belongs to."""

    service: Service
    client: AsyncWebClient

    async def open(self, visit: Visit, body: Json) -> None:
        """Open it over the message or modal whose button was clicked."""
        action, view = body["actions"][0], body.get("view") or {}
        state = unpack(action.get("block_id"), action.get("value"))
        about = f"{block_id('n1', state)} {pack(state)}"
        origin = Origin(visit.place.channel, state.thread, about=about, view=str(view.get("id") or ""))
        origin = replace(origin, response_url=visit.place.response_url)
        form = self._form(origin, self.service.people.language(visit.user))
        show = self.client.views_push if view else self.client.views_open
        await show(trigger_id=str(body.get("trigger_id") or ""), view=form)

    def _form(self, origin: Origin, language: str) -> Json:
        said = words(language)
        element = {"type": "plain_text_input", "action_id": NAME, "max_length": MOST_OF_A_NAME, "focus_on_load": True}
        element["placeholder"] = plain_text("mail8.skok.cz", 150)
        field = {
            "type": "input",
            "block_id": NAME,
            "label": plain_text(said.text("form.name"), 2_000),
            "hint": plain_text(said.text("form.name_hint"), 2_000),
            "element": element,
        }
        return {
            **framed(said.text("form.close"), [field]),
            "callback_id": NAME_FORM,
            "submit": plain_text(said.text("form.name_submit"), 24),
            "private_metadata": origin.pack(),
        }

    async def on_submit(self, body: Json) -> BoltResponse:
        """Judge the answer by the name, or say that it is none."""
        visit, view = visit_of_interaction(body, "name_form"), body["view"]
        language = self.service.people.language(visit.user)
        entered = str(view["state"]["values"][NAME][NAME].get("value") or "")
        name = host_name(entered.removeprefix("*."))
        if name is None:
            return acknowledge({"response_action": "errors", "errors": {NAME: words(language).text("form.name_wrong")}})
        origin = unpack_origin(view.get("private_metadata"))
        visit.place = origin.place(visit.user, words(language).text("form.close"))
        return self.service.run(visit, self._answer(visit, origin.about, name))

    async def _answer(self, visit: Visit, about: str, name: str) -> None:
        place, _, value = about.partition(" ")
        state = unpack(place, value)
        if state.report is None:
            raise NoState
        message = await self.service.refusal(visit)
        if message is None:
            kept = await self.service.find(visit, replace(state, report=Report(state.report.symptom, name)))
            message = {**json.loads(kept.body), "replace_original": True}
        await self.service.delivery.send(visit.place, message)
