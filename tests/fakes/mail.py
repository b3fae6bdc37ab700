"""Mail servers as a prober must fear them.

Some are wrong in what they say: give their `dialogues` or `roles` to `MailServer`. The others are `Peer(behaviour)`:

    async with Peer(silent) as peer:
        peer.ports[993]      # ("127.0.0.1", 40123)
"""

from __future__ import annotations

import asyncio
import socket
import struct
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import replace
from types import TracebackType
from typing import Self

from bot.facts import Protocol, Security
from bot.playground.dialogues import DIALOGUES, Dialogue, Role

Behaviour = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]

_REFUSALS = {
    Protocol.IMAP: "{tag} NO TLS not available due to temporary reason\r\n",
    Protocol.POP3: "-ERR TLS not available due to temporary reason\r\n",
    Protocol.SMTP: "454 4.7.0 TLS not available due to temporary reason\r\n",
}
_NEVER = "\0"


def _refusing(protocol: Protocol, dialogue: Dialogue) -> Dialogue:
    replies = {**dialogue.replies, dialogue.starttls: _REFUSALS[protocol]}
    return replace(dialogue, starttls=_NEVER, replies=replies)


STARTTLS_MISSING: Mapping[Protocol, Dialogue] = {
    protocol: replace(dialogue, offer="", starttls=_NEVER) for protocol, dialogue in DIALOGUES.items()
}
"""STARTTLS is not offered, and not known when it is tried."""
STARTTLS_REFUSED: Mapping[Protocol, Dialogue] = {
    protocol: _refusing(protocol, dialogue) for protocol, dialogue in DIALOGUES.items()
}
"""STARTTLS is offered, and refused when it is tried."""
STARTTLS_INJECTED: Mapping[Protocol, Dialogue] = {
    protocol: replace(dialogue, ready=dialogue.ready + dialogue.greeting) for protocol, dialogue in DIALOGUES.items()
}
"""More bytes follow the agreement in the same packet: a client that keeps them takes them for protected ones."""
PLAIN_ON_TLS_PORTS = (
    Role(993, Protocol.IMAP, Security.STARTTLS),
    Role(995, Protocol.POP3, Security.STARTTLS),
    Role(465, Protocol.SMTP, Security.STARTTLS),
)
"""Greets in the clear where TLS belongs."""
TLS_ON_PLAIN_PORTS = (
    Role(143, Protocol.IMAP, Security.IMPLICIT_TLS),
    Role(110, Protocol.POP3, Security.IMPLICIT_TLS),
    Role(587, Protocol.SMTP, Security.IMPLICIT_TLS),
)
"""Waits for a TLS hello where a greeting belongs."""


class Peer:
    """One behaviour behind told ports; `accepted` counts the connections, `open` those that still are."""

    def __init__(
        self, behaviour: Behaviour, told: tuple[int, ...] = (993, 995, 587), address: str = "127.0.0.1"
    ) -> None:
        self.address = address
        self.ports: dict[int, tuple[str, int]] = {}
        self.accepted = 0
        self._behaviour, self._told = behaviour, told
        self._running: set[asyncio.Task[None]] = set()
        self._servers: list[asyncio.Server] = []

    @property
    def open(self) -> int:
        """How many connections the peer still serves."""
        return len(self._running)

    async def __aenter__(self) -> Self:
        for port in self._told:
            server = await asyncio.start_server(self._serve, self.address, 0)
            self._servers.append(server)
            self.ports[port] = (self.address, server.sockets[0].getsockname()[1])
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for task in self._running:
            task.cancel()
        await asyncio.gather(*self._running, return_exceptions=True)
        for server in self._servers:
            server.close()
            await server.wait_closed()

    async def left(self) -> None:
        """Wait until every client of this moment was seen leaving."""
        await asyncio.gather(*self._running, return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        self.accepted += 1
        try:
            with suppress(OSError, asyncio.CancelledError):
                await self._behaviour(reader, writer)
        finally:
            writer.transport.abort()


async def silent(reader: asyncio.StreamReader, _: asyncio.StreamWriter) -> None:
    """Accepts, and says nothing whatever it is told."""
    while await reader.read(4096):
        pass


async def hang_up(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Accepts and closes politely."""
    writer.close()
    await writer.wait_closed()


async def reset(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Accepts and resets (RST instead of FIN)."""
    _reset(writer)


async def reset_in_handshake(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Takes the first bytes of the hello, then resets."""
    await reader.read(16)
    _reset(writer)


async def endless_line(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """A greeting without an end."""
    await _pour(writer, b"* OK ", b"x" * 4096)


async def endless_lines(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Untagged lines, or the lines of one SMTP reply, without an end."""
    await _pour(writer, b"", b"220-* OK hello\r\n" * 256)


async def half_close(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Greets, will say no more, and goes on listening."""
    writer.write(b"* OK ready\r\n")
    writer.write_eof()
    await silent(reader, writer)


def drip(text: bytes, interval: float = 0.02) -> Behaviour:
    """Sends `text` byte by byte, then is silent."""

    async def behave(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for byte in text:
            writer.write(bytes([byte]))
            await writer.drain()
            await asyncio.sleep(interval)
        await silent(reader, writer)

    return behave


def says(text: bytes, *, after_hello: bool = True) -> Behaviour:
    """Sends `text` (after the client spoke, unless told otherwise), then is silent."""

    async def behave(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if after_hello:
            await reader.read(4096)
        writer.write(text)
        await writer.drain()
        await silent(reader, writer)

    return behave


garbage = says(b"\x7f\x00garbage\xff" * 20)
"""Answers a TLS hello with something else."""
alert = says(b"\x15\x03\x03\x00\x02\x02\x28")
"""Answers a TLS hello with the alert "handshake failure"."""
never_finishes = says(b"\x16\x03\x03\x40\x00\x02\x00\x3f\xfc")
"""Begins a TLS record of 16 kB and sends nine bytes of it."""


def after_starttls(protocol: Protocol, behaviour: Behaviour) -> Behaviour:
    """Agrees to STARTTLS like any server; `behaviour` takes the place of the handshake."""
    dialogue = DIALOGUES[protocol]

    async def behave(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(dialogue.greeting.encode())
        while line := await reader.readline():
            tag, command = dialogue.split(line.decode())
            if command == dialogue.starttls:
                writer.write(dialogue.ready.replace("{tag}", tag).encode())
                await behaviour(reader, writer)
                return
            writer.write(dialogue.reply(tag, command, offers_starttls=True).encode())

    return behave


@contextmanager
def closed_port(address: str = "127.0.0.1") -> Iterator[tuple[str, int]]:
    """A port that refuses connections and is nobody else's meanwhile: bound, not listening."""
    with socket.socket() as holder:
        holder.bind((address, 0))
        yield address, holder.getsockname()[1]


@contextmanager
def unanswered_port(address: str = "127.0.0.1") -> Iterator[tuple[str, int]]:
    """A port whose connections are never made, as behind a firewall that drops: its queue is full (Linux)."""
    with ExitStack() as stack:
        listener = stack.enter_context(socket.socket())
        listener.bind((address, 0))
        listener.listen(0)
        for _ in range(2):
            client = stack.enter_context(socket.socket())
            client.setblocking(False)
            client.connect_ex(listener.getsockname())
        yield address, listener.getsockname()[1]


async def _pour(writer: asyncio.StreamWriter, first: bytes, again: bytes) -> None:
    writer.write(first)
    while not writer.is_closing():
        writer.write(again)
        await writer.drain()
        await asyncio.sleep(0)


def _reset(writer: asyncio.StreamWriter) -> None:
    connection = writer.get_extra_info("socket")
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()
