"""The catalogue as a table and as JSON."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from bot.catalogue.model import Status
from bot.reply.clients import client_json, client_table, expected_status
from tests.advice.world import BUILT_IN, CATALOGUE

ROOTS = ("isrg-root-x1",)


def test_the_table_has_a_line_for_every_client() -> None:
    """Under the heading of its section, in the reader's language."""
    table = client_table(BUILT_IN, ROOTS, "cs")
    for client in BUILT_IN.clients.values():
        assert f"  {client.id} " in table
    headings = [line for line in table.splitlines() if line and not line.startswith(" ")]
    assert headings[0] == "Windows"
    assert "Thunderbird a příbuzné" in headings
    assert len(headings) == len(BUILT_IN.sections)
    assert not table.startswith("\n")


def test_both_directions_are_shown_where_they_differ() -> None:
    """Receiving first; what is not known of TLS has a question mark."""
    table = client_table(BUILT_IN, ROOTS, "en")
    differing = [c for c in BUILT_IN.clients.values() if c.sni.value is not c.sni_sending.value]
    for client in differing:
        assert f"SNI {client.sni.value} / {client.sni_sending.value}" in table
    assert differing
    assert "TLS 1.0-? " in table


@pytest.mark.parametrize(
    ("client", "roots", "status"),
    [
        ("thunderbird-78", ROOTS, Status.WORKS),
        ("ios-9", ROOTS, Status.CANNOT_WORK),
        ("ios-9", (), Status.WORKS),
        ("ios-9", ("isrg-root-x1", "unheard-of"), Status.WORKS),
        ("outlook-2007", ROOTS, Status.NEEDS_PREPARATION),
        ("windows-10-mail", ROOTS, Status.CANNOT_WORK),
    ],
)
def test_what_to_expect_at_this_provider(client: str, roots: tuple[str, ...], status: Status) -> None:
    """A client that is known to have none of the roots cannot work; a root nobody has facts about says nothing."""
    assert expected_status(CATALOGUE.clients[client], roots) is status


@pytest.mark.parametrize("client", list(BUILT_IN.clients))
def test_every_client_as_json(client: str) -> None:
    """Every fact with its confidence, sources and day, through a parser and back."""
    shown = json.loads(json.dumps(client_json(BUILT_IN.clients[client], ROOTS)))
    assert list(shown) == [
        "id", "name", "section", "protocols", "sni", "sni_sending", "tls_lowest", "tls_highest", "roots", "ecdsa",
        "labels", "repair", "add", "outgoing_authentication", "status", "hint", "alternatives", "aliases", "systems",
    ]  # fmt: skip
    for fact in (shown["sni"], shown["tls_highest"], shown["ecdsa"], *shown["roots"].values()):
        assert list(fact) == ["value", "confidence", "sources", "checked", "note"]


def test_a_client_without_a_section_has_no_heading_of_its_own() -> None:
    """A team's own client may stand under the section it names."""
    lone = replace(BUILT_IN.clients["printer"], section="own")
    table = client_table(replace(BUILT_IN, clients={"printer": lone}), ROOTS, "en")
    assert table.splitlines()[0] == "own"
