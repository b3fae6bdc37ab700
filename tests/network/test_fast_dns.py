"""Very many questions over real sockets: plain answers are read, everything odd is left to the careful resolver."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator

import pytest

from bot.compose import now
from bot.facts import Outcome
from bot.network.fast_dns import ATTEMPTS, MISSES, FastDns
from bot.network.name_servers import NameServerAddress
from bot.network.resolver import Resolver
from bot.network.wire import Plain
from bot.playground.names import Delay, Fault, NameServer, Refused, ServFail, Silent
from bot.playground.zone import Zone
from tests.fakes.names import (
    BigSet,
    CutOff,
    Garbage,
    Once,
    PointerLoop,
    Truncated,
    Twice,
    WrongId,
    WrongQuestion,
)

NAME = "imap.example.cz"
ZONE: Zone = {
    NAME: {"CNAME": "Mail8.skok.cz"},
    "mail8.skok.cz": {"A": ["127.0.1.9", "127.0.1.8"]},
    "pop.example.cz": {"AAAA": "2001:db8::8"},
    "lost.example.cz": {"CNAME": "gone.skok.cz"},
    "circle.example.cz": {"CNAME": "circle2.example.cz"},
    "circle2.example.cz": {"CNAME": "circle.example.cz"},
}


def address(server: NameServer) -> NameServerAddress:
    return NameServerAddress(*server.address)


@pytest.fixture
async def fast(name_server: NameServer) -> AsyncIterator[FastDns]:
    name_server.zone = ZONE
    async with FastDns([address(name_server)], patience=0.1) as opened:
        yield opened


async def asked(fast: FastDns, server: NameServer) -> asyncio.Task[list[Plain | None]]:
    """A question that has arrived at the name server."""
    arrived = asyncio.Event()
    server.watchers.append(lambda _: arrived.set())
    asking = asyncio.ensure_future(fast.ask([NAME]))
    await arrived.wait()
    return asking


@pytest.mark.parametrize("name", [NAME, "mail8.skok.cz", "nothing.example.cz", "pop.example.cz", "lost.example.cz"])
async def test_plain_answers_are_those_of_the_resolver(fast: FastDns, name_server: NameServer, name: str) -> None:
    """Outcome, chain and addresses."""
    (plain,) = await fast.ask([name])
    deadline = asyncio.get_running_loop().time() + 5
    answer = await Resolver([address(name_server)], clock=now).look_up(name, "A", deadline=deadline)
    assert plain is not None
    assert (plain.outcome, plain.chain, plain.values) == (answer.outcome, answer.chain, answer.values)


async def test_odd_chains_are_left_to_the_resolver(fast: FastDns) -> None:
    """A chain that leads round."""
    assert await fast.ask(["circle.example.cz"]) == [None]


@pytest.mark.parametrize(
    "fault", [ServFail(), Refused(), Truncated(), BigSet(), CutOff(), Silent(), Garbage(), PointerLoop(), WrongId()]
)
async def test_faults_are_left_to_the_resolver(fast: FastDns, name_server: NameServer, fault: Fault) -> None:
    """Nothing is made of a code, a piece, garbage, a forged number or silence."""
    name_server.faults[NAME] = fault
    answers = await fast.ask([NAME, "mail8.skok.cz"])
    assert answers[0] is None
    assert answers[1] is not None


@pytest.mark.parametrize("fault", [Twice(), WrongId(then_honest=True), Delay(0.15)])
async def test_what_comes_besides_does_no_harm(fast: FastDns, name_server: NameServer, fault: Fault) -> None:
    """A double, a forged number before the honest answer, an answer to the first sending after the second."""
    name_server.faults[NAME] = fault
    for _ in range(3):
        (plain,) = await fast.ask([NAME])
        assert plain is not None or isinstance(fault, Delay)
    (other,) = await fast.ask(["mail8.skok.cz"])
    assert other is not None
    assert other.values == ("127.0.1.8", "127.0.1.9")


async def test_another_question_with_the_right_number_is_no_answer(fast: FastDns, name_server: NameServer) -> None:
    """Its addresses are not taken for ours."""
    name_server.faults[NAME] = WrongQuestion()
    assert await fast.ask([NAME]) == [None]


async def test_a_lost_datagram_is_sent_again(fast: FastDns, name_server: NameServer) -> None:
    """UDP loses some."""
    name_server.faults[NAME] = Once.of(Silent())
    (plain,) = await fast.ask([NAME])
    assert plain is not None
    assert len(name_server.questions) == 2


async def test_silence_ends_after_the_attempts(fast: FastDns, name_server: NameServer) -> None:
    """No question is sent for ever."""
    name_server.fault = Silent()
    assert await fast.ask([NAME, "pop.example.cz"]) == [None, None]
    assert len(name_server.questions) == 2 * ATTEMPTS


async def test_only_the_name_server_is_listened_to(name_server: NameServer) -> None:
    """A datagram from another socket never arrives, whatever number it bears."""
    name_server.zone, name_server.fault = ZONE, Delay(0.02)
    async with FastDns([address(name_server)]) as fast:
        asking = await asked(fast, name_server)
        with socket.socket(type=socket.SOCK_DGRAM) as stranger:
            for lane in fast._lanes:
                for number, question in lane._pending.items():
                    forged = number.to_bytes(2, "big") + b"\x81\x83\x00\x01\x00\x00\x00\x00\x00\x00" + question.wire
                    stranger.sendto(forged, lane._socket.getsockname())
        (plain,) = await asking
    assert plain is not None
    assert plain.outcome is Outcome.FOUND


async def test_a_dead_name_server_is_stood_in_for(name_server: NameServer) -> None:
    """Each question goes on to the next one, and after a while begins there."""
    name_server.zone = ZONE
    async with NameServer() as dead:
        dead.fault = Silent()
        async with FastDns([address(dead), address(name_server)], patience=0.1) as fast:
            answers = await asyncio.gather(*(fast.ask([NAME]) for _ in range(MISSES)))
            assert all(plain is not None for (plain,) in answers)
            asked = len(dead.questions)
            assert (await fast.ask([NAME]))[0] is not None
            assert len(dead.questions) == asked


async def test_a_closed_port_and_no_name_server_at_all() -> None:
    """Nothing is known, and nothing raises."""
    with socket.socket(type=socket.SOCK_DGRAM) as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
    async with FastDns([NameServerAddress("127.0.0.1", port)], patience=0.05) as fast:
        assert await fast.ask([NAME]) == [None]
    async with FastDns([]) as nobody:
        assert await nobody.ask([NAME, NAME]) == [None, None]


async def test_many_questions_at_once_are_all_answered(name_server: NameServer) -> None:
    """Far more than may be under way."""
    names = [f"imap.customer-{number}.cz" for number in range(1_000)]
    name_server.zone = {**ZONE, **{name: {"CNAME": "mail8.skok.cz"} for name in names}}
    async with FastDns([address(name_server)], patience=5) as fast:
        answers = await asyncio.gather(*(fast.ask([name]) for name in names))
    assert all(plain is not None and plain.chain == ("mail8.skok.cz",) for (plain,) in answers)


async def test_who_gives_up_leaves_nothing_behind(fast: FastDns, name_server: NameServer) -> None:
    """A cancelled question's late answer is dropped."""
    name_server.fault = Delay(0.05)
    asking = await asked(fast, name_server)
    asking.cancel()
    name_server.fault = None
    assert (await fast.ask([NAME]))[0] is not None
