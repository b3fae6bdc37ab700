"""What is behind a report: judged by what was seen for the domain, and nothing claimed that was not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from bot.advice.conditions import Case, find, proves
from bot.advice.diagnosis import diagnose
from bot.advice.mail_server import find_mail_server
from bot.answer import Diagnosis, MailServer, Note, Refusal, SettingsAnswer
from bot.domain import DomainName
from bot.facts import DnsFacts, Outcome, TlsVersion
from bot.reply.diagnosis import diagnosed
from bot.reply.words import words
from bot.request import LANGUAGES, HostKind, Report
from bot.symptoms.model import Condition
from bot.symptoms.reader import load_symptoms
from tests.advice.build import DAY, KNOWN, NOW, PROFILE, STRANGE_ISSUER, STRANGER, chain, dns, leaf
from tests.advice.test_settings import FACTS, SERVERS, WORDS
from tests.advice.world import EXAMPLE, OF_DOMAIN, Server, answer_for, request_for

MICROSOFT = "example-cz.mail.protection.outlook.com"
SYMPTOMS = load_symptoms()


def diagnosis_for(text: str, server: Server | None = None, **more: object) -> Diagnosis:
    """The diagnosis that goes with the answer to what an agent types."""
    answer = answer_for(f"example.cz {text}", server, **more)  # type: ignore[arg-type]
    assert answer.diagnosis is not None
    assert answer.report is not None
    return answer.diagnosis


def unprobed(answer: SettingsAnswer) -> SettingsAnswer:
    """The same answer when no mail server was connected to."""
    incoming = replace(answer.incoming, proofs=(), verified=False) if answer.incoming else None
    return replace(answer, incoming=incoming, outgoing=replace(answer.outgoing, proofs=(), verified=False))


FINE = Server()
ALL_DOWN = Server(broken={993: "port_timeout", 995: "port_refused", 587: "server_silent", 465: "port_refused"})
IMAP_DOWN, SMTP_DOWN = Server(broken={993: "port_refused"}), Server(broken={587: "port_timeout"})
ONLY_587 = Server(broken={465: "port_refused"})
NO_TLS = Server(broken={993: "tls_handshake_failed", 587: "starttls_missing", 465: "port_refused"})
NOT_TRIED = Server(broken={993: "probe_not_made", 587: "address_not_public", 465: "port_refused"})
EXPIRED = Server(named={host: chain(host, until=NOW - DAY) for host in OF_DOMAIN}, default=chain("x.cz"))
EXPIRED_BARE = Server(default=chain("mail8.skok.cz", until=NOW - DAY))
STRANGE = (leaf(STRANGE_ISSUER, "mail.example.cz", "smtp.example.cz"), STRANGE_ISSUER.certificate, STRANGER.certificate)
UNTRUSTED = Server(named=dict.fromkeys(OF_DOMAIN, STRANGE), default=STRANGE)
MISNAMED = Server(named={})
TB = "thunderbird-78"

TOLD = [
    # password
    ("password-again thunderbird-78", FINE, "login-works"),
    ("password-again outlook-2013", FINE, "login-works"),
    ("password-again thunderbird-78", IMAP_DOWN, "receiving-silent"),
    ("password-again thunderbird-78", NOT_TRIED, "login"),
    ("password-again thunderbird-78", NO_TLS, "login"),
    ("0x800ccc92 outlook-2010 pop3", FINE, "login-works"),
    ("0x800ccc92 outlook-2010 pop3", ALL_DOWN, "receiving-silent"),
    ("535 thunderbird-78", FINE, "sending-login-works"),
    ("535 thunderbird-78", SMTP_DOWN, "sending-login"),
    ("535 printer", FINE, "sending-login-works"),
    # the name on a certificate
    ("certificate-name thunderbird-78", FINE, "name-wanted"),
    ("outlook-2007-xp mail8.skok.cz", FINE, "server-name-without-sni"),
    ("outlook-2003 mail8.c4.cz", FINE, "server-name-without-sni"),
    ("outlook-2007 mail8.skok.cz", FINE, "server-name-sni-unknown"),
    ("outlook-2013 mail8.skok.cz", FINE, "server-name-sni-unknown"),
    ("thunderbird-78 mail8.skok.cz", FINE, "server-name"),
    ("thunderbird-78 mail8.skok.cz", Server(named={}, default=chain("mail8.skok.cz", "x.cz")), "certificate-name-here"),
    ("thunderbird-78 mail3.skok.cz", FINE, "old-server"),
    ("outlook-2007 mail3.skok.cz", FINE, "old-server"),
    ("thunderbird-78 mail.example.cz", FINE, "name-is-right"),
    ("thunderbird-78 smtp.example.cz", FINE, "name-is-right"),
    ("thunderbird-78 www.example.cz", FINE, "own-name"),
    ("thunderbird-78 example.cz", FINE, "own-name"),
    ("outlook-2007 mail.example.cz", FINE, "own-name"),
    ("thunderbird-78 www.c4.cz", FINE, "provider-name"),
    ("thunderbird-78 imap.gmail.com", FINE, "other-provider"),
    ("thunderbird-78 hotspot.hotel.example", FINE, "strange-name"),
    ("thunderbird-78 notexample.cz", FINE, "strange-name"),
    ("server-identity ios-12 hotspot.hotel.example", FINE, "strange-name"),
    ("server-identity ios-12", FINE, "name-wanted"),
    ("server-identity ios-12", EXPIRED, "certificate-expired-here"),
    ("server-identity ios-12", UNTRUSTED, "certificate-bad-here"),
    # trust and time
    ("certificate-untrusted thunderbird-78", FINE, "trust-works"),
    ("certificate-untrusted thunderbird-78", UNTRUSTED, "certificate-bad-here"),
    ("certificate-untrusted thunderbird-78", ALL_DOWN, "trust"),
    ("certificate-untrusted apple-mail-10.10", Server(lowest=TlsVersion.TLS1_0), "root-unknown"),
    ("certificate-expired thunderbird-78", FINE, "clock-works"),
    ("certificate-expired thunderbird-78", EXPIRED, "certificate-expired-here"),
    ("certificate-expired outlook-2007", EXPIRED_BARE, "certificate-expired-here"),
    ("certificate-expired thunderbird-78", NOT_TRIED, "clock"),
    # connecting
    ("cannot-connect thunderbird-78", FINE, "timeout-works"),
    ("cannot-connect thunderbird-78", IMAP_DOWN, "receiving-silent"),
    ("cannot-connect thunderbird-78", SMTP_DOWN, "sending-silent"),
    ("cannot-connect thunderbird-78", NO_TLS, "encryption-fails"),
    ("cannot-connect thunderbird-78", NOT_TRIED, "connect"),
    ("cannot-connect outlook-2007-xp", FINE, "too-old"),
    ("0x800ccc0e outlook-2010", FINE, "connect-works"),
    ("0x800ccc0e outlook-2010", ALL_DOWN, "receiving-silent"),
    ("0x800ccc0e outlook-2010", NOT_TRIED, "connect"),
    ("0x800ccc0e printer", SMTP_DOWN, "sending-silent"),
    ("0x800ccc0d outlook-2010", FINE, "host"),
    ("0x800ccc19 outlook-365", FINE, "timeout-works"),
    ("0x8004210a outlook-365", IMAP_DOWN, "receiving-silent"),
    ("0x80042108 outlook-365", FINE, "receiving-works"),
    ("0x80042108 outlook-365", IMAP_DOWN, "receiving-silent"),
    ("0x80042108 outlook-365", SMTP_DOWN, "receiving-works"),
    ("0x80042109 outlook-365", FINE, "sending-works-second"),
    ("0x80042109 outlook-365", ONLY_587, "sending-works"),
    ("0x80042109 outlook-365", IMAP_DOWN, "sending-works-second"),
    ("0x80042109 outlook-365", SMTP_DOWN, "sending-silent"),
    ("0x80042109 outlook-365", NOT_TRIED, "connect"),
    # TLS
    ("0x800ccc1a outlook-2007-xp", FINE, "too-old"),
    ("0x800ccc1a outlook-2007", FINE, "maybe-too-old"),
    ("0x800ccc1a outlook-2013", FINE, "maybe-too-old"),
    ("0x800ccc1a outlook-365", FINE, "security-works"),
    ("0x800ccc1a outlook-365", NO_TLS, "encryption-fails"),
    ("0x800ccc1a outlook-365", NOT_TRIED, "security"),
    ("0x800ccc0f outlook-2013", FINE, "maybe-too-old"),
    ("0x800ccc0f outlook-365", FINE, "interrupted-works"),
    ("0x800ccc0f outlook-365", NOT_TRIED, "interrupted"),
    ("ssl-version thunderbird-78", FINE, "security-works"),
    ("cannot-use-ssl ios-9", FINE, "too-old"),
    ("cannot-use-ssl ios-12", FINE, "security-works"),
    ("cannot-use-ssl ios-12", EXPIRED, "certificate-expired-here"),
    # sending and receiving
    ("cannot-send thunderbird-78", FINE, "sending-works-second"),
    ("cannot-send thunderbird-78", ONLY_587, "sending-works"),
    ("cannot-send thunderbird-78", SMTP_DOWN, "sending-silent"),
    ("cannot-send thunderbird-78", NOT_TRIED, "sending"),
    ("550 thunderbird-78", FINE, "relay"),
    ("nothing-new thunderbird-78", FINE, "fetching-works"),
    ("nothing-new thunderbird-78", IMAP_DOWN, "receiving-silent"),
    ("nothing-new thunderbird-78", NOT_TRIED, "fetching"),
    ("nothing-new printer", FINE, "fetching"),
    ("mailbox-full thunderbird-78", FINE, "full"),
    ("0x8004010f outlook-365", FINE, "other"),
    ("0x8004010f outlook-365", SMTP_DOWN, "sending-silent"),
    # a program that no longer works at all, whatever it says
    *((f"{symptom} windows-10-mail", FINE, "client-ended") for symptom in ("password-again", "0x800ccc0e", "550")),
]  # fmt: skip


@pytest.mark.parametrize(("text", "server", "cause"), TOLD)
def test_the_cause_fits_what_was_seen(text: str, server: Server, cause: str) -> None:
    """The first cause that something speaks for; the last one claims nothing."""
    assert diagnosis_for(text, server).cause == cause


@pytest.mark.parametrize(
    ("text", "facts", "cause", "params"),
    [
        ("nothing-new", dns(mx=(MICROSOFT,)), "mx-elsewhere", {"provider": "Microsoft 365"}),
        ("mailbox-full", dns(mx=(MICROSOFT,)), "mx-elsewhere", {"provider": "Microsoft 365"}),
        ("nothing-new", dns(mx=("",)), "mx-null", {}),
        ("nothing-new", dns(mx=Outcome.TIMEOUT), "mx-unknown", {}),
        ("0x800ccc0d", dns(imap=Outcome.NXDOMAIN), "row-missing", {"row": "imap.example.cz"}),
        ("535", dns(smtp="mail.jinde.example"), "sending-elsewhere",
         {"row": "smtp.example.cz", "elsewhere": "mail.jinde.example", "host": "mail.example.cz"}),
    ],
)  # fmt: skip
def test_the_cause_fits_what_dns_says(text: str, facts: DnsFacts, cause: str, params: Mapping[str, str]) -> None:
    """And it names what was found."""
    answer = answer_for(f"example.cz {TB} {text}", facts=facts)
    if cause == "sending-elsewhere":  # the little world has the domain's names for both halves always
        note = Note("sending_elsewhere", {"row": params["row"], "host": params["elsewhere"], "server": params["host"]})
        answer = replace(answer, warnings=(note,))
    found = diagnose(answer, PROFILE)
    assert found is not None
    assert found.cause == cause
    assert params.items() <= found.params.items()


@pytest.mark.parametrize("id", SYMPTOMS)
def test_without_connections_nothing_is_claimed_of_ports(id: str) -> None:
    """Only DNS, the catalogue and the name on the certificate can speak then."""
    answer = answer_for(f"example.cz {TB} {id}")
    bare = diagnose(replace(unprobed(answer), request=replace(answer.request, report=Report(id))), PROFILE)
    assert bare is not None
    cause = next(cause for cause in SYMPTOMS[id].causes if cause.id == bare.cause)
    assert set(cause.when) <= {Condition.NAME_NOT_GIVEN}


def test_what_the_sentences_name() -> None:
    """The settings that are told, and above them what a condition found."""
    assert diagnosis_for(f"{TB} cannot-send").params == {
        "domain": "example.cz", "name": "", "server": "mail8.skok.cz", "hosts": "mail.example.cz, smtp.example.cz",
        "host": "smtp.example.cz", "port": "587", "sending_host": "smtp.example.cz", "sending_port": "587",
        "second": "465",
    }  # fmt: skip
    shown = diagnosis_for(f"{TB} mail8.skok.cz", MISNAMED)
    assert (shown.cause, shown.params["host"], shown.params["port"], shown.params["hosts"]) == (
        "certificate-name-here", "mail.example.cz", "993", "mail8.skok.cz",
    )  # fmt: skip
    assert diagnosis_for("outlook-2007 mail8.skok.cz").params["hosts"] == "mail8.skok.cz"
    assert diagnosis_for(f"{TB} 0x800ccc0e").params["ports"] == "993, 587"
    assert diagnosis_for("printer 0x800ccc0e", ONLY_587).params["ports"] == "587"


REFUSED = [
    ("dns_nxdomain", "domain-gone"), ("dns_no_rows", "rows-broken"), ("dns_cname_loop", "rows-broken"),
    ("dns_dangling_cname", "rows-broken"), ("dns_timeout", "dns-open"), ("dns_servfail", "dns-open"),
    ("not_hosted_here", "not-hosted"),
]  # fmt: skip


@pytest.mark.parametrize(("code", "cause"), REFUSED)
@pytest.mark.parametrize("symptom", SYMPTOMS)
def test_a_refusal_explains_a_report_too(symptom: str, code: str, cause: str) -> None:
    """Where there are no settings, the reason for that is the cause."""
    note = Note(code, {"domain": "example.cz", "provider": "Google"})
    found = diagnose(Refusal(EXAMPLE, note, NOW, Report(symptom, "mail8.skok.cz")), PROFILE)
    assert found is not None
    assert (found.symptom, found.cause) == (symptom, cause)


def test_nothing_is_said_where_there_is_nothing_to_say() -> None:
    """No report; a symptom of another version; a refusal nobody knows a cause for."""
    assert answer_for("example.cz thunderbird-78").diagnosis is None
    answer = answer_for("example.cz thunderbird-78")
    unknown = replace(answer, request=replace(answer.request, report=Report("gone")))
    assert diagnose(unknown, PROFILE) is None
    assert diagnose(Refusal(EXAMPLE, Note("dns_nxdomain"), NOW), PROFILE) is None
    assert diagnose(Refusal(EXAMPLE, Note("something_new"), NOW, Report("0x800ccc0e")), PROFILE) is None


@pytest.mark.parametrize("condition", Condition)
def test_every_condition_can_be_asked_of_anything(condition: Condition) -> None:
    """Of settings, of a client that only sends, and of a refusal; a new kind of refusal fulfils hardly any."""
    for text in (TB, "printer", ""):
        find(condition, Case(answer_for(f"example.cz {text}"), PROFILE))
    found = find(condition, Case(Refusal(EXAMPLE, Note("something_new"), NOW), PROFILE))
    assert (found is None) is (condition is not Condition.NAME_NOT_GIVEN)


def test_a_certificate_proves_only_the_host_asked_for() -> None:
    """Without fault, without our having lifted the client's limits, and for that very name."""
    proof = answer_for(f"example.cz {TB}").outgoing.proofs[0]
    assert proves(proof, "smtp.example.cz")
    assert not proves(proof, "mail.example.cz")
    assert not proves(replace(proof, problem="certificate_expired"), "smtp.example.cz")
    assert not proves(replace(proof, is_unbounded=True), "smtp.example.cz")
    assert not proves(replace(proof, names=("x.cz",)), "smtp.example.cz")


@pytest.mark.parametrize(
    ("domain", "name", "is_own"),
    [
        ("example.cz", "example.cz", True),
        ("example.cz", "www.example.cz", True),
        ("shop.example.cz", "www.example.cz", True),
        ("example.cz", "notexample.cz", False),
        ("example.cz", "example.cz.hotel.example", False),
        ("example.co.uk", "hotel.co.uk", False),
    ],
)
def test_names_are_the_customers_by_whole_labels(domain: str, name: str, is_own: bool) -> None:
    """Below the registrable domain, and nothing that only looks alike."""
    report = Report("certificate-name", name)
    refusal = Refusal(DomainName(domain, domain), Note("something_new"), NOW, report)
    assert (find(Condition.NAME_OF_DOMAIN, Case(refusal, PROFILE)) is not None) is is_own


NAMES = st.sampled_from(
    [None, "mail8.skok.cz", "mail8.c4.cz", "mail3.skok.cz", "mail.example.cz", "www.example.cz", "www.c4.cz",
     "imap.gmail.com", "x.cz"]
)  # fmt: skip


@settings(deadline=None, max_examples=300)
@given(WORDS, st.sampled_from(["", "pop3"]), SERVERS, FACTS, st.sampled_from([None, *HostKind]),
       st.sampled_from(list(SYMPTOMS)), NAMES)  # fmt: skip
def test_any_facts_give_a_diagnosis_in_words(
    client: str, protocol: str, server: Server, facts: DnsFacts, kind: HostKind | None, symptom: str, name: str | None
) -> None:
    """There always is one; each of its sentences can be filled, in every language, with nothing empty in it."""
    request = request_for(f"example.cz {client} {protocol}")
    assume(isinstance(find_mail_server(facts, request.protocol, PROFILE, KNOWN), MailServer))
    answer = answer_for(f"example.cz {client} {protocol}", server, facts, host_kind=kind)
    answer = replace(answer, request=replace(answer.request, report=Report(symptom, name)))
    diagnosis = diagnose(answer, PROFILE)
    assert diagnosis is not None
    told = replace(answer, diagnosis=diagnosis)
    for language in LANGUAGES:
        said = words(language)
        assert diagnosed(told, said)
        for part in ("cause", "ask", "do"):
            template = said.templates[f"symptom.cause.{diagnosis.cause}.{part}"]
            assert all(value or f"{{{key}}}" not in template for key, value in diagnosis.params.items())
    if diagnosis.cause in ("receiving-silent", "sending-silent"):
        assert int(diagnosis.params["port"]) in server.broken
    if "-works" in diagnosis.cause:
        ports = diagnosis.params.get("ports", diagnosis.params["port"]).split(", ")
        assert not {int(port) for port in ports} & set(server.broken)
