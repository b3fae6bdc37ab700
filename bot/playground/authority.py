"""A small certificate authority: certificates as they should be, and as they should not."""

from __future__ import annotations

import ipaddress
import itertools
import ssl
import tempfile
import warnings
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Literal

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from bot.facts import TlsVersion

Key = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey
KeyKind = Literal["ecdsa", "rsa"]
Issuer = Literal["intermediate", "root", "self"]

_SSL_VERSIONS = {
    TlsVersion.TLS1_0: ssl.TLSVersion.TLSv1,
    TlsVersion.TLS1_1: ssl.TLSVersion.TLSv1_1,
    TlsVersion.TLS1_2: ssl.TLSVersion.TLSv1_2,
    TlsVersion.TLS1_3: ssl.TLSVersion.TLSv1_3,
}


@dataclass(frozen=True, slots=True)
class Period:
    """When a certificate is valid, seen from now."""

    since: timedelta
    until: timedelta


CURRENT = Period(timedelta(days=-10), timedelta(days=80))
"""As Let's Encrypt issues them: ninety days, and a good part of them left."""
ENDING_SOON = Period(timedelta(days=-85), timedelta(days=5))
EXPIRED = Period(timedelta(days=-100), timedelta(days=-10))
NOT_YET_VALID = Period(timedelta(days=10), timedelta(days=100))
_OF_AN_AUTHORITY = Period(timedelta(days=-1000), timedelta(days=3650))


@dataclass(frozen=True, slots=True)
class Subject:
    """What is written into a certificate besides its key: names from outside, taken as they are."""

    common_name: str | None
    names: tuple[str, ...] = ()
    is_authority: bool = False


@dataclass(frozen=True)
class Identity:
    """A private key and the certificates that a server sends with it, leaf first."""

    key: Key = field(repr=False)
    chain: tuple[x509.Certificate, ...]
    _contexts: dict[tuple[TlsVersion | None, TlsVersion | None], ssl.SSLContext] = field(
        default_factory=dict, repr=False, compare=False
    )

    @property
    def leaf(self) -> x509.Certificate:
        """The server's own certificate."""
        return self.chain[0]

    @property
    def chain_pem(self) -> bytes:
        """The certificates as sent."""
        return b"".join(certificate.public_bytes(serialization.Encoding.PEM) for certificate in self.chain)

    @property
    def key_pem(self) -> bytes:
        """The private key, unencrypted."""
        return self.key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )

    def leaf_only(self) -> Identity:
        """The same identity on a server that forgot to send the intermediate certificate."""
        return replace(self, chain=self.chain[:1], _contexts={})

    def ssl_context(self, lowest: TlsVersion | None = None, highest: TlsVersion | None = None) -> ssl.SSLContext:
        """The server's TLS context for these bounds; made once, since loading a key is slow."""
        if (lowest, highest) not in self._contexts:
            self._contexts[lowest, highest] = self.new_ssl_context(lowest, highest)
        return self._contexts[lowest, highest]

    def new_ssl_context(self, lowest: TlsVersion | None = None, highest: TlsVersion | None = None) -> ssl.SSLContext:
        """A context of the caller's own, to hang a callback on."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        bound_versions(context, lowest, highest)
        with tempfile.NamedTemporaryFile(suffix=".pem") as file:  # OpenSSL in Python reads files only
            file.write(self.key_pem + self.chain_pem)
            file.flush()
            context.load_cert_chain(file.name)
        return context

    def write(self, folder: Path, name: str) -> tuple[Path, Path]:
        """Write `name.pem` (the chain) and `name.key` for a real server; returns both paths."""
        chain, key = folder / f"{name}.pem", folder / f"{name}.key"
        chain.write_bytes(self.chain_pem)
        key.touch(mode=0o600)
        key.write_bytes(self.key_pem)
        return chain, key


class Authority:
    """A root, an intermediate below it, and the identities that they issue."""

    def __init__(self, name: str = "Playground", key: KeyKind = "ecdsa") -> None:
        root_subject = Subject(f"{name} Root", is_authority=True)
        self.root = _sign(root_subject, new_key(key), _OF_AN_AUTHORITY, None)
        subject = Subject(f"{name} Intermediate", is_authority=True)
        self.intermediate = _sign(subject, new_key(key), _OF_AN_AUTHORITY, self.root)

    @property
    def root_pem(self) -> bytes:
        """The trust anchor, as a CA file holds it."""
        return self.root.leaf.public_bytes(serialization.Encoding.PEM)

    @property
    def root_fingerprint(self) -> str:
        """SHA-256 of the root, in lower-case hexadecimal digits."""
        return self.root.leaf.fingerprint(hashes.SHA256()).hex()

    def issue(
        self,
        names: Sequence[str],
        *,
        period: Period = CURRENT,
        not_before: datetime | None = None,
        not_after: datetime | None = None,
        key: KeyKind = "ecdsa",
        issuer: Issuer = "intermediate",
        common_name: str | None = None,
        in_san: bool = True,
    ) -> Identity:
        """An identity for `names`: host names, wildcards, addresses, or anything hostile; nothing is checked.

        `not_before` and `not_after` override `period`. The common name is the first name, if it fits in 64
        characters, unless given ("" for an empty subject). `in_san=False` leaves the names out, as of old.
        """
        period = _with_dates(period, not_before, not_after)
        first = names[0] if names and len(names[0]) <= 64 else ""
        subject = Subject(
            first if common_name is None else common_name, tuple(names) if in_san else (), is_authority=False
        )
        issued = _sign(subject, new_key(key), period, self._issuer(issuer))
        sent = (self.intermediate.leaf,) if issuer == "intermediate" else ()
        return replace(issued, chain=(issued.leaf, *sent))

    def write_root(self, path: Path) -> Path:
        """Write the trust anchor to a CA file; returns the path."""
        path.write_bytes(self.root_pem)
        return path

    def _issuer(self, issuer: Issuer) -> Identity | None:
        return {"intermediate": self.intermediate, "root": self.root, "self": None}[issuer]


def bound_versions(context: ssl.SSLContext, lowest: TlsVersion | None, highest: TlsVersion | None) -> None:
    """Bound a context's TLS versions (from 1.2 unless said), and allow the weak algorithms old ones need."""
    lowest = lowest or min(TlsVersion.TLS1_2, highest or TlsVersion.TLS1_3)
    highest = highest or TlsVersion.TLS1_3
    if lowest < TlsVersion.TLS1_2:
        context.set_ciphers("ALL:@SECLEVEL=0")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # for TLS 1.0 and 1.1, which are wanted here
        context.minimum_version = ssl.TLSVersion.MINIMUM_SUPPORTED  # never above the upper bound on the way
        context.maximum_version = _SSL_VERSIONS[highest]
        context.minimum_version = _SSL_VERSIONS[lowest]


def new_key(kind: KeyKind) -> Key:
    """A fresh ECDSA key, or one of a few RSA keys: making those takes a tenth of a second each."""
    return ec.generate_private_key(ec.SECP256R1()) if kind == "ecdsa" else _rsa_key(next(_rsa_turn))


_rsa_turn = itertools.cycle(range(4))


@cache
def _rsa_key(_number: int) -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def _with_dates(period: Period, not_before: datetime | None, not_after: datetime | None) -> Period:
    now = datetime.now(UTC)
    return Period(
        not_before - now if not_before else period.since,
        not_after - now if not_after else period.until,
    )


def _sign(subject: Subject, key: Key, period: Period, issuer: Identity | None) -> Identity:
    """Make a certificate; without an issuer it is signed by itself."""
    now = datetime.now(UTC).replace(microsecond=0)
    name, signer = _name(subject), issuer.key if issuer else key
    builder = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(issuer.leaf.subject if issuer else name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now + period.since)
        .not_valid_after(now + period.until)
    )
    for extension, critical in _extensions(subject, key, signer):
        builder = builder.add_extension(extension, critical)
    return Identity(key, (builder.sign(signer, hashes.SHA256()),))


def _extensions(subject: Subject, key: Key, signer: Key) -> list[tuple[x509.ExtensionType, bool]]:
    own = x509.SubjectKeyIdentifier.from_public_key(key.public_key())
    above = x509.SubjectKeyIdentifier.from_public_key(signer.public_key())
    extensions: list[tuple[x509.ExtensionType, bool]] = [
        (x509.BasicConstraints(ca=subject.is_authority, path_length=None), True),
        (_key_usage(subject.is_authority), True),
        (own, False),
        (x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(above), False),
    ]
    if not subject.is_authority:
        extensions.append((x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), False))
    if subject.names:  # RFC 5280, 4.2.1.6: critical when the subject is empty
        names = [_general_name(name) for name in subject.names]
        extensions.append((x509.SubjectAlternativeName(names), not subject.common_name))
    return extensions


def _key_usage(is_authority: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=True,
        content_commitment=False,
        key_encipherment=not is_authority,  # RSA key exchange, for clients that know nothing newer
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=is_authority,
        crl_sign=is_authority,
        encipher_only=False,
        decipher_only=False,
    )


def _name(subject: Subject) -> x509.Name:
    if not subject.common_name:
        return x509.Name([])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # over 64 characters: forbidden by X.520, and wanted here
        return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, subject.common_name, _validate=False)])


def _general_name(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        return x509.DNSName(name)
