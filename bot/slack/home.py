"""App Home: what the agent asked lately, one click to ask again, and how to ask."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field

from slack_bolt.response import BoltResponse
from slack_sdk.web.async_client import AsyncWebClient

from bot.catalogue.model import Catalogue
from bot.reply.blocks import Block, escape, plain_text, render_blocks
from bot.reply.settings import help_page
from bot.reply.words import Words, words
from bot.slack.delivery import Frame, Reach, framed
from bot.slack.forms import Forms
from bot.slack.messages import Json
from bot.slack.recent import Asked
from bot.slack.service import Service
from bot.slack.state import block_id, pack, unpack
from bot.slack.visit import Visit, visit_of_event

ASK_AGAIN, OPEN_FORM = "ask_again", "open_form"

Section = Callable[[str, str], Awaitable[list[Block]]]
"""A part of the Home of one user in a language: what needs attention will be one, watched domains another."""


@dataclass(frozen=True)
class Home:
    """Publishes the Home tab and acts on its buttons. `sections` stand above what was asked lately."""

    service: Service
    forms: Forms
    client: AsyncWebClient
    catalogue: Catalogue
    sections: tuple[Section, ...] = field(default=())

    async def on_opened(self, body: Json) -> BoltResponse:
        """Somebody opened the app; only its Home tab is ours to draw."""
        event = body["event"]
        if event.get("tab") != "home":
            return BoltResponse(status=200)
        visit = visit_of_event({**event, "channel": ""})
        visit.kind, visit.place.reach = "home", Reach.DIRECT
        return self.service.run(visit, self._publish(visit))

    async def on_click(self, visit: Visit, body: Json) -> None:
        """Ask again, in a modal that opens at once; or open the form."""
        action, trigger = body["actions"][0], str(body.get("trigger_id") or "")
        if action.get("action_id") == OPEN_FORM:
            await self.forms.open_anywhere(visit, trigger)
            return
        said = words(self.service.people.language(visit.user))
        state = unpack(action.get("block_id"), action.get("value"))
        loading = framed(said.text("form.close"), self.service.looking_up(visit, state)["blocks"])
        opened = await self.client.views_open(trigger_id=trigger, view=loading)
        visit.place.reach = Reach.VIEW
        visit.place.frame = Frame(str(opened["view"]["id"]), said.text("form.close"))
        if (refusal := await self.service.refusal(visit)) is not None:
            await self.service.delivery.send(visit.place, refusal)
        else:
            await self.service.answer(visit, state)

    async def _publish(self, visit: Visit) -> None:
        person = await self.service.people.get(visit.user)
        refusal = await self.service.refusal(visit, person)
        blocks = refusal["blocks"] if refusal else await self._blocks(visit.user, person.language)
        await self.client.views_publish(user_id=visit.user, view={"type": "home", "blocks": blocks})
        if not refusal:
            self.service.done(visit, "home")

    async def _blocks(self, user: str, language: str) -> list[Block]:
        parts = [await section(user, language) for section in self.sections]
        above = [block for part in parts for block in part]
        said = words(language)
        recent = list(_recent(self.service.recent.of(user), self.catalogue, said))
        return [_new(said), *above, *recent, {"type": "divider"}, *render_blocks(help_page(language))]


def _new(said: Words) -> Block:
    button = {"type": "button", "action_id": OPEN_FORM, "style": "primary", "text": _text(said, "home.new")}
    return {"type": "actions", "block_id": "new", "elements": [button]}


def _recent(asked: tuple[Asked, ...], catalogue: Catalogue, said: Words) -> Iterator[Block]:
    """The last questions, each with a button; the id of its block holds the domain, as below answers."""
    yield {"type": "header", "text": _text(said, "home.recent")}
    if not asked:
        yield {"type": "section", "text": plain_text(said.text("home.nothing_yet"), 2_900)}
    for number, question in enumerate(asked):
        state = question.state
        button = {"type": "button", "action_id": ASK_AGAIN, "text": _text(said, "home.ask_again"), "value": pack(state)}
        yield {
            "type": "section",
            "block_id": block_id(f"h{number}", state),
            "text": {"type": "mrkdwn", "text": _line(question, catalogue, said), "verbatim": True},
            "accessory": button,
        }


def _line(question: Asked, catalogue: Catalogue, said: Words) -> str:
    client = catalogue.clients.get(question.state.client or "")
    name = client.name if client else said.text("home.no_client")
    at = question.at
    date = f"<!date^{int(at.timestamp())}^{{date_short_pretty}} {{time}}|{at:%H:%M} UTC>"
    outcome = said.text(f"home.code.{question.code}") if said.has(f"home.code.{question.code}") else ""
    return (
        " · ".join(filter(None, [f"`{question.state.domain}`", f"*{escape(name)}*"]))
        + "\n"
        + " · ".join(filter(None, [date, escape(outcome)]))
    )


def _text(said: Words, key: str) -> Block:
    return plain_text(said.text(key), 75)
