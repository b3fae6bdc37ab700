"""The host name for one half of the settings, by three gates: TLS version, trust of the root, SNI.

No host name cures the first two; the name is chosen all the same, and what stops the client is said first.
The rule stands on the provider's page on receiving mail; docs/divergences.md says where answers go further.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from bot.advice.certificate import CertificateVerdict, TrustStore, judge_certificates
from bot.advice.way import Way
from bot.answer import Note
from bot.catalogue.model import Answer, Catalogue, Client
from bot.domain import is_host_name
from bot.facts import Handshake, NoHandshake, Probe, Protocol
from bot.request import HostKind

MAX_ALIASES = 4


@dataclass(frozen=True, slots=True)
class ServiceFacts:
    """What was seen of one port on the way to the mailbox, each connection made the client's way.

    `names` are the hosts by kind; a kind is missing where there is no such name (no row, no server known).
    `with_sni` and `server_with_sni` sent the domain's name and the server's, `without_sni` none. `unbounded` is
    a connection without the client's limits, made where the limited one failed. None: not connected.
    `server_aliases` are further names of the server that were seen to lead to the same address.
    """

    protocol: Protocol
    names: Mapping[HostKind, str]
    with_sni: Probe | None = None
    without_sni: Probe | None = None
    server_with_sni: Probe | None = None
    unbounded: Probe | None = None
    server_aliases: tuple[str, ...] = ()

    @property
    def probes(self) -> tuple[Probe, ...]:
        """Every connection made, the one that tells most first."""
        made = (self.with_sni, self.without_sni, self.server_with_sni, self.unbounded)
        return tuple(probe for probe in made if probe is not None)


@dataclass(frozen=True, slots=True)
class Judge:
    """What certificates are judged by: trust anchors, the catalogue's roots, and the moment."""

    store: TrustStore
    catalogue: Catalogue
    now: datetime


@dataclass(frozen=True, slots=True)
class View:
    """One connection as a client sees it that was told `host`. `holds`: TLS, chain and name are all right."""

    host: str
    problems: tuple[str, ...]
    certificate: CertificateVerdict | None = None

    @property
    def holds(self) -> bool:
        """True when the client gets in without a warning."""
        return not self.problems

    @property
    def has_bad_certificate(self) -> bool:
        """True when the connection stood and its certificate is at fault."""
        return any(problem.startswith("certificate_") for problem in self.problems)


@dataclass(frozen=True, slots=True)
class Choice:
    """The host name for one half, whether it was proved, and what is to be said about it."""

    host: str
    kind: HostKind
    verified: bool
    cannot_work: bool
    reason: Note
    warnings: tuple[Note, ...] = field(default_factory=tuple)


def look(probe: Probe | None, host: str, judge: Judge) -> View:
    """See a connection as a client would that was told `host`."""
    if probe is None:
        return View(host, ("not_probed",))
    if isinstance(probe, NoHandshake):
        return View(host, (probe.problem,))
    verdict = judge_certificates(probe, judge.store, judge.now)
    mismatch = () if verdict.covers(host) else ("certificate_name_mismatch",)
    return View(host, verdict.problems + mismatch, verdict)


def choose_host(
    facts: ServiceFacts, way: Way, client: Client | None, judge: Judge, wanted: HostKind | None = None
) -> Choice:
    """Choose the name to tell for one half, by what was seen. `wanted` asks for one of the names."""
    kind, reason = _choose_kind(facts, way, judge, wanted)
    host = _host(facts, kind, judge)
    views = _client_views(facts, way, kind, host, judge)
    gates = tuple(_closed_gates(facts, way, client, judge))
    worst = next((view for view in views if not view.holds), views[0])
    stopgap_for = _domain_faults(facts, way, judge) if reason.code == "domain_certificate_broken" else ()
    warnings = (*gates, *stopgap_for, *_view_warnings(facts, way, worst, views, bool(gates)))
    verified = not gates and all(view.holds for view in views)
    return Choice(host, kind, verified, bool(gates), reason, warnings)


def _choose_kind(facts: ServiceFacts, way: Way, judge: Judge, wanted: HostKind | None) -> tuple[HostKind, Note]:
    domain, server = facts.names.get(HostKind.DOMAIN), facts.names.get(HostKind.SERVER)
    params = {"host": domain or "", "server": server or "", "shown": _shown_without_sni(facts, judge)}
    if server is None or domain is None:
        kind = HostKind.DOMAIN if server is None else HostKind.SERVER
        return kind, Note("only_name", params, f"only_name_{kind}")
    if wanted:
        return wanted, Note("variant_wanted", params, f"variant_wanted_{wanted}")
    if way.sni is Answer.NO:
        return _kind_without_sni(facts, judge, params)
    if _is_stopgap_needed(facts, judge):
        return HostKind.SERVER, Note("domain_certificate_broken", params)
    code = "client_sends_sni" if way.sni is Answer.YES else "client_sni_unknown"
    return HostKind.DOMAIN, Note(code, params)


def _kind_without_sni(facts: ServiceFacts, judge: Judge, params: Mapping[str, str]) -> tuple[HostKind, Note]:
    """The server's name, unless what is shown without SNI covers only the domain's."""
    server_view = look(facts.without_sni, _host(facts, HostKind.SERVER, judge), judge)
    domain_view = look(facts.without_sni, facts.names[HostKind.DOMAIN], judge)
    if domain_view.holds and not server_view.holds:
        return HostKind.DOMAIN, Note("client_without_sni", params, "client_without_sni_default_is_domain")
    return HostKind.SERVER, Note("client_without_sni", params)


def _is_stopgap_needed(facts: ServiceFacts, judge: Judge) -> bool:
    """The domain's own name is broken while the server's is in order, for a client that sends SNI."""
    domain_view = look(facts.with_sni, facts.names[HostKind.DOMAIN], judge)
    server_view = look(facts.server_with_sni, facts.names[HostKind.SERVER], judge)
    return is_broken(domain_view) and server_view.holds


@dataclass(frozen=True, slots=True)
class MoreToAsk:
    """What else must be seen before a half can be decided: further connections, and names to resolve."""

    server_with_sni: bool = False
    unbounded: bool = False
    aliases: tuple[str, ...] = ()


def more_to_ask(
    facts: ServiceFacts, way: Way, judge: Judge, is_own_name: Callable[[str], bool], wanted: HostKind | None
) -> MoreToAsk:
    """Say what the first connections left open.

    The server's name with SNI: where the domain's is broken, or was asked to be replaced. A connection without
    limits: where the client's limits may be why TLS failed. Other names of the server: where the one known is
    not covered without SNI.
    """
    server = facts.names.get(HostKind.SERVER)
    domain_view = look(facts.with_sni, facts.names.get(HostKind.DOMAIN, ""), judge)
    bare_view = look(facts.without_sni, server or "", judge)
    sends_sni = way.sni is not Answer.NO
    is_domain_unusable = is_broken(domain_view) or HostKind.DOMAIN not in facts.names
    aliases = bare_view.certificate.names if bare_view.certificate and not bare_view.holds else ()
    return MoreToAsk(
        server_with_sni=bool(server) and sends_sni and (is_domain_unusable or wanted is HostKind.SERVER),
        unbounded=any(probe.hello.is_bounded and is_refusal_by_tls(probe) for probe in facts.probes),
        aliases=tuple(name for name in map(str.lower, aliases) if is_host_name(name) and is_own_name(name))[
            :MAX_ALIASES
        ],
    )


def is_refusal_by_tls(probe: Probe) -> bool:
    """True when the server was reached and TLS itself could not be agreed on."""
    return isinstance(probe, NoHandshake) and probe.problem == "tls_handshake_failed"


def _domain_faults(facts: ServiceFacts, way: Way, judge: Judge) -> tuple[Note, ...]:
    """What has to be mended before the stopgap can go."""
    view = look(facts.with_sni, facts.names[HostKind.DOMAIN], judge)
    return tuple(_problem_note(facts, way, view, problem) for problem in view.problems)


def is_broken(view: View) -> bool:
    """True when TLS or the certificate is at fault: only then the server's name may help."""
    return view.has_bad_certificate or "tls_handshake_failed" in view.problems


def _host(facts: ServiceFacts, kind: HostKind, judge: Judge) -> str:
    """The name of a kind; for the server's, the one of its names that is covered without SNI."""
    host = facts.names[kind]
    if kind is HostKind.SERVER and not look(facts.without_sni, host, judge).holds:
        aliases = (name for name in facts.server_aliases if look(facts.without_sni, name, judge).holds)
        return next(aliases, host)
    return host


def _client_views(facts: ServiceFacts, way: Way, kind: HostKind, host: str, judge: Judge) -> tuple[View, ...]:
    """What the client may see: one view, or both where it is not known whether it sends SNI."""
    named = facts.with_sni if kind is HostKind.DOMAIN else facts.server_with_sni
    views = {Answer.YES: (named,), Answer.NO: (facts.without_sni,), Answer.UNKNOWN: (named, facts.without_sni)}
    return tuple(look(probe, host, judge) for probe in views[way.sni])


def _closed_gates(facts: ServiceFacts, way: Way, client: Client | None, judge: Judge) -> Iterator[Note]:
    if facts.unbounded is not None and isinstance(facts.unbounded, Handshake):
        yield _tls_gate(facts.unbounded, way, judge)
    elif client is not None and (note := _root_gate(facts, client, judge)):
        yield note


def _tls_gate(unbounded: Handshake, way: Way, judge: Judge) -> Note:
    """The limited connection failed and one without limits stood: say which limit it was."""
    params = {"version": unbounded.tls_version, "highest": way.highest or "", "lowest": way.lowest or ""}
    if way.highest is not None and unbounded.tls_version > way.highest:
        return Note("client_tls_too_old", params)
    if way.lowest is not None and unbounded.tls_version < way.lowest:
        return Note("tls_version_old", params)
    if not way.ecdsa and judge_certificates(unbounded, judge.store, judge.now).is_ecdsa:
        return Note("client_without_ecdsa", params)
    return Note("tls_handshake_failed", params, "tls_handshake_failed_client")


def _root_gate(facts: ServiceFacts, client: Client, judge: Judge) -> Note | None:
    """Closed only when every root that is reached is one the client is known not to have.

    A root nobody has facts about leaves the gate open: trust is unknown then, not absent.
    """
    anchors = {
        anchor
        for probe in facts.probes
        if isinstance(probe, Handshake)
        for anchor in judge_certificates(probe, judge.store, judge.now).anchors
    }
    roots = [judge.catalogue.root_by_fingerprint(anchor) for anchor in sorted(anchors)]
    beliefs = [client.roots.get(root.id) if root else None for root in roots]
    if not beliefs or any(fact is None or fact.value is not Answer.NO for fact in beliefs):
        return None
    return Note("client_root_unknown", {"root": ", ".join(root.name for root in roots if root), "client": client.name})


def _view_warnings(
    facts: ServiceFacts, way: Way, worst: View, views: tuple[View, ...], is_stopped: bool
) -> Iterator[Note]:
    """What the chosen name's connection showed, told once; what a gate explains already is left out."""
    for problem in worst.problems:
        if problem == "not_probed" or (is_stopped and problem == "tls_handshake_failed"):
            continue
        if way.sni is Answer.UNKNOWN and views[0].holds and worst is not views[0]:
            continue
        yield _problem_note(facts, way, worst, problem)
    ending = next((view.certificate for view in views if view.certificate and view.certificate.ends_soon), None)
    if ending and worst.holds:
        yield Note("certificate_expires_soon", {"host": worst.host, "date": _date(ending.not_after)})


def _problem_note(facts: ServiceFacts, way: Way, view: View, problem: str) -> Note:
    probe = next(iter(facts.probes))
    certificate = view.certificate
    params = {
        "host": view.host,
        "port": str(probe.endpoint.port),
        "address": probe.endpoint.address,
        "names": shorten(certificate.names) if certificate else "",
        "date": _date(certificate.not_after) if certificate else "",
        "issuer": certificate.issuer if certificate else "",
    }
    if way.sni is Answer.NO and problem.startswith("certificate_"):
        return Note(f"no_sni_{problem}", params, problem)
    return Note(problem, params)


def _shown_without_sni(facts: ServiceFacts, judge: Judge) -> str:
    bare = facts.unbounded if isinstance(facts.without_sni, NoHandshake) else facts.without_sni
    verdict = look(bare, "", judge).certificate if bare is None or bare.hello.sni is None else None
    return shorten(verdict.names) if verdict else ""


def shorten(names: tuple[str, ...], most: int = 2) -> str:
    """The first names of many, with a mark when there are more."""
    return ", ".join(names[:most]) + (" …" if len(names) > most else "")


def _date(moment: datetime | None) -> str:
    return moment.date().isoformat() if moment else ""
