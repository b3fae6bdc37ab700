"""Work that outlives the request it began with: held by reference, counted, waited for at the end."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

import structlog

T = TypeVar("T")
log = structlog.get_logger(__name__)


class Tasks:
    """The running tasks. The event loop itself holds tasks only weakly (python/cpython#91887)."""

    def __init__(self) -> None:
        self._running: set[asyncio.Task[Any]] = set()

    def __len__(self) -> int:
        return len(self._running)

    def start(self, work: Coroutine[Any, Any, T]) -> asyncio.Task[T]:
        """Begin something and keep hold of it until it ends."""
        task = asyncio.ensure_future(work)
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        return task

    def leave(self, work: Coroutine[Any, Any, Any]) -> None:
        """Begin something that nobody waits for."""
        self.start(work)  # type: ignore[unused-awaitable]

    async def drain(self, patience: float) -> None:
        """Wait until nothing runs, at most `patience` seconds; then give up what is left, with a line in the log."""
        deadline = asyncio.get_running_loop().time() + patience
        while self._running and (left := deadline - asyncio.get_running_loop().time()) > 0:
            await asyncio.wait(set(self._running), timeout=left)
        if self._running:
            log.error("work_given_up", tasks=len(self._running))
            await self.cancel()

    async def cancel(self) -> None:
        """Give up whatever runs."""
        for task in self._running:
            task.cancel()
        if self._running:
            await asyncio.wait(set(self._running), timeout=1)
