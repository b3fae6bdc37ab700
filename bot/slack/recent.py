"""What each person asked lately, for App Home. In this process's memory alone: no names, only questions."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from bot.slack.state import State, View

MOST_QUESTIONS, MOST_PEOPLE = 10, 1_000


@dataclass(frozen=True, slots=True)
class Asked:
    """A question that was answered, ready to be asked again."""

    state: State
    code: str
    at: datetime


class Recent:
    """The last questions of each person, the newest first, one for each domain and client."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self._asked: OrderedDict[str, dict[tuple[str, str | None], Asked]] = OrderedDict()

    def add(self, user: str, state: State, code: str) -> None:
        """Remember one; of the place it was asked in nothing is kept."""
        asked = self._asked.pop(user, {})
        key = (state.domain, state.client)
        asked.pop(key, None)
        plain = replace(state, view=View.SETTINGS, thread=None, can_share=False)
        self._asked[user] = asked | {key: Asked(plain, code, self._now())}
        while len(self._asked[user]) > MOST_QUESTIONS:
            del self._asked[user][next(iter(self._asked[user]))]
        while len(self._asked) > MOST_PEOPLE:
            self._asked.popitem(last=False)

    def of(self, user: str) -> tuple[Asked, ...]:
        """The questions of one person, the newest first."""
        return tuple(reversed(self._asked.get(user, {}).values()))
