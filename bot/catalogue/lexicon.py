"""What every word of the catalogue means: its phrases, its systems, and what a version says of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

from bot.catalogue.model import Catalogue
from bot.catalogue.spelling import Speller, Tokens, inflected
from bot.catalogue.versions import VersionNumber, VersionSpan


@dataclass(frozen=True, slots=True)
class Meaning:
    """The clients, by id, that a phrase allows. `narrowed` are those of them that fit a version said with it."""

    candidates: tuple[str, ...]
    default: str | None = None
    takes_version: bool = True
    narrowed: tuple[str, ...] | None = None

    def allows(self, client: str, *, narrowly: bool) -> bool:
        """True when the client fits, and its version too where that is asked."""
        return client in (self.candidates if self.narrowed is None or not narrowly else self.narrowed)


@dataclass(slots=True)
class Reading:
    """What was found in one text."""

    meanings: list[Meaning] = field(default_factory=list)
    system: str | None = None
    known: int = 0
    unknown: int = 0


class Lexicon:
    """Tables prepared once for a catalogue. Their keys are phrases as `Speller.key` writes them."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.clients = catalogue.clients
        self.speller = Speller(catalogue.vocabulary)
        self.ambiguous = {
            self.speller.key(said): Meaning(word.candidates, word.default, word.takes_version)
            for word in catalogue.ambiguous
            for said in word.words
        }
        self.meanings = {**dict(self._names()), **self.ambiguous, **dict(self._aliases())}
        self.systems = {
            self.speller.key(word): system.id for system in catalogue.systems.values() for word in system.words
        }
        self.systems_inside = dict(self._systems_within(self.meanings))
        phrases = [tuple(key.split()) for key in (*self.meanings, *self.systems)]
        self.longest = max(map(len, phrases), default=1)
        self.vocabulary = _vocabulary(phrases)
        self._endings = catalogue.vocabulary.endings

    @cached_property
    def _inflected(self) -> Mapping[str, str]:
        """The words in all their cases; a word that is known as it stands needs none of them."""
        known = {token: token for token in self.vocabulary} | self.speller.spellings
        return inflected(known, self._endings)

    def __contains__(self, phrase: str) -> bool:
        return phrase in self.meanings or phrase in self.systems

    def known(self, token: str) -> Tokens | None:
        """A known word as itself, out of a case ending, or taken apart where words were run together."""
        found = self.vocabulary.get(token)
        return self.vocabulary.get(self._inflected.get(token, "")) if found is None else found

    def narrowed(self, meaning: Meaning, version: VersionNumber) -> Meaning:
        """The meaning for one version of it: a number belongs to the phrase before it."""
        family = self._family(meaning)
        spans = {id: span for id in family if (span := self.clients[id].versions) is not None}
        if not spans or not meaning.takes_version or meaning.narrowed is not None:
            return meaning
        narrowed = tuple(id for id, span in spans.items() if span.overlaps(version))
        if narrowed:
            return Meaning(family, _literal(spans, narrowed, version), narrowed=narrowed)
        return meaning if len(meaning.candidates) == 1 else replace(meaning, default=None)

    def _names(self) -> Iterator[tuple[str, Meaning]]:
        """Names, with and without what stands in brackets: the weakest words, any other with their key wins."""
        for client in self.clients.values():
            for name in (client.name.partition("(")[0], client.name):
                yield self.speller.key(name), Meaning((client.id,))

    def _aliases(self) -> Iterator[tuple[str, Meaning]]:
        for client in self.clients.values():
            for word in (*client.aliases, client.id):
                yield self.speller.key(word), Meaning((client.id,))

    def _systems_within(self, phrases: Iterable[str]) -> Iterator[tuple[str, str]]:
        """The system that a client's own words name: `outlook 2010 windows 10` is also an id."""
        longest_first = sorted(self.systems, key=len, reverse=True)
        for phrase in phrases:
            found = (self.systems[key] for key in longest_first if f" {key} " in f" {phrase} ")
            if (system := next(found, None)) is not None:
                yield phrase, system

    def _family(self, meaning: Meaning) -> tuple[str, ...]:
        """The clients among which a version chooses: of `claws mail 3.8` the id alone would name too new a one."""
        (first, *more) = meaning.candidates
        if more or self.clients[first].versions is None:
            return meaning.candidates
        families = (other.candidates for other in self.ambiguous.values() if other.takes_version)
        return tuple(dict.fromkeys((first, *(id for family in families if first in family for id in family))))


def is_number(token: str) -> bool:
    """True for a version number, as `spelling.split` cuts it out."""
    return "0" <= token[0] <= "9"


def _vocabulary(phrases: list[Tokens]) -> dict[str, Tokens]:
    """Every known word as itself, and phrases of words run together: `outlookexpress`."""
    joined = {"".join(phrase): phrase for phrase in phrases if not any(map(is_number, phrase))}
    return joined | {token: (token,) for phrase in phrases for token in phrase}


def _literal(spans: Mapping[str, VersionSpan], narrowed: tuple[str, ...], version: VersionNumber) -> str:
    """The client for a version taken literally, `7` as 7.0; the newest one where none has exactly that."""
    return next((id for id in narrowed if spans[id].contains(version)), narrowed[0])
