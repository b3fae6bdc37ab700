"""From the words an agent types to the client she means. Pure, and defined for any text.

The words are cut into the longest phrases the catalogue knows: clients, words that fit several clients,
operating systems, version numbers. What all of them allow together is the answer.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from bot.catalogue.model import Catalogue, Chosen, Client, ClientMatch, NotChosen
from bot.catalogue.spelling import Speller, Tokens
from bot.catalogue.versions import VersionNumber, VersionSpan, parse_version

MOST_CHOICES = 8
MOST_TOKENS = 16
SHORTEST_MENDED = 6
"""Shorter words are too alike: `class` is not a misspelt `claws`."""
MENDED_SIMILARITY = 0.815
CHOICE_SCORE = 60


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


class Matcher:
    """Finds clients by their words, in tables prepared once for a catalogue."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._clients = catalogue.clients
        self._common = tuple(client.id for client in catalogue.common)
        self._speller = Speller(catalogue.vocabulary)
        self._ambiguous = {
            self._speller.key(said): Meaning(word.candidates, word.default, word.takes_version)
            for word in catalogue.ambiguous
            for said in word.words
        }
        self._meanings = {**dict(self._names()), **self._ambiguous, **dict(self._aliases())}
        self._systems = {
            self._speller.key(word): system.id for system in catalogue.systems.values() for word in system.words
        }
        self._systems_inside = dict(self._systems_within(self._meanings))
        phrases = [tuple(key.split()) for key in (*self._meanings, *self._systems)]
        self._longest = max(map(len, phrases), default=1)
        self._vocabulary = _vocabulary(phrases)

    def match(self, words: str) -> ClientMatch:
        """The client meant by the words, or the nearest ones to choose from."""
        if (exact := self._clients.get(words.strip().casefold())) is not None:
            return Chosen(exact, _only_system(exact))
        tokens = self._mended(self._speller.tokens(words)[:MOST_TOKENS])
        whole = " ".join(tokens)
        if whole in self._systems and whole in self._ambiguous:
            return self._not_chosen(words, self._ambiguous[whole].candidates, is_ambiguous=True)
        reading = self._read(tokens)
        if not reading.meanings or reading.unknown > reading.known:
            return self._not_chosen(words, self._nearest(whole), is_ambiguous=False)
        return self._judge(words, reading)

    def _names(self) -> Iterator[tuple[str, Meaning]]:
        """Names, with and without what stands in brackets: the weakest words, any other with their key wins."""
        for client in self._clients.values():
            for name in (client.name.partition("(")[0], client.name):
                yield self._speller.key(name), Meaning((client.id,))

    def _aliases(self) -> Iterator[tuple[str, Meaning]]:
        for client in self._clients.values():
            for word in (*client.aliases, client.id):
                yield self._speller.key(word), Meaning((client.id,))

    def _systems_within(self, phrases: Iterable[str]) -> Iterator[tuple[str, str]]:
        """The system that a client's own words name: `outlook 2010 windows 10` is also an id."""
        longest_first = sorted(self._systems, key=len, reverse=True)
        for phrase in phrases:
            found = (self._systems[key] for key in longest_first if f" {key} " in f" {phrase} ")
            if (system := next(found, None)) is not None:
                yield phrase, system

    def _mended(self, tokens: Tokens) -> Tokens:
        """The tokens with typing errors mended and words that were run together taken apart."""
        return tuple(word for token in tokens for word in self._mend(token))

    def _mend(self, token: str) -> Tokens:
        if token in self._vocabulary:
            return self._vocabulary[token]
        if len(token) < SHORTEST_MENDED or _is_number(token):
            return (token,)
        from rapidfuzz import process  # only typing errors need it, and a command starts sooner without
        from rapidfuzz.distance import OSA

        nearest = process.extractOne(
            token, self._vocabulary.keys(), scorer=OSA.normalized_similarity, score_cutoff=MENDED_SIMILARITY
        )
        return self._vocabulary[nearest[0]] if nearest else (token,)

    def _read(self, tokens: Tokens) -> Reading:
        reading = Reading()
        position = 0
        while position < len(tokens):
            length = self._phrase_at(tokens, position)
            self._take(" ".join(tokens[position : position + length]), reading)
            position += length
        return reading

    def _phrase_at(self, tokens: Tokens, position: int) -> int:
        """The length of the longest known phrase that begins here; 1 where none does."""
        for length in range(min(self._longest, len(tokens) - position), 1, -1):
            phrase = " ".join(tokens[position : position + length])
            if phrase in self._meanings or phrase in self._systems:
                return length
        return 1

    def _take(self, phrase: str, reading: Reading) -> None:
        if phrase in self._systems:
            reading.system = self._systems[phrase]
            reading.known += 1
        elif phrase in self._meanings:
            reading.meanings.append(self._meanings[phrase])
            reading.system = reading.system or self._systems_inside.get(phrase)
            reading.known += 1
        elif not _is_number(phrase):
            reading.unknown += 1
        elif reading.meanings:
            reading.meanings[-1] = self._narrowed(reading.meanings[-1], parse_version(phrase))

    def _narrowed(self, meaning: Meaning, version: VersionNumber) -> Meaning:
        """The meaning for one version of it: a number belongs to the phrase before it."""
        family = self._family(meaning)
        spans = {id: span for id in family if (span := self._clients[id].versions) is not None}
        if not spans or not meaning.takes_version or meaning.narrowed is not None:
            return meaning
        narrowed = tuple(id for id, span in spans.items() if span.overlaps(version))
        if narrowed:
            return Meaning(family, _literal(spans, narrowed, version), narrowed=narrowed)
        return meaning if len(meaning.candidates) == 1 else replace(meaning, default=None)

    def _family(self, meaning: Meaning) -> tuple[str, ...]:
        """The clients among which a version chooses: of `claws mail 3.8` the id alone would name too new a one."""
        (first, *more) = meaning.candidates
        if more or self._clients[first].versions is None:
            return meaning.candidates
        families = (other.candidates for other in self._ambiguous.values() if other.takes_version)
        return tuple(dict.fromkeys((first, *(id for family in families if first in family for id in family))))

    def _judge(self, words: str, reading: Reading) -> ClientMatch:
        allowed = _allowed(reading.meanings, narrowly=True) or _allowed(reading.meanings, narrowly=False)
        if not allowed:
            every = (id for meaning in reading.meanings for id in meaning.candidates)
            return self._not_chosen(words, every, is_ambiguous=True)
        defaults = [meaning.default for meaning in reading.meanings if meaning.default in allowed]
        chosen = allowed[0] if len(allowed) == 1 else next(iter(defaults), None)
        if chosen is None:
            return self._not_chosen(words, allowed, is_ambiguous=True)
        return self._chosen(chosen, tuple(id for id in allowed if id != chosen), reading)

    def _chosen(self, chosen: str, others: tuple[str, ...], reading: Reading) -> Chosen:
        client = self._clients[chosen]
        if reading.system is not None and reading.system in client.systems:
            return Chosen(self._clients[client.systems[reading.system]], reading.system)
        is_certain = not others or any(meaning.narrowed for meaning in reading.meanings)
        system = reading.system or (_only_system(client) if is_certain else None)
        return Chosen(client, system, tuple(self._clients[id] for id in others))

    def _nearest(self, whole: str) -> Iterable[str]:
        """The clients whose words look most like these, else the commonest."""
        from rapidfuzz import fuzz, process

        found = process.extract(whole, self._meanings.keys(), scorer=fuzz.ratio, score_cutoff=CHOICE_SCORE)
        return [id for key, _, _ in found for id in self._meanings[key].candidates] or self._common

    def _not_chosen(self, words: str, ids: Iterable[str], *, is_ambiguous: bool) -> NotChosen:
        choices = tuple(self._clients[id] for id in dict.fromkeys(ids))[:MOST_CHOICES]
        return NotChosen(words, choices, is_ambiguous)


def _vocabulary(phrases: list[Tokens]) -> dict[str, Tokens]:
    """Every known word as itself, and phrases of words run together: `outlookexpress`."""
    joined = {"".join(phrase): phrase for phrase in phrases if not any(map(_is_number, phrase))}
    return joined | {token: (token,) for phrase in phrases for token in phrase}


def _is_number(token: str) -> bool:
    return "0" <= token[0] <= "9"


def _only_system(client: Client) -> str | None:
    """The system a client stands for, where its entry is that of one system only."""
    own = [system for system, id in client.systems.items() if id == client.id]
    return own[0] if len(own) == 1 else None


def _literal(spans: Mapping[str, VersionSpan], narrowed: tuple[str, ...], version: VersionNumber) -> str:
    """The client for a version taken literally, `7` as 7.0; the newest one where none has exactly that."""
    return next((id for id in narrowed if spans[id].contains(version)), narrowed[0])


def _allowed(meanings: list[Meaning], *, narrowly: bool) -> tuple[str, ...]:
    """The clients that every phrase allows, in the order of the first."""
    return tuple(
        id for id in meanings[0].candidates if all(meaning.allows(id, narrowly=narrowly) for meaning in meanings)
    )
