"""The addresses of the provider's servers: learnt by forward DNS, and by reverse DNS where that is confirmed."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Protocol

from bot.answer import FoundBy
from bot.facts import DnsAnswer
from bot.provider.profile import Profile, ServerName

MAX_ADDRESSES = 8
MAX_REVERSE_NAMES = 8
LEARN_WITHIN = 20.0
"""Seconds for learning in the background, where nobody waits."""
AT_ONCE, AT_ONCE_BEHIND = 64, 4
"""Names asked for at once: while somebody waits, and in the background, where others' questions come first."""
SHORTEST_KEPT, LONGEST_KEPT = timedelta(minutes=1), timedelta(hours=1)

Found = tuple[ServerName, FoundBy]


class LooksUp(Protocol):
    """What is needed of a resolver."""

    async def look_up(self, name: str, rtype: str, *, deadline: float) -> DnsAnswer:
        """Ask one question."""

    async def look_up_ptr(self, address: str, *, deadline: float) -> DnsAnswer:
        """Ask for the names of an address."""


class Inventory:
    """Knows which server an address belongs to; what was learnt is kept by the TTL of the answers."""

    def __init__(self, resolver: LooksUp, profile: Profile, *, clock: Callable[[], datetime]) -> None:
        self._resolver, self._profile, self._clock = resolver, profile, clock
        self._learnt: dict[str, Found] = {}
        self._is_whole = False
        self._kept_until = clock()

    @property
    def is_fresh(self) -> bool:
        """True while what was learnt has not aged."""
        return self._clock() < self._kept_until

    async def find(self, addresses: Iterable[str], *, deadline: float) -> dict[str, Found | None]:
        """Tell the servers behind addresses: None where that stays open; an address of nobody's is left out."""
        wanted = tuple(dict.fromkeys(addresses))[:MAX_ADDRESSES]
        found = await asyncio.gather(*(self._find(address, deadline) for address in wanted))
        told = dict(zip(wanted, found, strict=True))
        return {a: server for a, server in told.items() if server or await self._is_open(a, deadline)}

    async def keep(self) -> None:
        """Learn again and again, whenever what is known has aged; runs until it is cancelled."""
        while True:
            await self._learn(asyncio.get_running_loop().time() + LEARN_WITHIN, AT_ONCE_BEHIND)
            await asyncio.sleep(max(SHORTEST_KEPT, self._kept_until - self._clock()).total_seconds())

    async def _find(self, address: str, deadline: float) -> Found | None:
        """From what is known, else both ways at once; the first that knows the address wins."""
        if self.is_fresh and address in self._learnt:
            return self._learnt[address]
        ways = [asyncio.ensure_future(way(address, deadline)) for way in (self._by_forward, self._by_reverse)]
        try:
            for next_way in asyncio.as_completed(ways):
                if found := await next_way:
                    return found
            return None
        finally:
            for way in ways:
                way.cancel()

    async def _is_open(self, address: str, deadline: float) -> bool:
        """True while some server's addresses are not known, unless reverse DNS gives it to somebody else."""
        if self._is_whole:
            return False
        names = (await self._resolver.look_up_ptr(address, deadline=deadline)).values
        return all(map(self._profile.is_own_name, names))

    async def _by_forward(self, address: str, deadline: float) -> Found | None:
        if not self.is_fresh:
            await self._learn(deadline, AT_ONCE)
        return self._learnt.get(address)

    async def _learn(self, deadline: float, at_once: int) -> None:
        """Ask for every name a server may have; of several names of one address the profile's first counts.

        With any question left open the old knowledge stays beside the new: a resolver's fault removes nothing.
        """
        slots = asyncio.Semaphore(at_once)

        async def ask(host: str) -> list[DnsAnswer]:
            async with slots:
                return await self._ask(host, deadline)

        names = tuple(self._profile.all_servers())
        answers = await asyncio.gather(*(ask(name.host) for name in names))
        learnt: dict[str, Found] = {}
        for name, of_name in zip(names, answers, strict=True):
            for address in (value for answer in of_name for value in answer.values):
                learnt.setdefault(address, (name, FoundBy.ADDRESS))
        asked = [answer for of_name in answers for answer in of_name]
        is_whole = not any(answer.outcome.is_unavailable for answer in asked)
        self._learnt = learnt if is_whole else self._learnt | learnt
        self._is_whole |= is_whole
        shortest = min((answer.ttl for answer in asked if answer.values), default=0)
        kept_for = timedelta(seconds=shortest) if is_whole else SHORTEST_KEPT
        self._kept_until = self._clock() + min(max(kept_for, SHORTEST_KEPT), LONGEST_KEPT)

    async def _by_reverse(self, address: str, deadline: float) -> Found | None:
        names = (await self._resolver.look_up_ptr(address, deadline=deadline)).values
        servers = [server for name in names[:MAX_REVERSE_NAMES] if (server := self._profile.server(name))]
        for server in servers:
            answers = await self._ask(server.host, deadline)
            if any(address in answer.values for answer in answers):
                return server, FoundBy.REVERSE_DNS
        return None

    async def _ask(self, host: str, deadline: float) -> list[DnsAnswer]:
        questions = (self._resolver.look_up(host, rtype, deadline=deadline) for rtype in ("A", "AAAA"))
        return await asyncio.gather(*questions)
