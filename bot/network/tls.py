"""TLS as it looks from outside: contexts that accept everything, and the certificates as they were sent."""

from __future__ import annotations

import ssl
import sys
import warnings
from contextlib import suppress
from functools import lru_cache

from bot.facts import TlsVersion

_VERSIONS = {
    TlsVersion.TLS1_0: ssl.TLSVersion.TLSv1,
    TlsVersion.TLS1_1: ssl.TLSVersion.TLSv1_1,
    TlsVersion.TLS1_2: ssl.TLSVersion.TLSv1_2,
    TlsVersion.TLS1_3: ssl.TLSVersion.TLSv1_3,
}
_SPOKEN = {
    "TLSv1": TlsVersion.TLS1_0,
    "TLSv1.1": TlsVersion.TLS1_1,
    "TLSv1.2": TlsVersion.TLS1_2,
    "TLSv1.3": TlsVersion.TLS1_3,
}
# At level 0 OpenSSL shows servers it would not talk to: TLS 1.0, SHA-1 signatures, short keys. Left out is
# Diffie-Hellman over finite fields: no browser offers it any more, and a hostile server's group of 8192 bits
# stops this whole program for a quarter of a second.
_ANY_KEY = "DEFAULT:!kDHE:!PSK:!SRP:@SECLEVEL=0"
_RSA_KEY = "aRSA:!kDHE:!eNULL:!PSK:!SRP:@SECLEVEL=0"
_LEGACY_SERVER_CONNECT = 0x4  # ssl.OP_LEGACY_SERVER_CONNECT of Python 3.12: servers without RFC 5746


@lru_cache
def context_for(lowest: TlsVersion | None, highest: TlsVersion | None, ecdsa: bool) -> ssl.SSLContext:
    """A context that judges nothing and reads no CA file. Raises ValueError when no version is left.

    Without `ecdsa` only suites with an RSA key are offered, and TLS 1.2 at most: from 1.3 on the suites say
    nothing about the key.
    """
    if not ecdsa:
        highest = min(highest or TlsVersion.TLS1_2, TlsVersion.TLS1_2)
    if lowest and highest and lowest > highest:
        raise ValueError(f"no TLS version from {lowest} to {highest}")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    context.set_ciphers(_ANY_KEY if ecdsa else _RSA_KEY)
    context.options |= _LEGACY_SERVER_CONNECT
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # old versions are what is looked for
        context.minimum_version = _VERSIONS[lowest] if lowest else ssl.TLSVersion.MINIMUM_SUPPORTED
        context.maximum_version = _VERSIONS[highest] if highest else ssl.TLSVersion.MAXIMUM_SUPPORTED
    return context


class TlsEngine:
    """A handshake without a socket: bytes in, bytes out. Raises ssl.SSLError where TLS fails."""

    def __init__(self, context: ssl.SSLContext, sni: str | None) -> None:
        self._received, self._to_send = ssl.MemoryBIO(), ssl.MemoryBIO()
        # As bytes, or Python turns the name into IDNA once more. An SSLObject without a name sends none.
        name = sni.encode("ascii") if sni is not None else None
        self._tls = context.wrap_bio(self._received, self._to_send, server_hostname=name)

    def is_done_after(self, data: bytes) -> bool:
        """Take what was received; True when both sides have agreed."""
        self._received.write(data)
        try:
            self._tls.do_handshake()
        except ssl.SSLWantReadError:
            return False
        return True

    def to_send(self) -> bytes:
        """What the server has to be told now."""
        return self._to_send.read()

    def goodbye(self) -> bytes:
        """The last words, be it an alert; whatever the server still says is not waited for. Ends the engine."""
        with suppress(ssl.SSLError):
            self._tls.unwrap()
        return self.to_send()

    @property
    def version(self) -> TlsVersion:
        """The version that was agreed on."""
        return _SPOKEN[self._tls.version() or ""]

    @property
    def chain(self) -> tuple[bytes, ...]:
        """The certificates as sent, leaf first, in DER."""
        if sys.version_info >= (3, 13):
            return tuple(self._tls.get_unverified_chain())
        import _ssl

        # What became public in 3.13 was there before, unnamed.
        certificates = self._tls._sslobj.get_unverified_chain() or ()  # type: ignore[attr-defined]
        return tuple(certificate.public_bytes(_ssl.ENCODING_DER) for certificate in certificates)
