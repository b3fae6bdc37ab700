"""Rendered answers, kept as long as the facts in them hold."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from bot.slack.state import State

Key = tuple[State, str]
"""A question and the agent's language."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A message as JSON text, the code it is counted under, and until when it is true."""

    body: str
    code: str
    expires_at: datetime


class AnswerCache:
    """At most `size` messages, the least used ones go first. Nothing is served after it expired."""

    def __init__(self, clock: Callable[[], datetime], size: int = 400) -> None:
        self._clock, self._size = clock, size
        self._kept: OrderedDict[Key, Kept] = OrderedDict()

    def get(self, key: Key) -> Kept | None:
        """The message for a question, while it is true."""
        kept = self._kept.get(key)
        if kept is None:
            return None
        if kept.expires_at <= self._clock():
            del self._kept[key]
            return None
        self._kept.move_to_end(key)
        return kept

    def put(self, key: Key, kept: Kept) -> None:
        """Keep a message instead of an older one; one that is no longer true only drives that out."""
        self._kept.pop(key, None)
        if kept.expires_at > self._clock():
            self._kept[key] = kept
        while len(self._kept) > self._size:
            self._kept.popitem(last=False)

    def forget(self, domain: str) -> None:
        """Drop every message about a domain: a fresh look may have found it moved."""
        for key in [key for key in self._kept if key[0].domain == domain]:
            del self._kept[key]

    def __len__(self) -> int:
        return len(self._kept)
