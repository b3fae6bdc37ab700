"""The status of a server: its ports under its own name, and who would stay out without old TLS."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace

import pytest

from bot.facts import DnsAnswer, Hello, Outcome, Protocol, Row, TlsVersion
from bot.provider.profile import ServerName
from bot.reply.page import plain
from bot.reply.status import finding_text, server_page, status_table
from bot.reply.status_json import server_json
from bot.reply.text import render_text
from bot.reply.words import words
from bot.request import LANGUAGES
from bot.status.facts import Connection, status_ports
from bot.status.model import Verdict
from bot.status.server import ServerFacts, ServerStatus, judge_server
from bot.status.versions import SINGLE_VERSIONS, WITHOUT_ECDSA, Versions
from tests.advice.build import ADDRESS_8, DAY, NOW, PROFILE, answer, chain, row
from tests.advice.world import JUDGE, Server
from tests.status.build import ONLY_CORE, SERVER

MAIL8 = ServerName(SERVER, 8)
OLD = replace(ONLY_CORE, lowest=TlsVersion.TLS1_0)


def connections(server: Server) -> Iterator[Connection]:
    """Every connection of a server's status."""
    for port in status_ports(PROFILE):
        at = port.at(ADDRESS_8)
        bounded = (Hello(), *SINGLE_VERSIONS, WITHOUT_ECDSA) if port.is_core else ()
        for hello in (Hello(SERVER), *bounded):
            yield Connection(SERVER, at, hello, port.is_core, server.probe(at, hello))


def status(server: Server = ONLY_CORE, *domains: str) -> ServerStatus:
    """The status of mail8."""
    return judge_server(ServerFacts(MAIL8, row(SERVER, ADDRESS_8), tuple(connections(server))), JUDGE, domains)


def sending(problem: str) -> Server:
    """A server with a problem on port 587."""
    return replace(ONLY_CORE, broken={**ONLY_CORE.broken, 587: problem})


def told(seen: ServerStatus) -> list[str]:
    """The findings with where they are."""
    return [f"{finding.code} {finding.params.get('where', '')}".strip() for finding in seen.findings]


@pytest.mark.parametrize(
    ("server", "verdict", "findings"),
    [
        (ONLY_CORE, "works", []),
        (OLD, "works", ["tls_old_accepted"]),
        (
            replace(ONLY_CORE, default=chain(SERVER, until=NOW - DAY)), "broken",
            ["certificate_expired IMAP 993, POP3 995, SMTP 587"],
        ),
        (
            replace(ONLY_CORE, named={SERVER: chain(SERVER)}, default=chain("panel.example")), "works_but",
            ["no_sni_certificate_name_mismatch IMAP 993, POP3 995, SMTP 587"],
        ),
        (sending("port_refused"), "broken", ["port_refused SMTP 587"]),
        (sending("probe_not_made"), "unknown", ["probe_not_made SMTP 587"]),
    ],
)  # fmt: skip
def test_its_ports(server: Server, verdict: str, findings: list[str]) -> None:
    """As a domain's are judged, under its own name."""
    seen = status(server)
    assert (seen.verdict, told(seen)) == (Verdict(verdict), findings)
    assert seen.has_errors is (verdict == "broken")


@pytest.mark.parametrize("outcome", [outcome for outcome in Outcome if outcome is not Outcome.FOUND])
def test_a_name_that_leads_nowhere(outcome: Outcome) -> None:
    """Not there, or not to be found out: which of both is said in every language."""
    seen = judge_server(ServerFacts(MAIL8, row(SERVER, outcome)), JUDGE)
    assert seen.verdict is (Verdict.UNKNOWN if outcome.is_unavailable else Verdict.BROKEN)
    for language in LANGUAGES:
        for part in ("text", "found", "expected", "fix"):
            assert "{" not in finding_text(seen.findings[0], part, words(language))


def test_no_connection_yet_is_open() -> None:
    """Its name alone proves nothing."""
    assert judge_server(ServerFacts(MAIL8, row(SERVER, ADDRESS_8)), JUDGE).verdict is Verdict.UNKNOWN
    waiting = replace(next(connections(ONLY_CORE)), probe=None)
    seen = judge_server(ServerFacts(MAIL8, row(SERVER, ADDRESS_8), (waiting,)), JUDGE)
    assert (seen.verdict, seen.missing) == (Verdict.UNKNOWN, ((Protocol.IMAP, 993),))
    ipv6 = Row(
        answer(SERVER, "A", Outcome.NO_DATA), DnsAnswer(SERVER, "AAAA", Outcome.FOUND, NOW, values=("2001:db8::8",))
    )
    assert judge_server(ServerFacts(MAIL8, ipv6), JUDGE).verdict is Verdict.UNKNOWN


def test_who_would_stay_out_without_old_tls() -> None:
    """Only who gets in now: not who lacks the root anyhow, and nobody where old TLS is off already."""
    stopped = {client.id for client in status(OLD).stopped}
    assert "outlook-2007-xp" in stopped
    assert not {"ios-9", "thunderbird-78", "outlook-2003"} & stopped
    assert not status().stopped


def test_its_page_and_its_line() -> None:
    """Verdict, what is right, who would stop, the known domains, the proof."""
    seen = status(OLD, "example.cz", "example.com")
    for language in LANGUAGES:
        text = render_text(server_page(seen, language))
        assert "{" not in text
    lines = [plain(line) for line in server_page(seen, "en").lines]
    assert any(line.startswith("Without TLS 1.0, 1.1 these stop: Outlook Express") for line in lines)
    assert "Known domains: example.cz, example.com" in lines
    assert status_table([seen], "en") == "✅ works  mail8.skok.cz  –  mail8.skok.cz still takes TLS 1.0, 1.1"
    assert len(server_page(status(), "en").lines) == 3


def test_what_turning_off_old_tls_would_do_is_always_said() -> None:
    """That it is off, that nobody stops, or that it was not measured."""
    newer = replace(status(OLD), stopped=())
    unmeasured = replace(newer, services=tuple(replace(service, versions=Versions()) for service in newer.services))
    for seen, told in (
        (status(), "TLS 1.0 and 1.1 are off on this server already."),
        (newer, "Without TLS 1.0, 1.1 no program of the catalogue would stop."),
        (unmeasured, "Whether the server still takes TLS 1.0 and 1.1 could not be measured."),
        (replace(newer, services=()), "Whether the server still takes TLS 1.0 and 1.1 could not be measured."),
    ):
        assert plain(server_page(seen, "en").lines[-1]) == told


def test_its_json() -> None:
    """The keys of the interface, and who would stop."""
    shown = json.loads(json.dumps(server_json(status(OLD, "example.cz"), "en")))
    assert list(shown) == [
        "server", "verdict", "findings", "services", "domains", "clients", "stopped_without_old_tls", "checked_at",
    ]  # fmt: skip
    assert (shown["server"], shown["verdict"], shown["domains"]) == (SERVER, "works", ["example.cz"])
    assert {service["tls_lowest"] for service in shown["services"] if service["port"] == 993} == {"1.0"}
    assert "outlook-2007-xp" in {client["id"] for client in shown["stopped_without_old_tls"]}
