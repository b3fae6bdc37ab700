"""Keeps a sweep polite: few connections at once to one server, spread over time, and no knocking at closed doors."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta
from weakref import WeakValueDictionary

from bot.facts import Endpoint, Handshake, Hello, NoHandshake, Probe
from bot.lookup.edges import Probes
from bot.network.shared import ExpiringCache

AT_ONCE = 6
"""Connections to one server under way. Postfix starts a process for each, and agents need the server too."""
APART = 0.002
"""Seconds between two beginnings at one server."""
FAILURES = 2
"""Times that a port must be found closed or unreachable, one after the other, to be believed for a while."""
BELIEVED_FOR = timedelta(seconds=30)
KEPT_FOR = timedelta(days=1)
"""Longer than a sweep: what a server shows without SNI belongs to the server, and is measured once."""
KEPT = 1_000

_UNREACHABLE = ("port_refused", "port_timeout")
"""Problems before any word was said: they belong to the port, not to a domain."""
_PLAIN = ("tls_handshake_failed", "starttls_missing", "port_speaks_plain")
"""Problems that a server made plain: asking again without SNI would only repeat them."""
_LIFETIMES = dict.fromkeys(("", *_PLAIN), KEPT_FOR) | {"server_silent": BELIEVED_FOR}
"""How long what was seen without SNI holds, by the problem ("": none)."""


class ServerGate:
    """A prober that goes through a gate for each server. Put it into `Edges` in place of the prober."""

    def __init__(
        self, prober: Probes, *, clock: Callable[[], datetime], at_once: int = AT_ONCE, apart: float = APART
    ) -> None:
        self._prober, self._clock, self._at_once, self._apart = prober, clock, at_once, apart
        self._gates: WeakValueDictionary[str, _Gate] = WeakValueDictionary()
        self._turns: WeakValueDictionary[tuple[Endpoint, Hello], asyncio.Lock] = WeakValueDictionary()
        """Who sends no name asks for the same as others: one after the other, so that one is enough for all."""
        self._kept: ExpiringCache[tuple[Endpoint, Hello], Probe] = ExpiringCache(KEPT)
        self._failures: ExpiringCache[tuple[str, int], tuple[NoHandshake, ...]] = ExpiringCache(KEPT)

    async def probe(self, endpoint: Endpoint, hello: Hello, *, deadline: float, fresh: bool = False) -> Probe:
        """Connect once and shake hands, by `deadline` (loop time); a turn that comes later is `probe_not_made`."""
        if fresh or hello.sni is not None:
            return await self._pass(endpoint, hello, deadline, fresh=fresh)
        turn = self._turns.setdefault((endpoint, hello), asyncio.Lock())
        try:
            async with asyncio.timeout_at(deadline):
                await turn.acquire()
        except TimeoutError:
            return self._not_made(endpoint, hello)
        try:
            return await self._pass(endpoint, hello, deadline)
        finally:
            turn.release()

    async def _pass(self, endpoint: Endpoint, hello: Hello, deadline: float, *, fresh: bool = False) -> Probe:
        """Go through the gate and connect, unless the answer is known."""
        if not fresh and (known := self._known(endpoint, hello)):
            return known
        gate = self._gates.setdefault(endpoint.address, _Gate(self._at_once))
        loop = asyncio.get_running_loop()
        came_at = loop.time()
        try:
            async with asyncio.timeout_at(deadline):
                await gate.enter(self._apart)
        except TimeoutError:
            return self._not_made(endpoint, hello)
        try:  # it may have become known while this one waited
            known, entered_at = None if fresh else self._known(endpoint, hello), loop.time()
            probe = known or await self._prober.probe(endpoint, hello, deadline=deadline, fresh=fresh)
        finally:
            gate.leave()
        if _is_over(probe) and entered_at - came_at > deadline - entered_at:
            return self._not_made(endpoint, hello)  # most of its time went by in here
        return self._learnt(probe)

    def _not_made(self, endpoint: Endpoint, hello: Hello) -> NoHandshake:
        return NoHandshake(endpoint, hello, self._clock(), "probe_not_made", "too many probes of this server")

    def _known(self, endpoint: Endpoint, hello: Hello) -> Probe | None:
        now = self._clock()
        failures = self._failures.get((endpoint.address, endpoint.port), now) or ()
        if len(failures) >= FAILURES:
            last = failures[-1]
            return NoHandshake(endpoint, hello, last.seen_at, last.problem, last.detail)
        return self._kept.get((endpoint, hello), now) if hello.sni is None else None

    def _learnt(self, probe: Probe) -> Probe:
        port, now = (probe.endpoint.address, probe.endpoint.port), self._clock()
        problem = probe.problem if isinstance(probe, NoHandshake) else ""
        failures = self._failures.get(port, now) or ()
        if isinstance(probe, Handshake):
            self._failures.put(port, (), now, timedelta())  # forgotten
        elif problem in _UNREACHABLE and len(failures) < FAILURES:
            self._failures.put(port, (*failures, probe), now, BELIEVED_FOR)
        if probe.hello.sni is None:
            self._kept.put((probe.endpoint, probe.hello), probe, now, _LIFETIMES.get(problem, timedelta()))
        return probe


def _is_over(probe: Probe) -> bool:
    return isinstance(probe, NoHandshake) and probe.problem in ("port_timeout", "server_silent")


class _Gate:
    """The gate before one server."""

    def __init__(self, at_once: int) -> None:
        self._slots = asyncio.Semaphore(at_once)
        self._next = 0.0

    async def enter(self, apart: float) -> None:
        """Wait for a slot, and then for the moment."""
        await self._slots.acquire()
        try:
            now = asyncio.get_running_loop().time()
            self._next = max(now, self._next + apart)
            if self._next > now:
                await asyncio.sleep(self._next - now)
        except BaseException:
            self._slots.release()
            raise

    def leave(self) -> None:
        """Let the next one in."""
        self._slots.release()
