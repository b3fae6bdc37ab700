"""Which mail programs do not get in, or only with a warning, by the catalogue and what was measured of the ports."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from bot.advice.gates import closed_gates
from bot.advice.sight import Judge, ServiceFacts, look
from bot.advice.way import Way, way_of
from bot.answer import Note
from bot.catalogue.model import Answer, Catalogue, Chosen, Client
from bot.facts import Endpoint, Handshake, Probe, Protocol, TlsVersion
from bot.status.facts import Connection, Connections, plain
from bot.status.versions import is_refused


@dataclass(frozen=True, slots=True)
class ClientTrouble:
    """A client and the gate that stops it: TLS, the root, or (`is_stopped` false: a warning only) the name."""

    client: Client
    note: Note
    is_stopped: bool = True


def usual_clients(catalogue: Catalogue) -> tuple[Client, ...]:
    """The clients that agents meet every day, with the systems that are the worst case of one."""
    common = [client.id for client in catalogue.common]
    worst = [client.worst_case for client in catalogue.common if client.worst_case]
    return tuple(catalogue.clients[id_] for id_ in dict.fromkeys([*common, *worst]))


def client_troubles(
    connections: Connections, judge: Judge, clients: Iterable[Client] | None = None
) -> Iterator[ClientTrouble]:
    """The clients among these (the usual ones) that what was measured keeps out. What was not measured says nothing."""
    ports = core_ports(connections)
    for client in usual_clients(judge.catalogue) if clients is None else clients:
        protocols = [protocol for protocol in protocols_of(client) if protocol in ports]
        troubles = (trouble_at(ports[protocol], client, judge) for protocol in protocols)
        if first := next(filter(None, troubles), None):
            yield first


def protocols_of(client: Client) -> tuple[Protocol, ...]:
    """The protocols that settings for the client are given for: one that it receives by, and sending."""
    receiving = tuple(protocol for protocol in (Protocol.IMAP, Protocol.POP3) if protocol in client.protocols)
    return (*receiving[:1], *((Protocol.SMTP,) if Protocol.SMTP in client.protocols else ()))


def core_ports(connections: Connections) -> Mapping[Protocol, CorePort]:
    """The first core port of each protocol, one that a handshake was made with before all others."""
    core = [connection for connection in plain(connections) if connection.is_core]
    ports: dict[Protocol, CorePort] = {}
    for connection in sorted(core, key=lambda connection: connection.handshake is None):
        endpoint = connection.endpoint
        ports.setdefault(endpoint.protocol, CorePort(endpoint, tuple(_at(connections, endpoint))))
    return ports


def _at(connections: Iterable[Connection], endpoint: Endpoint) -> Iterator[Connection]:
    return (connection for connection in connections if connection.endpoint == endpoint)


@dataclass(frozen=True, slots=True)
class CorePort:
    """Everything seen of one port."""

    endpoint: Endpoint
    connections: tuple[Connection, ...]

    def plain(self, *, is_bare: bool) -> Probe | None:
        """The connection without limits, with a server name or without."""
        return next((c.probe for c in self.connections if not c.hello.is_bounded and c.is_bare is is_bare), None)

    def seen_by(self, way: Way) -> Probe | None:
        """A connection with the client's limits, put together from those with single limits; None: not measured."""
        unbounded = next((c.handshake for c in self.connections if not c.hello.is_bounded and c.handshake), None)
        if not way.hello(None).is_bounded:
            return unbounded
        without_ecdsa = next((c.probe for c in self.connections if not c.hello.ecdsa), None)
        if not way.ecdsa and not isinstance(without_ecdsa, Handshake):
            return without_ecdsa if is_refused(without_ecdsa) else None
        return self.best_within(way)

    def best_within(self, way: Way) -> Probe | None:
        """But for ECDSA: the newest version that both know; a refusal where every one of the client's was refused."""
        known = [version for version in TlsVersion if _knows(way, version)]
        probes = [self._bounded_to(version) for version in known]
        stood = [probe for probe in probes if isinstance(probe, Handshake)]
        return stood[-1] if stood else (probes[0] if probes and all(map(is_refused, probes)) else None)

    def _bounded_to(self, version: TlsVersion) -> Probe | None:
        """The connection with this version alone; any that agreed on it says the same."""
        same = (c.handshake for c in self.connections if c.handshake and c.handshake.tls_version is version)
        alone = (c.probe for c in self.connections if c.hello.lowest is c.hello.highest is version)
        return next(same, None) or next(alone, None)


def _knows(way: Way, version: TlsVersion) -> bool:
    return (way.lowest is None or version >= way.lowest) and (way.highest is None or version <= way.highest)


def trouble_at(port: CorePort, client: Client, judge: Judge) -> ClientTrouble | None:
    """What stops the client at one port, the gravest gate first."""
    way = way_of(Chosen(client), port.endpoint.protocol, judge.catalogue)
    seen = port.seen_by(way)
    named, bare = port.plain(is_bare=False), port.plain(is_bare=True)
    facts = ServiceFacts(port.endpoint.protocol, {}, with_ecdsa=port.best_within(way))
    if way.sni is Answer.NO:
        shown = seen if is_refused(seen) else bare
        facts = replace(facts, without_sni=shown, unbounded=bare, with_sni=named)
    else:
        facts = replace(facts, with_sni=seen, unbounded=named or bare)
    if gate := next(closed_gates(facts, way, client, judge), None):
        return ClientTrouble(client, gate)
    return _name_trouble(client, port, judge) if way.sni is Answer.NO else None


def _name_trouble(client: Client, port: CorePort, judge: Judge) -> ClientTrouble | None:
    """The warning a client without SNI shows although it was told the server's name."""
    bare = next((c for c in port.connections if c.is_bare and c.handshake), None)
    view = look(bare.handshake, bare.host, judge) if bare else None
    if view is None or view.holds:
        return None
    return ClientTrouble(client, Note(f"no_sni_{view.problems[0]}", {"host": view.host}), is_stopped=False)
