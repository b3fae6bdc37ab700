"""Running text cut into the words that may name a client: clause by clause, and which numbers are versions."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from bot.catalogue.lexicon import is_number
from bot.catalogue.spelling import Speller, Tokens, fold

HIGHEST_VERSION = 400
"""What is higher and no year is the number of something else."""

_WORD = re.compile(r"[eE]-mail[^\W\d_]*|[0-9]+(?:\.[0-9]+)*|[^\W\d_]+")
_CLAUSE_END = re.compile(r"[.!?]\s|[;,|/+#•–—]|\s-\s|\n")
_ANDS = frozenset("a i aj and or nor nebo alebo anebo ani ale but".split())  # noqa: SIM905
_VERSION_WORDS = frozenset(("verze", "verzi", "verzia", "verzie", "verzii", "version", "ver"))
_GLUED_NUMBER = re.compile(r"[-\u2010\u2011]?[0-9]")
_VERSION = re.compile(r"([0-9]{1,4})(?:\.[0-9]{1,5}){0,3}")
_YEAR = re.compile(r"(?:19|20)[0-9]{2}")
_DATE = re.compile(r"[0-9]{1,2}\.[0-9]{1,2}\.(?:19|20)[0-9]{2}")
_BELIES_VERSION = re.compile(r":[0-9]|\s?[%€$]|\s[0-9]{2,3}(?![0-9.])|\.\s*[0-9]")
"""Behind a number: a time, a price, the groups of a telephone number, the rest of a date."""
_FILE_ENDING = re.compile(r"\w\.[a-z]")
_NEXT_WORD = re.compile(r"[.\s]{0,4}([^\W\d_]+)")


@dataclass(frozen=True, slots=True)
class Word:
    """A word as the catalogue spells it, and as it was said. A number that is no version has no `text`.

    `clause` counts what commas, full stops, line ends and `nebo` part; no phrase reaches from one clause into the next.
    `opens` is false where no phrase may begin: a letter by itself, a unit behind its number, `php` in `index.php`.
    """

    text: str
    said: str
    end: int
    clause: int
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
        """The words as they are said. `verze` ties a number to what is before it, whatever stands between."""
        end, clause, is_apart, follows_filler = 0, 0, True, False
        for match in _WORD.finditer(text):
            said = fold(match[0]).replace("-", "")
            is_apart = is_apart or _CLAUSE_END.search(text, end, match.start()) is not None
            end = match.end()
            if said in _VERSION_WORDS:
                is_apart, follows_filler = False, False
            elif said in _ANDS and not follows_filler:  # in `on a Mac` it is an article
                is_apart = True
            elif self._speller.spelt(said) is None:
                follows_filler = True
            else:
                clause += is_apart
                yield Word(said, match[0], end, clause, follows_filler)
                is_apart, follows_filler = False, False

    def _number(self, word: Word, text: str) -> list[Word]:
        is_version = not word.follows_filler and self._is_version(word, text)
        return [word if is_version else replace(word, text="")]

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
        is_unit = word.text in self._units and any(one.is_number and one.clause == word.clause for one in before)
        opens = not (is_lone or is_unit or is_ending)
        first, *more = self._mend(self._speller.spelt(word.text) or word.text)
        glued = replace(word, said="", follows_filler=False)
        return [replace(word, text=first, opens=opens), *(replace(glued, text=text) for text in more)]
