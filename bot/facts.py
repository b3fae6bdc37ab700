"""What was seen, where and when. Facts carry no judgement; `bot.advice` judges them.

"Could not find out" is a value of its own (`Outcome.TIMEOUT`, `Outcome.SERVFAIL`, `NoHandshake`) and never
the same as "is not so" (`Outcome.NXDOMAIN`, `Outcome.NO_DATA`).
"""

from __future__ import annotations

import hashlib
import warnings
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cached_property

from cryptography import x509


class Protocol(StrEnum):
    """A mail protocol; `SMTP` is always submission here (RFC 6409)."""

    IMAP = "imap"
    POP3 = "pop3"
    SMTP = "smtp"


class Security(StrEnum):
    """When TLS begins: at the first byte (RFC 8314), after a STARTTLS command (RFC 2595, 3207), or never."""

    IMPLICIT_TLS = "implicit_tls"
    STARTTLS = "starttls"
    NONE = "none"


class TlsVersion(StrEnum):
    """A TLS protocol version; members compare by age."""

    TLS1_0 = "1.0"
    TLS1_1 = "1.1"
    TLS1_2 = "1.2"
    TLS1_3 = "1.3"


class Outcome(StrEnum):
    """How a DNS question ended."""

    FOUND = "found"
    NO_DATA = "no_data"
    NXDOMAIN = "nxdomain"
    LOOP = "loop"
    DANGLING = "dangling"
    """The name exists as a CNAME, and the name at the end of the chain does not exist."""
    SERVFAIL = "servfail"
    """SERVFAIL, REFUSED or an answer that is not DNS: nothing is known."""
    TIMEOUT = "timeout"

    @property
    def is_unavailable(self) -> bool:
        """True when the question stays open: a fault of resolvers says nothing about the name."""
        return self in (Outcome.SERVFAIL, Outcome.TIMEOUT)


@dataclass(frozen=True, slots=True)
class DnsAnswer:
    """One DNS question and what came back. All names are lower-case A-labels without the final dot.

    `values` are addresses (A, AAAA), exchanges ordered by preference (MX; "" is the null MX of RFC 7505), host
    names (PTR, NS), or whole records as zone files have them (TXT, CAA, SRV, DS, SOA). `chain` holds the CNAME
    targets in order, `link_ttls` the seconds that each of these links may be kept. `ttl` is in seconds and the
    shortest of all. `authenticated`: the resolver says that the DNSSEC signatures hold (AD, RFC 4035).

    An authoritative server may end a chain at a name that others hold: FOUND, with a chain and without values.
    """

    name: str
    rtype: str
    outcome: Outcome
    seen_at: datetime
    chain: tuple[str, ...] = ()
    values: tuple[str, ...] = ()
    ttl: int = 0
    detail: str = ""
    link_ttls: tuple[int, ...] = ()
    authenticated: bool = False

    @property
    def expires_at(self) -> datetime:
        """When a cache must forget this answer."""
        return self.seen_at + timedelta(seconds=self.ttl)


@dataclass(frozen=True, slots=True)
class Row:
    """The address rows of one host name; `ipv6` is None while its answer was not awaited."""

    ipv4: DnsAnswer
    ipv6: DnsAnswer | None = None

    @property
    def name(self) -> str:
        """The host name that was asked for."""
        return self.ipv4.name

    @property
    def answers(self) -> tuple[DnsAnswer, ...]:
        """The answers there are, IPv4 first."""
        return (self.ipv4,) if self.ipv6 is None else (self.ipv4, self.ipv6)

    @property
    def addresses(self) -> tuple[str, ...]:
        """Every address, IPv4 first."""
        return tuple(value for answer in self.answers for value in answer.values)

    @property
    def chain(self) -> tuple[str, ...]:
        """The CNAME targets on the way to the addresses, whichever family was answered with them."""
        return max((answer.chain for answer in self.answers), key=len)

    @property
    def outcome(self) -> Outcome:
        """FOUND when either family has an address; else the family that left the question open counts.

        No IPv4 address alone says nothing while IPv6 was not awaited; that the name does not exist counts for both.
        """
        outcomes = [answer.outcome for answer in self.answers]
        if Outcome.FOUND in outcomes:
            return Outcome.FOUND
        if outcomes == [Outcome.NO_DATA]:
            return Outcome.TIMEOUT
        return next((outcome for outcome in outcomes if outcome.is_unavailable), outcomes[0])


@dataclass(frozen=True, slots=True)
class DnsFacts:
    """What DNS says about a domain's mail.

    `mx` is None when it was not awaited. `exchange` holds the address rows of the first mail exchanger, asked for
    only where its name does not tell whose it is.
    """

    domain: str
    imap: Row
    pop: Row
    mail: Row
    smtp: Row
    mx: DnsAnswer | None = None
    exchange: Row | None = None

    @property
    def rows(self) -> dict[str, Row]:
        """The rows by their label."""
        return {"imap": self.imap, "pop": self.pop, "mail": self.mail, "smtp": self.smtp}


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where a connection goes, as the customer is told it. The address was resolved once, before."""

    address: str
    port: int
    protocol: Protocol
    security: Security


@dataclass(frozen=True, slots=True)
class Hello:
    """How a connection introduces itself: the server name sent (None: no SNI) and what the client can do.

    `lowest` and `highest` bound the TLS versions (None: no bound). Without `ecdsa` only servers with an RSA
    certificate can be reached.
    """

    sni: str | None = None
    lowest: TlsVersion | None = None
    highest: TlsVersion | None = None
    ecdsa: bool = True

    @property
    def is_bounded(self) -> bool:
        """True when some client's limits are imitated."""
        return bool(self.lowest or self.highest or not self.ecdsa)


@dataclass(frozen=True)
class Certificate:
    """One certificate as sent. What it says comes from outside: make it harmless before it is shown."""

    der: bytes = field(repr=False)

    @cached_property
    def x509(self) -> x509.Certificate:
        """The parsed certificate. Raises ValueError when the bytes are not one."""
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # oddities such as a serial number of zero, which are no fault here
            try:
                return x509.load_der_x509_certificate(self.der)
            except x509.InvalidVersion as error:
                raise ValueError(str(error)) from None

    @cached_property
    def fingerprint(self) -> str:
        """The SHA-256 fingerprint in lower-case hex."""
        return hashlib.sha256(self.der).hexdigest()


@dataclass(frozen=True, slots=True)
class Handshake:
    """A completed TLS handshake: the version agreed on and the certificates as sent, leaf first."""

    endpoint: Endpoint
    hello: Hello
    seen_at: datetime
    tls_version: TlsVersion
    chain: tuple[Certificate, ...]


@dataclass(frozen=True, slots=True)
class NoHandshake:
    """A connection that did not get as far as TLS, or failed in it.

    `problem` is a code: `port_refused`, `port_timeout`, `server_silent`, `starttls_missing`,
    `port_speaks_plain`, `tls_handshake_failed`, `address_not_public`, `probe_not_made` (our own trouble, or a
    server too busy for us: nothing is known about it).
    """

    endpoint: Endpoint
    hello: Hello
    seen_at: datetime
    problem: str
    detail: str = ""


Probe = Handshake | NoHandshake
