"""The world of the playground: each customer has the trouble it is said to have, and what is done to it is so."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from bot.answer import Outcome, Refusal, SettingsAnswer
from bot.compose import Parts
from bot.config import ConfigError
from bot.domain import DomainName, parse_domain
from bot.lookup import Lookup
from bot.playground.customers import CUSTOMERS, MISSING
from bot.playground.world import ADDRESSES, World, running_world
from bot.request import SettingsRequest, parse_settings_request


@pytest.fixture
async def world() -> AsyncIterator[World]:
    """A running world."""
    async with running_world() as world:
        yield world


class Desk:
    """Asks about the world as a bot does; never out of a cache."""

    def __init__(self, world: World) -> None:
        self._parts = Parts(world.config(), dial=world.dial)

    async def ask(self, words: str) -> Outcome:
        """The outcome of a command's words."""
        parts = self._parts
        request = parse_settings_request(words, parts.matcher.match, parts.profile)
        assert isinstance(request, SettingsRequest)
        return await Lookup(parts.edges).settings(request, fresh=True)

    async def codes(self, words: str) -> set[str]:
        """The codes of an outcome: of its warnings, or of the refusal."""
        outcome = await self.ask(words)
        return {note.code for note in outcome.warnings} if isinstance(outcome, SettingsAnswer) else {outcome.note.code}

    async def host(self, words: str) -> str:
        """The server to receive from."""
        outcome = await self.ask(words)
        assert isinstance(outcome, SettingsAnswer)
        assert outcome.incoming is not None
        return outcome.incoming.host


@pytest.fixture
def desk(world: World) -> Desk:
    """Somebody who asks about the world."""
    return Desk(world)


@pytest.mark.parametrize(
    ("domain", "code"),
    [
        ("example.cz", ""),
        ("zahrada.example", ""),
        ("pekarna.example", ""),
        ("xn--hkyrky-ptac70bc.cz", ""),
        ("stehovani.example", ""),
        ("bezcertifikatu.example", "certificate_name_mismatch"),
        ("propadla.example", "certificate_expired"),
        ("jinejmeno.example", "certificate_name_mismatch"),
        ("jinde.example", "not_hosted_here"),
        ("novaposta.example", "mx_elsewhere"),
        ("rozpor.example", "rows_disagree"),
        ("bezimap.example", "row_missing"),
        ("kvetiny.example", ""),
        ("truhlar.example", ""),
        ("mlci.example", "server_silent"),
        (MISSING, "dns_nxdomain"),
    ],
)
async def test_every_customer_has_its_own_trouble(domain: str, code: str, desk: Desk) -> None:
    """And no other; who has none is verified under its own name."""
    codes = await desk.codes(f"{domain} thunderbird-78")
    if code:
        assert code in codes
    else:
        assert not codes
        assert await desk.host(f"{domain} thunderbird-78") == f"mail.{domain}"


def test_every_customer_is_told_about() -> None:
    """In both languages of the page, each with a domain of its own that the product can read."""
    assert len({customer.domain for customer in CUSTOMERS}) == len(CUSTOMERS) >= 12
    for customer in CUSTOMERS:
        assert set(customer.about) == {"cs", "en"}
        assert isinstance(parse_domain(customer.domain), DomainName)


async def test_a_move_takes_rows_and_certificate_along(world: World, desk: Desk) -> None:
    """The new server has the certificate, the old one no longer, and the MX follows."""
    assert await desk.host("example.cz outlook-2007") == "mail8.skok.cz"
    world.move("example.cz", "mail12.c4.cz")
    assert await desk.host("example.cz outlook-2007") == "mail12.c4.cz"
    assert not await desk.codes("example.cz thunderbird-78")
    assert world.names.zone["example.cz"]["MX"] == [(10, "mail12.c4.cz")]
    assert "spf1.c4.cz" in str(world.names.zone["example.cz"]["TXT"])
    assert "mail.example.cz" not in world.mail_servers["mail8.skok.cz"].identities


async def test_a_move_of_a_customer_with_odd_rows(world: World, desk: Desk) -> None:
    """Rows that disagreed agree afterwards; one that was missing stays so; who comes from outside is complete."""
    for domain in ("rozpor.example", "bezimap.example", "jinde.example"):
        world.move(domain, "mail3.skok.cz")
    assert not await desk.codes("rozpor.example thunderbird-78")
    assert await desk.codes("bezimap.example thunderbird-78") == {"row_missing"}
    assert "certificate_name_mismatch" in await desk.codes("jinde.example thunderbird-78")
    world.mend_certificate("jinde.example")
    assert not await desk.codes("jinde.example thunderbird-78 pop3")
    assert "spf1.c4.cz" in str(world.names.zone["jinde.example"]["TXT"])


async def test_nothing_of_a_customer_stays_behind(world: World) -> None:
    """What lay around its mail goes with its rows."""
    world._put(replace(world.customers["truhlar.example"], odd_around={"": {}}))
    assert "autodiscover.truhlar.example" not in world.names.zone
    assert "TXT" not in world.names.zone["truhlar.example"]


@pytest.mark.parametrize(
    ("how", "code"),
    [
        ("expired", "certificate_expired"),
        ("none", "certificate_name_mismatch"),
        ("other_name", "certificate_name_mismatch"),
    ],
)
async def test_a_certificate_breaks_and_is_mended(how: str, code: str, world: World, desk: Desk) -> None:
    """The server's name is the way out meanwhile."""
    world.break_certificate("zahrada.example", how)  # type: ignore[arg-type]
    assert code in await desk.codes("zahrada.example thunderbird-78")
    assert await desk.host("zahrada.example thunderbird-78") == "mail3.skok.cz"
    world.mend_certificate("zahrada.example")
    assert not await desk.codes("zahrada.example thunderbird-78")


async def test_a_server_stops_and_starts_on_the_same_ports(world: World, desk: Desk) -> None:
    """Its ports are closed, what was connected ends, and afterwards all is as before."""
    server = world.mail_servers["mail3.skok.cz"]
    ports = dict(server.ports)
    reader, writer = await asyncio.open_connection(*ports[143])
    assert await reader.readline()
    await world.stop_server("mail3.skok.cz")
    assert await reader.read() == b""
    writer.close()
    await writer.wait_closed()
    assert "port_refused" in await desk.codes("zahrada.example thunderbird-78")
    await world.start_server("mail3.skok.cz")
    await world.start_server("mail3.skok.cz")
    assert server.ports == ports
    assert not await desk.codes("zahrada.example thunderbird-78")


async def test_a_customer_on_a_stopped_server_can_be_moved_away(world: World, desk: Desk) -> None:
    """As one does."""
    await world.stop_server("mail3.skok.cz")
    world.move("zahrada.example", "mail8.skok.cz")
    assert not await desk.codes("zahrada.example thunderbird-78")


async def test_what_is_not_there_cannot_be_acted_on(world: World) -> None:
    """And the reason is told."""
    with pytest.raises(LookupError, match=r"no customer 'nic\.example'"):
        world.move("nic.example", "mail3.skok.cz")
    with pytest.raises(LookupError, match="not one of the provider's servers"):
        world.move("example.cz", "mail9.skok.cz")
    with pytest.raises(LookupError, match="not one of the provider's servers"):
        world.break_certificate("jinde.example", "expired")
    with pytest.raises(LookupError, match="not one of the provider's servers"):
        await world.stop_server("mail9.skok.cz")
    refusal = await Desk(world).ask("jinde.example thunderbird-78")
    assert isinstance(refusal, Refusal)


async def test_where_loopback_addresses_are_missing_it_says_so() -> None:
    """As on macOS, where 127.0.0.1 is the only one: 192.0.2.1 is no address of this machine either."""
    with pytest.raises(ConfigError) as error:
        async with running_world({**ADDRESSES, "mail3.skok.cz": "192.0.2.1"}):
            pass
    assert "192.0.2.1 cannot be used here" in str(error.value)
    assert "macOS" in str(error.value)
