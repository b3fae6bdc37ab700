"""Which TLS versions a port takes, by connections that were bounded to one version each."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from bot.facts import Endpoint, Handshake, Hello, NoHandshake, Probe, TlsVersion
from bot.status.facts import Connection

SINGLE_VERSIONS = tuple(Hello(None, version, version) for version in TlsVersion)
WITHOUT_ECDSA = Hello(ecdsa=False)
"""How a program connects that knows RSA certificates only."""

OLD = tuple(version for version in TlsVersion if version < TlsVersion.TLS1_2)


@dataclass(frozen=True, slots=True)
class Versions:
    """The TLS versions that were accepted and refused; what is in neither was not measured."""

    accepted: tuple[TlsVersion, ...] = ()
    refused: tuple[TlsVersion, ...] = ()

    @property
    def lowest(self) -> TlsVersion | None:
        """The lowest version accepted; None unless everything below it was measured too."""
        if not self.accepted:
            return None
        below = [version for version in TlsVersion if version < self.accepted[0]]
        return self.accepted[0] if all(version in self.refused for version in below) else None

    @property
    def highest(self) -> TlsVersion | None:
        """The highest version that was accepted."""
        return self.accepted[-1] if self.accepted else None

    @property
    def old(self) -> tuple[TlsVersion, ...]:
        """Versions before 1.2 that were accepted."""
        return tuple(version for version in self.accepted if version in OLD)

    @property
    def is_old_off(self) -> bool:
        """True when every version before 1.2 was tried, and refused."""
        return all(version in self.refused for version in OLD)


def span_of(measured: Iterable[Versions]) -> str:
    """The versions that all of these ports take, such as `1.2–1.3`: the highest alone where no lowest was measured."""
    stood = [(versions.lowest, versions.highest) for versions in measured if versions.highest]
    lowest = max((low for low, _ in stood if low), default=None)
    highest = min((high for _, high in stood if high), default="")
    return highest if lowest in (None, highest) else f"{lowest}–{highest}"


def measured_versions(connections: Iterable[Connection], endpoint: Endpoint) -> Versions:
    """What was measured of one port."""
    probes = [c.probe for c in connections if c.endpoint == endpoint and c.probe is not None]
    accepted = {probe.tls_version for probe in probes if isinstance(probe, Handshake)}
    refused = {
        probe.hello.lowest for probe in probes if probe.hello.lowest == probe.hello.highest and is_refused(probe)
    }
    return Versions(
        tuple(version for version in TlsVersion if version in accepted),
        tuple(version for version in TlsVersion if version in refused - accepted),
    )


def is_refused(probe: Probe | None) -> bool:
    """True when the port was reached and TLS could not be agreed on."""
    return isinstance(probe, NoHandshake) and probe.problem == "tls_handshake_failed"
