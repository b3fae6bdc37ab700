"""What DNS says around a domain's mail: exchangers, sender policies, certificates, hints for programs, signatures."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from bot.facts import DnsAnswer, Row

SERVICES = ("_imaps._tcp", "_pop3s._tcp", "_submission._tcp", "_submissions._tcp")
"""Services by which mail programs find their server (RFC 6186, RFC 8314)."""
AUTOMATIC = ("autoconfig", "autodiscover")
"""Host names at which mail programs ask for settings."""


@dataclass(frozen=True, slots=True)
class AroundFacts:
    """The answers by name. A name that is not in a mapping was not asked, and nothing is known of it.

    `organization` is the registrable domain. `texts` are TXT records, with those that SPF leads to; `exchanges` the
    address rows of the MX, `hosts` those of SRV targets and of autoconfig and autodiscover. `unchecked` is the SOA as
    the resolver gives it without looking at signatures, asked for only where it is not given otherwise.
    """

    domain: str
    organization: str
    mx: DnsAnswer
    soa: DnsAnswer
    ds: DnsAnswer
    unchecked: DnsAnswer | None = None
    exchanges: Mapping[str, Row] = field(default_factory=dict)
    texts: Mapping[str, DnsAnswer] = field(default_factory=dict)
    caa: Mapping[str, DnsAnswer] = field(default_factory=dict)
    srv: Mapping[str, DnsAnswer] = field(default_factory=dict)
    hosts: Mapping[str, Row] = field(default_factory=dict)

    @property
    def open_questions(self) -> tuple[str, ...]:
        """What was asked and not found out, as `MX example.cz`."""
        return tuple(dict.fromkeys(f"{answer.rtype} {answer.name}" for answer in self._open()))

    @property
    def destinations(self) -> tuple[Row, ...]:
        """The rows of the hosts that mail is delivered to or programs are sent to: it matters whose they are."""
        automatic = {f"{label}.{self.domain}" for label in AUTOMATIC}
        return (*self.exchanges.values(), *(row for name, row in self.hosts.items() if name not in automatic))

    def _open(self) -> Iterator[DnsAnswer]:
        records = (self.mx, self.soa, self.ds, *self.texts.values(), *self.caa.values(), *self.srv.values())
        yield from (answer for answer in records if answer.outcome.is_unavailable)
        rows = (*self.exchanges.values(), *self.hosts.values())
        yield from (row.ipv4 for row in rows if row.outcome.is_unavailable)
