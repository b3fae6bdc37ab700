"""What exists in the playground's Slack: people, channels, messages, views - and rules of time. No sockets here."""

from __future__ import annotations

import itertools
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.playground.blocks_check import check_message, check_view

Json = dict[str, Any]

TEAM, APP, BOT, BOT_USER = "T0PLAY", "A0MAILBOT", "B0MAILBOT", "U0MAILBOT"
AGENT, LEAD, GUEST = "U0AGENT", "U0LEAD", "U0GUEST"
SUPPORT = "C0SUPPORT"
LEADS = "S0LEADS"

RESPONSE_USES, RESPONSE_SECONDS, TRIGGER_SECONDS = 5, 1800.0, 3.0
_KEPT = 2_000


class Refusal(Exception):
    """Slack says no; the argument is its error code. `more` goes into the answer beside the code."""

    def __init__(self, code: str, **more: Any) -> None:
        super().__init__(code)
        self.code, self.more = code, more


@dataclass(slots=True)
class Message:
    """A message as people see it now. `only_for` names the one user who sees an ephemeral one."""

    ts: str
    channel: str
    user: str
    payload: Json
    only_for: str | None = None
    thread_ts: str | None = None
    deleted: bool = False

    @property
    def text(self) -> str:
        """The text for notifications and screen readers."""
        return str(self.payload.get("text", ""))

    @property
    def blocks(self) -> list[Json]:
        """The blocks; none for a plain message."""
        blocks: list[Json] = self.payload.get("blocks") or []
        return blocks

    @property
    def elements(self) -> list[tuple[str, Json]]:
        """The interactive elements, each with the id of its block."""
        return list(_elements(self.blocks))

    def as_json(self, with_metadata: bool = False) -> Json:
        """The message as the Web API and payloads show it."""
        shown: Json = {"type": "message", "user": self.user, "ts": self.ts, "text": self.text}
        if self.user == BOT_USER:
            shown |= {"bot_id": BOT, "app_id": APP}
        for key, value in (("thread_ts", self.thread_ts), ("blocks", self.blocks), ("team", TEAM)):
            if value:
                shown[key] = value
        if with_metadata and "metadata" in self.payload:
            shown["metadata"] = self.payload["metadata"]
        return shown


@dataclass(slots=True)
class View:
    """A modal or a Home tab; `user` looks at it."""

    id: str
    user: str
    content: Json
    hash: str
    state: Json = field(default_factory=dict)

    @property
    def elements(self) -> list[tuple[str, Json]]:
        """The interactive elements, each with the id of its block."""
        return list(_elements(self.content.get("blocks", [])))

    def as_json(self) -> Json:
        """The view as Slack sends it."""
        return {
            "private_metadata": "",
            "callback_id": "",
            **self.content,
            "id": self.id,
            "team_id": TEAM,
            "hash": self.hash,
            "root_view_id": self.id,
            "previous_view_id": None,
            "app_id": APP,
            "bot_id": BOT,
            "state": {"values": self.state},
        }


@dataclass(slots=True)
class Channel:
    """A channel, or a direct conversation (`im`) of one user with the bot."""

    id: str
    name: str
    has_bot: bool = True
    members: tuple[str, ...] = (AGENT, LEAD)
    is_im: bool = False
    archived: bool = False
    messages: deque[Message] = field(default_factory=lambda: deque(maxlen=_KEPT))


@dataclass(slots=True)
class Response:
    """A response_url: where it belongs, what it may replace, how much of it is left."""

    id: str
    channel: str
    user: str
    born: float
    original: Message | None = None
    uses: int = 0


def user(name: str, locale: str = "cs-CZ", **more: Any) -> Json:
    """A member as users.info shows it, full member unless said otherwise."""
    flags = dict.fromkeys(("is_bot", "is_restricted", "is_ultra_restricted", "is_stranger", "deleted"), False)
    return {"name": name, "real_name": name, "locale": locale, "tz": "Europe/Prague", **flags, **more}


class World:
    """The state of a small workspace. Every text that is shown in it was checked first."""

    def __init__(self, clock: Callable[[], float] = time.time) -> None:
        self.clock = clock
        self.users: dict[str, Json] = {
            AGENT: user("jana"),
            LEAD: user("petr", "en-GB"),
            GUEST: user("host", "en-GB", is_restricted=True),
            BOT_USER: user("mailbot", "en-US", is_bot=True),
        }
        self.usergroups: dict[str, list[str]] = {LEADS: [LEAD]}
        self.channels: dict[str, Channel] = {SUPPORT: Channel(SUPPORT, "support")}
        self.ephemerals: deque[Message] = deque(maxlen=_KEPT)
        self.views: dict[str, View] = {}
        self.homes: dict[str, View] = {}
        self.responses: dict[str, Response] = {}
        self.triggers: dict[str, tuple[float, str] | None] = {}
        self.violations: deque[str] = deque(maxlen=_KEPT)
        self._count = itertools.count(1)

    def new_id(self, kind: str) -> str:
        """A fresh id in Slack's manner: "V0000001"."""
        return f"{kind}{next(self._count):07d}"

    def new_ts(self) -> str:
        """A fresh message id; later ones are larger."""
        return f"{int(self.clock())}.{next(self._count):06d}"

    def new_trigger(self, person: str) -> str:
        """A fresh trigger id: it opens one view for a user, within three seconds."""
        trigger = f"{next(self._count)}.{int(self.clock() * 1000)}.play"
        _put(self.triggers, trigger, (self.clock(), person))
        return trigger

    def use_trigger(self, trigger: str) -> str:
        """Spend a trigger id; returns whose it is. Raises Refusal when it is unknown, spent or old."""
        if trigger not in self.triggers:
            raise Refusal("invalid_trigger_id")
        if (known := self.triggers[trigger]) is None:
            raise Refusal("exchanged_trigger_id")
        born, person = known
        if self.clock() - born > TRIGGER_SECONDS:
            raise Refusal("expired_trigger_id")
        self.triggers[trigger] = None
        return person

    def new_response(self, channel: str, person: str, original: Message | None = None) -> Response:
        """A fresh response_url's state."""
        response = Response(self.new_id("R"), channel, person, self.clock(), original)
        _put(self.responses, response.id, response)
        return response

    def use_response(self, response_id: str) -> Response:
        """Count one use of a response_url. Raises Refusal when it is unknown, spent or old."""
        response = self.responses.get(response_id)
        if response is None or self.clock() - response.born > RESPONSE_SECONDS:
            raise Refusal("expired_url")
        if response.uses >= RESPONSE_USES:
            raise Refusal("used_url")
        response.uses += 1
        return response

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

    def post(self, channel: Channel, payload: Json, person: str, only_for: str | None = None) -> Message:
        """Show a message, to everyone in the channel or to one user."""
        message = Message(self.new_ts(), channel.id, person, payload, only_for, thread_ts=payload.get("thread_ts"))
        (channel.messages if only_for is None else self.ephemerals).append(message)
        return message

    def find(self, channel: Channel, ts: str) -> Message:
        """A message that everyone sees. Raises Refusal."""
        for message in channel.messages:
            if message.ts == ts and not message.deleted:
                return message
        raise Refusal("message_not_found")

    def seen_by(self, person: str, channel: str = SUPPORT) -> list[Message]:
        """What a user sees in a channel now, oldest first."""
        private = (one for one in self.ephemerals if one.only_for == person and one.channel == channel)
        both = [*self.channels[channel].messages, *private]
        return sorted((one for one in both if not one.deleted), key=_age)

    def new_view(self, person: str, content: Json) -> View:
        """A view that a user has open."""
        view = View(self.new_id("V"), person, content, self.new_id("h"))
        _put(self.views, view.id, view)
        return view

    def require_message(self, where: str, payload: Mapping[str, Any]) -> None:
        """Check a message. Raises Refusal, with the reasons, and keeps them."""
        self._require(where, check_message(payload))

    def require_view(self, where: str, content: Mapping[str, Any]) -> None:
        """Check a view. Raises Refusal, with the reasons, and keeps them."""
        self._require(where, check_view(content))

    def _require(self, where: str, problems: list[str]) -> None:
        if problems:
            self.violations.extend(f"{where}: {problem}" for problem in problems)
            raise Refusal("invalid_blocks", response_metadata={"messages": problems})


def _elements(blocks: list[Json]) -> Iterator[tuple[str, Json]]:
    for index, block in enumerate(blocks):
        members = [*block.get("elements", []), block.get("accessory"), block.get("element")]
        for member in members:
            if isinstance(member, dict) and "action_id" in member:
                yield block.get("block_id", f"b{index}"), member


def _age(message: Message) -> tuple[int, int]:
    seconds, _, count = message.ts.partition(".")
    return int(seconds), int(count)


def _put(mapping: dict[str, Any], key: str, value: Any) -> None:
    """Add to a mapping that forgets its oldest entries."""
    mapping[key] = value
    while len(mapping) > _KEPT:
        del mapping[next(iter(mapping))]
