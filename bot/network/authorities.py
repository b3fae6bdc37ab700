"""Asks a zone's own name servers, each one directly and without recursion: what holds from now on, past all caches.

authorities = Authorities(resolver, AddressGuard([]), clock=now)
told = await authorities.ask(domain, {"imap": "imap.example.cz"}, deadline=loop.time() + 3.0)
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

import dns.flags
import dns.name
import dns.rcode

from bot.domain import DomainName, is_dns_name, registrable_domain
from bot.facts import DnsAnswer, Outcome, Row
from bot.network.exchange import ASK_AUTHORITY, Failure, ask
from bot.network.guard import AddressGuard
from bot.network.name_servers import PORT, NameServerAddress
from bot.network.reading import RTYPES, Trail, to_text
from bot.network.tls_probe import Dial, dial_as_told
from bot.status.clock_facts import Kind, Source, Trouble

MOST_SERVERS = 8
"""Name servers of one zone that are asked; the root has thirteen, a customer two to four."""
SHARE_OF_FINDING = 0.4
"""The part of the time in which zone and addresses must be found."""
FAIR = 1.0
"""Seconds after which no answer is silence: the question went out twice by then."""
LATE = 0.25
"""Seconds after a deadline from which on it was this program that was late."""

Told = DnsAnswer | Trouble


class LooksUp(Protocol):
    """What is needed of a resolver."""

    async def look_up(self, name: str, rtype: str, *, deadline: float) -> DnsAnswer:
        """Ask one question."""


@dataclass(frozen=True, slots=True)
class Zone:
    """A zone and the host names of its name servers; "" and none where that could not be found out."""

    name: str = ""
    servers: tuple[str, ...] = ()


class Authorities:
    """Finds the name servers of zones and asks them. At most `limit` questions are under way.

    Only addresses that the guard allows are asked; `dial` turns an address and port into those that are connected to.
    """

    def __init__(
        self,
        resolver: LooksUp,
        guard: AddressGuard,
        *,
        clock: Callable[[], datetime],
        dial: Dial = dial_as_told,
        limit: int = 100,
    ) -> None:
        self._resolver, self._guard, self._clock, self._dial = resolver, guard, clock, dial
        self._slots = asyncio.Semaphore(limit)

    async def ask(
        self, domain: DomainName, hosts: Mapping[str, str], *, deadline: float
    ) -> tuple[str, tuple[Source, ...]]:
        """The domain's zone, and what each of its servers says of `hosts` (names by label). Ends by `deadline`.

        The zone is "" and there are no sources where it could not be found out who serves it.
        """
        now = asyncio.get_running_loop().time()
        found_by = now + SHARE_OF_FINDING * (deadline - now)
        zone = await self._find(domain, found_by)
        asking = (self._ask_server(server, zone.name, hosts, found_by, deadline) for server in zone.servers)
        return zone.name, tuple(await asyncio.gather(*asking))

    async def _find(self, domain: DomainName, deadline: float) -> Zone:
        """The zone that holds the domain: the nearest name upwards that has name servers."""
        names = tuple(_upwards(domain))
        answers = await asyncio.gather(*(self._resolver.look_up(name, "NS", deadline=deadline) for name in names))
        for answer in answers:
            if answer.outcome.is_unavailable:
                return Zone()  # a zone may begin here
            if answer.outcome is Outcome.FOUND and not answer.chain:
                return Zone(answer.name, answer.values[:MOST_SERVERS])
        return Zone()

    async def _ask_server(
        self, host: str, zone: str, hosts: Mapping[str, str], found_by: float, deadline: float
    ) -> Source:
        address = await self._address(host, found_by)
        if isinstance(address, Trouble):
            return Source(Kind.AUTHORITATIVE, host, trouble=address)
        if not self._guard.allows(address):
            return Source(Kind.AUTHORITATIVE, host, address, trouble=Trouble.NOT_PUBLIC)
        server = NameServerAddress(*self._dial(address, PORT))
        questions = [(zone, "SOA"), *((name, rtype) for name in hosts.values() for rtype in ("A", "AAAA"))]
        told = await asyncio.gather(*(self._question(server, *question, deadline) for question in questions))
        return self._source(host, address, hosts, dict(zip(questions, told, strict=True)))

    async def _address(self, host: str, deadline: float) -> str | Trouble:
        """One address: IPv4 where there is one, since this machine may have no IPv6."""
        if not is_dns_name(host):
            return Trouble.NO_ADDRESS
        asked = (self._resolver.look_up(host, rtype, deadline=deadline) for rtype in ("A", "AAAA"))
        answers = await asyncio.gather(*asked)
        addresses = [value for answer in answers for value in answer.values]
        if addresses:
            return addresses[0]
        is_open = any(answer.outcome.is_unavailable for answer in answers)
        return Trouble.NOT_ASKED if is_open else Trouble.NO_ADDRESS

    async def _question(self, server: NameServerAddress, name: str, rtype: str, deadline: float) -> Told:
        loop = asyncio.get_running_loop()
        asked_at = deadline
        try:
            async with asyncio.timeout_at(deadline), self._slots:
                asked_at = loop.time()
                reply = await ask(server, dns.name.from_text(name), RTYPES[rtype], urgent=False, flags=ASK_AUTHORITY)
        except TimeoutError:
            is_fair = deadline - asked_at >= FAIR and loop.time() < deadline + LATE
            return Trouble.SILENT if is_fair else Trouble.NOT_ASKED
        if isinstance(reply, Failure):
            return _trouble(reply)
        if not reply.flags & dns.flags.AA:
            return Trouble.NOT_AUTHORITATIVE
        trail = Trail(dns.name.from_text(name), RTYPES[rtype])
        trail.follow(reply)
        return self._answer(name, rtype, trail)

    def _answer(self, name: str, rtype: str, trail: Trail) -> DnsAnswer:
        """A chain that leaves the server's zones is found as far as it goes."""
        outcome, chain = trail.outcome or Outcome.FOUND, tuple(map(to_text, trail.chain))
        now = self._clock()
        return DnsAnswer(name, rtype, outcome, now, chain, trail.values, trail.ttl, link_ttls=trail.link_ttls)

    def _source(
        self, host: str, address: str, hosts: Mapping[str, str], told: Mapping[tuple[str, str], Told]
    ) -> Source:
        """It serves the zone if it knows where that starts, or that question was lost and another was answered."""
        start, *others = told.values()
        if isinstance(start, DnsAnswer) and not start.values:
            return Source(Kind.AUTHORITATIVE, host, address, trouble=Trouble.NOT_AUTHORITATIVE)
        if isinstance(start, Trouble) and all(isinstance(other, Trouble) for other in others):
            return Source(Kind.AUTHORITATIVE, host, address, trouble=start)
        rows = {
            label: Row(self._known(told, name, "A"), self._known(told, name, "AAAA")) for label, name in hosts.items()
        }
        serial = int(start.values[0].split()[2]) if isinstance(start, DnsAnswer) else None
        return Source(Kind.AUTHORITATIVE, host, address, rows, serial)

    def _known(self, told: Mapping[tuple[str, str], Told], name: str, rtype: str) -> DnsAnswer:
        answer = told[name, rtype]
        if isinstance(answer, DnsAnswer):
            return answer
        is_silent = answer in (Trouble.SILENT, Trouble.NOT_ASKED)
        outcome = Outcome.TIMEOUT if is_silent else Outcome.SERVFAIL
        return DnsAnswer(name, rtype, outcome, self._clock(), detail=answer.value)


def _upwards(domain: DomainName) -> Iterator[str]:
    """The domain and the names above it, as far as one can register names."""
    name, last = domain.ascii, registrable_domain(domain) or domain
    while name != last.ascii:
        yield name
        name = name.partition(".")[2]
    yield name


def _trouble(failure: Failure) -> Trouble:
    if failure.is_ours:
        return Trouble.NOT_ASKED
    if failure.rcode == dns.rcode.REFUSED:
        return Trouble.REFUSED
    return Trouble.SILENT if failure.rcode is None and failure.blames_server else Trouble.FAILS
