"""What was seen of one port, and how it looks to a client that was told a host name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from bot.advice.certificate import CertificateVerdict, TrustStore, judge_certificates
from bot.advice.way import Way
from bot.catalogue.model import Answer, Catalogue
from bot.facts import Certificate, Endpoint, Handshake, NoHandshake, Probe, Protocol
from bot.request import HostKind


@dataclass(frozen=True, slots=True)
class ServiceFacts:
    """What was seen of one port on the way to the mailbox, each connection made the client's way.

    `names` are the hosts by kind; a kind is missing where there is no such name (no row, no server known).
    `with_sni` and `server_with_sni` sent the domain's name and the server's, `without_sni` none. `unbounded` is
    a connection without the client's limits, made where the limited one failed; `with_ecdsa` one with its limits
    but for ECDSA. None: not connected.
    `server_aliases` are further names of the server that were seen to lead to the same address.
    """

    protocol: Protocol
    names: Mapping[HostKind, str]
    with_sni: Probe | None = None
    without_sni: Probe | None = None
    server_with_sni: Probe | None = None
    unbounded: Probe | None = None
    with_ecdsa: Probe | None = None
    server_aliases: tuple[str, ...] = ()

    @property
    def probes(self) -> tuple[Probe, ...]:
        """Every connection made, the one that tells most first."""
        made = (self.with_sni, self.without_sni, self.server_with_sni, self.unbounded)
        return tuple(probe for probe in made if probe is not None)


@dataclass(frozen=True, slots=True)
class Judge:
    """What certificates are judged by: trust anchors, the catalogue's roots, the moment. Each chain is judged once."""

    store: TrustStore
    catalogue: Catalogue
    now: datetime
    _verdicts: dict[tuple[Certificate, ...], CertificateVerdict] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    def verdict(self, handshake: Handshake) -> CertificateVerdict:
        """What is to be said of the chain that was shown."""
        known = self._verdicts.get(handshake.chain)
        if known is None:
            known = self._verdicts[handshake.chain] = judge_certificates(handshake, self.store, self.now)
        return known


@dataclass(frozen=True, slots=True)
class View:
    """One connection as a client sees it that was told `host`. `holds`: TLS, chain and name are all right."""

    host: str
    problems: tuple[str, ...]
    certificate: CertificateVerdict | None = None
    endpoint: Endpoint | None = None
    is_bare: bool = False
    """True when no server name was sent."""

    @property
    def holds(self) -> bool:
        """True when the client gets in without a warning."""
        return not self.problems

    @property
    def is_named_right(self) -> bool:
        """True when a certificate was seen that covers the host, whatever else is wrong with it."""
        return self.certificate is not None and "certificate_name_mismatch" not in self.problems

    @property
    def has_bad_certificate(self) -> bool:
        """True when the connection stood and its certificate is at fault."""
        return any(problem.startswith("certificate_") for problem in self.problems)


def look(probe: Probe | None, host: str, judge: Judge) -> View:
    """See a connection as a client would that was told `host`."""
    if probe is None:
        return View(host, ("not_probed",))
    if isinstance(probe, NoHandshake):
        return View(host, (probe.problem,), None, probe.endpoint, probe.hello.sni is None)
    verdict = judge.verdict(probe)
    mismatch = () if verdict.covers(host) else ("certificate_name_mismatch",)
    return View(host, verdict.problems + mismatch, verdict, probe.endpoint, probe.hello.sni is None)


def is_broken(view: View) -> bool:
    """True when TLS or the certificate is at fault: only then the server's name may help."""
    return view.has_bad_certificate or "tls_handshake_failed" in view.problems


def is_refusal_by_tls(probe: Probe | None) -> bool:
    """True when the server was reached and TLS itself could not be agreed on."""
    return isinstance(probe, NoHandshake) and probe.problem == "tls_handshake_failed"


def _own_probes(facts: ServiceFacts, way: Way) -> tuple[Probe, ...]:
    """The connections with the client's limits that it may make itself, with a server name or without."""
    named, bare = (facts.with_sni, facts.server_with_sni), (facts.without_sni,)
    own = {Answer.YES: named, Answer.NO: bare, Answer.UNKNOWN: named + bare}[way.sni]
    return tuple(probe for probe in own if probe is not None)


def is_refused(facts: ServiceFacts, way: Way) -> bool:
    """True when TLS failed in every way the client may try."""
    own = _own_probes(facts, way)
    return any(map(is_refusal_by_tls, own)) and not any(isinstance(probe, Handshake) for probe in own)
