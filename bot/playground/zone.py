"""DNS zones as literals, and what a resolver answers from them. No sockets here.

    ZONE: Zone = {
        "imap.example.cz": {"CNAME": "mail8.skok.cz"},
        "mail8.skok.cz": {"TTL": 60, "A": ["127.0.1.8"]},
        "example.cz": {"MX": [(10, "mail8.skok.cz")], "TXT": ["v=spf1 -all"]},
        "*.example.cz": {"A": ["127.0.1.9"]},
    }

Names are A-labels without the final dot, or Unicode, which is turned into A-labels.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import dns.message
import dns.name
import dns.rcode
import dns.rdata
import dns.rdataclass
import dns.rdatatype
import dns.rdtypes.ANY.TXT
import dns.rrset

Value = str | tuple[int, str]
"""An address, a name or a text; for MX a preference and a name."""
Records = Mapping[str, int | Value | Sequence[Value]]
"""Values by record type, one or many; under "TTL" the seconds they live."""
Zone = Mapping[str, Records]

_NAMES = {"CNAME", "NS", "PTR", "MX"}
_LONGEST_CHAIN = 32


@dataclass(frozen=True, slots=True)
class Defaults:
    """What is not written in a zone: how long records and denials live."""

    ttl: int = 300
    negative_ttl: int = 60


class Index:
    """A zone made ready for look-ups: names in one spelling, and the names that exist only as a parent."""

    def __init__(self, zone: Zone) -> None:
        self.records = {_text(to_name(name)): records for name, records in zone.items()}
        self.parents = {parent for name in self.records for parent in _parents(name)}

    def at(self, name: str) -> Records | None:
        """The records of a name (maybe by a wildcard, maybe none), or None when there is no such name."""
        if name in self.records:
            return self.records[name]
        if name in self.parents:
            return {}  # an empty non-terminal exists: RFC 8020
        for parent in _parents(name):
            if "*." + parent in self.records:
                return self.records["*." + parent]
            if parent in self.records:  # RFC 4592: the closest encloser ends the search
                return None
        return None


def answer_from(zone: Index, query: dns.message.Message, defaults: Defaults) -> dns.message.Message:
    """The reply of a resolver that knows this zone alone: CNAMEs are followed, denials carry a SOA."""
    question = query.question[0]
    reply = dns.message.make_response(query, recursion_available=True, our_payload=1232)
    name = question.name
    for _ in range(_LONGEST_CHAIN):
        records = zone.at(_text(name))
        if records is None:
            reply.set_rcode(dns.rcode.NXDOMAIN)
            break
        found = _rrset(name, records, question.rdtype, defaults)
        if found is not None:
            reply.answer.append(found)
            return reply
        alias = _rrset(name, records, dns.rdatatype.CNAME, defaults)
        if alias is None:
            break
        if alias in reply.answer:  # a loop: the chain once round, as authoritative servers send it
            return reply
        reply.answer.append(alias)
        name = alias[0].target
    reply.authority.append(_start_of_authority(zone, name, defaults))
    return reply


def to_name(text: str) -> dns.name.Name:
    """An absolute DNS name; Unicode becomes A-labels by IDNA 2008."""
    return dns.name.from_text(text, idna_codec=dns.name.IDNA_2008_Practical)


def _parents(name: str) -> Iterator[str]:
    while "." in name:
        name = name.partition(".")[2]
        yield name


def _text(name: dns.name.Name) -> str:
    return name.canonicalize().to_text(omit_final_dot=True)


def _rrset(
    name: dns.name.Name, records: Records, rtype: dns.rdatatype.RdataType, defaults: Defaults
) -> dns.rrset.RRset | None:
    kind = dns.rdatatype.to_text(rtype)
    if kind not in records:
        return None
    values = [_rdata(rtype, value) for value in _many(records[kind])]
    ttl = records.get("TTL", defaults.ttl)
    return dns.rrset.from_rdata_list(name, int(str(ttl)), values) if values else None


def _many(values: int | Value | Sequence[Value]) -> Iterable[Value]:
    if isinstance(values, int):
        raise TypeError(f"a record is a text, or a preference and a name; not {values!r}")
    if isinstance(values, str):
        return [values]
    if len(values) == 2 and isinstance(values[0], int):
        return [(values[0], str(values[1]))]
    return values  # type: ignore[return-value]


def _rdata(rtype: dns.rdatatype.RdataType, value: Value) -> dns.rdata.Rdata:
    if rtype == dns.rdatatype.TXT:  # the bytes as they are: no quoting rules of zone files
        return dns.rdtypes.ANY.TXT.TXT(dns.rdataclass.IN, rtype, [str(value).encode()])
    preference, text = value if isinstance(value, tuple) else (None, value)
    if dns.rdatatype.to_text(rtype) in _NAMES:
        text = to_name(text).to_text()
    words = text if preference is None else f"{preference} {text}"
    return dns.rdata.from_text(dns.rdataclass.IN, rtype, words)


def _start_of_authority(zone: Index, name: dns.name.Name, defaults: Defaults) -> dns.rrset.RRset:
    """The SOA that lets a denial be cached (RFC 2308): the zone's own, else an invented one."""
    above = name
    while above != dns.name.root:
        if "SOA" in (records := zone.records.get(_text(above), {})):
            own = _rrset(above, records, dns.rdatatype.SOA, defaults)
            if own is not None:
                return own
        above = above.parent()
    owner = dns.name.Name(name.labels[-3:])
    data = f"ns.invalid. hostmaster.invalid. 1 3600 600 86400 {defaults.negative_ttl}"
    return dns.rrset.from_text(owner, defaults.negative_ttl, "IN", "SOA", data)
