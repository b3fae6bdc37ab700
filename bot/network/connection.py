"""One TCP connection, read within a limit and closed whatever happens.

It is a bare socket: asyncio's TLS transport holds 256 KiB for each connection, says goodbye slowly, and hides
the bytes of a server that does not speak TLS.
"""

from __future__ import annotations

import asyncio
import socket
from types import TracebackType
from typing import Self

PIECE = 16_384
"""Bytes read at once."""


class Lost(Exception):
    """The connection is of no more use; the message says why in a few words."""


class TooMuch(Lost):
    """The peer sends more than it may."""


class Connection:
    """Connects at the start of the block. Use `allow` before reading."""

    def __init__(self, address: str, port: int) -> None:
        self._peer = (address, port)
        self._left = 0
        self._buffer = b""

    async def __aenter__(self) -> Self:
        """Connect. Raises OSError."""
        family = socket.AF_INET6 if ":" in self._peer[0] else socket.AF_INET
        self._socket = socket.socket(family, socket.SOCK_STREAM)
        try:
            self._socket.setblocking(False)
            await asyncio.get_running_loop().sock_connect(self._socket, self._peer)
        except BaseException:
            self._socket.close()
            raise
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._socket.close()

    @property
    def has_unread(self) -> bool:
        """True when more was received than was asked for."""
        return bool(self._buffer)

    def allow(self, size: int) -> None:
        """Let this many bytes more be received."""
        self._left = size

    async def receive(self) -> bytes:
        """Some bytes. Raises Lost at the end of the stream or of the limit."""
        try:
            data = await asyncio.get_running_loop().sock_recv(self._socket, PIECE)
        except OSError as error:
            raise _lost(error) from None
        if not data:
            raise Lost("connection closed")
        self._left -= len(data)
        if self._left < 0:
            raise TooMuch("too many bytes")
        return data

    async def read_line(self) -> bytes:
        """One line without its end. Raises Lost."""
        while b"\n" not in self._buffer:
            self._buffer += await self.receive()
        line, _, self._buffer = self._buffer.partition(b"\n")
        return line.rstrip(b"\r")

    async def send(self, data: bytes) -> None:
        """Send all of it. Raises Lost."""
        try:
            await asyncio.get_running_loop().sock_sendall(self._socket, data)
        except OSError as error:
            raise _lost(error) from None

    def send_last(self, data: bytes) -> None:
        """Send a goodbye if that is possible without waiting."""
        try:
            self._socket.send(data)
        except OSError:
            return


def _lost(error: OSError) -> Lost:
    is_reset = isinstance(error, ConnectionResetError | BrokenPipeError)
    return Lost("connection reset" if is_reset else (error.strerror or "connection lost").lower())
