"""Type-ahead: the clients for what has been typed so far, the best first."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence

from bot.catalogue.match import Matcher
from bot.catalogue.model import Catalogue, Chosen, Client
from bot.catalogue.spelling import Speller, split

MOST_WORDS = 8
SHORTEST_MENDED = 4
LONG_WORD = 7
"""Words of so many letters are found in spite of two typing errors, shorter ones in spite of one."""

PREFIX, INSIDE, MISTYPED = range(3)


class Search:
    """Finds clients by the beginnings of their words, in tables prepared once for a catalogue."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._matcher = Matcher(catalogue)
        self._speller = Speller(catalogue.vocabulary)
        alive = catalogue.by_section(extinct=False)
        self._common = tuple(client for section in alive.values() for client in section if client.is_common)
        self._clients = catalogue.clients
        self._words = {id: frozenset(_words(client, catalogue)) for id, client in catalogue.clients.items()}
        self._index = frozenset[str]().union(*self._words.values())

    def find(self, typed: str, limit: int = 100) -> tuple[Client, ...]:
        """The clients that match, without regard to case, diacritics and the order of the words; each once.

        Nothing typed: the common ones by section. Else the matcher's own answer, then clients by how well the worst
        of the words fits: as a beginning of one of theirs, inside one, or mistyped. Those that died long ago come
        last among equals.
        """
        if not typed.strip():
            return self._common[:limit]
        answer = self._matcher.match(typed)
        first = (answer.client.id,) if isinstance(answer, Chosen) else ()
        ids = dict.fromkeys((*first, *self._by_words(typed)))
        return tuple(self._clients[id] for id in ids)[:limit]

    def _by_words(self, typed: str) -> list[str]:
        words = split(typed)[:MOST_WORDS]
        fits = [self._fits(word) for word in [word for word in words if self._speller.spelt(word)] or words]
        ranks = {id: rank for id, own in self._words.items() if (rank := _rank(own, fits))}
        return sorted(ranks, key=lambda id: (ranks[id], self._clients[id].is_extinct))

    def _fits(self, word: str) -> Mapping[str, int]:
        """How well a typed word fits each of the clients' words; those that it does not fit are missing."""
        spelt = self._speller.spelt(word) or word
        mistyped = dict.fromkeys(_mistyped(word, self._index), MISTYPED)
        inside = dict.fromkeys((own for own in self._index if word in own or spelt in own), INSIDE)
        return mistyped | inside | dict.fromkeys((own for own in inside if own.startswith((word, spelt))), PREFIX)


def _words(client: Client, catalogue: Catalogue) -> Iterator[str]:
    """The words of a client: name, id and aliases, and what may mean it besides, as `iphone` does Mail."""
    for said in (client.name, client.id, *client.aliases):
        yield from split(said)
    for word in catalogue.ambiguous:
        if word.default is not None and client.id in word.candidates:
            for said in word.words:
                yield from split(said)


def _rank(own: Collection[str], fits: Sequence[Mapping[str, int]]) -> tuple[int, int] | None:
    """The worst of the typed words counts first, then all of them; None where one of them does not fit at all."""
    best = [min((fit[word] for word in own if word in fit), default=None) for fit in fits]
    known = [rank for rank in best if rank is not None]
    return (max(known), sum(known)) if best and len(known) == len(best) else None


def _mistyped(word: str, index: Collection[str]) -> list[str]:
    """The words that begin nearly like this one."""
    if len(word) < SHORTEST_MENDED or not word.isalpha():
        return []
    from rapidfuzz.distance import OSA  # as in match

    errors = 2 if len(word) >= LONG_WORD else 1
    lengths = (len(word) - 1, len(word), len(word) + 1)
    return [own for own in index if any(OSA.distance(word, own[:n], score_cutoff=errors) <= errors for n in lengths)]
