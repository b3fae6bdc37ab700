"""Whose an address is: learnt only for addresses that no name tells, once an answer."""

from __future__ import annotations

from collections.abc import Iterable

from bot.answer import FoundBy, MailServer
from bot.facts import Row
from bot.lookup.edges import Work
from bot.provider.known import known_provider
from bot.provider.profile import ServerName


class Owners:
    """Addresses of the provider's servers, as far as this answer needs them."""

    def __init__(self, work: Work) -> None:
        self._work = work
        self.known: dict[str, tuple[ServerName, FoundBy]] = {}

    def learn(self, server: MailServer) -> None:
        """Remember the addresses of the server that was found."""
        for address in server.addresses:
            self.known.setdefault(address, (ServerName(server.host, server.number), server.found_by))

    async def identify(self, rows: Iterable[Row]) -> None:
        """Ask whose the addresses are that no name tells: neither one of ours nor one of a known provider's."""
        profile, inventory = self._work.edges.profile, self._work.edges.inventory
        nameless = [
            address
            for row in rows
            if not any(profile.server(name) or known_provider(name) for name in row.chain)
            for address in row.addresses
            if address not in self.known
        ]
        if nameless:
            self.known |= await inventory.find(nameless, deadline=self._work.dns_deadline)
