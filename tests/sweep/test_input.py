"""Lines out of bytes, domains out of lines, and the set that remembers them."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain import DomainName, InvalidDomain
from bot.sweep.input import LONGEST_LINE, Line, LineCutter, parse_line
from bot.sweep.packed import PackedSet


def cut(*pieces: bytes) -> list[Line]:
    """The lines of a file that comes in these pieces."""
    cutter = LineCutter()
    lines = [line for piece in pieces for line in cutter.feed(piece)]
    return [*lines, *cutter.finish()]


@given(st.binary(max_size=300), st.lists(st.integers(0, 300), max_size=5))
def test_lines_do_not_depend_on_the_pieces(data: bytes, places: list[int]) -> None:
    """However the bytes come, the lines are those of the whole, numbered and placed."""
    ends = sorted({min(place, len(data)) for place in places} | {0, len(data)})
    pieces = [data[start:end] for start, end in itertools.pairwise(ends)]
    expected = data.split(b"\n")
    if expected[-1] == b"":
        expected.pop()
    lines = cut(*pieces)
    assert [line.text for line in lines] == [line.decode("utf-8", "replace") for line in expected]
    assert [line.number for line in lines] == list(range(1, len(expected) + 1))
    assert not lines or lines[-1].end == len(data)


@pytest.mark.parametrize("ending", [b"", b"\n"])
def test_a_line_without_an_end_is_not_held(ending: bytes) -> None:
    """A gigabyte without a line end would be a line too long, told once; the next line is read again."""
    pieces = [b"x" * LONGEST_LINE] * 50
    lines = cut(*pieces, ending, *([b"example.cz"] if ending else []))
    assert (lines[0].text, lines[0].number) == (None, 1)
    assert [line.text for line in lines[1:]] == (["example.cz"] if ending else [])
    assert lines[-1].end == sum(map(len, pieces)) + (len(b"\nexample.cz") if ending else 0)


@pytest.mark.parametrize(
    ("text", "domain"),
    [
        ("example.cz", "example.cz"),
        ("  EXAMPLE.CZ.\r", "example.cz"),
        ("\ufeffexample.cz", "example.cz"),
        ("jan@example.cz", "example.cz"),
        ("https://www.example.cz/kontakt#mapa", "example.cz"),
        ("example.cz # moved in May", "example.cz"),
        ("háčkyčárky.cz", "xn--hkyrky-ptac70bc.cz"),
    ],
)
def test_domains_are_read_out_of_what_people_keep_in_files(text: str, domain: str) -> None:
    """Addresses, links, comments behind, marks at the beginning of a file."""
    found = parse_line(text)
    assert isinstance(found, DomainName)
    assert found.ascii == domain


@pytest.mark.parametrize("text", ["", "   \t", "# all of mail8", "\ufeff# first"])
def test_blank_lines_and_comments_are_nothing(text: str) -> None:
    """Neither a domain nor junk."""
    assert parse_line(text) is None


@pytest.mark.parametrize(
    ("text", "reason"),
    [("two words.cz", "not_a_domain"), ("192.0.2.1", "ip_address"), ("localhost", "one_label"), (None, "too_long")],
)
def test_junk_has_a_reason(text: str | None, reason: str) -> None:
    """What is no domain says why."""
    found = parse_line(text)
    assert isinstance(found, InvalidDomain)
    assert found.reason == reason


@given(st.lists(st.text(max_size=8)))
def test_the_packed_set_is_a_set(texts: list[str]) -> None:
    """The same answers as a set of strings."""
    packed, known = PackedSet(), set[str]()
    for text in texts:
        assert packed.add(text) is (text not in known)
        known.add(text)
    assert len(packed) == len(known)
    assert all(text in packed for text in known)


def test_the_packed_set_grows() -> None:
    """Many texts are all remembered, in about 16 bytes each, and no others."""
    packed = PackedSet()
    assert all(packed.add(f"customer-{number}.cz") for number in range(20_000))
    assert not any(packed.add(f"customer-{number}.cz") for number in range(20_000))
    assert not any(f"other-{number}.cz" in packed for number in range(20_000))
    assert len(packed._slots) * 8 < 24 * 20_000
