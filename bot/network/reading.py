"""Reads a DNS message: the CNAME chain, the values at its end, and what is said where there are none. Pure."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rdataclass
import dns.rdatatype
import dns.rrset

from bot.facts import Outcome

LONGEST_CHAIN = 16
"""CNAME links that are followed."""
MOST_VALUES = 64
"""Values that are kept of one record set."""

RTYPES: Mapping[str, dns.rdatatype.RdataType] = {
    name: dns.rdatatype.from_text(name) for name in ("A", "AAAA", "MX", "PTR", "NS", "SOA", "TXT", "CAA", "SRV", "DS")
}


@dataclass(slots=True)
class Trail:
    """How far one question has come: the chain so far, and how it ended if it has."""

    name: dns.name.Name
    rtype: dns.rdatatype.RdataType
    chain: list[dns.name.Name] = field(default_factory=list)
    ttls: list[int] = field(default_factory=list)
    outcome: Outcome | None = None
    values: tuple[str, ...] = ()
    detail: str = ""
    is_authenticated: bool = True

    @property
    def end(self) -> dns.name.Name:
        """The last name of the chain: the one to ask for while there is no outcome."""
        return self.chain[-1] if self.chain else self.name

    @property
    def ttl(self) -> int:
        """Seconds that the whole of it may be kept: the shortest of its parts."""
        return min(self.ttls, default=0)

    @property
    def link_ttls(self) -> tuple[int, ...]:
        """Seconds that each link of the chain may be kept."""
        return tuple(self.ttls[: len(self.chain)])

    def follow(self, message: dns.message.Message) -> None:
        """Go on as far as this message leads. It is the answer for `end`."""
        started_at = self.end
        self.is_authenticated &= bool(message.flags & dns.flags.AD)
        while (found := _records(message, self.end, self.rtype)) is None and self.outcome is None:
            alias = _records(message, self.end, dns.rdatatype.CNAME)
            if alias is None:
                self._miss(message, started_at)
                return
            self._link(alias)
        if found is not None and self.outcome is None:
            self.ttls.append(found.ttl)
            self.values, self.outcome = _values(found), Outcome.FOUND

    def _link(self, alias: dns.rrset.RRset) -> None:
        target = alias[0].target
        self.ttls.append(alias.ttl)
        if target == self.name or target in self.chain:
            self.outcome = Outcome.LOOP
        elif len(self.chain) == LONGEST_CHAIN:
            self.outcome, self.detail = Outcome.LOOP, f"more than {LONGEST_CHAIN} links"
        self.chain.append(target)

    def _miss(self, message: dns.message.Message, started_at: dns.name.Name) -> None:
        """No data at the end of the chain: is that said, or did the server know the chain only so far?"""
        denial = _denial(message, self.end)
        if message.rcode() == dns.rcode.NXDOMAIN:  # it speaks of the last name: RFC 6604
            self.outcome = Outcome.DANGLING if self.chain else Outcome.NXDOMAIN
        elif denial is not None or self.end == started_at:
            self.outcome = Outcome.NO_DATA
        else:
            return
        self.ttls.append(denial or 0)


def to_text(name: dns.name.Name) -> str:
    """Lower case, without the final dot; odd bytes are escaped as in zone files, the root is a dot."""
    return name.canonicalize().to_text(omit_final_dot=True)


def _records(
    message: dns.message.Message, name: dns.name.Name, rtype: dns.rdatatype.RdataType
) -> dns.rrset.RRset | None:
    return message.get_rrset(message.answer, name, dns.rdataclass.IN, rtype)


def _denial(message: dns.message.Message, name: dns.name.Name) -> int | None:
    """The seconds a denial may be kept, by the SOA of a zone that holds the name (RFC 2308, section 5)."""
    for records in message.authority:
        if records.rdtype == dns.rdatatype.SOA and name.is_subdomain(records.name):
            return min(records.ttl, int(records[0].minimum))
    return None


def _values(records: dns.rrset.RRset) -> tuple[str, ...]:
    """In an order of their own, since servers deal a set out in turns."""
    return _READERS[records.rdtype](records)[:MOST_VALUES]


def _addresses(records: dns.rrset.RRset) -> tuple[str, ...]:
    return tuple(map(str, sorted(ipaddress.ip_address(record.address) for record in records)))


def _exchanges(records: dns.rrset.RRset) -> tuple[str, ...]:
    """By preference, then by name. The root is the null MX: this domain takes no mail (RFC 7505)."""
    pairs = sorted((record.preference, to_text(record.exchange)) for record in records)
    return tuple(dict.fromkeys("" if name == "." else name for _, name in pairs))


def _hosts(records: dns.rrset.RRset) -> tuple[str, ...]:
    return tuple(sorted(to_text(record.target) for record in records))


def _whole(records: dns.rrset.RRset) -> tuple[str, ...]:
    """As zone files have them: texts in quotes, odd bytes escaped."""
    return tuple(sorted(record.to_text() for record in records))


def _whole_with_names(records: dns.rrset.RRset) -> tuple[str, ...]:
    """As zone files have them, the names in lower case and with their final dot."""
    return tuple(record.to_text().lower() for record in records)


def _services(records: dns.rrset.RRset) -> tuple[str, ...]:
    """By priority, the greatest weight first (RFC 2782)."""
    ordered = sorted(records, key=lambda record: (record.priority, -record.weight, record.port, record.target))
    return tuple(record.to_text().lower() for record in ordered)


_READERS: Mapping[int, Callable[[Any], tuple[str, ...]]] = {
    dns.rdatatype.A: _addresses,
    dns.rdatatype.AAAA: _addresses,
    dns.rdatatype.MX: _exchanges,
    dns.rdatatype.PTR: _hosts,
    dns.rdatatype.NS: _hosts,
    dns.rdatatype.SOA: _whole_with_names,
    dns.rdatatype.TXT: _whole,
    dns.rdatatype.CAA: _whole,
    dns.rdatatype.SRV: _services,
    dns.rdatatype.DS: _whole,
}
