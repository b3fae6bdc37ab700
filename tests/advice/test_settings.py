"""The settings: both halves in the client's words, with reasons and warnings in the order of their gravity."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from bot.advice.mail_server import find_mail_server
from bot.advice.settings import KEPT_FOR, settle
from bot.advice.sight import ServiceFacts
from bot.answer import FoundBy, MailServer, Proof, SettingsAnswer
from bot.catalogue.model import Answer
from bot.domain import DomainName
from bot.facts import DnsAnswer, DnsFacts, Outcome, Protocol, Row, Security, TlsVersion
from bot.request import HostKind
from tests.advice.build import (
    ADDRESS_3,
    ADDRESS_8,
    DAY,
    ELSEWHERE,
    KNOWN,
    NOW,
    PROFILE,
    chain,
    dns,
    endpoint,
    handshake,
)
from tests.advice.world import (
    CATALOGUE,
    EXAMPLE,
    JUDGE,
    OF_DOMAIN,
    OF_SERVER,
    Server,
    answer_for,
    request_for,
    seen_for,
)

MICROSOFT = "example-cz.mail.protection.outlook.com"
XP = "outlook-2007-xp"
IMAP, SMTP, POP3 = Protocol.IMAP, Protocol.SMTP, Protocol.POP3


def codes(answer: SettingsAnswer) -> list[str]:
    """The codes of an answer's warnings, in order."""
    return [note.code for note in answer.warnings]


def halves(answer: SettingsAnswer) -> list[tuple[str, int, str, str]]:
    """Host, port, security and label of each half."""
    return [
        (half.host, half.port, half.security.value, half.label.choice["en"] if half.label else "")
        for half in (answer.incoming, answer.outgoing)
        if half
    ]


def test_a_client_of_today() -> None:
    """Everything of an answer in which nothing is wrong."""
    answer = answer_for("example.cz thunderbird-78")
    assert halves(answer) == [
        ("mail.example.cz", 993, "implicit_tls", "SSL/TLS"), ("smtp.example.cz", 587, "starttls", "STARTTLS")
    ]  # fmt: skip
    assert answer.verified
    assert answer.server == MailServer("mail8.skok.cz", 8, FoundBy.CNAME, (ADDRESS_8,), "imap.example.cz", NOW)
    assert [note.code for note in answer.reasons] == ["client_sends_sni", "client_sends_sni"]
    assert (answer.warnings, answer.cannot_work, answer.host_kind) == ((), False, HostKind.DOMAIN)
    assert answer.other_hosts == {HostKind.SERVER: "mail8.skok.cz"}
    assert (answer.username, answer.webmail) == (None, None)
    assert answer.checked_at == NOW - timedelta(seconds=1)
    assert answer.incoming is not None
    assert answer.incoming.proofs == (
        Proof(
            IMAP, 993, Security.IMPLICIT_TLS, "mail.example.cz", NOW - timedelta(seconds=1), None,
            ("mail.example.cz",), NOW + 60 * DAY, TlsVersion.TLS1_3,
        ),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("words", "hosts", "verified", "told"),
    [
        ("thunderbird-78", ["mail.example.cz", "smtp.example.cz"], True, []),
        ("thunderbird-78 pop3", ["mail.example.cz", "smtp.example.cz"], True, []),
        ("", ["mail.example.cz", "smtp.example.cz"], True, ["client_not_given"]),
        ("outlook", ["mail.example.cz", "smtp.example.cz"], True, ["client_ambiguous"]),
        ("outlook-2007", ["mail8.skok.cz", "mail8.skok.cz"], True,
         ["client_needs_preparation", "server_may_move", "worst_case_tls", "client_tls_unknown"]),
        ("outlook 2007 win7", ["mail.example.cz", "smtp.example.cz"], False,
         ["client_needs_preparation", "client_tls_unknown"]),
        (XP, ["mail8.skok.cz", "mail8.skok.cz"], False,
         ["client_tls_too_old", "server_may_move", "client_ciphers_not_imitated"]),
        ("ios-9", ["mail8.skok.cz", "mail8.skok.cz"], False,
         ["client_tls_too_old", "client_root_unknown", "server_may_move", "client_ciphers_not_imitated"]),
        ("outlook-2013", ["mail.example.cz", "smtp.example.cz"], False,
         ["client_needs_preparation", "client_tls_unknown"]),
        ("windows-10-mail", ["mail.example.cz", "smtp.example.cz"], True, ["client_cannot_work"]),
        ("printer", ["smtp.example.cz"], False, ["client_tls_unknown"]),
    ],
)  # fmt: skip
def test_clients_of_every_kind(words: str, hosts: list[str], verified: bool, told: list[str]) -> None:
    """The name by the client's way, and what is known and not known of it."""
    answer = answer_for(f"example.cz {words}")
    assert [host for host, *_ in halves(answer)] == hosts
    assert (answer.verified, codes(answer)) == (verified, told)
    assert answer.cannot_work is (
        not {"client_tls_too_old", "client_root_unknown", "client_cannot_work"}.isdisjoint(told)
    )


@pytest.mark.parametrize(
    ("server", "facts", "told"),
    [
        (Server(broken={993: "port_timeout"}), dns(), ["port_timeout", "label_as_published"]),
        (Server(broken={587: "port_refused"}), dns(), ["port_refused", "label_as_published"]),
        (Server(broken={993: "port_timeout", 587: "port_timeout"}), dns(),
         ["port_timeout", "port_timeout", "label_as_published", "label_as_published"]),
        (Server(spoken={993: Security.STARTTLS}), dns(), ["published_label_differs"]),
        (Server(spoken={587: Security.IMPLICIT_TLS}), dns(), ["published_label_differs"]),
        (Server(named={"mail.example.cz": OF_DOMAIN["mail.example.cz"]}), dns(),
         ["certificate_name_mismatch", "server_may_move"]),
        (Server(named={}), dns(), ["certificate_name_mismatch", "certificate_name_mismatch", "server_may_move"]),
        (Server(), dns(mail="mail3.skok.cz"), ["rows_disagree"]),
        (Server(), dns(imap=Outcome.NXDOMAIN), ["row_missing"]),
        (Server(), dns(smtp=Outcome.TIMEOUT), ["dns_timeout"]),
        (Server(), dns(pop=Outcome.TIMEOUT), []),
        (Server(), dns(mx=(MICROSOFT,)), ["mx_elsewhere"]),
        (Server(), dns(mx=None), ["mx_not_known"]),
        (Server(), dns(mx=("mx.example.cz",)), ["mx_not_known"]),
        (Server(named={}, broken={587: "port_timeout"}), dns(mail="mail3.skok.cz", mx=("",)),
         ["mx_elsewhere", "certificate_name_mismatch", "port_timeout", "rows_disagree", "server_may_move",
          "label_as_published"]),
        (Server(), dns(mail=Outcome.NXDOMAIN, mx=Outcome.SERVFAIL), ["row_missing", "mx_not_known"]),
    ],
)  # fmt: skip
def test_warnings_come_in_the_order_of_their_gravity(server: Server, facts: DnsFacts, told: list[str]) -> None:
    """Where new mail goes, what is broken, the rows, what may come, what is merely open."""
    assert codes(answer_for("example.cz thunderbird-78", server, facts)) == told


def test_gates_come_first() -> None:
    """Before new mail elsewhere, and each is said once for both halves."""
    answer = answer_for("example.cz ios-9", facts=dns(mx=(MICROSOFT,)))
    assert codes(answer)[:3] == ["client_tls_too_old", "client_root_unknown", "mx_elsewhere"]


def test_the_same_is_said_once() -> None:
    """Reasons and warnings that name the same host, row and port are not repeated."""
    answer = answer_for("example.cz outlook-2007", Server(default=chain("other.example")))
    mismatches = [note.params["port"] for note in answer.warnings if note.code == "no_sni_certificate_name_mismatch"]
    assert mismatches == ["993", "587"]
    assert [note.code for note in answer.reasons] == ["client_without_sni", "client_without_sni"]


def test_pop3_goes_by_its_own_row_and_port() -> None:
    """And the rows of IMAP do not count."""
    answer = answer_for("example.cz outlook-2007 pop3", facts=dns(imap=Outcome.NXDOMAIN))
    assert halves(answer)[0][:3] == ("mail8.skok.cz", 995, "implicit_tls")
    assert answer.server.row == "pop.example.cz"
    assert "row_missing" not in codes(answer)


def test_a_client_that_only_sends() -> None:
    """No incoming half, and only the sending row counts."""
    answer = answer_for("example.cz printer", facts=dns(mail=Outcome.NXDOMAIN, smtp=Outcome.NXDOMAIN))
    assert answer.incoming is None
    assert answer.outgoing.host == "smtp.example.cz"
    assert [note.params["row"] for note in answer.warnings if note.code == "row_missing"] == ["smtp.example.cz"]


def test_a_protocol_that_the_client_lacks_is_told() -> None:
    """The answer is given all the same."""
    client = CATALOGUE.clients["gmail-pop"]
    assert POP3 in client.protocols
    answer = answer_for("example.cz gmail-pop imap")
    assert answer.warnings[-1].code == "client_without_protocol" or "client_without_protocol" in codes(answer)


def test_no_client() -> None:
    """The usual words instead of a label, and nothing said of a client."""
    answer = answer_for("example.cz")
    assert answer.client is None
    assert [label for *_, label in halves(answer)] == ["", ""]


def test_an_ambiguous_word_names_the_others() -> None:
    """Three of them, and a mark for the rest."""
    answer = answer_for("example.cz outlook")
    (note,) = [note for note in answer.warnings if note.code == "client_ambiguous"]
    assert note.params["others"].count(",") == 2
    assert note.params["others"].endswith(" …")


def test_the_answer_may_be_for_the_domain_above() -> None:
    """Both names are told."""
    request = replace(request_for("example.cz thunderbird-78"), domain=DomainName("shop.example.cz", "shop.example.cz"))
    seen = replace(seen_for(request, Server()), domain=EXAMPLE)
    answer = settle(request, seen, PROFILE, JUDGE)
    (note,) = answer.warnings
    assert (note.code, note.params) == ("registrable_domain", {"typed": "shop.example.cz", "domain": "example.cz"})


def test_sending_that_leads_elsewhere() -> None:
    """Where the sending row is somebody else's, another name is told for sending, and that one is named."""
    request = request_for("example.cz thunderbird-78")
    seen = seen_for(request, Server(), dns(smtp=ELSEWHERE))
    names = {HostKind.SERVER: "mail8.skok.cz", HostKind.DOMAIN: "mail.example.cz"}
    named = handshake(OF_DOMAIN["mail.example.cz"], "mail.example.cz", at=endpoint(SMTP))
    answer = settle(request, replace(seen, outgoing=ServiceFacts(SMTP, names, named)), PROFILE, JUDGE)
    (note,) = answer.warnings
    assert (note.code, note.params["host"], note.params["server"]) == (
        "sending_elsewhere",
        ELSEWHERE,
        "mail.example.cz",
    )
    by_name = settle(request, replace(seen, dns=dns(smtp="smtp.elsewhere.example"),
                                      outgoing=ServiceFacts(SMTP, names, named)), PROFILE, JUDGE)  # fmt: skip
    assert by_name.warnings[0].params["host"] == "smtp.elsewhere.example"


def test_what_moves_is_the_name_that_was_told() -> None:
    """Another name of the server, or the sending server's own."""
    answer = answer_for("example.cz ios-9", Server(default=chain("mail8.c4.cz"), lowest=TlsVersion.TLS1_0))
    assert answer.incoming is not None
    assert answer.incoming.host == "mail8.c4.cz"
    (note,) = [note for note in answer.warnings if note.code == "server_may_move"]
    assert note.params["server"] == "mail8.c4.cz"


@pytest.mark.parametrize(
    ("server", "port", "label"),
    [
        (Server(), 465, "SSL/TLS"),
        (Server(broken={465: "port_refused"}), None, ""),
        (Server(broken={587: "port_timeout"}), 465, "SSL/TLS"),
    ],
)
def test_the_second_sending_port(server: Server, port: int | None, label: str) -> None:
    """Offered only where it was seen open, and never called proved."""
    second = answer_for("example.cz thunderbird-78", server).second_port
    assert (second.port if second else None) == port
    if second:
        assert second.label is not None
        assert (second.label.choice["en"], second.verified) == (label, False)
    request = request_for("example.cz thunderbird-78")
    assert settle(request, replace(seen_for(request, server), second=None), PROFILE, JUDGE).second_port is None


def test_settings_follow_the_wire() -> None:
    """A port that speaks otherwise than published is told as it speaks, with the label for that."""
    answer = answer_for("example.cz thunderbird-78", Server(spoken={587: Security.IMPLICIT_TLS}))
    assert halves(answer)[1] == ("smtp.example.cz", 587, "implicit_tls", "SSL/TLS")
    (note,) = answer.warnings
    assert (note.sentence, note.params) == ("published_label_differs_implicit_tls", {"port": "587"})


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("example.cz thunderbird-78", [("mail.example.cz", False)]),
        ("example.cz outlook-2013", [("mail.example.cz", False), (None, False)]),
        ("example.cz outlook-2007", [(None, False)]),
        ("example.cz ios-9", [(None, False), (None, True)]),
    ],
)
def test_the_connections_that_are_told(words: str, told: list[tuple[str | None, bool]]) -> None:
    """Those made as the client makes them, and the one without its limits."""
    answer = answer_for(words)
    assert answer.incoming is not None
    assert [(proof.sni, proof.is_unbounded) for proof in answer.incoming.proofs] == told


def test_the_proof_of_a_connection_that_failed() -> None:
    """Its problem, and nothing about a certificate."""
    answer = answer_for("example.cz thunderbird-78", Server(broken={993: "port_timeout"}))
    assert answer.incoming is not None
    assert answer.incoming.proofs == (
        Proof(IMAP, 993, Security.IMPLICIT_TLS, "mail.example.cz", NOW - timedelta(seconds=1), "port_timeout"),
    )
    assert not answer.incoming.verified


def test_the_proof_of_a_certificate_that_is_broken() -> None:
    """Its gravest fault."""
    old = {"mail.example.cz": chain("mail.example.cz", until=NOW - DAY)}
    answer = answer_for("example.cz thunderbird-78", Server(named=old, default=chain("x.cz", until=NOW - DAY)))
    assert answer.incoming is not None
    assert answer.incoming.proofs[0].problem == "certificate_expired"


def test_without_connections() -> None:
    """Nothing was seen: the rule's names, as published, not proved, at the moment of the answer."""
    request = request_for("example.cz thunderbird-78")
    names = {HostKind.SERVER: "mail8.skok.cz", HostKind.DOMAIN: "mail.example.cz"}
    seen = replace(
        seen_for(request, Server()), incoming=ServiceFacts(IMAP, names), outgoing=ServiceFacts(SMTP, names), second=None
    )
    answer = settle(request, seen, PROFILE, JUDGE)
    assert (answer.verified, answer.checked_at, answer.expires_at) == (False, NOW, NOW)
    assert codes(answer) == ["sending_elsewhere"]


def with_ttl(seconds: int) -> Row:
    """The sending row with a short life."""
    return Row(DnsAnswer("smtp.example.cz", "A", Outcome.FOUND, NOW, ("mail8.skok.cz",), (ADDRESS_8,), ttl=seconds))


@pytest.mark.parametrize(
    ("server", "facts", "until"),
    [
        (Server(), dns(), NOW + timedelta(seconds=300)),
        (Server(), replace(dns(), smtp=with_ttl(60)), NOW + timedelta(seconds=60)),
        (Server(), replace(dns(), smtp=with_ttl(0)), NOW),
        (Server(), dns(mx=None), NOW),
        (Server(), dns(mx=Outcome.TIMEOUT), NOW),
        (Server(), dns(pop=Outcome.SERVFAIL), NOW),
        (Server(broken={993: "port_timeout"}), dns(), NOW),
    ],
)
def test_an_answer_is_kept_as_long_as_nothing_in_it_can_change(
    server: Server, facts: DnsFacts, until: datetime
) -> None:
    """The shortest life of its DNS answers, ten minutes at most, and not at all with anything open."""
    assert answer_for("example.cz thunderbird-78", server, facts).expires_at == until


def test_an_answer_on_long_lived_rows_is_kept_ten_minutes() -> None:
    """A handshake is no promise for longer."""
    imap, pop, mail, smtp = (Row(replace(row.ipv4, ttl=86400)) for row in dns().rows.values())
    mx = dns().mx
    assert mx is not None
    facts = DnsFacts("example.cz", imap, pop, mail, smtp, replace(mx, ttl=86400))
    assert answer_for("example.cz thunderbird-78", facts=facts).expires_at == NOW - timedelta(seconds=1) + KEPT_FOR


def test_the_host_of_a_variant_leads_back() -> None:
    """The other name is offered from either side."""
    answer = answer_for("example.cz thunderbird-78", host_kind=HostKind.SERVER)
    assert answer.host_kind is HostKind.SERVER
    assert answer.other_hosts == {HostKind.DOMAIN: "mail.example.cz"}
    assert answer.verified


# Properties

SERVERS = st.builds(
    Server,
    named=st.sampled_from([OF_DOMAIN, {}, {"mail.example.cz": chain("mail.example.cz", until=NOW - DAY)}]),
    default=st.sampled_from([OF_SERVER, None, chain("mail.example.cz", "smtp.example.cz"), chain("x.cz")]),
    lowest=st.sampled_from(TlsVersion),
    highest=st.sampled_from([TlsVersion.TLS1_2, TlsVersion.TLS1_3]),
    is_ecdsa=st.booleans(),
    broken=st.dictionaries(
        st.sampled_from([993, 995, 587, 465]),
        st.sampled_from(["port_refused", "port_timeout", "server_silent", "probe_not_made", "tls_handshake_failed"]),
        max_size=2,
    ),
    spoken=st.dictionaries(st.sampled_from([993, 587]), st.sampled_from([Security.IMPLICIT_TLS, Security.STARTTLS])),
)
LEADS = st.sampled_from(
    ["mail8.skok.cz", "mail3.skok.cz", ADDRESS_8, ADDRESS_3, ELSEWHERE, *(o for o in Outcome if o is not Outcome.FOUND)]
)
MX = st.sampled_from(
    [None, ("",), ("mail8.skok.cz",), (MICROSOFT,), ("mx.example.cz",), Outcome.TIMEOUT, Outcome.NXDOMAIN]
)
FACTS = st.builds(dns, st.sampled_from(["mail8.skok.cz", ADDRESS_3]), LEADS, LEADS, LEADS, MX, st.none() | LEADS)
WORDS = st.sampled_from(["", *CATALOGUE.clients])


@settings(deadline=None, max_examples=200)
@given(WORDS, st.sampled_from(["", "pop3"]), SERVERS, FACTS, st.sampled_from([None, *HostKind]))
def test_any_facts_give_an_honest_answer(
    words: str, protocol: str, server: Server, facts: DnsFacts, host_kind: HostKind | None
) -> None:
    """Never raises; the same facts give the same answer; what is proved and what is warned about was seen."""
    request = request_for(f"example.cz {words} {protocol}")
    assume(isinstance(find_mail_server(facts, request.protocol, PROFILE, KNOWN), MailServer))
    answer = answer_for(f"example.cz {words} {protocol}", server, facts, host_kind=host_kind)
    assert answer == answer_for(f"example.cz {words} {protocol}", server, facts, host_kind=host_kind)
    told = codes(answer)
    assert len(set(map(str, answer.warnings))) == len(told)
    assert not (answer.verified and answer.cannot_work and "client_cannot_work" not in told)
    for half in filter(None, (answer.incoming, answer.outgoing)):
        assert not half.verified or half.port not in server.broken
    if all(port in server.broken for port in (993, 995, 587)):
        assert not any("certificate" in code for code in told)
    assert ("mx_elsewhere" in told) <= (facts.mx is not None and facts.mx.outcome is Outcome.FOUND)
    assert answer.expires_at >= NOW


@settings(deadline=None)
@given(
    st.sampled_from([words for words in CATALOGUE.clients if CATALOGUE.clients[words].sni.value.answer is Answer.NO]),
    SERVERS,
)
def test_no_client_without_sni_walks_into_another_name(words: str, server: Server) -> None:
    """The host it is told is covered by what it is shown, or it is warned."""
    answer = answer_for(f"example.cz {words}", server)
    for half in filter(None, (answer.incoming, answer.outgoing)):
        shown = [proof for proof in half.proofs if proof.sni is None and proof.not_after and not proof.is_unbounded]
        names: Mapping[str, bool] = {name: True for proof in shown for name in proof.names}
        if shown and half.host not in names:
            assert any(code.startswith("no_sni_certificate") for code in codes(answer))
