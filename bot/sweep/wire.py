"""DNS as bytes (RFC 1035): A questions, and the answers that come nearly always. Pure.

Everything else - other types, other codes, truncation, an odd order, odd names - is for the careful reader of
`bot.network`; what is read here is read the same there.
"""

from __future__ import annotations

import re
import struct
from typing import NamedTuple

from bot.facts import Outcome

HEADER = 12
LONGEST = 512
"""Bytes of the longest message over UDP where nothing else was agreed (RFC 1035, 4.2.1)."""
MOST_RECORDS = 80
LONGEST_CHAIN = 16
MOST_VALUES = 64
_MOST_LABELS = 64

_NAME = re.compile(r"(?!.{254})[a-z0-9_-]{1,63}(\.[a-z0-9_-]{1,63})*")
_RECORD = struct.Struct(">HHIH")
_COUNTS = struct.Struct(">HH")
_A, _CNAME, _IN = 1, 5, 1
_LONGEST_TTL = 2**31 - 1


class Plain(NamedTuple):
    """A plain answer: the CNAME targets in order, and the addresses in theirs."""

    outcome: Outcome
    chain: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()
    ttl: int = 0


class Odd(Exception):
    """Nothing for this reader."""


def question_for(name: str) -> bytes:
    """The question for the A records of a name (lower-case A-labels, no final dot)."""
    labels = name.encode("ascii").split(b".")
    return b"".join(bytes([len(label)]) + label for label in labels) + b"\x00\x00\x01\x00\x01"


def query(number: int, question: bytes) -> bytes:
    """The message that asks a resolver."""
    return number.to_bytes(2, "big") + b"\x01\x00\x00\x01\x00\x00\x00\x00\x00\x00" + question


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
        return _read(message, HEADER + len(question))
    except (Odd, IndexError, struct.error):
        return None


def _read(message: bytes, offset: int) -> Plain:
    count, _ = _COUNTS.unpack_from(message, 6)
    code = message[3] & 0x0F
    if message[2] & 0x02 or len(message) > LONGEST or count > MOST_RECORDS:
        raise Odd
    if code == 3 and not count:
        return Plain(Outcome.NXDOMAIN)
    if code:
        raise Odd
    return _read_records(message, offset, count) if count else Plain(Outcome.NO_DATA)


def _read_records(message: bytes, offset: int, count: int) -> Plain:
    """CNAMEs in the order of the chain and then the addresses of its end, and nothing besides."""
    asked, _ = _name(message, HEADER)
    chain, addresses, ttl = [asked], set[bytes](), _LONGEST_TTL
    named_at = HEADER
    for _ in range(count):
        offset = _skip_owner(message, offset, named_at, chain[-1])
        rtype, rclass, record_ttl, length = _RECORD.unpack_from(message, offset)
        offset += _RECORD.size
        end = offset + length
        if rclass != _IN or record_ttl > _LONGEST_TTL or end > len(message):
            raise Odd
        if rtype == _A and length == 4:
            addresses.add(message[offset:end])
        elif rtype == _CNAME and not addresses:
            chain.append(_target(message, offset, end, chain))
            named_at = offset
        else:
            raise Odd
        offset, ttl = end, min(ttl, record_ttl)
    if not addresses:
        raise Odd  # the server knows the chain only so far
    values = tuple(".".join(map(str, address)) for address in sorted(addresses)[:MOST_VALUES])
    return Plain(Outcome.FOUND, tuple(chain[1:]), values, ttl)


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
