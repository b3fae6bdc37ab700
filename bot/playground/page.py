"""The page of the playground: shows the stand-in for Slack in a browser, and what happens behind it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from importlib.resources.abc import Traversable

from bot.playground.page_api import PageApi
from bot.playground.page_server import serving
from bot.playground.page_state import change, hello, people
from bot.playground.stage import Stage
from bot.playground.tabs import Tabs
from bot.playground.trace import Trace, nobody

_GATHERED = 0.05
"""Seconds for which changes of one trace are gathered: a command alone has dozens of steps."""


class Page:
    """Joins the stage to the tabs: tells them what changes, and does what they ask."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        for person in people(stage.slack.world):
            stage.slack.world.open_im(person)
        self.tabs = Tabs(lambda: hello(stage), PageApi(stage, self._tell).respond)
        self._changed: dict[str, Trace] = {}
        self._due: asyncio.TimerHandle | None = None
        stage.slack.watchers.append(self._on_slack)
        stage.traces.tell = self._on_trace

    def close(self) -> None:
        """Tell nobody any more."""
        if self._due is not None:
            self._due.cancel()
        self._stage.slack.watchers.remove(self._on_slack)
        self._stage.traces.tell = nobody

    def _tell(self, message: dict[str, object]) -> None:
        self.tabs.tell(message)

    def _on_slack(self, kind: str, thing: object) -> None:
        if (message := change(kind, thing)) is not None:
            self.tabs.tell(message)

    def _on_trace(self, trace: Trace) -> None:
        self._changed[trace.id] = trace
        if self._due is None:
            self._due = asyncio.get_running_loop().call_later(_GATHERED, self._flush)

    def _flush(self) -> None:
        changed, self._changed, self._due = self._changed, {}, None
        for trace in changed.values():
            self.tabs.tell({"type": "trace", "trace": trace.as_json()})


@asynccontextmanager
async def running_page(stage: Stage, port: int | None = None, folder: Traversable | None = None) -> AsyncIterator[str]:
    """Serve the page of a stage; gives its address. Raises ConfigError when the port cannot be had."""
    page = Page(stage)
    async with AsyncExitStack() as stack:
        stack.callback(page.close)
        address = await stack.enter_async_context(serving(page.tabs.handle, port, folder))
        stack.push_async_callback(page.tabs.close)
        yield address
