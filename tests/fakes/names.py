"""What broken and hostile DNS servers answer. Put them into `NameServer.faults` or `.fault`."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rdatatype
import dns.rrset

from bot.playground.names import Exchange, Fault, ServFail, truncated


class Truncated(Fault):
    """Says over UDP that the answer did not fit; over TCP it is honest."""

    async def packets(self, exchange: Exchange) -> Sequence[bytes]:
        return [truncated(exchange.query) if exchange.transport == "udp" else exchange.wire()]


class TruncatedForEver(Fault):
    """Says over TCP too that the answer did not fit."""

    async def packets(self, exchange: Exchange) -> Sequence[bytes]:
        return [truncated(exchange.query)]


class TcpSilent(Fault):
    """Sends the client to TCP and is silent there."""

    async def packets(self, exchange: Exchange) -> Sequence[bytes]:
        return [truncated(exchange.query)] if exchange.transport == "udp" else []


class Garbage(Fault):
    """Bytes that are no DNS message."""

    async def packets(self, exchange: Exchange) -> Sequence[bytes]:
        return [b"\xff\x00not DNS"]


@dataclass(frozen=True)
class CutOff(Fault):
    """The honest reply without its last bytes."""

    missing: int = 5

    async def packets(self, exchange: Exchange) -> Sequence[bytes]:
        return [exchange.wire()[: -self.missing]]


class PointerLoop(Fault):
    """A header with one answer whose name points at itself (compression pointer loop)."""

    async def packets(self, exchange: Exchange) -> Sequence[bytes]:
        head = exchange.query.id.to_bytes(2, "big") + b"\x81\x80\x00\x00\x00\x01\x00\x00\x00\x00"
        return [head + b"\xc0\x0c" + b"\x00\x01\x00\x01\x00\x00\x00\x3c\x00\x04\x7f\x00\x00\x01"]


@dataclass(frozen=True)
class WrongId(Fault):
    """A reply to another question, as a spoofer who guesses sends it; the honest one follows if wanted."""

    then_honest: bool = False

    async def packets(self, exchange: Exchange) -> Sequence[bytes]:
        forged = bytearray(exchange.wire())
        forged[0] ^= 0xFF
        return [bytes(forged), *([exchange.wire()] if self.then_honest else [])]


@dataclass(frozen=True)
class WrongQuestion(Fault):
    """The right number, but the question and its answer are for another name."""

    name: str = "somebody.else.cz"

    async def packets(self, exchange: Exchange) -> Sequence[bytes]:
        query = dns.message.make_query(self.name, exchange.query.question[0].rdtype, id=exchange.query.id)
        reply = dns.message.make_response(query, recursion_available=True)
        reply.answer.append(dns.rrset.from_text(query.question[0].name, 60, "IN", "A", "127.6.6.6"))
        return [reply.to_wire()]


class Twice(Fault):
    """The honest reply, two times."""

    async def packets(self, exchange: Exchange) -> Sequence[bytes]:
        return [exchange.wire(), exchange.wire()]


@dataclass(frozen=True)
class BigSet(Fault):
    """An answer of many addresses (A or AAAA), whatever the zone says."""

    count: int = 60

    async def packets(self, exchange: Exchange) -> Sequence[bytes]:
        question = exchange.query.question[0]
        if question.rdtype == dns.rdatatype.AAAA:
            values = [f"2001:db8::{number:x}" for number in range(1, self.count + 1)]
        else:
            values = [f"127.9.{number // 250}.{number % 250 + 1}" for number in range(self.count)]
        rtype = dns.rdatatype.to_text(question.rdtype)
        reply = dns.message.make_response(exchange.query, recursion_available=True)
        reply.answer.append(dns.rrset.from_text_list(question.name, 60, "IN", rtype, values))
        spoiled = Exchange(exchange.query, reply, exchange.transport, exchange.limit)
        return [spoiled.wire()]


@dataclass(frozen=True)
class EndlessChain(Fault):
    """A CNAME to a name one deeper, for ever: each question makes a new one."""

    below: str = "chain.cz"

    async def packets(self, exchange: Exchange) -> Sequence[bytes]:
        name = exchange.query.question[0].name
        label = name.labels[0].decode("ascii", "replace")
        number = int(label[1:]) + 1 if label[1:].isdigit() else 1
        reply = dns.message.make_response(exchange.query, recursion_available=True)
        target = f"n{number}.{self.below}."
        reply.answer.append(dns.rrset.from_text(name, 60, "IN", "CNAME", target))
        return [reply.to_wire()]


@dataclass(frozen=True)
class OnlyZones(Fault):
    """Answers as an authoritative server of some zones: with the AA bit, no further than they reach, else REFUSED."""

    zones: tuple[str, ...]
    is_authoritative: bool = True

    async def packets(self, exchange: Exchange) -> Sequence[bytes]:
        reply = exchange.reply
        reply.flags &= ~(dns.flags.RA | dns.flags.AA)
        if not self._holds(reply.question[0].name):
            reply.set_rcode(dns.rcode.REFUSED)
            reply.answer, reply.authority = [], []
            return [exchange.wire()]
        reply.flags |= dns.flags.AA if self.is_authoritative else 0
        kept = [rrset for rrset in reply.answer if self._holds(rrset.name)]
        if kept and kept[-1].rdtype == dns.rdatatype.CNAME and not self._holds(kept[-1][0].target):
            reply.set_rcode(dns.rcode.NOERROR)
            reply.authority = []
        reply.answer = kept
        return [exchange.wire()]

    def _holds(self, name: dns.name.Name) -> bool:
        return any(name.is_subdomain(dns.name.from_text(zone)) for zone in self.zones)


@dataclass(frozen=True)
class Once(Fault):
    """Another fault for the first questions, honesty afterwards. Make a new one for each test."""

    fault: Fault
    turns: asyncio.Queue[None]

    @classmethod
    def of(cls, fault: Fault, times: int = 1) -> Once:
        """`fault` for the first `times` questions."""
        turns: asyncio.Queue[None] = asyncio.Queue()
        for _ in range(times):
            turns.put_nowait(None)
        return cls(fault, turns)

    async def packets(self, exchange: Exchange) -> Sequence[bytes]:
        if self.turns.empty():
            return [exchange.wire()]
        self.turns.get_nowait()
        return await self.fault.packets(exchange)


class Bogus(Fault):
    """A resolver that checks signatures, of a zone where they do not hold: it answers only who does not ask it to."""

    async def packets(self, exchange: Exchange) -> Sequence[bytes]:
        if exchange.query.flags & dns.flags.CD or exchange.question.rtype == "DS":
            return [exchange.wire()]
        return await ServFail().packets(exchange)
