"""Whose an address is: learnt only for addresses that no name tells, once an answer."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import replace

from bot.answer import FoundBy, MailServer
from bot.domain import is_host_name
from bot.facts import DnsAnswer, DnsFacts, Outcome, Row
from bot.lookup.edges import Work
from bot.lookup.rows import Rows
from bot.provider.known import known_provider
from bot.provider.profile import ServerName


class Owners:
    """Addresses of the provider's servers, as far as this answer needs them."""

    def __init__(self, work: Work) -> None:
        self._work = work
        self.known: dict[str, tuple[ServerName, FoundBy]] = {}
        self._told = set[str]()

    def learn(self, server: MailServer) -> None:
        """Remember the addresses of the server that was found."""
        for address in server.addresses:
            self.known.setdefault(address, (ServerName(server.host, server.number), server.found_by))

    async def identify(self, rows: Iterable[Row], deadline: float | None = None) -> None:
        """Ask whose the addresses are that no name tells: neither one of ours nor one of a known provider's.

        Ends by `deadline`, or with what DNS may take of this answer.
        """
        nameless = [
            address for row in rows if not self.is_named(row) for address in row.addresses if address not in self.known
        ]
        if nameless:
            by = self._work.dns_deadline if deadline is None else deadline
            found = await self._work.edges.inventory.find(nameless, deadline=by)
            self.known |= {address: server for address, server in found.items() if server}
            self._told.update(address for address in nameless if found.get(address) or address not in found)

    def is_named(self, row: Row) -> bool:
        """True when a name on the way tells whose the row is."""
        profile = self._work.edges.profile
        return any(profile.server(name) or known_provider(name) for name in row.chain)

    def knows(self, row: Row) -> bool:
        """False while it is not known whose the row's addresses are."""
        is_known = any(address in self.known for address in row.addresses)
        return self.is_named(row) or is_known or self._told.issuperset(row.addresses)

    def sure(self, row: Row) -> Row:
        """The row; an open one while it is not known whose its addresses are."""
        return row if self.knows(row) else Row(DnsAnswer(row.name, "A", Outcome.TIMEOUT, row.ipv4.seen_at))

    def sure_of(self, dns: DnsFacts) -> DnsFacts:
        """The same of all rows of a domain."""
        return replace(dns, **{label: self.sure(row) for label, row in dns.rows.items()})  # type: ignore[arg-type]

    async def look_up_exchange(self, rows: Rows) -> Row | None:
        """The address rows of the first mail exchanger, where its name does not tell whose it is or is all there is."""
        mx = await rows.mx
        exchange = mx.values[0] if mx.values else ""
        so_far = rows.so_far(None, self._work.edges.clock()).rows.values()
        is_told = known_provider(exchange) or any(row.name == exchange for row in so_far)
        is_own = self._work.edges.profile.is_own_name(exchange)
        if not is_host_name(exchange) or is_told or (is_own and any(row.addresses for row in so_far)):
            return None
        row = Row(*await asyncio.gather(self._work.ask(exchange, "A"), self._work.ask(exchange, "AAAA")))
        await self.identify([row])
        return self.sure(row)
