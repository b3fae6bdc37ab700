"""DNS as bytes (RFC 1035): questions for addresses and exchangers, and the answers that come nearly always. Pure.

Everything else - other types, other codes, truncation, an odd order, odd names - is for the careful reader
(`bot.network.reading`); what is read here is read the same there, ten times as slowly.
"""

from __future__ import annotations

import re
import struct
from ipaddress import IPv6Address
from typing import Any, NamedTuple

from bot.facts import Outcome

HEADER = 12
LONGEST = 512
"""Bytes of the longest message over UDP where nothing else was agreed (RFC 1035, 4.2.1)."""
MOST_RECORDS = 80
LONGEST_CHAIN = 16
MOST_VALUES = 64
TYPES = {"A": 1, "AAAA": 28, "MX": 15}
"""The questions that are known here."""
_MOST_LABELS = 64

_NAME = re.compile(r"(?!.{254})[a-z0-9_-]{1,63}(\.[a-z0-9_-]{1,63})*")
_RECORD = struct.Struct(">HHIH")
_COUNTS = struct.Struct(">HHH")
_SOA_NUMBERS = struct.Struct(">5I")
_CNAME, _SOA, _MX, _IN = 5, 6, 15, 1
_ADDRESS_BYTES = {1: 4, 28: 16}
_LONGEST_TTL = 2**31 - 1
_AUTHENTIC = 0x20


class Plain(NamedTuple):
    """A plain answer: the CNAME targets in order, the addresses or exchangers in theirs, and the seconds for which the
    whole may be kept, and each link of the chain. `is_authenticated`: the resolver found the signatures to hold."""

    outcome: Outcome
    chain: tuple[str, ...] = ()
    values: tuple[str, ...] = ()
    ttl: int = 0
    link_ttls: tuple[int, ...] = ()
    is_authenticated: bool = False


class Odd(Exception):
    """Nothing for this reader."""


def question_for(name: str, rtype: str = "A") -> bytes:
    """The question for a name (lower-case A-labels, no final dot), of one of the `TYPES`."""
    labels = name.encode("ascii").split(b".")
    return b"".join(bytes([len(label)]) + label for label in labels) + bytes([0, 0, TYPES[rtype], 0, 1])


def query(number: int, question: bytes) -> bytes:
    """The message that asks a resolver."""
    return number.to_bytes(2, "big") + b"\x01\x00\x00\x01\x00\x00\x00\x00\x00\x00" + question


def query_with_payload(number: int, question: bytes, flags: int, payload: int) -> bytes:
    """The same with these flags and EDNS: answers of up to `payload` bytes are welcome (RFC 6891)."""
    head = number.to_bytes(2, "big") + flags.to_bytes(2, "big") + b"\x00\x01\x00\x00\x00\x00\x00\x01"
    return head + question + b"\x00\x00\x29" + payload.to_bytes(2, "big") + bytes(6)


def is_answer(message: bytes, question: bytes) -> bool:
    """True for a response to exactly this question, whatever it says; its number is compared elsewhere."""
    return (
        len(message) >= HEADER + len(question)
        and message[2] & 0xF8 == 0x80
        and message[4:6] == b"\x00\x01"
        and message.startswith(question, HEADER)
    )


def read_answer(message: bytes, question: bytes) -> Plain | None:
    """Read an answer to the question; None where the careful reader has to look. Never raises."""
    try:
        return _read(message, HEADER + len(question), question[-3])
    except (Odd, IndexError, struct.error):
        return None


def _read(message: bytes, offset: int, rtype: int) -> Plain:
    answers, authority, additional = _COUNTS.unpack_from(message, 6)
    code, is_authenticated = message[3] & 0x0F, bool(message[3] & _AUTHENTIC)
    if message[2] & 0x02 or code not in (0, 3) or max(answers, authority) > MOST_RECORDS:
        raise Odd
    chain, ttls, found, offset = _read_records(message, offset, answers, rtype)
    links = tuple(ttls[: len(chain) - 1])
    if found:
        if code:
            raise Odd
        values = _exchanges(found) if rtype == _MX else _addresses(found)
        return Plain(Outcome.FOUND, tuple(chain[1:]), values[:MOST_VALUES], min(ttls), links, is_authenticated)
    ttl, offset = _read_denial(message, offset, authority, chain[-1])
    if ttl is None and (links or (code == 0 and _is_extended(message, offset, additional))):
        raise Odd  # the server knows the chain only so far, or says something else
    ttls.append(ttl or 0)
    outcome = Outcome.NO_DATA if not code else Outcome.DANGLING if links else Outcome.NXDOMAIN
    return Plain(outcome, tuple(chain[1:]), (), min(ttls), links, is_authenticated)


def _read_records(message: bytes, offset: int, count: int, rtype: int) -> tuple[list[str], list[int], set[Any], int]:
    """CNAMEs in the order of the chain, then the records of its end, and nothing besides: all names, the TTL of each
    link and record, what the records hold, and where it goes on."""
    asked, _ = _name(message, HEADER)
    chain, ttls, found = [asked], list[int](), set[Any]()
    named_at = HEADER
    for _ in range(count):
        offset = _skip_owner(message, offset, named_at, chain[-1])
        this, rclass, ttl, length = _RECORD.unpack_from(message, offset)
        offset += _RECORD.size
        end = offset + length
        if rclass != _IN or ttl > _LONGEST_TTL or end > len(message):
            raise Odd
        if this == rtype:
            found.add(_exchange(message, offset, end) if rtype == _MX else _address(message[offset:end], rtype))
        elif this == _CNAME and not found:
            chain.append(_target(message, offset, end, chain))
            named_at = offset
        else:
            raise Odd
        offset = end
        ttls.append(ttl)
    return chain, ttls, found, offset


def _read_denial(message: bytes, offset: int, count: int, name: str) -> tuple[int | None, int]:
    """For how long it may be kept that there is nothing, by the SOA of a zone that holds the name (RFC 2308, section
    5); None where no server says so; and where it goes on."""
    denial: int | None = None
    for _ in range(count):
        zone, offset = _name(message, offset) if message[offset] else ("", offset + 1)
        rtype, rclass, ttl, length = _RECORD.unpack_from(message, offset)
        offset += _RECORD.size + length
        if rtype == _SOA:
            is_over_it = not zone or f".{name}".endswith(f".{zone}")
            if denial is not None or rclass != _IN or ttl > _LONGEST_TTL or not is_over_it:
                raise Odd
            denial = min(ttl, _minimum(message, offset - length, offset))
    return denial, offset


def _minimum(message: bytes, offset: int, end: int) -> int:
    """The last number of a SOA, behind two names and four other numbers (RFC 1035, 3.3.13)."""
    _, offset = _name(message, offset)
    _, offset = _name(message, offset)
    if offset + _SOA_NUMBERS.size != end:
        raise Odd
    return int(_SOA_NUMBERS.unpack_from(message, offset)[-1])


def _is_extended(message: bytes, offset: int, count: int) -> bool:
    """True where the code may be a longer one, which EDNS has the rest of (RFC 6891, 6.1.3)."""
    return bool(count) and (message[offset] != 0 or message[offset + 5] != 0)


def _address(address: bytes, rtype: int) -> bytes:
    if len(address) != _ADDRESS_BYTES[rtype]:
        raise Odd
    return address


def _addresses(found: set[bytes]) -> tuple[str, ...]:
    return tuple(".".join(map(str, a)) if len(a) == 4 else str(IPv6Address(a)) for a in sorted(found))


def _exchange(message: bytes, offset: int, end: int) -> tuple[int, str]:
    """The preference and the host (RFC 1035, 3.3.9)."""
    host, behind = _name(message, offset + 2)
    if behind != end:
        raise Odd
    return int.from_bytes(message[offset : offset + 2], "big"), host


def _exchanges(found: set[tuple[int, str]]) -> tuple[str, ...]:
    """By preference, then by name; each host once."""
    return tuple(dict.fromkeys(host for _, host in sorted(found)))


def _skip_owner(message: bytes, offset: int, named_at: int, name: str) -> int:
    """Where a record goes on behind its owner's name, which must be this one; mostly a pointer to where it stood."""
    if message[offset] == 0xC0 | named_at >> 8 and message[offset + 1] == named_at & 0xFF:
        return offset + 2
    owner, offset = _name(message, offset)
    if owner != name:
        raise Odd
    return offset


def _target(message: bytes, offset: int, end: int, chain: list[str]) -> str:
    target, behind = _name(message, offset)
    if behind != end or target in chain or len(chain) > LONGEST_CHAIN:
        raise Odd
    return target


def _name(message: bytes, offset: int) -> tuple[str, int]:
    """A name in lower case, and where it ends. Compression may only point backwards (RFC 1035, 4.1.4)."""
    labels: list[bytes] = []
    start, end = offset, 0
    while length := message[offset]:
        if length >= 0xC0:
            pointer = (length & 0x3F) << 8 | message[offset + 1]
            end = end or offset + 2
            if pointer >= start:
                raise Odd
            start = offset = pointer
        elif length > 63 or len(labels) == _MOST_LABELS:
            raise Odd
        else:
            labels.append(message[offset + 1 : offset + 1 + length])
            offset += 1 + length
    name = b".".join(labels).decode("latin-1").lower()
    if name.count(".") != len(labels) - 1 or not _NAME.fullmatch(name):
        raise Odd
    return name, end or offset + 1
