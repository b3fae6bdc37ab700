"""What the small authority issues is what it says."""

from __future__ import annotations

import socket
import ssl
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID

from bot.facts import TlsVersion
from bot.playground.authority import (
    ENDING_SOON,
    EXPIRED,
    NOT_YET_VALID,
    Authority,
    Identity,
    bound_versions,
)

UNKNOWN_ISSUER, SELF_SIGNED, NOT_YET, OUTDATED, NO_ISSUER_LOCALLY = 19, 18, 9, 10, 20


def handshake(identity: Identity, client: ssl.SSLContext, name: str) -> str | None:
    """One TLS connection over a socket pair; returns the version. Raises what the client finds wrong."""
    ours, theirs = socket.socketpair()

    def serve() -> None:
        try:
            with identity.ssl_context().wrap_socket(theirs, server_side=True) as served:
                served.recv(1)
        except OSError:
            theirs.close()

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        with client.wrap_socket(ours, server_hostname=name) as connection:
            return connection.version()
    finally:
        ours.close()
        thread.join()


@pytest.fixture
def client(authority: Authority) -> ssl.SSLContext:
    """A client that trusts the authority and looks at no common names."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.hostname_checks_common_name = False
    context.load_verify_locations(cadata=authority.root_pem.decode())
    return context


@pytest.mark.parametrize("key", ["ecdsa", "rsa"])
@pytest.mark.parametrize("issuer", ["intermediate", "root"])
def test_a_good_identity_is_trusted(authority: Authority, client: ssl.SSLContext, key, issuer):
    assert handshake(authority.issue(["a.cz"], key=key, issuer=issuer), client, "a.cz") == "TLSv1.3"


def test_a_wildcard_covers_one_label(authority: Authority, client: ssl.SSLContext):
    identity = authority.issue(["*.a.cz"])
    assert handshake(identity, client, "mail.a.cz")
    with pytest.raises(ssl.SSLCertVerificationError):
        handshake(identity, client, "x.mail.a.cz")


@pytest.mark.parametrize(
    ("flaw", "code"),
    [
        (lambda good, _: good.issue(["a.cz"], period=EXPIRED), OUTDATED),
        (lambda good, _: good.issue(["a.cz"], period=NOT_YET_VALID), NOT_YET),
        (lambda good, _: good.issue(["a.cz"], issuer="self"), SELF_SIGNED),
        (lambda good, _: good.issue(["a.cz"]).leaf_only(), NO_ISSUER_LOCALLY),
        (lambda _, other: other.issue(["a.cz"]), NO_ISSUER_LOCALLY),
        (lambda good, _: good.issue(["b.cz"]), 62),
        (lambda good, _: good.issue(["a.cz"], in_san=False), 62),
    ],
    ids=["expired", "not yet", "self-signed", "no intermediate", "untrusted", "wrong name", "CN only"],
)
def test_each_flaw_is_the_one_that_openssl_finds(authority, stranger, client, flaw, code):
    with pytest.raises(ssl.SSLCertVerificationError) as caught:
        handshake(flaw(authority, stranger), client, "a.cz")
    assert caught.value.verify_code == code


def test_ending_soon_is_valid_with_less_than_a_quarter_left(authority: Authority):
    leaf = authority.issue(["a.cz"], period=ENDING_SOON).leaf
    left = leaf.not_valid_after_utc - datetime.now(UTC)
    assert timedelta(0) < left < (leaf.not_valid_after_utc - leaf.not_valid_before_utc) / 4


def test_dates_may_be_given(authority: Authority):
    end = datetime.now(UTC).replace(microsecond=0) + timedelta(days=3)
    leaf = authority.issue(["a.cz"], not_after=end).leaf
    assert abs(leaf.not_valid_after_utc - end) <= timedelta(seconds=1)


HOSTILE = ["<!channel>", "a\r\nb.cz", "\x1b[2J.cz", "*bold*.cz", "x" * 250 + ".cz", "a.cz\0.evil.cz"]


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_names_are_issued_as_they_are(authority: Authority, name: str):
    leaf = authority.issue([name, *(f"n{number}.cz" for number in range(60))]).leaf
    names = leaf.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert names.get_values_for_type(x509.DNSName)[0] == name
    assert len(list(names)) == 61
    common = [attribute.value for attribute in leaf.subject.get_attributes_for_oid(NameOID.COMMON_NAME)]
    assert common == ([name] if len(name) <= 64 else [])


def test_a_common_name_may_be_too_long_when_asked_for(authority: Authority):
    with pytest.warns(UserWarning, match="length"):  # the reader of such a certificate is warned
        assert authority.issue(["a.cz"], common_name="x" * 300).leaf.subject


def test_an_address_is_an_address(authority: Authority):
    leaf = authority.issue(["127.0.1.8"], common_name="").leaf
    names = leaf.extensions.get_extension_for_class(x509.SubjectAlternativeName)
    assert [str(name) for name in names.value.get_values_for_type(x509.IPAddress)] == ["127.0.1.8"]
    assert names.critical
    assert not list(leaf.subject)


def test_keys_and_contexts_are_made_once(authority: Authority):
    identity = authority.issue(["a.cz"], key="rsa")
    assert isinstance(identity.key, rsa.RSAPrivateKey)
    assert identity.ssl_context() is identity.ssl_context()
    assert identity.ssl_context(highest=TlsVersion.TLS1_2) is not identity.ssl_context()


def test_the_files_serve_a_real_server(authority: Authority, tmp_path: Path):
    chain, key = authority.issue(["a.cz"]).write(tmp_path, "a")
    ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(chain, key)
    assert key.stat().st_mode & 0o077 == 0
    assert chain.read_bytes().count(b"BEGIN CERTIFICATE") == 2


def test_the_private_key_is_not_shown(authority: Authority):
    assert "key=" not in repr(authority.issue(["a.cz"]))


@pytest.mark.parametrize("version", list(TlsVersion))
def test_versions_are_bounded_on_both_sides(version: TlsVersion):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    bound_versions(context, version, version)
    assert context.minimum_version == context.maximum_version
