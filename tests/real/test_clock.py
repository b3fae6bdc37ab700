"""The move clock by Knot: servers that agree, disagree or are lame, and a domain that moves between two looks."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from bot.compose import Parts
from bot.config import read_config
from bot.domain import DomainName
from bot.status.clock import Clock, State, read_clock
from bot.status.clock_facts import ClockFacts, Kind
from bot.status.clock_findings import clock_findings
from tests.real.knot import Record, Zones, knot
from tests.real.world import World, open_folder
from tests.test_clock_lookup import our_rows

pytestmark = pytest.mark.real

DOMAIN = DomainName("moving.cz", "moving.cz")
OURS, PUBLIC, FIRST, SECOND = 61, 62, 63, 64
"""Last numbers of addresses: our resolver, a public one, and the two servers of the zone."""
LABELS = ("imap", "mail", "pop", "smtp")


@pytest.fixture
def folder(world: World) -> Iterator[Path]:
    """A folder for the name servers."""
    with open_folder() as made:
        yield made


class Names:
    """Name servers on port 53 of addresses of this run."""

    def __init__(self, world: World, folder: Path) -> None:
        self._stretch, self._folder, self._count = world.stretch, folder, 0

    @contextmanager
    def serving(
        self, *, ours: int, public: int, first: Zones, second: Zones, serials: tuple[int, int]
    ) -> Iterator[None]:
        """The resolvers know a customer on a numbered mail server; the zone's servers serve what they are given."""
        at = self._stretch.at
        known: dict[str, list[Record]] = {
            "dns.cz": [("ns1.dns.cz", "A", at(FIRST)), ("ns2.dns.cz", "A", at(SECOND))],
            "skok.cz": [("mail8.skok.cz", "A", at(8)), ("mail20.skok.cz", "A", at(20))],
        }
        with ExitStack() as stack:
            for number, zones, serial, ttl in (
                (OURS, {**known, **customer(ours)}, 1, 120),
                (PUBLIC, {**known, **customer(public)}, 1, 600),
                (FIRST, first, serials[0], 300),
                (SECOND, second, serials[1], 300),
            ):
                self._count += 1
                stack.enter_context(knot(self._folder / str(self._count), at(number), zones, ttl, serial))
            yield

    def look(self, before: ClockFacts | None = None) -> tuple[ClockFacts, Clock]:
        """One look by the parts of a bot."""
        config, _ = read_config(
            {
                "MAILBOT_DNS_SERVERS": self._stretch.at(OURS),
                "MAILBOT_PUBLIC_RESOLVERS": self._stretch.at(PUBLIC),
                "MAILBOT_ALLOW_NETWORKS": "127.0.0.0/8",
            }
        )
        parts = Parts(config)

        async def ask() -> ClockFacts:
            deadline = asyncio.get_running_loop().time() + 4.0
            return await parts.clock_lookup.clock(DOMAIN, deadline, our_rows(parts, DOMAIN, deadline))

        facts = asyncio.run(ask())
        return facts, read_clock(facts, parts.profile, {}, before)


@pytest.fixture
def names(world: World, folder: Path) -> Names:
    """The name servers, not yet started."""
    return Names(world, folder)


def customer(number: int) -> dict[str, list[Record]]:
    """The customer's zone, with the rows on one mail server."""
    rows = [(f"{label}.moving.cz", "CNAME", f"mail{number}.skok.cz.") for label in LABELS]
    return {"moving.cz": [("moving.cz", "NS", "ns1.dns.cz."), ("moving.cz", "NS", "ns2.dns.cz."), *rows]}


def sentences(facts: ClockFacts, clock: Clock) -> list[str]:
    """What is found."""
    return [finding.sentence for finding in clock_findings(clock, facts)]


def test_a_move_between_two_looks(names: Names) -> None:
    """First everybody agrees; then the zone has a new serial, and resolvers keep the old answer for its TTL."""
    with names.serving(ours=8, public=8, first=customer(8), second=customer(8), serials=(1, 1)):
        before, settled = names.look()
    assert (settled.state, settled.new, sentences(before, settled)) == (State.SETTLED, "mail8.skok.cz", [])
    with names.serving(ours=20, public=8, first=customer(20), second=customer(20), serials=(2, 2)):
        facts, moving = names.look(before)
    assert (moving.state, moving.old, moving.new) == (State.MOVING, "mail8.skok.cz", "mail20.skok.cz")
    assert moving.until is not None
    assert 595 <= (moving.until - facts.seen_at).total_seconds() <= 610
    assert [source.serial for source in facts.sources] == [2, 2, None, None]
    assert set(sentences(facts, moving)) == {"old_answer_cached"}


def test_a_zone_that_was_not_transferred(names: Names) -> None:
    """The server with the newest serial tells the new answer."""
    with names.serving(ours=8, public=8, first=customer(8), second=customer(20), serials=(1, 2)):
        facts, clock = names.look()
    assert (clock.state, clock.old, clock.new) == (State.DISAGREE, "mail8.skok.cz", "mail20.skok.cz")
    assert set(sentences(facts, clock)) == {"authorities_disagree"}


@pytest.mark.parametrize(
    ("zones", "sentence"), [({"invalid": []}, "authority_refused"), ({"moving.cz": None}, "authority_fails")]
)
def test_a_lame_server(names: Names, zones: Zones, sentence: str) -> None:
    """One that does not hold the zone, or could not load it; the other one's answer stands."""
    with names.serving(ours=8, public=8, first=zones, second=customer(8), serials=(1, 1)):
        facts, clock = names.look()
    assert (clock.state, sentences(facts, clock)) == (State.SETTLED, [sentence])


def test_serials_that_differ(names: Names) -> None:
    """While the rows are the same, that is only good to know."""
    with names.serving(ours=8, public=8, first=customer(8), second=customer(8), serials=(7, 8)):
        facts, clock = names.look()
    assert (clock.state, sentences(facts, clock)) == (State.SETTLED, ["authority_serials_differ"])
    assert [source.kind for source in facts.sources] == [Kind.AUTHORITATIVE] * 2 + [Kind.OURS, Kind.PUBLIC]
