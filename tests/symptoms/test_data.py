"""The built-in symptoms: complete in every language, told apart from mail programs, each with its source."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.catalogue.match import Matcher
from bot.catalogue.model import Chosen, Client, NotChosen
from bot.catalogue.reader import load_catalogue
from bot.provider.profile import load_profile
from bot.reply.words import words
from bot.request import LANGUAGES, SettingsRequest, parse_settings_request
from bot.symptoms.model import OTHER_CODE, Condition, Symptom
from bot.symptoms.reader import load_all, load_symptoms, parse_symptoms
from bot.symptoms.words import CERTIFICATE_NAME, take_report

CATALOGUE, PROFILE = load_catalogue(), load_profile()
ROOT = Path(__file__).parents[2]
MATCHER = Matcher(CATALOGUE)
SYMPTOMS = load_symptoms()
CAUSES = {cause.id: cause for symptom in SYMPTOMS.values() for cause in symptom.causes}
MOST_OF_A_LABEL = 75
"""Slack's limit for an entry of a menu."""


def texts(language: str) -> dict[str, str]:
    """All wording about symptoms, keys without the section's name."""
    templates = words(language).templates
    return {key.removeprefix("symptom."): text for key, text in templates.items() if key.startswith("symptom.")}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_symptom_and_cause_has_its_words(language: str) -> None:
    """And there are no words for what does not exist."""
    labels = {f"{id}.label" for id in SYMPTOMS}
    sentences = {f"cause.{id}.{part}" for id in CAUSES for part in ("cause", "ask", "do")}
    assert texts(language).keys() == labels | sentences


@pytest.mark.parametrize("language", LANGUAGES)
def test_labels_fit_a_menu(language: str) -> None:
    """They are short, plain and all different."""
    labels = [texts(language)[f"{id}.label"] for id in SYMPTOMS]
    assert max(map(len, labels)) <= MOST_OF_A_LABEL
    assert len(set(labels)) == len(labels)
    assert not any(set("*`{}") & set(label) for label in labels)


@pytest.mark.parametrize("language", LANGUAGES)
def test_questions_ask_and_sentences_end(language: str) -> None:
    """One question each; no sentence so long that the customer waits."""
    for key, text in texts(language).items():
        if key.endswith(".ask"):
            assert text.endswith(("?", "”)?", "“)?"))
            assert text.count("?") == 1
        elif not key.endswith(".label"):
            assert text.endswith(".")
            assert len(text) < 180


@pytest.mark.parametrize("key", [f"cause.{id}.{part}" for id in CAUSES for part in ("cause", "ask", "do")])
def test_languages_name_the_same(key: str) -> None:
    """What one language fills in, the others fill in too."""
    named = [sorted(set(re.findall(r"\{\w+\}", texts(language)[key]))) for language in LANGUAGES]
    assert named[0] == named[1] == named[2]


def test_what_the_code_names_is_there() -> None:
    """Symptoms that are not found by their own words alone; a menu's worth of them."""
    assert {OTHER_CODE, CERTIFICATE_NAME} <= SYMPTOMS.keys()
    assert SYMPTOMS[CERTIFICATE_NAME].asks_name
    assert 15 <= len(SYMPTOMS) <= 25
    assert all(re.fullmatch(r"[a-z0-9-]{1,24}", id) for id in SYMPTOMS)


def test_every_condition_is_used() -> None:
    """None is judged for nothing."""
    assert {condition for cause in CAUSES.values() for condition in cause.when} == set(Condition)


def test_every_source_is_named_and_has_an_address() -> None:
    """By some symptom."""
    sources = load_all().sources
    assert {key for symptom in SYMPTOMS.values() for key in symptom.sources} == sources.keys()
    assert all("http" in source for source in sources.values())


def test_the_documentation_is_true() -> None:
    """Its example can be put into the file as it is, and it explains every condition."""
    text = (ROOT / "docs" / "symptoms.md").read_text("utf-8")
    example = re.findall(r"```toml\n(.*?)```", text, flags=re.DOTALL)[0]
    file = (ROOT / "bot" / "symptoms" / "symptoms.toml").read_text("utf-8")
    assert len(parse_symptoms(f"{file}\n{example}", "symptoms.toml").symptoms) == len(SYMPTOMS) + 1
    table = text.partition("| conditions |")[2].partition("\n\n")[0]
    named = {word for row in table.splitlines() for word in re.findall(r"`(\w+)`", row.split("|")[1])}
    assert named == set(Condition)


def said() -> Iterator[tuple[Symptom, str]]:
    """Every word for a symptom."""
    return ((symptom, word) for symptom in SYMPTOMS.values() for word in (symptom.id, *symptom.codes, *symptom.words))


@pytest.mark.parametrize(("symptom", "word"), list(said()))
def test_no_word_for_a_symptom_names_a_mail_program(symptom: Symptom, word: str) -> None:
    """What was understood as a program before stays one; the word itself is understood as its symptom."""
    assert isinstance(MATCHER.match(word), NotChosen)
    request = parse_settings_request(f"example.cz thunderbird-78 {word}", MATCHER.match, PROFILE)
    assert isinstance(request, SettingsRequest)
    assert request.report is not None
    assert request.report.symptom == symptom.id
    assert isinstance(request.client, Chosen)
    assert request.client.client.id == "thunderbird-78"


@pytest.mark.parametrize("filler", load_all().fillers)
def test_no_filler_names_a_mail_program(filler: str) -> None:
    """A filler beside a report is dropped."""
    found = MATCHER.match(filler)
    assert isinstance(found, NotChosen)
    assert not found.is_ambiguous


@pytest.mark.parametrize("client", CATALOGUE.clients.values(), ids=CATALOGUE.clients)
def test_names_of_mail_programs_report_nothing(client: Client) -> None:
    """By id, name and alias, dots and numbers in them included."""
    for name in (client.id, client.name, *client.aliases):
        said = name.split()
        assert take_report(said, lambda word: isinstance(MATCHER.match(word), Chosen)) is None, name
        assert said == name.split()
