"""A telling little world on loopback: a provider with two mail servers and customers in every kind of trouble."""

from __future__ import annotations

import tempfile
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from bot.config import Config, read_config
from bot.facts import TlsVersion
from bot.playground.authority import EXPIRED, Authority, Identity, Period
from bot.playground.mail import MailServer, dial_map
from bot.playground.names import NameServer
from bot.playground.zone import Records, Zone

MAIL3, MAIL8 = "127.0.1.3", "127.0.1.8"


@dataclass(frozen=True)
class Customer:
    """A customer's domain: the server its rows lead to, and the certificates it has there."""

    domain: str
    server: str
    period: Period | None = None
    """The life of its certificates; None: it has none of its own."""
    exchange: str | None = None
    """Where new mail goes, when not to the same server."""


@dataclass(frozen=True)
class World:
    """The running servers and what a bot needs to find them."""

    authority: Authority
    names: NameServer
    mail_servers: Mapping[str, MailServer]
    ca_file: Path

    def environment(self) -> dict[str, str]:
        """The settings that point a bot at this world."""
        host, port = self.names.address
        return {
            "MAILBOT_DNS_SERVERS": f"{host}:{port}",
            "MAILBOT_CA_FILE": str(self.ca_file),
            "MAILBOT_ALLOW_NETWORKS": "127.0.0.0/8",
        }

    def config(self, **settings: str) -> Config:
        """A configuration for this world, with further variables."""
        return read_config(self.environment() | settings)[0]

    def slack_config(self, api_url: str, signing_secret: str) -> Config:
        """The same for the Slack app, over HTTP on a free port, with a quiet log."""
        return self.config(
            SLACK_BOT_TOKEN="xoxb-playground",
            SLACK_SIGNING_SECRET=signing_secret,
            SLACK_API_URL=api_url,
            MAILBOT_LISTEN="127.0.0.1:0",
            MAILBOT_LOG_LEVEL="error",
        )

    def dial(self, address: str, port: int) -> tuple[str, int]:
        """Where the port that is told is really served: neither root nor low ports are needed."""
        return dial_map(self.mail_servers.values()).get((address, port), (address, port))


@asynccontextmanager
async def running_world() -> AsyncIterator[World]:
    """Start the world; everything in it ends with the context."""
    authority = Authority("Demo")
    servers = {
        "mail3.skok.cz": _server(authority, "mail3.skok.cz", MAIL3),
        "mail8.skok.cz": _server(authority, "mail8.skok.cz", MAIL8),
    }
    for customer in _customers():
        servers[customer.server].identities.update(_identities(authority, customer))
    async with AsyncExitStack() as stack:
        names = await stack.enter_async_context(NameServer(_zone()))
        for server in servers.values():
            await stack.enter_async_context(server)
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="mailbot-")))
        yield World(authority, names, servers, authority.write_root(folder / "demo-ca.pem"))


def _server(authority: Authority, name: str, address: str) -> MailServer:
    return MailServer(authority.issue([name]), address=address, lowest=TlsVersion.TLS1_2)


def _customers() -> tuple[Customer, ...]:
    healthy = Period(*_days(-29, 61))
    return (
        Customer("example.cz", "mail8.skok.cz", healthy),
        Customer("zahrada.example", "mail3.skok.cz", healthy),
        Customer("xn--hkyrky-ptac70bc.cz", "mail3.skok.cz", healthy),
        Customer("propadla.example", "mail8.skok.cz", EXPIRED),
        Customer("bezcertifikatu.example", "mail8.skok.cz"),
        Customer("novaposta.example", "mail8.skok.cz", healthy, "novaposta-example.mail.protection.outlook.com"),
    )


def _days(since: int, until: int) -> tuple[timedelta, timedelta]:
    return timedelta(days=since), timedelta(days=until)


def _identities(authority: Authority, customer: Customer) -> dict[str, Identity]:
    if customer.period is None:
        return {}
    hosts = [f"{label}.{customer.domain}" for label in ("mail", "smtp", "imap", "pop")]
    identity = authority.issue(hosts, period=customer.period)
    return dict.fromkeys(hosts, identity)


def _zone() -> Zone:
    zone: dict[str, Records] = {
        "mail3.skok.cz": {"A": MAIL3},
        "mail8.skok.cz": {"A": MAIL8},
        "mail.jinde.example": {"CNAME": "imap.gmail.com"},
        "imap.jinde.example": {"CNAME": "imap.gmail.com"},
        "imap.gmail.com": {"A": "142.250.102.108"},
        "jinde.example": {"MX": [(1, "aspmx.l.google.com")]},
    }
    for customer in _customers():
        zone |= {f"{label}.{customer.domain}": {"CNAME": customer.server} for label in ("imap", "mail", "pop", "smtp")}
        zone[customer.domain] = {"MX": [(10, customer.exchange or customer.server)]}
    return zone
