"""Which programs get in, in words; and what each port showed."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.facts import TlsVersion
from bot.reply.page import plain
from bot.reply.reach import reach_page
from bot.reply.services import service_lines
from bot.reply.summary import summary_page
from bot.reply.text import render_text
from bot.reply.words import words
from bot.request import LANGUAGES
from bot.status.facts import StatusFacts
from bot.status.judge import ServiceSeen, Status
from bot.status.reach import Entry
from bot.status.server import ServerStatus
from tests.advice.build import DAY, NOW, chain
from tests.advice.world import EXAMPLE, Server
from tests.reply.test_status import EXPIRED, every_status
from tests.status.build import ONLY_CORE, all_rows, facts, judged
from tests.status.test_reach import OTHER_DEFAULT
from tests.status.test_server import OLD, status

HALF_CLOSED = Server(broken={993: "port_refused", 587: "probe_not_made"})
MEASURED = judged(facts(versions=True))
EVERY_TOLD: list[Status | ServerStatus] = [
    *(judged(facts(server, versions=True)) for server in (ONLY_CORE, EXPIRED, OTHER_DEFAULT, HALF_CLOSED)),
    judged(facts(replace(OTHER_DEFAULT, default=chain("mail8.skok.cz", until=NOW - DAY)), versions=True)),
    judged(replace(facts(versions=True), connections=facts(versions=True).connections[:1])),
    status(), status(OLD), status(replace(ONLY_CORE, default=None)),
]  # fmt: skip


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("is_whole", [False, True])
def test_every_gate_can_be_said(language: str, is_whole: bool) -> None:
    """Each client stands under its own."""
    for told in EVERY_TOLD:
        text = render_text(reach_page(told, language, is_whole=is_whole), width=10_000)
        assert "{" not in text
        for one in told.reached:
            is_named = is_whole or (one.is_usual and one.entry is not Entry.IN)
            assert one.client.name in text or not is_named


def test_the_usual_clients_with_their_gate() -> None:
    """Counted; who gets in is not named, and how many more there are is said."""
    page = reach_page(MEASURED, "en")
    lines = list(map(plain, page.first))
    assert page.title == "example.cz · which programs get in"
    assert plain(page.verdict).startswith("the server takes TLS 1.2–1.3 · verified at")
    assert lines[0] == "⛔ Cannot connect: 6"
    assert lines[1].startswith(
        "• TLS version – knows only older ones than the server takes: Outlook Express 5/6 (Windows XP) · Apple Mail"
    )
    assert lines[-1] == "✅ Get in: 16"
    assert "Thunderbird 78+" not in "".join(lines)
    assert plain(page.evidence[0]) == "These are the usual programs. Others in the catalogue: 39."
    assert page.summary.startswith("example.cz: ⛔ Cannot connect: 6, ")


def test_everybody_on_demand() -> None:
    """Who gets in too, and nothing is left over; it fits into one message."""
    page = reach_page(MEASURED, "en", is_whole=True)
    lines = list(map(plain, page.first))
    assert lines[-1].startswith("✅ Get in: 32: Microsoft Outlook 2019/2021/2024 · ")
    assert any(
        line.startswith("• root certificate – does not know ISRG Root X1: Thunderbird 24–45 ·") for line in lines
    )
    assert not page.evidence
    assert max(map(len, lines)) < 2_900
    assert sum(map(len, lines)) < 9_000


def test_a_closed_port_and_one_not_tried_are_told_apart() -> None:
    """The one keeps everybody out, the other says nothing."""
    lines = list(map(plain, reach_page(judged(facts(HALF_CLOSED, versions=True)), "en").first))
    assert any(line.startswith("• connection: connection refused: ") and "Thunderbird 78+" in line for line in lines)
    assert any(
        line.startswith("• connection: we did not get round to it: ") and "Gmail: send" in line for line in lines
    )


def test_without_a_measurement_nothing_is_said_of_anybody() -> None:
    """Nor that versions were seen."""
    page = reach_page(judged(StatusFacts(EXAMPLE, all_rows("imap.gmail.com"))), "en")
    assert [plain(line) for line in page.first] == ["Nothing is measured."]
    assert page.summary == "example.cz: Nothing is measured."
    assert plain(page.verdict).startswith("the TLS versions could not be measured")
    assert not page.evidence


def test_a_servers_page_names_everybody_whom_old_tls_keeps() -> None:
    """Under the server's own name."""
    page = reach_page(status(OLD), "en")
    assert page.title == "mail8.skok.cz · which programs get in"
    assert plain(page.lines[0]).startswith("Without TLS 1.0, 1.1 these stop: Outlook Express")
    assert "Outlook for Mac 2011" in plain(page.lines[0])


def seen(**changes: object) -> str:
    """The proof of one service, changed."""
    service: ServiceSeen = replace(MEASURED.services[0], **changes)  # type: ignore[arg-type]
    (line,) = service_lines([service], NOW, words("en"))
    return plain(line)


def test_what_a_port_showed() -> None:
    """Port, name, address, SNI, versions, certificate: whose, by whom, of which kind, how long, and its chain."""
    assert seen() == (
        "IMAP 993 · mail.example.cz (203.0.113.8) · with SNI · TLS 1.2–1.3 · certificate for mail.example.cz"
        " · by Known Issuer · ECDSA · until 22 Jan 2027 (days: 60) · chain and name in order"
    )
    assert "· RSA ·" in seen(is_ecdsa=False)
    assert "without SNI" in seen(sni=False)
    assert "by —" in seen(issuer="")
    assert "· TLS 1.3 agreed on ·" in seen(versions=replace(MEASURED.services[0].versions, refused=()))
    assert "· TLS 1.3 ·" in seen(versions=replace(MEASURED.services[0].versions, accepted=(TlsVersion.TLS1_3,),
        refused=(TlsVersion.TLS1_0, TlsVersion.TLS1_1, TlsVersion.TLS1_2)))  # fmt: skip
    assert seen(not_after=None, tls_version=None, problems=("port_timeout",)).endswith("with SNI · no answer")


@pytest.mark.parametrize(
    ("problems", "days", "told"),
    [
        (("certificate_expired",), -1, "has expired, chain in order"),
        (("certificate_expired",), 60, "something in the chain has expired"),
        (("certificate_expired", "certificate_incomplete_chain"), -1, "has expired, the intermediate certificate is"),
        (("certificate_name_mismatch",), 60, "for another name, chain in order"),
        (("certificate_self_signed", "certificate_name_mismatch"), 60, "signed by the server itself, for another name"),
    ],
)
def test_what_is_wrong_with_a_certificate_and_its_chain(problems: tuple[str, ...], days: int, told: str) -> None:
    """Everything; that the chain is in order only where it is."""
    text = seen(problems=problems, not_after=NOW + timedelta(days=days))
    assert told in text
    assert ("chain in order" in told) is ("chain in order" in text)


def test_ports_and_addresses_alike_stand_together() -> None:
    """An address that shows something else has a line of its own."""
    first = MEASURED.services[0]
    other = replace(first, address="203.0.113.9")
    services = [first, replace(first, port=995), other, replace(other, port=995)]
    assert len(list(service_lines(services, NOW, words("en")))) == 1
    (line,) = service_lines(services, NOW, words("en"))
    assert plain(line).startswith("IMAP 993, IMAP 995 · mail.example.cz (203.0.113.8, 203.0.113.9) ·")
    assert len(list(service_lines(services[:3], NOW, words("en")))) == 2


def test_several_domains_are_a_summary_the_worst_first() -> None:
    """How many of each verdict, then a line for each with its server and the worst finding."""
    page = summary_page([judged(facts()), status(), judged(facts(EXPIRED))], "en")
    assert plain(page.verdict) == "⛔ broken: 1 · ✅ works: 2"
    assert [plain(line) for line in page.first] == [
        "⛔ example.cz · mail8.skok.cz · IMAP 993, POP3 995: the certificate for mail.example.cz expired on"
        " 22 Nov 2026",
        "✅ example.cz · mail8.skok.cz",
        "✅ mail8.skok.cz",
    ]
    assert page.summary == "Status of 3 domains: ⛔ broken: 1 · ✅ works: 2"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_status_has_a_line_in_a_summary(language: str) -> None:
    """Whatever is wrong."""
    statuses = every_status()
    page = summary_page(statuses, language)
    assert len(page.first) == len(statuses)
    assert "{" not in render_text(page)
