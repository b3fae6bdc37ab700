"""Servers for every test: real protocols, on loopback, on free ports."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from typing import Any

import pytest

from bot.playground.authority import Authority, Identity
from bot.playground.mail import MailServer
from bot.playground.names import NameServer
from bot.playground.slack import SlackStandIn

MailServers = Callable[..., Awaitable[MailServer]]


@pytest.fixture(scope="session")
def authority() -> Authority:
    """The authority whose root the tests trust."""
    return Authority()


@pytest.fixture(scope="session")
def stranger() -> Authority:
    """An authority that nobody trusts."""
    return Authority("Stranger")


@pytest.fixture
async def name_server() -> AsyncIterator[NameServer]:
    """A name server with an empty zone: set `.zone`, `.faults`."""
    async with NameServer() as server:
        yield server


@pytest.fixture
async def slack() -> AsyncIterator[SlackStandIn]:
    """Slack, with an agent, a team lead and a channel. What the bot sends must keep Slack's rules."""
    async with SlackStandIn() as stand_in:
        yield stand_in
        assert not list(stand_in.violations)


@pytest.fixture
async def mail_server() -> AsyncIterator[MailServers]:
    """Starts mail servers: `await mail_server(identity, {"mail.example.cz": other}, address="127.0.1.8")`."""
    async with AsyncExitStack() as stack:

        async def start(default: Identity | None, *args: Any, **options: Any) -> MailServer:
            return await stack.enter_async_context(MailServer(default, *args, **options))

        yield start
