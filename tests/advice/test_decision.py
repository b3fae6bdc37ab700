"""The name is chosen by what was seen; gates are told first, and nothing that was not seen is claimed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.advice.decision import Choice, MoreToAsk, choose_host, more_to_ask, shorten
from bot.advice.sight import ServiceFacts, look
from bot.advice.way import Way
from bot.answer import Note
from bot.catalogue.model import Answer, Client, Confidence, Fact, Root
from bot.facts import Certificate, Handshake, Hello, Probe, Protocol, TlsVersion
from bot.request import HostKind
from tests.advice.build import (
    ADDRESS_8,
    DAY,
    INTERMEDIATE,
    NOW,
    PROFILE,
    ROOT,
    STRANGE_ISSUER,
    Chain,
    authority,
    chain,
    endpoint,
    failure,
    handshake,
    leaf,
)
from tests.advice.world import CATALOGUE, JUDGE, OF_DOMAIN, OF_SERVER, Server, see

YES, NO, UNKNOWN = (Way(answer) for answer in Answer)
DOMAIN, SERVER = HostKind.DOMAIN, HostKind.SERVER
MAIL, MAIL8 = "mail.example.cz", "mail8.skok.cz"
NAMES = {DOMAIN: MAIL, SERVER: MAIL8}
CLIENT = CATALOGUE.clients["thunderbird-78"]
OLD_ISSUER = authority("Old Issuer", ROOT, until=NOW - DAY)


def choose(server: Server, way: Way, wanted: HostKind | None = None, client: Client | None = None) -> Choice:
    """The choice for receiving by IMAP."""
    return choose_host(see(server, Protocol.IMAP, way, wanted), way, client, JUDGE, wanted)


def codes(choice: Choice) -> tuple[str, ...]:
    """The codes of the warnings, in order."""
    return tuple(note.code for note in choice.warnings)


GOOD = Server()
DOMAIN_BROKEN = {
    "certificate_name_mismatch": Server(named={}),
    "certificate_expired": Server(named={MAIL: chain(MAIL, until=NOW - DAY)}),
    "certificate_not_yet_valid": Server(named={MAIL: chain(MAIL, since=NOW + DAY)}),
    "certificate_self_signed": Server(named={MAIL: (leaf(None, MAIL),)}),
    "certificate_untrusted": Server(named={MAIL: (leaf(STRANGE_ISSUER, MAIL), STRANGE_ISSUER.certificate)}),
    "certificate_incomplete_chain": Server(named={MAIL: OF_DOMAIN[MAIL][:1]}),
}
PORT_BROKEN = ("port_refused", "port_timeout", "server_silent", "port_speaks_plain", "starttls_missing",
               "address_not_public", "probe_not_made")  # fmt: skip


def test_a_domain_in_order() -> None:
    """With SNI the domain's name, proved; without the server's, proved; unknown: the domain's first, not proved."""
    params = {"host": MAIL, "server": MAIL8, "shown": f"{MAIL8}, mail8.c4.cz"}
    assert choose(GOOD, YES) == Choice(MAIL, DOMAIN, True, False, Note("client_sends_sni", params))
    chosen = choose(GOOD, NO)
    assert (chosen.host, chosen.kind, chosen.verified, chosen.reason.code) == (
        MAIL8,
        SERVER,
        True,
        "client_without_sni",
    )
    assert chosen.reason.sentence == "client_without_sni"
    chosen = choose(GOOD, UNKNOWN)
    assert (chosen.host, chosen.kind, chosen.verified, chosen.reason.code) == (
        MAIL,
        DOMAIN,
        False,
        "client_sni_unknown",
    )
    assert codes(chosen) == ()


@pytest.mark.parametrize("problem", DOMAIN_BROKEN)
def test_a_broken_domain_gives_a_stopgap(problem: str) -> None:
    """Where the server's name is in order it is told instead, with what has to be mended; without SNI it always is."""
    for way in (YES, UNKNOWN):
        chosen = choose(DOMAIN_BROKEN[problem], way)
        assert (chosen.host, chosen.kind, chosen.verified) == (MAIL8, SERVER, True)
        assert chosen.reason.code == "domain_certificate_broken"
        assert codes(chosen) == (problem,)
        assert chosen.warnings[0].params["host"] == MAIL
    chosen = choose(DOMAIN_BROKEN[problem], NO)
    assert (chosen.host, chosen.verified, codes(chosen)) == (MAIL8, True, ())


@pytest.mark.parametrize("problem", DOMAIN_BROKEN)
def test_a_stopgap_must_be_better(problem: str) -> None:
    """Where the server's name is broken too, the domain's stays, with its fault told."""
    broken = replace(DOMAIN_BROKEN[problem], default=chain("other.example"))
    chosen = choose(broken, YES)
    assert (chosen.host, chosen.kind, chosen.verified) == (MAIL, DOMAIN, False)
    assert codes(chosen) == (problem,)


@pytest.mark.parametrize("problem", PORT_BROKEN)
@pytest.mark.parametrize(("way", "host"), [(YES, MAIL), (NO, MAIL8), (UNKNOWN, MAIL)])
def test_a_port_that_cannot_be_reached_changes_no_name(problem: str, way: Way, host: str) -> None:
    """The name is the rule's, nothing is proved, and only what was seen is told."""
    chosen = choose(Server(broken={993: problem}), way)
    assert (chosen.host, chosen.verified, chosen.cannot_work) == (host, False, False)
    assert codes(chosen) == (problem,)
    assert chosen.warnings[0].params["port"] == "993"
    assert chosen.warnings[0].params["address"] == ADDRESS_8


@pytest.mark.parametrize(
    ("default", "host", "sentence", "told"),
    [
        (chain(MAIL), MAIL, "client_without_sni_default_is_domain", ()),
        (chain(MAIL, MAIL8), MAIL8, "client_without_sni_default_is_both", ()),
        (chain("*.skok.cz"), MAIL8, "client_without_sni", ()),
        (chain("mail8.c4.cz"), "mail8.c4.cz", "client_without_sni", ()),
        (chain("MAIL8.C4.CZ"), "mail8.c4.cz", "client_without_sni", ()),
        (chain("other.example"), MAIL8, "client_without_sni", ("no_sni_certificate_name_mismatch",)),
        (chain(MAIL8, until=NOW - DAY), MAIL8, "client_without_sni", ("no_sni_certificate_expired",)),
        (chain(MAIL, until=NOW - DAY), MAIL, "client_without_sni_default_is_domain", ("no_sni_certificate_expired",)),
        (chain(MAIL, MAIL8, until=NOW - DAY), MAIL8, "client_without_sni_default_is_both",
         ("no_sni_certificate_expired",)),
        ((leaf(None, "other.example"),), MAIL8, "client_without_sni",
         ("no_sni_certificate_self_signed", "no_sni_certificate_name_mismatch")),
        ((leaf(INTERMEDIATE), INTERMEDIATE.certificate), MAIL8, "client_without_sni",
         ("no_sni_certificate_name_mismatch",)),
    ],
)  # fmt: skip
def test_without_sni_the_default_certificate_decides(
    default: Chain, host: str, sentence: str, told: tuple[str, ...]
) -> None:
    """The server's name, or another of its names that is covered, or the domain's where only that is."""
    chosen = choose(Server(default=default), NO)
    assert (chosen.host, chosen.reason.sentence, codes(chosen)) == (host, sentence, told)
    assert chosen.verified is (not told)


def test_an_expired_intermediate_is_not_dated_by_the_leaf() -> None:
    """The server's own certificate has not ended; what ended is above it."""
    chosen = choose(Server(default=(leaf(OLD_ISSUER, MAIL8), OLD_ISSUER.certificate)), NO)
    assert [(note.code, note.sentence) for note in chosen.warnings] == [
        ("no_sni_certificate_expired", "certificate_expired_above")
    ]


@pytest.mark.parametrize("way", [YES, NO, UNKNOWN])
def test_only_one_name(way: Way) -> None:
    """Where the other name does not exist, this one is told, proved the client's way where it was."""
    bare, named = handshake(OF_SERVER), handshake(OF_SERVER, MAIL8)
    only_server = ServiceFacts(Protocol.IMAP, {SERVER: MAIL8}, None, bare, server_with_sni=named)
    chosen = choose_host(only_server, way, None, JUDGE)
    assert (chosen.host, chosen.kind, chosen.verified) == (MAIL8, SERVER, True)
    assert (chosen.reason.code, chosen.reason.sentence) == ("only_name", "only_name_server")
    only_domain = ServiceFacts(
        Protocol.IMAP, {DOMAIN: MAIL}, handshake(OF_DOMAIN[MAIL], MAIL), handshake(OF_DOMAIN[MAIL])
    )
    chosen = choose_host(only_domain, way, None, JUDGE)
    assert (chosen.host, chosen.kind, chosen.verified) == (MAIL, DOMAIN, True)
    assert chosen.reason.sentence == "only_name_domain"


@pytest.mark.parametrize(
    ("way", "wanted", "verified", "told"),
    [
        (YES, SERVER, True, ()),
        (NO, SERVER, True, ()),
        (UNKNOWN, SERVER, True, ()),
        (YES, DOMAIN, True, ()),
        (NO, DOMAIN, False, ("no_sni_certificate_name_mismatch",)),
        (UNKNOWN, DOMAIN, False, ()),
    ],
)
def test_the_other_variant(way: Way, wanted: HostKind, verified: bool, told: tuple[str, ...]) -> None:
    """What was asked for is given, with what a client of this way would run into."""
    chosen = choose(GOOD, way, wanted)
    assert (chosen.kind, chosen.verified, codes(chosen)) == (wanted, verified, told)
    assert chosen.reason.sentence == f"variant_wanted_{wanted}"


def test_the_servers_name_for_an_unknown_client_tells_what_it_meets_without_sni() -> None:
    """With SNI it holds, without it would not: said, because this reason does not say it."""
    broken = Server(named={**OF_DOMAIN, MAIL8: OF_SERVER}, default=chain("other.example"))
    assert codes(choose(broken, UNKNOWN, SERVER)) == ("no_sni_certificate_name_mismatch",)


# Gates

OLD = Way(Answer.NO, TlsVersion.TLS1_0, TlsVersion.TLS1_0)
OLD_WITH_SNI = replace(OLD, sni=Answer.YES)
RSA_ONLY = Way(Answer.NO, TlsVersion.TLS1_0, TlsVersion.TLS1_2, ecdsa=False)
OLD_RSA_ONLY = replace(OLD, ecdsa=False)
NEW = Way(Answer.YES, TlsVersion.TLS1_2, TlsVersion.TLS1_3)


@pytest.mark.parametrize(
    ("server", "way", "told"),
    [
        (Server(), OLD, "client_tls_too_old"),
        (Server(), OLD_WITH_SNI, "client_tls_too_old"),
        (Server(), replace(OLD, sni=Answer.UNKNOWN), "client_tls_too_old"),
        (Server(), OLD_RSA_ONLY, "client_tls_too_old"),
        (Server(is_ecdsa=True), OLD_RSA_ONLY, "client_tls_too_old"),
        (Server(lowest=TlsVersion.TLS1_0), OLD, None),
        (Server(lowest=TlsVersion.TLS1_0, is_ecdsa=True), OLD_RSA_ONLY, "client_without_ecdsa"),
        (Server(is_ecdsa=True), RSA_ONLY, "client_without_ecdsa"),
        (Server(), RSA_ONLY, None),
        (Server(is_ecdsa=True), NEW, None),
        (Server(lowest=TlsVersion.TLS1_0, highest=TlsVersion.TLS1_1), NEW, "tls_version_old"),
        (Server(default=None), OLD, "tls_handshake_failed"),
        (Server(default=None, lowest=TlsVersion.TLS1_0), OLD, "tls_needs_sni"),
        (Server(default=None), NO, "tls_needs_sni"),
        (Server(default=None), YES, None),
        (Server(default=None), NEW, None),
        (Server(default=None), replace(NEW, sni=Answer.UNKNOWN), None),
    ],
)  # fmt: skip
def test_tls_gates(server: Server, way: Way, told: str | None) -> None:
    """The limit that stopped the client is named first; a way that stood opens the gate whatever else failed."""
    chosen = choose(server, way)
    if told == "tls_handshake_failed":
        assert not chosen.cannot_work
    else:
        assert chosen.cannot_work is (told is not None)
    assert codes(chosen)[:1] == (() if told is None else (told,))
    assert not (chosen.cannot_work and chosen.verified)


def test_a_gate_says_what_both_sides_speak() -> None:
    """The versions are there for the sentence."""
    note = choose(Server(), OLD).warnings[0]
    assert note.params == {"version": "1.3", "highest": "1.0", "lowest": "1.0"}


def test_a_limit_that_nobody_can_name_is_not_named() -> None:
    """Refused with the client's limits and agreed on without, within them: no cause is claimed."""
    way = replace(NEW, lowest=None)
    hello = way.hello(MAIL)
    facts = ServiceFacts(
        Protocol.IMAP, NAMES, failure("tls_handshake_failed", hello), None, None, handshake(OF_DOMAIN[MAIL], MAIL)
    )
    chosen = choose_host(facts, way, None, JUDGE)
    assert [note.sentence for note in chosen.warnings] == ["tls_handshake_failed_client"]
    assert chosen.cannot_work


def client_with(**roots: Answer) -> Client:
    """A client that knows roots or not; underscores stand for hyphens."""
    facts = {
        name.replace("_", "-"): Fact(answer, Confidence.INFERRED, (), date(2026, 1, 1))
        for name, answer in roots.items()
    }
    return replace(CLIENT, roots=facts)


@pytest.mark.parametrize(
    ("client", "is_stopped"),
    [
        (client_with(isrg_root_x1=Answer.NO), True),
        (client_with(isrg_root_x1=Answer.YES), False),
        (client_with(isrg_root_x1=Answer.UNKNOWN), False),
        (client_with(isrg_root_x2=Answer.NO), False),
        (client_with(), False),
        (None, False),
    ],
)
@pytest.mark.parametrize("way", [YES, NO, UNKNOWN])
def test_the_root_gate(client: Client | None, is_stopped: bool, way: Way) -> None:
    """Closed only by a root that the client is known not to have."""
    chosen = choose(GOOD, way, client=client)
    assert chosen.cannot_work is is_stopped
    assert ("client_root_unknown" in codes(chosen)) is is_stopped
    assert not (is_stopped and chosen.verified)


def test_a_root_nobody_has_facts_about_leaves_the_gate_open() -> None:
    """Trust is unknown then, not absent; the same while no certificate was seen."""
    strange = replace(JUDGE, catalogue=replace(CATALOGUE, roots={}))
    facts = see(GOOD, Protocol.IMAP, YES)
    client = client_with(isrg_root_x1=Answer.NO)
    assert not choose_host(facts, YES, client, strange).cannot_work
    assert not choose(Server(broken={993: "port_timeout"}), YES, client=client).cannot_work
    assert not choose(Server(named={}, default=chain("x.cz", until=NOW - DAY)), YES, client=None).cannot_work


def test_both_gates_are_told() -> None:
    """An update that cures one of them would not help."""
    chosen = choose(Server(), OLD, client=client_with(isrg_root_x1=Answer.NO))
    assert codes(chosen) == ("client_tls_too_old", "client_root_unknown")
    assert chosen.warnings[1].params == {"root": "ISRG Root X1", "client": CLIENT.name}


def test_what_others_are_shown_says_nothing_of_a_client_without_sni() -> None:
    """The root of the certificate without SNI is the one that counts for it."""
    other = authority("Other Root")
    judge = replace(
        JUDGE,
        store=type(JUDGE.store)([ROOT.certificate, other.certificate]),
        catalogue=replace(
            CATALOGUE, roots={**CATALOGUE.roots, "other": Root("other", "Other", (other.certificate.fingerprint,))}
        ),
    )
    facts = see(Server(default=(leaf(other, MAIL8),)), Protocol.IMAP, NO)
    assert choose_host(facts, NO, client_with(other=Answer.NO, isrg_root_x1=Answer.YES), judge).cannot_work
    assert not choose_host(facts, NO, client_with(other=Answer.YES, isrg_root_x1=Answer.NO), judge).cannot_work
    assert not choose_host(facts, UNKNOWN, client_with(other=Answer.NO, isrg_root_x1=Answer.YES), judge).cannot_work


# What else is told


@pytest.mark.parametrize(("way", "host"), [(YES, MAIL), (NO, MAIL8), (UNKNOWN, MAIL)])
def test_an_end_that_is_near_is_told(way: Way, host: str) -> None:
    """Of the certificate the client sees, also where another way to it would not hold."""
    soon, ends = {"since": NOW - 80 * DAY, "until": NOW + 10 * DAY}, "2026-12-03"
    chosen = choose(Server(named={MAIL: chain(MAIL, **soon)}, default=chain(MAIL8, **soon)), way)
    assert codes(chosen) == ("certificate_expires_soon",)
    assert chosen.warnings[0].params == {"host": host, "date": ends}


def test_a_broken_certificate_does_not_end_soon_as_well() -> None:
    """What is broken has to be mended anyway."""
    chosen = choose(Server(default=chain("x.cz", since=NOW - 80 * DAY, until=NOW + DAY)), NO)
    assert codes(chosen) == ("no_sni_certificate_name_mismatch",)


@pytest.mark.parametrize(
    ("names", "most", "text"),
    [((), 2, "—"), (("a",), 2, "a"), (("a", "b"), 2, "a, b"), (("a", "b", "c"), 2, "a, b …"), (("a", "b"), 1, "a …")],
)
def test_many_names_are_cut(names: tuple[str, ...], most: int, text: str) -> None:
    """And none at all is marked."""
    assert shorten(names, most) == text


@pytest.mark.parametrize(
    ("server", "way", "wanted", "more"),
    [
        (GOOD, YES, None, MoreToAsk()),
        (GOOD, NO, None, MoreToAsk()),
        (GOOD, YES, SERVER, MoreToAsk(server_with_sni=True)),
        (GOOD, NO, SERVER, MoreToAsk()),
        (GOOD, YES, DOMAIN, MoreToAsk()),
        (Server(named={}), YES, None, MoreToAsk(server_with_sni=True)),
        (Server(named={}), NO, None, MoreToAsk()),
        (Server(broken={993: "port_timeout"}), YES, None, MoreToAsk()),
        (GOOD, OLD, None, MoreToAsk(unbounded=True)),
        (GOOD, OLD_WITH_SNI, None, MoreToAsk(server_with_sni=True, unbounded=True)),
        (GOOD, OLD_RSA_ONLY, None, MoreToAsk(unbounded=True, with_ecdsa=True)),
        (Server(default=None), NEW, None, MoreToAsk()),
        (Server(default=None), NO, None, MoreToAsk()),
        (Server(default=chain("mail8.c4.cz", "m9.c4.cz", "x", "*.c4.cz", "a_b.c4.cz", "m.c4.cz", "a.c4.cz", "b.c4.cz")),
         NO, None, MoreToAsk(aliases=("mail8.c4.cz", "m9.c4.cz", "m.c4.cz", "a.c4.cz"))),
    ],
)  # fmt: skip
def test_what_else_must_be_asked(server: Server, way: Way, wanted: HostKind | None, more: MoreToAsk) -> None:
    """Only what could change the decision, and no names but a few of the provider's."""
    at = endpoint()
    facts = ServiceFacts(Protocol.IMAP, NAMES, server.probe(at, way.hello(MAIL)), server.probe(at, way.hello(None)))
    assert more_to_ask(facts, way, JUDGE, PROFILE.is_own_name, wanted) == more


def test_without_the_domains_name_the_servers_is_asked_with_sni() -> None:
    """And without a server's name, nothing more."""
    bare = handshake(OF_SERVER)
    facts = ServiceFacts(Protocol.IMAP, {SERVER: MAIL8}, None, bare)
    assert more_to_ask(facts, YES, JUDGE, PROFILE.is_own_name, None) == MoreToAsk(server_with_sni=True)
    facts = ServiceFacts(Protocol.IMAP, {DOMAIN: MAIL}, None, handshake(OF_DOMAIN[MAIL]))
    assert not more_to_ask(facts, YES, JUDGE, PROFILE.is_own_name, SERVER).server_with_sni


def test_nothing_seen_claims_nothing() -> None:
    """Without a connection there is the rule's name and not a word about the server."""
    for way in (YES, NO, UNKNOWN):
        chosen = choose_host(ServiceFacts(Protocol.IMAP, NAMES), way, CLIENT, JUDGE)
        assert (chosen.warnings, chosen.verified, chosen.cannot_work) == ((), False, False)
        assert chosen.reason.params["shown"] == ""
    assert look(None, MAIL, JUDGE).problems == ("not_probed",)


# Properties

CHAINS: tuple[Chain, ...] = (
    OF_SERVER, OF_DOMAIN[MAIL], chain(MAIL, MAIL8), chain("*.example.cz"), chain("mail8.c4.cz"),
    chain(MAIL, until=NOW - DAY), chain(MAIL8, since=NOW + DAY), (leaf(None, MAIL8),), OF_SERVER[:1],
    (leaf(STRANGE_ISSUER, MAIL), STRANGE_ISSUER.certificate), (leaf(OLD_ISSUER, MAIL8), OLD_ISSUER.certificate),
    (), (Certificate(b"garbage"),),
)  # fmt: skip
WAYS = st.builds(
    Way,
    st.sampled_from(Answer),
    st.sampled_from([None, *TlsVersion]),
    st.sampled_from([None, *TlsVersion]),
    st.booleans(),
)


def probes(hello: Hello) -> st.SearchStrategy[Probe | None]:
    """Any connection made this way, or none."""
    made = st.builds(handshake, st.sampled_from(CHAINS), version=st.sampled_from(TlsVersion), hello=st.just(hello))
    failed = st.builds(failure, st.sampled_from([*PORT_BROKEN, "tls_handshake_failed"]), st.just(hello))
    return st.one_of(st.none(), made, made, failed)


@st.composite
def service_facts(draw: st.DrawFn, way: Way) -> ServiceFacts:
    """Any facts for a way, sensible or not."""
    names = draw(st.sampled_from([NAMES, NAMES, {DOMAIN: MAIL}, {SERVER: MAIL8}]))
    return ServiceFacts(
        Protocol.IMAP,
        names,
        draw(probes(way.hello(MAIL))),
        draw(probes(way.hello(None))),
        draw(probes(way.hello(MAIL8))),
        draw(probes(Hello(None if way.sni is Answer.NO else MAIL))),
        draw(probes(replace(way, ecdsa=True).hello(MAIL))),
        draw(st.sampled_from([(), ("mail8.c4.cz",)])),
    )


CASES = WAYS.flatmap(lambda way: st.tuples(st.just(way), service_facts(way)))
CLIENTS = st.sampled_from([None, *(client_with(isrg_root_x1=answer) for answer in Answer)])


@settings(deadline=None, max_examples=150)
@given(CASES, CLIENTS, st.sampled_from([None, *HostKind]))
def test_any_facts_give_an_honest_choice(
    case: tuple[Way, ServiceFacts], client: Client | None, wanted: HostKind | None
) -> None:
    """Never raises; the same facts give the same choice; what is proved was seen; what is claimed was seen."""
    way, facts = case
    if wanted not in facts.names:
        wanted = None
    chosen = choose_host(facts, way, client, JUDGE, wanted)
    assert chosen == choose_host(facts, way, client, JUDGE, wanted)
    more_to_ask(facts, way, JUDGE, PROFILE.is_own_name, wanted)
    told = codes(chosen)
    if chosen.verified:
        assert not chosen.cannot_work
        needed = {Answer.YES: ["named"], Answer.NO: ["bare"], Answer.UNKNOWN: ["named", "bare"]}[way.sni]
        made = {
            "named": facts.with_sni if chosen.kind is DOMAIN else facts.server_with_sni,
            "bare": facts.without_sni,
        }
        assert all(look(made[kind], chosen.host, JUDGE).holds for kind in needed)
    if isinstance(facts.without_sni, Handshake) and way.sni is Answer.NO:
        is_covered = look(facts.without_sni, chosen.host, JUDGE).holds
        assert is_covered or any(code.startswith("no_sni_certificate_") for code in told)
    if not any(isinstance(probe, Handshake) for probe in (*facts.probes, facts.with_ecdsa)):
        assert not chosen.cannot_work
        assert not any("certificate" in code or code.startswith("client_") for code in told)
    seen = {probe.problem for probe in facts.probes if not isinstance(probe, Handshake)}
    assert seen >= {code for code in told if code in PORT_BROKEN}


def test_probes_are_told_in_their_order() -> None:
    """What tells most comes first; the moment of each is its own."""
    named, bare = handshake(OF_DOMAIN[MAIL], MAIL), failure("port_timeout")
    facts = ServiceFacts(Protocol.IMAP, NAMES, named, bare)
    assert facts.probes == (named, bare)
    assert named.seen_at == NOW - timedelta(seconds=1)
