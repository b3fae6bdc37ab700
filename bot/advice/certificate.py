"""Judging the certificates a server sent: the chain against trust anchors and, apart from it, the name."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec

from bot.facts import Certificate, Handshake

MAX_SENT = 10
"""Certificates looked at behind the leaf; a server in order sends two or three."""
CHAINS_KEPT = 256
"""How many chains are remembered as judged: each holds its certificates in memory."""
SOON = 0.25
"""A certificate ends soon when less than this share of its lifetime is left, so healthy renewal never alarms."""

Links = Mapping[Certificate, tuple[Certificate, ...]]
"""Certificates with those that signed them."""

_UNREADABLE = (ValueError, x509.ExtensionNotFound, x509.DuplicateExtension, x509.UnsupportedGeneralNameType)
_PEM = re.compile(rb"-----BEGIN CERTIFICATE-----(.*?)-----END CERTIFICATE-----", re.DOTALL)


@dataclass(frozen=True, slots=True)
class CertificateVerdict:
    """What is to be said about the certificates of one handshake, whatever host name was meant.

    `problems` are codes (`certificate_expired` …), the gravest first; `anchors` the SHA-256 fingerprints
    (lower-case hex) of the trust anchors that a valid path reaches. `not_after` is the end of the leaf: it may lie
    ahead of a `certificate_expired` that is about what stands above.
    """

    names: tuple[str, ...]
    issuer: str
    not_after: datetime | None
    is_ecdsa: bool
    ends_soon: bool
    problems: tuple[str, ...]
    anchors: frozenset[str]

    def covers(self, host: str) -> bool:
        """True when the certificate names the host (RFC 9525, section 6.3)."""
        return any(name_matches(name, host) for name in self.names)


def name_matches(pattern: str, host: str) -> bool:
    """Compare a DNS-ID of a certificate with a host name; `*` stands for exactly one whole first label."""
    pattern, host = pattern.lower(), host.lower()
    if pattern.startswith("*."):
        first, _, rest = host.partition(".")
        return bool(first) and rest == pattern[2:] and "." in rest
    return pattern == host


class TrustStore:
    """The trust anchors that chains are judged by."""

    def __init__(self, anchors: Iterable[Certificate]) -> None:
        self._by_subject: dict[bytes, list[Certificate]] = {}
        self._fingerprints: set[str] = set()
        for anchor in anchors:
            self._by_subject.setdefault(anchor.x509.subject.public_bytes(), []).append(anchor)
            self._fingerprints.add(anchor.fingerprint)
        self.links = lru_cache(maxsize=CHAINS_KEPT)(self._links)

    @classmethod
    def from_pem(cls, pem: bytes) -> TrustStore:
        """Read anchors from PEM text. Raises ValueError when there is none in it, or a broken one."""
        bodies = _PEM.findall(pem)
        if not bodies:
            raise ValueError("no certificate in it")
        return cls(Certificate(base64.b64decode(body)) for body in bodies)

    @property
    def size(self) -> int:
        """How many anchors there are."""
        return len(self._fingerprints)

    def has_subject(self, name: x509.Name) -> bool:
        """True when an anchor bears this name."""
        return name.public_bytes() in self._by_subject

    def _links(self, chain: tuple[Certificate, ...]) -> Links:
        """Who signed what, from the leaf up to anchors over the certificates sent, whatever their dates."""
        sent = chain[1 : MAX_SENT + 1]
        links: dict[Certificate, tuple[Certificate, ...]] = {}
        waiting = [chain[0]]
        while waiting:
            last = waiting.pop()
            if last not in links:
                links[last] = tuple(self._issuers(last, sent))
                waiting += links[last]
        return links

    def _issuers(self, last: Certificate, sent: Sequence[Certificate]) -> Iterator[Certificate]:
        if self.is_anchor(last):
            return
        anchors = self._by_subject.get(last.x509.issuer.public_bytes(), ())
        yield from (anchor for anchor in anchors if _is_issued_by(last, anchor))
        yield from (issuer for issuer in sent if _is_ca(issuer) and _is_issued_by(last, issuer))

    def is_anchor(self, certificate: Certificate) -> bool:
        """True for one of the anchors."""
        return certificate.fingerprint in self._fingerprints

    def reach(self, chain: tuple[Certificate, ...], may_pass: Callable[[Certificate], bool]) -> frozenset[str]:
        """The fingerprints of the anchors that the leaf leads to by certificates that may be passed."""
        links = self.links(chain)
        seen, waiting = {chain[0]}, [chain[0]]
        while waiting:
            above = {issuer for issuer in links[waiting.pop()] if issuer not in seen and may_pass(issuer)}
            seen |= above
            waiting += above
        return frozenset(certificate.fingerprint for certificate in seen if self.is_anchor(certificate))


def judge_certificates(handshake: Handshake, store: TrustStore, now: datetime) -> CertificateVerdict:
    """Judge the chain of a handshake at a moment. Never raises, whatever was sent."""
    try:
        return _judge(handshake.chain, store, now)
    except (ValueError, IndexError, UnsupportedAlgorithm):
        return CertificateVerdict((), "", None, False, False, ("certificate_untrusted",), frozenset())


def _judge(chain: tuple[Certificate, ...], store: TrustStore, now: datetime) -> CertificateVerdict:
    leaf = chain[0].x509
    return CertificateVerdict(
        _names(leaf),
        _issuer(leaf),
        leaf.not_valid_after_utc,
        isinstance(leaf.public_key(), ec.EllipticCurvePublicKey),
        _ends_soon(leaf, now),
        tuple(_problems(chain, store, now)),
        store.reach(chain, lambda step: _has_begun(step, now) and not _has_ended(step, now)),
    )


def _problems(chain: tuple[Certificate, ...], store: TrustStore, now: datetime) -> Iterator[str]:
    """What is wrong with the leaf or, where every path to an anchor has it, with what stands above."""
    leads_to_anchor = store.reach(chain, lambda step: True)
    leads_by_unended = store.reach(chain, lambda step: not _has_ended(step, now))
    leads_by_valid = store.reach(chain, lambda step: _has_begun(step, now) and not _has_ended(step, now))
    if _has_ended(chain[0], now) or (leads_to_anchor and not leads_by_unended):
        yield "certificate_expired"
    elif not _has_begun(chain[0], now) or (leads_to_anchor and not leads_by_valid):
        yield "certificate_not_yet_valid"
    if not leads_to_anchor:
        yield _why_untrusted(chain, store)


def _why_untrusted(chain: Sequence[Certificate], store: TrustStore) -> str:
    """Tell a self-signed leaf from one sent alone and from a chain that was sent and leads nowhere.

    A leaf that claims an anchor as its issuer without its signature is a forgery, not an incomplete chain.
    """
    leaf = chain[0].x509
    if leaf.subject == leaf.issuer and _is_issued_by(chain[0], chain[0]):
        return "certificate_self_signed"
    if any(map(_is_ca, chain[1:])) or store.has_subject(leaf.issuer):
        return "certificate_untrusted"
    return "certificate_incomplete_chain"


def _is_issued_by(certificate: Certificate, issuer: Certificate) -> bool:
    try:
        certificate.x509.verify_directly_issued_by(issuer.x509)
    except (ValueError, TypeError, InvalidSignature, UnsupportedAlgorithm):
        return False
    return True


def _is_ca(certificate: Certificate) -> bool:
    try:
        return certificate.x509.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    except _UNREADABLE:
        return False


def _has_begun(certificate: Certificate, now: datetime) -> bool:
    return certificate.x509.not_valid_before_utc <= now


def _has_ended(certificate: Certificate, now: datetime) -> bool:
    return certificate.x509.not_valid_after_utc < now


def _ends_soon(leaf: x509.Certificate, now: datetime) -> bool:
    lifetime = leaf.not_valid_after_utc - leaf.not_valid_before_utc
    return now <= leaf.not_valid_after_utc and leaf.not_valid_after_utc - now < SOON * lifetime


def _names(leaf: x509.Certificate) -> tuple[str, ...]:
    try:
        names = leaf.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except _UNREADABLE:
        return ()
    return tuple(names.get_values_for_type(x509.DNSName))


def _issuer(leaf: x509.Certificate) -> str:
    for oid in (x509.NameOID.ORGANIZATION_NAME, x509.NameOID.COMMON_NAME):
        for attribute in leaf.issuer.get_attributes_for_oid(oid):
            return str(attribute.value)
    return ""
