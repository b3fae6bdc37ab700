"""The reader of plain DNS answers: the same as the careful one, and never led astray."""

from __future__ import annotations

import itertools
import random

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
from bot.sweep.wire import MOST_VALUES, Plain, is_answer, query, question_for, read_answer

NAME = "imap.example.cz"
QUESTION = question_for(NAME)

names = st.sampled_from(
    [NAME, "Mail8.skok.cz", "alias.example.cz", "a.b.c.d.e.cz", "imap.example.cz.skok.cz", "x\\.y.cz"]
)
records = st.one_of(
    st.tuples(names, st.just("CNAME"), names.map(lambda name: f"{name}.")),
    st.tuples(names, st.just("A"), st.sampled_from(["192.0.2.8", "192.0.2.9", "10.0.0.1"])),
    st.tuples(names, st.just("AAAA"), st.just("2001:db8::8")),
    st.tuples(names, st.just("TXT"), st.just('"hello"')),
)


def reply(*answer: tuple[str, str, str], rcode: dns.rcode.Rcode = dns.rcode.NOERROR, ttl: int = 300) -> bytes:
    """A resolver's reply with these records."""
    message = dns.message.make_response(dns.message.from_wire(query(7, QUESTION)), recursion_available=True)
    message.set_rcode(rcode)
    for name, rtype, data in answer:
        message.answer.append(dns.rrset.from_text(name + ".", ttl, "IN", rtype, data))
    return message.to_wire()


def careful(wire: bytes) -> Plain | None:
    """What the resolver makes of one message; None where it has to ask further, or cannot read it."""
    try:
        message = dns.message.from_wire(wire, ignore_trailing=True)
    except (dns.exception.DNSException, ValueError):
        return None
    trail = Trail(dns.name.from_text(NAME), RTYPES["A"])
    trail.follow(message)
    if trail.outcome is None:
        return None
    ttl = trail.ttl if trail.outcome is Outcome.FOUND else 0
    return Plain(trail.outcome, tuple(map(to_text, trail.chain)), trail.values, ttl)


@pytest.mark.parametrize(
    ("answer", "plain"),
    [
        ([(NAME, "A", "192.0.2.8")], Plain(Outcome.FOUND, (), ("192.0.2.8",), 300)),
        (
            [(NAME, "CNAME", "Mail8.skok.cz."), ("MAIL8.skok.cz", "A", "192.0.2.8")],
            Plain(Outcome.FOUND, ("mail8.skok.cz",), ("192.0.2.8",), 300),
        ),
        (
            [
                (NAME, "CNAME", "a.cz."),
                ("a.cz", "CNAME", "b.cz."),
                ("b.cz", "A", "192.0.2.9"),
                ("b.cz", "A", "192.0.2.8"),
            ],
            Plain(Outcome.FOUND, ("a.cz", "b.cz"), ("192.0.2.8", "192.0.2.9"), 300),
        ),
        ([], Plain(Outcome.NO_DATA)),
    ],
)
def test_plain_answers_are_read(answer: list[tuple[str, str, str]], plain: Plain) -> None:
    """Addresses, chains in lower case, the addresses in an order of their own."""
    wire = reply(*answer)
    assert is_answer(wire, QUESTION)
    assert read_answer(wire, QUESTION) == plain == careful(wire)


def test_a_name_that_does_not_exist_is_plain() -> None:
    """NXDOMAIN without a chain."""
    assert read_answer(reply(rcode=dns.rcode.NXDOMAIN), QUESTION) == Plain(Outcome.NXDOMAIN)


@pytest.mark.parametrize(
    "wire",
    [
        reply(rcode=dns.rcode.SERVFAIL),
        reply(rcode=dns.rcode.REFUSED),
        reply((NAME, "CNAME", "gone.cz."), rcode=dns.rcode.NXDOMAIN),
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
        reply((NAME, "A", "192.0.2.8")) + bytes(500),
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


@given(st.lists(records, max_size=6), st.sampled_from([dns.rcode.NOERROR, dns.rcode.NXDOMAIN, dns.rcode.SERVFAIL]))
def test_what_is_read_here_is_read_the_same_there(answer: list[tuple[str, str, str]], rcode: dns.rcode.Rcode) -> None:
    """Whatever records come in whatever order: the resolver's reader says the same, or this one says nothing."""
    wire = reply(*answer, rcode=rcode)
    plain = read_answer(wire, QUESTION)
    assert plain is None or plain == careful(wire)


@given(st.binary(max_size=600))
def test_bytes_never_raise(noise: bytes) -> None:
    """Whatever is sent, after a true beginning or not."""
    is_answer(noise, QUESTION)
    read_answer(noise, QUESTION)
    read_answer(reply()[:6] + noise, QUESTION)
    read_answer(reply((NAME, "A", "192.0.2.8"))[: 12 + len(QUESTION)] + noise, QUESTION)


@given(st.randoms(use_true_random=False), st.integers(1, 4))
def test_a_spoilt_answer_never_says_something_else(chance: random.Random, bytes_spoilt: int) -> None:
    """Some bytes of a good answer changed: it is read as the careful reader reads it, or not at all."""
    wire = bytearray(reply((NAME, "CNAME", "mail8.skok.cz."), ("mail8.skok.cz", "A", "192.0.2.8")))
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


def test_names_without_compression_are_read_too() -> None:
    """A server need not point back to a name; the case of letters does not matter."""
    wire = reply((NAME, "A", "192.0.2.8"))
    spelt = wire.replace(b"\xc0\x0c\x00\x01\x00\x01", QUESTION[:-4].upper() + b"\x00\x01\x00\x01")
    assert len(spelt) > len(wire)
    assert read_answer(spelt, QUESTION) == careful(spelt) == Plain(Outcome.FOUND, (), ("192.0.2.8",), 300)
