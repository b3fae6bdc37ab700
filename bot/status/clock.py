"""The move clock: where the rows lead by the zone's own servers, who still keeps the old answer, and until when."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import reduce
from typing import NamedTuple

from bot.advice.mail_server import KnownAddresses
from bot.facts import DnsAnswer, Row
from bot.provider.profile import Profile
from bot.status.clock_facts import LABELS, ClockFacts, Kind, Source


class State(StrEnum):
    """What is going on with a row, or with a domain."""

    SETTLED = "settled"
    """Everybody who could be asked says the same."""
    MOVING = "moving"
    """The zone's own servers agree on the new answer, and the old one may live in caches."""
    DISAGREE = "disagree"
    """The zone's own servers say different things."""
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Lead:
    """Where a row leads: the server's host name, else its addresses by commas, or "" for nowhere.

    `addresses` are those known of it. `expires_at` is when a cache must ask again where the row leads.
    """

    host: str
    addresses: frozenset[str]
    seen_at: datetime
    expires_at: datetime

    def is_same(self, other: Lead) -> bool:
        """True for one server: the same name, or two names that share an address."""
        return self.host == other.host or bool(self.addresses & other.addresses)


@dataclass(frozen=True, slots=True)
class View:
    """One source, and where each row leads by it; None where it did not say."""

    source: Source
    leads: Mapping[str, Lead | None]


@dataclass(frozen=True, slots=True)
class RowClock:
    """The state of one row. `old` and `new` are leads as texts, "" where there is no such row.

    `until`: the last moment at which a resolver that was asked forgets the old answer. `latest`: the same for any
    cache in the world, if the old row had the TTL that is known of it.
    """

    label: str
    state: State
    old: str = ""
    new: str = ""
    until: datetime | None = None
    latest: datetime | None = None
    holders: tuple[str, ...] = ()
    """The resolvers that keep the old answer, by name or address."""


_WORST_FIRST = (State.DISAGREE, State.MOVING, State.UNKNOWN, State.SETTLED)


@dataclass(frozen=True, slots=True)
class Clock:
    """The state of a domain: that of its worst row, and every source side by side."""

    state: State
    rows: tuple[RowClock, ...]
    sources: tuple[View, ...]

    @property
    def telling(self) -> RowClock:
        """The first row in the domain's state."""
        return next(row for row in self.rows if row.state is self.state)

    @property
    def old(self) -> str:
        """Where the domain was."""
        return self.telling.old

    @property
    def new(self) -> str:
        """Where the domain is, or is going."""
        return self.telling.new

    @property
    def until(self) -> datetime | None:
        """When the last of the resolvers that were asked forgets the last old answer."""
        return max((row.until for row in self.rows if row.until), default=None)

    @property
    def latest(self) -> datetime | None:
        """When no cache may hold an old answer any more."""
        return max((row.latest for row in self.rows if row.latest), default=None)


def read_clock(facts: ClockFacts, profile: Profile, known: KnownAddresses, before: ClockFacts | None = None) -> Clock:
    """Judge what all sources said; `before` is an earlier look at the same domain.

    With it a move is seen also where no resolver that was asked keeps the old answer any more, and the old TTL
    is known.
    """
    views = _views(facts, profile, known)
    past = _views(before, profile, known) if before else ()
    rows = tuple(_read_row(label, views, past, facts) for label in LABELS)
    state = next(state for state in _WORST_FIRST if any(row.state is state for row in rows))
    return Clock(state, rows, views)


def _views(facts: ClockFacts, profile: Profile, known: KnownAddresses) -> tuple[View, ...]:
    reader = _Reader(profile, known, _addresses_by_name(facts))
    return tuple(
        View(source, {label: reader.lead(source.rows.get(label)) for label in LABELS}) for source in facts.sources
    )


def _addresses_by_name(facts: ClockFacts) -> dict[str, frozenset[str]]:
    """All addresses that any source knows of a host: the zone's own servers know names alone."""
    found = {name: frozenset(addresses) for name, addresses in facts.hosts.items()}
    for row in (row for source in facts.sources for row in source.rows.values()):
        for name in row.chain:
            found[name] = found.get(name, frozenset()) | frozenset(row.addresses)
    return found


class _Reader(NamedTuple):
    """Reads where rows lead."""

    profile: Profile
    known: KnownAddresses
    addresses: Mapping[str, frozenset[str]]

    def lead(self, row: Row | None) -> Lead | None:
        """None where the question is open; of a row without a CNAME both families must be known."""
        if row is None or row.outcome.is_unavailable:
            return None
        answer = max(row.answers, key=lambda answer: len(answer.chain))
        if answer.chain:
            return self._by_name(answer, row)
        if any(answer.outcome.is_unavailable for answer in row.answers):
            return None
        life = max(answer.ttl for answer in row.answers if bool(answer.values) is bool(row.addresses))
        return _lead(self._name_of(row.addresses), frozenset(row.addresses), answer, life)

    def _by_name(self, answer: DnsAnswer, row: Row) -> Lead:
        """By the provider's name on the chain, else by the last one; only the links before it can be out of date."""
        chain = answer.chain
        links = next((i for i, name in enumerate(chain, 1) if self.profile.server(name)), len(chain))
        host = chain[links - 1]
        life = max(answer.link_ttls[:links], default=answer.ttl)
        return _lead(host, self.addresses.get(host, frozenset()) | frozenset(row.addresses), answer, life)

    def _name_of(self, addresses: Sequence[str]) -> str:
        """The provider's server with one of the addresses, else the addresses themselves."""
        servers = (self.known[address][0].host for address in addresses if address in self.known)
        return next(servers, ", ".join(sorted(addresses)))


def _lead(host: str, addresses: frozenset[str], answer: DnsAnswer, life: int) -> Lead:
    return Lead(host, addresses, answer.seen_at, answer.seen_at + timedelta(seconds=life))


def _read_row(label: str, views: Sequence[View], past: Sequence[View], facts: ClockFacts) -> RowClock:
    told = _leads(label, views, is_authority=True)
    if not told:
        return RowClock(label, State.UNKNOWN)
    new = _newest(told)
    others = [lead for _, lead in told if not lead.is_same(new)]
    if others:
        return RowClock(label, State.DISAGREE, others[0].host, new.host)
    stale = [said for said in _leads(label, views, is_authority=False) if not said[1].is_same(new)]
    return _MovedRow(label, new, stale, _before(label, past, new), facts.seen_at).clock


def _leads(label: str, views: Iterable[View], *, is_authority: bool) -> list[tuple[Source, Lead]]:
    """What the zone's own servers, or the resolvers, say of a row."""
    chosen = (view for view in views if (view.source.kind is Kind.AUTHORITATIVE) is is_authority)
    return [(view.source, lead) for view in chosen if (lead := view.leads[label]) is not None]


def _newest(told: Sequence[tuple[Source, Lead]]) -> Lead:
    """The lead by the server with the newest serial; the first one's where serials do not tell."""
    return reduce(lambda best, other: other if _is_newer(other[0].serial, best[0].serial) else best, told)[1]


def _is_newer(serial: int | None, than: int | None) -> bool:
    """By serial number arithmetic, which goes round (RFC 1982)."""
    return serial is not None and (than is None or 0 < (serial - than) % 2**32 < 2**31)


def _before(label: str, past: Sequence[View], new: Lead) -> Lead | None:
    """Where the row led at the earlier look, by servers that agreed, if that was somewhere else."""
    leads = [lead for _, lead in _leads(label, past, is_authority=True)]
    if not leads or leads[0].is_same(new) or not all(lead.is_same(leads[0]) for lead in leads):
        return None
    return leads[0]


class _MovedRow(NamedTuple):
    """A row on whose new lead the zone's own servers agree, and what is known of the old one."""

    label: str
    new: Lead
    stale: Sequence[tuple[Source, Lead]]
    before: Lead | None
    seen_at: datetime

    @property
    def clock(self) -> RowClock:
        """Moving while anybody keeps the old answer, or may keep it by what was seen before."""
        old = self.stale[0][1] if self.stale else self.before
        if old is None:
            return RowClock(self.label, State.SETTLED, new=self.new.host)
        until = max((lead.expires_at for _, lead in self.stale), default=None)
        holders = tuple(source.name or source.address for source, _ in self.stale)
        return RowClock(self.label, State.MOVING, old.host, self.new.host, until, self._latest, holders)

    @property
    def _latest(self) -> datetime:
        """The row changed by the time of this look; from then on the old answer lives for its TTL.

        That TTL is known from the earlier look, else the new row's is the best guess.
        """
        told = self.before or self.new
        guess = self.seen_at + (told.expires_at - told.seen_at)
        return max([guess, *(lead.expires_at for _, lead in self.stale)])
