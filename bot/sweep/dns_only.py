"""Asks DNS for the rows of many domains: one question each for imap, mail and pop, and more only where it is odd."""

from __future__ import annotations

import asyncio
from functools import lru_cache

from bot.advice.mail_server import judge_row
from bot.advice.sight import Judge
from bot.answer import MailServer
from bot.domain import DomainName, is_host_name, registrable_domain
from bot.facts import DnsAnswer, DnsFacts, Outcome, Row
from bot.lookup.edges import Edges, Work
from bot.lookup.owners import Owners
from bot.lookup.rows import has_no_rows
from bot.network.fast_dns import FastDns
from bot.network.wire import Plain
from bot.provider.known import known_provider
from bot.provider.profile import ServerName
from bot.status.facts import StatusFacts
from bot.status.judge import Status, judge_status
from bot.sweep.result import Json
from bot.sweep.rows import LABELS, NOT_ASKED, judge_plain, rows_json


class RowsOnly:
    """Answers the status of domains by their rows."""

    def __init__(self, edges: Edges, fast: FastDns, language: str) -> None:
        self._edges, self._fast, self._language = edges, fast, language
        self._server = lru_cache(maxsize=1_000)(edges.profile.server)

    async def status(self, domain: DomainName) -> Json:
        """The server that the rows lead to, and what is wrong with them."""
        answers = await _ask(self._fast, domain)
        servers = [self._server_of(answer) for answer in answers]
        plain = judge_plain(domain, answers, servers, self._edges.clock())
        return rows_json(plain or await self._judge_odd(domain, answers), self._language)

    def _server_of(self, answer: Plain | None) -> ServerName | None:
        return next(filter(None, map(self._server, answer.chain)), None) if answer else None

    async def _judge_odd(self, domain: DomainName, answers: list[Plain | None]) -> Status:
        edges, work = self._edges, Work(self._edges, fresh=False, may_probe=False)
        try:
            facts = await _Looking(work, self._fast).look(domain, answers)
        finally:
            work.close()
        return judge_status(facts, edges.profile, Judge(edges.store, edges.catalogue, edges.clock()))


async def _ask(fast: FastDns, domain: DomainName) -> list[Plain | None]:
    return await fast.ask([f"{label}.{domain.ascii}" for label in LABELS])


class _Looking:
    """What a domain that is not plain needs besides: IPv6, the owners of addresses, the mail exchanger."""

    def __init__(self, work: Work, fast: FastDns) -> None:
        self._work, self._edges, self._fast = work, work.edges, fast
        self._owners = Owners(work)

    async def look(self, asked: DomainName, answers: list[Plain | None]) -> StatusFacts:
        """The facts of the domain; of the one above it where it has no rows of its own."""
        domain, above = asked, registrable_domain(asked)
        rows = await self._rows(domain, answers)
        if above and above != domain and has_no_rows(rows):
            domain, rows = above, await self._rows(above, await _ask(self._fast, above))
        await self._owners.identify(rows.values())
        mx, exchange = (None, None) if any(map(self._is_ours, rows.values())) else await self._exchange(domain)
        smtp = Row(DnsAnswer(f"smtp.{domain}", "A", Outcome.TIMEOUT, self._edges.clock()))
        dns = self._owners.sure_of(DnsFacts(domain.ascii, **rows, smtp=smtp, mx=mx, exchange=exchange))
        return StatusFacts(domain, dns, self._owners.known, asked=asked, is_probed=False, not_asked=NOT_ASKED)

    async def _rows(self, domain: DomainName, answers: list[Plain | None]) -> dict[str, Row]:
        names = [f"{label}.{domain}" for label in LABELS]
        return dict(zip(LABELS, await asyncio.gather(*map(self._row, names, answers)), strict=True))

    async def _row(self, name: str, plain: Plain | None) -> Row:
        if plain is None:
            ipv4 = await self._work.ask(name, "A")
        else:
            now = self._edges.clock()
            ipv4 = DnsAnswer(name, "A", plain.outcome, now, plain.chain, plain.values, plain.ttl)
        return Row(ipv4, await self._work.ask(name, "AAAA") if ipv4.outcome is Outcome.NO_DATA else None)

    def _is_ours(self, row: Row) -> bool:
        return isinstance(judge_row(row, self._edges.profile, self._owners.known), MailServer)

    async def _exchange(self, domain: DomainName) -> tuple[DnsAnswer, Row | None]:
        """The MX, and the addresses of the first exchanger where its name does not tell whose it is."""
        mx = await self._work.ask(domain.ascii, "MX")
        host = mx.values[0] if mx.values else ""
        if not is_host_name(host) or known_provider(host):
            return mx, None
        row = Row(*await asyncio.gather(self._work.ask(host, "A"), self._work.ask(host, "AAAA")))
        await self._owners.identify([row])
        return mx, self._owners.sure(row)
