"""The reader of plain DNS answers: the same as the careful one, and never led astray."""

from __future__ import annotations

import itertools
import random
from collections.abc import Sequence

import dns.exception
import dns.message
import dns.name
import dns.rcode
import dns.rdatatype
import dns.rrset
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.facts import Outcome
from bot.network.reading import RTYPES, Trail, to_text
from bot.network.wire import MOST_VALUES, Plain, is_answer, query, query_with_payload, question_for, read_answer

NAME = "imap.example.cz"
QUESTION = question_for(NAME)
SOA = "ns1.skok.cz. hostmaster.skok.cz. 1 3600 600 86400 60"

names = st.sampled_from(
    [NAME, "Mail8.skok.cz", "alias.example.cz", "a.b.c.d.e.cz", "imap.example.cz.skok.cz", "x\\.y.cz"]
)
records = st.one_of(
    st.tuples(names, st.just("CNAME"), names.map(lambda name: f"{name}.")),
    st.tuples(names, st.just("A"), st.sampled_from(["192.0.2.8", "192.0.2.9", "10.0.0.1"])),
    st.tuples(names, st.just("AAAA"), st.just("2001:db8::8")),
    st.tuples(names, st.just("TXT"), st.just('"hello"')),
)


def reply(
    *answer: tuple[str, str, str],
    rcode: dns.rcode.Rcode = dns.rcode.NOERROR,
    ttl: int = 300,
    authority: Sequence[tuple[str, str, str]] = (),
    question: bytes = QUESTION,
) -> bytes:
    """A resolver's reply with these records."""
    message = dns.message.make_response(dns.message.from_wire(query(7, question)), recursion_available=True)
    message.set_rcode(rcode)
    for name, rtype, data in answer:
        message.answer.append(dns.rrset.from_text(name + ".", ttl, "IN", rtype, data))
    for name, rtype, data in authority:
        message.authority.append(dns.rrset.from_text(f"{name}.", 900, "IN", rtype, data))
    return message.to_wire()


def careful(wire: bytes, rtype: str = "A") -> Plain | None:
    """What the resolver makes of one message; None where it has to ask further, or cannot read it."""
    try:
        message = dns.message.from_wire(wire, ignore_trailing=True)
    except (dns.exception.DNSException, ValueError):
        return None
    trail = Trail(dns.name.from_text(NAME), RTYPES[rtype])
    trail.follow(message)
    if trail.outcome is None:
        return None
    chain = tuple(map(to_text, trail.chain))
    return Plain(trail.outcome, chain, trail.values, trail.ttl, trail.link_ttls, trail.is_authenticated)


@pytest.mark.parametrize(
    ("answer", "plain"),
    [
        ([(NAME, "A", "192.0.2.8")], Plain(Outcome.FOUND, (), ("192.0.2.8",), 300)),
        (
            [(NAME, "CNAME", "Mail8.skok.cz."), ("MAIL8.skok.cz", "A", "192.0.2.8")],
            Plain(Outcome.FOUND, ("mail8.skok.cz",), ("192.0.2.8",), 300, (300,)),
        ),
        (
            [
                (NAME, "CNAME", "a.cz."),
                ("a.cz", "CNAME", "b.cz."),
                ("b.cz", "A", "192.0.2.9"),
                ("b.cz", "A", "192.0.2.8"),
            ],
            Plain(Outcome.FOUND, ("a.cz", "b.cz"), ("192.0.2.8", "192.0.2.9"), 300, (300, 300)),
        ),
        ([], Plain(Outcome.NO_DATA)),
    ],
)
def test_plain_answers_are_read(answer: list[tuple[str, str, str]], plain: Plain) -> None:
    """Addresses, chains in lower case, the addresses in an order of their own."""
    wire = reply(*answer)
    assert is_answer(wire, QUESTION)
    assert read_answer(wire, QUESTION) == plain == careful(wire)


@pytest.mark.parametrize("zone", ["example.cz", "cz", NAME, ""])
@pytest.mark.parametrize(
    ("answer", "rcode", "outcome"),
    [
        ([], dns.rcode.NOERROR, Outcome.NO_DATA),
        ([], dns.rcode.NXDOMAIN, Outcome.NXDOMAIN),
        ([(NAME, "CNAME", f"a.{NAME}.")], dns.rcode.NOERROR, Outcome.NO_DATA),
        ([(NAME, "CNAME", f"a.{NAME}.")], dns.rcode.NXDOMAIN, Outcome.DANGLING),
    ],
)
def test_that_there_is_nothing_is_plain(
    answer: list[tuple[str, str, str]], rcode: dns.rcode.Rcode, outcome: Outcome, zone: str
) -> None:
    """At the name or at the end of its chain; for as long as the zone allows, and not at all where none does."""
    wire = reply(*answer, rcode=rcode, authority=[("ns.cz", "A", "192.0.2.53"), (zone, "SOA", SOA)])
    plain = read_answer(wire, QUESTION)
    assert plain is not None
    assert plain == careful(wire)
    assert (plain.outcome, plain.ttl) == (outcome, 60)
    unsaid = read_answer(reply(*answer, rcode=rcode), QUESTION)
    assert unsaid == (None if answer else Plain(outcome))


@pytest.mark.parametrize(
    "address", ["2001:db8::8", "2001:db8:0:1:1:1:1:1", "fe80::", "2001::1:0:0:0:1", "::1", "::ffff:192.0.2.8"]
)
def test_ipv6_is_plain(address: str) -> None:
    """Written as everywhere; other records are left to the careful reader."""
    question = question_for(NAME, "AAAA")
    wire = reply((NAME, "CNAME", "mail8.skok.cz."), ("mail8.skok.cz", "AAAA", address), question=question)
    assert read_answer(wire, question) == careful(wire, "AAAA")
    assert read_answer(reply((NAME, "A", "192.0.2.8"), question=question), question) is None


def test_exchangers_are_plain() -> None:
    """By preference and by name; the null MX is left to the careful reader, and so is what is cut off."""
    question = question_for(NAME, "MX")
    rows = [(20, "mx2.skok.cz."), (10, "MX9.skok.cz."), (10, "mx1.skok.cz."), (30, "mx1.skok.cz.")]
    wire = reply(*((NAME, "MX", f"{preference} {host}") for preference, host in rows), question=question)
    plain = read_answer(wire, question)
    assert plain == careful(wire, "MX")
    assert plain is not None
    assert plain.values == ("mx1.skok.cz", "mx9.skok.cz", "mx2.skok.cz")
    assert read_answer(reply((NAME, "MX", "0 ."), question=question), question) is None
    one = reply((NAME, "MX", "10 mx1.skok.cz."), question=question)
    assert read_answer(one, question) == careful(one, "MX")
    longer = one.replace(b"\x00\x0d\x00\x0a", b"\x00\x0e\x00\x0a") + b"\x00"
    assert read_answer(longer, question) is None
    assert read_answer(reply(question=question, authority=[("cz", "SOA", SOA)]), question) == Plain(
        Outcome.NO_DATA, ttl=60
    )


def test_an_authentic_answer_is_told_as_one() -> None:
    """AD, as our resolver sets it."""
    wire = bytearray(reply((NAME, "A", "192.0.2.8")))
    wire[3] |= 0x20
    plain = read_answer(bytes(wire), QUESTION)
    assert plain == careful(bytes(wire))
    assert plain is not None
    assert plain.is_authenticated


@pytest.mark.parametrize(
    "wire",
    [
        reply(rcode=dns.rcode.SERVFAIL),
        reply(rcode=dns.rcode.REFUSED),
        reply((NAME, "CNAME", "far.cz.")),
        reply((NAME, "CNAME", f"{NAME}.")),
        reply(("mail8.skok.cz", "A", "192.0.2.8")),
        reply((NAME, "CNAME", "mail8.skok.cz."), ("mail3.skok.cz", "A", "192.0.2.3")),
        reply(("mail8.skok.cz", "A", "192.0.2.8"), (NAME, "CNAME", "mail8.skok.cz.")),
        reply((NAME, "A", "192.0.2.8"), (NAME, "CNAME", "mail8.skok.cz.")),
        reply((NAME, "AAAA", "2001:db8::8")),
        reply((NAME, "CNAME", r"a\.b.cz."), (r"a\.b.cz", "A", "192.0.2.8")),
        reply((NAME, "A", "192.0.2.8"), ttl=2**31 - 1)[:-10] + b"\xff\xff\xff\xff" + b"\x00\x04\xc0\x00\x02\x08",
        reply(*[(NAME, "A", f"192.0.2.{n}") for n in range(MOST_VALUES + 40)]),
        reply((NAME, "A", "192.0.2.8"))[:-1],
        reply((NAME, "A", "192.0.2.8"))[:-6] + b"\x00\x03\xc0\x00\x02\x08",
        reply(authority=[("other.cz", "SOA", SOA)]),
        reply(authority=[("example.cz", "SOA", SOA), ("cz", "SOA", SOA)]),
        reply(authority=[("example.cz", "SOA", r"ns1.skok.cz. a\.b.skok.cz. 1 2 3 4 60")]),
        reply((NAME, "A", "192.0.2.8"), rcode=dns.rcode.NXDOMAIN),
        reply()[:11] + b"\x01" + reply()[12:] + b"\x00\x00\x29\x04\xd0\x01\x00\x00\x00\x00\x00",
    ],
)
def test_anything_else_is_left_to_the_careful_reader(wire: bytes) -> None:
    """Other codes, other types, another order, loops, odd names, odd lengths."""
    assert read_answer(wire, QUESTION) is None


def test_a_chain_longer_than_the_careful_reader_follows_is_left_to_it() -> None:
    """Seventeen links."""
    hosts = [NAME, *(f"n{n}.cz" for n in range(17))]
    links = [(name, "CNAME", f"{target}.") for name, target in itertools.pairwise(hosts)]
    whole = reply(*links[:16], (hosts[16], "A", "192.0.2.8"))
    assert read_answer(whole, QUESTION) == careful(whole)
    assert read_answer(reply(*links, (hosts[17], "A", "192.0.2.8")), QUESTION) is None


@given(
    st.lists(records, max_size=6),
    st.lists(st.one_of(records, st.tuples(names, st.just("SOA"), st.just(SOA))), max_size=3),
    st.sampled_from([dns.rcode.NOERROR, dns.rcode.NXDOMAIN, dns.rcode.SERVFAIL]),
)
def test_what_is_read_here_is_read_the_same_there(
    answer: list[tuple[str, str, str]], authority: list[tuple[str, str, str]], rcode: dns.rcode.Rcode
) -> None:
    """Whatever records come in whatever order: the resolver's reader says the same, or this one says nothing."""
    wire = reply(*answer, rcode=rcode, authority=authority)
    plain = read_answer(wire, QUESTION)
    assert plain is None or plain == careful(wire)


@given(st.binary(max_size=600))
def test_bytes_never_raise(noise: bytes) -> None:
    """Whatever is sent, after a true beginning or not."""
    is_answer(noise, QUESTION)
    read_answer(noise, QUESTION)
    read_answer(reply()[:6] + noise, QUESTION)
    read_answer(reply((NAME, "A", "192.0.2.8"))[: 12 + len(QUESTION)] + noise, QUESTION)


@given(
    st.randoms(use_true_random=False), st.integers(1, 4), st.sampled_from([(), [("mail8.skok.cz", "A", "192.0.2.8")]])
)
def test_a_spoilt_answer_never_says_something_else(
    chance: random.Random, bytes_spoilt: int, address: Sequence[tuple[str, str, str]]
) -> None:
    """Some bytes of a good answer changed: it is read as the careful reader reads it, or not at all."""
    authority = [] if address else [("skok.cz", "SOA", SOA)]
    wire = bytearray(reply((NAME, "CNAME", "mail8.skok.cz."), *address, authority=authority))
    for _ in range(bytes_spoilt):
        wire[chance.randrange(12 + len(QUESTION), len(wire))] = chance.randrange(256)
    plain = read_answer(bytes(wire), QUESTION)
    assert plain is None or plain == careful(bytes(wire))


@pytest.mark.parametrize(
    "spoil",
    [
        lambda wire: wire[:2] + b"\x01" + wire[3:],
        lambda wire: wire[:2] + b"\xa9" + wire[3:],
        lambda wire: wire[:4] + b"\x00\x02" + wire[6:],
        lambda wire: wire[:13] + b"X" + wire[14:],
        lambda wire: wire[:20],
        lambda wire: b"",
    ],
)
def test_an_answer_to_something_else_is_no_answer(spoil: object) -> None:
    """A question, another kind of message, two questions, another name, a piece."""
    assert callable(spoil)
    assert not is_answer(spoil(reply()), QUESTION)


def test_a_query_is_what_dnspython_writes() -> None:
    """The number, the wish for recursion and one question."""
    assert query(7, QUESTION) == dns.message.make_query(NAME, "A", id=7, use_edns=False).to_wire()


def test_a_query_with_room_for_more_is_what_dnspython_writes() -> None:
    """Flags, one question and EDNS."""
    message = dns.message.make_query(NAME, "AAAA", id=7, use_edns=0, payload=1232, flags=0x0120)
    assert query_with_payload(7, question_for(NAME, "AAAA"), 0x0120, 1232) == message.to_wire()


def test_a_denial_of_another_length_is_odd() -> None:
    """A SOA with a byte too many."""
    wire = bytearray(reply(authority=[("cz", "SOA", SOA)])) + b"\x00"
    assert read_answer(bytes(wire), QUESTION) == Plain(Outcome.NO_DATA, ttl=60)
    wire[wire.index(b"\x00\x06\x00\x01") + 9] += 1
    assert read_answer(bytes(wire), QUESTION) is None


def test_names_without_compression_are_read_too() -> None:
    """A server need not point back to a name; the case of letters does not matter."""
    wire = reply((NAME, "A", "192.0.2.8"))
    spelt = wire.replace(b"\xc0\x0c\x00\x01\x00\x01", QUESTION[:-4].upper() + b"\x00\x01\x00\x01")
    assert len(spelt) > len(wire)
    assert read_answer(spelt, QUESTION) == careful(spelt) == Plain(Outcome.FOUND, (), ("192.0.2.8",), 300)
