"""The resolver edge against real name servers on loopback."""

from __future__ import annotations

import asyncio
import os
import socket
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import dns.flags
import dns.rcode
import dns.rdata
import pytest

from bot.facts import DnsAnswer, Outcome
from bot.network.resolver import NameServerAddress, Resolver
from bot.playground.names import Delay, Exchange, Fault, NameServer, Refused, ServFail, Silent
from bot.playground.zone import Zone
from tests.fakes.names import (
    BigSet,
    CutOff,
    EndlessChain,
    Garbage,
    Once,
    PointerLoop,
    TcpSilent,
    Truncated,
    TruncatedForEver,
    Twice,
    WrongId,
    WrongQuestion,
)

ZONE: Zone = {
    "imap.example.cz": {"TTL": 600, "CNAME": "Alias.example.cz"},
    "alias.example.cz": {"TTL": 30, "CNAME": "mail8.skok.cz"},
    "mail8.skok.cz": {"TTL": 300, "A": ["127.0.1.9", "127.0.1.10"], "AAAA": ["2001:DB8:0:0::8"]},
    "example.cz": {"MX": [(20, "b.skok.cz"), (10, "z.skok.cz"), (20, "a.skok.cz")]},
    "nomail.cz": {"MX": [(0, ".")]},
    "8.1.0.127.in-addr.arpa": {"PTR": ["mail8.skok.cz"]},
    "mail.lost.cz": {"CNAME": "gone.skok.cz"},
    "mail.circle.cz": {"CNAME": "pop.circle.cz"},
    "pop.circle.cz": {"CNAME": "mail.circle.cz"},
    "never-kept.cz": {"TTL": 0, "A": "127.0.1.1"},
    "for-ever.cz": {"TTL": 2_147_483_647, "A": "127.0.1.1"},
    "text-only.cz": {"TXT": "hello"},
    "to-text.cz": {"CNAME": "text-only.cz"},
}


class Clock:
    """A clock that the test sets."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def go_on(self, **time: float) -> None:
        self.now += timedelta(**time)


class FirstLinkOnly(Fault):
    """Knows the CNAME and not where it leads, as an authoritative server of one zone does."""

    async def packets(self, exchange: Exchange) -> Sequence[bytes]:
        exchange.reply.answer[1:] = []
        exchange.reply.authority.clear()
        exchange.reply.set_rcode(dns.rcode.NOERROR if exchange.reply.answer else exchange.reply.rcode())
        return [exchange.wire()]


class TwoStrings(Fault):
    """Adds a text of two strings, as long records have."""

    async def packets(self, exchange: Exchange) -> Sequence[bytes]:
        two = dns.rdata.from_text("IN", "TXT", '"one" "two"')
        exchange.reply.answer[0].add(two)
        return [exchange.wire()]


class Signed(Fault):
    """Answers honestly, with the AD bit or without, and keeps what it was asked for."""

    def __init__(self, says_so: bool) -> None:
        self.says_so, self.asked = says_so, 0

    async def packets(self, exchange: Exchange) -> Sequence[bytes]:
        self.asked = exchange.query.flags
        exchange.reply.flags |= dns.flags.AD if self.says_so else 0
        return [exchange.wire()]


class Gate(Fault):
    """Answers when the test opens it."""

    def __init__(self) -> None:
        self.opened, self.reached = asyncio.Event(), asyncio.Event()

    async def packets(self, exchange: Exchange) -> Sequence[bytes]:
        self.reached.set()
        await self.opened.wait()
        return [exchange.wire()]


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def resolver(name_server: NameServer, clock: Clock) -> Resolver:
    name_server.zone = ZONE
    return resolver_for(name_server, clock=clock)


def resolver_for(*servers: NameServer, clock: Clock, **options: float) -> Resolver:
    addresses = [NameServerAddress(*server.address) for server in servers]
    return Resolver(addresses, clock=clock, **options)  # type: ignore[arg-type]


def soon(seconds: float = 5.0) -> float:
    return asyncio.get_running_loop().time() + seconds


async def look_up(
    resolver: Resolver, name: str, rtype: str = "A", *, within: float = 5.0, fresh: bool = False
) -> DnsAnswer:
    return await resolver.look_up(name, rtype, deadline=soon(within), fresh=fresh)


# What an answer says


async def test_the_chain_is_kept_whole(resolver: Resolver, clock: Clock) -> None:
    """Every link in order, in lower case; the shortest TTL counts; addresses are canonical and in order."""
    answer = await look_up(resolver, "imap.example.cz")
    assert answer == DnsAnswer(
        "imap.example.cz",
        "A",
        Outcome.FOUND,
        clock.now,
        ("alias.example.cz", "mail8.skok.cz"),
        ("127.0.1.9", "127.0.1.10"),
        30,
        link_ttls=(600, 30),
    )
    assert (await look_up(resolver, "imap.example.cz", "AAAA")).values == ("2001:db8::8",)


async def test_exchanges_are_ordered_by_preference(resolver: Resolver) -> None:
    """Equal preferences by name; the null MX (RFC 7505) is the empty name."""
    assert (await look_up(resolver, "example.cz", "MX")).values == ("z.skok.cz", "a.skok.cz", "b.skok.cz")
    assert (await look_up(resolver, "nomail.cz", "MX")).values == ("",)


@pytest.mark.parametrize(
    ("rtype", "values"),
    [
        ("NS", ("ns1.skok.cz", "ns2.skok.cz")),
        ("SOA", ("ns1.skok.cz. host.skok.cz. 2026112301 3600 600 86400 60",)),
        ("TXT", ('"a \\"quoted\\" \\195\\169"', '"one" "two"', '"v=spf1 -all"')),
        ("CAA", ('0 issue "letsencrypt.org"', '128 odd "\\009"')),
        ("SRV", ("0 9 993 mail.all.cz.", "0 1 993 pop.all.cz.", "5 0 993 .")),
        ("DS", ("12345 13 2 " + "ab" * 32,)),
    ],
)
async def test_whole_records_lose_nothing(name_server: NameServer, clock: Clock, rtype: str, values: object) -> None:
    """Texts keep their parts and odd bytes, names lose their case; records come in an order of their own."""
    name_server.zone = {
        "all.cz": {
            "NS": ["NS2.skok.cz", "ns1.skok.cz"],
            "SOA": "NS1.skok.cz. host.skok.cz. 2026112301 3600 600 86400 60",
            "TXT": ["v=spf1 -all", 'a "quoted" é'],
            "CAA": ['128 odd "\\009"', '0 issue "letsencrypt.org"'],
            "SRV": ["5 0 993 .", "0 1 993 pop.all.cz.", "0 9 993 Mail.all.cz."],
            "DS": "12345 13 2 " + "AB" * 32,
        }
    }
    if rtype == "TXT":
        name_server.faults["all.cz"] = TwoStrings()
    answer = await look_up(resolver_for(name_server, clock=clock), "all.cz", rtype)
    assert (answer.outcome, answer.values) == (Outcome.FOUND, values)


@pytest.mark.parametrize(("says_so", "unchecked"), [(True, False), (False, True)])
async def test_signatures_are_the_resolvers_word(
    name_server: NameServer, clock: Clock, says_so: bool, unchecked: bool
) -> None:
    """It is asked whether they hold (AD), or to answer even where they do not (CD); its AD bit is what counts."""
    name_server.zone = ZONE
    name_server.fault = fault = Signed(says_so)
    answer = await look_up(resolver_for(name_server, clock=clock, unchecked=unchecked), "imap.example.cz")
    assert answer.authenticated is says_so
    assert fault.asked == dns.flags.RD | dns.flags.AD | (dns.flags.CD if unchecked else 0)


async def test_nothing_is_authenticated_that_was_not_answered(name_server: NameServer, clock: Clock) -> None:
    """Silence is no proof of anything."""
    name_server.fault = Silent()
    answer = await look_up(resolver_for(name_server, clock=clock), "example.cz", within=0.05)
    assert (answer.outcome, answer.authenticated) == (Outcome.TIMEOUT, False)


async def test_an_address_has_names(resolver: Resolver) -> None:
    """PTR records are found by the address."""
    assert (await resolver.look_up_ptr("127.0.1.8", deadline=soon())).values == ("mail8.skok.cz",)
    with pytest.raises(ValueError, match="does not appear"):
        await resolver.look_up_ptr("mail8.skok.cz", deadline=soon())


@pytest.mark.parametrize(
    ("name", "rtype", "outcome", "chain"),
    [
        ("nobody.example.org", "A", Outcome.NXDOMAIN, ()),
        ("mail8.skok.cz", "MX", Outcome.NO_DATA, ()),
        ("to-text.cz", "A", Outcome.NO_DATA, ("text-only.cz",)),
        ("mail.lost.cz", "A", Outcome.DANGLING, ("gone.skok.cz",)),
        ("mail.circle.cz", "A", Outcome.LOOP, ("pop.circle.cz", "mail.circle.cz")),
    ],
)
@pytest.mark.parametrize("fault", [None, FirstLinkOnly()], ids=["recursive", "authoritative"])
async def test_what_is_not_found_says_how(
    resolver: Resolver,
    name_server: NameServer,
    fault: Fault | None,
    name: str,
    rtype: str,
    outcome: Outcome,
    chain: tuple[str, ...],
) -> None:
    """The kinds of "not so" are told apart, by a resolver and by a server that knows one link at a time."""
    name_server.fault = fault
    answer = await look_up(resolver, name, rtype)
    assert (answer.outcome, answer.chain, answer.values) == (outcome, chain, ())


async def test_a_denial_through_a_chain_costs_one_question(resolver: Resolver, name_server: NameServer) -> None:
    """A recursive resolver's word on the end of the chain is taken: IPv6 is mostly missing."""
    await look_up(resolver, "to-text.cz", "AAAA")
    assert len(name_server.questions) == 1


async def test_an_authoritative_server_is_asked_link_by_link(resolver: Resolver, name_server: NameServer) -> None:
    """The chain is as whole as a recursive resolver's."""
    name_server.fault = FirstLinkOnly()
    answer = await look_up(resolver, "imap.example.cz")
    assert answer.chain == ("alias.example.cz", "mail8.skok.cz")
    assert answer.values == ("127.0.1.9", "127.0.1.10")
    assert [question.name for question in name_server.questions] == [
        "imap.example.cz",
        "alias.example.cz",
        "mail8.skok.cz",
    ]


async def test_a_refused_target_keeps_the_chain(resolver: Resolver, name_server: NameServer) -> None:
    """What is known of the chain is not lost when its end is not told."""
    name_server.fault = FirstLinkOnly()
    name_server.faults["alias.example.cz"] = Refused()
    answer = await look_up(resolver, "imap.example.cz")
    assert (answer.outcome, answer.chain, answer.ttl) == (Outcome.SERVFAIL, ("alias.example.cz",), 0)


async def test_a_chain_without_end_is_a_loop(resolver: Resolver, name_server: NameServer) -> None:
    """Sixteen links are followed."""
    name_server.fault = EndlessChain()
    answer = await look_up(resolver, "n0.chain.cz")
    assert (answer.outcome, answer.detail) == (Outcome.LOOP, "more than 16 links")
    assert len(name_server.questions) == 17


# Broken and hostile servers


@pytest.mark.parametrize("fault", [Truncated(), Twice(), WrongId(then_honest=True)], ids=repr)
async def test_an_honest_answer_gets_through(resolver: Resolver, name_server: NameServer, fault: Fault) -> None:
    """Truncation leads to TCP; forged and doubled datagrams change nothing."""
    name_server.fault = fault
    assert (await look_up(resolver, "mail8.skok.cz")).values == ("127.0.1.9", "127.0.1.10")


@pytest.mark.parametrize("count", [60, 300])
async def test_a_huge_set_is_kept_within_a_bound(resolver: Resolver, name_server: NameServer, count: int) -> None:
    """Sixty addresses come whole; of hundreds, over TCP, the same 64 every time."""
    name_server.fault = BigSet(count)
    answer = await look_up(resolver, "mail8.skok.cz")
    assert answer.values == tuple(f"127.9.0.{number}" for number in range(1, min(count, 64) + 1))


async def test_an_enormous_answer_is_not_read(resolver: Resolver, name_server: NameServer) -> None:
    """Parsing it would hold everybody up."""
    name_server.fault = BigSet(3000)
    answer = await look_up(resolver, "mail8.skok.cz")
    assert answer.outcome is Outcome.SERVFAIL
    assert "is too long" in answer.detail


@pytest.mark.parametrize(
    "fault", [Silent(), Garbage(), WrongId(), WrongQuestion(), PointerLoop(), TcpSilent()], ids=repr
)
async def test_what_does_not_answer_the_question_is_silence(
    resolver: Resolver, name_server: NameServer, fault: Fault
) -> None:
    """A datagram anybody could have sent ends nothing; the wait ends at the deadline."""
    name_server.fault = fault
    started = soon(0)
    answer = await look_up(resolver, "mail8.skok.cz", within=0.2)
    assert (answer.outcome, answer.detail) == (Outcome.TIMEOUT, "no answer in time")
    assert 0.19 <= soon(0) - started < 1.0


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        (ServFail(), "SERVFAIL"),
        (Refused(), "REFUSED"),
        (CutOff(16), "answer is not DNS"),
        (TruncatedForEver(), "answer over TCP does not fit the question"),
    ],
)
async def test_a_fault_names_the_resolver(
    resolver: Resolver, name_server: NameServer, fault: Fault, reason: str
) -> None:
    """It is the resolver's trouble, and it is never kept."""
    name_server.fault = fault
    answer = await look_up(resolver, "mail8.skok.cz")
    assert answer.outcome is Outcome.SERVFAIL
    assert answer.detail == f"127.0.0.1:{name_server.address[1]}: {reason}"
    name_server.fault = None
    assert (await look_up(resolver, "mail8.skok.cz")).outcome is Outcome.FOUND


async def test_a_dead_resolver_is_known_at_once(clock: Clock) -> None:
    """A closed port says so."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as closed:
        closed.bind(("127.0.0.1", 0))
        port = closed.getsockname()[1]
    answer = await look_up(Resolver([NameServerAddress("127.0.0.1", port)], clock=clock), "mail8.skok.cz")
    assert (answer.outcome, answer.detail) == (Outcome.SERVFAIL, f"127.0.0.1:{port}: connection refused")


async def test_without_resolvers_nothing_is_known(clock: Clock) -> None:
    """No server is no answer, and no exception."""
    answer = await look_up(Resolver([], clock=clock), "mail8.skok.cz")
    assert (answer.outcome, answer.detail) == (Outcome.SERVFAIL, "no name server is configured")


@pytest.mark.parametrize(
    "name", ["", "a b.cz", "A.cz", "a..cz", "a.cz.", "ž.cz", "a\n.cz", "x" * 64 + ".cz", "a." * 127 + "cz"]
)
async def test_what_is_no_name_is_a_mistake_of_the_caller(resolver: Resolver, name: str) -> None:
    """The network is not asked."""
    with pytest.raises(ValueError, match="not a DNS question"):
        await look_up(resolver, name)


# Several resolvers


async def test_a_failing_resolver_is_replaced_at_once(clock: Clock) -> None:
    """And both are named when both fail."""
    async with NameServer(ZONE) as first, NameServer(ZONE) as second:
        resolver = resolver_for(first, second, clock=clock, patience=60.0)
        first.fault = ServFail()
        assert (await look_up(resolver, "mail8.skok.cz")).outcome is Outcome.FOUND
        second.fault = Refused()
        answer = await look_up(resolver, "example.cz")
        assert answer.outcome is Outcome.SERVFAIL
        assert answer.detail == (f"127.0.0.1:{first.address[1]}: SERVFAIL; 127.0.0.1:{second.address[1]}: REFUSED")


async def test_a_silent_resolver_is_helped_and_then_asked_last(clock: Clock) -> None:
    """The second one is asked after the patience, and first from then on."""
    async with NameServer(ZONE) as first, NameServer(ZONE) as second:
        resolver = resolver_for(first, second, clock=clock, patience=0.05)
        first.fault = Silent()
        assert (await look_up(resolver, "mail8.skok.cz")).outcome is Outcome.FOUND
        assert (await look_up(resolver, "example.cz", "MX")).outcome is Outcome.FOUND
        assert [question.name for question in first.questions] == ["mail8.skok.cz"]
        assert len(second.questions) == 2


async def test_a_slow_answer_is_still_taken(clock: Clock) -> None:
    """Asking the next one does not give up the first one."""
    async with NameServer(ZONE) as first, NameServer(ZONE) as second:
        first.fault, second.fault = Delay(0.15), Silent()
        resolver = resolver_for(first, second, clock=clock, patience=0.05)
        assert (await look_up(resolver, "mail8.skok.cz")).outcome is Outcome.FOUND
        assert len(second.questions) == 1


async def test_a_lost_datagram_is_sent_again(resolver: Resolver, name_server: NameServer) -> None:
    """A single resolver gets the question once more after a second."""
    name_server.fault = Once.of(Silent())
    assert (await look_up(resolver, "mail8.skok.cz")).outcome is Outcome.FOUND
    assert len(name_server.questions) == 2


# Cache


@pytest.mark.parametrize(
    ("name", "kept_for"),
    [
        ("imap.example.cz", timedelta(seconds=30)),
        ("for-ever.cz", timedelta(days=1)),
        ("nobody.example.org", timedelta(seconds=60)),
        ("mail.lost.cz", timedelta(seconds=60)),
        ("mail.circle.cz", timedelta(minutes=5)),
    ],
)
async def test_answers_are_kept_for_their_time(
    resolver: Resolver, name_server: NameServer, clock: Clock, name: str, kept_for: timedelta
) -> None:
    """By TTL, at most a day; what is not so by the SOA (RFC 2308), at most five minutes."""
    first = await look_up(resolver, name)
    clock.now += kept_for - timedelta(seconds=1)
    assert await look_up(resolver, name) is first
    clock.go_on(seconds=1)
    assert (await look_up(resolver, name)).seen_at == clock.now
    assert len(name_server.questions) == 2


async def test_a_ttl_of_zero_is_not_kept(resolver: Resolver, name_server: NameServer) -> None:
    """Each time is asked anew."""
    await look_up(resolver, "never-kept.cz")
    await look_up(resolver, "never-kept.cz")
    assert len(name_server.questions) == 2


async def test_a_denial_without_soa_is_not_kept(resolver: Resolver, name_server: NameServer) -> None:
    """RFC 2308, section 5."""
    name_server.fault = FirstLinkOnly()
    await look_up(resolver, "nobody.example.org")
    await look_up(resolver, "nobody.example.org")
    assert len(name_server.questions) == 2


async def test_fresh_asks_and_renews(resolver: Resolver, name_server: NameServer, clock: Clock) -> None:
    """ "Check again" bypasses what is kept and replaces it."""
    await look_up(resolver, "mail8.skok.cz")
    name_server.zone = {"mail8.skok.cz": {"A": "127.0.1.77"}}
    assert (await look_up(resolver, "mail8.skok.cz", fresh=True)).values == ("127.0.1.77",)
    assert (await look_up(resolver, "mail8.skok.cz")).values == ("127.0.1.77",)
    assert len(name_server.questions) == 2


async def test_the_cache_is_bounded(name_server: NameServer, clock: Clock) -> None:
    """The one not used for longest is forgotten."""
    name_server.zone = ZONE
    resolver = resolver_for(name_server, clock=clock, cache_size=1)
    await look_up(resolver, "mail8.skok.cz")
    await look_up(resolver, "imap.example.cz")
    await look_up(resolver, "mail8.skok.cz")
    assert len(name_server.questions) == 3


# Many at once


async def test_equal_questions_are_asked_once(resolver: Resolver, name_server: NameServer) -> None:
    """Also when some of the askers leave, even the first."""
    name_server.fault = gate = Gate()
    tasks = [asyncio.create_task(look_up(resolver, "mail8.skok.cz")) for _ in range(5)]
    await gate.reached.wait()
    tasks[0].cancel()
    await asyncio.wait([tasks[0]])
    gate.opened.set()
    answers = await asyncio.gather(*tasks[1:])
    assert tasks[0].cancelled()
    assert {answer.outcome for answer in answers} == {Outcome.FOUND}
    assert len(name_server.questions) == 1


async def test_each_asker_has_a_deadline_of_its_own(resolver: Resolver, name_server: NameServer) -> None:
    """One in a hurry leaves; the other gets the answer to the same question."""
    name_server.fault = gate = Gate()
    patient = asyncio.create_task(look_up(resolver, "mail8.skok.cz"))
    assert (await look_up(resolver, "mail8.skok.cz", within=0.05)).outcome is Outcome.TIMEOUT
    gate.opened.set()
    assert (await patient).outcome is Outcome.FOUND
    assert len(name_server.questions) == 1


async def test_when_all_leave_the_question_is_dropped(resolver: Resolver, name_server: NameServer) -> None:
    """A new asker starts anew; no socket stays open."""
    before = open_files()
    name_server.fault = gate = Gate()
    tasks = [asyncio.create_task(look_up(resolver, "mail8.skok.cz")) for _ in range(3)]
    await gate.reached.wait()
    for task in tasks:
        task.cancel()
    late = asyncio.create_task(look_up(resolver, "mail8.skok.cz"))
    await asyncio.wait(tasks)
    gate.opened.set()
    assert (await late).outcome is Outcome.FOUND
    await asyncio.sleep(0)
    assert open_files() == before


async def test_questions_under_way_are_bounded(name_server: NameServer, clock: Clock) -> None:
    """One that gets no turn says so: the name server is not to blame."""
    name_server.zone, name_server.fault = ZONE, (gate := Gate())
    resolver = resolver_for(name_server, clock=clock, limit=1)
    first = asyncio.create_task(look_up(resolver, "mail8.skok.cz"))
    await gate.reached.wait()
    second = await look_up(resolver, "example.cz", within=0.1)
    assert (second.outcome, second.detail) == (Outcome.TIMEOUT, "too many questions at once")
    gate.opened.set()
    assert (await first).outcome is Outcome.FOUND
    assert len(name_server.questions) == 1


async def test_no_socket_is_left_open(resolver: Resolver, name_server: NameServer) -> None:
    """After answers, time-outs and faults alike."""
    before = open_files()
    for fault in (None, Silent(), ServFail(), TruncatedForEver(), Garbage()):
        name_server.fault = fault
        await asyncio.gather(
            *(look_up(resolver, f"host{number}.example.cz", within=0.1, fresh=True) for number in range(30))
        )
    await asyncio.sleep(0.05)  # the name server closes its side of the TCP connections
    assert open_files() == before


def open_files() -> int:
    return len(os.listdir("/proc/self/fd"))
