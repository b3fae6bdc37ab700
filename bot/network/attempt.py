"""One connection to one port: TCP, the talk before STARTTLS, the TLS handshake."""

from __future__ import annotations

import errno
import os
import ssl
import string
from collections.abc import Callable
from dataclasses import dataclass

from bot.facts import Endpoint, Hello, Security, TlsVersion
from bot.network.connection import Connection, Lost, TooMuch
from bot.network.dialogues import DIALOGUES, Step
from bot.network.tls import TlsEngine, context_for
from bot.network.turns import Turns

PLAIN_BYTES = 16_384
"""Bytes that a server may say before TLS."""
PLAIN_LINES = 64
TLS_BYTES = 131_072
"""Bytes of a whole handshake; OpenSSL takes chains of about 100,000."""
LONGEST_DETAIL = 120
"""Characters kept of what a server says."""

# There is no way from here: this says nothing about the server. (A firewall on the way says EHOSTUNREACH.)
_OUR_TROUBLE = {
    errno.ENETUNREACH, errno.ENETDOWN, errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT, errno.EACCES, errno.EPERM,
    errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Seen:
    """A handshake: the version agreed on and the certificates as sent, in DER."""

    tls_version: TlsVersion
    chain: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class Unmade:
    """Why there was no handshake: a code of `NoHandshake.problem`, and a few words in printable ASCII."""

    problem: str
    detail: str = ""


class _Stop(Exception):
    """Ends an attempt."""

    def __init__(self, problem: str, detail: str) -> None:
        self.why = Unmade(problem, detail)


class Attempt:
    """Connects once. It takes as long as it takes: bound it by cancelling, then `if_over` says how far it came."""

    def __init__(
        self, endpoint: Endpoint, hello: Hello, dial: Callable[[str, int], tuple[str, int]], name: str, turns: Turns
    ) -> None:
        self._endpoint, self._hello, self._dial, self._name = endpoint, hello, dial, name
        self._turns = turns
        self._context = context_for(hello.lowest, hello.highest, hello.ecdsa)
        self._problem_if_lost = "port_timeout"
        self.if_over = Unmade("probe_not_made", "too many probes at once")

    async def make(self) -> Seen | Unmade:
        """Connect and shake hands; whatever the network does is a value."""
        self.if_over = Unmade("port_timeout", "no answer to the connection")
        try:
            async with Connection(*self._dial(self._endpoint.address, self._endpoint.port)) as connection:
                return await self._go_on(connection)
        except _Stop as stop:
            return stop.why
        except Lost as lost:
            return Unmade(self._problem_if_lost, printable(str(lost)))
        except OSError as error:
            return _not_connected(error)

    async def _go_on(self, connection: Connection) -> Seen:
        if self._endpoint.security is Security.STARTTLS:
            await self._talk(connection)
        return await self._shake_hands(connection)

    async def _talk(self, connection: Connection) -> None:
        """The plain part. What arrives before its time could pretend to come from within TLS (CVE-2011-0411)."""
        self._problem_if_lost = "server_silent"
        connection.allow(PLAIN_BYTES)
        lines_left = PLAIN_LINES
        for step in DIALOGUES[self._endpoint.protocol]:
            self.if_over = Unmade("server_silent", f"no answer to {step.title}" if step.title else "no greeting")
            if step.command:
                await connection.send(step.sends(self._name))
            lines = await _read_reply(connection, step, lines_left)
            lines_left -= len(lines)
            _check(step, lines)
        if connection.has_unread:
            raise _Stop("tls_handshake_failed", "text before TLS")

    async def _shake_hands(self, connection: Connection) -> Seen:
        self._problem_if_lost = "tls_handshake_failed"
        self.if_over = Unmade("server_silent", "no answer to the TLS hello")
        connection.allow(TLS_BYTES)
        engine = TlsEngine(self._context, self._hello.sni)
        try:
            await connection.send(_hello_of(engine))
            data = await connection.receive()
            if self._endpoint.security is Security.IMPLICIT_TLS:
                _refuse_plain_text(data)
            while not await self._is_done_after(engine, data):
                await connection.send(engine.to_send())
                data = await connection.receive()
            return Seen(engine.version, engine.chain)
        except ssl.SSLError as error:
            raise _Stop("tls_handshake_failed", _reason(error)) from None
        finally:
            connection.send_last(engine.goodbye())

    async def _is_done_after(self, engine: TlsEngine, data: bytes) -> bool:
        """What costs a millisecond of this program's time is done in turns."""
        async with self._turns:
            return engine.is_done_after(data)


def _hello_of(engine: TlsEngine) -> bytes:
    """The first bytes of TLS. Before they are sent, it is this OpenSSL that cannot do what it is asked for."""
    try:
        engine.is_done_after(b"")
    except ssl.SSLError as error:
        raise _Stop("probe_not_made", _reason(error)) from None
    return engine.to_send()


async def _read_reply(connection: Connection, step: Step, most_lines: int) -> list[bytes]:
    lines: list[bytes] = []
    try:
        while len(lines) < most_lines:
            lines.append(await connection.read_line())
            if not step.continues_after(lines[-1]):
                return lines
    except TooMuch as flood:
        raise _Stop("starttls_missing", str(flood)) from None
    raise _Stop("starttls_missing", "too many lines")


def _check(step: Step, lines: list[bytes]) -> None:
    """Go on only after the reply that is wanted. A server that is too busy to talk has not shown anything."""
    if step.is_refused_by(lines):
        raise _Stop("probe_not_made", printable(lines[-1]))
    if not step.is_met_by(lines):
        raise _Stop("starttls_missing", printable(lines[-1]))


def _refuse_plain_text(data: bytes) -> None:
    """Raise _Stop for text: a TLS record begins with a byte that is not printable (RFC 8446, 5.1)."""
    if chr(data[0]) in string.printable:
        raise _Stop("port_speaks_plain", printable(data.partition(b"\n")[0]))


def _not_connected(error: OSError) -> Unmade:
    detail = os.strerror(error.errno).lower() if error.errno else type(error).__name__
    if isinstance(error, ConnectionRefusedError | ConnectionResetError):
        return Unmade("port_refused", detail)
    return Unmade("probe_not_made" if error.errno in _OUR_TROUBLE else "port_timeout", detail)


def _reason(error: ssl.SSLError) -> str:
    return printable(error.reason or type(error).__name__)


def printable(text: bytes | str) -> str:
    """Printable ASCII, at most 120 characters; everything else becomes a question mark."""
    raw = text if isinstance(text, bytes) else text.encode("ascii", "replace")
    kept = raw.strip()[:LONGEST_DETAIL]
    return "".join(chr(byte) if 32 <= byte < 127 else "?" for byte in kept)
