"""The settings themselves: host, port, security and label of each half, with reasons and warnings in order."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.advice.decision import Choice, choose_host, shorten
from bot.advice.diagnosis import diagnose
from bot.advice.mail_server import KnownAddresses, mx_warning, row_warnings
from bot.advice.sight import Judge, ServiceFacts
from bot.advice.way import Way, way_of, worst_case
from bot.answer import MailServer, Note, Proof, ServerSettings, SettingsAnswer
from bot.catalogue.model import Answer, Chosen, Status
from bot.domain import DomainName
from bot.facts import DnsFacts, Handshake, NoHandshake, Outcome, Probe, Protocol, Security
from bot.provider.profile import Port, Profile
from bot.request import HostKind, SettingsRequest

KEPT_FOR = timedelta(minutes=10)
"""How long an answer that stands on handshakes may be served from a cache, within the TTLs of its DNS answers."""

_GATES = ("client_tls_too_old", "client_root_unknown", "client_without_ecdsa", "tls_version_old", "tls_needs_sni")


@dataclass(frozen=True, slots=True)
class Seen:
    """Everything collected for one answer. `incoming` is None for a client that only sends.

    `second` is the optional sending port; `worst_case` a connection with the limits of the client's worst case.
    """

    domain: DomainName
    dns: DnsFacts
    known: KnownAddresses
    server: MailServer
    incoming: ServiceFacts | None
    outgoing: ServiceFacts
    second: ServiceFacts | None = None
    worst_case: Probe | None = None


def settle(request: SettingsRequest, seen: Seen, profile: Profile, judge: Judge) -> SettingsAnswer:
    """Turn what was seen into settings. The same facts at the same moment always give the same answer."""
    client = request.client.client if request.client else None
    receiving, sending = (way_of(request.client, p, judge.catalogue) for p in (request.protocol, Protocol.SMTP))
    outgoing = choose_host(seen.outgoing, sending, client, judge, request.host_kind)
    incoming = choose_host(seen.incoming, receiving, client, judge, request.host_kind) if seen.incoming else None
    choices = [choice for choice in (incoming, outgoing) if choice]
    leading = choices[0]
    moments = [probe.seen_at for facts in (seen.incoming, seen.outgoing) if facts for probe in facts.probes]
    checked_at = min(moments, default=judge.now)
    answer = SettingsAnswer(
        request=request,
        domain=seen.domain,
        server=seen.server,
        incoming=_half(seen.incoming, incoming, request.client, profile, judge) if seen.incoming and incoming else None,
        outgoing=_half(seen.outgoing, outgoing, request.client, profile, judge),
        reasons=_unique(_reason(choice.reason, request, judge) for choice in choices),
        warnings=_unique(_warnings(request, seen, choices, (receiving, sending), profile, judge)),
        cannot_work=any(choice.cannot_work for choice in choices)
        or (client is not None and client.status is Status.CANNOT_WORK),
        host_kind=leading.kind,
        other_hosts=_other_hosts(seen.incoming or seen.outgoing, leading),
        second_port=_second_port(seen.second, outgoing, request.client, profile, judge),
        username=profile.username,
        webmail=profile.webmail,
        checked_at=checked_at,
        expires_at=_expires_at(seen, profile, judge.now),
    )
    return replace(answer, diagnosis=diagnose(answer, profile))


def _reason(reason: Note, request: SettingsRequest, judge: Judge) -> Note:
    """The reason for a name; while the system is open, what holds for its worst case is said of that case only."""
    is_open = request.client is not None and worst_case(request.client, judge.catalogue) is not None
    if is_open and reason.code == reason.sentence == "client_without_sni":
        return replace(reason, key="client_without_sni_open")
    return reason


def _half(facts: ServiceFacts, choice: Choice, chosen: Chosen | None, profile: Profile, judge: Judge) -> ServerSettings:
    port = profile.port(facts.protocol)
    assert port is not None, "a profile has a port for each protocol"
    return _server_settings(facts, choice.host, choice.verified, port, chosen, judge)


def _server_settings(
    facts: ServiceFacts, host: str, verified: bool, port: Port, chosen: Chosen | None, judge: Judge
) -> ServerSettings:
    security = _seen_security(facts) or port.security
    label = chosen.client.labels.get((facts.protocol, security)) if chosen else None
    way = way_of(chosen, facts.protocol, judge.catalogue)
    proofs = tuple(_proof(probe, probe is facts.unbounded, judge) for probe in facts.probes if _is_telling(probe, way))
    return ServerSettings(facts.protocol, host, port.port, security, label, verified, proofs)


def _seen_security(facts: ServiceFacts) -> Security | None:
    """What the port was seen to speak, if anything was."""
    return next((probe.endpoint.security for probe in facts.probes if isinstance(probe, Handshake)), None)


def _is_telling(probe: Probe, way: Way) -> bool:
    """True for a connection made as the client makes it; the others only served to judge."""
    return way.sni is Answer.UNKNOWN or (probe.hello.sni is None) is (way.sni is Answer.NO)


def _proof(probe: Probe, is_unbounded: bool, judge: Judge) -> Proof:
    endpoint, sni = probe.endpoint, probe.hello.sni
    if isinstance(probe, NoHandshake):
        return Proof(
            endpoint.protocol, endpoint.port, endpoint.security, sni, probe.seen_at,
            probe.problem, is_unbounded=is_unbounded,
        )  # fmt: skip
    verdict = judge.verdict(probe)
    problem = verdict.problems[0] if verdict.problems else None
    return Proof(
        endpoint.protocol, endpoint.port, endpoint.security, sni, probe.seen_at,
        problem, verdict.names, verdict.not_after, probe.tls_version, is_unbounded,
    )  # fmt: skip


def _second_port(
    facts: ServiceFacts | None, outgoing: Choice, chosen: Chosen | None, profile: Profile, judge: Judge
) -> ServerSettings | None:
    """The optional sending port, offered only where it was seen open."""
    port = profile.port(Protocol.SMTP, optional=True)
    if facts is None or port is None or not any(isinstance(probe, Handshake) for probe in facts.probes):
        return None
    return _server_settings(facts, outgoing.host, False, port, chosen, judge)


def _other_hosts(facts: ServiceFacts, leading: Choice) -> dict[HostKind, str]:
    return {kind: host for kind, host in facts.names.items() if kind is not leading.kind and host != leading.host}


def _warnings(
    request: SettingsRequest,
    seen: Seen,
    choices: list[Choice],
    ways: tuple[Way, Way],
    profile: Profile,
    judge: Judge,
) -> Iterator[Note]:
    """All warnings, the gravest first: what stops the client, where new mail goes, what is broken, what may come."""
    from_choices = [note for choice in choices for note in choice.warnings]
    yield from (note for note in from_choices if note.code in _GATES)
    mx = mx_warning(seen.dns, profile, seen.known)
    if mx and mx.code == "mx_elsewhere":
        yield mx
    yield from _about_client_status(request)
    yield from (note for note in from_choices if note.code not in _GATES)
    yield from _about_rows(request, seen, choices[-1].host, profile)
    if mx and mx.code == "mx_not_known":
        yield mx
    yield from _about_request(request, seen)
    of_server = [choice.host for choice in choices if choice.kind is HostKind.SERVER]
    if profile.server_may_move and of_server:
        yield Note("server_may_move", {"server": of_server[0]})
    yield from _about_open_facts(request, seen, ways, judge)
    yield from _about_ports(seen, profile)


def _about_client_status(request: SettingsRequest) -> Iterator[Note]:
    client = request.client.client if request.client else None
    if client is not None and client.status is not Status.WORKS:
        yield Note(f"client_{client.status}", {"client": client.name})


def _about_rows(request: SettingsRequest, seen: Seen, sending_host: str, profile: Profile) -> Iterator[Note]:
    protocols = (request.protocol, Protocol.SMTP) if seen.incoming else (Protocol.SMTP,)
    own_names = {profile.host_for(protocol, seen.domain) for protocol in protocols}
    first = profile.rows[protocols[0]][0]
    used = [first, *(label for label, row in seen.dns.rows.items() if row.name in own_names and label != first)]
    yield from row_warnings(seen.dns, seen.server, tuple(used), profile, seen.known)
    smtp = seen.dns.smtp
    is_own = smtp.name in own_names and smtp.outcome is Outcome.FOUND
    if is_own and smtp.name not in seen.outgoing.names.values():
        leads_to = smtp.chain[-1] if smtp.chain else smtp.addresses[0]
        yield Note("sending_elsewhere", {"row": smtp.name, "host": leads_to, "server": sending_host})


def _about_request(request: SettingsRequest, seen: Seen) -> Iterator[Note]:
    if request.domain != seen.domain:
        yield Note("registrable_domain", {"typed": request.domain.unicode, "domain": seen.domain.unicode})
    if request.client is None:
        yield Note("client_not_given")
        return
    client = request.client.client
    if client.receives and request.protocol not in client.protocols:
        yield Note("client_without_protocol", {"client": client.name, "protocol": request.protocol.upper()})
    if request.client.others:
        others = shorten(tuple(client.name for client in request.client.others), 3)
        yield Note("client_ambiguous", {"client": client.name, "others": others})


def _about_open_facts(request: SettingsRequest, seen: Seen, ways: tuple[Way, Way], judge: Judge) -> Iterator[Note]:
    """What is not known of the client: sentences, never verdicts."""
    if request.client is None:
        return
    worst = worst_case(request.client, judge.catalogue)
    is_refused = isinstance(seen.worst_case, NoHandshake) and seen.worst_case.problem == "tls_handshake_failed"
    if worst is not None and is_refused:
        params = {"client": worst.name, "highest": worst.tls_highest.value or ""}
        yield Note("worst_case_tls", params)
    if request.client.client.tls_highest.value is None:
        yield Note("client_tls_unknown", {"client": request.client.client.name})
    if any(way.is_old for way in ways):
        yield Note("client_ciphers_not_imitated", {"client": request.client.client.name})


def _about_ports(seen: Seen, profile: Profile) -> Iterator[Note]:
    """Where the page and the wire differ, and where the wire said nothing."""
    for facts in filter(None, (seen.incoming, seen.outgoing)):
        port, security = profile.port(facts.protocol), _seen_security(facts)
        if port and security and security is not port.security:
            yield Note("published_label_differs", {"port": str(port.port)}, f"published_label_differs_{security}")
        elif port and facts.probes and not security and not _is_mode_seen(facts):
            yield Note("label_as_published", {"port": str(port.port)})


def _is_mode_seen(facts: ServiceFacts) -> bool:
    """True when the port spoke, if only to refuse: that it begins in plain text is knowledge too."""
    problems = {probe.problem for probe in facts.probes if isinstance(probe, NoHandshake)}
    return not problems.isdisjoint(("starttls_missing", "port_speaks_plain"))


def _expires_at(seen: Seen, profile: Profile, now: datetime) -> datetime:
    """Until when nothing in the answer can have changed unnoticed; an answer with anything open is not kept."""
    facts = [half for half in (seen.incoming, seen.outgoing) if half]
    probes = [probe for half in facts for probe in half.probes]
    rows = [*seen.dns.rows.values(), *filter(None, [seen.dns.exchange])]
    answers = [answer for row in rows for answer in row.answers] + ([seen.dns.mx] if seen.dns.mx else [])
    mx = mx_warning(seen.dns, profile, seen.known)
    is_open = (mx is not None and mx.code == "mx_not_known") or any(a.outcome.is_unavailable for a in answers)
    if is_open or not probes or not all(isinstance(probe, Handshake) for probe in probes):
        return now
    moments = [answer.expires_at for answer in answers] + [p.seen_at + KEPT_FOR for p in probes]
    return max(now, min(moments))


def _unique(notes: Iterable[Note]) -> tuple[Note, ...]:
    """Notes without repetition: one code is said once of each host, row and port, in its first and gravest form."""
    kept: dict[tuple[str, ...], Note] = {}
    for note in notes:
        kept.setdefault((note.code, *(note.params.get(name, "") for name in ("host", "row", "port"))), note)
    return tuple(kept.values())
