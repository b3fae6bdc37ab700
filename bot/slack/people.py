"""Who somebody is, as Slack knows them: language, guest or member, ours or not. Asked once an hour, never waited for
long."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import structlog
from aiohttp import ClientError
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.request import LANGUAGES
from bot.slack.tasks import Tasks

log = structlog.get_logger(__name__)

KEPT_FOR, FAILURE_KEPT_FOR = 3600.0, 60.0
MOST_USERS = 5_000
LONGEST_QUESTION = 10.0
PATIENCE = 0.6
"""Seconds that an answer waits to learn who asks."""


@dataclass(frozen=True, slots=True)
class Person:
    """A user of Slack, in what matters here. `is_known` is False while Slack did not tell; then nothing is held
    against them."""

    language: str
    is_guest: bool = False
    is_foreign: bool = False
    is_known: bool = True


@dataclass(slots=True)
class Workspace:
    """The workspace and organisation that the app is installed in; empty until Slack has told."""

    team: str = ""
    enterprise: str = ""

    def is_foreign(self, user: Mapping[str, Any]) -> bool:
        """True for a user of another organisation (Slack Connect), by what `users.info` says."""
        if user.get("is_stranger"):
            return True
        team = user.get("team_id")
        enterprise = (user.get("enterprise_user") or {}).get("enterprise_id")
        is_of_organisation = bool(self.enterprise) and enterprise == self.enterprise
        return bool(self.team and team) and team != self.team and not is_of_organisation


def language_of(locale: str, default: str) -> str:
    """cs and sk as they are, any other known locale means English, an empty one the default."""
    name = locale.replace("_", "-").partition("-")[0].lower()
    if not name:
        return default
    return name if name in LANGUAGES else "en"


class People:
    """Remembers who people are."""

    def __init__(
        self,
        client: AsyncWebClient,
        tasks: Tasks,
        workspace: Workspace,
        default_language: str,
        now: Callable[[], float],
    ) -> None:
        self._client, self._tasks, self._workspace, self._now = client, tasks, workspace, now
        self._nobody = Person(default_language, is_known=False)
        self._known: OrderedDict[str, tuple[Person, float]] = OrderedDict()
        self._asked: dict[str, asyncio.Task[Person]] = {}

    def known(self, user: str) -> Person | None:
        """A user, if Slack need not be asked."""
        person, expires = self._known.get(user, (None, 0.0))
        return person if expires > self._now() else None

    def language(self, user: str) -> str:
        """The language of a user, or the default, without asking."""
        return (self.known(user) or self._nobody).language

    async def get(self, user: str) -> Person:
        """A user; when Slack does not tell in time, nobody in particular who reads the default language."""
        if (known := self.known(user)) is not None:
            return known
        task = self._ask(user)
        await asyncio.wait({task}, timeout=PATIENCE)
        return task.result() if task.done() and not task.cancelled() else self._nobody

    def _ask(self, user: str) -> asyncio.Task[Person]:
        """Ask Slack; everyone who asks for the same user meanwhile waits for one question."""
        if (task := self._asked.get(user)) is None:
            task = self._asked[user] = self._tasks.start(self._find_out(user))
            task.add_done_callback(lambda _: self._asked.pop(user, None))
        return task

    async def _find_out(self, user: str) -> Person:
        try:
            async with asyncio.timeout(LONGEST_QUESTION):
                response = await self._client.users_info(user=user, include_locale=True)
            person, kept_for = self._read(response.get("user")), KEPT_FOR
        except (SlackApiError, ClientError, OSError, TimeoutError, ValueError) as error:
            log.warning("person_unknown", error=type(error).__name__)
            person, kept_for = self._nobody, FAILURE_KEPT_FOR
        self._known[user] = person, self._now() + kept_for
        while len(self._known) > MOST_USERS:
            self._known.popitem(last=False)
        return person

    def _read(self, user: Any) -> Person:
        if not isinstance(user, dict):
            return self._nobody
        return Person(
            language=language_of(str(user.get("locale") or ""), self._nobody.language),
            is_guest=bool(user.get("is_restricted") or user.get("is_ultra_restricted")),
            is_foreign=self._workspace.is_foreign(user),
        )
