"""A status in words: as a page, a table and JSON, in each language; every finding has its sentences."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.answer import FoundBy
from bot.domain import DomainName
from bot.facts import DnsFacts, Outcome, TlsVersion
from bot.reply.page import Style, plain
from bot.reply.status import finding_lines, finding_text, status_page, status_table
from bot.reply.status_json import status_json
from bot.reply.text import render_text
from bot.reply.words import words
from bot.request import LANGUAGES
from bot.status.facts import StatusFacts
from bot.status.judge import Status
from bot.status.model import Finding, Level
from tests.advice.build import DAY, NOW, chain, dns
from tests.advice.world import EXAMPLE, OF_DOMAIN, Server
from tests.status.build import ONLY_CORE, all_rows, facts, judged
from tests.status.test_judge import EXCHANGES, LEADS, NOWHERE, ROWS, SERVER, SERVERS

EXPIRED = replace(ONLY_CORE, named={**OF_DOMAIN, "mail.example.cz": chain("mail.example.cz", until=NOW - DAY)})
OTHER_DEFAULT = replace(ONLY_CORE, default=chain("panel.example"))
OLDEST = TlsVersion.TLS1_0
PARTS = ("text", "found", "expected", "fix")


def shown(status: Status, language: str = "en") -> str:
    """The page as the terminal shows it."""
    return render_text(status_page(status, language), width=200)


def every_status() -> list[Status]:
    """One of each trouble."""
    of_ports = [judged(facts(server)) for server, _, _ in SERVERS.values()]
    of_rows = [judged(facts(rows=rows)) for rows, _, _ in ROWS.values()]
    nowhere = [judged(StatusFacts(EXAMPLE, rows)) for rows, _, _ in NOWHERE.values()]
    above = judged(replace(facts(), asked=DomainName("a.example.cz", "a.example.cz")))
    no_answer = tuple(replace(connection, probe=None) for connection in facts().connections)
    rows_without_server = [
        judged(facts(rows=dns(pop="mail3.skok.cz", smtp=outcome))) for outcome in (Outcome.LOOP, Outcome.DANGLING)
    ]
    return [*of_ports, *of_rows, *nowhere, *rows_without_server, above, judged(replace(facts(), connections=no_answer))]


EVERY_FINDING = {finding.sentence: finding for status in every_status() for finding in status.findings}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("sentence", sorted(EVERY_FINDING))
def test_every_finding_can_be_said(sentence: str, language: str) -> None:
    """What is wrong, what was found, what was expected, what to do."""
    for part in PARTS:
        text = finding_text(EVERY_FINDING[sentence], part, words(language))
        assert text
        assert "{" not in text


@pytest.mark.parametrize("language", LANGUAGES)
def test_rows_to_add_are_complete_or_not_there(language: str) -> None:
    """Ready to paste where the server is known; else the administration has the number."""
    for sentence, finding in EVERY_FINDING.items():
        fix = finding_text(finding, "fix", words(language))
        if " IN CNAME " in fix:
            row = fix.partition(": ")[2]
            assert row == f"{finding.params['row']}. IN CNAME mail8.skok.cz."
        assert not sentence.endswith("no_server") or "administr" in fix


def test_rows_are_ready_to_paste() -> None:
    """In the style of code, which nothing else in the line has; what to do stands before what was found."""
    status = judged(facts(rows=dns(pop=Outcome.NXDOMAIN)))
    finding = next(finding for finding in status.findings if finding.code == "row_missing")
    _, fix, detail = finding_lines(finding, words("en"))
    assert [span.text for span in fix if span.style is Style.CODE] == ["pop.example.cz. IN CNAME mail8.skok.cz."]
    assert plain(fix).startswith("→ do: add: ")
    assert plain(detail) == "found: no record · expected: a CNAME to mail8.skok.cz"


def test_without_sni_is_said_first() -> None:
    """The sentences are those of the same trouble with SNI."""
    status = judged(facts(OTHER_DEFAULT))
    assert finding_text(status.findings[0], "text", words("cs")) == (
        "Bez SNI: IMAP 993, POP3 995, SMTP 587: certifikát je pro panel.example, ne pro mail8.skok.cz"
    )


def test_without_sni_every_server_is_named() -> None:
    """Receiving and sending may lead to two of them."""
    status = judged(facts())
    of_sending = (replace(s, host="mail3.skok.cz") if not s.sni and s.port == 587 else s for s in status.services)
    told = shown(replace(status, services=tuple(of_sending)))
    assert "without SNI (mail8.skok.cz, mail3.skok.cz) IMAP 993, POP3 995, SMTP 587" in told


def test_a_page_has_the_verdict_and_the_findings_first() -> None:
    """Then what is right in one line, who cannot connect, and the proof."""
    page = status_page(judged(facts(EXPIRED, versions=True)), "en")
    assert plain(page.verdict).startswith("⛔ does not work · mail8.skok.cz (CNAME) · verified at")
    assert page.summary.startswith("example.cz: broken · IMAP 993, POP3 995: the certificate for mail.example.cz")
    assert [plain(line)[:7] for line in page.first] == ["🔴 IMAP ", "→ do: r", "found: "]
    right, stopped = map(plain, page.lines)
    assert right == (
        "✅ SMTP 587 with SNI · without SNI (mail8.skok.cz) IMAP 993, POP3 995, SMTP 587 · TLS 1.2–1.3"
        " · certificates until 22 Jan 2027 (days: 60)"
    )
    assert stopped.startswith("Cannot connect: Outlook Express 5/6 (Windows XP): old TLS")
    proof = list(map(plain, page.evidence))
    assert proof[0] == "DNS: imap, pop, mail, smtp → mail8.skok.cz"
    assert "IMAP 143, POP3 110 · mail.example.cz (203.0.113.8) · with SNI · connection refused" in proof


def test_a_page_about_nothing_seen_claims_nothing() -> None:
    """No line of what is right; what was not awaited is said to be open."""
    status = judged(replace(facts(), connections=tuple(replace(c, probe=None) for c in facts().connections)))
    page = status_page(status, "en")
    assert not page.lines
    assert any("not found out yet" in plain(line) for line in page.evidence)
    assert "–" in shown(judged(StatusFacts(EXAMPLE, all_rows(Outcome.NXDOMAIN, Outcome.NXDOMAIN))))


def test_versions_not_measured_are_left_out() -> None:
    """Only what was agreed on is told."""
    assert "· TLS 1.3 ·" in shown(judged(facts()))


def test_clients_that_only_warn_and_many_clients() -> None:
    """Each with its gate; of many the first, and how many more."""
    status = judged(facts(replace(OTHER_DEFAULT, lowest=OLDEST), versions=True))
    assert "Shows a warning: Outlook Express 5/6 (Windows XP): certificate without SNI" in shown(status)
    many = replace(status, troubles=status.troubles * 10)
    assert "and " in shown(many)


@pytest.mark.parametrize("found_by", list(FoundBy))
def test_how_the_server_was_found_is_said(found_by: FoundBy) -> None:
    """In the first line."""
    status = judged(facts())
    assert status.server is not None
    line = plain(status_page(replace(status, server=replace(status.server, found_by=found_by)), "en").verdict)
    assert f"({words('en').text(f'status.found_by.{found_by}')})" in line


def test_several_domains_are_a_table() -> None:
    """One line each, with the worst finding and how many more there are."""
    domain = DomainName("xn--hkyrky-ptac70bc.cz", "háčkyčárky.cz")
    statuses = [judged(facts()), judged(facts(SERVERS["no certificates of its own"][0])), judged(facts())]
    lines = status_table([*statuses[:2], replace(statuses[2], domain=domain, server=None)], "en").splitlines()
    assert lines == [
        "✅ works   example.cz     mail8.skok.cz  nothing to mend",
        "⛔ broken  example.cz     mail8.skok.cz  IMAP 993, POP3 995: the certificate is for mail8.skok.cz,"
        " mail8.c4.cz, not for mail.example.cz (+1)",
        "✅ works   háčkyčárky.cz  –              nothing to mend",
    ]


def test_the_shape_of_the_json() -> None:
    """Every key of the interface, in its order, through a parser."""
    status = json.loads(json.dumps(status_json(judged(facts(EXPIRED)), "en")))
    assert list(status) == [
        "domain", "domain_unicode", "verdict", "mail_server", "rows", "findings", "services", "clients", "clock",
        "checked_at",
    ]  # fmt: skip
    assert status["clock"] is None
    assert status["verdict"] == "broken"
    assert status["mail_server"] == {
        "host": "mail8.skok.cz", "number": 8, "found_by": "cname", "addresses": ["203.0.113.8"],
    }  # fmt: skip
    assert status["rows"] == dict.fromkeys(("imap", "pop", "mail", "smtp"), "mail8.skok.cz")
    assert [(f["code"], f["level"], sorted(f)) for f in status["findings"]] == [
        ("certificate_expired", "error", ["code", "expected", "fix", "found", "level", "text"])
    ]
    assert status["services"][0] == {
        "protocol": "imap", "host": "mail.example.cz", "address": "203.0.113.8", "port": 993,
        "security": "implicit_tls", "sni": True, "tls_version": "1.3", "tls_lowest": None, "tls_highest": "1.3",
        "key": "ecdsa", "names": ["mail.example.cz"], "issuer": "Known Issuer", "not_after": "2026-11-22T14:03:22Z",
        "days_left": 0, "problem": "certificate_expired", "problems": ["certificate_expired"],
    }  # fmt: skip
    closed = next(service for service in status["services"] if service["port"] == 143)
    assert (closed["problem"], closed["names"], closed["not_after"], closed["key"]) == ("port_refused", [], None, None)
    assert (closed["issuer"], closed["days_left"], closed["problems"]) == (None, None, ["port_refused"])
    assert status["checked_at"] == "2026-11-23T14:03:22Z"


def test_the_json_of_measured_versions_and_clients() -> None:
    """And without a server it is null."""
    status = status_json(judged(facts(versions=True)), "en")
    assert status["services"][0]["tls_lowest"] == "1.2"
    assert {"id": "ios-9", "name": "Mail (iOS 7–9.3)", "code": "client_tls_too_old", "stopped": True} in status[
        "clients"
    ]
    assert status_json(judged(StatusFacts(EXAMPLE, all_rows("imap.gmail.com"))), "en")["mail_server"] is None


def test_rsa_is_told_from_ecdsa() -> None:
    """By the certificate that was shown."""
    service = judged(facts()).services[0]
    status = replace(judged(facts()), services=(replace(service, is_ecdsa=False),))
    assert status_json(status, "en")["services"][0]["key"] == "rsa"


def test_text_from_outside_hides_nothing() -> None:
    """Names on certificates and in DNS are made harmless."""
    evil = "evil\u202e\n*x*.example"
    finding = Finding("certificate_name_mismatch", Level.ERROR, {"where": "IMAP 993", "host": "a", "names": evil})
    text = finding_text(finding, "text", words("en"))
    assert "\u202e" not in text
    assert "\n" not in text
    status = replace(judged(facts()), rows={"imap": evil})
    assert "\u202e" not in shown(status)


@settings(deadline=None, max_examples=60)
@given(SERVER, st.builds(dns, LEADS, LEADS, LEADS, LEADS, EXCHANGES), st.sampled_from(LANGUAGES))
def test_every_status_can_be_said(server: Server, rows: DnsFacts, language: str) -> None:
    """Whatever was seen."""
    status = judged(facts(server, rows))
    for text in (shown(status, language), status_table([status], language)):
        assert "{" not in text
        assert "None" not in text
    assert json.dumps(status_json(status, language))
