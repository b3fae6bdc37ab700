"""What a status sees of a little world without a network."""

from __future__ import annotations

from collections.abc import Iterator

from bot.facts import DnsFacts, Hello, Outcome
from bot.status.facts import RELAY, Connection, StatusFacts, status_ports
from bot.status.judge import Status, judge_status
from bot.status.versions import SINGLE_VERSIONS, WITHOUT_ECDSA
from tests.advice.build import ADDRESS_8, KNOWN, PROFILE, Leads, dns
from tests.advice.world import EXAMPLE, JUDGE, Server

SERVER = "mail8.skok.cz"
ALL_OPEN = Server()
ONLY_CORE = Server(broken=dict.fromkeys((143, 110, 465, 25), "port_refused"))


def connections(
    server: Server = ONLY_CORE,
    addresses: tuple[str, ...] = (ADDRESS_8,),
    *,
    versions: bool = False,
    named: bool = True,
) -> Iterator[Connection]:
    """Every connection of a status to one server; without `named` the domain has no names of its own there."""
    for address in addresses:
        for port in status_ports(PROFILE):
            host = SERVER if port.port == RELAY else PROFILE.host_for(port.protocol, EXAMPLE)
            at = port.at(address)
            if named:
                yield Connection(host, at, Hello(host), port.is_core, server.probe(at, Hello(host)))
            for hello in (Hello(), *(() if not versions else (*SINGLE_VERSIONS, WITHOUT_ECDSA))):
                if port.is_core:
                    yield Connection(SERVER, at, hello, True, server.probe(at, hello))


def facts(
    server: Server = ONLY_CORE, rows: DnsFacts | None = None, addresses: tuple[str, ...] = (ADDRESS_8,), **how: bool
) -> StatusFacts:
    """Everything seen of example.cz on a server."""
    return StatusFacts(EXAMPLE, rows or dns(), KNOWN, tuple(connections(server, addresses, **how)))


def judged(seen: StatusFacts) -> Status:
    """The status by the provider and the catalogue of the tests."""
    return judge_status(seen, PROFILE, JUDGE)


def told(status: Status) -> list[str]:
    """The findings in short: level, sentence, and where."""
    where = [finding.params.get("where", finding.params.get("row", "")) for finding in status.findings]
    parts = zip(status.findings, where, strict=True)
    return [f"{finding.level[0]} {finding.sentence} {place}".strip() for finding, place in parts]


def all_rows(leads: Leads, mx: tuple[str, ...] | Outcome | None = Outcome.NO_DATA) -> DnsFacts:
    """A domain whose rows all lead to the same place, or end the same way."""
    return dns(leads, leads, leads, leads, mx=mx)
