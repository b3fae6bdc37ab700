"""Buttons and menus below an answer: acknowledged at once, answered in its place."""

from __future__ import annotations

import json
from dataclasses import dataclass

from slack_bolt.response import BoltResponse

from bot.answer import SettingsAnswer
from bot.reply.words import words
from bot.slack.answers import code_of
from bot.slack.controls import CHECK_AGAIN, ENTER_NAME, SHARE
from bot.slack.delivery import Frame, Reach
from bot.slack.forms import FORM, Forms
from bot.slack.home import Home
from bot.slack.messages import Json, sentence
from bot.slack.name_form import NameForm
from bot.slack.service import Service
from bot.slack.share import Sharer, Sharing
from bot.slack.state import NoState, State, unpack
from bot.slack.status_messages import PREFIX
from bot.slack.statuses import Statuses
from bot.slack.visit import Visit, visit_of_interaction


@dataclass(frozen=True)
class Clicks:
    """Acts on what is clicked in a message, a modal or App Home."""

    service: Service
    forms: Forms
    home: Home
    name_form: NameForm
    sharer: Sharer
    statuses: Statuses

    async def on_click(self, body: Json) -> BoltResponse:
        """Acknowledge at once, answer when it is found out."""
        if str(_action(body).get("action_id")).startswith(PREFIX):
            return await self.statuses.on_click(body)
        visit, view = visit_of_interaction(body, "click"), body.get("view")
        if not isinstance(view, dict):
            return self.service.run(visit, self._answer(visit, body))
        if view.get("type") == "home":
            return self.service.run(visit, self.home.on_click(visit, body))
        if view.get("callback_id") == FORM:
            return self.service.run(visit, self.forms.renew(visit, body))
        close = words(self.service.people.language(visit.user)).text("form.close")
        visit.place.reach, visit.place.frame = Reach.VIEW, Frame(str(view.get("id")), close)
        return self.service.run(visit, self._answer(visit, body))

    async def _answer(self, visit: Visit, body: Json) -> None:
        """Put the answer in the place of what was clicked; trouble stands below it, and nothing is lost."""
        message = await self.service.refusal(visit) or await self._clicked(visit, body)
        if message is not None:
            await self.service.delivery.send(visit.place, {"replace_original": False, **message})

    async def _clicked(self, visit: Visit, body: Json) -> Json | None:
        action = body["actions"][0]
        value = action.get("value") or (action.get("selected_option") or {}).get("value")
        if action.get("action_id") == ENTER_NAME:
            await self.name_form.open(visit, body)
            return None
        state = unpack(action.get("block_id"), value)
        visit.place.thread = state.thread
        if action.get("action_id") == SHARE:
            message_ts = (body.get("container") or {}).get("message_ts")
            return await self._share(visit, state, str(message_ts or visit.id))
        kept = await self.service.find(visit, state, fresh=action.get("action_id") == CHECK_AGAIN)
        return {**json.loads(kept.body), "replace_original": True}

    async def _share(self, visit: Visit, state: State, message_ts: str) -> Json | None:
        """Post to the channel; only when that is sure does the private message go."""
        if not state.can_share:
            raise NoState
        if not self.sharer.begin(message_ts):
            return None
        result = Sharing.FAILED
        language = self.service.people.language(visit.user)
        try:
            outcome = await self.service.answers.outcome(state, visit.user)
            if not isinstance(outcome, SettingsAnswer):
                self.service.done(visit, code_of(outcome))
                return {**self.service.messages.outcome(outcome, state, language), "replace_original": True}
            message = self.service.messages.shared(outcome, state, language, visit.user)
            result = await self.sharer.share(visit.place, message)
        finally:
            if result is Sharing.FAILED:
                self.sharer.give_back(message_ts)
        self.service.done(visit, f"share_{result}")
        if result in (Sharing.POSTED, Sharing.POSTED_BY_URL):
            await self.service.delivery.send(visit.place, {"delete_original": True})
            return None
        return sentence(f"share_{result}", language, id=visit.id)


def _action(body: Json) -> Json:
    actions = body.get("actions")
    return actions[0] if isinstance(actions, list) and actions and isinstance(actions[0], dict) else {}
