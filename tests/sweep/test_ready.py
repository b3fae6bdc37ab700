"""Whether a server is ready for a domain: by the certificates it shows for the domain's names."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.facts import Hello
from bot.reply.status_json import finding_json
from bot.reply.words import words
from bot.request import LANGUAGES
from bot.status.facts import Connection, status_ports
from bot.status.model import Finding
from bot.sweep.held import NAMES
from bot.sweep.ready import judge_ready
from tests.advice.build import ADDRESS_3, DAY, NOW, PROFILE, chain
from tests.advice.world import JUDGE, Server

READY = Server(named={f"{label}.example.cz": chain(f"{label}.example.cz") for label, _ in NAMES})
NOTHING_YET = Server(named={})


def showing(**days: int) -> Server:
    """A ready server, but for the days that are left of single certificates."""
    own = {f"{label}.example.cz": chain(f"{label}.example.cz", until=NOW + n * DAY) for label, n in days.items()}
    return replace(READY, named={**READY.named, **own})


def breaking(problem: str, *ports: int) -> Server:
    """A ready server with a problem on some ports."""
    return replace(READY, broken=dict.fromkeys(ports, problem))


def seen(server: Server) -> tuple[Connection, ...]:
    """A connection for each name."""
    core = {port.protocol: port.at(ADDRESS_3) for port in status_ports(PROFILE) if port.is_core}
    wanted = [(f"{label}.example.cz", core[protocol]) for label, protocol in NAMES]
    return tuple(Connection(host, to, Hello(host), True, server.probe(to, Hello(host))) for host, to in wanted)


def told(findings: tuple[Finding, ...]) -> list[str]:
    """Findings in short: level, code, the name they are about, ports."""
    return [f"{one.level[0]} {one.code} {one.params['host']} {one.params['where']}" for one in findings]


CASES = {
    "ready": (READY, "works", []),
    "nothing yet": (
        NOTHING_YET, "broken",
        ["e certificate_name_mismatch mail.example.cz IMAP 993", "e certificate_name_mismatch smtp.example.cz SMTP 587",
         "w certificate_name_mismatch imap.example.cz IMAP 993", "w certificate_name_mismatch pop.example.cz IMAP 993"],
    ),
    "not for all names": (
        replace(READY, named={name: sent for name, sent in READY.named.items() if name != "pop.example.cz"}),
        "works_but", ["w certificate_name_mismatch pop.example.cz IMAP 993"],
    ),
    "mail ends soon": (showing(mail=7), "works_but", ["w certificate_expires_soon mail.example.cz IMAP 993"]),
    "mail expired": (showing(mail=-1), "broken", ["e certificate_expired mail.example.cz IMAP 993"]),
    "pop expired": (showing(pop=-1), "works_but", ["w certificate_expired pop.example.cz IMAP 993"]),
    "down": (
        breaking("port_refused", 993, 587), "broken", ["e port_refused mail3.skok.cz IMAP 993, SMTP 587"],
    ),
    "hidden": (
        breaking("port_timeout", 993, 587), "unknown", ["w port_timeout mail3.skok.cz IMAP 993, SMTP 587"],
    ),
    "sending is silent": (breaking("server_silent", 587), "unknown", ["w server_silent mail3.skok.cz SMTP 587"]),
    "no time": (breaking("probe_not_made", 993), "unknown", ["i probe_not_made mail3.skok.cz IMAP 993"]),
    "in the clear": (breaking("starttls_missing", 587), "broken", ["e starttls_missing mail3.skok.cz SMTP 587"]),
    "unknown names are refused": (
        replace(READY, named={"mail.example.cz": READY.named["mail.example.cz"]}, default=None), "broken",
        ["e tls_handshake_failed smtp.example.cz SMTP 587", "w tls_handshake_failed imap.example.cz IMAP 993",
         "w tls_handshake_failed pop.example.cz IMAP 993"],
    ),
    "closed, and a certificate is missing": (
        replace(NOTHING_YET, broken={993: "port_timeout"}), "broken",
        ["e certificate_name_mismatch smtp.example.cz SMTP 587", "w port_timeout mail3.skok.cz IMAP 993"],
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_a_server_is_ready_or_what_is_missing_is_told(case: str) -> None:
    """An error where mail programs would warn; what a server did not answer to is open; one cause once."""
    server, verdict, expected = CASES[case]
    judged, findings = judge_ready(seen(server), "mail3.skok.cz", JUDGE)
    assert (judged, told(findings)) == (verdict, expected)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("case", CASES)
def test_every_finding_can_be_said(case: str, language: str) -> None:
    """What is missing, what was found, what should be, what to do; without a gap in any language."""
    _, findings = judge_ready(seen(CASES[case][0]), "mail3.skok.cz", JUDGE)
    for finding in findings:
        said = finding_json(finding, words(language))
        assert all(said[part] and "{" not in said[part] for part in ("text", "found", "expected", "fix"))
