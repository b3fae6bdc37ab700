"""A bot between a stand-in for Slack and a lookup of one's own making."""

from __future__ import annotations

import asyncio
import io
import json
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.advice.diagnosis import diagnose
from bot.answer import FoundBy, MailServer, Note, Outcome, Proof, Refusal, ServerSettings, SettingsAnswer
from bot.compose import Parts
from bot.config import Config, read_config
from bot.facts import Protocol, Security
from bot.log import configure_logging
from bot.playground.slack import SlackStandIn
from bot.provider.profile import load_profile
from bot.request import HostKind, SettingsRequest
from bot.serve import RunningBot, StatusEdges, running_bot
from tests.slack.status_script import ScriptedServers, ScriptedStatuses

LONG_AGO = datetime(2026, 11, 23, 14, 3, tzinfo=UTC)


def answer_for(request: SettingsRequest, *, kept: timedelta = timedelta(minutes=5), name: str = "") -> SettingsAnswer:
    """Verified settings for any request; `name` is put into the certificate that was seen."""
    now = datetime.now(UTC)
    kind = request.host_kind or HostKind.DOMAIN
    hosts = {HostKind.DOMAIN: f"mail.{request.domain}", HostKind.SERVER: "mail8.skok.cz"}
    port = 993 if request.protocol is Protocol.IMAP else 995
    label = request.client.client.labels.get((request.protocol, Security.IMPLICIT_TLS)) if request.client else None
    proof = Proof(
        request.protocol, port, Security.IMPLICIT_TLS, hosts[kind], now, names=(name or hosts[kind],), not_after=now
    )
    answer = SettingsAnswer(
        request=request,
        domain=request.domain,
        server=MailServer("mail8.skok.cz", 8, FoundBy.CNAME, ("192.0.2.8",), f"imap.{request.domain}", now),
        incoming=ServerSettings(request.protocol, hosts[kind], port, Security.IMPLICIT_TLS, label, True, (proof,)),
        outgoing=ServerSettings(Protocol.SMTP, f"smtp.{request.domain}", 587, Security.STARTTLS, None, True, (proof,)),
        reasons=(Note("client_sends_sni", {"host": hosts[kind]}),),
        warnings=(),
        cannot_work=False,
        host_kind=kind,
        other_hosts={other: host for other, host in hosts.items() if other is not kind},
        second_port=None,
        username=None,
        webmail=None,
        checked_at=now,
        expires_at=now + kept,
    )
    return replace(answer, diagnosis=diagnose(answer, load_profile("c4")))


def refusal_for(request: SettingsRequest, code: str = "dns_timeout") -> Refusal:
    """No settings."""
    return Refusal(request.domain, Note(code, {"domain": request.domain.ascii}), LONG_AGO)


@dataclass
class ScriptedLookup:
    """Answers as told; `gate` holds the answers back until it is opened."""

    answer: Callable[[SettingsRequest], Outcome] = answer_for
    asked: list[tuple[SettingsRequest, bool]] = field(default_factory=list)
    gate: asyncio.Event = field(default_factory=asyncio.Event)
    called: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        self.gate.set()

    async def settings(self, request: SettingsRequest, *, fresh: bool = False) -> Outcome:
        """The next answer."""
        self.asked.append((request, fresh))
        self.called.set()
        await self.gate.wait()
        return self.answer(request)


@dataclass
class Desk:
    """An agent at her desk: Slack, the bot, and what the bot is told about mail."""

    slack: SlackStandIn
    bot: RunningBot
    lookup: ScriptedLookup
    log: io.StringIO
    stack: AsyncExitStack

    async def ask(self, text: str, **options: Any) -> Any:
        """Type the command."""
        return await self.slack.command("/mailsettings", text, **options)

    async def close(self) -> None:
        """End the bot as SIGTERM does."""
        await self.stack.aclose()

    def logged(self) -> str:
        """The log so far."""
        return self.log.getvalue()


Open = Callable[..., Any]


@pytest.fixture(scope="session")
def parts() -> Parts:
    """The catalogue and the profile, read once."""
    return Parts(read_config({})[0])


def settings(slack: SlackStandIn, **more: str) -> Config:
    """A configuration for a stand-in."""
    return read_config(
        {
            "SLACK_BOT_TOKEN": "xoxb-1-secret",
            "SLACK_SIGNING_SECRET": slack.signing_secret,
            "SLACK_API_URL": slack.api_url,
            "MAILBOT_LISTEN": "127.0.0.1:0",
            "MAILBOT_LOG_FORMAT": "json",
            **more,
        }
    )[0]


@pytest.fixture
def open_desk(parts: Parts) -> Open:
    """Opens desks: `async with open_desk(SLACK_APP_TOKEN="xapp-1") as desk`."""

    @asynccontextmanager
    async def desk_for(statuses: StatusEdges | None = None, **more: str) -> AsyncIterator[Desk]:
        async with SlackStandIn() as slack, AsyncExitStack() as stack:
            config, lookup, log = settings(slack, **more), ScriptedLookup(), io.StringIO()
            configure_logging(config, log)
            with_config = Parts(config)
            with_config.__dict__["catalogue"], with_config.__dict__["matcher"] = parts.catalogue, parts.matcher
            bot = await stack.enter_async_context(running_bot(with_config, lookup, statuses))
            slack.bot_url = f"{bot.url}/slack/events"
            yield Desk(slack, bot, lookup, log, stack)
            await stack.aclose()
            assert list(slack.violations) == []
            assert "xoxb-1-secret" not in log.getvalue()

    return desk_for


@pytest.fixture
async def desk(open_desk: Open) -> AsyncIterator[Desk]:
    """A bot over HTTP."""
    async with open_desk() as desk:
        yield desk


@pytest.fixture
def statuses() -> ScriptedStatuses:
    """What is told about domains and servers."""
    return ScriptedStatuses()


@pytest.fixture
async def status_desk(open_desk: Open, statuses: ScriptedStatuses) -> AsyncIterator[Desk]:
    """A desk at which the statuses are scripted."""
    async with open_desk(statuses=StatusEdges(statuses, ScriptedServers(statuses))) as desk:
        yield desk


def shown(message: Any) -> str:
    """Everything a message shows, as one text."""
    return json.dumps(message.payload if hasattr(message, "payload") else message, ensure_ascii=False)


def with_name(name: str) -> Callable[[SettingsRequest], Outcome]:
    """Answers whose certificate has this name."""
    return lambda request: answer_for(request, name=name)


def not_kept(request: SettingsRequest) -> Outcome:
    """An answer that may not be kept."""
    return replace(answer_for(request), expires_at=LONG_AGO)
