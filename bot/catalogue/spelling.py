"""Words as they are compared: without case, diacritics and fillers, misspelt ones mended, digits apart."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping

from bot.catalogue.model import Vocabulary

LONGEST_TEXT = 120
"""Longer texts are cut: nobody names a client in more characters."""

SHORTEST_INFLECTED = 4
_VOWELS = "aeiouy"
Tokens = tuple[str, ...]
_EMAIL = re.compile(r"\be-mail")
_TOKEN = re.compile(r"[a-z]+|[0-9]+(?:\.[0-9]+)*|[^\W\d_]+")


def fold(text: str) -> str:
    """Lower case without diacritics: `Pošta` is `posta`."""
    decomposed = unicodedata.normalize("NFKD", text[:LONGEST_TEXT].casefold())
    return "".join(character for character in decomposed if not unicodedata.combining(character))


def split(text: str) -> Tokens:
    """The words and version numbers of a text: `Outlook2007` is `outlook`, `2007`."""
    return tuple(_TOKEN.findall(_EMAIL.sub("email", fold(text))))


class Speller:
    """Brings words into the form in which they are compared."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._fillers = frozenset(fold(word) for word in vocabulary.fillers)
        self._spellings = {fold(said): fold(meant) for said, meant in vocabulary.spellings.items()}

    def tokens(self, text: str) -> Tokens:
        """The words that count, in the spelling of the catalogue."""
        spelt = (self._spellings.get(token, token) for token in split(text))
        return tuple(token for token in spelt if token not in self._fillers)

    def key(self, text: str) -> str:
        """The words that count as one string: equal keys mean the same client."""
        return " ".join(self.tokens(text))

    def spelt(self, token: str) -> str | None:
        """One folded word in the spelling of the catalogue; None for a filler."""
        token = self._spellings.get(token, token)
        return None if token in self._fillers else token


def inflected(tokens: Iterable[str], endings: Mapping[str, tuple[str, ...]]) -> dict[str, str]:
    """Case forms of words, each with its word: `thunderbirdem` is `thunderbird`, `visty` is `vista`.

    `endings` are those that take the place of a last letter; under `-` those that a last consonant keeps.
    """
    forms: dict[str, str] = {}
    for token in tokens:
        if len(token) >= SHORTEST_INFLECTED and token.isalpha():
            stem, ends = (token[:-1], endings[token[-1]]) if token[-1] in endings else (token, endings.get("-", ()))
            forms |= {stem + end: token for end in ends if not (stem is token and token[-1] in _VOWELS)}
    return forms
