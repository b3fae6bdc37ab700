"""A zone's own name servers, asked directly on loopback: what they say, and who of them does not serve the zone."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from ipaddress import ip_network

import pytest

from bot.compose import now
from bot.domain import DomainName
from bot.facts import Outcome
from bot.network.authorities import Authorities
from bot.network.guard import AddressGuard
from bot.network.resolver import NameServerAddress, Resolver
from bot.playground.names import Fault, NameServer, Refused, ServFail, Silent
from bot.playground.zone import Zone
from bot.status.clock_facts import Source, Trouble
from tests.fakes.names import Garbage, OnlyZones, TcpSilent, Truncated

EXAMPLE = DomainName("example.cz", "example.cz")
HOSTS = {"imap": "imap.example.cz", "mail": "mail.example.cz"}
SOA = "ns1.dns.cz. host.dns.cz. {serial} 3600 600 86400 60"


def zone(serial: int, number: int = 8) -> Zone:
    """The customer's zone, whose rows lead to a mail server in another one."""
    return {
        "example.cz": {"SOA": SOA.format(serial=serial), "NS": ["ns1.dns.cz", "ns2.dns.cz"]},
        "imap.example.cz": {"TTL": 600, "CNAME": f"mail{number}.skok.cz"},
        "mail.example.cz": {"TTL": 60, "A": ["127.0.1.8"]},
    }


@dataclass
class Dns:
    """A resolver, and name servers that it knows addresses for; each really listens on a port of its own."""

    stack: AsyncExitStack
    resolver: NameServer
    ports: dict[str, tuple[str, int]] = field(default_factory=dict)

    async def add(self, name: str, zone: Zone, fault: Fault | None = None) -> NameServer:
        """One more name server, at the next address."""
        address = f"127.0.2.{len(self.ports) + 1}"
        server = await self.stack.enter_async_context(NameServer(zone, host=address))
        server.fault = fault or OnlyZones(("example.cz",))
        self.ports[address] = server.address
        self.resolver.zone = {**self.resolver.zone, name: {"A": [address]}}
        return server

    async def ask(self, within: float = 5.0, allowed: str = "127.0.0.0/8", domain: DomainName = EXAMPLE,
                  hosts: Mapping[str, str] = HOSTS) -> tuple[str, dict[str, Source]]:  # fmt: skip
        """What all of them say."""
        guard = AddressGuard([ip_network(allowed)])
        resolver = Resolver([NameServerAddress(*self.resolver.address)], clock=now)
        authorities = Authorities(
            resolver, guard, clock=now, dial=lambda address, port: self.ports.get(address, (address, port))
        )
        deadline = asyncio.get_running_loop().time() + within
        found, sources = await authorities.ask(domain, hosts, deadline=deadline)
        return found, {source.name: source for source in sources}


@pytest.fixture
async def dns(name_server: NameServer) -> AsyncIterator[Dns]:
    """A resolver that names two servers for the zone."""
    name_server.zone = {"example.cz": {"NS": ["ns1.dns.cz", "ns2.dns.cz"]}}
    async with AsyncExitStack() as stack:
        yield Dns(stack, name_server)


async def test_each_server_is_asked_for_itself(dns: Dns) -> None:
    """What it says and its serial; the chain goes as far as its zone, with the life of its link."""
    first = await dns.add("ns1.dns.cz", zone(2, 12))
    await dns.add("ns2.dns.cz", zone(1, 8))
    found, sources = await dns.ask()
    assert (found, [source.serial for source in sources.values()]) == ("example.cz", [2, 1])
    new, old = (sources[name].rows for name in ("ns1.dns.cz", "ns2.dns.cz"))
    assert (new["imap"].chain, old["imap"].chain) == (("mail12.skok.cz",), ("mail8.skok.cz",))
    assert (new["imap"].outcome, new["imap"].addresses, new["imap"].ipv4.link_ttls) == (Outcome.FOUND, (), (600,))
    assert (new["mail"].outcome, new["mail"].addresses, new["mail"].ipv4.ttl) == (Outcome.FOUND, ("127.0.1.8",), 60)
    assert {question.rtype for question in first.questions} == {"SOA", "A", "AAAA"}
    assert not any(question.transport == "tcp" for question in first.questions)


async def test_the_zone_is_looked_for_upwards(dns: Dns) -> None:
    """A sub-domain without name servers of its own belongs to the zone above; a CNAME is no zone."""
    await dns.add("ns1.dns.cz", zone(1))
    dns.resolver.zone = {**dns.resolver.zone, "a.b.example.cz": {"CNAME": "example.cz"}}
    found, sources = await dns.ask(domain=DomainName("a.b.example.cz", "a.b.example.cz"))
    assert (found, sources["ns1.dns.cz"].serial) == ("example.cz", 1)


@pytest.mark.parametrize(
    ("fault", "trouble"),
    [
        (Refused(), Trouble.REFUSED),
        (OnlyZones(("elsewhere.cz",)), Trouble.REFUSED),
        (ServFail(), Trouble.FAILS),
        (Garbage(), Trouble.SILENT),
        (Silent(), Trouble.SILENT),
        (TcpSilent(), Trouble.SILENT),
        (OnlyZones(("example.cz",), is_authoritative=False), Trouble.NOT_AUTHORITATIVE),
    ],
    ids=repr,
)
async def test_a_server_that_does_not_serve_the_zone(dns: Dns, fault: Fault, trouble: Trouble) -> None:
    """It is named with what it did, and the other one's answer stands."""
    await dns.add("ns1.dns.cz", zone(1), fault)
    await dns.add("ns2.dns.cz", zone(1))
    _, sources = await dns.ask(within=2.0)
    assert (sources["ns1.dns.cz"].trouble, sources["ns1.dns.cz"].rows) == (trouble, {})
    assert sources["ns2.dns.cz"].rows["imap"].chain == ("mail8.skok.cz",)


async def test_a_server_of_the_zone_above_alone(dns: Dns) -> None:
    """It speaks with authority, and does not know where the zone begins."""
    await dns.add("ns1.dns.cz", {"cz": {"TXT": "x"}}, OnlyZones(("cz",)))
    _, sources = await dns.ask()
    assert sources["ns1.dns.cz"].trouble is Trouble.NOT_AUTHORITATIVE


async def test_silence_needs_a_fair_time(dns: Dns) -> None:
    """In too short a time nothing is known about the server; nor where the name server has no open port for sure."""
    await dns.add("ns1.dns.cz", zone(1), Silent())
    _, sources = await dns.ask(within=0.3)
    assert sources["ns1.dns.cz"].trouble is Trouble.NOT_ASKED


async def test_nobody_listens(dns: Dns) -> None:
    """The machine is there, and no name server on it."""
    server = await dns.add("ns1.dns.cz", zone(1))
    await server.__aexit__(None, None, None)
    dns.stack.pop_all()
    _, sources = await dns.ask()
    assert sources["ns1.dns.cz"].trouble is Trouble.SILENT


async def test_our_own_network_says_nothing_about_the_server(dns: Dns) -> None:
    """An address that this machine cannot send to."""
    dns.resolver.zone = {**dns.resolver.zone, "ns1.dns.cz": {"A": ["127.0.2.1"]}}
    dns.ports["127.0.2.1"] = ("127.255.255.255", 53)  # a broadcast, which the kernel forbids
    _, sources = await dns.ask()
    assert sources["ns1.dns.cz"].trouble is Trouble.NOT_ASKED


async def test_only_allowed_addresses_are_asked(dns: Dns) -> None:
    """A name server inside somebody's own network is not asked."""
    server = await dns.add("ns1.dns.cz", zone(1))
    _, sources = await dns.ask(allowed="127.9.0.0/16")
    assert (sources["ns1.dns.cz"].trouble, sources["ns1.dns.cz"].address) == (Trouble.NOT_PUBLIC, "127.0.2.1")
    assert not server.questions


async def test_a_name_server_without_an_address(dns: Dns) -> None:
    """Known not to be is lame; not found out is not held against it; an odd name has none."""
    dns.resolver.zone = {"example.cz": {"NS": ["ns1.dns.cz", "ns2.dns.cz", "*.dns.cz"]}}
    dns.resolver.faults["ns2.dns.cz"] = ServFail()
    _, sources = await dns.ask()
    assert {name: source.trouble for name, source in sources.items()} == {
        "*.dns.cz": Trouble.NO_ADDRESS,
        "ns1.dns.cz": Trouble.NO_ADDRESS,
        "ns2.dns.cz": Trouble.NOT_ASKED,
    }


@pytest.mark.parametrize("fault", [ServFail(), Silent(), None])
async def test_a_zone_that_cannot_be_found(dns: Dns, fault: Fault | None) -> None:
    """No zone and no servers: neither the resolver's fault nor its "no" is read as another zone above."""
    dns.resolver.zone = {"cz": {"NS": "ns1.dns.cz"}}
    if fault:
        dns.resolver.faults["example.cz"] = fault
    assert await dns.ask(within=0.5) == ("", {})


async def test_answers_too_long_for_a_datagram(dns: Dns) -> None:
    """Come over TCP."""
    server = await dns.add("ns1.dns.cz", zone(7), Truncated())
    server.fault = TruncatedAuthority(("example.cz",))
    _, sources = await dns.ask()
    assert (sources["ns1.dns.cz"].serial, sources["ns1.dns.cz"].rows["imap"].chain) == (7, ("mail8.skok.cz",))
    assert {question.transport for question in server.questions} == {"udp", "tcp"}


class TruncatedAuthority(OnlyZones):
    """An authoritative server whose answers never fit into a datagram."""

    async def packets(self, exchange):
        honest = await super().packets(exchange)
        return honest if exchange.transport == "tcp" else await Truncated().packets(exchange)


async def test_what_a_server_did_not_say_stays_open(dns: Dns) -> None:
    """One row fails, one is silent, the start of the zone is lost: the rest is told, and the rows are not missing."""
    server = await dns.add("ns1.dns.cz", zone(1))
    server.faults["example.cz"] = Silent()
    server.faults["imap.example.cz"] = ServFail()
    server.faults["mail.example.cz", "AAAA"] = Silent()
    _, sources = await dns.ask(within=2.0)
    source = sources["ns1.dns.cz"]
    assert (source.trouble, source.serial) == (None, None)
    assert source.rows["imap"].outcome is Outcome.SERVFAIL
    assert [answer.outcome for answer in source.rows["mail"].answers] == [Outcome.FOUND, Outcome.TIMEOUT]


async def test_no_socket_is_left_open(dns: Dns) -> None:
    """After answers and silence alike."""
    before = len(os.listdir("/proc/self/fd"))
    for fault in (None, Silent(), TcpSilent()):
        await dns.add(f"ns{len(dns.ports) + 1}.dns.cz", zone(1), fault)
    opened = 2 * len(dns.ports)
    await dns.ask(within=0.5)
    await asyncio.sleep(0.05)  # the name servers close their side of the TCP connections
    assert len(os.listdir("/proc/self/fd")) == before + opened
