"""What a sweep does to mail servers: the gate before each, and the certificates that a server holds already."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest

from bot.compose import Parts
from bot.domain import DomainName
from bot.facts import Endpoint, Handshake, Hello, NoHandshake, Probe, Protocol, Security, TlsVersion
from bot.playground.world import World, running_world
from bot.provider.profile import ServerName
from bot.reply.status_json import status_json
from bot.sweep.gate import FAILURES, ServerGate
from bot.sweep.held import HeldCertificates
from bot.sweep.result import Json
from bot.sweep.wiring import find_server, sweep_edges

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


def endpoint(address: str = "192.0.2.8", port: int = 993) -> Endpoint:
    return Endpoint(address, port, Protocol.IMAP, Security.IMPLICIT_TLS)


def soon(seconds: float = 5.0) -> float:
    return asyncio.get_running_loop().time() + seconds


class Clock:
    """A clock that the test sets."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


class Servers:
    """A prober that counts, and is as slow and as broken as the test wants."""

    def __init__(self) -> None:
        self.probes: list[tuple[Endpoint, Hello]] = []
        self.begun: list[float] = []
        self.under_way: dict[str, int] = {}
        self.most: dict[str, int] = {}
        self.problem = ""
        self.seconds = 0.0

    async def probe(self, endpoint: Endpoint, hello: Hello, *, deadline: float, fresh: bool = False) -> Probe:
        self.probes.append((endpoint, hello))
        self.begun.append(asyncio.get_running_loop().time())
        now = self.under_way[endpoint.address] = self.under_way.get(endpoint.address, 0) + 1
        self.most[endpoint.address] = max(now, self.most.get(endpoint.address, 0))
        try:
            async with asyncio.timeout_at(deadline):
                await asyncio.sleep(self.seconds)
        except TimeoutError:
            return NoHandshake(endpoint, hello, NOW, "port_timeout")
        finally:
            self.under_way[endpoint.address] -= 1
        if self.problem:
            return NoHandshake(endpoint, hello, NOW, self.problem, "so it is")
        return Handshake(endpoint, hello, NOW, TlsVersion.TLS1_3, ())


@pytest.fixture
def servers() -> Servers:
    return Servers()


@pytest.fixture
def clock() -> Clock:
    return Clock()


async def test_few_connections_at_once_to_one_server(servers: Servers, clock: Clock) -> None:
    """Each server has a gate of its own, so a slow one holds up nobody else."""
    servers.seconds = 0.02
    gate = ServerGate(servers, clock=clock, at_once=3, apart=0)
    asked = [endpoint(address) for address in ("192.0.2.8", "192.0.2.3") for _ in range(10)]
    probes = [gate.probe(one, Hello(f"mail.c{n}.cz"), deadline=soon()) for n, one in enumerate(asked)]
    assert all(isinstance(probe, Handshake) for probe in await asyncio.gather(*probes))
    assert servers.most == {"192.0.2.8": 3, "192.0.2.3": 3}


async def test_connections_are_spread_over_time(servers: Servers, clock: Clock) -> None:
    """Not all slots are taken in the same moment."""
    start, gate = asyncio.get_running_loop().time(), ServerGate(servers, clock=clock, at_once=10, apart=0.01)
    await asyncio.gather(*(gate.probe(endpoint(), Hello(f"mail.c{n}.cz"), deadline=soon()) for n in range(5)))
    moments = [start + 0.01 * number for number in range(5)]
    assert all(begun >= moment - 0.001 for begun, moment in zip(servers.begun, moments, strict=True))


async def test_what_belongs_to_the_server_is_measured_once(servers: Servers, clock: Clock) -> None:
    """Without SNI: for the whole sweep, however long; a fresh look is one. With SNI: each name."""
    gate = ServerGate(servers, clock=clock)
    for _ in range(3):
        await gate.probe(endpoint(), Hello(), deadline=soon())
        clock.now += timedelta(hours=3)
    assert len(servers.probes) == 1
    await gate.probe(endpoint(), Hello(), deadline=soon(), fresh=True)
    assert len(servers.probes) == 2
    for name in ("mail.a.cz", "mail.b.cz"):
        await gate.probe(endpoint(), Hello(name), deadline=soon())
    assert len(servers.probes) == 4


@pytest.mark.parametrize(
    ("problem", "seconds", "made"),
    [("tls_handshake_failed", 9_000, 1), ("starttls_missing", 9_000, 1), ("server_silent", 20, 1),
     ("server_silent", 40, 3), ("probe_not_made", 0, 3)],
)  # fmt: skip
async def test_a_server_that_refuses_who_sends_no_name_is_asked_once(
    servers: Servers, clock: Clock, problem: str, seconds: float, made: int
) -> None:
    """What it made plain holds for the whole sweep; silence only for a while; our own trouble not at all."""
    servers.problem = problem
    gate = ServerGate(servers, clock=clock)
    for _ in range(3):
        probe = await gate.probe(endpoint(), Hello(), deadline=soon())
        assert getattr(probe, "problem", "") == problem
        clock.now += timedelta(seconds=seconds / 3 if made == 1 else seconds)
    assert len(servers.probes) == made


@pytest.mark.parametrize("problem", ["", "tls_handshake_failed"])
async def test_many_who_want_the_same_at_once_cost_one_connection(servers: Servers, clock: Clock, problem: str) -> None:
    """Who sends no name waits for the one before, and then knows what that one knows."""
    servers.seconds, servers.problem = 0.01, problem
    gate = ServerGate(servers, clock=clock)
    probes = await asyncio.gather(*(gate.probe(endpoint(), Hello(), deadline=soon()) for _ in range(5)))
    assert [getattr(probe, "problem", "") for probe in probes] == [problem] * 5
    assert len(servers.probes) == 1


async def test_a_port_found_closed_meanwhile_is_not_tried(servers: Servers, clock: Clock) -> None:
    """Who waited at the gate looks again at what is known."""
    servers.seconds, servers.problem = 0.01, "port_refused"
    gate = ServerGate(servers, clock=clock, at_once=1)
    await asyncio.gather(*(gate.probe(endpoint(), Hello(f"mail.c{n}.cz"), deadline=soon()) for n in range(5)))
    assert len(servers.probes) == FAILURES


async def test_nobody_waits_past_his_deadline_for_another(servers: Servers, clock: Clock) -> None:
    """Not even for what both want to know."""
    servers.seconds = 0.2
    gate = ServerGate(servers, clock=clock)
    probes = await asyncio.gather(*(gate.probe(endpoint(), Hello(), deadline=soon(left)) for left in (5.0, 0.05)))
    assert [getattr(probe, "problem", "") for probe in probes] == ["", "probe_not_made"]


@pytest.mark.parametrize("problem", ["port_refused", "port_timeout"])
async def test_a_closed_port_is_believed_for_a_while(servers: Servers, clock: Clock, problem: str) -> None:
    """After some failures nobody knocks, for any name; later it is tried again; other ports are not meant."""
    servers.problem = problem
    gate = ServerGate(servers, clock=clock)
    probes = [await gate.probe(endpoint(), Hello(f"mail.c{n}.cz"), deadline=soon()) for n in range(5)]
    assert len(servers.probes) == FAILURES
    assert [(probe.problem, probe.hello.sni) for probe in probes if isinstance(probe, NoHandshake)] == [
        (problem, f"mail.c{n}.cz") for n in range(5)
    ]
    await gate.probe(endpoint(port=995), Hello("mail.a.cz"), deadline=soon())
    clock.now += timedelta(minutes=1)
    servers.problem = ""
    assert isinstance(await gate.probe(endpoint(), Hello("mail.a.cz"), deadline=soon()), Handshake)


async def test_one_failure_or_another_kind_is_not_believed(servers: Servers, clock: Clock) -> None:
    """A handshake in between clears a port; a problem within TLS may be one name's alone."""
    gate = ServerGate(servers, clock=clock)
    for problem in ("port_refused", "", "port_refused", "", "tls_handshake_failed", "tls_handshake_failed", ""):
        servers.problem = problem
        probe = await gate.probe(endpoint(), Hello("mail.a.cz"), deadline=soon())
        assert getattr(probe, "problem", "") == problem


async def test_who_waited_too_long_at_the_gate_knows_nothing(servers: Servers, clock: Clock) -> None:
    """Neither a turn that never came nor one that came too late is the server's fault, nor remembered as one."""
    servers.seconds = 0.2
    gate = ServerGate(servers, clock=clock, at_once=1, apart=0)
    deadlines = (5.0, 0.1, 0.3, 5.0)
    probes = await asyncio.gather(
        *(gate.probe(endpoint(), Hello(f"mail.c{n}.cz"), deadline=soon(left)) for n, left in enumerate(deadlines))
    )
    assert [getattr(probe, "problem", "") for probe in probes] == ["", "probe_not_made", "probe_not_made", ""]


@pytest.fixture
async def world() -> AsyncIterator[World]:
    async with running_world() as running:
        yield running


async def held(world: World, domain: str, at: str, language: str = "en") -> Json:
    """Whether a server of the little world is ready for a domain."""
    parts = Parts(world.config(MAILBOT_TIMEOUT="1"), dial=world.dial)
    edges = sweep_edges(parts)
    server, addresses = await find_server(at, edges)
    return await HeldCertificates(edges, server, addresses, language).status(DomainName(domain, domain))


async def test_a_server_that_is_ready(world: World) -> None:
    """Every name is shown its certificate, whatever DNS says of the domain."""
    found = await held(world, "example.cz", "mail8")
    assert (found["verdict"], found["findings"], found["at"]) == ("works", [], "mail8.skok.cz")
    assert [(service["host"], service["port"], service["problem"]) for service in found["services"]] == [
        ("mail.example.cz", 993, None),
        ("smtp.example.cz", 587, None),
        ("imap.example.cz", 993, None),
        ("pop.example.cz", 993, None),
    ]
    assert all(service["not_after"] and service["tls_version"] for service in found["services"])


async def test_a_server_that_is_not_ready(world: World) -> None:
    """It shows the certificate of another name: an error for the names customers use, a warning for the others."""
    found = await held(world, "example.cz", "mail3")
    assert found["verdict"] == "broken"
    assert [(finding["code"], finding["level"], finding["expected"]) for finding in found["findings"]] == [
        ("certificate_name_mismatch", "error", "a certificate for mail.example.cz"),
        ("certificate_name_mismatch", "error", "a certificate for smtp.example.cz"),
        ("certificate_name_mismatch", "warning", "a certificate for imap.example.cz"),
        ("certificate_name_mismatch", "warning", "a certificate for pop.example.cz"),
    ]
    assert found["findings"][0]["text"] == "mail3.skok.cz holds no certificate for mail.example.cz yet (IMAP 993)"
    assert found["findings"][0]["fix"] == "issue it on mail3.skok.cz before the rows lead there"
    czech = await held(world, "example.cz", "mail3", "cs")
    assert czech["findings"][0]["text"] == "mail3.skok.cz zatím nemá certifikát pro mail.example.cz (IMAP 993)"


async def test_the_line_has_the_shape_of_a_status(world: World) -> None:
    """The same keys as `mailbot status --json`, in it and in its findings; beside them the server asked."""
    parts = Parts(world.config(), dial=world.dial)
    usual = status_json(await parts.status.status(DomainName("propadla.example", "propadla.example")), "en")
    found = await held(world, "example.cz", "mail3")
    assert set(found) == set(usual) | {"at"}
    for part in ("findings", "services"):
        assert set(found[part][0]) == set(usual[part][0])


async def test_an_expired_certificate_is_told_as_such(world: World) -> None:
    """Holding it is not enough."""
    world.break_certificate("example.cz", "expired")
    assert {finding["code"] for finding in (await held(world, "example.cz", "mail8"))["findings"]} == {
        "certificate_expired"
    }


async def test_a_server_that_does_not_answer_is_not_known(world: World) -> None:
    """A silent port says nothing about certificates; a closed one is told as closed."""
    silent = await held(world, "zahrada.example", "mail5")
    assert "server_silent" in {finding["code"] for finding in silent["findings"]}
    await world.stop_server("mail8.skok.cz")
    closed = await held(world, "example.cz", "mail8")
    assert (closed["verdict"], [finding["code"] for finding in closed["findings"]]) == ("broken", ["port_refused"])


async def test_no_address_is_looked_at_that_may_not_be(world: World) -> None:
    """The guard holds for sweeps too."""
    parts = Parts(world.config())
    answers = HeldCertificates(sweep_edges(parts), ServerName("mail7.skok.cz", 7), ("10.0.0.7",), "en")
    found = await answers.status(DomainName("example.cz", "example.cz"))
    assert found["verdict"] == "unknown"
    assert {service["problem"] for service in found["services"]} == {"address_not_public"}
