"""The move clock in words and as JSON: what is going on, until when, and what each side says."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.facts import Outcome
from bot.reply.clock import clock_line, clock_sources
from bot.reply.page import plain
from bot.reply.status import status_page
from bot.reply.status_json import status_json
from bot.reply.words import words
from bot.request import LANGUAGES
from bot.status.clock import Clock, State, read_clock
from bot.status.clock_facts import ClockFacts, Trouble
from tests.advice.build import KNOWN, NOW, PROFILE
from tests.status.build import facts, judged
from tests.status.clock_build import authority, broken, look, ours, public

OLD, NEW = "mail8.skok.cz", "mail12.skok.cz"


def clock(facts: ClockFacts) -> Clock:
    """What is made of a look."""
    return read_clock(facts, PROFILE, KNOWN)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("sides", "said"),
    [
        (look(authority(OLD), ours(OLD)), (OLD,)),
        (look(authority(NEW), ours(OLD), public(NEW)), (OLD, NEW, "15:04")),
        (look(authority(NEW), ours(Outcome.NXDOMAIN)), (NEW,)),
        (look(authority(Outcome.NXDOMAIN), ours(OLD)), (OLD,)),
        (look(authority(OLD, 1), authority(NEW, 2, name="ns2.dns.cz")), (OLD, NEW)),
        (look(ours(OLD)), ()),
    ],
)
def test_every_state_is_one_sentence(language: str, sides: ClockFacts, said: tuple[str, ...]) -> None:
    """It names where the domain was and is, and until when the old answer may live."""
    line = plain(clock_line(clock(sides), words(language)))
    assert line.endswith(".")
    assert all(word in line for word in said), line


def test_a_move_that_only_an_earlier_look_knows_is_told_with_its_bound() -> None:
    """Nobody who was asked keeps the old answer; others may."""
    before, now = look(authority(OLD), ours(OLD)), look(authority(NEW), ours(NEW), after=timedelta(minutes=10))
    moved = read_clock(now, PROFILE, KNOWN, before)
    assert moved.state is State.MOVING
    assert NEW in plain(clock_line(moved, words("en")))


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_side_has_a_line(language: str) -> None:
    """Its name and address, where it leads, the zone's version; or why it said nothing."""
    sides = look(
        authority(NEW, 7), *map(broken, Trouble), ours(OLD), public(Outcome.NXDOMAIN), public(Outcome.TIMEOUT, "Slow")
    )
    lines = [plain(line) for line in clock_sources(clock(sides), words(language))]
    assert len(lines) == len(sides.sources)
    assert all(part in lines[0] for part in ("ns1.dns.cz", "192.0.2.53", NEW, "7"))
    assert OLD in lines[-3]
    assert len(set(lines)) == len(lines)


def test_a_status_tells_a_move_in_a_line_of_its_own() -> None:
    """What is settled stands with the proof alone."""
    status = judged(facts())
    moving = status_page(replace(status, clock=clock(look(authority(NEW), ours(OLD)))), "en")
    settled = status_page(replace(status, clock=clock(look(authority(OLD), ours(OLD)))), "en")
    assert any("moving from" in plain(line) for line in moving.lines)
    assert not any("not moving" in plain(line) for line in settled.lines)
    assert any("not moving" in plain(line) for line in settled.evidence)


def test_the_clock_as_json() -> None:
    """State, both servers, both moments, and every side with its rows."""
    sides = look(authority(NEW, 7), broken(Trouble.REFUSED), ours(OLD))
    told = json.loads(json.dumps(status_json(replace(judged(facts()), clock=clock(sides)), "en")))["clock"]
    assert (told["state"], told["old"], told["new"]) == ("moving", OLD, NEW)
    assert told["until"] == f"{NOW + timedelta(hours=1):%Y-%m-%dT%H:%M:%SZ}"
    assert told["sources"][0] == {
        "kind": "authoritative", "name": "ns1.dns.cz", "address": "192.0.2.53", "serial": 7, "problem": None,
        "rows": dict.fromkeys(("imap", "mail", "pop", "smtp"), NEW),
    }  # fmt: skip
    assert told["sources"][1]["problem"] == "refused"
    unknown = status_json(replace(judged(facts()), clock=clock(look())), "en")["clock"]
    assert (unknown["state"], unknown["until"], unknown["latest"]) == ("unknown", None, None)
