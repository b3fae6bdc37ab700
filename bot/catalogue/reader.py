"""Reads the catalogue's TOML files and a team's own one over them, and finds every mistake at once.

All files have one format: any of them may hold any of the tables. A later file adds entries, or changes single
keys of the ones before it.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from pathlib import Path

from bot.catalogue.checks import check_clients, check_words
from bot.catalogue.client import CLIENT_KEYS, FACT_KEYS, build_client
from bot.catalogue.model import Catalogue, Vocabulary
from bot.catalogue.shared import Shared, build_ambiguous, build_dialog, build_root, build_system
from bot.catalogue.tables import Table

BUILT_IN = (
    "sources.toml", "roots.toml", "texts.toml", "dialogs.toml", "words.toml",
    "clients/windows.toml", "clients/mozilla.toml", "clients/apple.toml", "clients/phones.toml",
    "clients/linux.toml", "clients/fetchers.toml",
)  # fmt: skip
KINDS = ("client", "dialog", "text", "root", "system", "section")
TOP_KEYS = ("defaults", *KINDS, "source", "ambiguous", "fillers", "spellings", "endings", "prose")
PROSE_KEYS = ("everyday", "names", "devices", "units")
ID = re.compile(r"[a-z0-9][a-z0-9.-]{0,31}")


class CatalogueError(Exception):
    """The catalogue's files have mistakes; all of them are in `mistakes`."""

    def __init__(self, mistakes: tuple[str, ...]) -> None:
        super().__init__("\n".join(mistakes))
        self.mistakes = mistakes


@dataclass(slots=True)
class Entry:
    """One client, dialog, root … while files are laid over each other: its keys, and the file each came from."""

    file: str
    values: dict[str, object] = field(default_factory=dict)
    files: dict[str, str] = field(default_factory=dict)


def load_catalogue(overrides: Path | None = None) -> Catalogue:
    """The built-in catalogue, with a team's own file laid over it. Raises CatalogueError."""
    mistakes: list[str] = []
    documents = [Table(values, name, "", mistakes) for name, values in _built_in().items()]
    if overrides is not None:
        documents.append(_parse(str(overrides), _read(overrides, mistakes), mistakes))
    catalogue = _Reading(mistakes).catalogue(documents)
    if mistakes:
        raise CatalogueError(tuple(dict.fromkeys(mistakes)))
    return catalogue


@cache
def _built_in() -> dict[str, dict[str, object]]:
    package = resources.files("bot.catalogue")
    return {name: tomllib.loads((package / name).read_text("utf-8")) for name in BUILT_IN}


def _read(path: Path, mistakes: list[str]) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        mistakes.append(f"{path}: cannot be read ({error.strerror})")
        return b""


def _parse(name: str, content: bytes, mistakes: list[str]) -> Table:
    try:
        values = tomllib.loads(content.decode())
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        mistakes.append(f"{name}: is not TOML: {error}")
        values = {}
    return Table(values, name, "", mistakes)


class _Reading:
    """The files laid over each other, then built into values."""

    def __init__(self, mistakes: list[str]) -> None:
        self.mistakes = mistakes
        self.entries: dict[str, dict[str, Entry]] = {kind: {} for kind in KINDS}
        self.sources: dict[str, str] = {}
        self.ambiguous: list[Table] = []
        self.fillers: set[str] = set()
        self.spellings: dict[str, str] = {}
        self.endings: dict[str, tuple[str, ...]] = {}
        self.prose: dict[str, set[str]] = {key: set() for key in PROSE_KEYS}

    def catalogue(self, documents: list[Table]) -> Catalogue:
        """Every file in turn, then all of it together."""
        for document in documents:
            self._lay_over(document)
        shared = self._shared()
        tables = dict(self._tables("client"))
        catalogue = Catalogue(
            clients={id: build_client(id, table, shared) for id, table in tables.items()},
            roots=shared.roots,
            ambiguous=tuple(build_ambiguous(table) for table in self.ambiguous),
            sources=self.sources,
            systems=shared.systems,
            sections=shared.sections,
            vocabulary=self._vocabulary(),
        )
        check_clients(catalogue, tables)
        check_words(catalogue, tables, self.ambiguous, [document.file for document in documents])
        return catalogue

    def _vocabulary(self) -> Vocabulary:
        prose = {key: frozenset(words) for key, words in self.prose.items()}
        return Vocabulary(frozenset(self.fillers), self.spellings, self.endings, **prose)

    def _shared(self) -> Shared:
        return Shared(
            dialogs={id: build_dialog(table) for id, table in self._tables("dialog")},
            texts={id: table.languages() for id, table in self._tables("text")},
            roots={id: build_root(id, table) for id, table in self._tables("root")},
            systems={id: build_system(id, table) for id, table in self._tables("system")},
            sections={id: table.languages() for id, table in self._tables("section")},
            sources=self.sources,
        )

    def _tables(self, kind: str) -> Iterator[tuple[str, Table]]:
        for id, entry in self.entries[kind].items():
            yield id, Table(entry.values, entry.file, f"{kind} {id}", self.mistakes, entry.files)

    def _lay_over(self, document: Table) -> None:
        document.check_keys(TOP_KEYS)
        defaults = document.table("defaults")
        defaults.check_keys(CLIENT_KEYS)
        for kind in KINDS:
            for id in document.table(kind).values:
                self._lay_entry(kind, id, document, defaults.values)
        self._lay_words(document)

    def _lay_words(self, document: Table) -> None:
        sources = document.table("source")
        self.sources |= {id: sources.text(id) for id in sources.values}
        self.ambiguous += document.tables("ambiguous")
        self.fillers.update(document.texts("fillers"))
        spellings = document.table("spellings")
        self.spellings |= {said: meant for meant in spellings.values for said in spellings.texts(meant)}
        endings = document.table("endings")
        self.endings |= {letter: tuple(endings.texts(letter)) for letter in endings.values}
        prose = document.table("prose")
        prose.check_keys(PROSE_KEYS)
        for key, words in self.prose.items():
            words.update(prose.texts(key))

    def _lay_entry(self, kind: str, id: str, document: Table, defaults: Mapping[str, object]) -> None:
        table = Table(document.table(kind).values[id], document.file, f"{kind} {id}", self.mistakes)
        if not ID.fullmatch(id):
            table.complain(None, "an id has 1 to 32 characters of a-z, 0-9, dot and hyphen")
        values = dict(table.values)
        if kind == "client":
            values = self._client_values(id, values, defaults)
        entry = self.entries[kind].setdefault(id, Entry(document.file))
        entry.values |= values
        entry.files |= dict.fromkeys(values, document.file)

    def _client_values(self, id: str, values: dict[str, object], defaults: Mapping[str, object]) -> dict[str, object]:
        dated = _dated(values, values.get("checked", defaults.get("checked")))
        known = self.entries["client"].get(id)
        return {**defaults, **dated} if known is None else _merged(known.values, dated)


def _dated(values: Mapping[str, object], checked: object) -> dict[str, object]:
    """The facts of one file with the day of that file, so that they keep it when laid over older ones."""
    if checked is None:
        return dict(values)
    dated = {key: _with_day(value, checked) if key in FACT_KEYS else value for key, value in values.items()}
    roots = values.get("roots")
    if isinstance(roots, dict):
        dated["roots"] = {root: _with_day(value, checked) for root, value in roots.items()}
    return dated


def _with_day(fact: object, checked: object) -> object:
    return {"checked": checked, **fact} if isinstance(fact, dict) else fact


def _merged(old: Mapping[str, object], new: Mapping[str, object]) -> dict[str, object]:
    """The new keys, with roots and notes added to the old ones. A note about a fact that was replaced goes."""
    merged = dict(new)
    roots = new.get("roots", {})
    replaced = {*new, *(roots if isinstance(roots, dict) else ())}
    notes = {key: note for key, note in _dict(old, "notes").items() if key not in replaced}
    for key, kept in (("roots", _dict(old, "roots")), ("notes", notes)):
        if isinstance(new.get(key, {}), dict):
            merged[key] = {**kept, **_dict(new, key)}
    return merged


def _dict(values: Mapping[str, object], key: str) -> dict[str, object]:
    value = values.get(key)
    return dict(value) if isinstance(value, dict) else {}
