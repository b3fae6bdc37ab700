"""What both edges share: answers kept for a while, and equal work done once."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Coroutine, Hashable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any, Generic, Protocol, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")
V_co = TypeVar("V_co", covariant=True)
W = TypeVar("W", bound="Work[Any]")


class Work(Protocol[V_co]):
    """Something that takes a while and ends in a value."""

    def run(self) -> Coroutine[Any, Any, V_co]:
        """Do it."""


class ExpiringCache(Generic[K, V]):
    """Keeps at most `size` values, each for its own time; the one not used for longest gives way first."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._entries: OrderedDict[K, tuple[datetime, datetime, V]] = OrderedDict()

    def __len__(self) -> int:
        return len(self._entries)

    def get(self, key: K, now: datetime) -> V | None:
        """The value, unless its time is over. A clock that was set back ends it too."""
        entry = self._entries.get(key)
        if entry is None:
            return None
        since, until, value = entry
        if not since <= now < until:
            del self._entries[key]
            return None
        self._entries.move_to_end(key)
        return value

    def put(self, key: K, value: V, now: datetime, lifetime: timedelta) -> None:
        """Keep a value; a lifetime of nothing keeps nothing."""
        self._entries.pop(key, None)
        if lifetime <= timedelta():
            return
        self._entries[key] = (now, now + lifetime, value)
        if len(self._entries) > self._size:
            self._entries.popitem(last=False)


class Flight(Generic[W]):
    """Work under way, and how many wait for it."""

    def __init__(self, work: W, task: asyncio.Task[Any]) -> None:
        self.work, self.task, self.waiting = work, task, 0


class Flights(Generic[K, W]):
    """Equal work asked for at once is done once.

    It goes on while anybody waits for it: one who gives up takes nothing from the others, and with the last
    one it is cancelled. So it needs no deadline of its own.
    """

    def __init__(self) -> None:
        self._flights: dict[K, Flight[W]] = {}

    @contextmanager
    def join(self, key: K, begin: Callable[[], W]) -> Iterator[Flight[W]]:
        """Wait inside the block with `await landed(flight)`; leaving it early is giving up."""
        flight = self._flights.get(key)
        if flight is None or flight.task.done():
            work = begin()
            flight = self._flights[key] = Flight(work, asyncio.ensure_future(work.run()))
        flight.waiting += 1
        try:
            yield flight
        finally:
            flight.waiting -= 1
            if not flight.waiting:
                flight.task.cancel()
                if self._flights.get(key) is flight:
                    del self._flights[key]


async def landed(flight: Flight[Any]) -> Any:
    """What the work ended in. Cancelling the wait leaves the work alone."""
    return await asyncio.shield(flight.task)
