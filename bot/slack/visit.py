"""One thing that a person did in Slack, read from the payload: who, where, and where an answer goes."""

from __future__ import annotations

import secrets
import time
from dataclasses import dataclass, field
from typing import Any

from bot.slack.delivery import USES, Place, Reach

Json = dict[str, Any]


@dataclass(slots=True)
class Visit:
    """A command, click, form or sentence: where its answer goes, and since when it is waited for."""

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


def visit_of_command(body: Json) -> Visit:
    """A slash command."""
    return Visit(_place(body, body.get("channel_id"), body.get("user_id")), "command")


def visit_of_interaction(body: Json, kind: str) -> Visit:
    """A click, a shortcut or a form; `channel` is empty where it was not in a conversation."""
    return Visit(_place(body, id_in(body, "channel"), id_in(body, "user")), kind)


def visit_of_event(event: Json) -> Visit:
    """A sentence that mentions the bot, or is said to it alone: answered in its thread."""
    place = _place({}, event.get("channel"), event.get("user"))
    place.reach, place.thread = Reach.OPEN, str(event.get("thread_ts") or event.get("ts") or "") or None
    return Visit(place, "mention" if event.get("type") == "app_mention" else "message")


def id_in(body: Json, key: str) -> str:
    """The id in an object of a payload; empty when there is none."""
    thing = body.get(key)
    return str(thing.get("id") or "") if isinstance(thing, dict) else ""


def _place(body: Json, channel: object, user: object) -> Place:
    url = str(body.get("response_url") or "")
    place = Place(str(channel or ""), str(user or ""), secrets.token_hex(4))
    place.response_url, place.uses_left = url, USES if url else 0
    place.reach = Reach.URL if url or channel else Reach.DIRECT
    return place
