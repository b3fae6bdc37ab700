"""The status by rows alone against a real name server: few questions where all is well, more where it is odd."""

from __future__ import annotations

from collections import Counter

import pytest

from bot.compose import Parts
from bot.config import read_config
from bot.domain import DomainName
from bot.network.fast_dns import FastDns
from bot.playground.names import Fault, NameServer, ServFail, Silent
from bot.playground.zone import Zone
from bot.sweep.dns_only import RowsOnly
from bot.sweep.result import Json
from bot.sweep.rows import LABELS
from bot.sweep.wiring import sweep_edges
from tests.fakes.names import Truncated

SERVERS: Zone = {
    "mail8.skok.cz": {"A": "192.0.2.8"},
    "mail3.skok.cz": {"A": "192.0.2.3", "AAAA": "2001:db8::3"},
    "imap.gmail.com": {"A": "142.250.102.108"},
    "20.2.0.192.in-addr.arpa": {"PTR": "mail20.skok.cz"},
    "mail20.skok.cz": {"A": "192.0.2.20"},
}


def rows(**rows: str | None) -> Zone:
    """A domain's rows: all to mail8, but for those given (None: no such row)."""
    hosts = dict.fromkeys(LABELS, "mail8.skok.cz") | rows
    return {f"{label}.example.cz": {"CNAME": host} for label, host in hosts.items() if host}


async def status(name_server: NameServer, zone: Zone, domain: str = "example.cz", **faults: Fault) -> Json:
    """The status of a domain, with faults of example.cz."""
    name_server.zone = {**SERVERS, **zone}
    name_server.faults.update({f"{label}.example.cz": fault for label, fault in faults.items()})
    host, port = name_server.address
    parts = Parts(read_config({"MAILBOT_DNS_SERVERS": f"{host}:{port}", "MAILBOT_TIMEOUT": "2"})[0])
    async with FastDns(parts.name_servers, patience=0.2) as fast:
        return await RowsOnly(sweep_edges(parts), fast, "en").status(DomainName(domain, domain))


def told(found: Json) -> tuple[str, str | None, list[str]]:
    """Verdict, server, codes."""
    server = found["mail_server"]
    return found["verdict"], server and server["host"], [finding["code"] for finding in found["findings"]]


async def test_a_plain_domain_takes_three_questions(name_server: NameServer) -> None:
    """One each for imap, mail and pop."""
    assert told(await status(name_server, rows())) == ("works", "mail8.skok.cz", [])
    asked = Counter((question.name, question.rtype) for question in name_server.questions)
    assert asked == {(f"{label}.example.cz", "A"): 1 for label in LABELS}


@pytest.mark.parametrize(
    ("zone", "expected"),
    [
        (rows(pop=None), ("works_but", "mail8.skok.cz", ["row_missing"])),
        (rows(pop="mail3.skok.cz"), ("works_but", None, ["rows_disagree"])),
        (rows(pop="gone.skok.cz"), ("works_but", "mail8.skok.cz", ["dns_dangling_cname"])),
        (rows(**dict.fromkeys(LABELS, "imap.gmail.com")), ("not_ours", None, ["not_hosted_here"])),
        ({f"{label}.example.cz": {"A": "192.0.2.20"} for label in LABELS}, ("works", "mail20.skok.cz", [])),
        ({f"{label}.example.cz": {"AAAA": "2001:db8::3"} for label in LABELS}, ("works", "mail3.skok.cz", [])),
        ({}, ("broken", None, ["dns_nxdomain"])),
        ({"example.cz": {"TXT": "here"}}, ("broken", None, ["dns_no_rows"])),
        (rows(mail="imap.gmail.com"), ("broken", None, ["rows_disagree"])),
        (
            {"example.cz": {"MX": [(10, "mail8.skok.cz")]}},
            ("broken", "mail8.skok.cz", ["row_missing", "row_missing", "row_missing"]),
        ),
        ({"example.cz": {"MX": [(10, "aspmx.l.google.com")]}}, ("not_ours", None, ["not_hosted_here"])),
    ],
)
async def test_odd_domains_are_asked_about_further(
    name_server: NameServer, zone: Zone, expected: tuple[str, str | None, list[str]]
) -> None:
    """Addresses without names, IPv6 alone, no rows, no domain: what the whole status would say of the rows."""
    assert told(await status(name_server, zone)) == expected


async def test_a_domain_without_rows_is_told_by_the_one_above(name_server: NameServer) -> None:
    """As the whole status does; one that has rows of its own stands for itself."""
    found = await status(name_server, rows(), "shop.example.cz")
    assert told(found) == ("works", "mail8.skok.cz", ["registrable_domain"])
    own = {f"{label}.shop.example.cz": {"CNAME": "mail3.skok.cz"} for label in LABELS}
    assert told(await status(name_server, {**rows(), **own}, "shop.example.cz")) == ("works", "mail3.skok.cz", [])


@pytest.mark.parametrize(
    ("faults", "expected"),
    [
        ({"imap": Truncated(), "mail": Truncated(), "pop": Truncated()}, ("works", "mail8.skok.cz", [])),
        ({"pop": ServFail()}, ("works", "mail8.skok.cz", ["dns_servfail"])),
        ({"mail": Silent()}, ("unknown", "mail8.skok.cz", ["dns_timeout"])),
        ({"imap": ServFail(), "mail": ServFail(), "pop": ServFail()}, ("unknown", None, ["dns_servfail"])),
    ],
)
async def test_faults_of_name_servers_are_no_faults_of_domains(
    name_server: NameServer, faults: dict[str, Fault], expected: tuple[str, str | None, list[str]]
) -> None:
    """Truncation is read over TCP; what stays open is said to be open."""
    assert told(await status(name_server, rows(), "example.cz", **faults)) == expected
