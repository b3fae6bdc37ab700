"""The wording: the same keys and placeholders in each language, and nothing from outside formats or hides."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from string import ascii_letters

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.reply.page import Span, Style, plain
from bot.reply.words import Words, harmless, words
from bot.request import LANGUAGES

PLACEHOLDER = re.compile(r"\{(\w+)\}")
MARKED = re.compile(r"`[^`]+`|\*[^*]+\*")


def templates(language: str) -> dict[str, str]:
    """Every sentence of a language."""
    return dict(words(language).templates)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_every_sentence(language: str) -> None:
    """With the same placeholders; only the order may differ."""
    said, english = templates(language), templates("en")
    assert said.keys() == english.keys()
    for key, template in said.items():
        assert sorted(PLACEHOLDER.findall(template)) == sorted(PLACEHOLDER.findall(english[key])), key


@pytest.mark.parametrize("language", LANGUAGES)
def test_sentences_are_well_made(language: str) -> None:
    """Marks come in pairs, braces hold names, no blanks are doubled or left over, quotes are this language's."""
    for key, template in templates(language).items():
        rest = MARKED.sub("", template)
        assert "`" not in rest, key
        assert "*" not in rest, key
        assert not set("{}") & set(PLACEHOLDER.sub("", template)), key
        assert "  " not in template, key
        assert template == template.strip() or key in ("slack.shared_by", "line.why"), key
        if key.startswith("customer."):
            assert not set("„“”‘’") & set(template), key
        elif language != "en":
            assert '"' not in template, key
            assert "”" not in template, key


@pytest.mark.parametrize(("language", "text"), [("cs", "3. 2. 2027"), ("sk", "3. 2. 2027"), ("en", "3 Feb 2027")])
def test_a_day_as_people_write_it(language: str, text: str) -> None:
    """Numbers in Czech and Slovak, the month's name in English."""
    assert words(language).day(date(2027, 2, 3)) == text


MADE = Words(
    "en", {"a": "see `{host}` and *{label}* or {other}", "b": "at {time}", "c": "{day}", "d": "`a{x}b`", "e": ""}
)


def test_a_sentence_is_styled_before_it_is_filled() -> None:
    """What is filled in takes the style around it and brings none."""
    line = MADE.line("a", host="*x*", label="`y`", other="{host} *z* <@U1>")
    assert line == (
        Span("see "), Span("*x*", Style.CODE), Span(" and "), Span("`y`", Style.BOLD),
        Span(" or {host} *z* <@U1>"),
    )  # fmt: skip
    assert MADE.text("a", host="h", label="l", other=5) == "see h and l or 5"
    assert MADE.line("d", x="1") == (Span("a1b", Style.CODE),)
    assert MADE.line("e") == ()


def test_a_moment_is_kept_for_the_readers_zone() -> None:
    """Beside its text in UTC; a day is written out."""
    moment = datetime(2026, 11, 23, 14, 3, tzinfo=UTC)
    assert MADE.line("b", time=moment) == (Span("at "), Span("14:03 UTC", Style.PLAIN, moment))
    made = Words("cs", {"c": "{day}", "format.months": "", "format.date": "{day}.{month}."})
    assert made.text("c", day=date(2026, 1, 2)) == "2.1."


def test_an_unknown_sentence_is_a_bug() -> None:
    """And so is a missing parameter: neither is hidden."""
    assert MADE.has("a")
    assert not MADE.has("z")
    with pytest.raises(KeyError):
        MADE.line("z")
    with pytest.raises(KeyError):
        MADE.line("b")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("mail.example.cz", "mail.example.cz"),
        ("háčky ß 日本", "háčky ß 日本"),
        ("a\nb\r\tc\0", "a�b��c�"),
        ("evil\u202egnp.exe", "evil�gnp.exe"),
        ("a\u200bb\u2066c\u00add", "a�b�c�d"),
        ("\u2028\u2029\ud800\ue000\U000e0041", "�����"),
        ("x" * 120, "x" * 120),
        ("x" * 121, "x" * 119 + "…"),
        ("*x* `y` {z} <@U1> &amp;", "*x* `y` {z} <@U1> &amp;"),
        ("", ""),
    ],
)
def test_text_from_outside_hides_nothing(text: str, shown: str) -> None:
    """Nothing invisible, nothing that turns the line, not endless; what would format is the drawing's to disarm."""
    assert harmless(text) == shown


@given(st.text(), st.integers(2, 50))
def test_harmless_text_stays_harmless(text: str, limit: int) -> None:
    """It is short, on one line, and made harmless again it is the same."""
    shown = harmless(text, limit)
    assert len(shown) <= limit
    assert len(shown.splitlines()) <= 1
    assert harmless(shown, limit) == shown


@given(st.text(ascii_letters + "*`{}_~<>&|\n\u202e", max_size=30))
def test_no_parameter_changes_the_styles(text: str) -> None:
    """The styled pieces are those of the template, whatever is filled in."""
    line = MADE.line("a", host=text or "x", label=text or "x", other=text)
    assert [span.style for span in line if span.style is not Style.PLAIN] == [Style.CODE, Style.BOLD]
    assert "\n" not in plain(line)
    assert "\u202e" not in plain(line)
