"""In which language an agent reads: her Slack locale, asked for once an hour and never waited for long."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Callable

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


def language_of(locale: str, default: str) -> str:
    """cs and sk as they are, any other known locale means English, an empty one the default."""
    name = locale.replace("_", "-").partition("-")[0].lower()
    if not name:
        return default
    return name if name in LANGUAGES else "en"


class Languages:
    """Remembers the languages of the agents."""

    def __init__(self, client: AsyncWebClient, tasks: Tasks, default: str, now: Callable[[], float]) -> None:
        self._client, self._tasks, self._default, self._now = client, tasks, default, now
        self._known: OrderedDict[str, tuple[str, float]] = OrderedDict()
        self._asked: dict[str, asyncio.Task[str]] = {}

    def known(self, user: str) -> str | None:
        """The language of a user, if it need not be asked for."""
        language, expires = self._known.get(user, ("", 0.0))
        return language if expires > self._now() else None

    def known_or_default(self, user: str) -> str:
        """The language of a user without asking."""
        return self.known(user) or self._default

    def ask(self, user: str) -> asyncio.Task[str]:
        """Find out a language; everyone who asks for the same user meanwhile waits for one question."""
        if (task := self._asked.get(user)) is None:
            task = self._asked[user] = self._tasks.start(self._find_out(user))
            task.add_done_callback(lambda _: self._asked.pop(user, None))
        return task

    def prepare(self, user: str) -> None:
        """Begin to find out a language that will be wanted soon."""
        self.ask(user)  # type: ignore[unused-awaitable]

    async def within(self, user: str, patience: float) -> str:
        """The language of a user, or the default when it is not known in time."""
        if (known := self.known(user)) is not None:
            return known
        task = self.ask(user)
        await asyncio.wait({task}, timeout=patience)
        return task.result() if task.done() and not task.cancelled() else self._default

    async def _find_out(self, user: str) -> str:
        try:
            async with asyncio.timeout(LONGEST_QUESTION):
                response = await self._client.users_info(user=user, include_locale=True)
            person = response.get("user")
            locale = person.get("locale") if isinstance(person, dict) else None
            language, kept_for = language_of(str(locale or ""), self._default), KEPT_FOR
        except (SlackApiError, ClientError, OSError, TimeoutError, ValueError) as error:
            log.warning("language_unknown", error=type(error).__name__)
            language, kept_for = self._default, FAILURE_KEPT_FOR
        self._known[user] = language, self._now() + kept_for
        while len(self._known) > MOST_USERS:
            self._known.popitem(last=False)
        return language
