"""Words as they are compared: without case, diacritics and fillers, misspelt ones mended, digits apart."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping

from bot.catalogue.model import Vocabulary

LONGEST_TEXT = 120
"""Longer texts are cut: nobody names a client in more characters."""

SHORTEST_INFLECTED = 4
_WITHOUT_ENDINGS = "iuy"
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
        self.spellings = {fold(said): fold(meant) for said, meant in vocabulary.spellings.items()}

    def tokens(self, text: str) -> Tokens:
        """The words that count, in the spelling of the catalogue."""
        spelt = (self.spellings.get(token, token) for token in split(text))
        return tuple(token for token in spelt if token not in self._fillers)

    def key(self, text: str) -> str:
        """The words that count as one string: equal keys mean the same client."""
        return " ".join(self.tokens(text))

    def spelt(self, token: str) -> str | None:
        """One folded word in the spelling of the catalogue; None for a filler."""
        token = self.spellings.get(token, token)
        return None if token in self._fillers else token


def inflected(words: Mapping[str, str], endings: Mapping[str, tuple[str, ...]]) -> dict[str, str]:
    """Case forms of words, each with what the word stands for: `thunderbirdem` is `thunderbird`, `visty` is `vista`.

    `endings` are those that take the place of a last letter; those under `-` follow a last consonant.
    """
    forms: dict[str, str] = {}
    for word, meant in words.items():
        last = word[-1:]
        stem, ends = (word[:-1], endings[last]) if last in endings else (word, endings.get("-", ()))
        if len(word) >= SHORTEST_INFLECTED and word.isalpha() and last not in _WITHOUT_ENDINGS:
            forms |= {stem + end: meant for end in ends}
    return forms
