"""The name server answers like a resolver, and misbehaves exactly as asked."""

from __future__ import annotations

import asyncio
import time

import dns.asyncquery
import dns.asyncresolver
import dns.exception
import dns.flags
import dns.message
import dns.name
import dns.query
import dns.rcode
import pytest

from bot.playground.names import Delay, NameServer, Refused, ServFail, Silent
from bot.playground.zone import Defaults, Zone
from tests.fakes import names as hostile

ZONE: Zone = {
    "imap.example.cz": {"CNAME": "mail8.skok.cz"},
    "mail8.skok.cz": {"TTL": 60, "A": ["127.0.1.8"], "AAAA": "2001:db8::8"},
    "example.cz": {"MX": [(10, "mail8.skok.cz"), (20, "mail9.skok.cz")], "TXT": 'v=spf1 "quoted" -all'},
    "null.cz": {"MX": (0, ".")},
    "loop.cz": {"CNAME": "pool.cz"},
    "pool.cz": {"CNAME": "loop.cz"},
    "dangling.cz": {"CNAME": "gone.cz"},
    "*.wild.cz": {"A": "127.0.0.3"},
    "háčky.cz": {"A": "127.0.0.4"},
    "big.cz": {"A": [f"127.7.{number}.1" for number in range(200)]},
    "8.1.0.127.in-addr.arpa": {"PTR": "mail8.skok.cz"},
}


async def ask(
    server: NameServer, name: str | dns.name.Name, rtype: str = "A", timeout: float = 2
) -> dns.message.Message:
    query = dns.message.make_query(name, rtype)
    host, port = server.address
    reply, _ = await dns.asyncquery.udp_with_fallback(query, host, timeout, port)
    return reply


def told(reply: dns.message.Message) -> list[str]:
    return sorted(_lower_names(rdata.to_text()) for rrset in reply.answer for rdata in rrset)


def _lower_names(text: str) -> str:
    """Compressed names end in the letters of the question, whatever their case: RFC 1035, 4.1.4."""
    return text.lower()


@pytest.mark.parametrize(
    ("name", "rtype", "values"),
    [
        ("imap.example.cz", "A", ["127.0.1.8", "mail8.skok.cz."]),
        ("IMAP.Example.CZ", "CNAME", ["mail8.skok.cz."]),
        ("mail8.skok.cz", "AAAA", ["2001:db8::8"]),
        ("example.cz", "MX", ["10 mail8.skok.cz.", "20 mail9.skok.cz."]),
        ("example.cz", "TXT", ['"v=spf1 \\"quoted\\" -all"']),
        ("null.cz", "MX", ["0 ."]),
        ("a.wild.cz", "A", ["127.0.0.3"]),
        ("háčky.cz", "A", ["127.0.0.4"]),
        ("8.1.0.127.in-addr.arpa", "PTR", ["mail8.skok.cz."]),
        ("loop.cz", "A", ["loop.cz.", "pool.cz."]),
    ],
)
async def test_it_answers_from_the_zone(name_server: NameServer, name, rtype, values):
    name_server.zone = ZONE
    reply = await ask(name_server, dns.name.from_text(name, idna_codec=dns.name.IDNA_2008_Practical), rtype)
    assert (reply.rcode(), told(reply)) == (dns.rcode.NOERROR, values)


@pytest.mark.parametrize(
    ("name", "rtype", "rcode", "owner"),
    [
        ("nothing.cz", "A", dns.rcode.NXDOMAIN, "nothing.cz."),
        ("dangling.cz", "A", dns.rcode.NXDOMAIN, "gone.cz."),
        ("imap.example.cz", "MX", dns.rcode.NOERROR, "skok.cz."),
        ("wild.cz", "A", dns.rcode.NOERROR, "wild.cz."),
    ],
)
async def test_a_denial_carries_a_soa(name_server: NameServer, name, rtype, rcode, owner):
    name_server.zone, name_server.defaults = ZONE, Defaults(negative_ttl=17)
    reply = await ask(name_server, name, rtype)
    assert reply.rcode() == rcode
    assert [(str(soa.name), soa.ttl, soa[0].minimum) for soa in reply.authority] == [(owner, 17, 17)]


async def test_ttls_come_from_the_zone_or_the_default(name_server: NameServer):
    name_server.zone = ZONE
    assert [rrset.ttl for rrset in (await ask(name_server, "imap.example.cz")).answer] == [300, 60]


async def test_a_big_answer_is_truncated_and_complete_over_tcp(name_server: NameServer):
    name_server.zone = ZONE
    reply = await ask(name_server, "big.cz")
    assert len(told(reply)) == 200
    assert [question.transport for question in name_server.questions] == ["udp", "tcp"]


@pytest.mark.parametrize(("payload", "is_cut"), [(None, True), (512, True), (1232, False), (4096, False)])
async def test_the_limit_over_udp_is_the_clients_up_to_1232(name_server: NameServer, payload, is_cut):
    name_server.zone = {"n.cz": {"A": [f"127.7.0.{number}" for number in range(50)]}}
    query = dns.message.make_query("n.cz", "A", use_edns=0 if payload else -1, payload=payload)
    reply = await dns.asyncquery.udp(query, name_server.address[0], 2, name_server.address[1])
    assert bool(reply.flags & dns.flags.TC) is is_cut


async def test_several_questions_on_one_tcp_connection(name_server: NameServer):
    name_server.zone = ZONE
    reader, writer = await asyncio.open_connection(*name_server.address)
    for name in ("mail8.skok.cz", "nothing.cz"):
        wire = dns.message.make_query(name, "A").to_wire()
        writer.write(len(wire).to_bytes(2, "big") + wire)
        reply = await reader.readexactly(int.from_bytes(await reader.readexactly(2), "big"))
        assert dns.message.from_wire(reply).question[0].name.to_text() == name + "."
    writer.close()
    await writer.wait_closed()


async def test_the_zone_may_change_while_it_runs(name_server: NameServer):
    name_server.zone = ZONE
    await ask(name_server, "mail8.skok.cz")
    name_server.zone = {**name_server.zone, "mail8.skok.cz": {"A": "127.0.1.9"}}
    assert told(await ask(name_server, "mail8.skok.cz")) == ["127.0.1.9"]
    with pytest.raises(TypeError):
        name_server.zone["x.cz"] = {}


async def test_questions_are_noted(name_server: NameServer):
    await ask(name_server, "X.example.cz", "MX")
    [question] = name_server.questions
    assert (question.name, question.rtype, question.transport) == ("x.example.cz", "MX", "udp")


async def test_garbage_is_ignored(name_server: NameServer):
    transport, _ = await asyncio.get_running_loop().create_datagram_endpoint(
        asyncio.DatagramProtocol, remote_addr=name_server.address
    )
    transport.sendto(b"hello")
    transport.close()
    assert (await ask(name_server, "a.cz")).rcode() == dns.rcode.NXDOMAIN


@pytest.mark.parametrize(("fault", "rcode"), [(ServFail(), "SERVFAIL"), (Refused(), "REFUSED")])
async def test_a_fault_may_be_for_one_type(name_server: NameServer, fault, rcode):
    name_server.zone, name_server.faults["mail8.skok.cz", "A"] = ZONE, fault
    assert dns.rcode.to_text((await ask(name_server, "mail8.skok.cz")).rcode()) == rcode
    assert told(await ask(name_server, "mail8.skok.cz", "AAAA")) == ["2001:db8::8"]


async def test_silence_is_silence(name_server: NameServer):
    name_server.zone, name_server.faults["mail8.skok.cz"] = ZONE, Silent()
    with pytest.raises(dns.exception.Timeout):
        await ask(name_server, "mail8.skok.cz", timeout=0.1)
    assert told(await ask(name_server, "imap.example.cz", "CNAME")) == ["mail8.skok.cz."]


async def test_a_delay_is_a_delay(name_server: NameServer):
    name_server.zone, name_server.fault = ZONE, Delay(0.15)
    began = time.perf_counter()
    assert told(await ask(name_server, "mail8.skok.cz")) == ["127.0.1.8"]
    assert time.perf_counter() - began >= 0.15


async def test_a_delayed_question_does_not_hold_up_others(name_server: NameServer):
    name_server.zone, name_server.faults["mail8.skok.cz"] = ZONE, Delay(30)
    async with asyncio.TaskGroup() as group:
        slow = group.create_task(ask(name_server, "mail8.skok.cz", timeout=20))
        assert told(await ask(name_server, "example.cz", "TXT"))
        assert not slow.done()
        slow.cancel()


async def test_truncation_sends_to_tcp(name_server: NameServer):
    name_server.zone, name_server.fault = ZONE, hostile.Truncated()
    assert told(await ask(name_server, "mail8.skok.cz")) == ["127.0.1.8"]
    assert name_server.questions[-1].transport == "tcp"


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (hostile.Garbage(), dns.exception.DNSException),
        (hostile.CutOff(), dns.exception.DNSException),
        (hostile.PointerLoop(), dns.exception.DNSException),
        (hostile.WrongId(), dns.query.BadResponse),
        (hostile.WrongQuestion(), dns.query.BadResponse),
    ],
    ids=lambda value: type(value).__name__,
)
async def test_hostile_replies_are_refused_by_a_client(name_server: NameServer, fault, error):
    name_server.zone, name_server.fault = ZONE, fault
    with pytest.raises(error):
        await ask(name_server, "mail8.skok.cz")


async def test_a_forged_reply_may_come_first(name_server: NameServer):
    name_server.zone, name_server.fault = ZONE, hostile.WrongId(then_honest=True)
    query = dns.message.make_query("mail8.skok.cz", "A")
    host, port = name_server.address
    reply = await dns.asyncquery.udp(query, host, 2, port, ignore_unexpected=True, ignore_errors=True)
    assert told(reply) == ["127.0.1.8"]


async def test_a_big_set_and_an_endless_chain(name_server: NameServer):
    name_server.faults = {"many.cz": hostile.BigSet(600), "n1.chain.cz": hostile.EndlessChain()}
    assert len(told(await ask(name_server, "many.cz"))) == 600
    assert told(await ask(name_server, "n1.chain.cz")) == ["n2.chain.cz."]


async def test_a_fault_may_pass(name_server: NameServer):
    name_server.zone, name_server.fault = ZONE, hostile.Once.of(ServFail())
    assert (await ask(name_server, "mail8.skok.cz")).rcode() == dns.rcode.SERVFAIL
    assert (await ask(name_server, "mail8.skok.cz")).rcode() == dns.rcode.NOERROR


async def test_closing_drops_what_waits():
    async with NameServer(ZONE) as server:
        server.fault = Delay(60)
        with pytest.raises(dns.exception.Timeout):
            await ask(server, "mail8.skok.cz", timeout=0.05)
        _reader, writer = await asyncio.open_connection(*server.address)
    writer.close()
    await writer.wait_closed()


async def test_a_resolver_of_dnspython_works_with_it(name_server: NameServer):
    name_server.zone = ZONE
    resolver = dns.asyncresolver.Resolver(configure=False)
    resolver.nameservers, resolver.port = [name_server.address[0]], name_server.address[1]
    answer = await resolver.resolve("imap.example.cz", "A")
    assert (str(answer.canonical_name), [str(row) for row in answer]) == ("mail8.skok.cz.", ["127.0.1.8"])


async def test_a_mistake_in_the_zone_is_not_silent():
    async def ask_nonsense() -> None:
        async with NameServer({"a.cz": {"A": "not an address"}}) as server:
            with pytest.raises(dns.exception.Timeout):
                await ask(server, "a.cz", timeout=0.1)

    asyncio.get_running_loop().set_exception_handler(lambda *_: None)
    with pytest.raises(dns.exception.SyntaxError):
        await ask_nonsense()


async def test_two_servers_do_not_share_a_port(name_server: NameServer):
    with pytest.raises(OSError, match="in use"):
        async with NameServer(port=name_server.address[1]):
            pass
