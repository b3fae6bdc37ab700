"""The connections of one status: each made once, and known as far as they have come."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import replace

from bot.facts import Endpoint, Hello, Probe
from bot.lookup.edges import Work, result_or_none
from bot.status.facts import Connection
from bot.status.versions import SINGLE_VERSIONS, WITHOUT_ECDSA, is_refused

MOST_ADDRESSES = 2
"""Addresses of one family that are looked at."""

Making = asyncio.Task[Probe | None]


class Connections:
    """Connections under way."""

    def __init__(self, work: Work) -> None:
        self._work = work
        self._made: dict[Connection, Making] = {}

    @property
    def so_far(self) -> tuple[Connection, ...]:
        """All that were begun, with what is known of each."""
        return tuple(replace(wanted, probe=result_or_none(task)) for wanted, task in self._made.items())

    def make(self, host: str, endpoint: Endpoint, hello: Hello, *, is_core: bool) -> Making:
        """Make a connection under a name, or join the one that is made already."""
        wanted = Connection(host, endpoint, hello, is_core)
        if wanted not in self._made:
            self._made[wanted] = self._work.start(self._work.connect(endpoint, hello))
        return self._made[wanted]

    async def measure(self, server: str, name: str | None, endpoint: Endpoint) -> None:
        """The TLS versions that a port takes. They belong to the server: no name is sent unless it insists on one."""
        bare = await self.make(server, endpoint, Hello(), is_core=True)
        sni = name if is_refused(bare) else None
        hellos = [replace(hello, sni=sni) for hello in (*SINGLE_VERSIONS, WITHOUT_ECDSA)]
        await asyncio.gather(*(self.make(server, endpoint, hello, is_core=True) for hello in hellos))


def a_few(addresses: Iterable[str]) -> tuple[str, ...]:
    """The first addresses of each family, IPv4 first."""
    distinct = tuple(dict.fromkeys(addresses))
    ipv4 = [address for address in distinct if ":" not in address]
    ipv6 = [address for address in distinct if ":" in address]
    return (*ipv4[:MOST_ADDRESSES], *ipv6[:MOST_ADDRESSES])
