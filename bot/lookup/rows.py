"""The questions of DNS about one domain, all sent at once."""

from __future__ import annotations

import asyncio
from datetime import datetime
from typing import Protocol as Interface

from bot.domain import DomainName
from bot.facts import DnsAnswer, DnsFacts, Outcome, Row


class Asks(Interface):
    """Puts a question to DNS and goes on."""

    def __call__(self, name: str, rtype: str, *, urgent: bool = True) -> asyncio.Task[DnsAnswer]:
        """The task that ends in the answer."""


class Rows:
    """The questions about one domain, all sent at once; each row can be waited for by itself."""

    LABELS = ("imap", "mail", "pop", "smtp")

    def __init__(self, domain: DomainName, ask: Asks, first: str) -> None:
        self.domain = domain
        labels = sorted(self.LABELS, key=lambda label: label != first)
        self._ipv4 = {label: ask(f"{label}.{domain}", "A") for label in labels}
        self._ipv6 = {label: ask(f"{label}.{domain}", "AAAA", urgent=False) for label in labels}
        self.mx = ask(domain.ascii, "MX", urgent=False)

    async def row(self, label: str) -> Row:
        """A row as soon as it has an address: IPv6 is waited for only where there is no IPv4."""
        ipv4 = await self._ipv4[label]
        late = self._ipv6[label]
        if ipv4.outcome is Outcome.FOUND and not late.done():
            return Row(ipv4)
        return Row(ipv4, await late)

    async def all_rows(self) -> dict[str, Row]:
        """Every row, in the order of the labels."""
        return {label: await self.row(label) for label in self.LABELS}

    @property
    def waiting(self) -> list[asyncio.Task[DnsAnswer]]:
        """The questions still open."""
        return [task for task in (*self._ipv4.values(), *self._ipv6.values(), self.mx) if not task.done()]

    def so_far(self, exchange: Row | None, now: datetime) -> DnsFacts:
        """What is known now; an open question counts as timed out, never as "no such row"."""
        rows = {label: self._row_so_far(label, now) for label in self.LABELS}
        mx = self.mx.result() if self.mx.done() else None
        return DnsFacts(self.domain.ascii, **rows, mx=mx, exchange=exchange)

    def _row_so_far(self, label: str, now: datetime) -> Row:
        ipv4, ipv6 = self._ipv4[label], self._ipv6[label]
        open_question = DnsAnswer(f"{label}.{self.domain}", "A", Outcome.TIMEOUT, now)
        return Row(ipv4.result() if ipv4.done() else open_question, ipv6.result() if ipv6.done() else None)
