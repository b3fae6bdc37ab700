"""The move clock: settled, moving until when, servers that disagree, and what cannot be told."""

from __future__ import annotations

import itertools
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.facts import DnsAnswer, Outcome, Row
from bot.status.clock import Clock, State, read_clock
from bot.status.clock_facts import LABELS, ClockFacts, Source, Trouble
from bot.status.clock_findings import clock_findings, time_text
from bot.status.model import Finding, Level
from tests.advice.build import ADDRESS_3, ADDRESS_8, KNOWN, NOW, PROFILE
from tests.status.clock_build import Says, authority, broken, look, ours, public, row

OLD, NEW = "mail8.skok.cz", "mail12.skok.cz"
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


def clock(*sources: Source, before: ClockFacts | None = None) -> Clock:
    """The clock of one look."""
    return read_clock(look(*sources), PROFILE, KNOWN, before)


def findings(*sources: Source, before: ClockFacts | None = None) -> dict[str, Finding]:
    """By their sentences."""
    facts = look(*sources)
    found = clock_findings(read_clock(facts, PROFILE, KNOWN, before), facts)
    return {finding.sentence: finding for finding in found}


@pytest.mark.parametrize(
    ("sources", "state"),
    [
        ([authority(OLD), ours(OLD), public(OLD)], State.SETTLED),
        ([authority(NEW), ours(OLD)], State.MOVING),
        ([authority(NEW), ours(NEW), public(OLD)], State.MOVING),
        ([authority(NEW), authority(OLD, name="ns2.dns.cz")], State.DISAGREE),
        ([authority(NEW), authority(OLD, name="ns2.dns.cz"), ours(OLD)], State.DISAGREE),
        ([authority(NEW), broken(Trouble.SILENT), ours(NEW)], State.SETTLED),
        ([broken(Trouble.REFUSED), ours(OLD), public(NEW)], State.UNKNOWN),
        ([ours(OLD)], State.UNKNOWN),
        ([], State.UNKNOWN),
        ([authority(Outcome.SERVFAIL), ours(OLD)], State.UNKNOWN),
        # what a resolver could not say is no old answer
        ([authority(NEW), ours(Outcome.TIMEOUT), public(Outcome.SERVFAIL)], State.SETTLED),
        # a row that is not there is a lead of its own
        ([authority(Outcome.NXDOMAIN), ours(OLD)], State.MOVING),
        ([authority(OLD), ours(Outcome.NXDOMAIN)], State.MOVING),
        ([authority(Outcome.NXDOMAIN), ours(Outcome.NO_DATA)], State.SETTLED),
        ([authority(OLD), authority(Outcome.NXDOMAIN, name="ns2.dns.cz")], State.DISAGREE),
        # more names on the way: the provider's counts
        ([authority(OLD), ours(("alias.cz", OLD, "node.host.cz"))], State.SETTLED),
        ([authority("mail.other.cz"), ours("mail.else.cz")], State.MOVING),
        # without names by the addresses, as the provider's servers are known by theirs
        ([authority(ADDRESS_8), ours(OLD)], State.SETTLED),
        ([authority(ADDRESS_8), ours(ADDRESS_3)], State.MOVING),
        ([authority("198.51.100.1"), ours("198.51.100.1")], State.SETTLED),
        ([authority("198.51.100.1"), ours("198.51.100.2")], State.MOVING),
    ],
)  # fmt: skip
def test_states(sources: list[Source], state: State) -> None:
    """What all sources together say."""
    assert clock(*sources).state is state


def test_two_names_of_one_address_are_one_server() -> None:
    """A new name in the row is no move; the addresses come from whoever knows them."""
    renamed = [authority("mail8.c4.cz"), ours(OLD, addresses=(ADDRESS_8,))]
    assert clock(*renamed).state is State.MOVING
    assert clock(*renamed, public("mail8.c4.cz", addresses=(ADDRESS_8, "198.51.100.9"))).state is State.SETTLED
    facts = look(authority(NEW), ours(OLD), hosts=dict.fromkeys((OLD, NEW), ("198.51.100.7",)))
    assert read_clock(facts, PROFILE, KNOWN).state is State.SETTLED


def test_one_family_alone_does_not_compare_addresses() -> None:
    """With IPv6 not found out, a row of addresses is left open: the other family may be the one that is shared."""
    half = Row(
        DnsAnswer("imap.example.cz", "A", Outcome.FOUND, NOW, (), ("198.51.100.2",), 60),
        DnsAnswer("imap.example.cz", "AAAA", Outcome.TIMEOUT, NOW),
    )
    assert clock(authority("198.51.100.1"), ours({"imap": half})).state is State.SETTLED


def test_the_old_answer_lives_as_long_as_its_link() -> None:
    """Not as long as the address behind it; the last of those asked counts, and others fetched it at the worst now."""
    moving = clock(authority(NEW, ttl=7200), ours(OLD, ttl=600), public(OLD, ttl=1200), public(NEW, "Second", ttl=9999))
    assert (moving.old, moving.new) == (OLD, NEW)
    assert (moving.until, moving.latest) == (NOW + 20 * MINUTE, NOW + 2 * HOUR)
    assert moving.telling.holders == ("192.0.2.53", "Public")
    short = clock(authority(NEW, ttl=60), public(OLD, ttl=1200))
    assert short.latest == short.until == NOW + 20 * MINUTE


def test_a_chain_lives_as_long_as_its_longest_link() -> None:
    """Any link before the server's name may be the one that changed; those behind it do not matter."""
    name, chain, lives = "imap.example.cz", ("a.cz", "b.cz", OLD, "node.cz"), (60, 900, 120, 9999)
    answer = DnsAnswer(name, "A", Outcome.FOUND, NOW, chain, ("192.0.2.1",), 5, link_ttls=lives)
    moving = clock(authority(NEW), ours({"imap": Row(answer)}))
    assert moving.until == NOW + 15 * MINUTE


def test_a_denial_is_kept_too() -> None:
    """A row that was added is not seen while a resolver keeps that it is not there."""
    moving = clock(authority(OLD), ours(Outcome.NXDOMAIN, ttl=120))
    assert (moving.old, moving.new, moving.until) == ("", OLD, NOW + 2 * MINUTE)
    gone = clock(authority(Outcome.NXDOMAIN), ours(OLD, ttl=120))
    assert (gone.old, gone.new, gone.until) == (OLD, "", NOW + 2 * MINUTE)


def test_an_earlier_look_shows_a_move_nobody_keeps() -> None:
    """And knows the old TTL: by then every cache has forgotten it, counted from when the new answer was seen."""
    before = look(authority(OLD, ttl=1800), ours(OLD), after=-HOUR)
    moved = clock(authority(NEW, serial=2, ttl=60), ours(NEW), before=before)
    assert (moved.state, moved.old, moved.new) == (State.MOVING, OLD, NEW)
    assert (moved.until, moved.latest) == (None, NOW + 30 * MINUTE)
    assert clock(authority(OLD), ours(OLD), before=before).state is State.SETTLED
    seen = clock(authority(NEW), ours(OLD, ttl=300), before=before)
    assert (seen.until, seen.latest) == (NOW + 5 * MINUTE, NOW + 30 * MINUTE)


def test_an_earlier_look_that_was_undecided_tells_nothing() -> None:
    """Servers that disagreed, or did not answer."""
    undecided = look(authority(OLD), authority("mail3.skok.cz", name="ns2.dns.cz"), after=-HOUR)
    for before in (undecided, look(broken(Trouble.SILENT), ours(OLD), after=-HOUR)):
        assert clock(authority(NEW), ours(NEW), before=before).state is State.SETTLED


@pytest.mark.parametrize(
    ("first", "second", "new"),
    [(1, 2, "second"), (2, 1, "first"), (2**32 - 1, 3, "second"), (None, 1, "second"), (5, None, "first"),
     (7, 7, "first")],
)  # fmt: skip
def test_the_newest_serial_tells_the_new_answer(first: int | None, second: int | None, new: str) -> None:
    """Serials go round (RFC 1982); without a newer one the first server counts."""
    told = clock(authority("first.skok.cz", first), authority("second.skok.cz", second, name="ns2.dns.cz"))
    assert told.new == f"{new}.skok.cz"
    assert {told.old, told.new} == {"first.skok.cz", "second.skok.cz"}


def test_the_worst_row_tells_the_state() -> None:
    """One row that is left out of a move is not hidden by the others."""
    rows = {label: row(label, NEW) for label in LABELS}
    cached = {**rows, "pop": row("pop", OLD)}
    moving = clock(authority(rows), ours(cached))
    assert (moving.state, moving.telling.label) == (State.MOVING, "pop")
    open_row = {**rows, "smtp": row("smtp", Outcome.SERVFAIL)}
    assert clock(authority(open_row), ours(NEW)).state is State.UNKNOWN


def test_every_source_stands_beside_the_others() -> None:
    """With the server and the time of each row."""
    told = clock(authority(NEW), broken(Trouble.SILENT), ours(OLD, ttl=60))
    shown = [(view.source.name, view.leads["imap"]) for view in told.sources]
    assert [(name, lead and lead.host) for name, lead in shown] == [
        ("ns1.dns.cz", NEW),
        ("ns2.dns.cz", None),
        ("", OLD),
    ]
    assert shown[2][1] is not None
    assert shown[2][1].expires_at == NOW + MINUTE


# Findings


@pytest.mark.parametrize(
    ("sources", "expected"),
    [
        ([authority(OLD), ours(OLD)], {}),
        ([authority(OLD), broken(Trouble.SILENT)], {"authority_silent": Level.WARNING}),
        ([authority(OLD), broken(Trouble.NOT_ASKED)], {}),
        ([authority(OLD), broken(Trouble.REFUSED)], {"authority_refused": Level.WARNING}),
        ([authority(OLD), broken(Trouble.FAILS)], {"authority_fails": Level.WARNING}),
        ([authority(OLD), broken(Trouble.NOT_AUTHORITATIVE)], {"authority_not_authoritative": Level.WARNING}),
        ([authority(OLD), broken(Trouble.NO_ADDRESS)], {"authority_no_address": Level.WARNING}),
        ([authority(OLD), broken(Trouble.NOT_PUBLIC)], {"authority_not_public": Level.WARNING}),
        ([broken(Trouble.SILENT), ours(OLD)], {"authorities_unknown": Level.INFO}),
        (
            [broken(Trouble.REFUSED), broken(Trouble.SILENT, "ns3.dns.cz")],
            {"authorities_unknown": Level.INFO, "authority_refused": Level.INFO},
        ),
        ([ours(OLD)], {"authorities_unknown": Level.INFO}),
        ([authority(OLD, 1), authority(OLD, 2, name="ns2.dns.cz")], {"authority_serials_differ": Level.INFO}),
        ([authority(OLD, 1), authority(NEW, 2, name="ns2.dns.cz")], {"authorities_disagree": Level.WARNING}),
        ([authority(NEW), ours(OLD)], {"old_answer_cached": Level.WARNING}),
        ([authority(NEW), ours(Outcome.NXDOMAIN)], {"new_row_unseen": Level.WARNING}),
        ([authority(Outcome.NXDOMAIN), ours(OLD)], {"removed_row_cached": Level.WARNING}),
    ],
)  # fmt: skip
def test_findings(sources: list[Source], expected: dict[str, Level]) -> None:
    """Silence is held against a server only where another one spoke; there alone a lame one is worth a warning."""
    assert {sentence: finding.level for sentence, finding in findings(*sources).items()} == expected


def test_codes_of_findings() -> None:
    """Sentences share the codes that other programs hold on to."""
    lame = findings(authority(OLD), broken(Trouble.REFUSED))["authority_refused"]
    assert (lame.code, lame.params["server"], lame.params["zone"]) == ("authority_lame", "ns2.dns.cz", "example.cz")
    serials = findings(authority(OLD, 1), authority(OLD, 2, name="ns2.dns.cz"))["authority_serials_differ"]
    assert (serials.code, serials.params["serials"]) == ("authorities_disagree", "ns1.dns.cz: 1, ns2.dns.cz: 2")
    before = look(authority(OLD, ttl=1800), after=-HOUR)
    moved = findings(authority(NEW, serial=2), before=before)["old_answer_elsewhere"]
    assert (moved.code, moved.level, moved.params["latest"]) == ("old_answer_cached", Level.INFO, "14:34 UTC")


def test_what_disagreeing_servers_say() -> None:
    """Each with its serial; a row that one does not have is a dash."""
    told = findings(authority(OLD, 3), authority(Outcome.NO_DATA, None, name="ns2.dns.cz"))["authorities_disagree"]
    assert told.params["servers"] == "ns1.dns.cz: mail8.skok.cz (3), ns2.dns.cz: - (?)"


def test_the_time_that_is_told_is_not_too_early() -> None:
    """A part of a minute counts as one; another day is named."""
    assert time_text(NOW, NOW) == "14:04 UTC"
    assert time_text(NOW.replace(second=0), NOW) == "14:03 UTC"
    assert time_text(NOW + 10 * HOUR, NOW) == "2026-11-24 00:04 UTC"
    assert time_text(None, NOW) == ""


SAYS = st.sampled_from([OLD, NEW, "mail.other.cz", ADDRESS_8, "198.51.100.1", *Outcome])
SOURCES = st.lists(
    st.one_of(
        st.builds(authority, SAYS, st.one_of(st.none(), st.integers(0, 3)), st.sampled_from(["ns1.cz", "ns2.cz"])),
        st.builds(broken, st.sampled_from(Trouble)),
        st.builds(public, SAYS),
    ),
    max_size=4,
)


@given(SOURCES, SOURCES)
def test_the_same_facts_give_the_same_findings(now: list[Source], earlier: list[Source]) -> None:
    """In the same order, worst first; a state is always told, and a moving row says from where and until when."""
    facts, before = look(*now), look(*earlier, after=-HOUR)
    told = read_clock(facts, PROFILE, KNOWN, before)
    found = clock_findings(told, facts)
    assert found == clock_findings(read_clock(facts, PROFILE, KNOWN, before), facts)
    levels = [list(Level).index(finding.level) for finding in found]
    assert levels == sorted(levels)
    for moving in (one for one in told.rows if one.state is State.MOVING):
        assert moving.old != moving.new
        assert moving.latest is not None
        assert moving.until is None or moving.until <= moving.latest


UNAVAILABLE: list[Says] = [Outcome.TIMEOUT, Outcome.SERVFAIL]


@given(SOURCES, st.sampled_from(UNAVAILABLE), st.booleans())
def test_what_could_not_be_found_out_changes_nothing(sources: list[Source], says: Says, is_cache: bool) -> None:
    """One more source that failed makes no row missing and no server new."""
    facts = look(*sources)
    more = look(*sources, public(says, "Failed") if is_cache else authority(says, None, name="ns9.cz"))
    rows, with_failed = (read_clock(one, PROFILE, KNOWN).rows for one in (facts, more))
    assert rows == with_failed


def test_any_order_of_resolvers_gives_one_state() -> None:
    """Who is asked first does not matter."""
    sources = [authority(NEW), ours(OLD), public(NEW), public(Outcome.TIMEOUT, "Third")]
    assert len({clock(*order).state for order in itertools.permutations(sources)}) == 1
