"""Waits for what happens elsewhere."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

PATIENCE = 30.0


async def until(condition: Callable[[], bool]) -> None:
    """Look again and again; fails when it takes too long."""
    async with asyncio.timeout(PATIENCE):
        while not condition():  # noqa: ASYNC110 - files and streams tell nobody
            await asyncio.sleep(0.002)
