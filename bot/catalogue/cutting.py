"""Running text cut into the words that may name a client: how far they stand apart, which numbers are versions."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from enum import IntEnum

from bot.catalogue.lexicon import is_number
from bot.catalogue.spelling import Speller, Tokens, fold

HIGHEST_VERSION = 400
"""What is higher and no year is the number of something else."""

_WORD = re.compile(r"[eE]-mail[^\W\d_]*|[0-9]+(?:\.[0-9]+)*|[^\W\d_]+")
_SENTENCE_END = re.compile(r"[.!?…]\s|;|\n\s*\n")
_APART = re.compile(r"[,|/+#•–—]|\s-\s")
_GLUED = ("", "-", "\u2010", "\u2011")
_VERSION_WORDS = frozenset(("verze", "verzi", "verzia", "verzie", "verzii", "version", "ver"))
_GLUED_NUMBER = re.compile(r"[-\u2010\u2011]?[0-9]")
_VERSION = re.compile(r"([0-9]{1,4})(?:\.[0-9]{1,5}){0,3}")
_YEAR = re.compile(r"(?:19|20)[0-9]{2}")
_DATE = re.compile(r"[0-9]{1,2}\.[0-9]{1,2}\.(?:19|20)[0-9]{2}")
_BELIES_VERSION = re.compile(r":[0-9]|\s?[%€$]|\s[0-9]{2,3}(?![0-9.])|\.\s*[0-9]")
"""Behind a number: a time, a price, the groups of a telephone number, the rest of a date."""
_FILE_ENDING = re.compile(r"\w\.[a-z]")
_NEXT_WORD = re.compile(r"[.\s]{0,4}([^\W\d_]+)")


class Gap(IntEnum):
    """How far a word stands from the one before it. No phrase reaches over more than `NEAR`."""

    GLUED = 0
    NEAR = 1
    APART = 2
    SENTENCE = 3


@dataclass(frozen=True, slots=True)
class Word:
    """A word as the catalogue spells it, and as it was said. A number that is no version has no `text`.

    `opens` is false where no phrase may begin: with a letter by itself, a unit behind its number, `php` in `index.php`.
    """

    text: str
    said: str
    end: int
    gap: Gap
    sentence: int
    follows_filler: bool
    opens: bool = True

    @property
    def is_number(self) -> bool:
        """True for numbers, versions or not."""
        return not self.text or is_number(self.text)


class Cutter:
    """Cuts texts into words. `mend` brings a word to those of the catalogue that it stands for."""

    def __init__(self, speller: Speller, units: frozenset[str], mend: Callable[[str], Tokens]) -> None:
        self._speller = speller
        self._units = units
        self._mend = mend

    def words(self, text: str) -> list[Word]:
        """The words of a text in their order, without fillers."""
        words: list[Word] = []
        for word in self._without_fillers(text):
            words += self._number(word, text) if word.is_number else self._letters(word, text, words[-1:])
        return words

    def _without_fillers(self, text: str) -> Iterator[Word]:
        """The words as they are said. Over a filler the widest gap holds; `verze` ties a number to what is before."""
        gap, end, sentence, follows_filler = Gap.SENTENCE, 0, 0, False
        for match in _WORD.finditer(text):
            said = fold(match[0]).replace("-", "")
            gap, end = max(gap, _gap(text[end : match.start()])), match.end()
            if said in _VERSION_WORDS:
                gap, follows_filler = Gap.NEAR, False
            elif self._speller.spelt(said) is None:
                follows_filler = True
            else:
                sentence += gap is Gap.SENTENCE
                yield Word(said, match[0], end, gap, sentence, follows_filler)
                gap, follows_filler = Gap.GLUED, False

    def _number(self, word: Word, text: str) -> list[Word]:
        gap = max(word.gap, Gap.APART) if word.follows_filler else word.gap
        return [replace(word, gap=gap, text=word.text if self._is_version(word, text) else "")]

    def _is_version(self, number: Word, text: str) -> bool:
        """False for what else people count, date and dial: `10 mailů`, `15. 3.`, `777 123 456`."""
        version = _VERSION.fullmatch(number.text)
        if version is None or _DATE.fullmatch(number.text) or _BELIES_VERSION.match(text, number.end):
            return False
        if _YEAR.fullmatch(version[1]):
            return True
        unit = _NEXT_WORD.match(text, number.end)
        return int(version[1]) < HIGHEST_VERSION and (unit is None or fold(unit[1]) not in self._units)

    def _letters(self, word: Word, text: str, before: list[Word]) -> list[Word]:
        is_lone = len(word.text) == 1 and not _GLUED_NUMBER.match(text, word.end)
        is_ending = _FILE_ENDING.match(text, word.end - len(word.said) - 2)
        is_unit = word.text in self._units and word.gap <= Gap.NEAR and any(number.is_number for number in before)
        opens = not (is_lone or is_unit or is_ending)
        first, *more = self._mend(self._speller.spelt(word.text) or word.text)
        glued = replace(word, said="", gap=Gap.GLUED, follows_filler=False)
        return [replace(word, text=first, opens=opens), *(replace(glued, text=text) for text in more)]


def _gap(between: str) -> Gap:
    if between in _GLUED:
        return Gap.GLUED
    if _SENTENCE_END.search(between):
        return Gap.SENTENCE
    return Gap.APART if _APART.search(between) else Gap.NEAR
