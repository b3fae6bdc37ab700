"""One request on its way: which domain, which server, and then what its ports show."""

from __future__ import annotations

import asyncio
from dataclasses import replace

from bot.advice.diagnosis import diagnose
from bot.advice.mail_server import find_mail_server, judge_row
from bot.advice.settings import Seen, settle
from bot.advice.sight import Judge
from bot.answer import MailServer, Note, Outcome, Refusal
from bot.domain import DomainName
from bot.facts import Outcome as DnsOutcome
from bot.facts import Row
from bot.lookup.edges import Work, result_or_none
from bot.lookup.owners import Owners
from bot.lookup.ports import Ports
from bot.lookup.rows import Rows, choose_rows
from bot.request import SettingsRequest

GRACE = 0.3
"""Seconds that optional parts may take once everything an answer needs is there."""


class Inquiry:
    """Answers one request by the edges' work."""

    def __init__(self, work: Work, request: SettingsRequest) -> None:
        self._work, self._edges, self._request = work, work.edges, request
        self._owners = Owners(work)

    async def answer(self) -> Outcome:
        """Settings, or why there are none."""
        rows = await choose_rows(self._ask_for(self._request.domain), self._ask_for)
        exchange = self._work.start(self._owners.look_up_exchange(rows))
        server = await self._find_server(rows, exchange)
        if isinstance(server, Note):
            refusal = Refusal(rows.domain, server, self._edges.clock(), self._request.report)
            return replace(refusal, diagnosis=diagnose(refusal, self._edges.profile))
        self._owners.learn(server)
        return await self._settle(rows, server, exchange)

    def _ask_for(self, domain: DomainName) -> Rows:
        return Rows(domain, self._work.ask, self._edges.profile, self._request.protocol, ipv6=True)

    async def _settle(self, rows: Rows, server: MailServer, exchange: asyncio.Task[Row | None]) -> Outcome:
        ports = Ports(self._work, self._request, self._owners, rows, server)
        client = self._request.client.client if self._request.client else None
        incoming = self._work.start(ports.see_receiving()) if client is None or client.receives else None
        second = self._work.start(ports.see_second_port(incoming))
        worst_case = self._work.start(ports.see_worst_case())
        seen_out = await self._work.start(ports.see_sending())
        seen_in = await incoming if incoming else None
        await self._work.wait([*rows.waiting, exchange, worst_case, second], GRACE)
        edges, now = self._edges, self._edges.clock()
        seen = Seen(
            domain=rows.domain,
            dns=rows.so_far(result_or_none(exchange), now),
            known=self._owners.known,
            server=server,
            incoming=seen_in,
            outgoing=seen_out,
            second=result_or_none(second),
            worst_case=result_or_none(worst_case),
        )
        return settle(self._request, seen, edges.profile, Judge(edges.store, edges.catalogue, now))

    async def _find_server(self, rows: Rows, exchange: asyncio.Task[Row | None]) -> MailServer | Note:
        """The server by the protocol's own row alone where that is enough, else by everything DNS says."""
        labels = self._edges.profile.rows[self._request.protocol]
        first = await rows.of(rows.host(labels[0]))
        await self._owners.identify([first])
        verdict = judge_row(first, self._edges.profile, self._owners.known)
        if isinstance(verdict, MailServer):
            return verdict
        everything = await rows.labelled()
        await self._owners.identify(everything.values())
        if not any(everything[label].outcome is DnsOutcome.FOUND for label in labels):
            await exchange
        facts = self._owners.sure_of(rows.so_far(result_or_none(exchange), self._edges.clock()))
        return find_mail_server(facts, self._request.protocol, self._edges.profile, self._owners.known)
