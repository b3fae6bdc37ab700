"""What a lookup asks of the edges, and how work is started there and given up."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar
from typing import Protocol as Interface

from bot.advice.certificate import TrustStore
from bot.answer import FoundBy
from bot.catalogue.model import Catalogue
from bot.facts import DnsAnswer, Endpoint, Hello, Probe
from bot.provider.profile import Profile, ServerName

T = TypeVar("T")

DNS_SHARE, DNS_PATIENCE = 0.4, 2.0
"""DNS may take this share of the whole time, and never more seconds than this."""


class LooksUp(Interface):
    """The resolver edge."""

    async def look_up(
        self, name: str, rtype: str, *, deadline: float, fresh: bool = False, urgent: bool = True
    ) -> DnsAnswer:
        """Ask one question of DNS; an answer that is not urgent may be read a little later."""


class Probes(Interface):
    """The TLS edge."""

    async def probe(self, endpoint: Endpoint, hello: Hello, *, deadline: float, fresh: bool = False) -> Probe:
        """Make one connection."""


class FindsServers(Interface):
    """The inventory of the provider's servers."""

    async def find(self, addresses: Iterable[str], *, deadline: float) -> dict[str, tuple[ServerName, FoundBy] | None]:
        """Tell the servers behind addresses: None where that stays open; an address of nobody's is left out."""


@dataclass(frozen=True)
class Edges:
    """The parts a lookup works with. `timeout` (seconds) bounds the network work of one answer."""

    resolver: LooksUp
    prober: Probes
    inventory: FindsServers
    profile: Profile
    catalogue: Catalogue
    store: TrustStore
    clock: Callable[[], datetime]
    timeout: float


class Work:
    """The questions and connections of one answer: one deadline for all, and an end for all."""

    def __init__(self, edges: Edges, *, fresh: bool, may_probe: bool) -> None:
        self.edges, self.fresh, self._may_probe = edges, fresh, may_probe
        start = asyncio.get_running_loop().time()
        self.deadline = start + edges.timeout
        self.dns_deadline = start + min(DNS_PATIENCE, DNS_SHARE * edges.timeout)
        self._tasks: set[asyncio.Task[Any]] = set()

    def close(self) -> None:
        """Give up whatever is still under way."""
        for task in self._tasks:
            task.cancel()

    def within(self, seconds: float) -> float:
        """The moment (loop time) so many seconds from now, never past the deadline."""
        return min(self.deadline, asyncio.get_running_loop().time() + seconds)

    def start(self, work: Coroutine[Any, Any, T]) -> asyncio.Task[T]:
        """Begin something that ends with the answer at the latest."""
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        return task

    def ask(self, name: str, rtype: str, *, urgent: bool = True) -> asyncio.Task[DnsAnswer]:
        """Put a question to DNS and go on."""
        look_up = self.edges.resolver.look_up
        return self.start(look_up(name, rtype, deadline=self.dns_deadline, fresh=self.fresh, urgent=urgent))

    async def connect(self, endpoint: Endpoint, hello: Hello) -> Probe | None:
        """Make one connection; None where none are to be made."""
        if not self._may_probe:
            return None
        return await self.edges.prober.probe(endpoint, hello, deadline=self.deadline, fresh=self.fresh)

    async def wait(self, tasks: Iterable[asyncio.Task[Any] | None], seconds: float) -> None:
        """Wait for tasks at most so long, and never past the deadline."""
        left = [task for task in tasks if task is not None and not task.done()]
        rest = self.deadline - asyncio.get_running_loop().time()
        if left and rest > 0:
            await asyncio.wait(left, timeout=min(seconds, rest))


def result_or_none(task: asyncio.Task[T] | None) -> T | None:
    """What a task ended in, if it did."""
    return task.result() if task is not None and task.done() and not task.cancelled() else None
