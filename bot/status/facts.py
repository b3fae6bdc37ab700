"""What was seen of a domain's mail for its status. Facts carry no judgement; `bot.status.judge` judges them."""

from __future__ import annotations

from dataclasses import dataclass, field

from bot.advice.mail_server import KnownAddresses
from bot.domain import DomainName
from bot.facts import DnsFacts, Endpoint, Handshake, Hello, NoHandshake, Probe, Protocol, Row, Security
from bot.provider.profile import Profile
from bot.status.around_facts import AroundFacts
from bot.status.clock_facts import ClockFacts

_USUAL = (
    (Protocol.IMAP, 993, Security.IMPLICIT_TLS),
    (Protocol.POP3, 995, Security.IMPLICIT_TLS),
    (Protocol.SMTP, 587, Security.STARTTLS),
    (Protocol.IMAP, 143, Security.STARTTLS),
    (Protocol.POP3, 110, Security.STARTTLS),
    (Protocol.SMTP, 465, Security.IMPLICIT_TLS),
    (Protocol.SMTP, 25, Security.STARTTLS),
)
"""Ports of RFC 8314 and RFC 5321 that are looked at where they are open."""
RELAY = 25
"""Where other mail servers deliver; they ask for the server's name, not for a customer's."""

_TELLS_NOTHING = ("probe_not_made", "address_not_public")


@dataclass(frozen=True, slots=True)
class StatusPort:
    """A port that a status looks at. Without the core ones mail does not work; the others are looked at where open."""

    protocol: Protocol
    port: int
    security: Security
    is_core: bool

    def at(self, address: str) -> Endpoint:
        """This port of an address."""
        return Endpoint(address, self.port, self.protocol, self.security)


def status_ports(profile: Profile) -> tuple[StatusPort, ...]:
    """The ports that customers are told, and behind them the usual others."""
    core = [StatusPort(p.protocol, p.port, p.security, True) for p in profile.ports if not p.is_optional]
    told = {port.port for port in core}
    return (*core, *(StatusPort(*usual, False) for usual in _USUAL if usual[1] not in told))


@dataclass(frozen=True, slots=True)
class Connection:
    """A connection to a port under the name that somebody is told for it; `probe` is None while not awaited."""

    host: str
    endpoint: Endpoint
    hello: Hello
    is_core: bool
    probe: Probe | None = None

    @property
    def handshake(self) -> Handshake | None:
        """The handshake, if there was one."""
        return self.probe if isinstance(self.probe, Handshake) else None

    @property
    def problem(self) -> str:
        """Why there was no handshake; "" where there was one, or nothing was awaited."""
        return self.probe.problem if isinstance(self.probe, NoHandshake) else ""

    @property
    def is_telling(self) -> bool:
        """True when something is known of the port now."""
        return self.probe is not None and self.problem not in _TELLS_NOTHING

    @property
    def may_work(self) -> bool:
        """True while it may turn out to let everybody in. Without a way by IPv6 from here, IPv4 alone decides."""
        return self.probe is None or (not self.is_telling and ":" not in self.endpoint.address)

    @property
    def is_bare(self) -> bool:
        """True when no server name was sent."""
        return self.hello.sni is None

    @property
    def service(self) -> tuple[Protocol, int]:
        """Which service this is, at whatever address."""
        return self.endpoint.protocol, self.endpoint.port


Connections = tuple[Connection, ...]


@dataclass(frozen=True, slots=True)
class StatusFacts:
    """Everything seen of a domain. `asked` is the domain as typed, where `domain` is the one above it.

    Of `connections` those with a bounded hello measure TLS versions. Without `is_probed` no server was to be
    connected to. Of what is in `not_asked` (labels of rows, `mx`) nothing was to be asked, and nothing is said.
    `around` and `clock` are None while they are not known, or were not to be asked for.
    """

    domain: DomainName
    dns: DnsFacts
    known: KnownAddresses = field(default_factory=dict)
    connections: Connections = ()
    asked: DomainName | None = None
    is_probed: bool = True
    around: AroundFacts | None = None
    clock: ClockFacts | None = None
    not_asked: frozenset[str] = frozenset()

    @property
    def rows(self) -> dict[str, Row]:
        """The rows that were asked for, by their label."""
        return {label: row for label, row in self.dns.rows.items() if label not in self.not_asked}

    @property
    def is_measured(self) -> bool:
        """True when TLS versions were looked at too: only then it can be told which programs stay out."""
        return any(connection.hello.is_bounded for connection in self.connections)


def plain(connections: Connections) -> Connections:
    """Those without limits: what a program of today sees."""
    return tuple(connection for connection in connections if not connection.hello.is_bounded)


def unanswered(connections: Connections) -> tuple[tuple[Protocol, int], ...]:
    """The core services that were seen working nowhere, while of some address nothing is known."""
    core = [c for c in plain(connections) if c.is_core]
    telling = [c for c in core if c.is_telling]
    known, told = {c.service for c in telling}, {c.endpoint for c in telling}
    working = {c.service for c in core if c.handshake}
    may_work = {c.service for c in core if c.may_work and c.endpoint not in told}
    is_open = {c.service: c.service not in known or c.service in may_work - working for c in core}
    return tuple(service for service in is_open if is_open[service])
