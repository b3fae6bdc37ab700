"""The addresses of the provider's servers: learnt by forward DNS, and by reverse DNS where that is confirmed."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from typing import Protocol

from bot.answer import FoundBy
from bot.facts import DnsAnswer
from bot.provider.profile import Profile, ServerName

MAX_ADDRESSES = 8
MAX_REVERSE_NAMES = 8

Found = tuple[ServerName, FoundBy]


class LooksUp(Protocol):
    """What is needed of a resolver."""

    async def look_up(self, name: str, rtype: str, *, deadline: float, fresh: bool = False) -> DnsAnswer:
        """Ask one question."""

    async def look_up_ptr(self, address: str, *, deadline: float, fresh: bool = False) -> DnsAnswer:
        """Ask for the names of an address."""


class Inventory:
    """Knows which server an address belongs to. Answers are kept by the resolver's cache, by their TTL."""

    def __init__(self, resolver: LooksUp, profile: Profile) -> None:
        self._resolver = resolver
        self._profile = profile

    async def find(self, addresses: Iterable[str], *, deadline: float) -> dict[str, Found]:
        """Tell the servers behind addresses; forward DNS is preferred, an address of nobody's is left out."""
        wanted = tuple(dict.fromkeys(addresses))[:MAX_ADDRESSES]
        found = await asyncio.gather(*(self._find(address, deadline) for address in wanted))
        return {address: server for address, server in zip(wanted, found, strict=True) if server}

    async def learn(self, *, deadline: float) -> dict[str, Found]:
        """Ask for every name a server may have; returns the address of each that exists, the first name first."""
        names = tuple(self._profile.all_servers())
        rows = await asyncio.gather(*(self._addresses(name.host, deadline) for name in names))
        learnt: dict[str, Found] = {}
        for name, addresses in zip(names, rows, strict=True):
            for address in addresses:
                learnt.setdefault(address, (name, FoundBy.ADDRESS))
        return learnt

    async def _find(self, address: str, deadline: float) -> Found | None:
        """Both ways at once; the first that knows the address wins."""
        ways = {
            asyncio.ensure_future(self._by_forward(address, deadline)),
            asyncio.ensure_future(self._by_reverse(address, deadline)),
        }
        try:
            for next_way in asyncio.as_completed(ways):
                if found := await next_way:
                    return found
            return None
        finally:
            for way in ways:
                way.cancel()

    async def _by_forward(self, address: str, deadline: float) -> Found | None:
        return (await self.learn(deadline=deadline)).get(address)

    async def _by_reverse(self, address: str, deadline: float) -> Found | None:
        names = (await self._resolver.look_up_ptr(address, deadline=deadline)).values
        servers = [server for name in names[:MAX_REVERSE_NAMES] if (server := self._profile.server(name))]
        for server in servers:
            if address in await self._addresses(server.host, deadline):
                return server, FoundBy.REVERSE_DNS
        return None

    async def _addresses(self, host: str, deadline: float) -> tuple[str, ...]:
        questions = (self._resolver.look_up(host, rtype, deadline=deadline) for rtype in ("A", "AAAA"))
        return tuple(value for answer in await asyncio.gather(*questions) for value in answer.values)
