"""Which mail programs get in, one by one: what stops each, what is not known of it, and what was not measured."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from bot.advice.sight import Judge, look
from bot.advice.way import Way, way_of
from bot.answer import Note
from bot.catalogue.model import Answer, Chosen, Client, Status
from bot.facts import Protocol, TlsVersion
from bot.status.clients import CorePort, core_ports, protocols_of, trouble_at, usual_clients
from bot.status.facts import Connection, Connections
from bot.status.versions import measured_versions


class Entry(StrEnum):
    """How a client fares, the worst first."""

    STOPPED = "stopped"
    WARNED = "warned"
    """It gets in once somebody allows what nobody should."""
    DEPENDS = "depends"
    """The catalogue does not know, or it is for the system to say."""
    OPEN = "open"
    """Not measured."""
    IN = "in"


@dataclass(frozen=True, slots=True)
class Reached:
    """A client and how it fares at a server. `reason` is the gate, or why that is not known; None where it gets in."""

    client: Client
    entry: Entry
    reason: Note | None = None
    is_usual: bool = True


Faring = tuple[Entry, Note | None]
_ENTRIES = tuple(Entry)
_ENDED: Faring = (Entry.STOPPED, Note("program_ended"))
"""It fetches mail from no server any more, whatever this one does."""


def reached_by(connections: Connections, judge: Judge) -> tuple[Reached, ...]:
    """Every client that is still met, those of every day first: at the port where it fares worst."""
    ports, usual = core_ports(connections), usual_clients(judge.catalogue)
    others = (client for client in judge.catalogue.clients.values() if not client.is_extinct and client not in usual)
    reached = []
    for client in (*usual, *others):
        entry, reason = _ENDED if client.status is Status.CANNOT_WORK else _worst(ports, client, judge)
        reached.append(Reached(client, entry, reason, client in usual))
    return tuple(reached)


def _worst(ports: Mapping[Protocol, CorePort], client: Client, judge: Judge) -> Faring:
    at_each = (_at(ports.get(protocol), client, judge) for protocol in protocols_of(client))
    return min(at_each, key=lambda faring: _ENTRIES.index(faring[0]))


def _at(port: CorePort | None, client: Client, judge: Judge) -> Faring:
    """How a client fares at one port: what the certificate or the port does to everybody comes behind its own gates."""
    if port is None:
        return Entry.OPEN, Note("not_awaited")
    if trouble := trouble_at(port, client, judge):
        return Entry.STOPPED if trouble.is_stopped else Entry.WARNED, trouble.note
    way = way_of(Chosen(client), port.endpoint.protocol, judge.catalogue)
    return _by_sight(port, way, judge) or _by_versions(port, way) or (Entry.IN, None)


def _by_sight(port: CorePort, way: Way, judge: Judge) -> Faring | None:
    """What the port shows to everybody who connects like this; where the server name may be sent or not, both."""
    plain = [connection for connection in port.connections if not connection.hello.is_bounded]
    bare = next((connection for connection in plain if connection.is_bare), None)
    named = next((connection for connection in plain if not connection.is_bare), bare)
    if way.sni is not Answer.UNKNOWN:
        return _seen(bare if way.sni is Answer.NO else named, judge)
    both = (_seen(named, judge), _seen(bare, judge))
    if not_seen := next((faring for faring in both if faring and faring[0] is Entry.OPEN), None):
        return not_seen
    return both[0] if all(both) or not any(both) else (Entry.DEPENDS, Note("sni_not_known"))


def _seen(connection: Connection | None, judge: Judge) -> Faring | None:
    """What is wrong with one connection."""
    if connection is None or connection.probe is None:
        return Entry.OPEN, Note("not_awaited")
    if connection.handshake is None:
        return Entry.STOPPED if connection.is_telling else Entry.OPEN, Note(connection.problem)
    problems = look(connection.probe, connection.host, judge).problems
    return (Entry.WARNED, Note(problems[0])) if problems else None


def _by_versions(port: CorePort, way: Way) -> Faring | None:
    """What the client's limits leave open: a version not measured, or a highest one that the catalogue lacks."""
    if port.seen_by(way) is None:
        return Entry.OPEN, Note("tls_not_measured")
    if way.highest is not None:
        return None
    may_be_all = [version for version in TlsVersion if way.lowest in (None, version)]
    versions = measured_versions(port.connections, port.endpoint)
    if all(version in versions.accepted for version in may_be_all):
        return None
    if any(version in versions.refused for version in may_be_all):
        return Entry.DEPENDS, Note("tls_not_known" if way.lowest is None else "tls_of_system")
    return Entry.OPEN, Note("tls_not_measured")
