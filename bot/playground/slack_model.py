"""The things in the playground's Slack: messages, views, channels, and what is spent when it is used."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from bot.playground.slack_people import AGENT, APP, BOT, BOT_USER, LEAD, TEAM

Json = dict[str, Any]

MOST_KEPT = 2_000
"""Of anything; the oldest go first."""


class Refusal(Exception):
    """Slack says no; the argument is its error code. `more` goes into the answer beside the code."""

    def __init__(self, code: str, **more: Any) -> None:
        super().__init__(code)
        self.code, self.more = code, more


@dataclass(frozen=True, slots=True)
class Breach:
    """Something that the bot did and Slack's rules do not allow: when (Unix time), in which call, and what."""

    at: float
    where: str
    text: str

    def __str__(self) -> str:
        return f"{self.where}: {self.text}"


@dataclass(slots=True)
class Channel:
    """A channel, or a direct conversation (`im`) of one user with the bot."""

    id: str
    name: str
    has_bot: bool = True
    members: tuple[str, ...] = (AGENT, LEAD)
    is_im: bool = False
    archived: bool = False
    is_private: bool = False
    is_shared: bool = False
    """True when another organisation is in it too (Slack Connect)."""
    messages: deque[Message] = field(default_factory=lambda: deque(maxlen=MOST_KEPT))

    @property
    def kind(self) -> str:
        """ "im", "private" or "public", as conversation filters name it."""
        return "im" if self.is_im else "private" if self.is_private else "public"


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
    edited: bool = False
    """True when it shows something else than at first."""
    team: str = TEAM
    states: dict[str, Json] = field(default_factory=dict)
    """What each person has entered in it, by block and action."""
    offered: dict[str, list[Json]] = field(default_factory=dict)
    """The options that the last suggestions for an external select had, by action id."""

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
        return list(elements_of(self.blocks))

    def as_json(self, with_metadata: bool = False) -> Json:
        """The message as the Web API and payloads show it."""
        shown: Json = {"type": "message", "user": self.user, "ts": self.ts, "text": self.text}
        if self.user == BOT_USER:
            shown |= {"bot_id": BOT, "app_id": APP}
        if self.edited:
            shown["edited"] = {"user": self.user, "ts": self.ts}
        for key, value in (("thread_ts", self.thread_ts), ("blocks", self.blocks), ("team", self.team)):
            if value:
                shown[key] = value
        kept = ("client_msg_id", "parent_user_id", *(["metadata"] if with_metadata else []))
        return shown | {key: self.payload[key] for key in kept if key in self.payload}


@dataclass(slots=True)
class View:
    """A modal or a Home tab; `user` looks at it."""

    id: str
    user: str
    content: Json
    hash: str
    state: Json = field(default_factory=dict)
    """What is entered in it now, by block and action."""
    root: str = ""
    """The id of the view that its stack began with; its own id for a first one."""
    previous: str | None = None
    """The id of the view below it in the stack."""
    place: Channel | None = None
    """The conversation that the user stood in when it was opened."""
    offered: dict[str, list[Json]] = field(default_factory=dict)
    """The options that the last suggestions for an external select had, by action id."""

    @property
    def blocks(self) -> list[Json]:
        """The blocks."""
        blocks: list[Json] = self.content.get("blocks") or []
        return blocks

    @property
    def elements(self) -> list[tuple[str, Json]]:
        """The interactive elements, each with the id of its block."""
        return list(elements_of(self.blocks))

    def as_json(self) -> Json:
        """The view as Slack sends it."""
        return {
            "private_metadata": "",
            "callback_id": "",
            **self.content,
            "id": self.id,
            "team_id": TEAM,
            "hash": self.hash,
            "root_view_id": self.root or self.id,
            "previous_view_id": self.previous,
            "app_id": APP,
            "bot_id": BOT,
            "state": {"values": self.state},
        }


@dataclass(slots=True)
class Response:
    """A response_url: where it belongs, what it may replace, how much of it is left."""

    id: str
    channel: str
    user: str
    born: float
    original: Message | None = None
    uses: int = 0


@dataclass(slots=True)
class Trigger:
    """A trigger id: whose it is, since when, and the conversation she stood in."""

    born: float
    user: str
    place: Channel | None = None
    is_spent: bool = False


def elements_of(blocks: list[Json]) -> Iterator[tuple[str, Json]]:
    """The interactive elements of blocks, each with the id of its block."""
    for block in blocks:
        for member in members_of(block):
            if "action_id" in member:
                yield block.get("block_id", ""), member


def members_of(block: Json) -> Iterator[Json]:
    """The elements in a block, interactive or not."""
    for member in (*block.get("elements", []), block.get("accessory"), block.get("element")):
        if isinstance(member, dict):
            yield member
