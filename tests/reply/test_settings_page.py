"""The page: the verdict first, what must be read before the settings, both halves, reasons, warnings, evidence."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.answer import Note, Proof, Refusal
from bot.catalogue.model import Chosen, Label
from bot.domain import DomainName
from bot.facts import Outcome, Protocol, Security, TlsVersion
from bot.reply.page import Page, Span, Style, plain
from bot.reply.settings import (
    help_page,
    label_line,
    problem_page,
    refusal_page,
    request_words,
    settings_page,
    shown_domain,
    usual_labels,
)
from bot.reply.words import words
from bot.request import LANGUAGES, HostKind, Report, SettingsRequest, UsageProblem
from tests.advice.build import DAY, NOW, chain, dns
from tests.advice.world import CATALOGUE, EXAMPLE, OF_DOMAIN, Server, answer_for

HACKY = DomainName("xn--hkyrky-ptac70bc.cz", "háčkyčárky.cz")
MICROSOFT = "example-cz.mail.protection.outlook.com"


def page_for(text: str, server: Server | None = None, language: str = "en", **more: object) -> Page:
    """The page of an answer in the little world."""
    return settings_page(answer_for(f"example.cz {text}", server, **more), language, CATALOGUE)  # type: ignore[arg-type]


def texts(lines: tuple[tuple[Span, ...], ...]) -> list[str]:
    """Lines without their styles."""
    return [plain(line) for line in lines]


IMAP_DOWN, SMTP_DOWN = Server(broken={993: "port_timeout"}), Server(broken={587: "port_timeout"})
ALL_DOWN = Server(broken={993: "port_timeout", 587: "port_timeout"})
OLD_TLS = Server(lowest=TlsVersion.TLS1_0)


@pytest.mark.parametrize(
    ("client", "server", "verdict"),
    [
        ("thunderbird-78", Server(), "verified"),
        ("thunderbird-78", IMAP_DOWN, "unverified_incoming"),
        ("thunderbird-78", SMTP_DOWN, "unverified_outgoing"),
        ("thunderbird-78", ALL_DOWN, "unverified"),
        ("outlook-2013", Server(), "unverified_sni"),
        ("outlook-2013", Server(default=None), "unverified_sni"),
        ("outlook-2013", IMAP_DOWN, "unverified"),
        ("outlook-2013", Server(broken={993: "address_not_public", 587: "address_not_public"}), "unverified"),
        ("outlook-2013", Server(broken={993: "probe_not_made", 587: "probe_not_made"}), "unverified"),
        ("outlook-2013", Server(named={"mail.example.cz": OF_DOMAIN["mail.example.cz"]}), "unverified_sni"),
        ("printer", Server(), "unverified_sni"),
        ("printer", SMTP_DOWN, "unverified"),
        ("ios-9", Server(), "cannot_work"),
        ("windows-10-mail", Server(), "cannot_work"),
    ],
)
def test_the_verdict(client: str, server: Server, verdict: str) -> None:
    """Only what was proved is called proved, each half apart."""
    answer = answer_for(f"example.cz {client}", server)
    page = settings_page(answer, "en", CATALOGUE)
    assert page.verdict == words("en").line(f"verdict.{verdict}", time=answer.checked_at)
    assert page.summary.endswith(plain(page.verdict))
    assert answer.outgoing.host in page.summary


def test_the_verdict_without_connections() -> None:
    """Nothing was tried, which is no fault."""
    answer = answer_for("example.cz thunderbird-78")
    assert answer.incoming is not None
    bare = replace(
        answer,
        incoming=replace(answer.incoming, proofs=(), verified=False),
        outgoing=replace(answer.outgoing, proofs=(), verified=False),
    )
    assert settings_page(bare, "en", CATALOGUE).verdict == words("en").line("verdict.not_probed")


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("", "example.cz · mail settings"),
        ("thunderbird-78", "example.cz · Thunderbird 78+"),
        ("outlook-2007", "example.cz · Microsoft Outlook 2007 · Windows version not known"),
        ("outlook 2007 win7", "example.cz · Microsoft Outlook 2007 · Windows 7"),
        ("outlook 2007 xp", "example.cz · Microsoft Outlook 2007 (Windows XP)"),
    ],
)
def test_the_title_says_what_the_answer_is_for(text: str, title: str) -> None:
    """The domain, the client, and the system where it matters and the client's name does not say it."""
    assert page_for(text).title == title


def test_an_international_domain_is_shown_both_ways() -> None:
    """So that both the customer and the administration recognise it."""
    assert shown_domain(HACKY, words("cs")) == "háčkyčárky.cz (xn--hkyrky-ptac70bc.cz)"
    assert shown_domain(EXAMPLE, words("cs")) == "example.cz"


def test_the_settings_side_by_side() -> None:
    """Host and port to copy, encryption in the client's words, and what the user name is."""
    incoming, outgoing = page_for("thunderbird-78").cards
    assert incoming.title == "incoming (IMAP)"
    assert incoming.rows[:2] == (
        ("server", (Span("mail.example.cz", Style.CODE),)), ("port", (Span("993", Style.CODE),))
    )  # fmt: skip
    assert [(name, plain(value)) for name, value in outgoing.rows] == [
        ("server", "smtp.example.cz"),
        ("port", "587"),
        ("encryption", "STARTTLS (Connection security)"),
        ("authentication", "Authentication method: Normal password"),
        ("user name", "same user name and password"),
    ]
    assert [card.title for card in page_for("printer").cards] == ["outgoing (SMTP)"]
    assert plain(page_for("printer").cards[0].rows[-1][1]).startswith("login name")


def test_what_would_mislead_stands_above_the_settings() -> None:
    """Gates and new mail elsewhere; the way out stands there too when nothing helps, else below."""
    stopped = page_for("ios-9", facts=dns(mx=(MICROSOFT,)))
    first = texts(stopped.first)
    assert first[0].startswith("The program speaks TLS 1.0 at most")
    assert first[1].startswith("Mail (iOS 7–9.3) does not know the root certificate ISRG Root X1")
    assert first[2] == f"New mail goes elsewhere: Microsoft 365 (MX {MICROSOFT}). This mailbox holds old mail only."
    assert first[3].startswith("Say: ")
    working = page_for("outlook-2007")
    assert working.first == ()
    assert any(line.startswith("Say: ") for line in texts(working.lines))
    assert any(line.startswith("Offer: ") for line in texts(working.lines))
    assert page_for("thunderbird-78", Server(default=None)).first == ()
    needs_sni = page_for("ios-9", Server(default=None, lowest=TlsVersion.TLS1_0))
    assert "without SNI" in texts(needs_sni.first)[0]


def test_what_the_hint_says_is_not_said_twice() -> None:
    """The vague warning that a preparation is needed gives way to the hint that says which."""
    warnings = texts(page_for("outlook-2013").warnings)
    assert not any("prepared" in line or "0x800CCC1A" in line for line in warnings)
    assert any("0x800CCC1A" in line for line in texts(page_for("printer").warnings))


def test_reasons_of_both_halves_are_told() -> None:
    """Once where they are one; each where the names were chosen for different reasons."""
    assert sum(line.startswith("Why this name") for line in texts(page_for("thunderbird-78").lines)) == 1
    half_broken = page_for("thunderbird-78", Server(named={"mail.example.cz": OF_DOMAIN["mail.example.cz"]}))
    reasons = [line for line in texts(half_broken.lines) if line.startswith("Why this name")]
    assert len(reasons) == 2
    assert "stopgap" in reasons[1]


def test_without_a_client_the_usual_words_are_told() -> None:
    """And the agent is asked to choose one."""
    page = page_for("")
    assert plain(page.cards[0].rows[2][1]) == "SSL/TLS (elsewhere SSL), encrypted from the first byte"
    assert plain(page.cards[1].rows[3][1]) == "on, same user name and password"
    assert texts(page.lines)[0].startswith("Choose the customer's program")
    assert "from memory" not in " ".join(texts(page.evidence))
    assert any("usual program" in line for line in texts(page.warnings))


def test_the_second_port_and_webmail() -> None:
    """The port where it was seen open; webmail where nothing else helps and the profile knows one."""
    assert any("port 465" in line for line in texts(page_for("thunderbird-78").lines))
    assert not any(
        "465" in line for line in texts(page_for("thunderbird-78", Server(broken={465: "port_refused"})).lines)
    )
    assert any("port 465" in line and "“SSL/TLS”" in line for line in texts(page_for("").lines))
    stopped = replace(answer_for("example.cz ios-9"), webmail="https://webmail.example")
    assert "Webmail: https://webmail.example" in texts(settings_page(stopped, "en", CATALOGUE).lines)
    works = replace(answer_for("example.cz thunderbird-78"), webmail="https://webmail.example", username="login@domain")
    page = settings_page(works, "en", CATALOGUE)
    assert not any("Webmail" in line for line in texts(page.lines))
    assert plain(page.cards[0].rows[-1][1]) == "login@domain"


def test_the_evidence() -> None:
    """Each connection with its certificate or its failure, how the server was found, what is uncertain."""
    assert texts(page_for("ios-9").evidence)[:2] == [
        "Port 993 without SNI: no agreement on encryption",
        "Port 993 without the program's limits: certificate for mail8.skok.cz, mail8.c4.cz, "
        "valid until 22 Jan 2027, TLS 1.3",
    ]
    assert texts(page_for("thunderbird-78").evidence) == [
        "Port 993 with SNI: certificate for mail.example.cz, valid until 22 Jan 2027, TLS 1.3",
        "Port 587 with SNI: certificate for smtp.example.cz, valid until 22 Jan 2027, TLS 1.3",
        "server by the DNS row imap.example.cz (CNAME), seen at 14:03 UTC",
    ]
    assert any(line.startswith("Sources disagree") for line in texts(page_for("outlook-2013").evidence))
    many = Server(default=chain("a.cz", "b.cz", "c.cz"), named={}, broken={465: "port_refused"})
    assert "certificate for a.cz, b.cz …," in texts(page_for("thunderbird-78", many).evidence)[0]


@pytest.mark.parametrize(("language", "is_told"), [("cs", True), ("sk", True), ("en", False)])
def test_words_from_memory_are_marked(language: str, is_told: bool) -> None:
    """In the languages whose words nobody has compared with a screen; Slovak stands on the Czech ones."""
    evidence = texts(page_for("outlook-2007", language=language).evidence)
    memory = plain(words(language).line("line.labels_from_memory"))
    assert (memory in evidence) is is_told


def test_a_certificate_that_cannot_be_read_is_told_so() -> None:
    """It has no date and no names to show."""
    answer = answer_for("example.cz thunderbird-78")
    odd = Proof(Protocol.SMTP, 587, Security.STARTTLS, "x", NOW, "certificate_untrusted")
    page = settings_page(replace(answer, outgoing=replace(answer.outgoing, proofs=(odd,))), "en", CATALOGUE)
    assert texts(page.evidence)[1] == "Port 587 with SNI: the certificate cannot be read"
    nameless = replace(odd, problem=None, not_after=NOW + DAY, tls_version="1.2")
    page = settings_page(replace(answer, outgoing=replace(answer.outgoing, proofs=(nameless,))), "en", CATALOGUE)
    assert texts(page.evidence)[1] == "Port 587 with SNI: certificate for —, valid until 24 Nov 2026, TLS 1.2"


HOSTILE = "*bold* `code` {x} <@U123> \u202egnp.exe\n" + "x" * 700


def test_hostile_text_from_outside_is_disarmed_on_every_page() -> None:
    """Names of certificates and of hosts, the issuer, the words that were typed: no style, no line, no end."""
    answer = answer_for("example.cz thunderbird-78")
    proof = replace(answer.outgoing.proofs[0], names=(HOSTILE, HOSTILE, HOSTILE))
    warnings = (Note("certificate_untrusted", {"host": "a.cz", "port": "1", "issuer": HOSTILE}),
                Note("certificate_name_mismatch", {"host": "a.cz", "port": "1", "names": HOSTILE}),
                Note("mx_elsewhere", {"provider": HOSTILE, "mx": HOSTILE}))  # fmt: skip
    hostile = replace(answer, warnings=warnings, outgoing=replace(answer.outgoing, proofs=(proof,)))
    refusal = Refusal(EXAMPLE, Note("not_hosted_here", {"domain": "a.cz", "provider": HOSTILE}), NOW)
    problem = UsageProblem("client_unknown", "client_unknown", HOSTILE, EXAMPLE)
    pages = (settings_page(hostile, "cs", CATALOGUE), refusal_page(refusal, "cs"), problem_page(problem, "cs"))
    for page in pages:
        lines = (page.verdict, *page.first, *page.lines, *page.warnings, *page.evidence)
        for line in (*lines, (Span(page.title),), (Span(page.summary),)):
            assert not set("\n\u202e") & set(plain(line))
            assert len(plain(line)) < 1400
            assert not any("bold" in span.text or "code" in span.text for span in line if span.style is not Style.PLAIN)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_refusal_says_why(language: str) -> None:
    """And whether asking again makes sense."""
    gone = refusal_page(Refusal(EXAMPLE, Note("dns_nxdomain", {"domain": "example.cz"}), NOW), language)
    late = refusal_page(Refusal(HACKY, Note("dns_timeout", {"domain": "x"}), NOW), language)
    assert gone.verdict == words(language).line("verdict.refused")
    assert late.verdict == words(language).line("verdict.open")
    assert late.title == "háčkyčárky.cz (xn--hkyrky-ptac70bc.cz)"
    assert gone.summary == f"example.cz: {plain(gone.first[0])}"
    refusal = Refusal(EXAMPLE, Note("dns_nxdomain", {"domain": "example.cz"}), NOW)
    assert settings_page(refusal, language, CATALOGUE) == gone


def test_a_misunderstanding_offers_what_was_nearest() -> None:
    """The clients to choose from, by name and by id."""
    client = CATALOGUE.clients["thunderbird-78"]
    page = problem_page(UsageProblem("client_ambiguous", "client_ambiguous", "tb", EXAMPLE, (client,)), "en")
    assert page.title == "example.cz"
    assert texts(page.first) == ["“tb” can be several programs. Which one is it?"]
    assert page.lines == ((Span("Thunderbird 78+", Style.BOLD), Span(" "), Span("thunderbird-78", Style.CODE)),)
    page = problem_page(UsageProblem("invalid_domain", "one_label", "x"), "en")
    assert (page.title, page.lines) == ("Mail settings", ())


@pytest.mark.parametrize("language", LANGUAGES)
def test_help_has_three_examples(language: str) -> None:
    """To copy as they are."""
    examples = [line for line in help_page(language).lines if line[0].style is Style.CODE]
    assert len(examples) == 3
    assert all(plain(line).startswith("/mailsettings ") for line in examples)


LABEL = Label({"en": "Use SSL"})


@pytest.mark.parametrize(
    ("label", "security", "text"),
    [
        (None, Security.IMPLICIT_TLS, "SSL/TLS (elsewhere SSL), encrypted from the first byte"),
        (None, Security.STARTTLS, "STARTTLS (elsewhere TLS)"),
        (None, Security.NONE, "none"),
        (Label({}), Security.STARTTLS, "STARTTLS (elsewhere TLS)"),
        (LABEL, Security.STARTTLS, "Use SSL"),
        (replace(LABEL, field={"en": "Type"}), Security.STARTTLS, "Use SSL (Type)"),
        (replace(LABEL, is_box=True), Security.STARTTLS, "tick “Use SSL”"),
    ],
)
def test_encryption_in_the_clients_words(label: Label | None, security: Security, text: str) -> None:
    """Its choice, its box, or the usual words where it has none."""
    assert plain(label_line(label, security, words("en"))) == text


def test_the_usual_labels() -> None:
    """The most usual first."""
    assert usual_labels(Security.IMPLICIT_TLS) == ("SSL/TLS", "SSL")
    assert usual_labels(Security.STARTTLS) == ("STARTTLS", "TLS")
    assert usual_labels(Security.NONE) == ()


def test_a_request_in_words() -> None:
    """As one would type it, without anything of an address."""
    request = SettingsRequest(EXAMPLE, Chosen(CATALOGUE.clients["ios-9"]), Protocol.POP3, "sk", "#12", HostKind.SERVER)
    assert request_words(request) == "example.cz ios-9 pop3 sk #12"
    assert request_words(SettingsRequest(EXAMPLE)) == "example.cz imap"
    reported = SettingsRequest(EXAMPLE, report=Report("certificate-name", "mail8.skok.cz"))
    assert request_words(reported) == "example.cz imap certificate-name mail8.skok.cz"


def test_missing_rows_are_told_below() -> None:
    """They do not mislead about the settings."""
    page = page_for("thunderbird-78", facts=dns(mail=Outcome.NXDOMAIN))
    assert page.first == ()
    assert texts(page.warnings) == [
        "The DNS row mail.example.cz is missing. By the other rows the server is mail8.skok.cz."
    ]


def test_old_tls_that_works_is_proved() -> None:
    """A server that still speaks it serves an old client, with the root as the only gate."""
    page = page_for("outlook-2007-xp", OLD_TLS)
    assert plain(page.verdict).startswith("✅")
    assert any("cipher suites" in line for line in texts(page.warnings))
