"""Looks at a domain's rows from all sides at once: its own name servers, our resolver, public resolvers."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.domain import DomainName, is_dns_name
from bot.facts import Row
from bot.lookup.edges import LooksUp
from bot.network.authorities import Authorities
from bot.status.clock_facts import LABELS, ClockFacts, Kind, Source

SHARE_OF_ASKING = 0.8
"""The part of the time for what the sources say; the rest is for the addresses of the hosts that they name."""
MOST_HOSTS = 8
PUBLIC_NAMES = {"1.1.1.1": "Cloudflare", "8.8.8.8": "Google", "9.9.9.9": "Quad9", "193.17.47.1": "CZ.NIC ODVR"}
"""Whose well-known public resolvers are."""


@dataclass(frozen=True, slots=True)
class NamedResolver:
    """Our resolver, or a public one that many customers use, and what it is called."""

    name: str
    address: str
    resolver: LooksUp


@dataclass(frozen=True)
class ClockLookup:
    """Collects the facts of the move clock."""

    authorities: Authorities
    ours: NamedResolver
    public: Sequence[NamedResolver]
    now: Callable[[], datetime]

    async def clock(
        self, domain: DomainName, deadline: float, ours: Coroutine[Any, Any, Mapping[str, Row]]
    ) -> ClockFacts:
        """What every source says of the domain's mail rows now. Ends by `deadline` (loop time, seconds).

        `ours` gives the rows by label as our resolver told them to whoever asks here, by that time too: it is not
        asked again, so that the clock and what else is said of these rows agree. An answer out of our cache keeps the
        moment when it was seen, and with it the right rest of its life.
        """
        hosts = {label: f"{label}.{domain}" for label in LABELS}
        start, seen_at = asyncio.get_running_loop().time(), self.now()
        said_by = start + SHARE_OF_ASKING * (deadline - start)
        async with asyncio.TaskGroup() as group:
            asking = group.create_task(self.authorities.ask(domain, hosts, deadline=said_by))
            rows = group.create_task(ours)
            public = [group.create_task(_ask(one, hosts, said_by)) for one in self.public]
        zone, authorities = asking.result()
        own = Source(Kind.OURS, self.ours.name, self.ours.address, rows.result())
        sources = (*authorities, own, *(task.result() for task in public))
        return ClockFacts(domain.ascii, zone, sources, seen_at, await self._addresses(authorities, deadline))

    async def _addresses(self, authorities: Iterable[Source], deadline: float) -> dict[str, tuple[str, ...]]:
        """Of the hosts that the zone's own servers name: these servers know no more than their names."""
        ends = (row.chain[-1] for source in authorities for row in source.rows.values() if row.chain)
        names = [name for name in dict.fromkeys(ends) if is_dns_name(name)][:MOST_HOSTS]
        rows = await asyncio.gather(*(_row(self.ours.resolver, name, deadline, fresh=False) for name in names))
        return {row.name: row.addresses for row in rows}


async def _ask(one: NamedResolver, hosts: Mapping[str, str], deadline: float) -> Source:
    """What a public resolver keeps, past anything that we kept of it."""
    rows = await asyncio.gather(*(_row(one.resolver, host, deadline, fresh=True) for host in hosts.values()))
    return Source(Kind.PUBLIC, one.name, one.address, dict(zip(hosts, rows, strict=True)))


async def _row(resolver: LooksUp, host: str, deadline: float, *, fresh: bool) -> Row:
    """Both families."""
    asking = (resolver.look_up(host, rtype, deadline=deadline, fresh=fresh, urgent=False) for rtype in ("A", "AAAA"))
    return Row(*await asyncio.gather(*asking))
