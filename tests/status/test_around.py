"""What lies around a domain's mail: nothing is found in a domain in order, and one thing for each thing spoilt."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicNumbers
from hypothesis import given
from hypothesis import strategies as st

from bot.facts import DnsAnswer, Outcome, Row
from bot.provider.profile import Profile
from bot.status.around import judge_around
from bot.status.around_facts import AroundFacts
from bot.status.dmarc import dmarc_policy
from bot.status.dnssec import Dnssec, read_dnssec
from bot.status.model import Finding, Level
from bot.status.spf import followed
from bot.status.whose import Hosting
from tests.advice.build import ADDRESS_3, ADDRESS_8, ELSEWHERE, KNOWN, PROFILE
from tests.status.around_build import (
    HOSTING,
    SELECTOR,
    SERVER,
    SPF,
    Said,
    answer,
    ed25519_key,
    encoded,
    facts,
    host,
    judged,
    rsa_key,
    text,
)

BARE = Profile(
    id="bare", name="Bare", server_patterns=PROFILE.server_patterns, numbers=PROFILE.numbers, zones=PROFILE.zones,
    rows=PROFILE.rows, receiving_host=PROFILE.receiving_host, sending_host=PROFILE.sending_host, ports=PROFILE.ports,
    roots=(), pages={}, server_may_move=False,
)  # fmt: skip
"""A provider that publishes nothing of what is judged here."""


def levels(made: AroundFacts, hosting: Hosting = HOSTING) -> dict[str, Level]:
    """The sentences found, with their levels."""
    return {sentence: finding.level for sentence, finding in judged(made, hosting).items()}


def test_a_domain_in_order() -> None:
    """Nothing to say."""
    assert levels(facts()) == {}


def test_a_domain_that_is_not_there() -> None:
    """That it does not exist is said elsewhere; what it lacks is no news."""
    assert levels(facts(mx=Outcome.NXDOMAIN, spf=Outcome.NXDOMAIN)) == {}


def test_a_provider_that_publishes_nothing() -> None:
    """Then nothing is missed."""
    bare = facts(spf=Outcome.NO_DATA, dkim=Outcome.NXDOMAIN, caa={"example.cz": '0 issue "other.example"'})
    assert levels(bare, Hosting(BARE)) == {}


# Exchangers

GOOGLE = {"aspmx.l.google.com": host("aspmx.l.google.com", ())}
OWN_ROW = {"mx.example.cz": host("mx.example.cz", (), ADDRESS_8)}


@pytest.mark.parametrize(
    ("mx", "exchanges", "expected"),
    [
        (Outcome.NO_DATA, {}, {"mx_missing": Level.WARNING}),
        ("", {}, {"mx_null": Level.WARNING}),
        ("mx1.skok.cz", {"mx1.skok.cz": host("mx1.skok.cz", ())}, {}),
        ("mx.example.cz", OWN_ROW, {}),
        ("mx.example.cz", {"mx.example.cz": host("mx.example.cz", (), ADDRESS_3)}, {}),
        ("aspmx.l.google.com", GOOGLE, {"mx_elsewhere": Level.WARNING}),
        ("mx.other.cz", {"mx.other.cz": host("mx.other.cz", ())}, {"mx_elsewhere": Level.WARNING}),
        (("mail8.skok.cz", "mx.other.cz"), {"mx.other.cz": host("mx.other.cz", ())},
         {"mx_partly_elsewhere": Level.WARNING}),
        ("mx.gone.cz", {"mx.gone.cz": host("mx.gone.cz", Outcome.NXDOMAIN)}, {"mx_dangling": Level.ERROR}),
        (("mail8.skok.cz", "mx.gone.cz"), {"mx.gone.cz": host("mx.gone.cz", Outcome.NO_DATA)},
         {"mx_dangling": Level.WARNING}),
        ("mx.example.cz", {"mx.example.cz": host("mx.example.cz", "mail8.skok.cz", ADDRESS_8)},
         {"mx_is_cname": Level.WARNING}),
        ("mx.example.cz", {"mx.example.cz": host("mx.example.cz", Outcome.DANGLING)}, {"mx_dangling": Level.ERROR}),
        # not found out is neither elsewhere nor gone
        (Outcome.SERVFAIL, {}, {"around_unknown": Level.INFO}),
        ("mx.other.cz", {"mx.other.cz": host("mx.other.cz", Outcome.TIMEOUT)}, {"around_unknown": Level.INFO}),
        ("mx.other.cz", {}, {}),
    ],
)  # fmt: skip
def test_exchangers(mx: Said, exchanges: dict[str, Row], expected: dict[str, Level]) -> None:
    """Whose they are, and whether they are there."""
    assert levels(facts(mx=mx, exchanges=exchanges)) == expected


def test_whose_an_exchanger_is() -> None:
    """A known provider is named; the code stays one."""
    elsewhere = judged(facts(mx="aspmx.l.google.com", exchanges=GOOGLE))["mx_elsewhere"]
    assert (elsewhere.code, elsewhere.params["provider"]) == ("mx_elsewhere", "Google")
    assert judged(facts(mx=""))["mx_null"].code == "mx_elsewhere"


# SPF

OTHERS = {"spf.other.cz": "v=spf1 include:spf1.c4.cz include:spf2.c4.cz -all"}


@pytest.mark.parametrize(
    ("spf", "texts", "expected"),
    [
        ("v=spf1 include:spf.other.cz ~all", OTHERS, {}),
        ("V=SPF1 Include:SPF1.c4.cz. include:spf2.c4.cz -ALL", {}, {}),
        ("v=spf1 redirect=spf.other.cz", OTHERS, {}),
        ("v=spf1 redirect=spf.other.cz -all", OTHERS, {"spf_without_provider": Level.WARNING}),
        ((SPF, "google-site-verification=x"), {}, {}),
        (Outcome.NO_DATA, {}, {"spf_missing": Level.INFO}),
        (("v=spf10 -all", "x v=spf1 -all"), {}, {"spf_missing": Level.INFO}),
        ((SPF, "v=spf1"), {}, {"spf_several": Level.WARNING}),
        ("v=spf1", {}, {"spf_without_provider": Level.INFO}),
        ("v=spf1 a mx ?all", {}, {"spf_without_provider": Level.INFO}),
        ("v=spf1 a mx -all", {}, {"spf_without_provider": Level.WARNING}),
        ("v=spf1 include:spf1.c4.cz ~all", {}, {"spf_without_provider": Level.WARNING}),
        (f"{SPF[:-5]} +all", {}, {"spf_allows_everybody": Level.WARNING}),
        ("v=spf1 all", {}, {"spf_allows_everybody": Level.WARNING}),
        *((f"v=spf1 {wrong} -all", {}, {"spf_invalid": Level.WARNING})
          for wrong in ("ipv4:1.2.3.4", "include", "ip4:300.1.1.1", "ip6:1.2.3.4", "ip4", "-allow", "exists:", "=x")),
        (f"{SPF[:-5]} a:x.cz/24 mx/24 ptr exists:x.cz ip4:192.0.2.1 ip6:2001:db8::1 exp=x.cz -all", {}, {}),
        (f"{SPF[:-5]} include:gone.cz -all", {"gone.cz": Outcome.NXDOMAIN}, {"spf_broken_include": Level.WARNING}),
        (f"{SPF[:-5]} include:two.cz -all", {"two.cz": ("v=spf1 -all", "v=spf1")},
         {"spf_broken_include": Level.WARNING}),
        (f"{SPF[:-5]} include:example.cz -all", {}, {"spf_broken_include": Level.WARNING}),
        (f"{SPF[:-5]} {'a ' * 8}-all", {}, {}),
        (f"{SPF[:-5]} {'a ' * 9}-all", {}, {"spf_too_many_lookups": Level.WARNING}),
        (f"{SPF[:-5]} include:big.cz -all", {"big.cz": f"v=spf1 {'mx ' * 8}"},
         {"spf_too_many_lookups": Level.WARNING}),
        # the provider may be in the part that is not known
        ("v=spf1 include:spf.slow.cz -all", {"spf.slow.cz": Outcome.TIMEOUT}, {"around_unknown": Level.INFO}),
        ("v=spf1 include:%{i}.x.cz -all", {}, {}),
        ("v=spf1 include:not.asked.cz -all", {}, {}),
        (Outcome.TIMEOUT, {}, {"around_unknown": Level.INFO}),
    ],
)  # fmt: skip
def test_spf(spf: Said, texts: dict[str, Said], expected: dict[str, Level]) -> None:
    """Read and followed as receivers do (RFC 7208)."""
    assert levels(facts(spf=spf, texts=texts)) == expected


@pytest.mark.parametrize(
    ("spf", "sentence", "row"),
    [
        (Outcome.NO_DATA, "spf_missing", '"v=spf1 include:spf1.c4.cz include:spf2.c4.cz ~all"'),
        ("v=spf1 mx -all", "spf_without_provider", '"v=spf1 include:spf1.c4.cz include:spf2.c4.cz mx -all"'),
        ("v=spf1", "spf_without_provider", '"v=spf1 include:spf1.c4.cz include:spf2.c4.cz"'),
        ("v=spf1 include:spf2.c4.cz ~all", "spf_without_provider",
         '"v=spf1 include:spf1.c4.cz include:spf2.c4.cz ~all"'),
        ("v=spf1 mx +all", "spf_allows_everybody", '"v=spf1 mx ~all"'),
        ("v=spf1 mx ALL", "spf_allows_everybody", '"v=spf1 mx ~all"'),
        ('v=spf1 exists:%{i}"é.cz -all', "spf_without_provider",
         '"v=spf1 include:spf1.c4.cz include:spf2.c4.cz exists:%{i}\\"\\233.cz -all"'),
    ],
)  # fmt: skip
def test_the_row_to_paste(spf: Said, sentence: str, row: str) -> None:
    """A complete one, with what is there kept."""
    assert judged(facts(spf=spf))[sentence].params["row"] == f"example.cz. 3600 IN TXT {row}"


def test_a_long_row_is_cut_into_strings() -> None:
    """None longer than 255 bytes (RFC 1035), and nothing is lost between them."""
    spf = "v=spf1 " + " ".join(f"ip4:192.0.2.{number}" for number in range(20)) + " -all"
    row = judged(facts(spf=spf))["spf_without_provider"].params["row"]
    pieces = row.partition("TXT ")[2].strip('"').split('" "')
    assert len(pieces) == 2
    assert max(map(len, pieces)) == 255
    assert "".join(pieces).endswith(spf.removeprefix("v=spf1"))


def test_the_names_that_a_record_leads_to() -> None:
    """Includes and the redirect; a macro is no name, nor is what cannot be read."""
    record = "v=spf1 a:x.cz include:A.cz. include:%{d}.cz include ip4:x redirect=_b.cz -all"
    assert followed(record) == ("a.cz", "_b.cz")


@pytest.mark.parametrize("end", ["-all", "+all"])
def test_a_row_too_long_to_be_shown_is_not_offered(end: str) -> None:
    """Half of it must not be pasted."""
    (finding,) = judged(facts(spf="v=spf1 " + "ip4:192.0.2.100 " * 40 + end)).values()
    assert finding.sentence == f"{finding.code}_long"
    assert "row" not in finding.params


def test_a_record_in_pieces_is_one() -> None:
    """Strings are joined without a blank between them."""
    pieces = answer("example.cz", "TXT", '"v=spf1 include:spf1.c4" ".cz include:spf2.c4.cz -all" "\\032"')
    made = facts()
    assert levels(replace(made, texts={**made.texts, "example.cz": pieces})) == {}


def test_a_loop_of_records_ends() -> None:
    """Two that include each other many times over."""
    texts: dict[str, Said] = {
        "a.cz": "v=spf1 " + "include:b.cz " * 9,
        "b.cz": "v=spf1 " + "include:c.cz " * 9,
        "c.cz": "v=spf1 " + "include:d.cz " * 9,
        "d.cz": "v=spf1 include:a.cz",
    }
    found = judged(facts(spf=f"{SPF[:-5]} include:a.cz -all", texts=texts))
    assert set(found) == {"spf_broken_include", "spf_too_many_lookups"}
    assert int(found["spf_too_many_lookups"].params["count"]) < 50


# DKIM


@pytest.mark.parametrize(
    ("dkim", "sentence"),
    [
        (Outcome.NXDOMAIN, "dkim_missing"),
        (Outcome.NO_DATA, "dkim_missing"),
        (Outcome.DANGLING, "dkim_missing"),
        (Outcome.TIMEOUT, "around_unknown"),
        ("v=DKIM1; p=", "dkim_revoked"),
        ("v=DKIM1; k=rsa", "dkim_broken"),
        ("nonsense", "dkim_broken"),
        ("v=DKIM1; p=AAAA", "dkim_broken"),
        ("v=DKIM1; p=*", "dkim_broken"),
        (f"v=DKIM2; p={rsa_key()}", "dkim_broken"),
        (f"v=DKIM1; k=other; p={rsa_key()}", "dkim_broken"),
        (f"v=DKIM1; k=ed25519; p={rsa_key()}", "dkim_broken"),
        (f"v=DKIM1; p={rsa_key()[:-8]}", "dkim_broken"),
        ((f"p={rsa_key()}", f"p={rsa_key()}"), "dkim_broken"),
        (f"p={rsa_key()}", ""),
        (f" v = DKIM1 ; t=s; p={rsa_key()[:50]} {rsa_key()[50:]};", ""),
        (f"k=ed25519; p={ed25519_key()}", ""),
        (f"p={rsa_key(2048)}", ""),
    ],
)
def test_dkim(dkim: Said, sentence: str) -> None:
    """Missing, revoked, not to be used, or in order."""
    found = levels(facts(dkim=dkim))
    assert list(found) == ([sentence] if sentence else [])
    assert found.get("dkim_missing", Level.INFO) is Level.INFO


def test_a_small_key_is_none() -> None:
    """Receivers must not believe keys below 1024 bits (RFC 8301)."""
    small = encoded(RSAPublicNumbers(65537, 2**767 + 1).public_key())
    assert "dkim_broken" in levels(facts(dkim=f"p={small}"))


# DMARC


@pytest.mark.parametrize(
    ("dmarc", "expected"),
    [
        ("v=DMARC1;p=reject", {}),
        ("v=DMARC1; p=Quarantine; rua=mailto:x@y.cz", {}),
        (Outcome.NXDOMAIN, {"dmarc_missing": Level.INFO}),
        ("v=DMARC12; p=none", {"dmarc_missing": Level.INFO}),
        (("v=DMARC1; p=none", "v=DMARC1; p=reject"), {"dmarc_several": Level.INFO}),
        ("v=DMARC1; rua=mailto:x@y.cz", {"dmarc_broken": Level.INFO}),
        ("v=DMARC1; p=rejekt", {"dmarc_broken": Level.INFO}),
        (Outcome.SERVFAIL, {"around_unknown": Level.INFO}),
    ],
)
def test_dmarc(dmarc: Said, expected: dict[str, Level]) -> None:
    """One record with a policy."""
    assert levels(facts(dmarc=dmarc)) == expected


@pytest.mark.parametrize(
    ("own", "above", "policy", "sentences"),
    [
        (Outcome.NXDOMAIN, "v=DMARC1; p=reject", "reject", []),
        (Outcome.NXDOMAIN, "v=DMARC1; p=reject; sp=none", "none", []),
        ("v=DMARC1; p=none", "v=DMARC1; p=reject", "none", []),
        (Outcome.NXDOMAIN, Outcome.NXDOMAIN, None, ["dmarc_missing"]),
        (Outcome.NXDOMAIN, Outcome.TIMEOUT, None, ["around_unknown"]),
    ],
)
def test_a_sub_domain_goes_by_the_domain_above(
    own: Said, above: Said, policy: str | None, sentences: list[str]
) -> None:
    """Where it has no record of its own; the row to add is the upper one's."""
    made = facts(dmarc=above)
    texts = {**made.texts, "_dmarc.obchod.example.cz": text("_dmarc.obchod.example.cz", own)}
    made = replace(made, domain="obchod.example.cz", texts=texts)
    assert dmarc_policy(made) == policy
    found = judged(made)
    assert [sentence for sentence in found if sentence.startswith(("dmarc", "around"))] == sentences
    if "dmarc_missing" in found:
        assert found["dmarc_missing"].params["row"] == '_dmarc.example.cz. 3600 IN TXT "v=DMARC1; p=none"'


@pytest.mark.parametrize(
    ("spf", "dkim", "dmarc", "is_unmet"),
    [
        ("v=spf1 mx -all", Outcome.NXDOMAIN, "v=DMARC1; p=reject", True),
        (Outcome.NO_DATA, "p=", "v=DMARC1; p=quarantine", True),
        ("v=spf1 mx -all", Outcome.NXDOMAIN, "v=DMARC1; p=none", False),
        ("v=spf1 mx -all", None, "v=DMARC1; p=reject", False),
        (SPF, Outcome.NXDOMAIN, "v=DMARC1; p=reject", False),
        (Outcome.TIMEOUT, Outcome.NXDOMAIN, "v=DMARC1; p=reject", False),
        ("v=spf1 mx -all", Outcome.TIMEOUT, "v=DMARC1; p=reject", False),
    ],
)
def test_mail_that_receivers_shall_refuse(spf: Said, dkim: Said | None, dmarc: Said, is_unmet: bool) -> None:
    """Only where both are known not to vouch for the provider."""
    assert ("dmarc_unmet" in levels(facts(spf=spf, dkim=dkim, dmarc=dmarc))) is is_unmet


# CAA

OURS, OTHER = '0 issue "letsencrypt.org"', '0 issue "other.example"'


@pytest.mark.parametrize(
    ("caa", "sentences"),
    [
        ({"example.cz": OURS}, []),
        ({"example.cz": (OTHER, OURS)}, []),
        ({"example.cz": '0 ISSUE "LetsEncrypt.org; validationmethods=dns-01"'}, []),
        ({"example.cz": OTHER}, ["caa_forbids", "caa_forbids"]),
        ({"example.cz": '0 issue ";"'}, ["caa_forbids", "caa_forbids"]),
        ({"example.cz": '0 issuewild "other.example"'}, []),
        ({"example.cz": '0 iodef "mailto:x@y.cz"'}, []),
        ({"example.cz": OTHER, "mail.example.cz": OURS}, ["caa_forbids"]),
        ({"cz": OTHER, "example.cz": OURS}, []),
        ({"example.cz": '128 odd "x"'}, ["caa_critical", "caa_critical"]),
        ({"example.cz": ('0 odd "x"', OURS)}, []),
        ({"example.cz": Outcome.SERVFAIL, "cz": OTHER}, ["around_unknown"]),
        ({"mail.example.cz": Outcome.TIMEOUT, "smtp.example.cz": OURS, "example.cz": OTHER}, ["around_unknown"]),
    ],
)
def test_caa(caa: dict[str, Said], sentences: list[str]) -> None:
    """The nearest record set upwards counts, for each of the two names."""
    assert [finding.sentence for finding in judge_around(facts(caa=caa), HOSTING)] == sentences


def test_the_authority_to_allow() -> None:
    """Where the records stand; behind an alias that is the other end."""
    forbidden = judged(facts(caa={"example.cz": OTHER}))["caa_forbids"]
    assert forbidden.params["row"] == 'example.cz. 3600 IN CAA 0 issue "letsencrypt.org"'
    made = facts()
    alias = answer("mail.example.cz", "CAA", OTHER, chain=("mail8.skok.cz",))
    found = judged(replace(made, caa={**made.caa, "mail.example.cz": alias}))["caa_forbids"]
    assert (found.params["owner"], found.params["host"]) == ("mail8.skok.cz", "mail.example.cz")


# DNSSEC

DS, SIGNED = answer("example.cz", "DS", "1 13 2 ab"), answer("example.cz", "SOA", "x. y. 1 2 3 4 5", authenticated=True)
FAILED, GIVEN = answer("example.cz", "SOA", Outcome.SERVFAIL), answer("example.cz", "SOA", "x. y. 1 2 3 4 5")


@pytest.mark.parametrize(
    ("how", "state"),
    [
        ({}, Dnssec.UNSIGNED),
        ({"ds": DS}, Dnssec.UNVERIFIED),
        ({"ds": DS, "soa": SIGNED}, Dnssec.SECURE),
        ({"ds": DS, "soa": FAILED, "unchecked": GIVEN}, Dnssec.BOGUS),
        ({"ds": DS, "soa": FAILED, "unchecked": FAILED}, Dnssec.UNKNOWN),
        ({"ds": DS, "soa": FAILED}, Dnssec.UNKNOWN),
        ({"ds": DS, "soa": answer("x.cz", "SOA", Outcome.TIMEOUT), "unchecked": GIVEN}, Dnssec.UNKNOWN),
        ({"ds": DS, "soa": SIGNED, "unchecked": GIVEN}, Dnssec.SECURE),
        ({"ds": answer("x.cz", "DS", Outcome.TIMEOUT), "soa": FAILED, "unchecked": GIVEN}, Dnssec.UNKNOWN),
        ({"soa": FAILED, "unchecked": GIVEN}, Dnssec.UNSIGNED),
    ],
)
def test_dnssec(how: dict[str, Any], state: Dnssec) -> None:
    """Bogus is an error, for it is seen from three sides; any doubt is none."""
    made = facts(**how)
    assert read_dnssec(made) is state
    assert levels(made).get("dnssec_bogus") == (Level.ERROR if state is Dnssec.BOGUS else None)


# What programs are told

SRV_HOSTS = {
    "mail.example.cz": host("mail.example.cz", "mail8.skok.cz", ADDRESS_8),
    "imap.example.cz": host("imap.example.cz", "mail8.skok.cz", ADDRESS_8),
    "mail8.skok.cz": host("mail8.skok.cz", (), ADDRESS_8),
    "mail8.c4.cz": host("mail8.c4.cz", (), ADDRESS_8),
    "mail3.skok.cz": host("mail3.skok.cz", (), ADDRESS_3),
    "mx.skok.cz": host("mx.skok.cz", (), ADDRESS_3),
    "imap.seznam.cz": host("imap.seznam.cz", ()),
    "mail.other.cz": host("mail.other.cz", (), ELSEWHERE),
    "gone.example.cz": host("gone.example.cz", Outcome.NXDOMAIN),
}


@pytest.mark.parametrize(
    ("service", "record", "sentence"),
    [
        ("_imaps._tcp", "0 1 993 mail.example.cz.", ""),
        ("_imaps._tcp", "0 1 993 mail8.skok.cz.", ""),
        ("_imaps._tcp", "0 1 993 mail8.c4.cz.", ""),
        ("_imaps._tcp", "0 0 0 .", ""),
        ("_imaps._tcp", "0 1 143 mail.example.cz.", "srv_wrong_port"),
        ("_submission._tcp", "0 1 587 mail.example.cz.", ""),
        ("_submissions._tcp", "0 1 587 mail.example.cz.", "srv_wrong_port"),
        ("_imaps._tcp", "0 1 993 imap.example.cz.", "srv_not_covered"),
        ("_imaps._tcp", "0 1 993 mail3.skok.cz.", "srv_other_server"),
        ("_imaps._tcp", "0 1 993 mx.skok.cz.", "srv_not_covered"),
        ("_imaps._tcp", "0 1 993 imap.seznam.cz.", "srv_elsewhere"),
        ("_imaps._tcp", "0 1 993 mail.other.cz.", "srv_elsewhere"),
        ("_imaps._tcp", "0 1 993 gone.example.cz.", "srv_dangling"),
        ("_imaps._tcp", "0 1 993 not.asked.cz.", ""),
    ],
)
def test_services(service: str, record: str, sentence: str) -> None:
    """The target must be the domain's server under a name with a certificate, on the port of the service."""
    found = judged(facts(srv={service: record}, hosts=SRV_HOSTS))
    assert list(found) == ([sentence] if sentence else [])
    assert all(finding.code == "srv_wrong" for finding in found.values())


@pytest.mark.parametrize("target", ["mail4.skok.cz", "slow.other.cz"])
def test_a_target_that_is_not_known(target: str) -> None:
    """Is neither another server nor somebody else's."""
    made = facts(srv={"_imaps._tcp": f"0 1 993 {target}."}, hosts={target: host(target, Outcome.TIMEOUT)})
    assert list(levels(made)) == ["around_unknown"]


def test_the_service_row_to_paste() -> None:
    """With the domain's own name for receiving, or for sending."""
    made = facts(srv={"_imaps._tcp": "0 1 143 mail.example.cz.", "_submission._tcp": "0 1 25 mail.example.cz."},
                 hosts=SRV_HOSTS)  # fmt: skip
    rows = [finding.params["row"] for finding in judge_around(made, HOSTING)]
    assert rows == [
        "_imaps._tcp.example.cz. 3600 IN SRV 0 1 993 mail.example.cz.",
        "_submission._tcp.example.cz. 3600 IN SRV 0 1 587 smtp.example.cz.",
    ]


def test_a_service_the_provider_does_not_offer() -> None:
    """Good to know, and no row replaces it; without a known server of the domain no other one is wrong."""
    profile = replace(PROFILE, ports=PROFILE.ports[:1])
    made = facts(srv={"_pop3s._tcp": "0 1 995 mail.example.cz."})
    assert levels(made, Hosting(profile, KNOWN, SERVER)) == {"srv_not_offered": Level.INFO}
    made = facts(srv={"_imaps._tcp": "0 1 993 mail3.skok.cz."}, hosts={"mail3.skok.cz": SRV_HOSTS["mail3.skok.cz"]})
    assert levels(made, Hosting(PROFILE, KNOWN)) == {}


@pytest.mark.parametrize(
    ("leads", "mx", "sentences"),
    [
        ("autodiscover.outlook.com", "mail8.skok.cz", ["automatic_elsewhere"]),
        ("mail8.skok.cz", "mail8.skok.cz", []),
        ((), "mail8.skok.cz", []),
        (Outcome.NXDOMAIN, "mail8.skok.cz", []),
        ("autodiscover.outlook.com", "x.mail.protection.outlook.com", ["mx_elsewhere"]),
    ],
)
def test_automatic_settings(leads: Said, mx: str, sentences: list[str]) -> None:
    """Another provider's are wrong where the mail is here, and right where the mail is there."""
    name = "autodiscover.example.cz"
    exchanges = {"x.mail.protection.outlook.com": host("x.mail.protection.outlook.com", ())}
    made = facts(mx=mx, exchanges=exchanges, hosts={name: host(name, leads)})
    assert list(levels(made)) == sentences


# Everything together


def test_where_mail_and_programs_are_sent_to() -> None:
    """Names at which programs merely ask for settings may be anybody's."""
    rows = {name: host(name, ()) for name in ("mx.other.cz", "imap.other.cz", "autodiscover.example.cz")}
    mx, target, automatic = rows
    made = facts(exchanges={mx: rows[mx]}, hosts={target: rows[target], automatic: rows[automatic]})
    assert made.destinations == (rows[mx], rows[target])


def test_what_could_not_be_found_out_is_named() -> None:
    """The first few of it; an address that is known by one family is known."""
    nothing = facts(spf=Outcome.TIMEOUT, dkim=Outcome.TIMEOUT, dmarc=Outcome.SERVFAIL, mx=Outcome.TIMEOUT)
    assert judged(nothing)["around_unknown"].params["questions"] == (
        f"MX example.cz, TXT example.cz, TXT {SELECTOR}, TXT _dmarc.example.cz"
    )
    many = facts(spf=f"{SPF[:-5]} -all", texts={f"n{number}.cz": Outcome.TIMEOUT for number in range(9)})
    assert judged(many)["around_unknown"].params["questions"].endswith("TXT n5.cz, …")


SAID = st.sampled_from([*Outcome, SPF, "v=spf1 mx +all", "v=spf1 mx -all", "v=DMARC1; p=reject", "p=", "x"])
CAA_SAID = st.sampled_from([*Outcome, OURS, OTHER])
SRV_SAID = st.sampled_from([*Outcome, "0 1 993 mail3.skok.cz.", "0 1 1 gone.example.cz."])
FACTS = st.builds(
    facts,
    mx=st.sampled_from([*Outcome, "", "mail8.skok.cz", "aspmx.l.google.com", ("mx.other.cz", "mail8.skok.cz")]),
    spf=SAID,
    dkim=SAID,
    dmarc=SAID,
    texts=st.dictionaries(st.sampled_from(["spf1.c4.cz", "spf2.c4.cz"]), SAID),
    caa=st.dictionaries(st.sampled_from(["mail.example.cz", "example.cz"]), CAA_SAID),
    srv=st.dictionaries(st.sampled_from(["_imaps._tcp", "_submission._tcp"]), SRV_SAID),
    hosts=st.just(SRV_HOSTS),
)


@given(FACTS)
def test_the_same_facts_give_the_same_findings(made: AroundFacts) -> None:
    """In the same order, worst first, none twice."""
    found = judge_around(made, HOSTING)
    assert found == judge_around(made, HOSTING)
    order = [list(Level).index(finding.level) for finding in found]
    assert order == sorted(order)
    assert len({(finding.sentence, *sorted(finding.params.items())) for finding in found}) == len(found)


def lost(made: AroundFacts, what: str) -> AroundFacts:
    """The same facts with one part of the questions unanswered."""

    def unanswered(part: Any) -> Any:
        if isinstance(part, DnsAnswer):
            return replace(part, outcome=Outcome.TIMEOUT, values=(), chain=())
        if isinstance(part, Row):
            return host(part.name, Outcome.TIMEOUT)
        return {name: unanswered(one) for name, one in part.items()}

    parts: dict[str, Any] = {what: unanswered(getattr(made, what))}
    return replace(made, **parts)


NOT_HELD_AGAINST = {"automatic_elsewhere"}
"""Told where the mail is not known to be elsewhere, so also where the MX is not known."""


@given(FACTS, st.sampled_from(["mx", "soa", "ds", "texts", "caa", "srv", "exchanges", "hosts"]))
def test_what_is_not_known_is_never_missing(made: AroundFacts, what: str) -> None:
    """With fewer answers nothing new is found but that they are missing."""

    def said(one: AroundFacts) -> set[str]:
        return {finding.code for finding in judge_around(one, HOSTING)}

    fewer = said(lost(made, what)) - {"around_unknown"}
    known = said(made) if made.mx.outcome is not Outcome.NXDOMAIN else said(replace(made, mx=facts().mx))
    assert fewer - known - NOT_HELD_AGAINST == set()


def test_findings_are_findings() -> None:
    """Every parameter is a text, as the wording takes them."""
    everything = facts(spf="v=spf1 +all", dkim="p=", dmarc="v=DMARC1", mx="", caa={"example.cz": OTHER})
    found: tuple[Finding, ...] = judge_around(everything, HOSTING)
    assert len(found) >= 5
    assert all(isinstance(value, str) for finding in found for value in finding.params.values())
