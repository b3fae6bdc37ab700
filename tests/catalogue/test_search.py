"""Type-ahead: what is offered for the letters typed so far, and in which order."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.catalogue.model import Catalogue
from bot.catalogue.reader import load_catalogue
from bot.catalogue.search import MOST_WORDS, Search

SEARCH = Search(load_catalogue())


def ids(typed: str, limit: int = 100) -> list[str]:
    """What is offered, by id."""
    return [client.id for client in SEARCH.find(typed, limit)]


@pytest.mark.parametrize("typed", ["", " ", "\t\n\u00a0"])
def test_nothing_typed_offers_the_common_ones_by_section(catalogue: Catalogue, typed: str):
    """In the order of the sections, and none that died long ago."""
    offered = SEARCH.find(typed)
    assert {client.id for client in offered} == {client.id for client in catalogue.common}
    sections = [client.section for client in offered]
    assert sections == sorted(sections, key=list(catalogue.by_section()).index)
    assert not any(client.is_extinct for client in offered)


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("2010 outl", "outlook-2010-xp"),
        ("outl exp", "outlook-express-6"),
        ("EXP outl", "outlook-express-6"),
        ("ifone", "ios-12"),
        ("iphon", "ios-12"),
        ("thuderbird", "thunderbird-78"),
        ("thuderb", "thunderbird-3"),
        ("thunnderb", "thunderbird-3"),
        ("pošta win", "windows-10-mail"),
        ("posta win", "windows-10-mail"),
        ("outlook", "outlook-365"),
        ("outlook 2013", "outlook-2013"),
        ("Outlook2013", "outlook-2013"),
        ("tiskár", "printer"),
        ("tiskarny", "printer"),
        ("eud", "eudora"),
        ("eudroa", "eudora"),
        ("the", "the-bat"),
        ("the ba", "the-bat"),
        ("k9", "k9"),
        ("oe", "outlook-express-6"),
        ("thunderbird-2", "thunderbird-2"),
        ("ms outl 2010", "outlook-2010-xp"),
    ],
)
def test_the_best_is_offered_first(typed: str, first: str):
    """Beginnings of words in any order, misspelt ones, and the matcher's own answer where it has one."""
    assert ids(typed)[0] == first


@pytest.mark.parametrize("typed", ["xyzzy", "outl xyzzy", "🙂", "-", "777123456"])
def test_what_no_client_has_offers_none(typed: str):
    """Every word typed has to be one of the client's."""
    assert ids(typed) == []


def test_beginnings_come_before_what_is_inside_and_what_is_mistyped():
    """Among equals the catalogue's order holds, and those that died long ago come last."""
    offered = ids("mail")
    assert offered.index("apple-mail-13") < offered.index("kmail")
    assert offered.index("ios-12") < offered.index("ios-6")
    assert ids("thunderbird")[-2:] == ["thunderbird-1.5", "thunderbird-2"]
    assert ids("iphon")[-2:] == ["windows-phone-7", "windows-phone-8"]


def test_the_limit_holds():
    """Slack takes a hundred."""
    assert len(ids("o", 5)) == len(ids("", 5)) == 5


def test_so_many_words_are_looked_at():
    """Nobody types more, and a pasted letter is no search."""
    assert ids("outlook " * MOST_WORDS + "xyzzy") != []


@pytest.mark.parametrize("id", load_catalogue().clients)
def test_every_client_is_offered_at_each_keystroke_of_its_id(catalogue: Catalogue, id: str):
    """Also those that died long ago, and for each of their aliases."""
    assert all(id in ids(id[: end + 1]) for end in range(len(id)))
    assert all(id in ids(alias) for alias in catalogue.clients[id].aliases)


@given(st.text() | st.sampled_from(["out", "mail", "k9"]), st.integers(min_value=0, max_value=100))
def test_each_is_offered_once(typed: str, limit: int):
    """Whatever is typed, the same again for the same."""
    offered = ids(typed, limit)
    assert len(offered) == len(set(offered)) <= limit
    assert offered == ids(typed, limit)
