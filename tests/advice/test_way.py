"""A client's way to a server: what the catalogue says, with the worst case deciding about SNI alone."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.advice.way import Way, way_of, way_of_worst_case, worst_case
from bot.catalogue.model import Answer, Belief, Chosen
from bot.facts import Hello, Protocol, TlsVersion
from tests.advice.world import CATALOGUE, chosen

TLS1_0, TLS1_2, TLS1_3 = TlsVersion.TLS1_0, TlsVersion.TLS1_2, TlsVersion.TLS1_3


@pytest.mark.parametrize(
    ("who", "way"),
    [
        (None, Way(Answer.YES, None, None, True)),
        (chosen("thunderbird-78"), Way(Answer.YES, TLS1_2, TLS1_3, True)),
        (chosen("outlook-2013"), Way(Answer.UNKNOWN, TLS1_0, None, True)),
        (chosen("outlook-2007-xp"), Way(Answer.NO, TLS1_0, TLS1_0, False)),
        (chosen("outlook-2007"), Way(Answer.NO, TLS1_0, None, True)),
        (replace(chosen("outlook-2007"), system="windows-7"), Way(Answer.UNKNOWN, TLS1_0, None, True)),
        (chosen("printer"), Way(Answer.UNKNOWN, TLS1_0, None, True)),
    ],
)
def test_the_way_of_a_client(who: Chosen | None, way: Way) -> None:
    """While the system is open, the worst case decides about SNI and nothing else."""
    assert way_of(who, Protocol.IMAP, CATALOGUE) == way
    assert way_of(who, Protocol.SMTP, CATALOGUE) == way


def test_sending_may_have_another_way() -> None:
    """A client may send SNI in one direction only."""
    client = CATALOGUE.clients["thunderbird-78"]
    one_way = Chosen(replace(client, sni_sending=replace(client.sni, value=Belief.PROBABLY_NO)))
    assert way_of(one_way, Protocol.POP3, CATALOGUE).sni is Answer.YES
    assert way_of(one_way, Protocol.SMTP, CATALOGUE).sni is Answer.NO


def test_the_worst_case_counts_while_the_system_is_open() -> None:
    """Its whole way says what would happen there."""
    assert worst_case(chosen("outlook-2007"), CATALOGUE) == CATALOGUE.clients["outlook-2007-xp"]
    assert worst_case(replace(chosen("outlook-2007"), system="windows-7"), CATALOGUE) is None
    assert worst_case(chosen("thunderbird-78"), CATALOGUE) is None
    assert way_of_worst_case(chosen("outlook-2007"), CATALOGUE) == Way(Answer.NO, TLS1_0, TLS1_0, False)
    assert way_of_worst_case(chosen("thunderbird-78"), CATALOGUE) is None
    assert way_of_worst_case(None, CATALOGUE) is None


@pytest.mark.parametrize(
    ("highest", "is_old"), [(None, False), (TLS1_0, True), (TlsVersion.TLS1_1, True), (TLS1_2, False), (TLS1_3, False)]
)
def test_old_clients_end_below_tls_1_2(highest: TlsVersion | None, is_old: bool) -> None:
    """What is not known is not old."""
    assert Way(highest=highest).is_old is is_old


def test_a_way_makes_its_own_connections() -> None:
    """With its limits, with a server name or without."""
    way = Way(Answer.NO, TLS1_0, TLS1_2, False)
    assert way.hello("mail.example.cz") == Hello("mail.example.cz", TLS1_0, TLS1_2, False)
    assert way.hello(None) == Hello(None, TLS1_0, TLS1_2, False)
