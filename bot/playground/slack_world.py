"""What exists in the playground's Slack: people, channels, messages, views - and rules of time. No sockets here."""

from __future__ import annotations

import base64
import hashlib
import itertools
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from bot.playground.blocks_check import check_message, check_view
from bot.playground.blocks_schema import ELEMENTS
from bot.playground.slack_forms import filled
from bot.playground.slack_model import (
    MOST_KEPT,
    Breach,
    Channel,
    Json,
    Message,
    Refusal,
    Response,
    Trigger,
    View,
)
from bot.playground.slack_people import (
    AGENT,
    APP,
    BOT,
    BOT_USER,
    GENERAL,
    GUEST,
    LEAD,
    LEADS,
    LEAST_SCOPES,
    SHARED,
    STRANGER,
    SUPPORT,
    TEAM,
    people,
    user,
    user_groups,
)
from bot.playground.slack_watch import Watched

__all__ = [
    "AGENT",
    "APP",
    "BOT",
    "BOT_USER",
    "GENERAL",
    "GUEST",
    "LEAD",
    "LEADS",
    "SHARED",
    "STRANGER",
    "SUPPORT",
    "TEAM",
    "Breach",
    "Channel",
    "Json",
    "Message",
    "Refusal",
    "Response",
    "Trigger",
    "View",
    "World",
    "user",
]

RESPONSE_USES, RESPONSE_SECONDS, TRIGGER_SECONDS = 5, 1800.0, 3.0


class World(Watched):
    """The state of a small workspace. Every text that is shown in it was checked first."""

    def __init__(self, clock: Callable[[], float] = time.time) -> None:
        super().__init__(clock)
        self.users: dict[str, Json] = people()
        self.usergroups: dict[str, list[str]] = user_groups()
        self.channels: dict[str, Channel] = {channel.id: channel for channel in _channels()}
        self.scopes: set[str] = set(LEAST_SCOPES)
        """What the app may do."""
        self.ephemerals: deque[Message] = deque(maxlen=MOST_KEPT)
        self.views: dict[str, View] = {}
        """The open modals; each person's are a stack, the newest on top."""
        self.homes: dict[str, View] = {}
        self.responses: dict[str, Response] = {}
        self.triggers: dict[str, Trigger] = {}
        self._count = itertools.count(1)

    # --- ids and what is spent ---

    def new_id(self, kind: str) -> str:
        """A fresh id in Slack's manner: "V0000001"."""
        return f"{kind}{next(self._count):07d}"

    def new_ts(self) -> str:
        """A fresh message id; later ones are larger."""
        return f"{int(self.clock())}.{next(self._count):06d}"

    def new_trigger(self, person: str, place: Channel | None = None) -> str:
        """A fresh trigger id: it opens one view for a user, within three seconds."""
        trigger = f"{next(self._count)}.{int(self.clock() * 1000)}.play"
        _put(self.triggers, trigger, Trigger(self.clock(), person, place))
        return trigger

    def use_trigger(self, where: str, trigger_id: str) -> Trigger:
        """Spend a trigger id. Raises Refusal when it is unknown, spent or old, and remembers that."""
        trigger, code = self.triggers.get(trigger_id), ""
        if trigger is None:
            code = "invalid_trigger_id"
        elif trigger.is_spent:
            code = "exchanged_trigger_id"
        elif self.clock() - trigger.born > TRIGGER_SECONDS:
            code = "expired_trigger_id"
        if trigger is None or code:
            self.breach(where, code)
            raise Refusal(code)
        trigger.is_spent = True
        return trigger

    def new_response(self, channel: str, person: str, original: Message | None = None) -> Response:
        """A fresh response_url's state."""
        response = Response(self.new_id("R"), channel, person, self.clock(), original)
        _put(self.responses, response.id, response)
        return response

    def use_response(self, response_id: str) -> Response:
        """Count one use of a response_url. Raises Refusal when it is unknown, spent or old, and remembers that."""
        response = self.responses.get(response_id)
        if response is None or self.clock() - response.born > RESPONSE_SECONDS:
            self.breach("response_url", "older than 30 minutes" if response else "unknown")
            raise Refusal("expired_url")
        if response.uses >= RESPONSE_USES:
            self.breach("response_url", f"used more than {RESPONSE_USES} times")
            raise Refusal("used_url")
        response.uses += 1
        return response

    # --- places and messages ---

    def channel(self, channel_id: str) -> Channel:
        """A channel by its id; a user's id means the conversation with the bot. Raises Refusal."""
        if channel_id in self.users:
            return self.open_im(channel_id)
        if channel_id not in self.channels:
            raise Refusal("channel_not_found")
        return self.channels[channel_id]

    def open_im(self, person: str) -> Channel:
        """The direct conversation of a user with the bot."""
        im = Channel(f"D{person[1:]}", "directmessage", members=(person,), is_im=True)
        return self.channels.setdefault(im.id, im)

    def team_of(self, person: str) -> str:
        """The id of the organisation that someone belongs to."""
        return str(self.users[person].get("team_id", TEAM))

    def post(self, channel: Channel, payload: Json, person: str, only_for: str | None = None) -> Message:
        """Show a message, to everyone in the channel or to one user."""
        message = Message(self.new_ts(), channel.id, person, self._with_ids(payload), only_for)
        message.thread_ts, message.team = payload.get("thread_ts"), self.team_of(person)
        (channel.messages if only_for is None else self.ephemerals).append(message)
        self.tell("message", message)
        return message

    def edit(self, message: Message, payload: Json) -> None:
        """Show something else in a message's place."""
        message.payload, message.edited = self._with_ids(payload), True
        message.states.clear()
        self.tell("message", message)

    def delete(self, message: Message) -> None:
        """Take a message away."""
        message.deleted = True
        self.tell("message", message)

    def find(self, channel: Channel, ts: str) -> Message:
        """A message that everyone sees. Raises Refusal."""
        for message in channel.messages:
            if message.ts == ts and not message.deleted:
                return message
        raise Refusal("message_not_found")

    def has_answers(self, channel: Channel, thread_ts: object) -> bool:
        """True for a thread that somebody has answered in."""
        return any(one.thread_ts == thread_ts != one.ts and not one.deleted for one in channel.messages)

    def require_thread(self, where: str, channel: Channel, content: Json) -> None:
        """Remember a `thread_ts` that is not that of a thread's first message."""
        if not (thread_ts := content.get("thread_ts")):
            return
        first = next((one for one in channel.messages if one.ts == thread_ts), None)
        if first is None:
            self.breach(where, f"thread_ts {thread_ts} is no message in {channel.id}")
        elif first.thread_ts not in (None, first.ts):
            self.breach(where, f"thread_ts {thread_ts} is an answer in a thread, not its first message")

    def seen_by(self, person: str, channel: str = SUPPORT) -> list[Message]:
        """What a user sees in a channel now, oldest first."""
        private = (one for one in self.ephemerals if one.only_for == person and one.channel == channel)
        both = [*self.channels[channel].messages, *private]
        return sorted((one for one in both if not one.deleted), key=_age)

    # --- views ---

    def stack(self, person: str) -> list[View]:
        """The modals that a user has open, the one she sees last."""
        return [view for view in self.views.values() if view.user == person]

    def new_view(self, person: str, content: Json, *, place: Channel | None = None, below: View | None = None) -> View:
        """Open a modal for a user: a stack's first view, or one pushed onto the view `below`."""
        view = self._view(person, content, place or (below.place if below else None))
        if below is not None:
            view.root, view.previous = below.root, below.id
        _put(self.views, view.id, view)
        self.tell("view", view)
        return view

    def update_view(self, view: View, content: Json) -> None:
        """Show something else in a view. What was entered stays where block and action keep their ids."""
        view.content, view.hash = self._with_ids(content), self.new_id("h")
        view.state = filled(view, {}, view.state)
        self.tell("home" if view.content.get("type") == "home" else "view", view)

    def publish(self, person: str, content: Json) -> View:
        """A user's Home tab: one view for good, whatever is in it."""
        if (view := self.homes.get(person)) is not None:
            self.update_view(view, content)
            return view
        view = self.homes[person] = self._view(person, content, None)
        self.tell("home", view)
        return view

    def close(self, view: View) -> None:
        """Take a modal away; closing it twice does nothing."""
        if self.views.pop(view.id, None) is not None:
            self.tell("view_closed", view)

    def require_message(self, where: str, payload: Mapping[str, Any]) -> None:
        """Check a message. Raises Refusal, with the reasons, and keeps them."""
        self._require(where, check_message(payload))

    def require_view(self, where: str, content: Mapping[str, Any]) -> None:
        """Check a view. Raises Refusal, with the reasons, and keeps them."""
        self._require(where, check_view(content))

    def _require(self, where: str, problems: list[str]) -> None:
        for problem in problems:
            self.breach(where, problem)
        if problems:
            raise Refusal("invalid_blocks", response_metadata={"messages": problems})

    def _view(self, person: str, content: Json, place: Channel | None) -> View:
        view = View(self.new_id("V"), person, self._with_ids(content), self.new_id("h"), place=place)
        view.root, view.state = view.id, filled(view, {})
        return view

    def _with_ids(self, content: Json) -> Json:
        """The same with an id for each block and each element that has none, as Slack gives them."""
        blocks = [{"block_id": self._short_id(), **block} for block in content.get("blocks") or []]
        for block in blocks:
            for key in ("accessory", "element"):
                if isinstance(block.get(key), dict):
                    block[key] = self._with_id(block[key])
            if isinstance(block.get("elements"), list):
                block["elements"] = [self._with_id(element) for element in block["elements"]]
        return {**content, "blocks": blocks} if "blocks" in content else content

    def _with_id(self, element: Json) -> Json:
        is_interactive = element.get("type") in ELEMENTS.shapes and element["type"] != "image"
        return {"action_id": self._short_id(), **element} if is_interactive else element

    def _short_id(self) -> str:
        digest = hashlib.sha256(b"%d" % next(self._count)).digest()
        return base64.b32encode(digest)[:5].decode()


def _channels() -> Iterator[Channel]:
    yield Channel(SUPPORT, "support")
    yield Channel(GENERAL, "general", has_bot=False, members=(AGENT, LEAD, GUEST))
    yield Channel(SHARED, "shared", members=(AGENT, LEAD, STRANGER), is_shared=True)


def _age(message: Message) -> tuple[int, int]:
    seconds, _, count = message.ts.partition(".")
    return int(seconds), int(count)


def _put(mapping: dict[str, Any], key: str, value: Any) -> None:
    """Add to a mapping that forgets its oldest entries."""
    mapping[key] = value
    while len(mapping) > MOST_KEPT:
        del mapping[next(iter(mapping))]
