"""Which programs get in, one by one: what was not measured, and what the catalogue does not know, is said so."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.facts import TlsVersion
from bot.status.clients import client_troubles
from bot.status.facts import StatusFacts
from bot.status.reach import Entry, Reached, reached_by
from bot.status.versions import Versions, span_of
from tests.advice.build import DAY, NOW, chain
from tests.advice.world import CATALOGUE, EXAMPLE, JUDGE, OF_DOMAIN, OF_SERVER, Server
from tests.status.build import ONLY_CORE, connections, facts, judged

EVERYBODY = replace(ONLY_CORE, lowest=TlsVersion.TLS1_0)
EXPIRED = replace(ONLY_CORE, named={**OF_DOMAIN, "mail.example.cz": chain("mail.example.cz", until=NOW - DAY)})
OTHER_DEFAULT = replace(EVERYBODY, default=chain("panel.example"))


def fares(seen: StatusFacts) -> dict[str, tuple[str, str]]:
    """How each client fares, and why, by its id."""
    reached = reached_by(seen.connections, JUDGE)
    return {one.client.id: (one.entry.value, one.reason.code if one.reason else "") for one in reached}


def of(server: Server, client: str, *, versions: bool = True) -> tuple[str, str]:
    """How one client fares at a server."""
    return fares(facts(server, versions=versions))[client]


@pytest.mark.parametrize(
    ("client", "server", "expected"),
    [
        ("thunderbird-78", ONLY_CORE, ("in", "")),
        ("outlook-2007-xp", ONLY_CORE, ("stopped", "client_tls_too_old")),
        ("outlook-2007-xp", EVERYBODY, ("in", "")),
        ("outlook-2007-xp", OTHER_DEFAULT, ("warned", "no_sni_certificate_name_mismatch")),
        ("thunderbird-24", ONLY_CORE, ("stopped", "client_root_unknown")),
        ("outlook-2010", ONLY_CORE, ("depends", "tls_of_system")),
        ("outlook-2010", EVERYBODY, ("in", "")),
        ("outlook-2010", OTHER_DEFAULT, ("depends", "sni_not_known")),
        ("em-client", ONLY_CORE, ("depends", "tls_not_known")),
        ("em-client", EVERYBODY, ("in", "")),
        ("thunderbird-78", EXPIRED, ("warned", "certificate_expired")),
        ("outlook-mac-16", EXPIRED, ("depends", "sni_not_known")),
        ("gmail-pop", EVERYBODY, ("stopped", "program_ended")),
        ("thunderbird-78", Server(broken={993: "port_refused"}), ("stopped", "port_refused")),
        ("thunderbird-78", Server(broken={587: "port_timeout"}), ("stopped", "port_timeout")),
        ("outlook-mac-16", Server(broken={993: "server_silent"}), ("stopped", "server_silent")),
        ("thunderbird-78", Server(broken={993: "probe_not_made"}), ("open", "probe_not_made")),
        ("seznam-import", Server(broken={993: "port_refused"}), ("depends", "tls_not_known")),
        ("printer", Server(broken={993: "port_refused"}), ("depends", "tls_of_system")),
    ],
)
def test_how_a_client_fares(client: str, server: Server, expected: tuple[str, str]) -> None:
    """By its gates, by what everybody sees, and by what nobody knows; only at the ports it uses."""
    assert of(server, client) == expected


@pytest.mark.parametrize("client", ["outlook-2007-xp", "outlook-2019", "outlook-2010", "em-client"])
def test_what_was_not_measured_is_said(client: str) -> None:
    """Where the newest version alone was agreed on, it is not known whether older ones are taken."""
    assert of(ONLY_CORE, client, versions=False) == ("open", "tls_not_measured")


def test_nothing_seen_is_open() -> None:
    """Neither a port that was never tried nor one that is still awaited says anything of anybody."""
    waiting = replace(facts(), connections=tuple(replace(c, probe=None) for c in facts().connections))
    for seen in (waiting, StatusFacts(EXAMPLE, waiting.dns)):
        assert set(fares(seen).values()) == {("open", "not_awaited"), ("stopped", "program_ended")}


def test_without_a_connection_without_sni_those_are_open_who_may_send_none() -> None:
    """What the server shows then was not seen."""
    every = facts(versions=True)
    named = replace(every, connections=tuple(c for c in every.connections if c.hello.is_bounded or not c.is_bare))
    assert fares(named)["outlook-mac-16"] == fares(named)["outlook-mac-15"] == ("open", "not_awaited")
    assert fares(named)["thunderbird-78"] == ("in", "")


def test_the_usual_clients_come_first_and_nobody_who_died_long_ago() -> None:
    """Each once."""
    reached = reached_by(facts(versions=True).connections, JUDGE)
    usual = [one.is_usual for one in reached]
    assert usual == sorted(usual, reverse=True)
    assert len({one.client.id for one in reached}) == len(reached)
    assert not any(one.client.is_extinct and not one.is_usual for one in reached)


SERVERS = st.builds(
    Server,
    default=st.sampled_from([OF_SERVER, None, chain("panel.example")]),
    lowest=st.sampled_from([TlsVersion.TLS1_0, TlsVersion.TLS1_2]),
    is_ecdsa=st.booleans(),
    broken=st.dictionaries(st.sampled_from([993, 995, 587]), st.sampled_from(["port_refused", "probe_not_made"])),
)


def every(server: Server, versions: bool) -> tuple[Reached, ...]:
    """Everybody at a server."""
    return reached_by(tuple(connections(server, versions=versions)), JUDGE)


@settings(deadline=None, max_examples=25)
@given(SERVERS, st.booleans())
def test_who_is_stopped_by_a_gate_never_gets_in(server: Server, versions: bool) -> None:
    """And whoever does not get in has a reason."""
    reached = every(server, versions)
    troubles = client_troubles(tuple(connections(server, versions=versions)), JUDGE, CATALOGUE.clients.values())
    stopped = {trouble.client.id for trouble in troubles if trouble.is_stopped}
    assert not stopped & {one.client.id for one in reached if one.entry is Entry.IN}
    assert all((one.reason is None) is (one.entry is Entry.IN) for one in reached)


def test_a_status_tells_of_every_client_only_where_versions_were_measured() -> None:
    """Nothing is guessed from today's handshake alone."""
    assert judged(facts(versions=True)).reached
    assert not judged(facts()).reached


def measured(*accepted: TlsVersion) -> Versions:
    """A port that takes these versions and refuses the others."""
    return Versions(accepted, tuple(version for version in TlsVersion if version not in accepted))


@pytest.mark.parametrize(
    ("ports", "span"),
    [
        ([], ""),
        ([measured()], ""),
        ([measured(TlsVersion.TLS1_2, TlsVersion.TLS1_3)], "1.2–1.3"),
        ([measured(*TlsVersion), measured(TlsVersion.TLS1_2)], "1.2"),
        ([Versions((TlsVersion.TLS1_3,))], "1.3"),
    ],
)
def test_the_versions_that_all_ports_take(ports: list[Versions], span: str) -> None:
    """From the highest of the lowest to the lowest of the highest."""
    assert span_of(ports) == span


def test_old_versions_are_off_only_where_each_was_refused() -> None:
    """Not tried is not refused."""
    assert measured(TlsVersion.TLS1_2).is_old_off
    assert not Versions((TlsVersion.TLS1_2,)).is_old_off
    assert measured(*TlsVersion).old == (TlsVersion.TLS1_0, TlsVersion.TLS1_1)
