"""Reading values out of parsed TOML: whatever is not as it should be is noted, and reading goes on."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import date, datetime
from typing import TypeVar

from bot.catalogue.model import Words

T = TypeVar("T")
V = TypeVar("V")
REQUIRED_LANGUAGES = ("en", "cs")
LANGUAGES = (*REQUIRED_LANGUAGES, "sk")
NO_DATE = date.min


class Table:
    """One TOML table, the place it was read from and the list its mistakes go to.

    `files` names the file of single keys where a team's own file changed them.
    """

    def __init__(
        self,
        values: object,
        file: str,
        name: str,
        mistakes: list[str],
        files: Mapping[str, str] | None = None,
    ) -> None:
        self.file = file
        self.name = name
        self._mistakes = mistakes
        self._files = files or {}
        self.values: Mapping[str, object] = values if isinstance(values, dict) else {}
        if not isinstance(values, dict):
            self.complain(None, f"should be a table, not {shown(values)}")

    def __contains__(self, key: str) -> bool:
        return key in self.values

    def complain(self, key: str | None, what: str) -> None:
        """Note a mistake with its file, table and key."""
        file = self.file if key is None else self.file_of(key)
        self._mistakes.append(f"{', '.join(filter(None, (file, self.name, key)))}: {what}")

    def file_of(self, key: str) -> str:
        """The file that a key was read from."""
        return self._files.get(key, self.file)

    def check_keys(self, allowed: Collection[str]) -> None:
        """Note every key that is not allowed, with the nearest one that is."""
        for key in self.values:
            if key not in allowed:
                self.complain(key, f"unknown key; {suggestion(key, allowed)}")

    def text(self, key: str, *, optional: bool = False) -> str:
        """A string; "" where it is missing."""
        return self._get(key, str, "a text", "", optional)

    def flag(self, key: str) -> bool:
        """True or false; false where it is missing."""
        return self._get(key, bool, "true or false", False, True)

    def day(self, key: str) -> date:
        """A day, written bare: 2026-11-23."""
        return self._get(key, date, "a day such as 2026-11-23, without quotes", NO_DATE, False)

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of strings; empty where it is missing."""
        values = self._get(key, list, "a list of texts", [], True)
        if all(isinstance(value, str) for value in values):
            return tuple(values)
        self.complain(key, f"should be a list of texts, not {shown(values)}")
        return ()

    def table(self, key: str) -> Table:
        """A table inside this one; empty where it is missing."""
        return Table(self.values.get(key, {}), self.file_of(key), self._inside(key), self._mistakes)

    def tables(self, key: str) -> Iterator[Table]:
        """The tables of an array of tables."""
        for number, values in enumerate(self._get(key, list, "an array of tables", [], True), start=1):
            yield Table(values, self.file_of(key), self._inside(f"{key} {number}"), self._mistakes)

    def one_of(self, key: str, allowed: Mapping[str, T], default: str | None = None) -> T:
        """The value that a word stands for; the first one allowed where the word is wrong."""
        first = next(iter(allowed.values()))
        word = self._get(key, str, one_of(allowed), default or "", default is not None)
        if word not in allowed and key in self and isinstance(self.values[key], str):
            self.complain(key, f"{shown(word)} should be {one_of(allowed)}")
        return allowed.get(word, first)

    def many_of(self, key: str, allowed: Mapping[str, T]) -> tuple[T, ...]:
        """The values that a list of words stands for."""
        words = self.texts(key)
        for word in words:
            if word not in allowed:
                self.complain(key, f"{shown(word)} should be {one_of(allowed)}")
        return tuple(allowed[word] for word in words if word in allowed)

    def words(self, key: str) -> Words:
        """A text by language: a table with `en`, `cs` and maybe `sk`, or one string for every language."""
        value = self.values.get(key, {})
        if isinstance(value, str):
            return dict.fromkeys(REQUIRED_LANGUAGES, value)
        return self.table(key).languages() if value else {}

    def languages(self) -> Words:
        """This table itself as a text by language."""
        self.check_keys(LANGUAGES)
        languages = (*REQUIRED_LANGUAGES, "sk") if "sk" in self else REQUIRED_LANGUAGES
        return {language: self.text(language) for language in languages}

    def _inside(self, name: str) -> str:
        return f"{self.name}, {name}" if self.name else name

    def _get(self, key: str, kind: type[V], wanted: str, default: V, optional: bool) -> V:
        if key not in self.values:
            if not optional:
                self.complain(key, f"is missing; it should be {wanted}")
            return default
        value = self.values[key]
        if isinstance(value, kind) and not isinstance(value, datetime):
            return value
        self.complain(key, f"should be {wanted}, not {shown(value)}")
        return default


def shown(value: object) -> str:
    """A value as a message shows it: short, strings in double quotes."""
    text = f'"{value}"' if isinstance(value, str) else str(value)
    return text if len(text) <= 60 else f"{text[:57]}..."


def one_of(allowed: Collection[str]) -> str:
    """The allowed words as a message lists them."""
    return f"one of {', '.join(allowed)}"


def suggestion(word: str, allowed: Collection[str]) -> str:
    """The nearest allowed word as a question, or all of them where none is near."""
    from rapidfuzz import fuzz, process  # only for mistakes

    nearest = process.extractOne(word, allowed, scorer=fuzz.ratio, score_cutoff=60)
    return f'did you mean "{nearest[0]}"?' if nearest else f"allowed: {', '.join(allowed) or 'nothing'}"
