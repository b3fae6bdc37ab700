"""The whole way to a domain's status, over real DNS and real TLS on loopback."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass

import pytest

from bot.compose import Parts
from bot.domain import DomainName, parse_domain
from bot.facts import Protocol, TlsVersion
from bot.lookup.status import StatusLookup
from bot.playground.customers import LABELS, MAIL3, MAIL8, Customer
from bot.playground.mail import MailServer, dial_map
from bot.playground.names import Delay, NameServer, ServFail, Silent
from bot.playground.world import World, running_world
from bot.playground.zone import Defaults, Records
from bot.provider.profile import ServerName
from bot.status.clock import State
from bot.status.judge import Status
from bot.status.model import Verdict
from bot.status.reach import Entry
from tests.fakes.names import Bogus

STATUSES: Mapping[str, tuple[str, list[str]]] = {
    "example.cz": ("works", []),
    "zahrada.example": ("works", []),
    "pekarna.example": ("works", []),
    "xn--hkyrky-ptac70bc.cz": ("works", []),
    "eshop.example.cz": ("works", ["registrable_domain"]),
    "propadla.example": ("broken", ["certificate_expired", "certificate_expired"]),
    "bezcertifikatu.example": ("broken", ["certificate_name_mismatch", "certificate_name_mismatch"]),
    "jinejmeno.example": ("broken", ["certificate_name_mismatch", "certificate_name_mismatch"]),
    "jinde.example": ("not_ours", ["not_hosted_here"]),
    "stehovani.example": ("works", []),
    "novaposta.example": ("works_but", ["mx_elsewhere"]),
    "rozpor.example": ("works_but", ["rows_disagree"]),
    "bezimap.example": ("works_but", ["row_missing"]),
    "kvetiny.example": ("works_but", ["spf_without_provider"]),
    "truhlar.example": ("works_but", ["automatic_elsewhere"]),
    "mlci.example": ("broken", ["server_silent"]),
    "neexistuje.example": ("broken", ["dns_nxdomain"]),
}
"""Verdict and findings of every customer of the playground, of a domain below one, and of one that is nobody's."""


@dataclass
class Desk:
    """A world and the bot's parts in it."""

    world: World
    parts: Parts

    async def ask(self, domain: str, *, fresh: bool = False, versions: bool = False, probe: bool = True) -> Status:
        """The status of a domain."""
        return await self.parts.status.status(named(domain), fresh=fresh, versions=versions, probe=probe)

    def add_customer(self, domain: str, rows: Records | None) -> None:
        """Add a domain on mail3 whose mail rows are these, or that has none; around them all is in order."""
        zone = dict(Customer(domain, MAIL3, {}, odd_rows=dict.fromkeys(LABELS)).zone())
        zone |= {f"{label}.{domain}": rows for label in LABELS} if rows is not None else {}
        self.world.names.zone = {**self.world.names.zone, **zone}

    def add(self, **rows: Records) -> None:
        """Add names to the zone; underscores of a keyword stand for dots."""
        self.world.names.zone = {**self.world.names.zone, **{name.replace("_", "."): row for name, row in rows.items()}}


def named(domain: str) -> DomainName:
    """A domain as parsed."""
    parsed = parse_domain(domain)
    assert isinstance(parsed, DomainName)
    return parsed


def codes(status: Status) -> list[str]:
    """The findings' codes."""
    return [finding.code for finding in status.findings]


@pytest.fixture
async def desk() -> AsyncIterator[Desk]:
    """A fresh world and fresh parts."""
    async with running_world() as world:
        yield Desk(world, Parts(world.config(MAILBOT_TIMEOUT="2"), dial=world.dial))


@pytest.mark.parametrize("domain", STATUSES)
async def test_every_customer_of_the_playground(desk: Desk, domain: str) -> None:
    """No finding more than its trouble, and none less."""
    assert set(desk.world.customers) < set(STATUSES)
    status = await desk.ask(domain)
    assert (status.verdict.value, codes(status)) == STATUSES[domain]


async def test_every_port_is_seen_with_sni_and_the_core_without_too(desk: Desk) -> None:
    """Port 25 is closed here, under the server's name, and that is no finding."""
    status = await desk.ask("example.cz")
    seen = {(s.port, s.sni, s.host): s.problem for s in status.services}
    assert seen == {
        (993, True, "mail.example.cz"): None, (993, False, "mail8.skok.cz"): None,
        (995, True, "mail.example.cz"): None, (995, False, "mail8.skok.cz"): None,
        (587, True, "smtp.example.cz"): None, (587, False, "mail8.skok.cz"): None,
        (143, True, "mail.example.cz"): None, (110, True, "mail.example.cz"): None,
        (465, True, "smtp.example.cz"): None, (25, True, "mail8.skok.cz"): "port_refused",
    }  # fmt: skip
    assert status.server is not None
    assert status.server.host == "mail8.skok.cz"


async def test_versions_are_measured_on_demand(desk: Desk) -> None:
    """From the lowest to the highest, and what old programs make of it."""
    status = await desk.ask("example.cz", versions=True)
    for service in status.services:
        if service.is_core:
            assert (service.versions.lowest, service.versions.highest) == (TlsVersion.TLS1_2, TlsVersion.TLS1_3)
    assert "outlook-2007-xp" in {trouble.client.id for trouble in status.troubles}


async def test_a_name_that_was_not_found_out_makes_no_trouble_of_a_server_that_insists_on_one(desk: Desk) -> None:
    """While the domain's own row is open, the ports are looked at under the server's name."""
    desk.world.mail_servers["mail8.skok.cz"].default = None
    desk.world.names.faults["mail.example.cz"] = ServFail()
    status = await desk.ask("example.cz")
    assert status.verdict is Verdict.UNKNOWN
    assert not status.has_errors


async def test_versions_of_a_server_that_insists_on_a_name(desk: Desk) -> None:
    """They are measured under the domain's name then."""
    desk.world.mail_servers["mail8.skok.cz"].default = None
    status = await desk.ask("example.cz", versions=True)
    assert codes(status) == ["tls_needs_sni"]
    assert {s.versions.lowest for s in status.services if s.is_core} == {TlsVersion.TLS1_2}


async def test_what_belongs_to_the_server_is_asked_once(desk: Desk) -> None:
    """A second domain on it makes no connection without SNI, and no measurement."""
    server = desk.world.mail_servers["mail8.skok.cz"]
    await desk.ask("example.cz", versions=True)
    await server.settled()
    made = len(server.visits)
    status = await desk.ask("novaposta.example")
    await server.settled()
    assert status.verdict is Verdict.WORKS_BUT
    assert all(visit.sni for visit in list(server.visits)[made:])
    await desk.ask("novaposta.example", fresh=True)
    await server.settled()
    assert not all(visit.sni for visit in list(server.visits)[made:])


async def test_the_core_comes_first_and_the_rest_later(desk: Desk) -> None:
    """At first nothing is known; the core is complete in itself; the whole has the other ports too."""
    async with desk.parts.status.begin(named("example.cz")) as inquiry:
        assert inquiry.so_far().verdict is Verdict.UNKNOWN
        core = await inquiry.core()
        assert (core.verdict, core.missing) == (Verdict.WORKS, ())
        whole = await inquiry.whole()
        assert {s.port for s in whole.services} > {s.port for s in core.services if s.problem is None}
        assert whole.verdict is Verdict.WORKS
    told: list[Status] = []
    status = await desk.parts.status.status(named("example.cz"), on_core=told.append)
    assert [told[0].verdict, status.verdict] == [Verdict.WORKS, Verdict.WORKS]


async def test_the_core_alone_connects_to_nothing_else(desk: Desk) -> None:
    """993 with SNI and without, 995 and 587 once each: a look at very many domains is polite."""
    dialled = Counter[int]()

    def dial(address: str, port: int) -> tuple[str, int]:
        dialled[port] += 1
        return desk.world.dial(address, port)

    lookup = Parts(desk.world.config(MAILBOT_TIMEOUT="2"), dial=dial).status
    async with lookup.begin(named("example.cz")) as inquiry:
        core = await inquiry.core()
    assert (core.verdict, dialled) == ("works", {993: 2, 995: 1, 587: 1})


async def test_so_far_names_what_is_missing(desk: Desk) -> None:
    """Sending hangs: meanwhile it is open, at the end it is silent; receiving is known early."""
    desk.world.mail_servers["mail8.skok.cz"].silent.add(587)
    async with desk.parts.status.begin(named("example.cz")) as inquiry:
        async with asyncio.timeout(1.5):
            while codes(so_far := inquiry.so_far()) != ["not_awaited"]:  # noqa: ASYNC110
                await asyncio.sleep(0.01)
        assert (so_far.verdict, so_far.missing) == (Verdict.UNKNOWN, ((Protocol.SMTP, 587),))
        whole = await inquiry.whole()
    assert (whole.verdict, codes(whole)) == (Verdict.BROKEN, ["server_silent"])


@pytest.mark.parametrize(("fault", "code"), [(ServFail(), "dns_servfail"), (Silent(), "dns_timeout")])
async def test_a_fault_of_dns_leaves_the_domain_open(desk: Desk, fault: ServFail | Silent, code: str) -> None:
    """It is no statement about the domain, whichever row it hits."""
    desk.world.names.fault = fault
    status = await desk.ask("example.cz")
    assert (status.verdict, codes(status)) == (Verdict.UNKNOWN, [code])


async def test_nothing_is_asked_from_the_sides_before_the_core_is_there(desk: Desk) -> None:
    """Nor ever without them, or around a domain that is somebody else's."""

    def kinds() -> set[str]:
        return {question.rtype for question in desk.world.names.questions}

    async with desk.parts.status.begin(named("example.cz")) as inquiry:
        inquiry.go_on()
        await inquiry.core()
        assert kinds() == {"A", "AAAA", "MX"}
    await StatusLookup(desk.parts.edges).status(named("example.cz"))
    assert kinds() == {"A", "AAAA", "MX"}
    await desk.ask("jinde.example")
    assert kinds() == {"A", "AAAA", "MX", "NS", "SOA"}
    await desk.ask("example.cz")
    assert kinds() > {"TXT", "CAA", "SRV", "DS"}


async def test_a_domain_that_moves_between_two_looks(desk: Desk) -> None:
    """Whoever kept the old answer is named, with the moment at which he forgets it; then all is well again."""
    async with NameServer(desk.world.names.zone, defaults=Defaults(900)) as public:
        settings = {"MAILBOT_TIMEOUT": "2", "MAILBOT_PUBLIC_RESOLVERS": "{}:{}".format(*public.address)}
        desk.parts = Parts(desk.world.config(**settings), dial=desk.world.dial)
        assert codes(await desk.ask("example.cz")) == []
        desk.world.move("example.cz", "mail3.skok.cz")
        moved = await desk.ask("example.cz", fresh=True)
        assert (moved.verdict, codes(moved)) == (Verdict.WORKS_BUT, ["old_answer_cached"])
        assert moved.server is not None
        assert moved.clock is not None
        assert (moved.server.host, moved.clock.old, moved.clock.new) == (MAIL3, MAIL8, MAIL3)
        assert moved.clock.until is not None
        assert 895 <= (moved.clock.until - moved.checked_at).total_seconds() <= 900
        public.zone = desk.world.names.zone
        assert (await desk.ask("example.cz", fresh=True)).verdict is Verdict.WORKS


async def test_clock_and_rows_are_of_one_mind(desk: Desk) -> None:
    """Out of the cache our resolver is the one that keeps the old answer; past the cache both have the new one."""
    desk.world.names.defaults = Defaults(300)
    await desk.ask("example.cz")
    desk.world.move("example.cz", "mail3.skok.cz")
    kept = await desk.ask("example.cz")
    assert kept.server is not None
    assert kept.clock is not None
    assert (kept.server.host, kept.clock.state, kept.clock.new) == (MAIL8, State.MOVING, MAIL3)
    assert "old_answer_cached" in codes(kept)
    fresh = await desk.ask("example.cz", fresh=True)
    assert fresh.server is not None
    assert fresh.clock is not None
    assert (fresh.server.host, fresh.clock.state, codes(fresh)) == (MAIL3, State.SETTLED, [])


async def test_what_was_mended_around_the_mail_is_seen_past_the_cache(desk: Desk) -> None:
    """As with rows: not before the cache forgets, or is passed by."""
    desk.world.names.defaults = Defaults(300)
    await desk.ask("kvetiny.example")
    desk.world.names.zone = {**desk.world.names.zone, **Customer("kvetiny.example", MAIL3, {}).zone(serial=2)}
    assert codes(await desk.ask("kvetiny.example")) == ["spf_without_provider"]
    assert codes(await desk.ask("kvetiny.example", fresh=True)) == []


async def test_an_exchanger_is_ours_by_any_servers_address(desk: Desk) -> None:
    """Under whatever name; one that is nobody's is elsewhere, and both are told once."""
    own: Records = {**desk.world.names.zone["example.cz"], "MX": [(10, "mail8.skok.cz"), (20, "mx.example.cz")]}
    desk.add(**{"example.cz": own, "mx.example.cz": {"A": "127.0.1.3"}})
    assert codes(await desk.ask("example.cz")) == []
    desk.add(**{"mx.example.cz": {"A": "127.0.1.99"}})
    status = await desk.ask("example.cz", fresh=True)
    assert [finding.sentence for finding in status.findings] == ["mx_partly_elsewhere"]


async def test_silent_name_servers_cost_no_verdict(desk: Desk) -> None:
    """Neither the zone's own nor a public one, and the time limit holds."""
    async with NameServer() as dead:
        dead.fault = Silent()
        settings = {"MAILBOT_TIMEOUT": "2", "MAILBOT_PUBLIC_RESOLVERS": "{}:{}".format(*dead.address)}

        def dial(address: str, port: int) -> tuple[str, int]:
            return dead.address if port == 53 else desk.world.dial(address, port)

        desk.parts = Parts(desk.world.config(**settings), dial=dial)
        start = asyncio.get_running_loop().time()
        status = await desk.ask("example.cz")
        assert asyncio.get_running_loop().time() - start < 2.5
    assert (status.verdict, codes(status)) == (Verdict.WORKS, ["authorities_unknown"])


async def test_wrong_signatures_are_why_there_are_no_rows(desk: Desk) -> None:
    """Our resolver checks them, and gives the answer when told not to."""
    signed = {**desk.world.names.zone["example.cz"], "DS": "1 13 2 " + "ab" * 32}
    desk.add(**{"example.cz": signed})
    desk.world.names.fault = Bogus()
    status = await desk.ask("example.cz")
    assert (status.verdict, codes(status)) == (Verdict.BROKEN, ["dnssec_bogus", "dns_servfail"])


async def test_a_row_not_found_out_costs_only_itself(desk: Desk) -> None:
    """The pop row is silent; a slow MX is said to be open too."""
    desk.world.names.faults = {"pop.example.cz": Silent(), ("example.cz", "MX"): Delay(30)}
    status = await desk.ask("example.cz")
    assert (status.verdict, codes(status)) == (Verdict.WORKS, ["dns_timeout", "around_unknown"])
    assert status.findings[1].params["questions"] == "MX example.cz"


async def test_rows_with_addresses_are_told_whose_they_are(desk: Desk) -> None:
    """By the addresses of the servers; one that is nobody's of ours leads elsewhere, and is not connected to."""
    desk.add_customer("primy.example", {"A": "127.0.1.3"})
    desk.add(pop_primy_example={"A": "127.0.1.99"})
    status = await desk.ask("primy.example", probe=False)
    assert (status.verdict, codes(status)) == (Verdict.BROKEN, ["rows_disagree"])
    assert status.rows == {
        "imap": "mail3.skok.cz", "mail": "mail3.skok.cz", "smtp": "mail3.skok.cz", "pop": "127.0.1.99",
    }  # fmt: skip
    assert not status.services


async def test_every_address_of_a_name_is_looked_at(desk: Desk) -> None:
    """The second one has nobody listening: named, and a warning while the first works."""
    desk.add(**{"mail8.skok.cz": {"A": ["127.0.1.8", "127.0.1.88"], "AAAA": "::1"}})
    status = await desk.ask("example.cz")
    assert {s.address for s in status.services} == {"127.0.1.8", "127.0.1.88", "::1"}
    assert status.verdict is Verdict.WORKS_BUT
    assert {f.code: f.params["where"] for f in status.findings if f.params["host"] == "mail.example.cz"} == {
        "port_refused": "IMAP 993, POP3 995 (127.0.1.88)",
        "address_not_public": "IMAP 993, POP3 995 (::1)",
    }


async def test_a_server_is_judged_at_its_ipv6_address_too(desk: Desk) -> None:
    """There it shows another certificate than at its IPv4 address: the finding names the address."""
    wrong = desk.world.authority.issue(["panel.example"])
    async with MailServer(wrong, address="::1") as server:
        real = dial_map([server])

        def dial(address: str, port: int) -> tuple[str, int]:
            return real.get((address, port)) or desk.world.dial(address, port)

        settings = {"MAILBOT_ALLOW_NETWORKS": "127.0.0.0/8,::1/128", "MAILBOT_TIMEOUT": "2"}
        desk.parts = Parts(desk.world.config(**settings), dial=dial)
        desk.add(**{"mail8.skok.cz": {"A": "127.0.1.8", "AAAA": "::1"}})
        status = await desk.ask("example.cz")
    assert status.verdict is Verdict.BROKEN
    assert {(finding.code, finding.params["where"]) for finding in status.findings} == {
        ("certificate_name_mismatch", "IMAP 993, POP3 995, IMAP 143, POP3 110 (::1)"),
        ("certificate_name_mismatch", "SMTP 587, SMTP 465 (::1)"),
        ("no_sni_certificate_name_mismatch", "IMAP 993, POP3 995, SMTP 587 (::1)"),
    }


async def test_without_rows_only_the_server_itself_is_looked_at(desk: Desk) -> None:
    """It is known by the MX; nothing is asked for under names that do not exist."""
    desk.add_customer("jenmx.example", None)
    status = await desk.ask("jenmx.example")
    assert codes(status) == ["row_missing"] * 4
    assert {s.host for s in status.services} == {"mail3.skok.cz"}
    assert status.verdict is Verdict.BROKEN


async def test_a_server_is_looked_at_under_its_own_name(desk: Desk) -> None:
    """Every port, with SNI and without, and its TLS versions; port 25 is closed here."""
    status = await desk.parts.server_status.status(ServerName("mail8.skok.cz", 8))
    assert (status.verdict, status.findings) == (Verdict.WORKS, ())
    assert {s.port for s in status.services if s.problem is None} == {993, 995, 587, 143, 110, 465}
    assert {s.versions.lowest for s in status.services if s.is_core} == {TlsVersion.TLS1_2}
    gone = await desk.parts.server_status.status(ServerName("mail9.skok.cz", 9))
    assert (gone.verdict, [f.code for f in gone.findings]) == (Verdict.BROKEN, ["dns_nxdomain"])


async def test_a_silent_port_of_a_server_leaves_the_others_known(desk: Desk) -> None:
    """It is told when its time is over."""
    status = await desk.parts.server_status.status(ServerName("mail5.skok.cz", 5))
    assert (status.verdict, [f.code for f in status.findings]) == (Verdict.BROKEN, ["server_silent"])


async def test_a_server_tells_so_far_what_is_missing(desk: Desk) -> None:
    """As a domain does: nothing before its address is known; at the end the silent port is told."""
    desk.world.mail_servers["mail8.skok.cz"].silent.add(587)
    async with desk.parts.server_status.begin(ServerName("mail8.skok.cz", 8), domains=("example.cz",)) as inquiry:
        assert (inquiry.so_far().verdict, inquiry.so_far().services) == (Verdict.UNKNOWN, ())
        async with asyncio.timeout(1.5):
            while inquiry.so_far().missing != ((Protocol.SMTP, 587),):  # noqa: ASYNC110
                await asyncio.sleep(0.01)
        whole = await inquiry.whole()
    assert (whole.verdict, [finding.code for finding in whole.findings]) == (Verdict.BROKEN, ["server_silent"])
    assert whole.domains == ("example.cz",)


async def test_silence_everywhere_ends_in_time_and_is_told_of_every_client(desk: Desk) -> None:
    """Measuring versions takes no longer than the answer may; what stays open is not guessed."""
    desk.world.mail_servers["mail8.skok.cz"].silent.update((993, 995, 587, 143, 110, 465))
    async with asyncio.timeout(4):
        status = await desk.ask("example.cz", versions=True)
    assert status.verdict is Verdict.BROKEN
    fares = {one.client.id: (one.entry, one.reason.code if one.reason else "") for one in status.reached}
    assert fares["thunderbird-78"] == (Entry.STOPPED, "server_silent")
    assert all(entry is not Entry.IN for entry, _ in fares.values())


async def test_every_client_is_told_of_by_what_was_measured(desk: Desk) -> None:
    """Old programs by their gate, new ones as getting in."""
    status = await desk.ask("example.cz", versions=True)
    fares = {one.client.id: one.entry for one in status.reached}
    assert (fares["outlook-2007-xp"], fares["thunderbird-78"]) == (Entry.STOPPED, Entry.IN)
    assert Entry.OPEN not in fares.values()


async def test_only_addresses_known_as_a_servers_are_connected_to(desk: Desk) -> None:
    """A row with one of ours beside somebody else's: the other one is none of our business."""
    desk.add_customer("dve.example", {"A": ["127.0.1.3", "127.0.1.99"]})
    status = await desk.ask("dve.example")
    assert {s.address for s in status.services} == {"127.0.1.3"}
    assert set(codes(status)) == {"certificate_name_mismatch"}
