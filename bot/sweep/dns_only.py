"""Asks DNS for the rows of many domains: one question each for imap, mail and pop, and more only where it is odd."""

from __future__ import annotations

import asyncio
from functools import lru_cache

from bot.advice.mail_server import KnownAddresses, judge_row
from bot.answer import MailServer
from bot.domain import DomainName, is_host_name
from bot.facts import DnsAnswer, DnsFacts, Outcome, Row
from bot.lookup.edges import Edges, Work
from bot.lookup.owners import Owners
from bot.network.fast_dns import FastDns
from bot.network.wire import Plain
from bot.provider.known import known_provider
from bot.provider.profile import ServerName
from bot.reply.words import words
from bot.sweep.result import Json
from bot.sweep.rows import LABELS, judge_plain, judge_rows, status_json


class RowsOnly:
    """Answers the status of domains by their rows."""

    def __init__(self, edges: Edges, fast: FastDns, language: str) -> None:
        self._edges, self._fast, self._said = edges, fast, words(language)
        self._server = lru_cache(maxsize=1_000)(edges.profile.server)

    async def status(self, domain: DomainName) -> Json:
        """The server that the rows lead to, and what is wrong with them."""
        answers = await self._fast.ask([f"{label}.{domain.ascii}" for label in LABELS])
        now = self._edges.clock()
        judged = judge_plain(domain.ascii, answers, [self._server_of(answer) for answer in answers], now)
        if judged is None:
            facts, known = await self._collect(domain, answers)
            judged = judge_rows(facts, self._edges.profile, known)
        return status_json(domain, judged, self._said, now)

    def _server_of(self, answer: Plain | None) -> ServerName | None:
        return next(filter(None, map(self._server, answer.chain)), None) if answer else None

    async def _collect(self, domain: DomainName, answers: list[Plain | None]) -> tuple[DnsFacts, KnownAddresses]:
        work = Work(self._edges, fresh=False, may_probe=False)
        try:
            return await _Facts(work, domain.ascii).collect(answers)
        finally:
            work.close()


class _Facts:
    """What a domain that is not plain needs besides: IPv6, the owners of addresses, the mail exchanger."""

    def __init__(self, work: Work, domain: str) -> None:
        self._work, self._edges, self._domain = work, work.edges, domain
        self._owners = Owners(work)

    async def collect(self, answers: list[Plain | None]) -> tuple[DnsFacts, KnownAddresses]:
        found = await asyncio.gather(*map(self._row, LABELS, answers))
        await self._owners.identify(found)
        imap, mail, pop = found
        smtp = Row(DnsAnswer(f"smtp.{self._domain}", "A", Outcome.TIMEOUT, self._edges.clock()))
        mx, exchange = (None, None) if any(map(self._is_ours, found)) else await self._exchange()
        return DnsFacts(self._domain, imap, pop, mail, smtp, mx, exchange), self._owners.known

    async def _row(self, label: str, plain: Plain | None) -> Row:
        name = f"{label}.{self._domain}"
        if plain is None:
            ipv4 = await self._work.ask(name, "A")
        else:
            now = self._edges.clock()
            ipv4 = DnsAnswer(name, "A", plain.outcome, now, plain.chain, plain.values, plain.ttl)
        return Row(ipv4, await self._work.ask(name, "AAAA") if ipv4.outcome is Outcome.NO_DATA else None)

    def _is_ours(self, row: Row) -> bool:
        return isinstance(judge_row(row, self._edges.profile, self._owners.known), MailServer)

    async def _exchange(self) -> tuple[DnsAnswer, Row | None]:
        """The MX, and the addresses of the first exchanger where its name does not tell whose it is."""
        mx = await self._work.ask(self._domain, "MX")
        host = mx.values[0] if mx.values else ""
        if not is_host_name(host) or known_provider(host):
            return mx, None
        row = Row(*await asyncio.gather(self._work.ask(host, "A"), self._work.ask(host, "AAAA")))
        await self._owners.identify([row])
        return mx, row
