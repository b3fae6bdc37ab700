"""Puts the parts together as the configuration says: used by the command line and by the Slack app."""

from __future__ import annotations

import ssl
from collections.abc import Callable
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path

from bot.advice.certificate import TrustStore
from bot.catalogue.match import Matcher
from bot.catalogue.model import Catalogue
from bot.catalogue.reader import load_catalogue
from bot.config import Config, ConfigError
from bot.lookup import Lookup
from bot.lookup.around import AroundLookup
from bot.lookup.clock import PUBLIC_NAMES, ClockLookup, NamedResolver
from bot.lookup.edges import Edges
from bot.lookup.server import ServerLookup
from bot.lookup.sides import Sides
from bot.lookup.status import StatusLookup
from bot.network.authorities import Authorities
from bot.network.guard import AddressGuard
from bot.network.inventory import Inventory
from bot.network.name_servers import PORT
from bot.network.resolver import NameServerAddress, Resolver, system_name_servers
from bot.network.tls_probe import Prober
from bot.provider.profile import Profile, load_profile

Dial = Callable[[str, int], tuple[str, int]]
"""Turns the address and port that are told into those that are dialled."""


def now() -> datetime:
    """The current moment, in UTC."""
    return datetime.now(UTC)


def dial_as_told(address: str, port: int) -> tuple[str, int]:
    """Dial what is told."""
    return address, port


class Parts:
    """The parts of one process, each made once and only when it is needed."""

    def __init__(self, config: Config, *, dial: Dial = dial_as_told, clock: Callable[[], datetime] = now) -> None:
        self.config, self._dial, self._clock = config, dial, clock

    @cached_property
    def catalogue(self) -> Catalogue:
        """The client catalogue. Raises CatalogueError for a team's file with mistakes."""
        return load_catalogue(self.config.clients)

    @cached_property
    def matcher(self) -> Matcher:
        """Finds clients by what people call them."""
        return Matcher(self.catalogue)

    @cached_property
    def profile(self) -> Profile:
        """The provider's profile. Raises ProfileError for a file with mistakes."""
        return load_profile(self.config.provider)

    @cached_property
    def resolver(self) -> Resolver:
        """The resolver edge, over the configured name servers or the system's."""
        return Resolver(self.name_servers, clock=self._clock)

    @cached_property
    def unchecked_resolver(self) -> Resolver:
        """The same name servers, asked for what they would hold back because its signatures are wrong."""
        return Resolver(self.name_servers, clock=self._clock, unchecked=True)

    @cached_property
    def name_servers(self) -> tuple[NameServerAddress, ...]:
        """The configured name servers, else the system's."""
        configured = tuple(NameServerAddress(server.host, server.port) for server in self.config.dns_servers)
        return configured or system_name_servers()

    @cached_property
    def clock_lookup(self) -> ClockLookup:
        """The move clock's questions."""
        guard = AddressGuard(self.config.allow_networks)
        authorities = Authorities(self.resolver, guard, clock=self._clock, dial=self._dial)
        ours = NamedResolver("", ", ".join(map(_shown, self.name_servers)), self.resolver)
        return ClockLookup(authorities, ours, self._public_resolvers, self._clock)

    @cached_property
    def around_lookup(self) -> AroundLookup:
        """The questions about what lies around a domain's mail."""
        return AroundLookup(self.resolver, self.unchecked_resolver, self.profile)

    @cached_property
    def sides(self) -> Sides:
        """Both of them, for a status."""
        return Sides(self.clock_lookup, self.around_lookup)

    @property
    def _public_resolvers(self) -> tuple[NamedResolver, ...]:
        addresses = [NameServerAddress(server.host, server.port) for server in self.config.public_resolvers]
        return tuple(
            NamedResolver(
                PUBLIC_NAMES.get(one.address, ""), _shown(one), Resolver([one], clock=self._clock, cache_size=0)
            )
            for one in addresses
        )

    @cached_property
    def prober(self) -> Prober:
        """The TLS edge."""
        return Prober(AddressGuard(self.config.allow_networks), clock=self._clock, dial=self._dial)

    @cached_property
    def inventory(self) -> Inventory:
        """The addresses of the provider's servers."""
        return Inventory(self.resolver, self.profile, clock=self._clock)

    @cached_property
    def lookup(self) -> Lookup:
        """The orchestrator."""
        return Lookup(self.edges)

    @cached_property
    def status(self) -> StatusLookup:
        """The orchestrator of a domain's status."""
        return StatusLookup(self.edges, self.sides)

    @cached_property
    def server_status(self) -> ServerLookup:
        """The same of a server's status."""
        return ServerLookup(self.edges)

    @cached_property
    def edges(self) -> Edges:
        """What the orchestrator works with."""
        return Edges(
            self.resolver,
            self.prober,
            self.inventory,
            self.profile,
            self.catalogue,
            load_trust_store(self.config.ca_file),
            self._clock,
            self.config.timeout,
        )


def _shown(server: NameServerAddress) -> str:
    """Without the port where it is the usual one."""
    return server.address if server.port == PORT else str(server)


def load_trust_store(ca_file: Path | None) -> TrustStore:
    """The trust anchors of a PEM file, or the system's. Raises ConfigError when there is none in it."""
    path = ca_file or Path(_system_ca_file())
    try:
        return TrustStore.from_pem(path.read_bytes())
    except (OSError, ValueError) as error:
        raise ConfigError((f"MAILBOT_CA_FILE {str(path)!r}: no certificates can be read from it: {error}",)) from None


def _system_ca_file() -> str:
    paths = ssl.get_default_verify_paths()
    usual = (paths.cafile, "/etc/ssl/certs/ca-certificates.crt")
    found = next((path for path in usual if path and Path(path).is_file()), None)
    if found is None:
        import certifi

        return certifi.where()
    return found
