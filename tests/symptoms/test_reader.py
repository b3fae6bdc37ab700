"""The symptoms' file: what it may say, and the exact words for every mistake in it."""

from __future__ import annotations

import pytest

from bot.catalogue.model import Confidence
from bot.symptoms.model import Cause, Condition, Symptom
from bot.symptoms.reader import SymptomsError, load_all, load_symptoms, parse_symptoms

GOOD = """
first = ["gone"]
fillers = ["Chyba", "píše"]

[source]
page = "A page: https://example.org"

[symptom.no-mail]
codes = ["0x800CCC0E"]
words = ["Nechodí  pošta"]
asks_name = true
causes = ["silent", "rest"]
confidence = "documented"
sources = ["page"]

[cause]
gone = ["domain_gone"]
silent = ["receiving_silent", "mx_open"]
rest = []
"""


def mistakes(text: str) -> list[str]:
    """Every mistake in a file."""
    with pytest.raises(SymptomsError) as caught:
        parse_symptoms(text, "own.toml")
    assert str(caught.value) == "\n".join(caught.value.mistakes)
    return [mistake.removeprefix("own.toml, ").removeprefix("own.toml: ") for mistake in caught.value.mistakes]


def test_a_file_without_mistakes() -> None:
    """Causes for all symptoms come first; words are kept as they are compared."""
    read = parse_symptoms(GOOD, "own.toml")
    causes = (
        Cause("gone", (Condition.DOMAIN_GONE,)),
        Cause("silent", (Condition.RECEIVING_SILENT, Condition.MX_OPEN)),
        Cause("rest", ()),
    )
    assert read.symptoms == {
        "no-mail": Symptom(
            "no-mail", causes, ("0x800ccc0e",), ("nechodi posta",), True, Confidence.DOCUMENTED, ("page",)
        )
    }
    assert read.fillers == ("chyba", "pise")
    assert read.sources == {"page": "A page: https://example.org"}


OWN = "symptom, no-mail"
NOT_AN_ID = "an id has 1 to 24 characters of a-z, 0-9 and hyphen"
NO_LAST = "the last one should be a cause without conditions"
TOO_EARLY = "has no conditions, so no cause after it is ever taken"
CONFIDENCES = "one of documented, several_reports, one_report, inferred, from_memory"
TWICE = """[symptom.b]
words = ["nechodi POSTA"]
causes = ["rest"]
confidence = "inferred"
[cause]"""


@pytest.mark.parametrize(
    ("old", "new", "place", "what"),
    [
        ("first =", "= 1", "", "is not TOML: Invalid statement (at line 2, column 1)"),
        ("fillers", "filler", "filler", 'unknown key; did you mean "fillers"?'),
        ("[symptom.no-mail]", "[symptom.No_mail]", "symptom, No_mail", NOT_AN_ID),
        ("[symptom.no-mail]", "[symptom]\nother = 3\n[symptom.no-mail]", "symptom, other", "should be a table, not 3"),
        ("[cause]", TWICE, "symptom, b, words", '"nechodi posta" means symptom no-mail already'),
        ("gone =", '"gone!" = []\ngone =', "cause, gone!", NOT_AN_ID),
        ("gone =", "more = []\ngone =", "cause, more", "no symptom has this cause"),
        ('["domain_gone"]', '["gon"]', "cause, gone", '"gon" should be one of ' + ", ".join(Condition)),
        ('"gone"', '"rest"', "first", f'"rest" {TOO_EARLY}'),
        ('"gone"', '"gonne"', "first", 'there is no cause "gonne"; did you mean "gone"?'),
        ('"rest"]', '"rust"]', f"{OWN}, causes", 'there is no cause "rust"; did you mean "rest"?'),
        (', "rest"]', "]", f"{OWN}, causes", NO_LAST),
        ('causes = ["silent", "rest"]', "", f"{OWN}, causes", NO_LAST),
        ('causes = ["silent"', 'causes = ["rest"', f"{OWN}, causes", f'"rest" {TOO_EARLY}'),
        ("asks_name", "asks_names", f"{OWN}, asks_names", 'unknown key; did you mean "asks_name"?'),
        ("asks_name = true", 'asks_name = "yes"', f"{OWN}, asks_name", 'should be true or false, not "yes"'),
        ('"documented"', '"sure"', f"{OWN}, confidence", f'"sure" should be {CONFIDENCES}'),
        ('confidence = "documented"', "", f"{OWN}, confidence", f"is missing; it should be {CONFIDENCES}"),
        ('sources = ["page"]', "", f"{OWN}, sources", "should name where it is documented"),
        (
            'sources = ["page"]',
            'sources = ["pag"]',
            f"{OWN}, sources",
            'there is no source "pag"; did you mean "page"?',
        ),
        ('["0x800CCC0E"]', '["two words"]', f"{OWN}, codes", '"two words" should be one word'),
        ('["Nechodí  pošta"]', '[" "]', f"{OWN}, words", '"" should be words'),
    ],
)
def test_each_mistake_is_named(old: str, new: str, place: str, what: str) -> None:
    """With its place, what is wrong and what is allowed."""
    assert old in GOOD
    assert ": ".join(filter(None, (place, what))) in mistakes(GOOD.replace(old, new, 1))


def test_all_mistakes_are_told_together() -> None:
    """Not one after the other."""
    text = GOOD.replace("asks_name", "asked").replace('"page"]', '"x"]').replace('"silent",', '"y",')
    assert len(mistakes(text)) == 4  # the fourth: nothing leads to `silent` any more


def test_the_built_in_file_is_read_once() -> None:
    """It is cached, and free of mistakes."""
    assert load_all() is load_all()
    assert load_symptoms() is load_all().symptoms
