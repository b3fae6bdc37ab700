"""Spans of versions, texts by language, and what a catalogue is asked."""

from __future__ import annotations

import pytest

from bot.catalogue.model import Answer, Belief, Catalogue, Confidence, Label, words_in
from bot.catalogue.versions import VersionSpan, parse_version


@pytest.mark.parametrize(
    ("span", "version", "is_inside"),
    [
        (VersionSpan((7,), (9, 3)), "9.3.5", True),
        (VersionSpan((7,), (9, 3)), "9.4", False),
        (VersionSpan((7,), (9, 3)), "6.9", False),
        (VersionSpan((6,), (7, 0)), "7", True),
        (VersionSpan((7, 1), None), "7", False),
        (VersionSpan((7, 1), None), "14", True),
        (VersionSpan(None, (5, 1)), "0.1", True),
        (VersionSpan(None, None), "1", True),
    ],
)
def test_a_version_is_inside_its_span(span, version, is_inside):
    assert span.contains(parse_version(version)) is is_inside


@pytest.mark.parametrize(
    ("span", "version", "overlaps"),
    [
        (VersionSpan((7, 1), None), "7", True),
        (VersionSpan((7, 1), None), "6", False),
        (VersionSpan((10, 7), (10, 10)), "10", True),
        (VersionSpan((10, 7), (10, 10)), "11", False),
        (VersionSpan(None, (5, 1)), "5", True),
    ],
)
def test_a_short_version_may_be_any_that_begins_with_it(span, version, overlaps):
    assert span.overlaps(parse_version(version)) is overlaps


def test_a_version_is_numbers_and_dots():
    assert parse_version("10.12.1") == (10, 12, 1)
    with pytest.raises(ValueError, match="invalid literal"):
        parse_version("ten")


@pytest.mark.parametrize(
    ("words", "language", "text"),
    [
        ({"en": "e", "cs": "č", "sk": "s"}, "sk", "s"),
        ({"en": "e", "cs": "č"}, "sk", "č"),
        ({"en": "e", "cs": "č"}, "de", "e"),
        ({"cs": "č"}, "en", "č"),
        ({"de": "d"}, "en", "d"),
        ({}, "en", ""),
    ],
)
def test_a_missing_language_is_replaced_by_the_nearest(words, language, text):
    assert words_in(words, language) == text


@pytest.mark.parametrize(
    ("belief", "answer"),
    [
        ("yes", "yes"),
        ("probably_yes", "yes"),
        ("no", "no"),
        ("probably_no", "no"),
        ("no_unless_set", "no"),
        ("disputed", "unknown"),
        ("unknown", "unknown"),
    ],
)
def test_a_belief_is_acted_on_as_one_of_three_answers(belief, answer):
    assert Belief(belief).answer is Answer(answer)


def test_a_label_is_as_sure_as_its_language():
    label = Label({"en": "SSL", "cs": "SSL"}, meaning=Confidence.DOCUMENTED, from_memory=("cs",))
    assert label.confidence_in("en") is Confidence.DOCUMENTED
    assert label.confidence_in("cs") is Confidence.FROM_MEMORY
    assert label.confidence_in("sk") is Confidence.FROM_MEMORY


def test_names_of_systems_and_sections_are_shown_in_the_language_asked(catalogue: Catalogue):
    assert catalogue.system_name("windows-8", "cs") == "Windows 8/8.1"
    assert catalogue.system_name("ios-6", "cs") == "iOS 6 a starší"
    assert catalogue.system_name("beos", "cs") == "beos"
    assert catalogue.section_name("phones", "en") == "Android and other phones"
    assert catalogue.section_name("attic", "en") == "attic"


def test_clients_are_listed_by_section_with_or_without_extinct_ones(catalogue: Catalogue):
    assert list(catalogue.by_section()) == ["windows", "mozilla", "apple", "phones", "linux", "fetchers"]
    assert sum(map(len, catalogue.by_section().values())) == 86
    assert not any(client.is_extinct for section in catalogue.by_section(extinct=False).values() for client in section)


def test_a_root_is_found_by_its_fingerprint(catalogue: Catalogue):
    x1 = catalogue.roots["isrg-root-x1"]
    assert catalogue.root_by_fingerprint(x1.sha256[0]) is x1
    assert catalogue.root_by_fingerprint("00" * 32) is None


def test_only_clients_with_imap_or_pop3_receive(catalogue: Catalogue):
    senders = {client.id for client in catalogue.clients.values() if not client.receives}
    assert senders == {"postfix-relay", "exim-relay", "gmail-sendas", "cdo-vba", "printer"}
