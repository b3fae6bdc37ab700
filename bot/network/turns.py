"""Heavy work in small turns: between two of them the event loop looks at what has come, so that nobody waits long."""

from __future__ import annotations

import asyncio
from types import TracebackType


class Turns:
    """`async with turns:` around a piece of heavy work: one piece in each round of the event loop, first come first.

    A hundred handshakes that are ready at once would else be done in one round, before a command is even read.
    """

    def __init__(self) -> None:
        self._lock = asyncio.Lock()

    async def __aenter__(self) -> None:
        await self._lock.acquire()

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """The next turn is in the next round."""
        asyncio.get_running_loop().call_soon(self._lock.release)
