"""From the words an agent types to the client she means. Pure, and defined for any text.

The words are cut into the longest phrases the catalogue knows: clients, words that fit several clients,
operating systems, version numbers. What all of them allow together is the answer.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property

from bot.catalogue.lexicon import Lexicon, Meaning, Reading, is_number
from bot.catalogue.model import Catalogue, Chosen, Client, ClientMatch, NotChosen
from bot.catalogue.prose import Prose
from bot.catalogue.spelling import Tokens
from bot.catalogue.versions import parse_version

MOST_CHOICES = 8
MOST_TOKENS = 16
SHORTEST_MENDED = 6
"""Shorter words are too alike: `class` is not a misspelt `claws`."""
MENDED_SIMILARITY = 0.815
CHOICE_SCORE = 60


class Matcher:
    """Finds clients by their words, in tables prepared once for a catalogue."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._clients = catalogue.clients
        self._common = tuple(client.id for client in catalogue.common)
        self._lexicon, self._vocabulary = Lexicon(catalogue), catalogue.vocabulary

    @cached_property
    def _prose(self) -> Prose:
        """What reads running text; a command has none and need not wait for its tables."""
        return Prose(self._lexicon, self._vocabulary)

    def match(self, words: str) -> ClientMatch:
        """The client meant by the words, or the nearest ones to choose from."""
        if (exact := self._clients.get(words.strip().casefold())) is not None:
            return Chosen(exact, _only_system(exact))
        tokens = self._mended(self._lexicon.speller.tokens(words)[:MOST_TOKENS])
        whole = " ".join(tokens)
        if whole in self._lexicon.systems and whole in self._lexicon.ambiguous:
            return self._not_chosen(words, self._lexicon.ambiguous[whole].candidates, is_ambiguous=True)
        reading = self._read(tokens)
        if not reading.meanings or reading.unknown > reading.known:
            return self._not_chosen(words, self._nearest(whole), is_ambiguous=False)
        return self._judge(words, reading)

    def find(self, text: str) -> ClientMatch | None:
        """The client named somewhere in a text of any length; None where no word in it names one for certain.

        Several clients named side by side are choices. Words that are no client's are passed over, and `words`
        of what could not be chosen are only those that are.
        """
        passage = self._prose.read(text)
        if passage is None:
            return None
        meanings = passage.reading.meanings
        allowed = _allowed(meanings, narrowly=True) or self._without_versions(_allowed(meanings, narrowly=False))
        if not allowed:
            return self._not_chosen(passage.said, _one_of_each(meanings), is_ambiguous=True)
        return self._judge(passage.said, passage.reading)

    def _without_versions(self, ids: Iterable[str]) -> tuple[str, ...]:
        """The clients that no version number speaks against: `Samsung s Androidem 13`, not `2010` beside `2021`."""
        return tuple(id for id in ids if self._clients[id].versions is None)

    def _mended(self, tokens: Tokens) -> Tokens:
        """The tokens with typing errors mended and words that were run together taken apart."""
        return tuple(word for token in tokens for word in self._mend(token))

    def _mend(self, token: str) -> Tokens:
        if (known := self._lexicon.known(token)) is not None:
            return known
        if len(token) < SHORTEST_MENDED or is_number(token):
            return (token,)
        from rapidfuzz import process  # only typing errors need it, and a command starts sooner without
        from rapidfuzz.distance import OSA

        nearest = process.extractOne(
            token, self._lexicon.vocabulary.keys(), scorer=OSA.normalized_similarity, score_cutoff=MENDED_SIMILARITY
        )
        return self._lexicon.vocabulary[nearest[0]] if nearest else (token,)

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
        for length in range(min(self._lexicon.longest, len(tokens) - position), 1, -1):
            phrase = " ".join(tokens[position : position + length])
            if phrase in self._lexicon:
                return length
        return 1

    def _take(self, phrase: str, reading: Reading) -> None:
        if phrase in self._lexicon.systems:
            reading.system = self._lexicon.systems[phrase]
            reading.known += 1
        elif phrase in self._lexicon.meanings:
            reading.meanings.append(self._lexicon.meanings[phrase])
            reading.system = reading.system or self._lexicon.systems_inside.get(phrase)
            reading.known += 1
        elif not is_number(phrase):
            reading.unknown += 1
        elif reading.meanings:
            reading.meanings[-1] = self._lexicon.narrowed(reading.meanings[-1], parse_version(phrase))

    def _judge(self, words: str, reading: Reading) -> ClientMatch:
        allowed = _allowed(reading.meanings, narrowly=True) or _allowed(reading.meanings, narrowly=False)
        if not allowed:
            return self._not_chosen(words, _one_of_each(reading.meanings), is_ambiguous=True)
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

        found = process.extract(whole, self._lexicon.meanings.keys(), scorer=fuzz.ratio, score_cutoff=CHOICE_SCORE)
        return [id for key, _, _ in found for id in self._lexicon.meanings[key].candidates] or self._common

    def _not_chosen(self, words: str, ids: Iterable[str], *, is_ambiguous: bool) -> NotChosen:
        choices = tuple(self._clients[id] for id in dict.fromkeys(ids))[:MOST_CHOICES]
        return NotChosen(words, choices, is_ambiguous)


def _only_system(client: Client) -> str | None:
    """The system a client stands for, where its entry is that of one system only."""
    own = [system for system, id in client.systems.items() if id == client.id]
    return own[0] if len(own) == 1 else None


def _one_of_each(meanings: Iterable[Meaning]) -> Iterator[str]:
    """The clients that phrases mean which have none in common."""
    for meaning in meanings:
        yield from (meaning.default,) if meaning.default is not None else meaning.narrowed or meaning.candidates


def _allowed(meanings: list[Meaning], *, narrowly: bool) -> tuple[str, ...]:
    """The clients that every phrase allows, in the order of the first."""
    return tuple(
        id for id in meanings[0].candidates if all(meaning.allows(id, narrowly=narrowly) for meaning in meanings)
    )
