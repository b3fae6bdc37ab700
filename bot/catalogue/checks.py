"""What no single entry can know: that ids it names exist, and that no word means two things."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from bot.catalogue.model import Catalogue, Client
from bot.catalogue.spelling import Speller
from bot.catalogue.tables import Table, shown, suggestion


@dataclass(frozen=True, slots=True)
class Claim:
    """Words that one owner wants for itself, and the place where it says so."""

    owner: str
    words: tuple[str, ...]
    table: Table
    key: str


def check_clients(catalogue: Catalogue, tables: Mapping[str, Table]) -> None:
    """Every client that a client names exists, and one that receives or sends says by which protocol."""
    for id, client in catalogue.clients.items():
        table = tables[id]
        if not client.protocols:
            table.complain("protocols", "should name at least one of imap, pop3, smtp")
        for key, named in _named_by(client):
            _check_ids(table, key, named, catalogue)


def _named_by(client: Client) -> Iterable[tuple[str, Iterable[str]]]:
    yield "alternatives", client.alternatives
    yield "systems", client.systems.values()
    yield "worst_case", (client.worst_case,) if client.worst_case else ()


def _check_ids(table: Table, key: str, ids: Iterable[str], catalogue: Catalogue) -> None:
    for id in ids:
        if id not in catalogue.clients:
            table.complain(key, f"there is no client {shown(id)}; {suggestion(id, tuple(catalogue.clients))}")


def check_words(catalogue: Catalogue, tables: Mapping[str, Table], ambiguous: list[Table], files: list[str]) -> None:
    """No two clients share an alias, no alias is an ambiguous word, and those lead to clients that exist.

    The later of two files that claim a word is the one at fault.
    """
    speller = Speller(catalogue.vocabulary)
    taken = {speller.key(id): f"client {id}" for id in catalogue.clients}
    clients = catalogue.clients.items()
    claims = [Claim(f"client {id}", client.aliases, tables[id], "aliases") for id, client in clients]
    for word, table in zip(catalogue.ambiguous, ambiguous, strict=True):
        claims.append(Claim("several clients", word.words, table, "words"))
        _check_ids(table, "candidates", word.candidates, catalogue)
        if word.default is not None and word.default not in word.candidates:
            table.complain("default", f"{shown(word.default)} should be one of the candidates")
    for claim in sorted(claims, key=lambda claim: files.index(claim.table.file_of(claim.key))):
        _check_claim(claim, taken, speller)


def _check_claim(claim: Claim, taken: dict[str, str], speller: Speller) -> None:
    for word in claim.words:
        said = speller.key(word)
        if not said:
            claim.table.complain(claim.key, f"{shown(word)} has no word that counts")
        elif taken.setdefault(said, claim.owner) != claim.owner:
            claim.table.complain(claim.key, f"{shown(word)} means {taken[said]} already")
