"""Statuses as a test wants them: held back until its gate opens, at a desk of its own."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from bot.advice.certificate import TrustStore
from bot.advice.sight import Judge
from bot.answer import FoundBy, MailServer, Note
from bot.catalogue.reader import load_catalogue
from bot.domain import DomainName
from bot.facts import DnsAnswer, Outcome, Protocol, Row, Security, TlsVersion
from bot.provider.profile import ServerName
from bot.status.judge import ServiceSeen, Status
from bot.status.model import Verdict
from bot.status.reach import Entry, Reached
from bot.status.server import ServerFacts, ServerStatus, judge_server
from bot.status.versions import Versions

if TYPE_CHECKING:
    from tests.slack.conftest import Desk

NOW = datetime(2026, 11, 23, 14, 3, tzinfo=UTC)


CATALOGUE = load_catalogue()
REACHED = (
    Reached(CATALOGUE.clients["outlook-2007-xp"], Entry.STOPPED, Note("client_tls_too_old")),
    Reached(CATALOGUE.clients["thunderbird-78"], Entry.IN),
    Reached(CATALOGUE.clients["thunderbird-24"], Entry.STOPPED, Note("client_root_unknown", {"root": "X1"}), False),
    Reached(CATALOGUE.clients["mutt"], Entry.IN, None, False),
)


def server_status(server: ServerName) -> ServerStatus:
    """The status of a server with one service seen, and the known domain on it."""
    facts = ServerFacts(server, Row(DnsAnswer(server.host, "A", Outcome.FOUND, NOW, values=("192.0.2.8",))), ())
    judged = judge_server(facts, Judge(TrustStore(()), CATALOGUE, NOW), ())
    return replace(judged, services=status_of(DomainName("example.cz", "example.cz")).services, reached=REACHED)


def status_of(domain: DomainName, *, is_whole: bool = True) -> Status:
    """A status with one service seen; without the whole, submission is open."""
    server = MailServer("mail8.skok.cz", 8, FoundBy.CNAME, ("192.0.2.8",), f"imap.{domain}", NOW)
    service = ServiceSeen(
        Protocol.IMAP, f"mail.{domain}", "192.0.2.8", 993, Security.IMPLICIT_TLS, True, TlsVersion.TLS1_3,
        (f"mail.{domain}",), NOW + timedelta(days=60), None, True, True, Versions((TlsVersion.TLS1_3,)),
    )  # fmt: skip
    return Status(
        domain=domain,
        verdict=Verdict.WORKS if is_whole else Verdict.UNKNOWN,
        server=server,
        rows={"imap": "mail8.skok.cz", "pop": "mail8.skok.cz", "mail": "mail8.skok.cz", "smtp": "mail8.skok.cz"},
        findings=(),
        services=(service,),
        missing=() if is_whole else ((Protocol.SMTP, 587),),
        troubles=(),
        checked_at=NOW,
    )


@dataclass
class Look:
    """A status on its way, held back until the gate opens."""

    domain: DomainName
    gate: asyncio.Event
    is_measured: bool
    error: Exception | None = None

    async def whole(self) -> Status:
        """Everything."""
        await self.gate.wait()
        if self.error is not None:
            raise self.error
        return replace(status_of(self.domain), reached=REACHED if self.is_measured else ())

    def so_far(self) -> Status:
        """Without submission."""
        return status_of(self.domain, is_whole=False)


@dataclass
class ScriptedStatuses:
    """Looks as told."""

    gate: asyncio.Event = field(default_factory=asyncio.Event)
    asked: list[tuple[str, bool]] = field(default_factory=list)
    measured: list[bool] = field(default_factory=list)
    error: Exception | None = None

    def __post_init__(self) -> None:
        self.gate.set()

    @asynccontextmanager
    async def begin(self, domain: DomainName, *, fresh: bool = False, versions: bool = False) -> AsyncIterator[Look]:
        """Begin to look."""
        self.asked.append((domain.ascii, fresh))
        self.measured.append(versions)
        yield Look(domain, self.gate, versions, self.error)


@dataclass
class LookAtServer:
    """A server's status on its way."""

    server: ServerName
    gate: asyncio.Event

    async def whole(self) -> ServerStatus:
        """Everything."""
        await self.gate.wait()
        return server_status(self.server)

    def so_far(self) -> ServerStatus:
        """Without submission."""
        return replace(server_status(self.server), missing=((Protocol.SMTP, 587),))


@dataclass
class ScriptedServers:
    """Looks at servers, as told by the same script."""

    script: ScriptedStatuses

    @asynccontextmanager
    async def begin(self, server: ServerName, *, fresh: bool = False) -> AsyncIterator[LookAtServer]:
        """Begin to look."""
        self.script.asked.append((server.host, fresh))
        yield LookAtServer(server, self.script.gate)


async def ask(desk: Desk, text: str, **options: Any) -> Any:
    """Type the command."""
    return await desk.slack.command("/mailstatus", text, **options)


async def choose(desk: Desk, message: Any, domain: str) -> None:
    """Choose a domain in the menu below a summary."""
    (menu,) = [element for _, element in message.elements if element["action_id"] == "status_open"]
    (value,) = [option["value"] for option in menu["options"] if option["text"]["text"] == domain]
    await desk.slack.press(message, "status_open", value)
