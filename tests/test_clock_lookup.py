"""The move clock's look at a domain, over real name servers on loopback: everybody at once, nothing kept."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

import pytest

from bot.compose import Parts
from bot.config import Config, HostPort, read_config
from bot.domain import DomainName
from bot.facts import Row
from bot.playground.names import NameServer, Silent
from bot.playground.zone import Zone
from bot.provider.profile import load_profile
from bot.status.clock import State, read_clock
from bot.status.clock_facts import LABELS, ClockFacts, Kind, Trouble
from tests.fakes.names import OnlyZones

EXAMPLE = DomainName("example.cz", "example.cz")
PROFILE = load_profile()
HOSTS: Zone = {"mail8.skok.cz": {"A": "127.0.1.8"}, "mail12.skok.cz": {"A": "127.0.1.12"}}


def customer(number: int, serial: int, ttl: int = 600) -> Zone:
    """A customer on a mail server."""
    rows: Zone = {
        f"{label}.example.cz": {"TTL": ttl, "CNAME": f"mail{number}.skok.cz"}
        for label in ("imap", "mail", "pop", "smtp")
    }
    soa = f"ns1.dns.cz. host.dns.cz. {serial} 3600 600 86400 60"
    return {"example.cz": {"SOA": soa, "NS": ["ns1.dns.cz", "ns2.dns.cz"]}, **rows}


async def our_rows(parts: Parts, domain: DomainName, deadline: float) -> dict[str, Row]:
    """The rows by the resolver of a bot, as a status has them."""

    async def row(label: str) -> Row:
        asked = (parts.resolver.look_up(f"{label}.{domain}", rtype, deadline=deadline) for rtype in ("A", "AAAA"))
        return Row(*await asyncio.gather(*asked))

    return dict(zip(LABELS, await asyncio.gather(*map(row, LABELS)), strict=True))


class World:
    """Two name servers of the zone, our resolver and a public one, and the parts of a bot that knows them."""

    def __init__(self, servers: dict[str, NameServer]) -> None:
        self.servers = servers
        ports = {"127.0.3.1": servers["ns1"].address, "127.0.3.2": servers["ns2"].address}
        config, _ = read_config(
            {
                "MAILBOT_DNS_SERVERS": str(HostPort(*servers["ours"].address)),
                "MAILBOT_PUBLIC_RESOLVERS": str(HostPort(*servers["public"].address)),
                "MAILBOT_ALLOW_NETWORKS": "127.0.0.0/8",
            }
        )
        self._config, self._ports = config, ports
        self.restart()

    def restart(self) -> None:
        """Parts that remember nothing."""
        self.parts = Parts(self._config, dial=lambda address, port: self._ports.get(address, (address, port)))

    def set(self, *, authorities: Zone, ours: Zone, public: Zone) -> None:
        """What each of them knows."""
        addresses: Zone = {"ns1.dns.cz": {"A": "127.0.3.1"}, "ns2.dns.cz": {"A": "127.0.3.2"}}
        self.servers["ns1"].zone = self.servers["ns2"].zone = authorities
        self.servers["ours"].zone = {**ours, **HOSTS, **addresses}
        self.servers["public"].zone = {**public, **HOSTS}

    async def look(self, within: float = 5.0) -> ClockFacts:
        """One look."""
        deadline = asyncio.get_running_loop().time() + within
        return await self.parts.clock_lookup.clock(EXAMPLE, deadline, our_rows(self.parts, EXAMPLE, deadline))


@pytest.fixture
async def world() -> AsyncIterator[World]:
    """Everything settled on mail8."""
    async with AsyncExitStack() as stack:
        names = {
            name: await stack.enter_async_context(NameServer(host=f"127.0.3.{number}"))
            for number, name in enumerate(("ns1", "ns2", "ours", "public"), 1)
        }
        names["ns1"].fault = names["ns2"].fault = OnlyZones(("example.cz",))
        made = World(names)
        made.set(authorities=customer(8, 1), ours=customer(8, 1), public=customer(8, 1))
        yield made


async def test_settled(world: World) -> None:
    """All four are asked and say the same; the host's addresses are found beside."""
    facts = await world.look()
    assert [source.kind for source in facts.sources] == [Kind.AUTHORITATIVE] * 2 + [Kind.OURS, Kind.PUBLIC]
    assert facts.sources[3].address == str(HostPort(*world.servers["public"].address))
    assert (facts.zone, facts.hosts) == ("example.cz", {"mail8.skok.cz": ("127.0.1.8",)})
    assert read_clock(facts, PROFILE, {}).state is State.SETTLED


async def test_a_move_between_two_looks(world: World) -> None:
    """The zone's servers have the new answer, ours too, a public one keeps the old; then it forgets it."""
    before = await world.look()
    world.restart()
    world.set(authorities=customer(12, 2), ours=customer(12, 2), public=customer(8, 1, ttl=77))
    facts = await world.look()
    moving = read_clock(facts, PROFILE, {}, before)
    assert (moving.state, moving.old, moving.new) == (State.MOVING, "mail8.skok.cz", "mail12.skok.cz")
    assert moving.until is not None
    assert 70 <= (moving.until - facts.seen_at).total_seconds() <= 80
    assert [source.serial for source in facts.sources] == [2, 2, None, None]
    world.servers["public"].zone = world.servers["ours"].zone
    assert read_clock(await world.look(), PROFILE, {}).state is State.SETTLED


async def test_of_public_resolvers_nothing_is_kept(world: World) -> None:
    """Each look asks them anew: theirs is the cache that matters. Of ours it is our own, by which we answer."""
    await world.look()
    asked = len(world.servers["public"].questions)
    world.set(authorities=customer(12, 2), ours=customer(12, 2), public=customer(12, 2))
    moving = read_clock(await world.look(), PROFILE, {})
    assert len(world.servers["public"].questions) == 2 * asked
    assert (moving.state, moving.telling.holders) == (State.MOVING, (str(HostPort(*world.servers["ours"].address)),))
    assert len([q for q in world.servers["ours"].questions if q.name == "imap.example.cz"]) == 2


async def test_one_silent_server_of_each_kind(world: World) -> None:
    """The others' answers stand, within the time."""
    world.servers["ns2"].fault = world.servers["public"].fault = Silent()
    start = asyncio.get_running_loop().time()
    facts = await world.look(within=2.0)
    assert asyncio.get_running_loop().time() - start < 2.5
    assert [source.trouble for source in facts.sources] == [None, Trouble.SILENT, None, None]
    assert read_clock(facts, PROFILE, {}).state is State.SETTLED


async def test_a_dead_resolver_of_ours(world: World) -> None:
    """Then not even the zone's servers are known: nothing is claimed."""
    world.servers["ours"].fault = Silent()
    facts = await world.look(within=0.5)
    assert (facts.zone, [source.kind for source in facts.sources]) == ("", [Kind.OURS, Kind.PUBLIC])
    assert read_clock(facts, PROFILE, {}).state is State.UNKNOWN


def test_well_known_resolvers_have_names() -> None:
    """As people call them; the port is told only where it is odd."""
    public = Parts(Config()).clock_lookup.public
    assert [one.name for one in public] == ["Cloudflare", "Google", "Quad9", "CZ.NIC ODVR"]
    assert public[0].address == "1.1.1.1"
