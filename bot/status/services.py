"""What is wrong with ports and certificates. Each service is judged by its own connections; one cause on several
ports of one name is one finding."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from bot.advice.decision import shorten
from bot.advice.sight import Judge, View, look
from bot.facts import Handshake, TlsVersion
from bot.status.facts import Connection, Connections, plain
from bot.status.model import Finding, Level

NO_SNI = "no_sni_"
"""Begins the codes of what is wrong with a certificate that is shown without SNI."""
_CLOSED = ("port_refused", "port_timeout", "server_silent")
"""An optional port may be so: then it is not offered."""
_LEVELS = {
    "certificate_expires_soon": Level.WARNING,
    "tls_needs_sni": Level.WARNING,
    "address_not_public": Level.WARNING,
    "probe_not_made": Level.INFO,
    "not_awaited": Level.INFO,
}
"""Of troubles that are no errors."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """One problem of one connection. `cause` tells apart what has one code and is not one thing: the certificate."""

    code: str
    level: Level
    connection: Connection
    key: str = ""
    cause: str = ""
    params: Mapping[str, str] = field(default_factory=dict, hash=False)


@dataclass(frozen=True, slots=True)
class ServiceFinding:
    """A finding about ports; `is_core` when mail does not work without one of them."""

    finding: Finding
    is_core: bool


def service_findings(connections: Connections, judge: Judge) -> tuple[ServiceFinding, ...]:
    """Everything that is wrong with the ports, in the order they are looked at."""
    groups: dict[tuple[str, ...], list[Trouble]] = {}
    for trouble in find_troubles(plain(connections), judge):
        key = (trouble.code, trouble.key, trouble.level, trouble.connection.host, trouble.cause)
        groups.setdefault(key, []).append(trouble)
    return tuple(_told_together(group, connections) for group in groups.values())


def find_troubles(connections: Connections, judge: Judge) -> Iterator[Trouble]:
    """The problems of each connection by itself, in the light of those beside it."""
    named = {connection.endpoint: connection for connection in connections if not connection.is_bare}
    working = {(c.service, c.host) for c in connections if c.handshake or c.may_work}
    for connection in connections:
        beside = named.get(connection.endpoint) if connection.is_bare else None
        if connection.handshake:
            yield from _of_handshake(connection, connection.handshake, judge)
        elif beside is not None:
            yield from _needs_sni(connection, beside)
        else:
            yield from _of_port(connection, (connection.service, connection.host) in working)


def _of_port(connection: Connection, works_elsewhere: bool) -> Iterator[Trouble]:
    """Why there is no connection. An optional port that is closed is no trouble."""
    code = connection.problem or "not_awaited"
    if not connection.is_core and (code in _CLOSED or not connection.is_telling):
        return
    usual = Level.ERROR if connection.is_core and not works_elsewhere else Level.WARNING
    yield Trouble(code, _LEVELS.get(code, usual), connection)


def _needs_sni(bare: Connection, named: Connection) -> Iterator[Trouble]:
    """Without SNI the port may only refuse TLS; whatever else fails is told of the connection with SNI."""
    if named.handshake and bare.problem == "tls_handshake_failed":
        yield Trouble("tls_needs_sni", Level.WARNING, bare)


def _of_handshake(connection: Connection, handshake: Handshake, judge: Judge) -> Iterator[Trouble]:
    view = look(handshake, connection.host, judge)
    if not connection.is_bare and handshake.tls_version < TlsVersion.TLS1_2:
        yield Trouble("tls_version_old", Level.ERROR, connection, params={"version": handshake.tls_version})
    for problem in view.problems:
        yield _of_certificate(problem, connection, handshake, view, judge)
    if view.certificate and view.certificate.ends_soon and view.holds:
        yield _of_certificate("certificate_expires_soon", connection, handshake, view, judge)


def _of_certificate(problem: str, connection: Connection, shown: Handshake, view: View, judge: Judge) -> Trouble:
    certificate = view.certificate
    assert certificate is not None, "a handshake has shown one"
    key = problem
    if problem == "certificate_expired" and certificate.not_after and certificate.not_after > judge.now:
        key = "certificate_expired_above"
    params = {
        "names": shorten(certificate.names),
        "issuer": certificate.issuer or "—",
        "date": certificate.not_after.date().isoformat() if certificate.not_after else "",
        "days": str(days_left(certificate.not_after, judge.now)),
    }
    level = Level.WARNING if connection.is_bare else _LEVELS.get(problem, Level.ERROR)
    prefix = NO_SNI if connection.is_bare else ""
    cause = shown.chain[0].fingerprint if shown.chain else ""
    return Trouble(prefix + problem, level, connection, prefix + key, cause, params)


def days_left(not_after: datetime | None, now: datetime) -> int:
    """Whole days until a moment; 0 once it is past or not known."""
    return max(0, (not_after - now).days) if not_after else 0


def _told_together(group: list[Trouble], connections: Connections) -> ServiceFinding:
    first, affected = group[0], [trouble.connection for trouble in group]
    params = {"host": first.connection.host, "where": _where(affected, connections), **first.params}
    key = "" if first.key == first.code else first.key
    return ServiceFinding(Finding(first.code, first.level, params, key), any(c.is_core for c in affected))


def _where(affected: list[Connection], connections: Connections) -> str:
    """The ports, and the addresses where these are not all that the name has."""
    ports = service_names(connection.service for connection in affected)
    addresses = dict.fromkeys(connection.endpoint.address for connection in affected)
    host = affected[0].host
    all_addresses = {connection.endpoint.address for connection in connections if connection.host == host}
    return ports if set(addresses) == all_addresses else f"{ports} ({', '.join(addresses)})"


def service_names(services: Iterable[tuple[str, int]]) -> str:
    """Ports as people say them: `IMAP 993, POP3 995`."""
    return ", ".join(dict.fromkeys(f"{protocol.upper()} {port}" for protocol, port in services))
