"""Client words in running text: which words of a letter name a mail program. Pure, and defined for any text.

A letter is full of words that are names as well: mail, office, express. So the words that the catalogue calls
everyday only add to a name, and names that are common words count where they are written as names. A text of nothing
but client words is a command: there the latter count however they are written.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import Enum

from bot.catalogue.cutting import Cutter, Word
from bot.catalogue.lexicon import Lexicon, Meaning, Reading
from bot.catalogue.model import Vocabulary
from bot.catalogue.spelling import Tokens, fold
from bot.catalogue.versions import parse_version

MOST_CHARACTERS = 20_000
MOST_PHRASES = 40
LONGEST_SAID = 60
SHORTEST_MENDED = 6
MENDED_SIMILARITY = 0.85
FIRST_YEAR = 1990


class Weight(Enum):
    """What a phrase is worth: it names a client, adds to one that is named, or is the system beside one."""

    NAMES = "names"
    ADDS = "adds"
    SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class Phrase:
    """A phrase of the catalogue in a text. `bag` holds its words in the order of the alphabet."""

    key: str
    bag: Tokens
    weight: Weight
    meaning: Meaning | None
    system: str | None
    clause: int
    said: str


@dataclass(frozen=True, slots=True)
class Passage:
    """What a text says of clients, and the words that say it."""

    reading: Reading
    said: str


class Prose:
    """Reads running text with the words of a catalogue."""

    def __init__(self, lexicon: Lexicon, vocabulary: Vocabulary) -> None:
        self._lexicon = lexicon
        self._everyday = frozenset(map(lexicon.speller.key, vocabulary.everyday))
        self._devices = frozenset(map(lexicon.speller.key, vocabulary.devices))
        self._names = frozenset(map(lexicon.speller.key, vocabulary.names))
        self._mendable = sorted(key for key in lexicon.ambiguous if self._is_worth_mending(key))
        self._cutter = Cutter(lexicon.speller, frozenset(map(fold, vocabulary.units)), self._mended)
        self._known = {*lexicon.meanings, *lexicon.systems, *self._everyday}
        self._first_words = {key.partition(" ")[0] for key in self._known} - {""}
        self._by_bag = {_bag(key.split()): meaning for key, meaning in lexicon.meanings.items()}
        self._system_words = {system: key.split() for key, system in reversed(lexicon.systems.items())}

    def read(self, text: str) -> Passage | None:
        """The clients a text names and the system beside them; None where it names none."""
        phrases = self._phrases(unicodedata.normalize("NFKC", text[:MOST_CHARACTERS])[:MOST_CHARACTERS])
        systems = {phrase.system for phrase in phrases if phrase.system is not None}
        system = systems.pop() if len(systems) == 1 else None
        names = [self._completed(phrase, phrases, system) for phrase in phrases if phrase.weight is Weight.NAMES]
        names = _without_contained(self._without_places(names))
        named = names or [phrase for phrase in phrases if phrase.weight is Weight.SYSTEM]
        meanings = {phrase.said: phrase.meaning for phrase in named if phrase.meaning is not None}
        return Passage(Reading([*meanings.values()], system), ", ".join(meanings)[:LONGEST_SAID]) if meanings else None

    def _phrases(self, text: str) -> list[Phrase]:
        """The phrases of a text in their order, with the versions behind them."""
        words = self._cutter.words(text)
        spans = list(self._spans(words))
        covered = {position for span in spans for position in range(span.start, span.stop)}
        is_command = all(word.is_number or position in covered for position, word in enumerate(words))
        return [
            self._phrase(words[span], words[span.stop : span.stop + 1], is_command=is_command)
            for span in spans[:MOST_PHRASES]
        ]

    def _spans(self, words: Sequence[Word]) -> Iterator[slice]:
        position = 0
        while position < len(words):
            length = self._length(words[position : position + self._lexicon.longest])
            if length:
                yield slice(position, position + length)
            position += length or 1

    def _length(self, words: Sequence[Word]) -> int:
        """The length of the phrase to take here: the longest, but of `nový Outlook 2016` not the first two words."""
        length = self._longest(words)
        for start in range(1, length):
            end = start + self._longest(words[start:])
            if end > length and words[end - 1].is_number and self._is_name(_key(words[start:end])):
                return self._longest(words[:start])
        return length

    def _is_name(self, key: str) -> bool:
        return key in self._lexicon.meanings and key not in self._everyday

    def _longest(self, words: Sequence[Word]) -> int:
        """The length of the longest phrase that begins with the first of these words; 0 where none does."""
        if not (words[0].opens and words[0].text in self._first_words):
            return 0
        reach = sum(word.clause == words[0].clause for word in words)
        return next((length for length in range(reach, 0, -1) if _key(words[:length]) in self._known), 0)

    def _phrase(self, words: Sequence[Word], after: Sequence[Word], *, is_command: bool) -> Phrase:
        key = _key(words)
        weight = self._weight(key, words, is_command=is_command)
        system = self._lexicon.systems.get(key, self._lexicon.systems_inside.get(key))
        meaning = None if key in self._everyday else self._lexicon.meanings.get(key)
        if meaning is not None and any(_is_version_of(words[0], number) for number in after):
            meaning, words = self._versioned(meaning, after[0]), (*words, *after)
        said = " ".join(word.said for word in words if word.said)
        return Phrase(key, _bag(word.text for word in words), weight, meaning, system, words[0].clause, said)

    def _weight(self, key: str, words: Sequence[Word], *, is_command: bool) -> Weight:
        if key in self._lexicon.systems:
            return Weight.SYSTEM
        is_common_word = key in self._names and not is_command and not _is_written_as_name(words)
        return Weight.ADDS if is_common_word or key in self._everyday else Weight.NAMES

    def _versioned(self, meaning: Meaning, number: Word) -> Meaning:
        """The meaning with the version behind it. One that nobody ever had is an accident, unless it is a year."""
        version = parse_version(number.text)
        narrowed = self._lexicon.narrowed(meaning, version)
        return narrowed if narrowed.narrowed is not None or version[0] >= FIRST_YEAR else meaning

    def _completed(self, name: Phrase, phrases: Sequence[Phrase], system: str | None) -> Phrase:
        """The name with what belongs to it: `na mobilu` to `Thunderbird`, an old system to `Outlook`."""
        beside = [phrase.bag for phrase in phrases if _may_complete(phrase, name)]
        if system is not None:
            beside.append(_bag(self._system_words[system]))
        joined = next((bag for other in beside if (bag := _bag((*name.bag, *other))) in self._by_bag), None)
        return name if joined is None else replace(name, bag=joined, meaning=self._by_bag[joined])

    def _without_places(self, names: Sequence[Phrase]) -> list[Phrase]:
        """The names without devices that only say where a program runs: `Thunderbird na MacBooku`."""
        with_program = {name.clause for name in names if name.key not in self._devices}
        return [name for name in names if name.key not in self._devices or name.clause not in with_program]

    def _mended(self, token: str) -> Tokens:
        known = self._lexicon.known(token)
        if known is not None or len(token) < SHORTEST_MENDED:
            return known or (token,)
        from rapidfuzz import process  # as in match
        from rapidfuzz.distance import OSA

        scorer = OSA.normalized_similarity
        nearest = process.extractOne(token, self._mendable, scorer=scorer, score_cutoff=MENDED_SIMILARITY)
        return (nearest[0] if nearest else token,)

    def _is_worth_mending(self, key: str) -> bool:
        """True for the long names that everybody uses: the rest are too near to other words, as `printed`."""
        meaning = self._lexicon.ambiguous[key]
        is_program = meaning.default is not None and meaning.takes_version
        return is_program and " " not in key and len(key) > SHORTEST_MENDED


def _key(words: Sequence[Word]) -> str:
    return " ".join(word.text for word in words)


def _bag(words: Iterable[str]) -> Tokens:
    return tuple(sorted(words))


def _is_written_as_name(words: Sequence[Word]) -> bool:
    """True for `v Opeře` and `Windows Mail`: a capital inside a sentence, behind a preposition or a first word."""
    letters = [word.said for word in words if word.said[:1].isalpha()]
    is_capital = any(word[0].isupper() for word in letters[-1:])
    return is_capital and (len(letters) > 1 or words[0].follows_filler)


def _is_version_of(name: Word, number: Word) -> bool:
    return number.clause == name.clause and number.is_number and bool(number.text)


def _may_complete(phrase: Phrase, name: Phrase) -> bool:
    """True for what stands in the same clause, unless it names a client by itself that the name allows too."""
    if phrase.clause != name.clause or phrase.weight is Weight.SYSTEM:
        return False
    return phrase.weight is Weight.ADDS or not _candidates(phrase) & _candidates(name)


def _candidates(phrase: Phrase) -> set[str]:
    return set(phrase.meaning.candidates) if phrase.meaning is not None else set()


def _without_contained(phrases: Sequence[Phrase]) -> list[Phrase]:
    """The phrases that do not say less than another: beside `Outlook 2016` the word `Outlook` says nothing new."""
    return [one for one in phrases if not any(set(one.bag) < set(other.bag) for other in phrases)]
