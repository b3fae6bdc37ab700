"""Facts as a test wants them: certificates with fixed dates and every defect, connections, rows of DNS."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.x509.oid import NameOID

from bot.advice.certificate import TrustStore
from bot.answer import FoundBy
from bot.facts import (
    Certificate,
    DnsAnswer,
    DnsFacts,
    Endpoint,
    Handshake,
    Hello,
    NoHandshake,
    Outcome,
    Protocol,
    Row,
    Security,
    TlsVersion,
)
from bot.playground.authority import Key, new_key
from bot.provider.profile import ServerName, load_profile

NOW = datetime(2026, 11, 23, 14, 3, 22, tzinfo=UTC)
DAY = timedelta(days=1)
SINCE, UNTIL = NOW - 30 * DAY, NOW + 60 * DAY
"""As a certificate is that was renewed in time: ninety days, two thirds of them left."""
LONG_AGO, FAR_AWAY = datetime(2000, 1, 1, tzinfo=UTC), datetime(2099, 1, 1, tzinfo=UTC)

PROFILE = load_profile("c4")
ADDRESS_8, ADDRESS_3, ELSEWHERE = "203.0.113.8", "203.0.113.3", "198.51.100.1"
ADDRESSES = {"mail8.skok.cz": ADDRESS_8, "mail8.c4.cz": ADDRESS_8, "mail3.skok.cz": ADDRESS_3}
KNOWN = {
    ADDRESS_8: (ServerName("mail8.skok.cz", 8), FoundBy.ADDRESS),
    ADDRESS_3: (ServerName("mail3.skok.cz", 3), FoundBy.REVERSE_DNS),
}


@dataclass(frozen=True)
class Issuer:
    """Somebody who signs: a name, a key, and the certificate about them."""

    name: x509.Name
    key: Key = field(repr=False)
    certificate: Certificate


def name(text: str) -> x509.Name:
    """A distinguished name with an organisation, or an empty one."""
    return x509.Name([x509.NameAttribute(NameOID.ORGANIZATION_NAME, text)] if text else [])


def sign(
    subject: x509.Name,
    key: Key,
    above: Issuer | None = None,
    *,
    issuer_name: x509.Name | None = None,
    since: datetime = SINCE,
    until: datetime = UNTIL,
    extensions: Sequence[x509.ExtensionType] = (),
) -> Certificate:
    """A certificate about a key; without an issuer it is signed by itself."""
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer_name or (above.name if above else subject))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(since)
        .not_valid_after(until)
    )
    for extension in extensions:
        builder = builder.add_extension(extension, critical=False)
    signed = builder.sign(above.key if above else key, hashes.SHA256())
    return Certificate(signed.public_bytes(serialization.Encoding.DER))


def authority(
    called: str,
    above: Issuer | None = None,
    *,
    key: Key | None = None,
    since: datetime = LONG_AGO,
    until: datetime = FAR_AWAY,
    is_ca: bool = True,
) -> Issuer:
    """An authority, signed by the one above it or by itself."""
    subject, key = name(called), key or new_key("ecdsa")
    basic = x509.BasicConstraints(ca=is_ca, path_length=None)
    return Issuer(subject, key, sign(subject, key, above, since=since, until=until, extensions=(basic,)))


def leaf(
    above: Issuer | None,
    *names: str,
    since: datetime = SINCE,
    until: datetime = UNTIL,
    key: Key | None = None,
    extensions: Sequence[x509.ExtensionType] = (),
) -> Certificate:
    """A server's certificate for host names; without any it has no names at all."""
    san = (x509.SubjectAlternativeName([x509.DNSName(name) for name in names]),) if names else ()
    key = key or new_key("ecdsa")
    return sign(name("Server"), key, above, since=since, until=until, extensions=(*san, *extensions))


ROOT = authority("Known Root")
INTERMEDIATE = authority("Known Issuer", ROOT)
STORE = TrustStore([ROOT.certificate])
ROOT_FINGERPRINT = ROOT.certificate.fingerprint
STRANGER = authority("Strange Root")
STRANGE_ISSUER = authority("Strange Issuer", STRANGER)

Chain = tuple[Certificate, ...]


def chain(*names: str, **how: datetime | Key) -> Chain:
    """What a server in order sends: its certificate and the intermediate one."""
    return (leaf(INTERMEDIATE, *names, **how), INTERMEDIATE.certificate)  # type: ignore[arg-type]


# Connections


def endpoint(
    protocol: Protocol = Protocol.IMAP, address: str = ADDRESS_8, security: Security | None = None, port: int = 0
) -> Endpoint:
    """A port of the provider's profile."""
    usual = PROFILE.port(protocol)
    assert usual is not None
    return Endpoint(address, port or usual.port, protocol, security or usual.security)


def handshake(
    sent: Chain,
    sni: str | None = None,
    *,
    at: Endpoint | None = None,
    version: TlsVersion = TlsVersion.TLS1_3,
    hello: Hello | None = None,
) -> Handshake:
    """A connection that stood."""
    return Handshake(at or endpoint(), hello or Hello(sni), NOW - timedelta(seconds=1), version, sent)


def failure(problem: str, hello: Hello | None = None, at: Endpoint | None = None) -> NoHandshake:
    """A connection that did not stand."""
    return NoHandshake(at or endpoint(), hello or Hello(), NOW - timedelta(seconds=1), problem)


# DNS

Leads = str | tuple[str, ...] | Outcome


def answer(
    asked: str, rtype: str, leads: Leads | None, addresses: tuple[str, ...] = (), *, seen_at: datetime = NOW
) -> DnsAnswer:
    """An answer: how the question ended, or the CNAMEs it went by and the addresses at their end."""
    if isinstance(leads, Outcome):
        followed = ("gone.example",) if leads in (Outcome.DANGLING, Outcome.LOOP) else ()
        return DnsAnswer(asked, rtype, leads, seen_at, followed)
    names: tuple[str, ...] = (leads,) if isinstance(leads, str) else leads or ()
    return DnsAnswer(asked, rtype, Outcome.FOUND, seen_at, names, addresses, ttl=300)


def row(asked: str, leads: Leads) -> Row:
    """A row that leads to a host name, over several, to an address, or nowhere."""
    if isinstance(leads, Outcome):
        return Row(answer(asked, "A", leads), answer(asked, "AAAA", leads))
    if isinstance(leads, str) and leads.replace(".", "").isdigit():
        return Row(answer(asked, "A", (), (leads,)))
    last = leads if isinstance(leads, str) else leads[-1]
    return Row(answer(asked, "A", leads, (ADDRESSES.get(last, ELSEWHERE),)))


def dns(
    imap: Leads = "mail8.skok.cz",
    mail: Leads = "mail8.skok.cz",
    pop: Leads = "mail8.skok.cz",
    smtp: Leads = "mail8.skok.cz",
    mx: tuple[str, ...] | Outcome | None = ("mail8.skok.cz",),
    exchange: Leads | None = None,
) -> DnsFacts:
    """What DNS says of example.cz; all rows lead to mail8 unless said."""
    leads = {"imap": imap, "pop": pop, "mail": mail, "smtp": smtp}
    rows = {label: row(f"{label}.example.cz", to) for label, to in leads.items()}
    exchanges = None
    if mx is not None:
        outcome, values = (mx, ()) if isinstance(mx, Outcome) else (Outcome.FOUND, mx)
        exchanges = DnsAnswer("example.cz", "MX", outcome, NOW, values=values, ttl=300)
    behind = row(exchanges.values[0], exchange) if exchanges and exchanges.values and exchange is not None else None
    return DnsFacts("example.cz", **rows, mx=exchanges, exchange=behind)
