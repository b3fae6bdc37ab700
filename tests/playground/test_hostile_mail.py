"""The hostile mail servers are as hostile as they say."""

from __future__ import annotations

import asyncio
import ssl

import pytest

from bot.facts import Protocol
from bot.playground.authority import Authority
from tests.fakes import mail as hostile
from tests.fakes.mail import Peer, closed_port, unanswered_port


@pytest.fixture
def client(authority: Authority) -> ssl.SSLContext:
    """A client that trusts the authority, and takes any name."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.load_verify_locations(cadata=authority.root_pem.decode())
    return context


async def receive(peer: Peer, send: bytes = b"", most: int = 1_000_000, timeout: float = 0.3) -> bytes:
    """What the peer says within a time, in the clear."""
    reader, writer = await asyncio.open_connection(*peer.ports[993])
    received = b""
    try:
        writer.write(send)
        async with asyncio.timeout(timeout):
            while len(received) < most and (data := await reader.read(65_536)):
                received += data
    except TimeoutError:
        received += b"<silence>"
    finally:
        writer.transport.abort()
    return received


async def dial(peer: Peer, client: ssl.SSLContext) -> None:
    _, writer = await asyncio.open_connection(*peer.ports[993], ssl=client, ssl_handshake_timeout=0.3)
    writer.close()


@pytest.mark.parametrize(
    ("behaviour", "received"),
    [
        (hostile.silent, b"<silence>"),
        (hostile.hang_up, b""),
        (hostile.half_close, b"* OK ready\r\n"),
        (hostile.drip(b"* OK\r\n", 0.001), b"* OK\r\n<silence>"),
        (hostile.says(b"hello", after_hello=False), b"hello<silence>"),
    ],
)
async def test_what_they_say(behaviour, received):
    async with Peer(behaviour) as peer:
        assert await receive(peer) == received
        assert peer.accepted == 1


@pytest.mark.parametrize("behaviour", [hostile.endless_line, hostile.endless_lines])
async def test_endless_ones_do_not_end(behaviour):
    async with Peer(behaviour) as peer:
        assert len(await receive(peer)) >= 1_000_000
        await peer.left()
        assert peer.open == 0


async def test_a_reset_is_a_reset():
    async with Peer(hostile.reset) as peer:
        with pytest.raises(ConnectionResetError):
            await receive(peer)


@pytest.mark.parametrize(
    ("behaviour", "error"),
    [
        (hostile.reset_in_handshake, ConnectionResetError),
        (hostile.garbage, ssl.SSLError),
        (hostile.alert, ssl.SSLError),
        (hostile.silent, ConnectionAbortedError),
        (hostile.never_finishes, ConnectionAbortedError),
    ],
)
async def test_handshakes_that_fail(client, behaviour, error):
    async with Peer(behaviour) as peer:
        with pytest.raises(error):
            await dial(peer, client)


async def test_a_closed_port_refuses():
    with closed_port() as (address, port), pytest.raises(ConnectionRefusedError):
        await asyncio.open_connection(address, port)


async def test_an_unanswered_port_lets_the_client_wait():
    with unanswered_port() as (address, port), pytest.raises(TimeoutError):
        async with asyncio.timeout(0.2):
            await asyncio.open_connection(address, port)


async def converse(server, port: int, lines: list[bytes]) -> bytes:
    """Say the lines one by one; returns all that was answered before a silence or the end."""
    reader, writer = await asyncio.open_connection(*server.ports[port])
    received = b""
    for line in [b"", *lines]:
        writer.write(line)
        try:
            async with asyncio.timeout(0.2):
                received += await reader.read(4096)
        except TimeoutError:
            break
    writer.transport.abort()
    return received


@pytest.mark.parametrize(
    ("port", "ask", "start"),
    [
        (143, b"a CAPABILITY\r\n", b"b STARTTLS\r\n"),
        (110, b"CAPA\r\n", b"STLS\r\n"),
        (587, b"EHLO x\r\n", b"STARTTLS\r\n"),
    ],
)
async def test_starttls_may_be_missing_refused_or_followed_by_more(authority, mail_server, port, ask, start):
    identity, word = authority.issue(["a.cz"]), start.split()[-1]
    missing = await mail_server(identity, dialogues=hostile.STARTTLS_MISSING)
    refused = await mail_server(identity, dialogues=hostile.STARTTLS_REFUSED)
    injected = await mail_server(identity, dialogues=hostile.STARTTLS_INJECTED)
    assert word not in await converse(missing, port, [ask])
    told = await converse(refused, port, [ask, start])
    assert word in told
    assert b"not available" in told
    assert (await converse(injected, port, [ask, start])).count(b"playground") >= 2


async def test_the_wrong_way_round(authority, mail_server, client):
    identity = authority.issue(["a.cz"])
    plain = await mail_server(identity, roles=hostile.PLAIN_ON_TLS_PORTS)
    assert (await converse(plain, 993, [])).startswith(b"* OK")
    with pytest.raises(ssl.SSLError):
        await asyncio.open_connection(*plain.ports[993], ssl=client)
    encrypted = await mail_server(identity, roles=hostile.TLS_ON_PLAIN_PORTS)
    assert await converse(encrypted, 143, []) == b""


@pytest.mark.parametrize("protocol", list(Protocol))
async def test_garbage_may_follow_starttls(protocol):
    lines = {Protocol.IMAP: b"a STARTTLS\r\n", Protocol.POP3: b"STLS\r\n", Protocol.SMTP: b"STARTTLS\r\n"}
    async with Peer(hostile.after_starttls(protocol, hostile.garbage)) as peer:
        assert b"garbage" in await converse(peer, 993, [lines[protocol], b"\x16\x03\x01hello"])
