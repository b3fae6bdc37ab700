"""The status of every customer of the real servers: what is wrong is found, and nothing else is."""

from __future__ import annotations

import time
from datetime import datetime
from typing import Any

import pytest

from tests.real.customers import DEAF_DNS, DNS, LABELS, REFUSING_DNS, SECOND_DNS
from tests.real.product import TIMEOUT, Ask
from tests.real.statuses import STATUSES

pytestmark = pytest.mark.real

EXIT = {"works": 0, "works_but": 0, "broken": 1, "not_ours": 1, "unknown": 3}


def about(finding: dict[str, Any]) -> str:
    """A finding with the ports or the row that its text names first."""
    text = finding["text"].removeprefix("Without SNI: ")
    if finding["code"] == "row_missing":
        return f"row_missing: {text.removeprefix('The DNS row ').removesuffix(' is missing')}"
    head = text.partition(": ")[0]
    return f"{finding['code']}: {head if head.startswith(('IMAP ', 'POP3 ', 'SMTP ')) else ''}"


@pytest.mark.parametrize("domain", STATUSES)
def test_the_status_of(ask: Ask, domain: str) -> None:
    """The verdict, the findings with their ports, and the exit status, in time."""
    verdict, findings = STATUSES[domain]
    start = time.monotonic()
    run = ask.status(domain, "--lang", "en")
    assert time.monotonic() - start < TIMEOUT + 3  # the process starts too, on a busy machine
    assert run.stderr == ""
    found = {about(finding) for finding in run.json["findings"]}
    errors = any(finding["level"] == "error" for finding in run.json["findings"])
    assert (run.json["verdict"], found) == (verdict, findings)
    assert run.status == max(EXIT[verdict], int(errors))


@pytest.mark.parametrize(
    ("domain", "versions", "key"),
    [
        ("example.cz", ("1.2", "1.3"), "rsa"),
        ("old.cz", ("1.0", "1.3"), "rsa"),
        ("old-ecdsa.cz", ("1.0", "1.3"), "ecdsa"),
        ("only-tls-1-2.cz", ("1.2", "1.2"), "rsa"),
    ],
)
def test_versions_and_keys_are_measured(ask: Ask, domain: str, versions: tuple[str, str], key: str) -> None:
    """Of every core port; the key is that of the certificate shown without SNI."""
    services = [service for service in ask.status(domain).json["services"] if service["port"] in (993, 995, 587)]
    assert {(service["tls_lowest"], service["tls_highest"]) for service in services} == {versions}
    assert {service["key"] for service in services if not service["sni"]} == {key}


def test_old_programs_stay_out_of_a_server_of_today(ask: Ask) -> None:
    """And get into an old one."""
    catalogue = str(ask.world.catalogue)
    runs = [ask.status(domain, MAILBOT_CLIENTS=catalogue) for domain in ("example.cz", "old.cz", "old-ecdsa.cz")]
    today, old, ecdsa = ({client["id"]: client["code"] for client in run.json["clients"]} for run in runs)
    assert today["outlook-2007-xp"] == "client_tls_too_old"
    assert "outlook-2007-xp" not in old
    assert ecdsa["outlook-2007-xp"] == "client_without_ecdsa"
    assert old["ios-9"] == "client_root_unknown"
    assert "thunderbird-78" not in today | old | ecdsa


def test_an_old_answer_that_lives_in_a_public_resolver(ask: Ask) -> None:
    """With the moment at which it ends; without anybody who remembers, the domain just works."""
    public = ask.world.stretch.at(SECOND_DNS)
    run = ask.status("moved.cz", "--lang", "en", MAILBOT_PUBLIC_RESOLVERS=public)
    clock = run.json["clock"]
    assert (run.json["verdict"], {about(finding) for finding in run.json["findings"]}) == (
        "works_but", {"old_answer_cached: "},
    )  # fmt: skip
    assert (clock["state"], clock["old"], clock["new"]) == ("moving", "mail3.skok.cz", "mail8.skok.cz")
    life = datetime.fromisoformat(clock["until"]) - datetime.fromisoformat(run.json["checked_at"])
    assert 590 <= life.total_seconds() <= 600
    (finding,) = run.json["findings"]
    assert public in finding["found"]
    assert all(f"{label}.moved.cz" in finding["text"] for label in LABELS)


@pytest.mark.parametrize(("server", "code"), [(REFUSING_DNS, "dns_servfail"), (DEAF_DNS, "dns_timeout")])
def test_a_bad_name_server_leaves_everything_open(ask: Ask, server: int, code: str) -> None:
    """Unless another one stands in."""
    run = ask.status("example.cz", name_servers=(server,))
    assert (run.json["verdict"], [f["code"] for f in run.json["findings"]], run.status) == ("unknown", [code], 3)
    run = ask.status("example.cz", name_servers=(server, DNS))
    assert (run.json["verdict"], run.status) == ("works", 0)


@pytest.mark.parametrize(
    ("server", "verdict", "findings"),
    [
        ("mail8", "works", set()),
        ("mail3.skok.cz", "works", {"tls_old_accepted: "}),
        ("mail4", "works", {"tls_old_accepted: "}),
        ("mail5", "broken", {"certificate_name_mismatch: IMAP 993, POP3 995, SMTP 587, IMAP 143, POP3 110, SMTP 465"}),
        ("mail12", "broken", {"port_speaks_plain: IMAP 993, POP3 995", "starttls_missing: SMTP 587"}),
        ("mail9", "broken", {"port_refused: IMAP 993, POP3 995, SMTP 587"}),
        ("mail60", "broken", {"dns_nxdomain: "}),
    ],
)
def test_the_status_of_a_server(ask: Ask, server: str, verdict: str, findings: set[str]) -> None:
    """Every port under its own name."""
    run = ask.status(server, "--lang", "en")
    assert (run.json["verdict"], {about(finding) for finding in run.json["findings"]}) == (verdict, findings)


def test_who_would_stop_without_old_tls(ask: Ask) -> None:
    """On a server that takes it, and has a certificate that they can use."""
    stopped = {
        server: {client["id"] for client in ask.status(server).json["stopped_without_old_tls"]}
        for server in ("mail8", "mail3", "mail4")
    }
    assert "outlook-2007-xp" in stopped["mail3"]
    assert "outlook-2007-xp" not in stopped["mail8"] | stopped["mail4"]
