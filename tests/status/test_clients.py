"""Which programs do not get in, by the catalogue and what was measured; what was not measured says nothing."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.catalogue.model import Answer, Confidence, Fact
from bot.facts import TlsVersion
from bot.status.clients import client_troubles, usual_clients
from bot.status.judge import Status
from tests.advice.build import NOW, chain
from tests.advice.world import CATALOGUE, JUDGE, Server
from tests.status.build import ONLY_CORE, facts, judged

OLD = {"outlook-express-6", "outlook-2007-xp", "ios-9", "apple-mail-10.11"}
EVERYBODY = replace(ONLY_CORE, lowest=TlsVersion.TLS1_0)


def stopped(status: Status) -> dict[str, str]:
    """The codes by client."""
    return {trouble.client.id: trouble.note.code for trouble in status.troubles}


def test_a_server_of_today_keeps_old_programs_out() -> None:
    """TLS comes first; without a measurement of old versions only the root could be spoken of."""
    assert stopped(judged(facts(versions=True))) == dict.fromkeys(OLD, "client_tls_too_old")
    assert not judged(facts()).troubles
    found = {trouble.client.id: trouble.note.code for trouble in client_troubles(facts().connections, JUDGE)}
    assert found == dict.fromkeys(("apple-mail-10.11", "ios-9"), "client_root_unknown")


def test_a_server_that_takes_everything_leaves_the_roots() -> None:
    """Which no host name cures."""
    found = stopped(judged(facts(EVERYBODY, versions=True)))
    assert found == {"ios-9": "client_root_unknown", "apple-mail-10.11": "client_root_unknown"}


def test_a_server_that_needs_sni_keeps_out_who_sends_none() -> None:
    """Whatever its TLS versions."""
    found = stopped(judged(facts(replace(EVERYBODY, default=None), versions=True)))
    assert found["outlook-2007-xp"] == "tls_needs_sni"
    assert "thunderbird-78" not in found


def test_a_wrong_default_certificate_warns_who_sends_no_sni() -> None:
    """They get in by an exception, which nobody should make."""
    status = judged(facts(replace(EVERYBODY, default=chain("panel.example")), versions=True))
    warned = [trouble for trouble in status.troubles if trouble.client.id == "outlook-2007-xp"]
    assert [(trouble.note.code, trouble.is_stopped) for trouble in warned] == [
        ("no_sni_certificate_name_mismatch", False)
    ]


@pytest.mark.parametrize("server", [Server(is_ecdsa=True, lowest=TlsVersion.TLS1_0)])
def test_an_ecdsa_certificate_keeps_out_who_knows_rsa_only(server: Server) -> None:
    """Though its TLS would do."""
    seen = facts(server, versions=True)
    assert stopped(judged(seen))["outlook-2007-xp"] == "client_without_ecdsa"
    both = facts(replace(server, lowest=TlsVersion.TLS1_2), versions=True)
    assert stopped(judged(both))["outlook-2007-xp"] == "client_tls_too_old"


def test_any_client_can_be_asked_about() -> None:
    """All of the catalogue, or one; each is told once, by the first port that stops it."""
    seen = facts(versions=True)
    everyone = list(client_troubles(seen.connections, JUDGE, CATALOGUE.clients.values()))
    ids = [trouble.client.id for trouble in everyone]
    assert len(ids) == len(set(ids))
    assert set(ids) > OLD
    thunderbird = CATALOGUE.clients["thunderbird-78"]
    assert not list(client_troubles(seen.connections, JUDGE, [thunderbird]))
    newest_only = replace(
        thunderbird,
        tls_lowest=Fact(TlsVersion.TLS1_3, Confidence.INFERRED, (), NOW.date()),
        ecdsa=Fact(Answer.YES, Confidence.INFERRED, (), NOW.date()),
    )
    old = facts(replace(ONLY_CORE, highest=TlsVersion.TLS1_2), versions=True)
    assert [t.note.code for t in client_troubles(old.connections, JUDGE, [newest_only])] == ["tls_version_old"]


def test_nothing_seen_nothing_said() -> None:
    """Without a handshake there is nothing to judge a client by."""
    assert not list(client_troubles((), JUDGE))


def test_the_usual_clients_hold_the_worst_cases() -> None:
    """Outlook 2007 and Outlook 2007 on Windows XP, each once."""
    ids = [client.id for client in usual_clients(CATALOGUE)]
    assert {"outlook-2007", "outlook-2007-xp"} <= set(ids)
    assert len(ids) == len(set(ids))
