"""Whose an address is: by the servers' own names, by reverse DNS, kept by TTL, and never lost to a resolver's fault."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from bot.answer import FoundBy
from bot.network.inventory import Inventory
from bot.network.resolver import NameServerAddress, Resolver
from bot.playground.names import NameServer, ServFail, Silent
from bot.playground.zone import Zone
from bot.provider.profile import ServerName, load_profile

MAIL8 = "127.0.1.8"
ZONE: Zone = {
    "mail8.skok.cz": {"A": MAIL8, "TTL": 300},
    "mail8.c4.cz": {"A": MAIL8},
    "mail3.skok.cz": {"A": "127.0.1.3"},
}


class Clock:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 23, 14, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    """The time of everything in a test."""
    return Clock()


@pytest.fixture
async def inventory(name_server: NameServer, clock: Clock) -> Inventory:
    """An inventory over a name server that knows three names."""
    name_server.zone = dict(ZONE)
    resolver = Resolver([NameServerAddress(*name_server.address)], clock=clock)
    return Inventory(resolver, load_profile("c4"), clock=clock)


def soon() -> float:
    """A deadline that is not reached."""
    return asyncio.get_running_loop().time() + 5


async def test_an_address_is_known_by_the_servers_own_names(inventory: Inventory) -> None:
    """Of several names of one address the profile's first zone counts; strangers are left out."""
    found = await inventory.find([MAIL8, "127.0.1.3", "192.0.2.1"], deadline=soon())
    assert found == {
        MAIL8: (ServerName("mail8.skok.cz", 8), FoundBy.ADDRESS),
        "127.0.1.3": (ServerName("mail3.skok.cz", 3), FoundBy.ADDRESS),
    }


async def test_what_was_learnt_is_not_asked_again_within_its_ttl(
    inventory: Inventory, name_server: NameServer, clock: Clock
) -> None:
    """After the TTL it is."""
    await inventory.find([MAIL8], deadline=soon())
    asked = len(name_server.questions)
    await inventory.find([MAIL8], deadline=soon())
    assert len(name_server.questions) == asked
    clock.now += timedelta(minutes=6)
    await inventory.find([MAIL8], deadline=soon())
    assert len(name_server.questions) > asked


async def test_a_resolvers_fault_removes_nothing(inventory: Inventory, name_server: NameServer, clock: Clock) -> None:
    """With every question failing, the old knowledge stays."""
    await inventory.find([MAIL8], deadline=soon())
    clock.now += timedelta(hours=2)
    name_server.fault = ServFail()
    assert MAIL8 in await inventory.find([MAIL8], deadline=soon())


async def test_reverse_dns_counts_only_when_confirmed_forward(inventory: Inventory, name_server: NameServer) -> None:
    """A PTR that claims one of the provider's names for a stranger's address is not believed."""
    name_server.zone = {**ZONE, "9.1.0.127.in-addr.arpa": {"PTR": ["mail8.skok.cz"]}}
    assert await inventory.find(["127.0.1.9"], deadline=soon()) == {}


async def test_reverse_dns_finds_what_forward_dns_cannot_in_time(inventory: Inventory, name_server: NameServer) -> None:
    """One name of the many hangs: the address of another is known by reverse DNS all the same."""
    name_server.zone = {**ZONE, "8.1.0.127.in-addr.arpa": {"PTR": ["mail8.skok.cz"]}}
    name_server.faults = {"mail64.c4.cz": Silent()}
    found = await inventory.find([MAIL8], deadline=soon())
    assert found == {MAIL8: (ServerName("mail8.skok.cz", 8), FoundBy.REVERSE_DNS)}


async def test_while_a_servers_address_is_open_nobody_is_a_stranger(
    inventory: Inventory, name_server: NameServer, clock: Clock
) -> None:
    """Unless reverse DNS gives the address to somebody else; what was once learnt whole is not doubted again."""
    elsewhere, pointer = "192.0.2.1", {"1.2.0.192.in-addr.arpa": {"PTR": ["mx.elsewhere.cz"]}}
    name_server.faults = {"mail64.c4.cz": ServFail()}
    assert await inventory.find([elsewhere], deadline=soon()) == {elsewhere: None}
    name_server.zone = {**ZONE, **pointer}
    clock.now += timedelta(hours=2)
    assert await inventory.find([elsewhere], deadline=soon()) == {}
    name_server.zone, name_server.faults = dict(ZONE), {}
    clock.now += timedelta(hours=2)
    assert await inventory.find([elsewhere], deadline=soon()) == {}
    name_server.faults = {"mail64.c4.cz": ServFail()}
    clock.now += timedelta(hours=2)
    assert await inventory.find([elsewhere], deadline=soon()) == {}


async def test_it_keeps_learning_until_it_is_stopped(inventory: Inventory, name_server: NameServer) -> None:
    """In the background, so that the first agent need not wait for it."""
    keeping = asyncio.ensure_future(inventory.keep())
    while not inventory.is_fresh:  # noqa: ASYNC110
        await asyncio.sleep(0)  # the name server runs in this loop: each turn is a step of its answers
    asked = len(name_server.questions)
    assert MAIL8 in await inventory.find([MAIL8], deadline=soon())
    assert len(name_server.questions) == asked
    keeping.cancel()
    await asyncio.gather(keeping, return_exceptions=True)
