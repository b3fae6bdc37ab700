"""The TLS versions that a real server is told to speak."""

from __future__ import annotations

from typing import NamedTuple

from bot.facts import TlsVersion

_NAMES = {
    TlsVersion.TLS1_0: "TLSv1",
    TlsVersion.TLS1_1: "TLSv1.1",
    TlsVersion.TLS1_2: "TLSv1.2",
    TlsVersion.TLS1_3: "TLSv1.3",
}


class Span(NamedTuple):
    """From the lowest to the highest version."""

    lowest: TlsVersion
    highest: TlsVersion = TlsVersion.TLS1_3

    @property
    def names(self) -> tuple[str, str]:
        """Both as OpenSSL, Dovecot and Postfix call them."""
        return _NAMES[self.lowest], _NAMES[self.highest]

    @property
    def ciphers(self) -> str:
        """The suites to allow: OpenSSL of today leaves old versions none unless it is told to."""
        return "DEFAULT" if self.lowest >= TlsVersion.TLS1_2 else "ALL:@SECLEVEL=0"


TODAY, FROM_1_0, ONLY_1_2 = Span(TlsVersion.TLS1_2), Span(TlsVersion.TLS1_0), Span(TlsVersion.TLS1_2, TlsVersion.TLS1_2)
