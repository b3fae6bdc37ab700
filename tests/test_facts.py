"""Facts carry no judgement, and what was not found out is never the same as what is not so."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.facts import Certificate, DnsAnswer, DnsFacts, Hello, Outcome, Row, TlsVersion
from tests.advice.build import ROOT

NOW = datetime(2026, 11, 23, tzinfo=UTC)


def answer(
    outcome: Outcome, *values: str, rtype: str = "A", chain: tuple[str, ...] = (), name: str = "x.cz"
) -> DnsAnswer:
    """An answer about one name."""
    return DnsAnswer(name, rtype, outcome, NOW, chain, values, ttl=60)


FOUND = answer(Outcome.FOUND, "192.0.2.1", chain=("a.cz",))


@pytest.mark.parametrize(
    ("ipv4", "ipv6", "outcome"),
    [
        (FOUND, None, Outcome.FOUND),
        (FOUND, answer(Outcome.TIMEOUT), Outcome.FOUND),
        (answer(Outcome.NO_DATA), answer(Outcome.FOUND, "2001:db8::1"), Outcome.FOUND),
        (answer(Outcome.SERVFAIL), answer(Outcome.FOUND, "2001:db8::1"), Outcome.FOUND),
        (answer(Outcome.NO_DATA), answer(Outcome.NO_DATA), Outcome.NO_DATA),
        (answer(Outcome.NO_DATA), answer(Outcome.TIMEOUT), Outcome.TIMEOUT),
        (answer(Outcome.TIMEOUT), answer(Outcome.NO_DATA), Outcome.TIMEOUT),
        (answer(Outcome.SERVFAIL), answer(Outcome.TIMEOUT), Outcome.SERVFAIL),
        (answer(Outcome.NO_DATA), None, Outcome.TIMEOUT),
        (answer(Outcome.TIMEOUT), None, Outcome.TIMEOUT),
        (answer(Outcome.NXDOMAIN), None, Outcome.NXDOMAIN),
        (answer(Outcome.LOOP), None, Outcome.LOOP),
        (answer(Outcome.DANGLING), answer(Outcome.DANGLING), Outcome.DANGLING),
    ],
)
def test_a_row_is_missing_only_when_both_families_say_so(
    ipv4: DnsAnswer, ipv6: DnsAnswer | None, outcome: Outcome
) -> None:
    """A family that gave no answer, or was not awaited, leaves the question open unless the other has an address."""
    assert Row(ipv4, ipv6).outcome is outcome


def test_a_row_tells_of_both_families() -> None:
    """Addresses of IPv4 first, and the longest chain, whichever family was answered with it."""
    row = Row(FOUND, answer(Outcome.FOUND, "2001:db8::1", rtype="AAAA", chain=("b.cz", "a.cz")))
    assert row.name == "x.cz"
    assert row.addresses == ("192.0.2.1", "2001:db8::1")
    assert row.chain == ("b.cz", "a.cz")
    assert (Row(FOUND).addresses, Row(FOUND).chain) == (("192.0.2.1",), ("a.cz",))


def test_the_rows_of_a_domain_go_by_their_labels() -> None:
    """In the order in which people list them."""
    rows = {label: Row(answer(Outcome.NXDOMAIN, name=f"{label}.x.cz")) for label in ("smtp", "imap", "mail", "pop")}
    assert {label: row.name for label, row in DnsFacts("x.cz", **rows, mx=None, exchange=None).rows.items()} == {
        "imap": "imap.x.cz", "pop": "pop.x.cz", "mail": "mail.x.cz", "smtp": "smtp.x.cz"
    }  # fmt: skip


def test_an_answer_ends_with_its_ttl() -> None:
    """Until then a cache may repeat it."""
    assert FOUND.expires_at == NOW + timedelta(seconds=60)


@pytest.mark.parametrize("outcome", list(Outcome))
def test_only_a_fault_of_resolvers_leaves_a_question_open(outcome: Outcome) -> None:
    """All else says something about the name."""
    assert outcome.is_unavailable is (outcome in (Outcome.SERVFAIL, Outcome.TIMEOUT))


@pytest.mark.parametrize(
    ("hello", "is_bounded"),
    [
        (Hello(), False),
        (Hello("x.cz"), False),
        (Hello(lowest=TlsVersion.TLS1_0), True),
        (Hello(highest=TlsVersion.TLS1_2), True),
        (Hello(ecdsa=False), True),
    ],
)
def test_a_connection_with_a_clients_limits_is_bounded(hello: Hello, is_bounded: bool) -> None:
    """The server name alone is no limit."""
    assert hello.is_bounded is is_bounded


def test_tls_versions_compare_by_age() -> None:
    """The oldest is the least."""
    assert sorted(TlsVersion, reverse=True)[0] is TlsVersion.TLS1_3
    assert TlsVersion.TLS1_0 < TlsVersion.TLS1_1 < TlsVersion.TLS1_2


def test_a_certificate_hides_its_bytes() -> None:
    """They come from outside; a fingerprint says as much, and bytes that are no certificate raise when read."""
    certificate = Certificate(b"garbage")
    assert "garbage" not in repr(certificate)
    assert certificate.fingerprint == "795b6904e54f82411df4b0e27a373a55eea3f9d66dac5a9bce1dd92f7b401da5"
    with pytest.raises(ValueError, match="error parsing"):
        certificate.x509  # noqa: B018
    with pytest.raises(ValueError, match="4 is not a valid X509 version"):
        Certificate(ROOT.certificate.der.replace(b"\xa0\x03\x02\x01\x02", b"\xa0\x03\x02\x01\x04", 1)).x509  # noqa: B018
    assert ROOT.certificate.x509.subject == ROOT.name
