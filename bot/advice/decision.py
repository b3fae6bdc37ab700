"""The host name for one half of the settings, by three gates: TLS version, trust of the root, SNI.

No host name cures the first two; the name is chosen all the same, and what stops the client is said first.
The rule stands on the provider's page on receiving mail; docs/divergences.md says where answers go further.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from bot.advice.gates import closed_gates
from bot.advice.sight import Judge, ServiceFacts, View, is_broken, is_refused, look
from bot.advice.way import Way
from bot.answer import Note
from bot.catalogue.model import Answer, Client
from bot.domain import is_host_name
from bot.facts import NoHandshake
from bot.request import HostKind

MAX_ALIASES = 4
_REASONS_ABOUT_SNI = ("client_sni_unknown", "variant_wanted_domain")
"""Sentences of reasons that say already what a client without SNI would be shown."""


@dataclass(frozen=True, slots=True)
class Choice:
    """The host name for one half, whether it was proved, and what is to be said about it."""

    host: str
    kind: HostKind
    verified: bool
    cannot_work: bool
    reason: Note
    warnings: tuple[Note, ...] = field(default_factory=tuple)


def choose_host(
    facts: ServiceFacts, way: Way, client: Client | None, judge: Judge, wanted: HostKind | None = None
) -> Choice:
    """Choose the name to tell for one half, by what was seen. `wanted` asks for one of the names."""
    kind, reason = _choose_kind(facts, way, judge, wanted)
    host = _host(facts, kind, judge)
    views = _client_views(facts, way, kind, host, judge)
    gates = tuple(closed_gates(facts, way, client, judge))
    worst = next((view for view in views if not view.holds), views[0])
    stopgap_for = _domain_faults(facts, judge) if reason.code == "domain_certificate_broken" else ()
    warnings = (*gates, *stopgap_for, *_view_warnings(reason, worst, views, bool(gates), judge))
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
    if not look(facts.without_sni, facts.names[HostKind.DOMAIN], judge).is_named_right:
        return HostKind.SERVER, Note("client_without_sni", params)
    if look(facts.without_sni, _host(facts, HostKind.SERVER, judge), judge).is_named_right:
        return HostKind.SERVER, Note("client_without_sni", params, "client_without_sni_default_is_both")
    return HostKind.DOMAIN, Note("client_without_sni", params, "client_without_sni_default_is_domain")


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
    with_ecdsa: bool = False
    aliases: tuple[str, ...] = ()


def more_to_ask(
    facts: ServiceFacts, way: Way, judge: Judge, is_own_name: Callable[[str], bool], wanted: HostKind | None
) -> MoreToAsk:
    """Say what the first connections left open.

    The server's name with SNI: where the domain's is broken, or was asked to be replaced. A connection without
    limits, or with all but one: where the client's limits may be why TLS failed. Other names of the server:
    where the one known is not covered without SNI.
    """
    server = facts.names.get(HostKind.SERVER)
    domain_view = look(facts.with_sni, facts.names.get(HostKind.DOMAIN, ""), judge)
    bare_view = look(facts.without_sni, server or "", judge)
    sends_sni = way.sni is not Answer.NO
    is_domain_unusable = is_broken(domain_view) or HostKind.DOMAIN not in facts.names
    is_limited_out = is_refused(facts, way) and way.hello(None).is_bounded
    shown = bare_view.certificate.names if bare_view.certificate and not bare_view.holds else ()
    aliases = map(str.lower, shown)
    return MoreToAsk(
        server_with_sni=bool(server) and sends_sni and (is_domain_unusable or wanted is HostKind.SERVER),
        unbounded=is_limited_out,
        with_ecdsa=is_limited_out and not way.ecdsa,
        aliases=tuple(name for name in aliases if is_host_name(name) and is_own_name(name))[:MAX_ALIASES],
    )


def _domain_faults(facts: ServiceFacts, judge: Judge) -> tuple[Note, ...]:
    """What has to be mended before the stopgap can go."""
    view = look(facts.with_sni, facts.names[HostKind.DOMAIN], judge)
    return tuple(_problem_note(view, problem, judge) for problem in view.problems)


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


def _view_warnings(
    reason: Note, worst: View, views: tuple[View, ...], is_stopped: bool, judge: Judge
) -> Iterator[Note]:
    """What the chosen name's connection showed, told once; what a gate explains already is left out."""
    is_told_by_reason = views[0].holds and reason.sentence in _REASONS_ABOUT_SNI
    for problem in () if is_told_by_reason else worst.problems:
        if problem != "not_probed" and not (is_stopped and problem == "tls_handshake_failed"):
            yield _problem_note(worst, problem, judge)
    sound = (view.certificate for view in views if view.holds and view.certificate)
    if ending := next((certificate for certificate in sound if certificate.ends_soon), None):
        yield Note("certificate_expires_soon", {"host": worst.host, "date": _date(ending.not_after)})


def _problem_note(view: View, problem: str, judge: Judge) -> Note:
    certificate, endpoint = view.certificate, view.endpoint
    params = {
        "host": view.host,
        "port": str(endpoint.port) if endpoint else "",
        "address": endpoint.address if endpoint else "",
        "names": shorten(certificate.names) if certificate else "",
        "date": _date(certificate.not_after) if certificate else "",
        "issuer": certificate.issuer if certificate else "",
    }
    key = problem
    if problem == "certificate_expired" and certificate and certificate.not_after and certificate.not_after > judge.now:
        key = "certificate_expired_above"
    is_bare = view.is_bare and problem.startswith("certificate_")
    return Note(f"no_sni_{problem}" if is_bare else problem, params, key if key != problem or is_bare else "")


def _shown_without_sni(facts: ServiceFacts, judge: Judge) -> str:
    bare = facts.unbounded if isinstance(facts.without_sni, NoHandshake) else facts.without_sni
    verdict = look(bare, "", judge).certificate if bare is None or bare.hello.sni is None else None
    return shorten(verdict.names) if verdict else ""


def shorten(names: tuple[str, ...], most: int = 2) -> str:
    """The first names of many, with a mark when there are more, or when there is none."""
    return ", ".join(names[:most]) + (" …" if len(names) > most else "") if names else "—"


def _date(moment: datetime | None) -> str:
    return moment.date().isoformat() if moment else ""
