"""Makes one TLS connection to a mail server and reports what it showed. Nothing is verified here.

prober = Prober(AddressGuard([]), clock=now)
probe = await prober.probe(endpoint, Hello("mail.example.cz"), deadline=loop.time() + 5.0)
"""

from __future__ import annotations

import asyncio
import math
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from weakref import WeakValueDictionary

from bot.facts import Certificate, Endpoint, Handshake, Hello, NoHandshake, Probe
from bot.network.attempt import Attempt, Seen, Unmade
from bot.network.guard import AddressGuard
from bot.network.shared import ExpiringCache, Flights, landed
from bot.network.turns import Turns

KEPT_WITHOUT_SNI = timedelta(hours=1)
"""What a server shows without SNI belongs to the server, not to a domain."""
KEPT_WITH_SNI = timedelta(minutes=10)
LARGEST_KEPT = 16_384
"""Bytes of a chain that is kept: with `cache_size` the bound of the memory that hostile servers can fill."""
FAIR = 0.08
"""Seconds that a server must have had before its silence counts; the rest was spent waiting for a slot."""
LATE = 0.25
"""Seconds after a deadline from which on it was this program that was late."""

Dial = Callable[[str, int], tuple[str, int]]


def dial_as_told(address: str, port: int) -> tuple[str, int]:
    """Connect to where it says."""
    return address, port


class Prober:
    """Probes endpoints, at most `limit` at once and `per_address` at one address; a handshake is kept a while.

    `dial` turns the address and port that are told into those that are connected to. `name` is what SMTP
    servers are greeted with (RFC 5321, 4.1.3: an address literal for who has no name).
    """

    def __init__(
        self,
        guard: AddressGuard,
        *,
        clock: Callable[[], datetime],
        dial: Dial = dial_as_told,
        limit: int = 64,
        per_address: int = 8,
        cache_size: int = 1_000,
        name: str = "[127.0.0.1]",
    ) -> None:
        self._guard, self._clock, self._dial, self._name = guard, clock, dial, name
        self._slots, self._turns = _Slots(limit, per_address), Turns()
        self._cache: ExpiringCache[tuple[Endpoint, Hello], Handshake] = ExpiringCache(cache_size)
        self._flights: Flights[tuple[Endpoint, Hello], _Probing] = Flights()
        self._certificates: WeakValueDictionary[bytes, Certificate] = WeakValueDictionary()

    async def probe(self, endpoint: Endpoint, hello: Hello, *, deadline: float, fresh: bool = False) -> Probe:
        """Connect once and shake hands, by `deadline` (loop time, seconds). `fresh` connects even if known.

        Raises ValueError for a hello that leaves no TLS version.
        """
        if not self._guard.allows(endpoint.address):
            return self._unmade(endpoint, hello, Unmade("address_not_public"))
        key = (endpoint, hello)
        if not fresh and (known := self._cache.get(key, self._clock())) is not None:
            return known
        with self._flights.join(key, lambda: _Probing(self, endpoint, hello)) as flight:
            flight.work.until = max(flight.work.until, deadline)
            try:
                async with asyncio.timeout_at(deadline):
                    probe: Probe = await landed(flight)
                    return probe
            except TimeoutError:
                return self._unmade(endpoint, hello, flight.work.reason_if_over(deadline))

    def _unmade(self, endpoint: Endpoint, hello: Hello, why: Unmade) -> NoHandshake:
        return NoHandshake(endpoint, hello, self._clock(), why.problem, why.detail)

    def _made(self, endpoint: Endpoint, hello: Hello, seen: Seen) -> Handshake:
        now = self._clock()
        chain = tuple(self._certificates.setdefault(der, Certificate(der)) for der in seen.chain)
        handshake = Handshake(endpoint, hello, now, seen.tls_version, chain)
        if sum(map(len, seen.chain)) <= LARGEST_KEPT:
            lifetime = KEPT_WITHOUT_SNI if hello.sni is None else KEPT_WITH_SNI
            self._cache.put((endpoint, hello), handshake, now, lifetime)
        return handshake


class _Probing:
    """One probe under way, on behalf of everybody who waits for it."""

    def __init__(self, prober: Prober, endpoint: Endpoint, hello: Hello) -> None:
        self._prober, self._endpoint, self._hello = prober, endpoint, hello
        self._attempt = Attempt(endpoint, hello, prober._dial, prober._name, prober._turns)
        self._began, self.until = math.inf, -math.inf

    async def run(self) -> Probe:
        """Wait for a slot and connect."""
        async with self._prober._slots.hold(self._endpoint.address):
            began = asyncio.get_running_loop().time()
            if self.until - began < FAIR:  # nobody waits long enough for an answer any more
                return self._prober._unmade(self._endpoint, self._hello, self._attempt.if_over)
            self._began = began
            seen = await self._attempt.make()
        if isinstance(seen, Unmade):
            return self._prober._unmade(self._endpoint, self._hello, seen)
        return self._prober._made(self._endpoint, self._hello, seen)

    def reason_if_over(self, deadline: float) -> Unmade:
        """Why there is no handshake when the time is over now."""
        if asyncio.get_running_loop().time() > deadline + LATE:
            return Unmade("probe_not_made", "this program was too busy")
        if deadline - self._began < FAIR:
            return Unmade("probe_not_made", "too many probes at once")
        return self._attempt.if_over


class _Slots:
    """Bounds the connections: those to one address first, so that a slow server holds no more than its share."""

    def __init__(self, limit: int, per_address: int) -> None:
        self._all = asyncio.Semaphore(limit)
        self._per_address = per_address
        self._by_address: WeakValueDictionary[str, asyncio.Semaphore] = WeakValueDictionary()

    @asynccontextmanager
    async def hold(self, address: str) -> AsyncIterator[None]:
        """Wait for a slot and keep it inside the block."""
        own = self._by_address.setdefault(address, asyncio.Semaphore(self._per_address))
        async with own, self._all:
            yield
