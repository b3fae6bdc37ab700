"""The TLS edge against real servers on loopback, and against hostile ones."""

from __future__ import annotations

import asyncio
import gc
import os
import resource
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from ipaddress import ip_network

import pytest
from cryptography.hazmat.primitives.serialization import Encoding

from bot.facts import Endpoint, Handshake, Hello, NoHandshake, Probe, Protocol, Security, TlsVersion
from bot.network.guard import AddressGuard
from bot.network.tls import context_for
from bot.network.tls_probe import Prober
from bot.playground.authority import Authority, Identity
from bot.playground.dialogues import Dialogue
from bot.playground.mail import MailServer, dial_map
from tests.fakes import mail as hostile
from tests.fakes.mail import Peer

LOOPBACK = AddressGuard([ip_network("127.0.0.0/8"), ip_network("::1/128")])
IMAPS = Endpoint("127.0.0.1", 993, Protocol.IMAP, Security.IMPLICIT_TLS)
POP3S = Endpoint("127.0.0.1", 995, Protocol.POP3, Security.IMPLICIT_TLS)
IMAP = Endpoint("127.0.0.1", 143, Protocol.IMAP, Security.STARTTLS)
POP3 = Endpoint("127.0.0.1", 110, Protocol.POP3, Security.STARTTLS)
SUBMISSION = Endpoint("127.0.0.1", 587, Protocol.SMTP, Security.STARTTLS)
STARTTLS = [IMAP, POP3, SUBMISSION]
EVERYTHING = [IMAPS, POP3S, *STARTTLS]
BY_PROTOCOL = pytest.mark.parametrize("endpoint", STARTTLS, ids=lambda endpoint: endpoint.protocol)

Ports = Mapping[int, tuple[str, int]]


class Clock:
    """A clock that the test sets."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(scope="module")
def default(authority: Authority) -> Identity:
    return authority.issue(["mail8.skok.cz"])


@pytest.fixture(scope="module")
def named(authority: Authority) -> Identity:
    return authority.issue(["mail.example.cz"])


@pytest.fixture
async def server(default: Identity, named: Identity) -> AsyncIterator[MailServer]:
    async with MailServer(default, {"mail.example.cz": named}) as server:
        yield server


def prober_for(ports: Ports, clock: Clock | None = None, guard: AddressGuard = LOOPBACK) -> Prober:
    return Prober(guard, clock=clock or Clock(), dial=lambda _, port: ports[port])


async def probe(
    prober: Prober,
    endpoint: Endpoint = IMAPS,
    hello: Hello = Hello("mail.example.cz"),  # noqa: B008 (frozen)
    *,
    within: float = 5.0,
    fresh: bool = False,
) -> Probe:
    deadline = asyncio.get_running_loop().time() + within
    return await prober.probe(endpoint, hello, deadline=deadline, fresh=fresh)


def sent(identity: Identity) -> tuple[bytes, ...]:
    return tuple(certificate.public_bytes(Encoding.DER) for certificate in identity.chain)


def chain_of(handshake: Probe) -> tuple[bytes, ...]:
    assert isinstance(handshake, Handshake), handshake
    return tuple(certificate.der for certificate in handshake.chain)


def problem_of(unmade: Probe) -> tuple[str, str]:
    assert isinstance(unmade, NoHandshake), unmade
    return unmade.problem, unmade.detail


def open_files() -> int:
    return len(os.listdir("/proc/self/fd"))


# What a server shows


@pytest.mark.parametrize("endpoint", EVERYTHING, ids=lambda endpoint: str(endpoint.port))
async def test_the_server_sees_the_name_or_none(
    server: MailServer, default: Identity, named: Identity, clock: Clock, endpoint: Endpoint
) -> None:
    """With SNI the domain's chain comes, without it the server's; both whole, in either mode of TLS."""
    prober = prober_for(server.ports, clock)
    with_sni = await probe(prober, endpoint, Hello("mail.example.cz"))
    without = await probe(prober, endpoint, Hello(None))
    assert chain_of(with_sni) == sent(named)
    assert chain_of(without) == sent(default)
    assert len(sent(named)) == 2
    await server.settled()
    assert [visit.sni for visit in server.visits] == ["mail.example.cz", None]
    assert isinstance(with_sni, Handshake)
    assert (with_sni.endpoint, with_sni.hello, with_sni.seen_at) == (endpoint, Hello("mail.example.cz"), clock.now)
    assert with_sni.tls_version is TlsVersion.TLS1_3


async def test_the_name_is_sent_as_given(server: MailServer) -> None:
    """No idea of ours about what a host name may be gets between."""
    name = "_x." + "a" * 63 + ".xn--80ak6aa92e.cz"
    await probe(prober_for(server.ports), IMAPS, Hello(name))
    await server.settled()
    assert server.visits[-1].sni == name


async def test_an_unknown_name_can_be_an_alert(named: Identity) -> None:
    """A server without a default certificate hangs up in TLS, and that is told in OpenSSL's word."""
    async with MailServer(None, {"mail.example.cz": named}) as server:
        unmade = await probe(prober_for(server.ports), IMAPS, Hello("other.cz"))
    assert problem_of(unmade) == ("tls_handshake_failed", "TLSV1_UNRECOGNIZED_NAME")


async def test_ipv6_is_dialled_too(default: Identity) -> None:
    """The address decides the family."""
    async with MailServer(default, address="::1") as server:
        handshake = await probe(prober_for(server.ports), replace(IMAPS, address="::1"))
    assert chain_of(handshake) == sent(default)


# What a client can


@pytest.mark.parametrize("spoken", list(TlsVersion))
async def test_without_bounds_every_version_is_seen(default: Identity, spoken: TlsVersion) -> None:
    """A server of 2005 is not hidden by what OpenSSL thinks of it today."""
    async with MailServer(default, lowest=spoken, highest=spoken) as server:
        handshake = await probe(prober_for(server.ports))
    assert isinstance(handshake, Handshake), handshake
    assert handshake.tls_version is spoken


@pytest.mark.parametrize(
    ("hello", "agreed"),
    [
        (Hello(highest=TlsVersion.TLS1_0), TlsVersion.TLS1_0),
        (Hello(highest=TlsVersion.TLS1_1), TlsVersion.TLS1_1),
        (Hello(lowest=TlsVersion.TLS1_1, highest=TlsVersion.TLS1_2), TlsVersion.TLS1_2),
        (Hello(lowest=TlsVersion.TLS1_3), TlsVersion.TLS1_3),
        (Hello(ecdsa=False), TlsVersion.TLS1_2),
        (Hello(highest=TlsVersion.TLS1_0, ecdsa=False), TlsVersion.TLS1_0),
    ],
)
async def test_a_clients_bounds_are_kept(authority: Authority, hello: Hello, agreed: TlsVersion) -> None:
    """A server that speaks everything meets the client at its best."""
    rsa = authority.issue(["mail8.skok.cz"], key="rsa")
    async with MailServer(rsa, lowest=TlsVersion.TLS1_0) as server:
        handshake = await probe(prober_for(server.ports), hello=hello)
    assert isinstance(handshake, Handshake), handshake
    assert handshake.tls_version is agreed


@pytest.mark.parametrize(
    ("hello", "lowest", "highest"),
    [
        (Hello(highest=TlsVersion.TLS1_0), TlsVersion.TLS1_2, None),
        (Hello(highest=TlsVersion.TLS1_1), TlsVersion.TLS1_2, None),
        (Hello(lowest=TlsVersion.TLS1_2), TlsVersion.TLS1_0, TlsVersion.TLS1_1),
        (Hello(lowest=TlsVersion.TLS1_3), None, TlsVersion.TLS1_2),
    ],
)
async def test_versions_that_do_not_meet(
    default: Identity, hello: Hello, lowest: TlsVersion | None, highest: TlsVersion | None
) -> None:
    """Old client and new server, and the other way round: it is TLS that refuses."""
    async with MailServer(default, lowest=lowest, highest=highest) as server:
        unmade = await probe(prober_for(server.ports), hello=hello)
    problem, detail = problem_of(unmade)
    assert problem == "tls_handshake_failed"
    assert "PROTOCOL" in detail


async def test_a_client_without_ecdsa_cannot_reach_an_ecdsa_server(default: Identity) -> None:
    """No suite is left over."""
    async with MailServer(default) as server:
        unmade = await probe(prober_for(server.ports), hello=Hello(ecdsa=False))
    assert problem_of(unmade) == ("tls_handshake_failed", "SSLV3_ALERT_HANDSHAKE_FAILURE")


async def test_a_hello_without_a_version_is_a_mistake_of_the_caller() -> None:
    """It could not be sent."""
    with pytest.raises(ValueError, match=r"from 1\.3 to 1\.2"):
        await probe(prober_for({}), hello=Hello(lowest=TlsVersion.TLS1_3, ecdsa=False))


@pytest.mark.parametrize("ecdsa", [True, False])
def test_no_finite_field_diffie_hellman_is_offered(ecdsa: bool) -> None:
    """With it a hostile server could choose a group that takes this program a quarter of a second."""
    names = [cipher["name"] for cipher in context_for(None, None, ecdsa).get_ciphers()]
    assert names
    assert not [name for name in names if name.startswith("DHE")]


# Why there is no handshake


async def test_an_address_that_is_not_public_is_not_dialled() -> None:
    """The guard is asked first."""
    unmade = await probe(prober_for({}, guard=AddressGuard([])))
    assert problem_of(unmade) == ("address_not_public", "")


async def test_a_closed_port_refuses() -> None:
    with hostile.closed_port() as port:
        unmade = await probe(prober_for({993: port}))
    assert problem_of(unmade) == ("port_refused", "connection refused")


async def test_a_port_that_drops_times_out() -> None:
    """As behind a firewall."""
    with hostile.unanswered_port() as port:
        unmade = await probe(prober_for({993: port}), within=0.2)
    assert problem_of(unmade) == ("port_timeout", "no answer to the connection")


async def test_what_this_machine_cannot_do_is_not_the_servers_state(server: MailServer) -> None:
    """Here: it has no file left to open."""
    prober = prober_for(server.ports)
    limits = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (3, limits[1]))
    try:
        unmade = await probe(prober)
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, limits)
    assert problem_of(unmade) == ("probe_not_made", "too many open files")


@pytest.mark.parametrize(
    ("behaviour", "problem"),
    [
        (hostile.silent, ("server_silent", "no answer to the TLS hello")),
        (hostile.never_finishes, ("server_silent", "no answer to the TLS hello")),
        (hostile.drip(b"\x16\x03\x03\x40\x00\x02", 0.03), ("server_silent", "no answer to the TLS hello")),
        (hostile.reset_in_handshake, ("tls_handshake_failed", "connection reset")),
        (hostile.alert, ("tls_handshake_failed", "SSLV3_ALERT_HANDSHAKE_FAILURE")),
        (hostile.garbage, ("tls_handshake_failed", "WRONG_VERSION_NUMBER")),
        (hostile.says(b"220 hi\x1b[31m\xff\r\n", after_hello=False), ("port_speaks_plain", "220 hi?[31m?")),
        (hostile.drip(b"* OK", 0.01), ("port_speaks_plain", "*")),
        (hostile.endless_line, ("port_speaks_plain", "* OK " + "x" * 115)),
    ],
    ids=str,
)
async def test_trouble_where_tls_is_first(behaviour: hostile.Behaviour, problem: tuple[str, str]) -> None:
    """Each kind has its code; no time is waited for longer than asked."""
    async with Peer(behaviour) as peer:
        unmade = await probe(prober_for(peer.ports), within=0.3)
        await peer.left()
    assert problem_of(unmade) == problem


@pytest.mark.parametrize(
    ("behaviour", "problem"),
    [
        (hostile.silent, ("server_silent", "no greeting")),
        (hostile.drip(b"220 so slow", 0.04), ("server_silent", "no greeting")),
        (hostile.hang_up, ("server_silent", "connection closed")),
        (hostile.says(b"220 hi\r\n", after_hello=False), ("server_silent", "no answer to EHLO")),
        (hostile.endless_line, ("starttls_missing", "too many bytes")),
        (hostile.endless_lines, ("starttls_missing", "too many lines")),
        (hostile.says(b"SSH-2.0-x\r\n", after_hello=False), ("starttls_missing", "SSH-2.0-x")),
        (hostile.says(b"421 too busy\r\n", after_hello=False), ("probe_not_made", "421 too busy")),
    ],
    ids=str,
)
async def test_trouble_before_starttls(behaviour: hostile.Behaviour, problem: tuple[str, str]) -> None:
    """A server that is too busy for us has not shown anything about itself."""
    async with Peer(behaviour) as peer:
        unmade = await probe(prober_for(peer.ports), SUBMISSION, within=0.3)
        await peer.left()
    assert problem_of(unmade) == problem


@BY_PROTOCOL
@pytest.mark.parametrize(
    ("behaviour", "problem"),
    [
        (hostile.silent, ("server_silent", "no answer to the TLS hello")),
        (hostile.reset, ("tls_handshake_failed", "connection reset")),
        (hostile.says(b"* OK go on in the clear\r\n"), ("tls_handshake_failed", "WRONG_VERSION_NUMBER")),
    ],
    ids=str,
)
async def test_trouble_after_starttls(
    endpoint: Endpoint, behaviour: hostile.Behaviour, problem: tuple[str, str]
) -> None:
    """The server agreed, so this is TLS."""
    async with Peer(hostile.after_starttls(endpoint.protocol, behaviour), (endpoint.port,)) as peer:
        unmade = await probe(prober_for(peer.ports), endpoint, within=0.3)
    assert problem_of(unmade) == problem


@pytest.mark.parametrize("endpoint", EVERYTHING, ids=lambda endpoint: str(endpoint.port))
async def test_a_server_that_hangs_up_on_the_hello(endpoint: Endpoint) -> None:
    """Politely or by reset, as the kernel decides: it depends on how much of the hello was read."""
    behaviour: hostile.Behaviour = hostile.hang_up
    if endpoint.security is Security.STARTTLS:
        behaviour = hostile.after_starttls(endpoint.protocol, behaviour)
    async with Peer(behaviour, (endpoint.port,)) as peer:
        problem, detail = problem_of(await probe(prober_for(peer.ports), endpoint))
    assert problem == "tls_handshake_failed"
    assert detail in ("connection closed", "connection reset")


@BY_PROTOCOL
@pytest.mark.parametrize("lines_of", [hostile.STARTTLS_MISSING, hostile.STARTTLS_REFUSED], ids=["missing", "refused"])
async def test_starttls_is_not_to_be_had(
    default: Identity, endpoint: Endpoint, lines_of: Mapping[Protocol, Dialogue]
) -> None:
    """Not offered, or offered and refused: the last reply is kept as detail."""
    async with MailServer(default, dialogues=lines_of) as server:
        unmade = await probe(prober_for(server.ports), endpoint)
    assert problem_of(unmade)[0] == "starttls_missing"
    assert problem_of(unmade)[1]


@BY_PROTOCOL
async def test_text_before_tls_is_not_taken_for_protected(default: Identity, endpoint: Endpoint) -> None:
    """What came with the agreement came in the clear (CVE-2011-0411)."""
    async with MailServer(default, dialogues=hostile.STARTTLS_INJECTED) as server:
        unmade = await probe(prober_for(server.ports), endpoint)
    assert problem_of(unmade) == ("tls_handshake_failed", "text before TLS")


async def test_ports_in_the_other_mode(default: Identity) -> None:
    """Text where TLS belongs is told; TLS where text belongs is silence."""
    roles = (*hostile.PLAIN_ON_TLS_PORTS, *hostile.TLS_ON_PLAIN_PORTS)
    async with MailServer(default, roles=roles) as server:
        prober = prober_for(server.ports)
        assert problem_of(await probe(prober, IMAPS))[0] == "port_speaks_plain"
        assert problem_of(await probe(prober, POP3S))[0] == "port_speaks_plain"
        assert problem_of(await probe(prober, SUBMISSION, within=0.2)) == ("server_silent", "no greeting")


async def test_replies_in_pieces_are_one_reply(default: Identity) -> None:
    """How the bytes are cut says nothing."""
    text = b"220-hello\r\n220-and\r\n220 welcome\r\n"
    async with Peer(hostile.drip(text, 0.001)) as peer:
        unmade = await probe(prober_for(peer.ports), SUBMISSION, within=0.5)
    assert problem_of(unmade) == ("server_silent", "no answer to EHLO")


# Keeping and sharing


async def test_handshakes_are_kept_for_their_time(server: MailServer, clock: Clock) -> None:
    """An hour without SNI, ten minutes with it; `fresh` looks anew."""
    prober = prober_for(server.ports, clock)
    for hello, kept in ((Hello(None), timedelta(hours=1)), (Hello("mail.example.cz"), timedelta(minutes=10))):
        first = await probe(prober, hello=hello)
        clock.now += kept - timedelta(seconds=1)
        assert await probe(prober, hello=hello) is first
        assert await probe(prober, hello=hello, fresh=True) is not first
        clock.now += kept
        assert await probe(prober, hello=hello) is not first
    assert len(server.visits) == 6


async def test_failures_are_not_kept(server: MailServer) -> None:
    """What is mended is seen mended."""
    ports: dict[int, tuple[str, int]] = {}
    prober = prober_for(ports)
    with hostile.closed_port() as ports[993]:
        assert problem_of(await probe(prober))[0] == "port_refused"
    ports[993] = server.ports[993]
    assert isinstance(await probe(prober), Handshake)


async def test_domains_on_one_server_share_their_certificates(server: MailServer) -> None:
    """A thousand domains do not mean a thousand copies."""
    prober = prober_for(server.ports)
    one, other = await probe(prober, hello=Hello("a.cz")), await probe(prober, hello=Hello("b.cz"))
    assert isinstance(one, Handshake)
    assert isinstance(other, Handshake)
    assert all(mine is yours for mine, yours in zip(one.chain, other.chain, strict=True))


async def test_equal_probes_are_one_connection(server: MailServer) -> None:
    """Also when the one who began it leaves."""
    prober = prober_for(server.ports)
    tasks = [asyncio.create_task(probe(prober)) for _ in range(5)]
    await asyncio.sleep(0)
    tasks[0].cancel()
    assert all(isinstance(seen, Handshake) for seen in await asyncio.gather(*tasks[1:]))
    assert len(server.visits) == 1


async def test_each_asker_has_a_deadline_of_its_own() -> None:
    """One in a hurry does not end the wait of the other."""
    async with Peer(hostile.silent) as peer:
        prober = prober_for(peer.ports)
        patient = asyncio.create_task(probe(prober, within=0.4))
        assert problem_of(await probe(prober, within=0.1))[0] == "server_silent"
        assert not patient.done()
        await patient
        assert peer.accepted == 1


# Bounds


async def test_a_probe_that_came_to_its_turn_too_late_says_nothing_of_the_server(default: Identity) -> None:
    """It waited for a slot nearly all of its time: what the server would have answered is not known."""
    async with Peer(hostile.silent) as hung:
        prober = Prober(LOOPBACK, clock=Clock(), dial=lambda _, port: hung.ports[port], limit=1)
        first = asyncio.create_task(probe(prober, hello=Hello("a.cz"), within=0.4))
        await asyncio.sleep(0)
        late = await probe(prober, hello=Hello("b.cz"), within=0.45)
        assert problem_of(await first) == ("server_silent", "no answer to the TLS hello")
    assert problem_of(late) == ("probe_not_made", "too many probes at once")


async def test_a_hung_address_does_not_delay_another(default: Identity) -> None:
    """It takes no more than its own slots; who waits for one of those was not served by us, and that is said."""
    async with Peer(hostile.silent, address="127.0.0.2") as hung, MailServer(default, address="127.0.0.3") as well:
        targets = {(peer.address, 993): peer.ports[993] for peer in (hung, well)}
        prober = Prober(
            LOOPBACK, clock=Clock(), dial=lambda address, port: targets[address, port], limit=3, per_address=2
        )
        stuck = [
            asyncio.create_task(probe(prober, replace(IMAPS, address="127.0.0.2"), Hello(f"{n}.cz"), within=0.4))
            for n in range(20)
        ]
        await asyncio.sleep(0)
        assert isinstance(await probe(prober, replace(IMAPS, address="127.0.0.3")), Handshake)
        assert not any(task.done() for task in stuck)
        problems = [problem_of(await task) for task in stuck]
        assert hung.accepted == 2
    assert problems[:2] == [("server_silent", "no answer to the TLS hello")] * 2
    assert set(problems[2:]) == {("probe_not_made", "too many probes at once")}


async def test_a_late_loop_is_not_the_servers_fault() -> None:
    """When this program was busy over the deadline, the server may have answered long ago."""
    async with Peer(hostile.silent) as peer:
        waiting = asyncio.create_task(probe(prober_for(peer.ports), within=0.1))
        asyncio.get_running_loop().call_later(0.05, busy_for(0.6))
        assert problem_of(await waiting) == ("probe_not_made", "this program was too busy")


def busy_for(seconds: float) -> Callable[[], None]:
    """Work that does not let the loop go on."""

    def work() -> None:
        loop = asyncio.get_running_loop()
        until = loop.time() + seconds
        while loop.time() < until:
            pass

    return work


async def test_every_connection_is_closed(default: Identity) -> None:
    """After success, failure, time-out and cancellation; nothing is left to the garbage collector."""
    behaviours = (hostile.silent, hostile.reset, hostile.endless_line, hostile.never_finishes, hostile.hang_up)
    async with MailServer(default) as server:
        before = open_files()
        await asyncio.gather(*(probe(prober_for(server.ports), endpoint) for endpoint in EVERYTHING))
        await server.settled()
        for behaviour in behaviours:
            async with Peer(behaviour) as peer:
                prober = prober_for(peer.ports)
                cancelled = asyncio.create_task(probe(prober, hello=Hello(None)))
                await asyncio.gather(probe(prober, within=0.1), probe(prober, SUBMISSION, within=0.1))
                cancelled.cancel()
                await asyncio.wait([cancelled])
                await peer.left()
        gc.collect()
        assert open_files() == before


async def test_the_map_of_a_playground_can_be_dialled(server: MailServer, named: Identity) -> None:
    """The address and port that are told lead to those that are served."""
    told = dial_map([server])
    prober = Prober(LOOPBACK, clock=Clock(), dial=lambda address, port: told[address, port])
    assert chain_of(await probe(prober)) == sent(named)
