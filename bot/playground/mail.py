"""Mail servers on loopback: IMAP, POP3 and submission up to the start of TLS and a polite goodbye.

async with MailServer(identity, {"mail.example.cz": other}, address="127.0.1.8") as server:
    server.ports[993]           # ("127.0.1.8", 40993): where the port that is told is served
    server.visits[-1].sni       # what the client asked for, None without SNI
    server.identities[587, "smtp.example.cz"] = third
    await server.stop()         # its ports are closed, its connections ended
    await server.start()        # on the same ports again

dial_map([server, ...])         # {("127.0.1.8", 993): ("127.0.1.8", 40993), ...}
"""

from __future__ import annotations

import asyncio
import ssl
import typing
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from types import TracebackType
from typing import Self

from cryptography import x509

from bot.facts import Protocol, Security, TlsVersion
from bot.playground.authority import Identity, bound_versions
from bot.playground.dialogues import DIALOGUES, ROLES, Dialogue, Role
from bot.playground.stream import Stream

IdentityKey = str | tuple[int, str | None]
"""A server name from the client; or a told port and a server name (None: none sent, or one not known)."""

_LOG_LENGTH = 20_000
_HANDSHAKE_TIMEOUT = 10.0
_LONGEST_VISIT = 120.0
_MOST_COMMANDS = 100


@dataclass(slots=True)
class Visit:
    """One connection. It fills up as the client goes on; `server.settled()` waits for its end."""

    role: Role
    at: datetime
    hello: bool = False
    """A TLS hello was received; then `sni` says what server name it held."""
    sni: str | None = None
    tls_version: str | None = None
    """As the ssl module names it, "TLSv1.3"; None while the handshake was not finished."""
    certificate: x509.Certificate | None = None
    """What the server showed, if anything."""
    commands: list[str] = field(default_factory=list)
    """Command words in upper case, without their arguments."""


class MailServer:
    """Serves `roles` on ports of one address; chooses the certificate by SNI as real mail servers do.

    An identity is found by (told port, SNI), SNI, (told port, None), else `default`, in this order; all may
    be changed while the server runs. Without a `default` an unknown name, or none, ends in a TLS alert.
    """

    def __init__(
        self,
        default: Identity | None,
        identities: Mapping[IdentityKey, Identity] | None = None,
        *,
        address: str = "127.0.0.1",
        roles: Iterable[Role] = ROLES,
        dialogues: Mapping[Protocol, Dialogue] = DIALOGUES,
        real_ports: Mapping[int, int] | None = None,
        lowest: TlsVersion | None = None,
        highest: TlsVersion | None = None,
    ) -> None:
        self.default = default
        self.identities: dict[IdentityKey, Identity] = dict(identities or {})
        self.address = address
        self.roles = tuple(roles)
        self.ports: dict[int, tuple[str, int]] = {}
        self.visits: deque[Visit] = deque(maxlen=_LOG_LENGTH)
        self.dialogues = dialogues
        self.silent: set[int] = set()
        """Told ports that take connections and then say nothing."""
        self.watchers: list[Callable[[Visit], None]] = []
        """Called once for each visit: when its TLS stands, or at its end without."""
        self._real_ports = dict(real_ports or {})
        self._versions = (lowest, highest)
        self.is_running = False
        self._running: set[asyncio.Task[None]] = set()
        self._servers = AsyncExitStack()

    async def __aenter__(self) -> Self:
        """Start."""
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop."""
        await self.stop()

    async def start(self) -> None:
        """Bind every role: the port it had before, else the one of `real_ports`, else a free one."""
        try:
            for role in self.roles:
                await self._bind(role)
        except BaseException:
            await self._servers.aclose()
            raise
        self.is_running = True

    async def stop(self) -> None:
        """Close the ports and every connection. `start` opens the same ports again."""
        self.is_running = False
        await self._servers.aclose()
        for task in self._running:
            task.cancel()
        await asyncio.gather(*self._running, return_exceptions=True)

    async def settled(self) -> None:
        """Wait until every connection of this moment has ended, so that the log is complete."""
        await asyncio.gather(*self._running, return_exceptions=True)

    async def _bind(self, role: Role) -> None:
        serve = partial(self._serve, role)
        _, port = self.ports.get(role.port, (self.address, self._real_ports.get(role.port, 0)))
        server = await asyncio.start_server(serve, self.address, port)
        self.ports[role.port] = (self.address, server.sockets[0].getsockname()[1])
        self._servers.callback(server.close)

    async def _serve(self, role: Role, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection, whatever happens to it."""
        if not self.is_running:  # it was accepted in the moment of the stop
            writer.transport.abort()
            return
        task = asyncio.current_task()
        assert task is not None
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        visit, stream = Visit(role, datetime.now(UTC)), Stream(reader, writer)
        self.visits.append(visit)
        with suppress(OSError, asyncio.CancelledError):  # the client left, or the server ends
            try:
                async with asyncio.timeout(_LONGEST_VISIT):
                    await self.converse(visit, stream)
            finally:
                if visit.tls_version is None:
                    self._tell(visit)
                await stream.close()

    async def converse(self, visit: Visit, stream: Stream) -> None:
        """The protocol from the first byte to the goodbye."""
        dialogue = self.dialogues[visit.role.protocol]
        if visit.role.port in self.silent:
            while await stream.read():
                pass
            return
        if visit.role.security is Security.IMPLICIT_TLS:
            await self.start_tls(visit, stream)
        await stream.write(dialogue.greeting.encode())
        for _ in range(_MOST_COMMANDS):
            if not (line := await stream.read_line()):
                return
            tag, command = dialogue.split(line.decode("ascii", "replace"))
            visit.commands.append(command[:20])
            if not await self._obey(dialogue, visit, stream, tag, command):
                return

    async def _obey(self, dialogue: Dialogue, visit: Visit, stream: Stream, tag: str, command: str) -> bool:
        """Answer one command; False when the conversation is over."""
        plain = visit.tls_version is None
        if plain and command == dialogue.starttls:
            await stream.write(dialogue.ready.replace("{tag}", tag).encode())
            await self.start_tls(visit, stream)
            return True
        await stream.write(dialogue.reply(tag, command, offers_starttls=plain).encode())
        return command != dialogue.quit

    async def start_tls(self, visit: Visit, stream: Stream) -> None:
        """Upgrade the connection and note what the client said in its hello."""
        async with asyncio.timeout(_HANDSHAKE_TIMEOUT):
            await stream.start_tls(self._context(visit))
        visit.tls_version = stream.tls_version
        self._tell(visit)

    def _tell(self, visit: Visit) -> None:
        for watch in self.watchers:
            watch(visit)

    def _context(self, visit: Visit) -> ssl.SSLContext:
        """A context that asks, in the middle of the handshake, which identity this client shall see."""

        def choose(connection: ssl.SSLObject | ssl.SSLSocket, sni: str | None, _: ssl.SSLContext) -> int | None:
            visit.hello, visit.sni = True, sni
            identity = self.identity_for(visit.role.port, sni)
            if identity is None:
                return ssl.ALERT_DESCRIPTION_UNRECOGNIZED_NAME
            visit.certificate = identity.leaf
            connection.context = identity.ssl_context(*self._versions)
            return None

        # It needs no certificate of its own (loading one costs as much as a handshake): `choose` comes first.
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        bound_versions(context, *self._versions)
        context.sni_callback = choose
        return context

    def identity_for(self, port: int, sni: str | None) -> Identity | None:
        """Who the server is for a client that sends this name on this (told) port; None: it hangs up."""
        keys: list[IdentityKey] = [(port, None)]
        if sni is not None:
            keys = [(port, sni), sni, *keys]
        return next((self.identities[key] for key in keys if key in self.identities), self.default)


class HasPorts(typing.Protocol):
    """Anything that serves told ports of an address on real ones."""

    address: str
    ports: dict[int, tuple[str, int]]


def dial_map(servers: Iterable[HasPorts]) -> dict[tuple[str, int], tuple[str, int]]:
    """Where to connect instead of (address, told port), for a dial function to look up."""
    return {(server.address, told): real for server in servers for told, real in server.ports.items()}
