"""Slack without Slack: a stand-in on loopback that plays the people, the channels and the platform's rules.

    async with SlackStandIn() as slack:
        slack.api_url                        # for AsyncWebClient(base_url=...), with any xoxb- token
        slack.bot_url = "http://127.0.0.1:3000/slack/events"      # or the bot opens a socket
        reply = await slack.command("/mailsettings", "example.cz outlook-2007")
        answer = await slack.next_response()
        await slack.press(answer.message, "check_again")
        assert not slack.violations

Signing secret: `slack.signing_secret`. What went on: `slack.calls`, `slack.answers`, `slack.world`; and, while it goes
on, `slack.watchers`. What a test breaks on purpose: `with slack.expecting("used more than 5 times"):`.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from contextlib import AbstractContextManager
from types import TracebackType
from typing import Self

from bot.playground.slack_acts import Acts
from bot.playground.slack_delivery import Delivery
from bot.playground.slack_faults import Fault
from bot.playground.slack_model import Breach
from bot.playground.slack_server import Answer, Call, SlackServer
from bot.playground.slack_socket import Sockets
from bot.playground.slack_watch import Watcher
from bot.playground.slack_world import World


class SlackStandIn(Acts):
    """A whole Slack: what people do goes to the bot, what the bot does is checked, kept and can be read."""

    def __init__(
        self,
        *,
        signing_secret: str = "playground-signing-secret",
        host: str = "127.0.0.1",
        port: int = 0,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.signing_secret = signing_secret
        self.sockets = Sockets()
        world = World(clock)
        server = SlackServer(world, self.sockets, host, port)
        super().__init__(world, server, Delivery(signing_secret, self.sockets, world))
        self._answers_read = 0

    async def __aenter__(self) -> Self:
        """Start to serve."""
        await self._server.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close everything."""
        await self._delivery.close()
        await self._server.stop()

    # --- what a test reads and sets ---

    @property
    def api_url(self) -> str:
        """The Web API's base address, with the slash at the end."""
        return f"{self._server.url}/api/"

    @property
    def bot_url(self) -> str | None:
        """Where the bot takes requests; not used while it has a socket open."""
        return self._delivery.bot_url

    @bot_url.setter
    def bot_url(self, url: str | None) -> None:
        self._delivery.bot_url = url

    @property
    def patience(self) -> float:
        """How long Slack waits for an acknowledgement, in seconds."""
        return self._delivery.patience

    @patience.setter
    def patience(self, seconds: float) -> None:
        self._delivery.patience = seconds

    @property
    def faults(self) -> dict[str, Fault]:
        """What goes wrong, by method name or "response_url"."""
        return self._server.faults

    @property
    def calls(self) -> deque[Call]:
        """The calls of the Web API, oldest first."""
        return self._server.calls

    @property
    def answers(self) -> deque[Answer]:
        """What arrived at response_urls, oldest first."""
        return self._server.answers

    @property
    def rate_limited(self) -> bool:
        """True when Slack's own limits on calls are in force."""
        return self._server.rate_limited

    @rate_limited.setter
    def rate_limited(self, on: bool) -> None:
        self._server.rate_limited = on

    @property
    def watchers(self) -> list[Watcher]:
        """Who is told of each change, at once: `watcher(kind, thing)`."""
        return self.world.watchers

    @property
    def violations(self) -> list[str]:
        """Whatever the bot did that breaks Slack's rules, as sentences."""
        return self.world.violations

    def expecting(self, text: str) -> AbstractContextManager[list[Breach]]:
        """`with slack.expecting("used more than 5 times"):` - what is broken on purpose there does not count."""
        return self.world.expecting(text)

    def calls_of(self, method: str) -> list[Call]:
        """The calls of one method, oldest first."""
        return [call for call in self.calls if call.method == method]

    async def until(self, predicate: Callable[[], object], timeout: float = 5) -> None:
        """Wait until something holds that the bot's calls and answers bring about. Raises TimeoutError."""
        await self._server.until(predicate, timeout)

    async def next_response(self, timeout: float = 5) -> Answer:
        """The next answer at a response_url that was not read yet. Raises TimeoutError."""
        await self.until(lambda: self._server.answers_taken > self._answers_read, timeout)
        unread = self._server.answers_taken - self._answers_read
        self._answers_read += 1
        return self.answers[-unread]
