"""What agents type, and the client that is meant."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.catalogue.match import MOST_CHOICES, Matcher
from bot.catalogue.model import Catalogue, Chosen, NotChosen
from bot.catalogue.reader import load_catalogue


def chosen(matcher: Matcher, words: str) -> tuple[str, str | None]:
    match = matcher.match(words)
    assert isinstance(match, Chosen), f"{words!r}: {match}"
    return match.client.id, match.system


@pytest.mark.parametrize(
    ("words", "client"),
    [
        ("outlook-2007", "outlook-2007"),
        ("outlook 2007", "outlook-2007"),
        ("Outlook2007", "outlook-2007"),
        ("MS Outlook 2007", "outlook-2007"),
        ("outlook 2007 sp3", "outlook-2007"),
        ("autlook 2007", "outlook-2007"),
        ("otlook 2010", "outlook-2010"),
        ("office 2016", "outlook-2016"),
        ("outlook 2021", "outlook-2019"),
        ("outlook 2024", "outlook-2019"),
        ("O365", "outlook-365"),
        ("velký outlook", "outlook-365"),
        ("velky outlook", "outlook-365"),
        ("nový Outlook", "outlook-new"),
        ("outlook na mobilu", "outlook-mobile"),
        ("outlook v mobilu", "outlook-mobile"),
        ("OE6", "outlook-express-6"),
        ("Outlook Express", "outlook-express-6"),
        ("outlookexpress", "outlook-express-6"),
        ("outlok expres", "outlook-express-6"),
        ("wlm 2012", "windows-live-mail-2012"),
        ("aplikace pošta", "windows-10-mail"),
        ("eM Client", "em-client"),
        ("em klient", "em-client"),
        ("the bat", "the-bat"),
        ("thunderbird 3", "thunderbird-3"),
        ("thunderbird 45", "thunderbird-24"),
        ("thunderbirt 52.9", "thunderbird-52"),
        ("Thunderbird 128", "thunderbird-78"),
        ("thunderbird xp", "thunderbird-52"),
        ("thunderbird v mobilu", "thunderbird-android"),
        ("mozilla suite", "seamonkey"),
        ("iphone ios 9", "ios-9"),
        ("ios 9.3", "ios-9"),
        ("ios 17.2", "ios-12"),
        ("iphone 4s", "ios-9"),
        ("android 4.4", "android-email-4"),
        ("android 13", "android-email-7.1"),
        ("samsung android 13", "samsung-email"),
        ("samsung a52", "samsung-email"),
        ("macos 10.11", "apple-mail-10.11"),
        ("Mac OS X 10.6", "apple-mail-10.4"),
        ("macos sonoma", "apple-mail-13"),
        ("ventura", "apple-mail-13"),
        ("outlook mac 2011", "outlook-mac-2011"),
        ("gmail appka", "gmail-app"),
        ("gmail pop3", "gmail-pop"),
        ("k9 5.0", "k9-old"),
        ("K-9 6.8", "k9"),
        ("claws mail 3.8", "claws-mail-old"),
        ("php 5.3", "php-old"),
        ("php 8.3", "php"),
        ("python 3.11", "python"),
        ("tiskárna", "printer"),
        ("scan to e-mail", "printer"),
    ],
)
def test_words_name_one_client(matcher: Matcher, words: str, client: str):
    assert chosen(matcher, words)[0] == client
    assert not matcher.match(words).others  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("words", "client", "system"),
    [
        ("outlook 2010 win7", "outlook-2010", "windows-7"),
        ("outlook 2010 w7", "outlook-2010", "windows-7"),
        ("outlook 2010 windows xp", "outlook-2010-xp", "windows-xp"),
        ("outlook 2010 Vista", "outlook-2010", "windows-vista"),
        ("outlook 2010 windows 8.1", "outlook-2010-w10", "windows-8"),
        ("outlook 2010 windows 10", "outlook-2010-w10", "windows-10"),
        ("outlook 2007 na windows 10", "outlook-2007", "windows-10"),
        ("win xp outlook 2007", "outlook-2007-xp", "windows-xp"),
        ("windows live mail win xp", "windows-live-mail-xp", "windows-xp"),
        ("outlook 2013 windows 11", "outlook-2013", "windows-11"),
        ("em client windows 11", "em-client", "windows-11"),
        ("Thunderbird 45 windows xp", "thunderbird-24", "windows-xp"),
        ("outlook-2007", "outlook-2007", None),
        ("outlook-2010-w10", "outlook-2010-w10", None),
        ("outlook-2010-xp", "outlook-2010-xp", "windows-xp"),
        ("ios 9.3", "ios-9", "ios-9"),
        ("android 7.0", "android-email-6", "android-7.0"),
    ],
)
def test_the_operating_system_is_heard_too(matcher: Matcher, words: str, client: str, system: str | None):
    assert chosen(matcher, words) == (client, system)


@pytest.mark.parametrize(
    ("words", "client", "other"),
    [
        ("outlook", "outlook-365", "outlook-2016"),
        ("Office", "outlook-365", "outlook-new"),
        ("autluk", "outlook-365", "outlook-2007"),
        ("outlook na macu", "outlook-mac-16", "outlook-mac-15"),
        ("live mail", "windows-live-mail-2012", "windows-live-mail-xp"),
        ("tandrbird", "thunderbird-78", "thunderbird-52"),
        ("iphone", "ios-12", "ios-9"),
        ("ajfoun", "ios-12", "ios-9"),
        ("iphone 6", "ios-12", "ios-9"),
        ("iphone 14 pro max", "ios-12", "ios-10"),
        ("mail na iphonu", "ios-12", "ios-9"),
        ("iPad", "ios-12", "ios-9"),
        ("android", "android-email-7.1", "gmail-app"),
        ("android 7", "android-email-6", "android-email-7.1"),
        ("huawei p30", "android-email-7.1", "android-email-6"),
        ("mac", "apple-mail-13", "apple-mail-10.11"),
        ("mejl na macu", "apple-mail-13", "apple-mail-10.11"),
        ("macos 10", "apple-mail-10.12", "apple-mail-10.10"),
        ("k-9 mail", "k9", "k9-old"),
    ],
)
def test_a_word_with_a_sensible_default_is_answered_with_the_others_beside(
    matcher: Matcher, words: str, client: str, other: str
):
    match = matcher.match(words)
    assert isinstance(match, Chosen)
    assert match.client.id == client
    assert other in [other.id for other in match.others]
    assert match.client not in match.others


def test_a_default_implies_no_system(matcher: Matcher):
    assert chosen(matcher, "iphone") == ("ios-12", None)


@pytest.mark.parametrize(
    ("words", "choice"),
    [
        ("pošta", "windows-10-mail"),
        ("posta", "windows-10-mail"),
        ("mail", "apple-mail-13"),
        ("gmail", "gmail-pop"),
        ("mobil", "ios-12"),
        ("maily v telefonu", "android-email-7.1"),
        ("windows", "outlook-365"),
        ("win7", "outlook-2010"),
        ("xp", "outlook-2007"),
        ("outlook windows xp", "outlook-2010-xp"),
        ("outlook win 7", "outlook-2013"),
        ("outlook 2000", "outlook-2003"),
        ("outlook thunderbird", "outlook-365"),
    ],
)
def test_without_a_sensible_default_the_agent_is_asked(matcher: Matcher, words: str, choice: str):
    match = matcher.match(words)
    assert isinstance(match, NotChosen)
    assert match.is_ambiguous
    assert match.words == words
    assert choice in [choice.id for choice in match.choices]
    assert len(match.choices) <= MOST_CHOICES


@pytest.mark.parametrize(
    "words", ["", " ", "foobar", "xyz", "12345", "hello world", "prosím", "class", "must", "contract", "-", "🙂", "𐩀𐩁"]
)
def test_strangers_words_name_nobody(matcher: Matcher, words: str):
    match = matcher.match(words)
    assert isinstance(match, NotChosen)
    assert not match.is_ambiguous
    assert 1 <= len(match.choices) <= MOST_CHOICES


def test_a_near_miss_offers_what_it_looks_like(matcher: Matcher):
    match = matcher.match("emclynt")
    assert isinstance(match, NotChosen)
    assert match.choices[0].id == "em-client"


def test_every_client_is_found_by_its_id_name_and_aliases(catalogue: Catalogue, matcher: Matcher):
    for client in catalogue.clients.values():
        for words in (client.id, client.id.upper(), client.name, client.name.lower(), *client.aliases):
            assert chosen(matcher, words)[0] == client.id


MATCHER = Matcher(load_catalogue())
KNOWN = st.sampled_from(["oe", "express", "outlook", "mail", "win7", "xp", "2007", "ios", "9", "na", "gmail"])


@given(st.text() | st.lists(KNOWN | st.text(max_size=8), max_size=30).map(" ".join))
def test_any_text_is_answered(words: str):
    match = MATCHER.match(words)
    assert isinstance(match, Chosen | NotChosen)
    assert isinstance(match, Chosen) or len(match.choices) <= MOST_CHOICES


@given(st.sampled_from(sorted(load_catalogue().clients)), st.sampled_from(["", " ", "  v  ", " prosím "]))
def test_space_and_fillers_do_not_matter(id: str, around: str):
    assert chosen(MATCHER, f"{around}{id}{around}")[0] == id
