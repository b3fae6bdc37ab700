"""A sweep of whole statuses, over real DNS and TLS on loopback: what is told, and how often servers are asked."""

from __future__ import annotations

import asyncio
import json
import re
from collections import Counter
from collections.abc import AsyncIterator, Iterable
from pathlib import Path
from typing import Any

import pytest

from bot.compose import Parts
from bot.domain import DomainName
from bot.playground.authority import EXPIRED
from bot.playground.customers import MAIL3, MAIL8, Customer
from bot.playground.mail import MailServer, Visit
from bot.playground.names import Silent
from bot.playground.world import World, running_world
from bot.sweep.order import Order
from bot.sweep.run import sweep
from bot.sweep.whole import WholeStatus
from bot.sweep.wiring import sweep_edges
from tests.sweep.waiting import until

DOMAINS = {
    "example.cz": ("works", []),
    "zahrada.example": ("works", []),
    "stehovani.example": ("works", []),
    "propadla.example": ("broken", ["certificate_expired", "certificate_expired"]),
    "bezcertifikatu.example": ("broken", ["certificate_name_mismatch", "certificate_name_mismatch"]),
    "rozpor.example": ("works_but", ["rows_disagree"]),
    "bezimap.example": ("works_but", ["row_missing"]),
    "novaposta.example": ("works_but", ["mx_elsewhere"]),
    "jinde.example": ("not_ours", ["not_hosted_here"]),
    "neexistuje.example": ("broken", ["dns_nxdomain"]),
    "eshop.example.cz": ("works", ["registrable_domain"]),
}
CORE = {993: "mail", 995: "mail", 587: "smtp"}
"""With the names that customers are told for them."""
BESIDE = (143, 110, 465)
MANY = 20
AT_ONCE = 6
"""Enough to ask one server side by side; all of the world is in this process, and names must come in time."""


@pytest.fixture
async def world() -> AsyncIterator[World]:
    async with running_world() as running:
        yield running


def settle(world: World, server: str, count: int = MANY) -> list[str]:
    """New customers on a server, each with a certificate of its own."""
    customers = [Customer(f"c{number}.cz", server, {}) for number in range(count)]
    for customer in customers:
        world.mail_servers[server].identities.update(customer.identities(world.authority))
        world.names.zone = {**world.names.zone, **customer.zone()}
    return [customer.domain for customer in customers]


async def swept(world: World, folder: Path, domains: Iterable[str], **how: Any) -> dict[str, Any]:
    """The lines of a sweep by their domain."""
    file, output = folder / "domains.txt", folder / "out.jsonl"
    file.write_text("\n".join(domains))
    order = Order(str(file), output=output, concurrency=AT_ONCE, **how)
    await sweep(order, Parts(world.config(MAILBOT_TIMEOUT="8"), dial=world.dial))
    return {one["domain"]: one for one in map(json.loads, output.read_text().splitlines())}


def told(lines: dict[str, Any]) -> dict[str, tuple[str, list[str]]]:
    """Verdicts and codes."""
    return {name: (one["verdict"], [finding["code"] for finding in one["findings"]]) for name, one in lines.items()}


async def visits(server: MailServer) -> list[Visit]:
    """Every connection that a server has accepted."""
    await server.settled()
    return list(server.visits)


async def test_every_domain_gets_its_own_status(world: World, tmp_path: Path) -> None:
    """What `mailbot status` says of each, in the shape it says it; the report beside it."""
    report = tmp_path / "report.md"
    lines = await swept(world, tmp_path, DOMAINS, report=report)
    assert told(lines) == DOMAINS
    assert {service["port"] for service in lines["example.cz"]["services"]} >= {*CORE, *BESIDE}
    assert lines["eshop.example.cz"]["domain_unicode"] == "eshop.example.cz"
    assert "mail8.skok.cz" in report.read_text()


async def test_a_finished_sweep_is_told_again_without_a_question(world: World, tmp_path: Path) -> None:
    """With the same exit status: 1 for the errors among its findings."""
    await swept(world, tmp_path, DOMAINS)
    world.names.questions.clear()
    order = Order(str(tmp_path / "domains.txt"), output=tmp_path / "out.jsonl")
    before = (tmp_path / "out.jsonl").read_bytes()
    assert await sweep(order, Parts(world.config(), dial=world.dial)) == 1
    assert not world.names.questions
    assert (tmp_path / "out.jsonl").read_bytes() == before


async def test_a_server_is_asked_no_more_than_is_needed(world: World, tmp_path: Path) -> None:
    """Twenty domains: one handshake on each core port for each; without SNI one in all, and one on each other port."""
    domains = settle(world, MAIL8)
    lines = await swept(world, tmp_path, domains)
    assert told(lines) == dict.fromkeys(domains, ("works", []))
    seen = Counter((visit.role.port, visit.sni) for visit in await visits(world.mail_servers[MAIL8]))
    own = [(port, f"{label}.{domain}") for port, label in CORE.items() for domain in domains]
    assert seen == dict.fromkeys([*own, (993, None), *((port, MAIL8) for port in BESIDE)], 1)
    assert all(len(line["services"]) == 8 for line in lines.values())  # with port 25, where nobody listens


async def test_a_server_that_insists_on_a_name_is_asked_without_one_once(world: World, tmp_path: Path) -> None:
    """Its refusal is told with every domain on it."""
    domains = settle(world, MAIL8)
    world.mail_servers[MAIL8].default = None
    lines = await swept(world, tmp_path, domains)
    assert told(lines) == dict.fromkeys(domains, ("works_but", ["tls_needs_sni"]))
    seen = Counter(visit.role.port for visit in await visits(world.mail_servers[MAIL8]) if visit.sni is None)
    assert seen == {993: 1}


async def test_one_cause_on_one_server_is_one_line_of_the_report(world: World, tmp_path: Path) -> None:
    """The server's own certificate has ended: one line with the count and the domains, no error of any domain."""
    domains, report = settle(world, MAIL8), tmp_path / "report.md"
    world.mail_servers[MAIL8].default = world.authority.issue([MAIL8], period=EXPIRED)
    lines = await swept(world, tmp_path, [*domains, "zahrada.example"], report=report)
    assert told(lines) == dict.fromkeys(domains, ("works_but", ["no_sni_certificate_expired"])) | {
        "zahrada.example": ("works", [])
    }
    rows = [line for line in report.read_text().splitlines() if "expired" in line]
    assert len(rows) == 1
    assert f"| {MANY} |" in rows[0]
    assert "c0.cz" in rows[0]


async def test_what_is_wrong_beside_the_core_is_told_of_the_server(world: World, tmp_path: Path) -> None:
    """As a warning with each domain on it."""
    domains = settle(world, MAIL8, 3)
    server = world.mail_servers[MAIL8]
    server.identities[143, MAIL8] = world.authority.issue(["other.example"])
    lines = await swept(world, tmp_path, [*domains, "zahrada.example"])
    assert told(lines) == dict.fromkeys(domains, ("works_but", ["certificate_name_mismatch"])) | {
        "zahrada.example": ("works", [])
    }
    assert lines["c0.cz"]["findings"] == lines["c1.cz"]["findings"]
    assert lines["c0.cz"]["findings"][0]["level"] == "warning"


async def test_a_silent_name_server_leaves_its_domains_open_and_no_others(world: World, tmp_path: Path) -> None:
    """Not found out is neither broken nor fine."""
    for name in ("imap", "mail", "pop", "smtp"):
        world.names.faults[f"{name}.zahrada.example"] = Silent()
    lines = await swept(world, tmp_path, ["zahrada.example", "example.cz"])
    assert told(lines)["zahrada.example"][0] == "unknown"
    assert told(lines)["example.cz"] == ("works", [])


async def test_a_server_that_is_down_holds_up_nobody_and_is_one_line(world: World, tmp_path: Path) -> None:
    """Its domains are broken, for one reason; those on other servers are as they are."""
    domains, report = settle(world, MAIL3, 5), tmp_path / "report.md"
    await world.stop_server(MAIL3)
    lines = await swept(world, tmp_path, [*domains, "example.cz"], report=report)
    assert {told(lines)[domain][0] for domain in domains} == {"broken"}
    assert told(lines)["example.cz"] == ("works", [])
    rows = [line for line in report.read_text().splitlines() if "refused" in line]
    assert len(rows) == 1
    assert re.search(r"\| 5 \|", rows[0])


async def test_a_domain_that_is_given_up_takes_nothing_from_the_others(world: World) -> None:
    """The look at a server goes on for those who still wait for it."""
    first, second = (DomainName(name, name) for name in settle(world, MAIL8, 2))
    server = world.mail_servers[MAIL8]
    server.silent.add(143)
    answers = WholeStatus(sweep_edges(Parts(world.config(MAILBOT_TIMEOUT="1"), dial=world.dial)), "en")
    giving_up = asyncio.ensure_future(answers.status(first))
    await until(lambda: any(visit.role.port == 143 for visit in server.visits))
    giving_up.cancel()
    found = await answers.status(second)
    assert found["verdict"] == "works"
    assert {service["port"] for service in found["services"] if service["problem"]} == {143, 25}
    assert [visit.role.port for visit in await visits(server)].count(143) == 1
