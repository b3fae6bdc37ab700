"""Reads the symptoms' data file and finds every mistake in it at once."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from importlib import resources

from bot.catalogue.model import Confidence
from bot.catalogue.spelling import fold
from bot.catalogue.tables import Table, shown, suggestion
from bot.symptoms.model import Cause, Condition, Symptom, Symptoms

TOP_KEYS = ("first", "fillers", "source", "symptom", "cause")
SYMPTOM_KEYS = ("codes", "words", "asks_name", "causes", "confidence", "sources")
ID = re.compile(r"[a-z0-9-]{1,24}")
_CONDITIONS = {condition.value: condition for condition in Condition}
_CONFIDENCES = {confidence.value: confidence for confidence in Confidence}
_NEED_SOURCES = (Confidence.DOCUMENTED, Confidence.SEVERAL_REPORTS, Confidence.ONE_REPORT)


class SymptomsError(Exception):
    """The symptoms' file has mistakes; all of them are in `mistakes`."""

    def __init__(self, mistakes: tuple[str, ...]) -> None:
        super().__init__("\n".join(mistakes))
        self.mistakes = mistakes


def load_symptoms() -> Mapping[str, Symptom]:
    """The built-in symptoms by id, in the order of the menu. Raises SymptomsError."""
    return load_all().symptoms


@cache
def load_all() -> Symptoms:
    """The whole built-in file. Raises SymptomsError."""
    file = resources.files("bot.symptoms") / "symptoms.toml"
    return parse_symptoms(file.read_text("utf-8"), "symptoms.toml")


def parse_symptoms(text: str, source: str) -> Symptoms:
    """Read symptoms from TOML text. Raises SymptomsError with all mistakes together."""
    try:
        values = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise SymptomsError((f"{source}: is not TOML: {error}",)) from None
    mistakes: list[str] = []
    symptoms = _Reading(Table(values, source, "", mistakes)).symptoms()
    if mistakes:
        raise SymptomsError(tuple(mistakes))
    return symptoms


class _Reading:
    """One file on its way to values."""

    def __init__(self, document: Table) -> None:
        self.document = document
        document.check_keys(TOP_KEYS)
        self.causes = dict(self._causes())
        sources = document.table("source")
        self.sources = {key: sources.text(key) for key in sources.values}
        self.used = set[str]()
        self.owners: dict[str, str] = {}

    def symptoms(self) -> Symptoms:
        """All of the file."""
        first = self._named_causes("first", self.document)
        self._check_conditional("first", first, self.document)
        tables = self.document.table("symptom")
        symptoms = {id: self._symptom(id, tables, first) for id in tables.values}
        for id in self.causes.keys() - self.used:
            self.document.table("cause").complain(id, "no symptom has this cause")
        return Symptoms(symptoms, tuple(map(fold_words, self.document.texts("fillers"))), self.sources)

    def _causes(self) -> Iterator[tuple[str, Cause]]:
        table = self.document.table("cause")
        for id in table.values:
            _check_id(id, table)
            yield id, Cause(id, table.many_of(id, _CONDITIONS))

    def _symptom(self, id: str, tables: Table, first: tuple[Cause, ...]) -> Symptom:
        _check_id(id, tables)
        table = tables.table(id)
        table.check_keys(SYMPTOM_KEYS)
        own = self._named_causes("causes", table)
        self._check_order(own, table)
        confidence = table.one_of("confidence", _CONFIDENCES)
        return Symptom(
            id=id,
            causes=(*first, *own),
            codes=self._words("codes", id, table),
            words=self._words("words", id, table),
            asks_name=table.flag("asks_name"),
            confidence=confidence,
            sources=self._sources(confidence, table),
        )

    def _named_causes(self, key: str, table: Table) -> tuple[Cause, ...]:
        ids = table.texts(key)
        self.used.update(ids)
        for id in ids:
            if id not in self.causes:
                table.complain(key, f"there is no cause {shown(id)}; {suggestion(id, tuple(self.causes))}")
        return tuple(self.causes[id] for id in ids if id in self.causes)

    def _check_order(self, causes: tuple[Cause, ...], table: Table) -> None:
        """The last cause is what is left when nothing is known; any other needs something to hold."""
        if not causes or causes[-1].when:
            table.complain("causes", "the last one should be a cause without conditions")
        self._check_conditional("causes", causes[:-1], table)

    def _check_conditional(self, key: str, causes: tuple[Cause, ...], table: Table) -> None:
        for cause in causes:
            if not cause.when:
                table.complain(key, f"{shown(cause.id)} has no conditions, so no cause after it is ever taken")

    def _words(self, key: str, id: str, table: Table) -> tuple[str, ...]:
        """Codes or words as they are compared. No two symptoms may claim the same."""
        words = tuple(fold_words(text) for text in table.texts(key))
        for word in words:
            if not word or (key == "codes" and " " in word):
                table.complain(key, f"{shown(word)} should be {'one word' if key == 'codes' else 'words'}")
            if self.owners.setdefault(word, id) != id:
                table.complain(key, f"{shown(word)} means symptom {self.owners[word]} already")
        return words

    def _sources(self, confidence: Confidence, table: Table) -> tuple[str, ...]:
        keys = table.texts("sources")
        if not keys and confidence in _NEED_SOURCES:
            table.complain("sources", f"should name where it is {confidence.value}")
        for key in keys:
            if key not in self.sources:
                table.complain("sources", f"there is no source {shown(key)}; {suggestion(key, tuple(self.sources))}")
        return keys


def fold_words(text: str) -> str:
    """Words as they are compared: lower case, no diacritics, single blanks."""
    return " ".join(fold(text).split())


def _check_id(id: str, table: Table) -> None:
    if not ID.fullmatch(id):
        table.complain(id, "an id has 1 to 24 characters of a-z, 0-9 and hyphen")
