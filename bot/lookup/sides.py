"""What a status looks at beside rows and ports: who sees the domain where, and what lies around its mail."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from bot.facts import Row
from bot.lookup.around import AroundLookup
from bot.lookup.clock import ClockLookup
from bot.lookup.edges import Work
from bot.lookup.owners import Owners
from bot.lookup.rows import Rows
from bot.status.around_facts import AroundFacts
from bot.status.clock_facts import ClockFacts
from bot.status.whose import Hosting

PATIENCE = 1.5
"""Seconds for each of them: enough to call a name server silent that is asked directly."""


@dataclass(frozen=True)
class Sides:
    """The look-ups beside those of rows and ports."""

    clock: ClockLookup
    around: AroundLookup

    async def see_clock(self, work: Work, rows: Rows) -> ClockFacts:
        """Who sees the domain where.

        By our resolver's word it is where the status's own rows lead, fresh or out of the cache: both tell the same.
        """
        return await self.clock.clock(rows.domain, work.within(PATIENCE), rows.whole_labelled())

    async def see_around(self, work: Work, rows: Rows, owners: Owners) -> AroundFacts:
        """What lies around the mail; `owners` learn whose the hosts are that mail and programs are sent to."""
        facts = await self.around.around(rows.domain, work.within(PATIENCE), fresh=work.fresh)
        by_name = Hosting(work.edges.profile)
        nameless = [row for row in facts.destinations if by_name.owns(row.name, None) is None]
        await owners.identify(nameless, work.within(PATIENCE))

        def sure(rows: Mapping[str, Row]) -> dict[str, Row]:
            return {name: owners.sure(row) if row in nameless else row for name, row in rows.items()}

        return replace(facts, exchanges=sure(facts.exchanges), hosts=sure(facts.hosts))
