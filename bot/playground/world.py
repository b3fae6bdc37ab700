"""A telling little world on loopback: a provider with mail servers and customers in every kind of trouble.

async with running_world() as world:
    world.config()                                  # points a bot at it; with `dial=world.dial`
    world.move("example.cz", "mail3.skok.cz")
    world.break_certificate("example.cz", "expired")
    await world.stop_server("mail8.skok.cz")
"""

from __future__ import annotations

import errno
import tempfile
from collections import Counter
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from bot.config import Config, ConfigError, read_config
from bot.facts import TlsVersion
from bot.playground import customers
from bot.playground.authority import Authority
from bot.playground.customers import (
    CUSTOMERS,
    ELSEWHERE,
    NAME_SERVER,
    NAME_SERVER_ADDRESS,
    PROVIDER,
    TTL,
    Breakage,
    Certificate,
    Customer,
)
from bot.playground.mail import MailServer, dial_map
from bot.playground.names import NameServer
from bot.playground.zone import Defaults, Records, Zone

MAIL3, MAIL5, MAIL8, MAIL12 = "127.0.1.3", "127.0.1.5", "127.0.1.8", "127.0.1.12"
ADDRESSES = {customers.MAIL3: MAIL3, customers.MAIL5: MAIL5, customers.MAIL8: MAIL8, customers.MAIL12: MAIL12}
"""The provider's mail servers."""
SILENT = (customers.MAIL5, 587)
"""A port that takes connections and says nothing."""


@dataclass(frozen=True)
class World:
    """The running servers and what a bot needs to find them."""

    authority: Authority
    names: NameServer
    mail_servers: Mapping[str, MailServer]
    ca_file: Path
    customers: dict[str, Customer] = field(default_factory=dict)
    _serials: Counter[str] = field(default_factory=Counter)

    def environment(self) -> dict[str, str]:
        """The settings that point a bot at this world."""
        host, port = self.names.address
        return {
            "MAILBOT_DNS_SERVERS": f"{host}:{port}",
            "MAILBOT_CA_FILE": str(self.ca_file),
            "MAILBOT_ALLOW_NETWORKS": "127.0.0.0/8",
            "MAILBOT_PUBLIC_RESOLVERS": "none",
        }

    def config(self, **settings: str) -> Config:
        """A configuration for this world, with further variables."""
        return read_config(self.environment() | settings)[0]

    def slack_config(self, api_url: str, signing_secret: str, **settings: str) -> Config:
        """The same for the Slack app, over HTTP on a free port, with a quiet log."""
        quiet = {"MAILBOT_LISTEN": "127.0.0.1:0", "MAILBOT_LOG_LEVEL": "error"}
        slack = {"SLACK_BOT_TOKEN": "xoxb-playground", "SLACK_SIGNING_SECRET": signing_secret, "SLACK_API_URL": api_url}
        return self.config(**quiet | slack | settings)

    def dial(self, address: str, port: int) -> tuple[str, int]:
        """Where the port that is told is really served: neither root nor low ports are needed."""
        if (address, port) == (NAME_SERVER_ADDRESS, 53):
            return self.names.address
        return dial_map(self.mail_servers.values()).get((address, port), (address, port))

    # --- what can be done to it ---

    def move(self, domain: str, server: str) -> None:
        """Move a customer: new rows, and the certificate goes along. Raises LookupError for names not known."""
        customer, _ = self._customer(domain), self._server(server)
        self._put(customer.moved(server, was_ours=customer.server in self.mail_servers))

    def break_certificate(self, domain: str, how: Breakage) -> None:
        """Give a customer's server a certificate that is no good, or take it away. Raises LookupError."""
        self._certify(domain, how)

    def mend_certificate(self, domain: str) -> None:
        """Give a customer's server a fresh certificate. Raises LookupError."""
        self._certify(domain, "good")

    async def stop_server(self, host: str) -> None:
        """Close a mail server's ports; running connections end. Raises LookupError."""
        await self._server(host).stop()

    async def start_server(self, host: str) -> None:
        """Open them again. Raises LookupError, and OSError when a port was taken meanwhile."""
        if not (server := self._server(host)).is_running:
            await server.start()

    def _certify(self, domain: str, certificate: Certificate) -> None:
        customer = self._customer(domain)
        self._server(customer.server)
        self._put(replace(customer, certificate=certificate))

    def _put(self, customer: Customer) -> None:
        """Bring DNS and the servers to what the customer is now."""
        known = self.customers.get(customer.domain)
        if known is not None and known.server in self.mail_servers:
            for host in known.hosts:
                self.mail_servers[known.server].identities.pop(host, None)
        if customer.server in self.mail_servers:
            self.mail_servers[customer.server].identities.update(customer.identities(self.authority))
        old = known.zone() if known is not None else {}
        others = {name: records for name, records in self.names.zone.items() if name not in old}
        self._serials[customer.domain] += 1
        self.names.zone = {**others, **customer.zone(self._serials[customer.domain])}
        self.customers[customer.domain] = customer

    def _customer(self, domain: str) -> Customer:
        if domain not in self.customers:
            raise LookupError(f"there is no customer {domain!r}")
        return self.customers[domain]

    def _server(self, host: str) -> MailServer:
        if host not in self.mail_servers:
            raise LookupError(f"{host!r} is not one of the provider's servers: {', '.join(self.mail_servers)}")
        return self.mail_servers[host]


@asynccontextmanager
async def running_world(addresses: Mapping[str, str] = ADDRESSES) -> AsyncIterator[World]:
    """Start the world; everything in it ends with the context. Raises ConfigError where it cannot be."""
    authority = Authority("Demo")
    servers = {host: _server(authority, host, address) for host, address in addresses.items()}
    async with AsyncExitStack() as stack:
        defaults = Defaults(TTL, TTL)
        names = await stack.enter_async_context(NameServer(_zone(addresses), defaults=defaults))
        for server in servers.values():
            await _start(server, stack)
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="mailbot-")))
        world = World(authority, names, servers, authority.write_root(folder / "demo-ca.pem"))
        for customer in CUSTOMERS:
            world._put(customer)
        yield world


def _server(authority: Authority, host: str, address: str) -> MailServer:
    server = MailServer(authority.issue([host]), address=address, lowest=TlsVersion.TLS1_2)
    server.silent.update(port for silent, port in (SILENT,) if silent == host)
    return server


async def _start(server: MailServer, stack: AsyncExitStack) -> None:
    try:
        await stack.enter_async_context(server)
    except OSError as error:
        if error.errno != errno.EADDRNOTAVAIL:
            raise
        reason = (
            f"the playground's mail servers need the loopback addresses {', '.join(ADDRESSES.values())}, and"
            f" {server.address} cannot be used here. On macOS make them once: sudo ifconfig lo0 alias ADDRESS up"
        )
        raise ConfigError((reason,)) from None


def _zone(addresses: Mapping[str, str]) -> Zone:
    hosts: dict[str, Records] = {host: {"A": address} for host, address in addresses.items()}
    hosts[NAME_SERVER] = {"A": NAME_SERVER_ADDRESS}
    return {**hosts, **PROVIDER, **{host: {"A": address} for host, address in ELSEWHERE.items()}}
