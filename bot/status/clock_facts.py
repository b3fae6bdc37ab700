"""What each source says of a domain's mail rows at one moment: the zone's own servers, our resolver, public ones."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from bot.facts import Row

LABELS = ("imap", "mail", "pop", "smtp")
"""The rows of a domain that lead programs to its mail server."""


class Kind(StrEnum):
    """Who was asked."""

    AUTHORITATIVE = "authoritative"
    """A name server of the zone itself, asked directly: what it says holds from now on."""
    OURS = "ours"
    PUBLIC = "public"
    """Like ours a resolver, which may keep an answer as long as its TTL allows."""


class Trouble(StrEnum):
    """Why an authoritative server said nothing about the zone."""

    SILENT = "silent"
    """No answer in a fair time, or nobody listens."""
    REFUSED = "refused"
    FAILS = "fails"
    """SERVFAIL, another error, or what is not DNS."""
    NOT_AUTHORITATIVE = "not_authoritative"
    """It answers, and not as one that holds the zone."""
    NO_ADDRESS = "no_address"
    NOT_PUBLIC = "not_public"
    NOT_ASKED = "not_asked"
    """Our own network, resolver or lack of time: nothing is known about the server."""

    @property
    def is_lame(self) -> bool:
        """True when the server is named for the zone and is known not to serve it."""
        return self not in (Trouble.SILENT, Trouble.NOT_ASKED)


@dataclass(frozen=True, slots=True)
class Source:
    """One server and what it says: the rows by label, and of a zone's own server the serial of its SOA.

    `name` is a host name, or whose resolver it is; `address` where it was asked, "" if there is none to tell.
    """

    kind: Kind
    name: str
    address: str = ""
    rows: Mapping[str, Row] = field(default_factory=dict)
    serial: int | None = None
    trouble: Trouble | None = None


@dataclass(frozen=True, slots=True)
class ClockFacts:
    """What all sources said. `zone` is "" where its name servers could not be found out.

    `hosts` are the addresses of hosts that the rows lead to, as our resolver knows them.
    """

    domain: str
    zone: str
    sources: tuple[Source, ...]
    seen_at: datetime
    hosts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
