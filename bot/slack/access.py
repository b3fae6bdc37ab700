"""Who may use the bot, where, and how often it may be asked for something that has to be looked up."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

import structlog
from aiohttp import ClientError
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.slack.people import Person
from bot.slack.tasks import Tasks

log = structlog.get_logger(__name__)

MEMBERS_KEPT_FOR, FAILURE_KEPT_FOR = 600.0, 30.0
LONGEST_QUESTION = 10.0
PATIENCE = 0.6
"""Seconds that an answer waits for the members of groups."""


@dataclass(frozen=True, slots=True)
class AllowList:
    """Who may use the bot: empty lists mean everyone who is a full member, everywhere.

    People are let in by `users` or by one of `groups`; `channels` says where, besides. A guest or somebody of another
    organisation is let in by name alone, that is by `users`.
    """

    channels: frozenset[str] = frozenset()
    groups: frozenset[str] = frozenset()
    users: frozenset[str] = frozenset()

    @property
    def names_people(self) -> bool:
        """True when not every full member is let in."""
        return bool(self.users or self.groups)


class Groups:
    """The members of user groups, asked for at most every ten minutes (`usergroups.users.list`, tier 2)."""

    def __init__(self, client: AsyncWebClient, tasks: Tasks, groups: frozenset[str], now: Callable[[], float]) -> None:
        self._client, self._tasks, self._groups, self._now = client, tasks, groups, now
        self._members: dict[str, frozenset[str]] = {}
        self._fresh_until = 0.0
        self._asking: asyncio.Task[None] | None = None

    async def holds(self, user: str) -> bool | None:
        """True for a member of one of the groups; None when some could not be read and no other has her."""
        if self._fresh_until <= self._now():
            if self._asking is None or self._asking.done():
                self._asking = self._tasks.start(self._read_all())
            await asyncio.wait({self._asking}, timeout=PATIENCE)
        if any(user in members for members in self._members.values()):
            return True
        return False if self._members.keys() >= self._groups else None

    async def _read_all(self) -> None:
        is_whole = all([await self._read(group) for group in sorted(self._groups)])
        self._fresh_until = self._now() + (MEMBERS_KEPT_FOR if is_whole else FAILURE_KEPT_FOR)

    async def _read(self, group: str) -> bool:
        """Renew one group; an older list stays in use when Slack does not answer."""
        try:
            async with asyncio.timeout(LONGEST_QUESTION):
                response = await self._client.usergroups_users_list(usergroup=group)
        except (SlackApiError, ClientError, OSError, TimeoutError, ValueError) as error:
            log.error("group_not_read", group=group, error=type(error).__name__)
            return False
        self._members[group] = frozenset(response.get("users") or ())
        return True


class Access:
    """Decides who may ask."""

    def __init__(self, allowed: AllowList, groups: Groups) -> None:
        self._allowed, self._groups = allowed, groups

    @property
    def is_open(self) -> bool:
        """True when nothing but Slack's own word about a person decides."""
        return not (self._allowed.channels or self._allowed.names_people)

    async def refusal(self, user: str, person: Person, channel: str) -> str | None:
        """Why somebody may not ask here, as the end of a sentence's key; None: welcome.

        What is not known of a person is not held against her, as long as no list says who may ask.
        """
        if user in self._allowed.users:
            return self._refused_place(channel)
        if stranger := refused_stranger(person):
            return stranger
        if self._allowed.names_people and not (is_member := await self._groups.holds(user)):
            return "unknown" if is_member is None else "person"
        return self._refused_place(channel)

    def _refused_place(self, channel: str) -> str | None:
        return "place" if self._allowed.channels and channel not in self._allowed.channels else None

    @property
    def channels(self) -> tuple[str, ...]:
        """Where the bot may be used, if not everywhere."""
        return tuple(sorted(self._allowed.channels))


def refused_stranger(person: Person) -> str | None:
    """Why somebody is refused for who they are: guests, and people of other organisations."""
    if person.is_foreign:
        return "foreign"
    return "guest" if person.is_guest else None


class Allowance:
    """How many look-ups each person has left: `per_minute` at once, and as many again each minute."""

    def __init__(self, per_minute: int, now: Callable[[], float], most_users: int = 5_000) -> None:
        self.per_minute, self._now, self._most_users = per_minute, now, most_users
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, user: str) -> bool:
        """Use one up; False when there is none left."""
        now = self._now()
        left, since = self._left.pop(user, (float(self.per_minute), now))
        left = min(self.per_minute, left + (now - since) * self.per_minute / 60)
        self._left[user] = (left - 1 if left >= 1 else left), now
        while len(self._left) > self._most_users:
            self._left.popitem(last=False)
        return left >= 1
