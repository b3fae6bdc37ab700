"""Reading lines whoever wrote them, comparing them, and where a domain is expected."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.status.model import Level, Verdict
from bot.sweep.compare import find_change
from bot.sweep.expect import Expected, Place
from bot.sweep.result import read_result
from tests.sweep.build import result, status

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=10),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
)
KEYS = st.sampled_from(["domain", "verdict", "mail_server", "findings", "services", "host", "addresses", "not_after"])


@given(JSON | st.dictionaries(KEYS, JSON))
def test_any_json_can_be_read(value: Any) -> None:
    """A line that is not as documented is no result, or one with parts left out; it never raises."""
    read = read_result(value)
    assert read is None or read.domain == value["domain"]


def test_a_status_is_read() -> None:
    """Server, findings, the nearest end of a certificate of its own."""
    services = [
        {"sni": True, "not_after": "2027-02-11T00:00:00Z"},
        {"sni": True, "not_after": "2027-01-11T00:00:00Z"},
        {"sni": True, "not_after": "soon"},
        {"sni": True, "not_after": "2020-01-01T00:00:00"},
        {"sni": False, "not_after": "2026-12-01T00:00:00Z"},
        {"sni": True, "host": "mail8.skok.cz", "not_after": "2026-12-01T00:00:00Z"},
        {"sni": True, "host": "mail3.skok.cz", "not_after": "2026-12-01T00:00:00Z"},
    ]
    rows = {"imap": None, "pop": "mail3.skok.cz"}
    read = result(verdict="broken", codes=["tls_needs_sni"], services=services, rows=rows, addresses=["192.0.2.8", 7])
    assert (read.server, read.verdict, read.codes) == ("mail8.skok.cz", Verdict.BROKEN, ("tls_needs_sni",))
    assert read.addresses == {"192.0.2.8"}
    assert read.ends == datetime(2027, 1, 11, tzinfo=UTC)
    assert read.has_error


def test_unknown_words_claim_nothing() -> None:
    """A verdict nobody knows is unknown, a level nobody knows is information, a finding without a code is none."""
    read = read_result({"domain": "a.cz", "verdict": "fine", "findings": [{"code": "x", "level": "fatal"}, {}]})
    assert read is not None
    assert (read.verdict, [said.level for said in read.findings], read.has_error) == (
        Verdict.UNKNOWN,
        [Level.INFO],
        False,
    )


@pytest.mark.parametrize(
    ("before", "after", "is_change", "has_moved"),
    [
        (result(), result(), False, False),
        (result(), result(server="mail3.skok.cz"), True, True),
        (result(addresses=["1.1.1.1"]), result(server="mail8.c4.cz", addresses=["1.1.1.1"]), False, False),
        (result(), result(verdict="broken", codes=["port_refused"]), True, False),
        (result(verdict="broken", codes=["a"]), result(verdict="broken", codes=["b"]), True, False),
        (result(verdict="broken", codes=["a", "b"]), result(verdict="broken", codes=["b", "a", "a"]), False, False),
        (result(), result(verdict="unknown", server=None), False, False),
        (result(verdict="unknown", server=None), result(), True, False),
        (result(), result(verdict="not_ours", server=None), True, True),
        (None, result(), True, False),
        (None, result(verdict="unknown"), False, False),
        (result(verdict="broken", codes=["a"]), result(dns_only=True), False, False),
        (result(verdict="broken", codes=["a"]), result(server="mail3.skok.cz", dns_only=True), True, True),
    ],
)
def test_changes(before: Any, after: Any, is_change: bool, has_moved: bool) -> None:
    """Server, verdict and findings count; what could not be found out now does not, nor what was not looked at."""
    change = find_change(before, after)
    assert (change is not None) is is_change
    assert (change is not None and change.has_moved) is has_moved


def test_a_change_as_json() -> None:
    """Both sides, and none before for a domain that is new."""
    change = find_change(result(), result(verdict="broken", codes=["port_refused"]))
    assert change is not None
    assert change.json() == {
        "domain": "example.cz",
        "before": {"mail_server": "mail8.skok.cz", "verdict": "works", "findings": []},
        "after": {"mail_server": "mail8.skok.cz", "verdict": "broken", "findings": ["port_refused"]},
    }
    new = find_change(None, result())
    assert new is not None
    assert new.json()["before"] is None


@pytest.mark.parametrize(
    ("value", "place"),
    [
        (status(server="mail3.skok.cz"), Place.MOVED),
        (status(server="mail3.c4.cz", addresses=["192.0.2.3"]), Place.MOVED),
        (status(), Place.NOT_MOVED),
        (status(verdict="broken", server=None, codes=["rows_disagree"]), Place.NOT_MOVED),
        (status(verdict="broken", server=None, codes=["dns_nxdomain"]), Place.ELSEWHERE),
        (status(verdict="not_ours", server=None), Place.ELSEWHERE),
        (status(verdict="unknown", server=None), Place.UNKNOWN),
    ],
)
def test_where_a_domain_is_expected(value: Any, place: Place) -> None:
    """By the server's name or one of its addresses; an open question stays open."""
    read = read_result(value)
    assert read is not None
    expected = Expected("mail3.skok.cz", frozenset({"192.0.2.3"}))
    assert expected.place(read) is place
    assert expected.json(read)["state"] == place.value
