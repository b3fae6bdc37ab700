"""Looks at the move clock as a test wants them: who says what of a row."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from bot.facts import DnsAnswer, Outcome, Row
from bot.status.clock_facts import LABELS, ClockFacts, Kind, Source, Trouble
from tests.advice.build import NOW

Says = str | Outcome | tuple[str, ...]
"""Where a row leads: a host name, a chain of them, an address, or how the question ended."""


def row(label: str, says: Says, ttl: int = 3600, *, addresses: tuple[str, ...] = (), at: datetime = NOW) -> Row:
    """A row as one source has it, both families; the addresses behind a CNAME live for five minutes."""
    name = f"{label}.example.cz"
    if isinstance(says, Outcome):
        return Row(*(DnsAnswer(name, rtype, says, at, ttl=ttl) for rtype in ("A", "AAAA")))
    if isinstance(says, str) and says.replace(".", "").isdigit():
        none = DnsAnswer(name, "AAAA", Outcome.NO_DATA, at, ttl=60)
        return Row(DnsAnswer(name, "A", Outcome.FOUND, at, (), (says,), ttl), none)
    chain = (says,) if isinstance(says, str) else says
    links = (ttl,) * len(chain)
    found = DnsAnswer(name, "A", Outcome.FOUND, at, chain, addresses, min(300, ttl), link_ttls=links)
    return Row(found, DnsAnswer(name, "AAAA", Outcome.NO_DATA, at, chain, link_ttls=links))


def source(kind: Kind, name: str, says: Says | Mapping[str, Row], serial: int | None = None, **how: Any) -> Source:
    """A source that says the same of every row, or each row by itself."""
    rows = dict(says) if isinstance(says, Mapping) else {label: row(label, says, **how) for label in LABELS}
    return Source(kind, name, "192.0.2.53", rows, serial)


def authority(says: Says | Mapping[str, Row], serial: int | None = 1, name: str = "ns1.dns.cz", **how: Any) -> Source:
    """A name server of the zone."""
    return source(Kind.AUTHORITATIVE, name, says, serial, **how)


def broken(trouble: Trouble, name: str = "ns2.dns.cz") -> Source:
    """A name server that said nothing."""
    return Source(Kind.AUTHORITATIVE, name, "192.0.2.54", trouble=trouble)


def ours(says: Says | Mapping[str, Row], **how: Any) -> Source:
    """Our resolver."""
    return source(Kind.OURS, "", says, **how)


def public(says: Says | Mapping[str, Row], name: str = "Public", **how: Any) -> Source:
    """A public resolver."""
    return source(Kind.PUBLIC, name, says, **how)


def look(
    *sources: Source, after: timedelta = timedelta(), hosts: Mapping[str, tuple[str, ...]] | None = None
) -> ClockFacts:
    """One look, with the addresses of some hosts."""
    return ClockFacts("example.cz", "example.cz", sources, NOW + after, hosts or {})
