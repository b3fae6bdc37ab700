"""Real clients can talk to the mail servers; each sees the certificate that its SNI asks for."""

from __future__ import annotations

import asyncio
import imaplib
import poplib
import smtplib
import ssl
from contextlib import suppress

import pytest

from bot.facts import TlsVersion
from bot.playground.authority import Authority, bound_versions
from bot.playground.mail import MailServer, dial_map


@pytest.fixture
def client(authority: Authority) -> ssl.SSLContext:
    """A client that trusts the authority, and takes any name."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.load_verify_locations(cadata=authority.root_pem.decode())
    return context


async def name_shown(server: MailServer, port: int, client: ssl.SSLContext, sni: str | None) -> str:
    """The first name of the certificate on an implicit-TLS port, after a polite goodbye."""
    host, real = server.ports[port]
    reader, writer = await asyncio.open_connection(host, real, ssl=client, server_hostname=sni or "")
    shown = writer.get_extra_info("peercert")["subjectAltName"][0][1]
    await reader.readline()
    writer.write(b"a LOGOUT\r\n" if port == 993 else b"QUIT\r\n")
    await reader.read()
    writer.close()
    await writer.wait_closed()
    return str(shown)


@pytest.mark.parametrize(
    ("sni", "shown"),
    [("mail.example.cz", "mail.example.cz"), (None, "mail8.skok.cz"), ("nobody.cz", "mail8.skok.cz")],
)
async def test_the_certificate_follows_the_sni(authority, mail_server, client, sni, shown):
    default, other = authority.issue(["mail8.skok.cz"]), authority.issue(["mail.example.cz"], key="rsa")
    server = await mail_server(default, {"mail.example.cz": other}, address="127.0.1.8")
    assert await name_shown(server, 993, client, sni) == shown
    await server.settled()
    [visit] = server.visits
    assert (visit.hello, visit.sni, visit.tls_version) == (True, sni, "TLSv1.3")
    assert (visit.role.port, visit.commands) == (993, ["LOGOUT"])


async def test_a_port_may_have_certificates_of_its_own(authority, mail_server, client):
    name = "mail.example.cz"
    a, b, c = (authority.issue([f"{letter}.cz"]) for letter in "abc")
    server = await mail_server(a, {name: a, (465, name): b, (465, None): c})
    assert [
        await name_shown(server, 993, client, name),
        await name_shown(server, 465, client, name),
        await name_shown(server, 465, client, None),
    ] == ["a.cz", "b.cz", "c.cz"]


async def test_certificates_may_change_while_it_runs(authority, mail_server, client):
    server = await mail_server(authority.issue(["old.cz"]))
    server.default = authority.issue(["new.cz"])
    assert await name_shown(server, 993, client, None) == "new.cz"


async def test_without_a_default_sni_is_needed(authority, mail_server, client):
    server = await mail_server(None, {"mail.example.cz": authority.issue(["mail.example.cz"])})
    assert await name_shown(server, 993, client, "mail.example.cz") == "mail.example.cz"
    with pytest.raises(ssl.SSLError, match="UNRECOGNIZED_NAME"):
        await name_shown(server, 993, client, None)
    await server.settled()
    assert (server.visits[-1].hello, server.visits[-1].tls_version) == (True, None)


def talk_imap(client: ssl.SSLContext, host: str, port: int) -> list[object]:
    imap = imaplib.IMAP4(host, port)
    before = "STARTTLS" in imap.capabilities
    imap.starttls(client)
    return [before, "STARTTLS" in imap.capabilities, imap.noop()[0], imap.logout()[0]]


def talk_pop(client: ssl.SSLContext, host: str, port: int) -> list[object]:
    pop = poplib.POP3(host, port)
    before = "STLS" in pop.capa()
    pop.stls(client)
    return [before, "STLS" in pop.capa(), pop.noop()[:3].decode(), pop.quit()[:3].decode()]


def talk_smtp(client: ssl.SSLContext, host: str, port: int) -> list[object]:
    smtp = smtplib.SMTP(host, port, local_hostname="client.invalid")
    smtp.ehlo()
    before = smtp.has_extn("STARTTLS")
    smtp.starttls(context=client)
    smtp.ehlo()
    return [before, smtp.has_extn("STARTTLS"), smtp.noop()[0], smtp.quit()[0]]


@pytest.mark.parametrize(
    ("port", "talk", "end"),
    [(143, talk_imap, ["OK", "BYE"]), (110, talk_pop, ["+OK", "+OK"]), (587, talk_smtp, [250, 221])],
)
async def test_the_clients_of_the_standard_library_start_tls(authority, mail_server, client, port, talk, end):
    server = await mail_server(authority.issue(["mail8.skok.cz"]))
    assert await asyncio.to_thread(talk, client, *server.ports[port]) == [True, False, *end]
    await server.settled()
    assert server.visits[0].tls_version == "TLSv1.3"


@pytest.mark.parametrize(
    ("lowest", "highest", "agreed"),
    [(TlsVersion.TLS1_0, TlsVersion.TLS1_0, "TLSv1"), (None, TlsVersion.TLS1_2, "TLSv1.2")],
)
async def test_versions_are_bounded(authority, mail_server, client, lowest, highest, agreed):
    server = await mail_server(authority.issue(["a.cz"], key="rsa"), lowest=lowest, highest=highest)
    bound_versions(client, TlsVersion.TLS1_0, TlsVersion.TLS1_3)
    await name_shown(server, 993, client, "a.cz")
    await server.settled()
    assert server.visits[0].tls_version == agreed


async def test_a_client_with_other_versions_gets_an_alert(authority, mail_server, client):
    server = await mail_server(authority.issue(["a.cz"]), lowest=TlsVersion.TLS1_3)
    client.maximum_version = ssl.TLSVersion.TLSv1_2
    with pytest.raises(ssl.SSLError, match="PROTOCOL_VERSION"):
        await name_shown(server, 993, client, "a.cz")


async def test_a_hello_that_comes_in_one_packet_with_starttls_fails_and_does_not_hang(authority, mail_server):
    server = await mail_server(authority.issue(["a.cz"]))
    reader, writer = await asyncio.open_connection(*server.ports[143])
    await reader.readline()
    writer.write(b"a STARTTLS\r\nb NOOP\r\n")
    assert (await reader.readline()).startswith(b"a OK")
    assert b"b OK" not in await reader.read()
    writer.close()
    await writer.wait_closed()


async def test_an_endless_line_ends_the_connection(authority, mail_server):
    server = await mail_server(authority.issue(["a.cz"]))
    reader, writer = await asyncio.open_connection(*server.ports[143])
    writer.write(b"x" * 100_000)
    with suppress(ConnectionError):  # a reset, since it was not read to its end
        await reader.read()
    assert reader.at_eof() or reader.exception()
    writer.close()


async def test_the_map_says_where_told_ports_are(authority, mail_server):
    identity = authority.issue(["a.cz"])
    three, eight = [await mail_server(identity, address=f"127.0.1.{number}") for number in (3, 8)]
    told = dial_map([three, eight])
    assert told["127.0.1.3", 993] == three.ports[993] != told["127.0.1.8", 993]
    assert {port for address, port in told if address == "127.0.1.8"} == {993, 995, 465, 143, 110, 587}


async def test_closing_ends_every_connection(authority):
    async with MailServer(authority.issue(["a.cz"])) as server:
        reader, writer = await asyncio.open_connection(*server.ports[143])
        await reader.readline()
    assert await reader.read() == b""
    writer.close()
    await writer.wait_closed()
