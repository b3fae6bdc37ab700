"""What lies around a domain's mail, asked for over a real name server on loopback."""

from __future__ import annotations

import asyncio

import pytest

from bot.compose import Parts
from bot.config import HostPort, read_config
from bot.domain import DomainName
from bot.facts import Outcome
from bot.playground.names import Fault, NameServer, ServFail, Silent
from bot.playground.zone import Zone
from bot.provider.profile import load_profile
from bot.status.around import judge_around
from bot.status.around_facts import AroundFacts
from bot.status.dnssec import Dnssec, read_dnssec
from bot.status.whose import Hosting
from tests.fakes.names import Bogus, Once
from tests.status.around_build import rsa_key

EXAMPLE = DomainName("example.cz", "example.cz")
HOSTING = Hosting(load_profile())
SOA = "ns1.dns.cz. host.dns.cz. 1 3600 600 86400 60"

ZONE: Zone = {
    "example.cz": {
        "MX": [(10, "mail8.skok.cz"), (20, "mx.other.cz")],
        "TXT": ["v=spf1 include:spf.office.cz ~all", "hello"],
        "SOA": SOA,
        "CAA": '0 issue "other.example"',
    },
    "mail8.skok.cz": {"A": "127.0.1.8"},
    "mx.other.cz": {"A": "127.0.9.9"},
    "spf.office.cz": {"TXT": "v=spf1 include:spf1.c4.cz redirect=spf2.c4.cz"},
    "spf1.c4.cz": {"TXT": "v=spf1 ip4:192.0.2.0/24 -all"},
    "spf2.c4.cz": {"TXT": "v=spf1 -all"},
    "ceskywebhosting._domainkey.example.cz": {"TXT": f"p={rsa_key()}"},
    "_dmarc.example.cz": {"TXT": "v=DMARC1; p=none"},
    "_imaps._tcp.example.cz": {"SRV": "0 1 143 mail.example.cz."},
    "mail.example.cz": {"CNAME": "mail8.skok.cz"},
    "autodiscover.example.cz": {"CNAME": "autodiscover.outlook.com"},
    "autodiscover.outlook.com": {"A": "127.0.9.9"},
    "*.obchod.example.cz": {"A": "127.0.9.9"},
}


async def around(server: NameServer, domain: DomainName = EXAMPLE, within: float = 5.0) -> AroundFacts:
    """One look."""
    config, _ = read_config({"MAILBOT_DNS_SERVERS": str(HostPort(*server.address))})
    return await Parts(config).around_lookup.around(domain, asyncio.get_running_loop().time() + within)


async def test_everything_is_asked_for(name_server: NameServer) -> None:
    """And every name that an answer leads to; each question once."""
    name_server.zone = ZONE
    facts = await around(name_server)
    assert facts.open_questions == ()
    assert facts.mx.values == ("mail8.skok.cz", "mx.other.cz")
    assert {name: row.addresses for name, row in facts.exchanges.items()} == {
        "mail8.skok.cz": ("127.0.1.8",),
        "mx.other.cz": ("127.0.9.9",),
    }
    assert set(facts.texts) >= {"example.cz", "spf.office.cz", "spf1.c4.cz", "spf2.c4.cz", "_dmarc.example.cz"}
    assert set(facts.caa) == {"mail.example.cz", "smtp.example.cz", "example.cz", "cz"}
    assert facts.srv["_imaps._tcp"].values == ("0 1 143 mail.example.cz.",)
    assert set(facts.hosts) == {"mail.example.cz", "autoconfig.example.cz", "autodiscover.example.cz"}
    assert facts.unchecked is None
    assert len({(question.name, question.rtype) for question in name_server.questions}) == len(name_server.questions)


async def test_what_is_found_is_judged(name_server: NameServer) -> None:
    """From the wire to the findings."""
    name_server.zone = ZONE
    found = [finding.sentence for finding in judge_around(await around(name_server), HOSTING)]
    assert found == ["mx_partly_elsewhere", "caa_forbids", "caa_forbids", "srv_wrong_port"]


async def test_a_sub_domain(name_server: NameServer) -> None:
    """DMARC and signatures are those of the registrable domain."""
    name_server.zone = ZONE
    facts = await around(name_server, DomainName("obchod.example.cz", "obchod.example.cz"))
    assert (facts.organization, facts.soa.name, facts.ds.name) == ("example.cz", "example.cz", "example.cz")
    assert facts.texts["_dmarc.obchod.example.cz"].outcome is Outcome.NO_DATA
    assert facts.texts["_dmarc.example.cz"].outcome is Outcome.FOUND


async def test_a_name_that_is_too_long_is_not_asked_for(name_server: NameServer) -> None:
    """A domain of the greatest length has no room for the names below it."""
    long = ".".join(["x" * 60] * 4) + ".cz"
    facts = await around(name_server, DomainName(long, long))
    assert (facts.srv, facts.hosts) == ({}, {})
    assert [finding.code for finding in judge_around(facts, HOSTING)] == []


async def test_includes_are_followed_for_so_long(name_server: NameServer) -> None:
    """A chain without an end is left, and counts as too long; what was not followed is not missing."""
    name_server.zone = {
        "example.cz": {"TXT": "v=spf1 include:n0.cz -all", "MX": [(10, "mail8.skok.cz")], "SOA": SOA},
        "mail8.skok.cz": {"A": "127.0.1.8"},
        **{f"n{number}.cz": {"TXT": f"v=spf1 include:n{number + 1}.cz"} for number in range(50)},
    }
    facts = await around(name_server)
    assert len([name for name in facts.texts if name.startswith("n")]) == 23
    found = {finding.code for finding in judge_around(facts, HOSTING) if finding.code.startswith("spf")}
    assert found == {"spf_too_many_lookups"}


@pytest.mark.parametrize(
    ("fault", "ds", "state"),
    [
        (Bogus(), True, Dnssec.BOGUS),
        (Bogus(), False, Dnssec.UNSIGNED),
        (None, True, Dnssec.UNVERIFIED),
        (ServFail(), True, Dnssec.UNKNOWN),
    ],
)
async def test_signatures(name_server: NameServer, fault: Fault | None, ds: bool, state: Dnssec) -> None:
    """Wrong ones are told from a resolver that failed for another reason."""
    signed = {**ZONE["example.cz"], "DS": "1 13 2 " + "ab" * 32}
    name_server.zone = {**ZONE, "example.cz": signed} if ds else ZONE
    name_server.fault = fault
    assert read_dnssec(await around(name_server)) is state


async def test_a_resolver_that_failed_once(name_server: NameServer) -> None:
    """The second answer counts: nothing is wrong with the signatures."""
    name_server.zone = {**ZONE, "example.cz": {**ZONE["example.cz"], "DS": "1 13 2 " + "ab" * 32}}
    name_server.faults["example.cz", "SOA"] = Once.of(ServFail())
    facts = await around(name_server)
    assert facts.unchecked is not None
    assert read_dnssec(facts) is Dnssec.UNVERIFIED


async def test_silence_takes_no_longer_than_allowed(name_server: NameServer) -> None:
    """And nothing is said to be missing."""
    name_server.fault = Silent()
    start = asyncio.get_running_loop().time()
    facts = await around(name_server, within=0.3)
    assert asyncio.get_running_loop().time() - start < 1.0
    assert [finding.code for finding in judge_around(facts, HOSTING)] == ["around_unknown"]
