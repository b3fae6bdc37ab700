"""One DNS question to one name server: over UDP, and over TCP when the answer did not fit (RFC 7766)."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import secrets
import socket
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

import dns.exception
import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rdatatype

from bot.network.name_servers import NameServerAddress
from bot.network.wire import Plain, is_answer, query_with_payload, read_answer

RESEND_AFTER = 1.0
"""Seconds without an answer after which the datagram is sent once more: UDP loses some."""
READ_LATER = 0.005
"""Seconds that a reply nobody waits for lies unread: reading costs a quarter of a millisecond, and all replies of
a request come at once, just when connections could begin."""
PAYLOAD = 1232
"""Bytes of the largest datagram asked for, so that none is fragmented (DNS flag day 2020)."""
LONGEST_ANSWER = 16_384
"""Bytes of the longest answer read over TCP; reading more would hold up everybody else."""

ASK_RESOLVER = int(dns.flags.RD | dns.flags.AD)
"""Look it up for us, and say whether the signatures hold (RFC 6840, section 5.7)."""
ASK_AUTHORITY = 0
"""Say what your own zones hold."""

_SERVER_SIDE = (errno.ECONNREFUSED, errno.ECONNRESET, errno.EPIPE)
_ANSWERS = (dns.rcode.NOERROR, dns.rcode.NXDOMAIN)


@dataclass(frozen=True, slots=True)
class Failure:
    """A name server that could not or would not answer. `blames_server`: whatever was asked, it would be so.
    `rcode` is what it answered, `is_ours` that the question could not leave this machine or its network.
    """

    server: NameServerAddress
    reason: str
    blames_server: bool
    rcode: dns.rcode.Rcode | None = None
    is_ours: bool = False

    def __str__(self) -> str:
        return f"{self.server}: {self.reason}"


Reply = dns.message.Message | Failure
R = TypeVar("R", bound=Plain | dns.message.Message)
Reader = Callable[[bytes], R | None]
"""What makes a reply of a datagram; None: that was no answer to our question."""


class BrokenAnswer(Exception):
    """It answers our question, and cannot be read."""


async def ask(
    server: NameServerAddress,
    name: dns.name.Name,
    rtype: dns.rdatatype.RdataType,
    *,
    urgent: bool = True,
    flags: int = ASK_RESOLVER,
) -> Reply:
    """Ask and wait for as long as it takes; bound it by cancelling. What the network does is a `Failure`."""
    query = dns.message.make_query(name, rtype, use_edns=0, payload=PAYLOAD, flags=flags)
    return await _exchange(server, query.to_wire(), lambda datagram: _read(datagram, query), urgent)


async def ask_plainly(
    server: NameServerAddress, question: bytes, *, urgent: bool = True, flags: int = ASK_RESOLVER
) -> Plain | Reply:
    """The same for a question of `bot.network.wire`: nearly every answer to it is plain."""
    wire = query_with_payload(secrets.randbits(16), question, flags, PAYLOAD)

    def read(datagram: bytes) -> Plain | dns.message.Message | None:
        if datagram[:2] == wire[:2] and is_answer(datagram, question) and (plain := read_answer(datagram, question)):
            return plain
        return _read(datagram, dns.message.from_wire(wire))

    return await _exchange(server, wire, read, urgent)


async def _exchange(server: NameServerAddress, wire: bytes, read: Reader[R], urgent: bool) -> R | Failure:
    """One reply, as it is read."""
    try:
        reply = await _ask_by_udp(server, wire, read, urgent)
        if isinstance(reply, dns.message.Message) and reply.flags & dns.flags.TC:
            reply = await _ask_by_tcp(server, wire, read)
    except OSError as error:
        reason = (error.strerror or type(error).__name__).lower()
        return Failure(server, reason, blames_server=True, is_ours=error.errno not in _SERVER_SIDE)
    except BrokenAnswer as error:
        return Failure(server, str(error), blames_server=False)
    except asyncio.IncompleteReadError:
        return Failure(server, "TCP connection closed without an answer", blames_server=False)
    if isinstance(reply, dns.message.Message) and reply.rcode() not in _ANSWERS:
        is_refusal = reply.rcode() == dns.rcode.REFUSED
        return Failure(server, dns.rcode.to_text(reply.rcode()), is_refusal, reply.rcode())
    return reply


async def _ask_by_udp(server: NameServerAddress, wire: bytes, read: Reader[R], urgent: bool) -> R:
    """A socket of its own for each question: its random port is half of what a spoofer has to guess (RFC 5452).

    It is connected, so the kernel drops datagrams of others and reports a closed port at once.
    """
    loop = asyncio.get_running_loop()
    with socket.socket(_family(server), socket.SOCK_DGRAM) as udp:
        udp.setblocking(False)
        udp.connect((server.address, server.port))
        udp.send(wire)
        resend = loop.call_later(RESEND_AFTER, _send_again, udp, wire)
        try:
            while True:
                datagram = await loop.sock_recv(udp, 65_535)
                if not urgent:
                    await asyncio.sleep(READ_LATER)
                reply = read(datagram)
                if reply is not None:
                    return reply
        finally:
            resend.cancel()


def _send_again(udp: socket.socket, wire: bytes) -> None:
    with contextlib.suppress(OSError):  # the wait for the answer gets the same error
        udp.send(wire)


async def _ask_by_tcp(server: NameServerAddress, wire: bytes, read: Reader[R]) -> R:
    reader, writer = await asyncio.open_connection(server.address, server.port, family=_family(server))
    try:
        writer.write(len(wire).to_bytes(2, "big") + wire)
        length = int.from_bytes(await reader.readexactly(2), "big")
        if length > LONGEST_ANSWER:
            raise BrokenAnswer(f"answer of {length} bytes is too long")
        reply = read(await reader.readexactly(length))
        if reply is None or (isinstance(reply, dns.message.Message) and reply.flags & dns.flags.TC):
            raise BrokenAnswer("answer over TCP does not fit the question")
        return reply
    finally:
        writer.transport.abort()


def _read(wire: bytes, query: dns.message.Message) -> dns.message.Message | None:
    """The answer to our question, None for anything else. Raises BrokenAnswer for a broken one."""
    try:
        reply = dns.message.from_wire(wire, ignore_trailing=True, continue_on_error=True)
    except (dns.exception.DNSException, ValueError):
        return None  # not even a header: from nobody we asked
    if not query.is_response(reply):
        return None
    if reply.errors and not reply.flags & dns.flags.TC:
        raise BrokenAnswer("answer is not DNS")
    return reply


def _family(server: NameServerAddress) -> socket.AddressFamily:
    return socket.AF_INET6 if ":" in server.address else socket.AF_INET
