"""The questions of DNS about one domain, all sent at once."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Protocol as Interface

from bot.domain import DomainName, registrable_domain
from bot.facts import DnsAnswer, DnsFacts, Outcome, Protocol, Row
from bot.provider.profile import Profile


class Asks(Interface):
    """Puts a question to DNS and goes on."""

    def __call__(self, name: str, rtype: str, *, urgent: bool = True) -> asyncio.Task[DnsAnswer]:
        """The task that ends in the answer."""


class Rows:
    """The questions about one domain, all sent at once; the rows of each host can be waited for by themselves.

    Without `ipv6` addresses of IPv6 are asked for only where there are no others, or somebody waits for them.
    """

    LABELS = ("imap", "mail", "pop", "smtp")

    def __init__(self, domain: DomainName, ask: Asks, profile: Profile, protocol: Protocol, *, ipv6: bool) -> None:
        self.domain, self._ask = domain, ask
        first = self.host(profile.rows[protocol][0])
        needed = (first, *(profile.host_for(half, domain) for half in (protocol, Protocol.SMTP)))
        hosts = tuple(dict.fromkeys((*needed, *map(self.host, self.LABELS))))
        self._ipv4 = {host: ask(host, "A", urgent=host in needed) for host in hosts}
        self._ipv6 = {host: ask(host, "AAAA", urgent=False) for host in hosts if ipv6}
        self.mx = ask(domain.ascii, "MX", urgent=False)

    def host(self, label: str) -> str:
        """The host name of a row."""
        return f"{label}.{self.domain}"

    async def of(self, host: str) -> Row:
        """A host's row as soon as it has an address: IPv6 is waited for only where there is no IPv4."""
        ipv4 = await self._ipv4[host]
        if ipv4.outcome is Outcome.FOUND:
            return Row(ipv4, self._known_ipv6(host))
        return await self.whole(host)

    async def whole(self, host: str) -> Row:
        """A host's row with both families."""
        if host not in self._ipv6:
            self._ipv6[host] = self._ask(host, "AAAA", urgent=False)
        return Row(await self._ipv4[host], await self._ipv6[host])

    async def labelled(self) -> dict[str, Row]:
        """The rows of the mail labels, in their order."""
        return {label: await self.of(self.host(label)) for label in self.LABELS}

    async def whole_labelled(self) -> dict[str, Row]:
        """The same with both families."""
        whole = await asyncio.gather(*(self.whole(self.host(label)) for label in self.LABELS))
        return dict(zip(self.LABELS, whole, strict=True))

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
        host = self.host(label)
        ipv4, open_question = self._ipv4[host], DnsAnswer(host, "A", Outcome.TIMEOUT, now)
        return Row(ipv4.result() if ipv4.done() else open_question, self._known_ipv6(host))

    def _known_ipv6(self, host: str) -> DnsAnswer | None:
        late = self._ipv6.get(host)
        return late.result() if late is not None and late.done() else None


async def choose_rows(own: Rows, make: Callable[[DomainName], Rows]) -> Rows:
    """The rows to answer by: the domain's own, when it has any or is registrable; else the registrable one's."""
    registrable = registrable_domain(own.domain)
    if registrable is None or registrable == own.domain:
        return own
    above = make(registrable)
    return above if has_no_rows(await own.labelled()) else own


def has_no_rows(rows: Mapping[str, Row]) -> bool:
    """True when DNS says that a domain has none of the receiving rows."""
    receiving = [rows[label].outcome for label in ("imap", "mail", "pop")]
    return all(outcome in (Outcome.NXDOMAIN, Outcome.NO_DATA) for outcome in receiving)
