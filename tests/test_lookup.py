"""The whole way from a request to an answer, over real DNS and real TLS on loopback."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from bot.answer import FoundBy, Outcome, Refusal, SettingsAnswer
from bot.compose import Parts, now
from bot.facts import Security
from bot.playground.mail import MailServer, dial_map
from bot.playground.names import Delay, Refused, ServFail, Silent
from bot.playground.world import World, running_world
from bot.playground.zone import Records
from bot.request import HostKind, SettingsRequest, parse_settings_request


@dataclass
class Desk:
    """A world and the bot's parts in it: `await desk.ask("example.cz outlook-2007")`."""

    world: World
    parts: Parts

    async def ask(self, text: str, *, host_kind: HostKind | None = None, **options: bool) -> Outcome:
        """The answer to what an agent types."""
        request = parse_settings_request(text, self.parts.matcher.match, self.parts.profile)
        assert isinstance(request, SettingsRequest), request
        return await self.parts.lookup.settings(replace(request, host_kind=host_kind), **options)

    async def settings(self, text: str, *, host_kind: HostKind | None = None, **options: bool) -> SettingsAnswer:
        """The same, where settings are expected."""
        outcome = await self.ask(text, host_kind=host_kind, **options)
        assert isinstance(outcome, SettingsAnswer), outcome
        return outcome

    async def refusal(self, text: str) -> Refusal:
        """The same, where none are expected."""
        outcome = await self.ask(text)
        assert isinstance(outcome, Refusal), outcome
        return outcome

    def add(self, **rows: Records) -> None:
        """Add names to the zone; underscores of a keyword stand for dots."""
        self.world.names.zone = {**self.world.names.zone, **{name.replace("_", "."): row for name, row in rows.items()}}


@pytest.fixture
async def desk() -> AsyncIterator[Desk]:
    """A fresh world and fresh parts."""
    async with running_world() as world:
        yield Desk(world, Parts(world.config(MAILBOT_TIMEOUT="2"), dial=world.dial))


def codes(answer: SettingsAnswer) -> list[str]:
    """The codes of an answer's warnings, in order."""
    return [note.code for note in answer.warnings]


async def test_a_client_with_sni_gets_the_domains_name_proved_both_ways(desk: Desk) -> None:
    """Thunderbird gets mail. and smtp. of the domain, both parts verified, nothing to warn about."""
    answer = await desk.settings("example.cz thunderbird-78")
    assert answer.incoming is not None
    assert (answer.incoming.host, answer.incoming.port) == ("mail.example.cz", 993)
    assert (answer.outgoing.host, answer.outgoing.port) == ("smtp.example.cz", 587)
    assert answer.verified
    assert codes(answer) == []
    assert (answer.server.host, answer.server.number, answer.server.found_by) == ("mail8.skok.cz", 8, FoundBy.CNAME)


async def test_a_client_without_sni_gets_the_servers_name(desk: Desk) -> None:
    """Outlook 2007 with Windows unknown gets mail8, is told that it may move, and what holds if this is XP."""
    answer = await desk.settings("example.cz outlook-2007")
    assert answer.incoming is not None
    assert (answer.incoming.host, answer.outgoing.host) == ("mail8.skok.cz", "mail8.skok.cz")
    assert answer.verified
    assert codes(answer) == ["client_needs_preparation", "server_may_move", "worst_case_tls", "client_tls_unknown"]
    assert answer.reasons[0].code == "client_without_sni"


async def test_a_client_that_no_name_can_help_is_told_so_first(desk: Desk) -> None:
    """iOS 9 speaks TLS 1.0 at most: the warning comes first, the settings follow, nothing is verified."""
    answer = await desk.settings("example.cz ios-9")
    assert codes(answer)[0] == "client_tls_too_old"
    assert answer.cannot_work
    assert not answer.verified
    assert answer.incoming is not None


async def test_an_unknown_sni_is_verified_only_when_both_ways_hold(desk: Desk) -> None:
    """Outlook 2013 gets the domain's name first, not verified, since without SNI another certificate is shown."""
    answer = await desk.settings("example.cz outlook-2013")
    assert answer.incoming is not None
    assert answer.incoming.host == "mail.example.cz"
    assert not answer.verified
    assert answer.reasons[0].code == "client_sni_unknown"


@pytest.mark.parametrize(
    ("domain", "code"),
    [("propadla.example", "domain_certificate_broken"), ("bezcertifikatu.example", "domain_certificate_broken")],
)
async def test_a_broken_certificate_of_the_domain_gives_the_servers_name_as_a_stopgap(
    desk: Desk, domain: str, code: str
) -> None:
    """The server's name is proved with SNI too, and the warning about moves comes with it."""
    answer = await desk.settings(f"{domain} thunderbird-78")
    assert answer.incoming is not None
    assert answer.incoming.host == "mail8.skok.cz"
    assert answer.verified
    assert answer.reasons[0].code == code
    assert "server_may_move" in codes(answer)


async def test_the_other_variant_is_proved_its_own_way(desk: Desk) -> None:
    """Asked for the server's name, Thunderbird's answer is proved with that name as SNI."""
    answer = await desk.settings("example.cz thunderbird-78", host_kind=HostKind.SERVER)
    assert answer.incoming is not None
    assert answer.incoming.host == "mail8.skok.cz"
    assert answer.verified
    assert answer.other_hosts == {HostKind.DOMAIN: "mail.example.cz"}


async def test_pop3_goes_by_the_pop_row(desk: Desk) -> None:
    """The server comes from the row of the protocol asked for, and rows that disagree are reported."""
    desk.add(pop_example_cz={"CNAME": "mail3.skok.cz"})
    answer = await desk.settings("example.cz outlook-2007 pop3")
    assert answer.server.host == "mail3.skok.cz"
    assert "rows_disagree" in codes(answer)


async def test_new_mail_elsewhere_is_the_first_warning(desk: Desk) -> None:
    """Our rows but an MX at Microsoft 365."""
    answer = await desk.settings("novaposta.example outlook-365")
    assert codes(answer)[0] == "mx_elsewhere"
    assert answer.warnings[0].params["provider"] == "Microsoft 365"


@pytest.mark.parametrize(
    ("rows", "code"),
    [
        ({}, "dns_nxdomain"),
        ({"x_example": {"TXT": ["here"]}}, "dns_no_rows"),
        ({"imap_x_example": {"CNAME": "imap.gmail.com"}}, "not_hosted_here"),
        ({"imap_x_example": {"CNAME": "mail8.skok.cz.x.example"}, "mail8_skok_cz_x_example": {"A": "127.0.1.8"}}, ""),
        ({"imap_x_example": {"CNAME": "mail9.skok.cz"}}, "dns_dangling_cname"),
        ({"imap_x_example": {"CNAME": "a.x.example"}, "a_x_example": {"CNAME": "imap.x.example"}}, "dns_cname_loop"),
    ],
)
async def test_the_ways_of_not_being_there_are_told_apart(desk: Desk, rows: dict[str, Records], code: str) -> None:
    """No such name, no rows, another provider, a dangling and a circular CNAME; a look-alike counts by its address."""
    desk.add(**rows)
    outcome = await desk.ask("x.example thunderbird")
    if code:
        assert isinstance(outcome, Refusal)
        assert outcome.note.code == code
    else:
        assert isinstance(outcome, SettingsAnswer)
        assert outcome.server.found_by is FoundBy.ADDRESS


@pytest.mark.parametrize(
    ("fault", "code"), [(ServFail(), "dns_servfail"), (Refused(), "dns_servfail"), (Silent(), "dns_timeout")]
)
async def test_a_fault_of_dns_is_no_statement_about_the_domain(desk: Desk, fault: object, code: str) -> None:
    """SERVFAIL, REFUSED and silence leave the question open."""
    desk.world.names.fault = fault  # type: ignore[assignment]
    refusal = await desk.refusal("example.cz thunderbird")
    assert refusal.note.code == code
    assert refusal.is_open


async def test_servers_are_found_by_address_and_by_mx(desk: Desk) -> None:
    """A row with a bare address is matched against the servers' own addresses; without rows the MX tells."""
    for label in ("imap", "mail", "pop", "smtp"):
        desk.add(**{f"{label}_primy_example": {"A": "127.0.1.3"}})
    found = (await desk.settings("primy.example outlook-2007")).server
    assert (found.host, found.found_by) == ("mail3.skok.cz", FoundBy.ADDRESS)
    desk.add(jenmx_example={"MX": [(10, "mail3.skok.cz")]})
    answer = await desk.settings("jenmx.example outlook-2007")
    assert (answer.server.host, answer.server.found_by) == ("mail3.skok.cz", FoundBy.MX)
    assert "row_missing" in codes(answer)


async def test_a_subdomain_without_rows_is_answered_for_the_registrable_domain(desk: Desk) -> None:
    """And that is said; a subdomain with rows of its own is answered for itself."""
    answer = await desk.settings("eshop.example.cz thunderbird")
    assert answer.domain.ascii == "example.cz"
    assert "registrable_domain" in codes(answer)
    desk.add(imap_pobocka_example_cz={"CNAME": "mail3.skok.cz"}, mail_pobocka_example_cz={"CNAME": "mail3.skok.cz"})
    answer = await desk.settings("pobocka.example.cz outlook-2007")
    assert (answer.domain.ascii, answer.server.host) == ("pobocka.example.cz", "mail3.skok.cz")


async def test_a_client_that_only_sends_has_no_incoming_half(desk: Desk) -> None:
    """A printer is told about submission only."""
    answer = await desk.settings("example.cz printer")
    assert answer.incoming is None
    assert answer.outgoing.port == 587


async def test_one_hung_port_delays_no_other_part_and_the_whole_ends_in_time(desk: Desk) -> None:
    """Sending hangs: receiving is verified all the same, and the answer comes within the timeout."""
    held = asyncio.Event()

    async def hang(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await held.wait()
        writer.close()

    server = await asyncio.start_server(hang, "127.0.1.8", 0)
    try:
        desk.world.mail_servers["mail8.skok.cz"].ports[587] = server.sockets[0].getsockname()[:2]
        answer = await desk.settings("example.cz thunderbird-78")
        assert answer.incoming is not None
        assert answer.incoming.verified
        assert not answer.outgoing.verified
        assert "server_silent" in codes(answer)
    finally:
        held.set()
        server.close()


async def test_a_slow_mx_is_not_waited_for_and_that_is_said(desk: Desk) -> None:
    """What is merely good to know gets a short grace."""
    desk.world.names.faults = {("example.cz", "MX"): Delay(30)}
    answer = await desk.settings("example.cz thunderbird-78")
    assert answer.verified
    assert codes(answer) == ["mx_not_known"]
    assert answer.expires_at <= now()  # what was left open is asked again, not served from a cache


async def test_caches_are_used_and_bypassed_when_asked(desk: Desk) -> None:
    """A second answer asks nothing; *check again* asks everything, and sees a move."""
    await desk.settings("example.cz thunderbird-78")
    asked = len(desk.world.names.questions)
    await desk.settings("example.cz thunderbird-78")
    assert len(desk.world.names.questions) == asked
    for label in ("imap", "mail", "pop", "smtp"):
        desk.add(**{f"{label}_example_cz": {"CNAME": "mail3.skok.cz"}})
    assert (await desk.settings("example.cz outlook-2007")).server.host == "mail8.skok.cz"
    assert (await desk.settings("example.cz outlook-2007", fresh=True)).server.host == "mail3.skok.cz"


async def test_without_probing_nothing_is_connected_to_and_nothing_is_claimed(desk: Desk) -> None:
    """`--no-probe` answers from DNS and the catalogue alone."""
    answer = await desk.settings("example.cz outlook-2007", probe=False)
    assert not answer.verified
    assert all(not server.visits for server in desk.world.mail_servers.values())


async def test_only_allowed_addresses_are_connected_to(desk: Desk) -> None:
    """A provider's server with a private address is not probed unless the network is allowed."""
    parts = Parts(desk.world.config(MAILBOT_ALLOW_NETWORKS="192.0.2.0/24", MAILBOT_TIMEOUT="2"), dial=desk.world.dial)
    answer = await Desk(desk.world, parts).settings("example.cz thunderbird-78")
    assert codes(answer)[:1] == ["address_not_public"]
    assert not answer.verified


async def test_a_second_provider_needs_no_code() -> None:
    """Other server names, hosts and ports come from a profile alone: IMAP by STARTTLS on 143, sending on 465."""
    profile = Path(__file__).parent / "provider" / "second.toml"
    async with running_world() as world:
        identity = world.authority.issue(["imap.kunde.example", "out.kunde.example"])
        server = MailServer(identity, address="127.0.1.44")
        async with server:
            rows: Records = {"CNAME": "node-117.mail.hoster.example"}
            hosts = dict.fromkeys(("imap", "mail", "pop", "out"), rows)
            world.names.zone = {
                **world.names.zone,
                **{f"{label}.kunde.example": row for label, row in hosts.items()},
                "node-117.mail.hoster.example": {"A": "127.0.1.44"},
                "kunde.example": {"MX": [(10, "mx.hoster.example")]},
            }
            dialled = dial_map([server])
            parts = Parts(world.config(MAILBOT_PROVIDER=str(profile)), dial=lambda *told: dialled.get(told, told))
            answer = await Desk(world, parts).settings("kunde.example thunderbird-78")
    assert answer.incoming is not None
    incoming, outgoing = answer.incoming, answer.outgoing
    assert (incoming.host, incoming.port, incoming.security) == ("imap.kunde.example", 143, Security.STARTTLS)
    assert (outgoing.host, outgoing.port, outgoing.security) == ("out.kunde.example", 465, Security.IMPLICIT_TLS)
    assert answer.verified
    assert (answer.server.host, answer.server.number) == ("node-117.mail.hoster.example", 117)
    assert answer.username == "whole e-mail address"


async def test_what_the_program_says_is_judged_by_what_was_seen(desk: Desk) -> None:
    """With settings and without; where nothing was connected to, nothing is claimed."""
    answer = await desk.settings("example.cz thunderbird-78 0x800CCC0E")
    assert answer.diagnosis is not None
    assert answer.diagnosis.cause == "connect-works"
    answer = await desk.settings("example.cz thunderbird-78 0x800CCC0E", probe=False)
    assert answer.diagnosis is not None
    assert answer.diagnosis.cause == "connect"
    refusal = await desk.refusal("jinde.example thunderbird-78 550")
    assert refusal.diagnosis is not None
    assert (refusal.diagnosis.symptom, refusal.diagnosis.cause) == ("0x800ccc79", "not-hosted")
