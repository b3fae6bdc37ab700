"""An answer with nothing cached, at a distance of 20 ms: ours beside a bare program that makes the same exchanges."""

from __future__ import annotations

import asyncio
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from bench.bare import Bare
from bench.delay import FAR_DNS, FAR_MAIL, FAR_ZONE_DNS
from bench.far import DOMAIN
from bench.real import CA_FILE
from bench.scene import question
from bench.table import Line, in_turn, print_table
from bot.answer import SettingsAnswer
from bot.compose import Parts, now
from bot.config import read_config
from bot.domain import DomainName
from bot.facts import DnsAnswer, Endpoint, Hello, Outcome, Probe
from bot.lookup import Lookup
from bot.lookup.clock import PUBLIC_NAMES, NamedResolver
from bot.lookup.edges import Probes
from bot.lookup.sides import Sides
from bot.lookup.status import StatusLookup
from bot.network.authorities import Authorities
from bot.network.guard import AddressGuard
from bot.network.resolver import NameServerAddress, Resolver
from bot.status.clock import State
from bot.status.model import Verdict
from tests.real.world import open_folder

RTT = 20.0
ROUNDS = 25
CLIENT = "thunderbird-78"


def _environment(ca_file: Path) -> dict[str, str]:
    """The settings that point a bot to the far end."""
    return {
        "MAILBOT_DNS_SERVERS": FAR_DNS,
        "MAILBOT_CA_FILE": str(ca_file),
        "MAILBOT_ALLOW_NETWORKS": "198.18.0.0/15",
    }


class Watched:
    """A prober that notes when the last connection to a port was through."""

    def __init__(self, prober: Probes) -> None:
        self._prober = prober
        self.last: dict[int, float] = {}

    async def probe(self, endpoint: Endpoint, hello: Hello, *, deadline: float, fresh: bool = False) -> Probe:
        """Make one connection, and look at the clock."""
        probe = await self._prober.probe(endpoint, hello, deadline=deadline, fresh=fresh)
        self.last[endpoint.port] = time.perf_counter()
        return probe


class Ours:
    """The product's own parts; the process has answered before, but nothing of what it saw is used."""

    def __init__(self, ca_file: Path) -> None:
        lookup, self._request = question(_environment(ca_file), f"{DOMAIN} {CLIENT}")
        self._watched = Watched(lookup.edges.prober)
        self._lookup = Lookup(replace(lookup.edges, prober=self._watched))

    async def run(self) -> tuple[float, float]:
        """Milliseconds until the receiving half was seen, and until the answer was there."""
        start = time.perf_counter()
        answer = await self._lookup.settings(self._request, fresh=True)
        end = time.perf_counter()
        assert isinstance(answer, SettingsAnswer)
        assert answer.verified
        return (self._watched.last[993] - start) * 1000, (end - start) * 1000


class Delegating:
    """Our resolver, after the same round trips telling of the zone's name server too: Knot in its stead cannot."""

    def __init__(self, resolver: Resolver) -> None:
        self._resolver = resolver

    async def look_up(self, name: str, rtype: str, *, deadline: float) -> DnsAnswer:
        """Ask one question."""
        answer = await self._resolver.look_up(name, rtype, deadline=deadline, fresh=True)
        told = {(DOMAIN, "NS"): "ns.example", ("ns.example", "A"): FAR_ZONE_DNS}.get((name, rtype))
        return replace(answer, outcome=Outcome.FOUND, values=(told,)) if told else answer


class OurStatus:
    """The same for a domain's status, as one that came first on its server: nothing is in a cache.

    From the sides too, with as many public resolvers as are asked by default.
    """

    def __init__(self, ca_file: Path) -> None:
        parts = Parts(read_config(_environment(ca_file))[0])
        authorities = Authorities(Delegating(parts.resolver), AddressGuard(parts.config.allow_networks), clock=now)
        far = NameServerAddress(FAR_DNS)
        public = [NamedResolver("", FAR_DNS, Resolver([far], clock=now, cache_size=0)) for _ in PUBLIC_NAMES]
        clock = replace(parts.clock_lookup, authorities=authorities, public=public)
        self._lookup = StatusLookup(parts.edges, Sides(clock, parts.around_lookup))

    async def run(self) -> tuple[float, float]:
        """Milliseconds until the core was seen, and until everything was."""
        start = time.perf_counter()
        async with self._lookup.begin(DomainName(DOMAIN, DOMAIN), fresh=True) as inquiry:
            core = await inquiry.core()
            seen = time.perf_counter()
            whole = await inquiry.whole()
        assert core.verdict is whole.verdict is Verdict.WORKS, whole.findings
        assert whole.clock is not None
        assert (whole.clock.state, whole.findings) == (State.SETTLED, ())
        return (seen - start) * 1000, (time.perf_counter() - start) * 1000


@contextmanager
def servers_at_a_distance(milliseconds: float) -> Iterator[Path]:
    """Real servers behind the delay; gives the folder with their CA file."""
    with open_folder() as folder:
        command = [sys.executable, "-m", "bench.delay", str(milliseconds), str(folder)]
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as wire:
            assert wire.stdout is not None
            if wire.stdout.readline() != b"ready\n":
                raise RuntimeError("the servers behind the delay did not start")
            yield folder
            wire.communicate()


def connect_time() -> float:
    """Milliseconds of one TCP connection: one round trip."""
    start = time.perf_counter()
    with socket.create_connection((FAR_MAIL, 993)):
        return (time.perf_counter() - start) * 1000


async def _measure(folder: Path) -> None:
    ours, bare = Ours(folder / CA_FILE), Bare(FAR_DNS, DOMAIN, folder / CA_FILE)
    status = OurStatus(folder / CA_FILE)
    measured = await in_turn(ROUNDS, ours.run, bare.run, status.run)
    (received, answered), (bare_received, bare_answered), (core, whole) = measured
    print_table(
        f"Nothing cached, round trip {min(connect_time() for _ in range(5)):.1f} ms, medians of {ROUNDS}",
        [
            Line("receiving half: limit 3 round trips", received, "ms", 3 * RTT, "ms limit", goal=70),
            Line("receiving half: bare program", received, "ms", bare_received, "ms bare"),
            Line("whole answer: limit 6 round trips", answered, "ms", 6 * RTT, "ms limit", goal=135),
            Line("whole answer: bare program", answered, "ms", bare_answered, "ms bare"),
            Line("status, core: limit 6 round trips", core, "ms", 6 * RTT, "ms limit", goal=135),
            Line("status, everything and from all sides", whole, "ms", core, "ms core", goal=600),
        ],
    )


def run() -> None:
    """Measure and print."""
    with servers_at_a_distance(RTT) as folder:
        asyncio.run(_measure(folder))
