"""Asks DNS: several resolvers with fail-over, one cache, equal questions once.

resolver = Resolver(system_name_servers(), clock=now)
answer = await resolver.look_up("mail.example.cz", "A", deadline=loop.time() + 2.0)
"""

from __future__ import annotations

import asyncio
import ipaddress
from collections.abc import Callable, Coroutine, Sequence
from datetime import datetime, timedelta
from typing import Any, Generic

import dns.flags
import dns.message
import dns.name
import dns.rdatatype

from bot.domain import is_dns_name
from bot.facts import DnsAnswer, Outcome
from bot.network.exchange import ASK_RESOLVER, Failure, R, ask, ask_plainly
from bot.network.name_servers import NameServerAddress, parse_name_server, system_name_servers
from bot.network.reading import RTYPES, Trail, to_text
from bot.network.shared import ExpiringCache, Flights, landed
from bot.network.wire import TYPES, Plain, question_for

__all__ = ["NameServerAddress", "Resolver", "parse_name_server", "system_name_servers"]

LONGEST_KEPT = timedelta(days=1)
LONGEST_DENIAL_KEPT = timedelta(minutes=5)
Asking = Callable[[NameServerAddress], Coroutine[Any, Any, R | Failure]]
"""Puts one question to a server."""
ASKED_LAST_FOR = 30.0
"""Seconds for which a resolver that failed or lagged is asked after the others."""


class Resolver:
    """Looks names up at recursive resolvers, given in order of preference.

    `patience` is how many seconds a resolver may take before the next one is asked too. At most `limit`
    questions are under way: with more, a busy loop would read answers late and report time-outs of its own.
    `unchecked` asks for answers even where their DNSSEC signatures do not hold (CD, RFC 4035).
    """

    def __init__(
        self,
        servers: Sequence[NameServerAddress],
        *,
        clock: Callable[[], datetime],
        patience: float = 0.25,
        limit: int = 100,
        cache_size: int = 6_000,
        unchecked: bool = False,
    ) -> None:
        self._flags = ASK_RESOLVER | (int(dns.flags.CD) if unchecked else 0)
        self._servers = _Servers(tuple(servers), patience)
        self._clock = clock
        self._slots = asyncio.Semaphore(limit)
        self._cache: ExpiringCache[tuple[str, str], DnsAnswer] = ExpiringCache(cache_size)
        self._flights: Flights[tuple[str, str], _Question] = Flights()

    async def look_up(
        self, name: str, rtype: str, *, deadline: float, fresh: bool = False, urgent: bool = True
    ) -> DnsAnswer:
        """The records of a name (lower-case A-labels, no final dot), of one of the types of `RTYPES`.

        Ends by `deadline` (loop time, seconds). `fresh` asks even if the cache knows. An answer that is not
        `urgent` is read a few milliseconds after it came, so that urgent ones are acted on first. Raises
        ValueError for what is no name or type.
        """
        if rtype not in RTYPES or not is_dns_name(name):
            raise ValueError(f"not a DNS question: {name!r} {rtype!r}")
        key = (name, rtype)
        if not fresh and (known := self._cache.get(key, self._clock())) is not None:
            return known
        with self._flights.join(key, lambda: _Question(self, name, rtype, urgent)) as flight:
            try:
                async with asyncio.timeout_at(deadline):
                    answer: DnsAnswer = await landed(flight)
                    return answer
            except TimeoutError:
                return flight.work.answer(Outcome.TIMEOUT, flight.work.progress)

    async def look_up_ptr(self, address: str, *, deadline: float, fresh: bool = False) -> DnsAnswer:
        """The host names of an address. Raises ValueError for what is no address."""
        name = ipaddress.ip_address(address).reverse_pointer
        return await self.look_up(name, "PTR", deadline=deadline, fresh=fresh)

    def _keep(self, answer: DnsAnswer) -> None:
        if not answer.outcome.is_unavailable:
            longest = LONGEST_KEPT if answer.outcome is Outcome.FOUND else LONGEST_DENIAL_KEPT
            lifetime = min(timedelta(seconds=answer.ttl), longest)
            self._cache.put((answer.name, answer.rtype), answer, answer.seen_at, lifetime)


class _Question:
    """One question on its way along the chain of names. `progress` says what it waits for."""

    def __init__(self, resolver: Resolver, name: str, rtype: str, urgent: bool) -> None:
        self._resolver, self._name, self._rtype, self._urgent = resolver, name, rtype, urgent
        self._trail: Trail | None = None
        self.progress = "too many questions at once"

    async def run(self) -> DnsAnswer:
        """Ask until the chain has an end; addresses mostly come at once, with the whole chain."""
        reply = await self._ask_first()
        if isinstance(reply, Plain):
            answer = self._plain(reply)
            self._resolver._keep(answer)
            return answer
        trail = self._trail = Trail(dns.name.from_text(self._name), RTYPES[self._rtype])
        while not isinstance(reply, str):
            trail.follow(reply)
            if trail.outcome is not None:
                answer = self.answer(trail.outcome, trail.detail)
                self._resolver._keep(answer)
                return answer
            reply = await self._ask_carefully(trail.end)
        return self.answer(Outcome.SERVFAIL, reply)

    async def _ask_first(self) -> Plain | dns.message.Message | str:
        if self._rtype not in TYPES:
            return await self._ask_carefully(dns.name.from_text(self._name))
        question, flags = question_for(self._name, self._rtype), self._resolver._flags
        return await self._ask(lambda server: ask_plainly(server, question, urgent=self._urgent, flags=flags))

    async def _ask_carefully(self, name: dns.name.Name) -> dns.message.Message | str:
        rtype, flags = RTYPES[self._rtype], self._resolver._flags
        return await self._ask(lambda server: ask(server, name, rtype, urgent=self._urgent, flags=flags))

    async def _ask(self, asking: Asking[R]) -> R | str:
        async with self._resolver._slots:
            self.progress = "no answer in time"
            return await self._resolver._servers.ask(asking)

    def _plain(self, said: Plain) -> DnsAnswer:
        outcome, chain, values, ttl, link_ttls, is_authenticated = said
        now = self._resolver._clock()
        return DnsAnswer(self._name, self._rtype, outcome, now, chain, values, ttl, "", link_ttls, is_authenticated)

    def answer(self, outcome: Outcome, detail: str) -> DnsAnswer:
        """What is known now."""
        trail, now = self._trail, self._resolver._clock()
        if trail is None:
            return DnsAnswer(self._name, self._rtype, outcome, now, detail=detail)
        chain = tuple(map(to_text, trail.chain))
        ttl = 0 if outcome.is_unavailable else trail.ttl
        return DnsAnswer(
            self._name,
            self._rtype,
            outcome,
            now,
            chain,
            trail.values,
            ttl,
            detail,
            trail.link_ttls,
            trail.is_authenticated and not outcome.is_unavailable,
        )


class _Servers:
    """Several resolvers that stand in for each other."""

    def __init__(self, servers: tuple[NameServerAddress, ...], patience: float) -> None:
        self._servers, self._patience = servers, patience
        self._last_until: dict[NameServerAddress, float] = {}

    async def ask(self, asking: Asking[R]) -> R | str:
        """The first good answer, or why there is none from any of them."""
        race = _Race[R]()
        try:
            for server in (servers := self._in_order()):
                race.enter(server, asking(server))
                answer = await race.winner(None if server is servers[-1] else self._patience)
                if answer is not None:
                    return answer
        finally:
            race.close()
            self._put_last(race.losers)
        return "; ".join(map(str, race.failures)) or "no name server is configured"

    def _in_order(self) -> list[NameServerAddress]:
        now = asyncio.get_running_loop().time()
        return sorted(self._servers, key=lambda server: self._last_until.get(server, 0.0) > now)

    def _put_last(self, servers: list[NameServerAddress]) -> None:
        until = asyncio.get_running_loop().time() + ASKED_LAST_FOR
        self._last_until.update(dict.fromkeys(servers, until))


class _Race(Generic[R]):
    """The resolvers that were asked one question. `losers` failed, or were overtaken by one asked later."""

    def __init__(self) -> None:
        self.failures: list[Failure] = []
        self.losers: list[NameServerAddress] = []
        self._running: dict[asyncio.Task[R | Failure], NameServerAddress] = {}

    def enter(self, server: NameServerAddress, asking: Coroutine[Any, Any, R | Failure]) -> None:
        """Start one more."""
        self._running[asyncio.ensure_future(asking)] = server

    async def winner(self, patience: float | None) -> R | None:
        """The first good answer; None when the next one should be asked: after `patience` or a failure."""
        while self._running:
            done, _ = await asyncio.wait(self._running, timeout=patience, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                server, reply = self._running.pop(task), task.result()
                if not isinstance(reply, Failure):
                    self.losers += self._running.values()
                    return reply
                self.failures.append(reply)
                self.losers += [server] if reply.blames_server else []
            if patience is not None:
                return None
        return None

    def close(self) -> None:
        """Stop waiting for the others."""
        for task in self._running:
            task.cancel()
