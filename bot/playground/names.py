"""A DNS server on loopback, UDP and TCP on one port, that answers from a zone literal like a resolver.

async with NameServer({"mail8.skok.cz": {"A": ["127.0.1.8"]}}) as server:
    server.address                      # ("127.0.0.1", 40123)
    server.zone = {...}                 # may be set anew while it runs
    server.faults["imap.slow.cz"] = Silent()
    server.faults["mx.x.cz", "MX"] = ServFail()
    server.fault = Delay(0.3)           # every question
    [question.name for question in server.questions]
"""

from __future__ import annotations

import asyncio
import errno
from collections import deque
from collections.abc import Callable, Coroutine, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from types import MappingProxyType, TracebackType
from typing import Literal, Self

import dns.exception
import dns.flags
import dns.message
import dns.rcode
import dns.rdatatype

from bot.playground.zone import Defaults, Index, Zone, answer_from

Transport = Literal["udp", "tcp"]
FaultKey = str | tuple[str, str]
"""A name, or a name and a record type."""

_LOG_LENGTH = 20_000
_MOST_TASKS = 5_000


@dataclass(frozen=True, slots=True)
class Question:
    """One question as it arrived; the name in lower case without the final dot."""

    name: str
    rtype: str
    transport: Transport
    at: datetime


@dataclass(frozen=True, slots=True)
class Exchange:
    """A question with the honest reply, for a fault to spoil."""

    query: dns.message.Message
    reply: dns.message.Message
    transport: Transport
    limit: int

    @property
    def question(self) -> Question:
        """What was asked, as the log keeps it."""
        return _note(self.query, self.transport)

    def wire(self) -> bytes:
        """The honest reply as it would be sent: over UDP cut to nothing when it does not fit."""
        try:
            return self.reply.to_wire(max_size=self.limit)
        except dns.exception.TooBig:
            return truncated(self.query)


class Fault:
    """What a server does instead of answering. This one answers honestly; the others are its children."""

    async def packets(self, exchange: Exchange) -> Sequence[bytes]:
        """The replies to send, in order; none for silence."""
        return [exchange.wire()]


class Silent(Fault):
    """Never answers."""

    async def packets(self, exchange: Exchange) -> Sequence[bytes]:
        """Nothing."""
        return []


@dataclass(frozen=True)
class Code(Fault):
    """Answers with a response code and no records."""

    rcode: dns.rcode.Rcode

    async def packets(self, exchange: Exchange) -> Sequence[bytes]:
        """A reply that holds the code alone."""
        reply = dns.message.make_response(exchange.query, recursion_available=True)
        reply.set_rcode(self.rcode)
        return [reply.to_wire()]


class ServFail(Code):
    """The resolver failed: nothing is known."""

    def __init__(self) -> None:
        super().__init__(dns.rcode.SERVFAIL)


class Refused(Code):
    """The server does not want to answer."""

    def __init__(self) -> None:
        super().__init__(dns.rcode.REFUSED)


@dataclass(frozen=True)
class Delay(Fault):
    """Answers late: honestly, or with another fault's reply."""

    seconds: float
    then: Fault = field(default_factory=Fault)

    async def packets(self, exchange: Exchange) -> Sequence[bytes]:
        """The reply after the delay."""
        await asyncio.sleep(self.seconds)
        return await self.then.packets(exchange)


def truncated(query: dns.message.Message) -> bytes:
    """An empty reply that sends the client to TCP."""
    reply = dns.message.make_response(query, recursion_available=True)
    reply.flags |= dns.flags.TC
    return reply.to_wire()


class NameServer:
    """Answers from `zone`; what `faults` (or `fault`, for everything) says comes first."""

    def __init__(
        self,
        zone: Zone | None = None,
        faults: Mapping[FaultKey, Fault] | None = None,
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        defaults: Defaults | None = None,
        udp_size: int = 1232,
    ) -> None:
        self.zone = zone or {}
        self.faults: dict[FaultKey, Fault] = dict(faults or {})
        self.fault: Fault | None = None
        self.questions: deque[Question] = deque(maxlen=_LOG_LENGTH)
        self.watchers: list[Callable[[Exchange], None]] = []
        """Called with every question and its honest reply, before that or a fault's is sent."""
        self.udp_size = udp_size
        self.defaults = defaults or Defaults()
        self._host, self._port = host, port
        self._tasks: set[asyncio.Task[None]] = set()
        self._bug: BaseException | None = None

    @property
    def zone(self) -> Zone:
        """What is answered from. Set a new one to change it: `server.zone = {**server.zone, ...}`."""
        return MappingProxyType(self._zone)

    @zone.setter
    def zone(self, zone: Zone) -> None:
        self._zone = dict(zone)
        self._index = Index(self._zone)

    @property
    def address(self) -> tuple[str, int]:
        """Host and port, the same for UDP and TCP."""
        return self._host, self._port

    async def __aenter__(self) -> Self:
        """Bind both transports to one port; a free one unless given."""
        for _ in range(20):
            self._udp, protocol = await asyncio.get_running_loop().create_datagram_endpoint(
                lambda: _Datagrams(self), local_addr=(self._host, self._port)
            )
            self._closed = protocol.closed
            port = self._udp.get_extra_info("sockname")[1]
            try:
                self._tcp = await asyncio.start_server(self._on_stream, self._host, port)
            except OSError as error:  # the free UDP port is taken on TCP: try another
                self._udp.close()
                await self._closed
                if self._port or error.errno != errno.EADDRINUSE:
                    raise
                continue
            self._port = port
            return self
        raise OSError(errno.EADDRINUSE, "no port that is free on both UDP and TCP")

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close both transports and drop the answers that are still waiting."""
        self._tcp.close()
        self._udp.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._tcp.wait_closed()
        await self._closed
        if self._bug is not None and error is None:
            raise self._bug

    def _on_datagram(self, wire: bytes, peer: tuple[str, int]) -> None:
        if (exchange := self._read(wire, "udp")) is None:
            return
        fault = self._fault_for(exchange)
        if fault is None:
            self._udp.sendto(exchange.wire(), peer)
        else:
            self._spawn(self._send(fault, exchange, peer))

    async def _send(self, fault: Fault, exchange: Exchange, peer: tuple[str, int]) -> None:
        for packet in await fault.packets(exchange):
            self._udp.sendto(packet, peer)

    async def _on_stream(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serve one TCP connection, as a task of this server's that its end cancels."""
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        task.add_done_callback(self._on_done)
        with suppress(asyncio.IncompleteReadError, OSError, asyncio.CancelledError):  # the client is done
            try:
                await self._converse(reader, writer)
            finally:
                writer.transport.abort() if writer.transport.get_write_buffer_size() else writer.close()

    async def _converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Messages with two bytes of length before them (RFC 7766), one after the other."""
        while True:
            length = int.from_bytes(await reader.readexactly(2), "big")
            if (exchange := self._read(await reader.readexactly(length), "tcp")) is None:
                return
            for packet in await (self._fault_for(exchange) or Fault()).packets(exchange):
                writer.write(len(packet).to_bytes(2, "big") + packet)
            await writer.drain()

    def _read(self, wire: bytes, transport: Transport) -> Exchange | None:
        """Parse a question, note it and work out the honest reply; None for what is no question."""
        try:
            query = dns.message.from_wire(wire)
        except (dns.exception.DNSException, ValueError):
            return None
        if not query.question or query.flags & dns.flags.QR:
            return None
        self.questions.append(_note(query, transport))
        try:
            reply = answer_from(self._index, query, self.defaults)
            if not query.flags & dns.flags.RD:  # asked as the zone's own server
                reply.flags = (reply.flags | dns.flags.AA) & ~dns.flags.RA
        except Exception as error:  # a mistake in the zone: not to be taken for silence
            self._bug = error
            raise
        asked = max(query.payload, 512) if query.edns >= 0 else 512
        limit = min(asked, self.udp_size) if transport == "udp" else 65_535
        exchange = Exchange(query, reply, transport, limit)
        for watch in self.watchers:
            watch(exchange)
        return exchange

    def _fault_for(self, exchange: Exchange) -> Fault | None:
        if not self.faults:
            return self.fault
        asked = exchange.question
        return self.faults.get((asked.name, asked.rtype)) or self.faults.get(asked.name) or self.fault

    def _spawn(self, work: Coroutine[None, None, None]) -> None:
        if len(self._tasks) >= _MOST_TASKS:
            work.close()
            return
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._on_done)

    def _on_done(self, task: asyncio.Task[None]) -> None:
        """Keep the first error of a fault itself: silence alone would look like a fault that works."""
        self._tasks.discard(task)
        if not task.cancelled():
            self._bug = self._bug or task.exception()


class _Datagrams(asyncio.DatagramProtocol):
    def __init__(self, server: NameServer) -> None:
        self._server = server
        self.closed: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        self._server._on_datagram(data, addr)

    def connection_lost(self, exc: Exception | None) -> None:
        if not self.closed.done():
            self.closed.set_result(None)


def _note(query: dns.message.Message, transport: Transport) -> Question:
    question = query.question[0]
    name = question.name.canonicalize().to_text(omit_final_dot=True)
    return Question(name, dns.rdatatype.to_text(question.rdtype), transport, datetime.now(UTC))
