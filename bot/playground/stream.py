"""A server's side of a connection that can turn to TLS in the middle.

asyncio's own `start_tls` is not enough for a server that imitates others: it drops the alert of a failed
handshake, so that clients see a reset connection, and it loses a hello that was read too early.
"""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Callable
from contextlib import suppress
from typing import TypeVar

T = TypeVar("T")

_CHUNK = 16_384
_LONGEST_LINE = 4096
_GOODBYE = 1.0


class Stream:
    """Bytes to and from one client, in the clear until `start_tls`."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer
        self._received, self._to_send = ssl.MemoryBIO(), ssl.MemoryBIO()
        self._tls: ssl.SSLObject | None = None
        self._buffer = b""

    @property
    def tls_version(self) -> str | None:
        """As the ssl module names it, "TLSv1.3"; None in the clear."""
        return self._tls.version() if self._tls else None

    async def start_tls(self, context: ssl.SSLContext) -> None:
        """Do the handshake. Raises ssl.SSLError after the alert was sent."""
        self._received.write(self._buffer)
        self._buffer = b""
        tls = context.wrap_bio(self._received, self._to_send, server_side=True)
        await self._pump(tls.do_handshake)
        self._tls = tls

    async def read(self) -> bytes:
        """The next bytes; none at the end."""
        if self._tls is None:
            return await self._reader.read(_CHUNK)
        tls = self._tls
        with suppress(ssl.SSLZeroReturnError, ssl.SSLEOFError):
            return await self._pump(lambda: tls.read(_CHUNK))
        return b""

    async def read_line(self) -> bytes:
        """The next line with its end; none at the end of the stream. Raises ConnectionError when too long."""
        while b"\n" not in self._buffer:
            if len(self._buffer) > _LONGEST_LINE:
                raise ConnectionError("the client sends an endless line")
            if not (data := await self.read()):
                return b""
            self._buffer += data
        line, end, self._buffer = self._buffer.partition(b"\n")
        return line + end

    async def write(self, data: bytes) -> None:
        """Send, and wait while the client does not take it."""
        if self._tls is None:
            self._writer.write(data)
            await self._writer.drain()
        else:
            self._tls.write(data)
            await self._flush()

    async def close(self) -> None:
        """Say goodbye in TLS if it was begun, and close."""
        if self._tls is not None:
            with suppress(ssl.SSLError):  # the client's own goodbye is not awaited
                self._tls.unwrap()
            if self._to_send.pending:
                self._writer.write(self._to_send.read())
        self._writer.close()
        try:
            async with asyncio.timeout(_GOODBYE):
                await self._writer.wait_closed()
        except OSError:  # among them TimeoutError: the client does not take what is still to be sent
            self._writer.transport.abort()

    async def _pump(self, step: Callable[[], T]) -> T:
        """Repeat a step of the TLS engine until it needs nothing more from the client."""
        while True:
            try:
                return step()
            except ssl.SSLWantReadError:
                await self._flush()
                data = await self._reader.read(_CHUNK)
                self._received.write(data) if data else self._received.write_eof()
            finally:
                await self._flush()

    async def _flush(self) -> None:
        if self._to_send.pending:
            self._writer.write(self._to_send.read())
            await self._writer.drain()
