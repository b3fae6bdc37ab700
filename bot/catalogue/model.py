"""A mail client as the catalogue knows it: every fact with its confidence, sources and the day it was checked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Generic, TypeVar

from bot.catalogue.versions import VersionSpan
from bot.catalogue.words import Words as Words
from bot.catalogue.words import words_in as words_in
from bot.facts import Protocol, Security, TlsVersion

T = TypeVar("T")


class Answer(StrEnum):
    """The three answers a reader of the catalogue acts on."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


class Belief(StrEnum):
    """How sure the catalogue is that a client does something."""

    YES = "yes"
    PROBABLY_YES = "probably_yes"
    NO = "no"
    PROBABLY_NO = "probably_no"
    NO_UNLESS_SET = "no_unless_set"
    DISPUTED = "disputed"
    UNKNOWN = "unknown"

    @property
    def answer(self) -> Answer:
        """The belief as one acts on it: disputed is unknown."""
        if self in (Belief.YES, Belief.PROBABLY_YES):
            return Answer.YES
        if self in (Belief.NO, Belief.PROBABLY_NO, Belief.NO_UNLESS_SET):
            return Answer.NO
        return Answer.UNKNOWN


class Confidence(StrEnum):
    """Where a fact comes from, strongest first."""

    DOCUMENTED = "documented"
    SEVERAL_REPORTS = "several_reports"
    ONE_REPORT = "one_report"
    INFERRED = "inferred"
    FROM_MEMORY = "from_memory"


class Status(StrEnum):
    """What to expect of a client before anything is measured.

    The three gates (TLS version, root, SNI) are judged apart, against the server at hand: `cannot_work` is
    said only of a client that no longer fetches mail from any server.
    """

    WORKS = "works"
    NEEDS_PREPARATION = "needs_preparation"
    CANNOT_WORK = "cannot_work"


@dataclass(frozen=True, slots=True)
class Fact(Generic[T]):
    """A value with its provenance. `sources` are keys of the catalogue's source list."""

    value: T
    confidence: Confidence
    sources: tuple[str, ...]
    checked: date
    note: Words = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Label:
    """What to choose in the client's own dialog: the field's name and the choice, by language.

    `is_box` marks a box to tick or a switch to turn on; then `choice` is its text and `field` may be empty.
    `confidence` is that of the words in their weakest language, `meaning` that of what they do on the wire.
    `from_memory` names the languages whose words nobody compared with a screen yet.
    """

    choice: Words
    field: Words = field(default_factory=dict)
    is_box: bool = False
    confidence: Confidence = Confidence.INFERRED
    meaning: Confidence = Confidence.INFERRED
    from_memory: tuple[str, ...] = ()

    def confidence_in(self, language: str) -> Confidence:
        """How sure the words are in one language."""
        if language in self.from_memory or language not in self.choice:
            return Confidence.FROM_MEMORY
        return self.meaning


@dataclass(frozen=True, slots=True)
class Paths:
    """Where to click: repairing an existing account first, adding a new one second; by language."""

    repair: Words = field(default_factory=dict)
    add: Words = field(default_factory=dict)
    confidence: Confidence = Confidence.FROM_MEMORY


@dataclass(frozen=True, slots=True)
class Client:
    """One mail client, or one span of its versions on one span of systems.

    `sni` speaks of receiving, `sni_sending` of sending. `roots` maps a root's id to whether the client's
    trust store knows it; a root that is not listed is unknown. `tls_lowest` and `tls_highest` may hold None:
    not known. `worst_case` names the client whose SNI behaviour decides the host name while the operating
    system is not given. `versions` is the span of version numbers meant, where people say them. `systems`
    maps a system word (`windows-xp`, `windows-7` …) to the id of the client to use there, in the order in
    which the choices are shown.
    """

    id: str
    name: str
    section: str
    protocols: tuple[Protocol, ...]
    sni: Fact[Belief]
    sni_sending: Fact[Belief]
    tls_lowest: Fact[TlsVersion | None]
    tls_highest: Fact[TlsVersion | None]
    roots: Mapping[str, Fact[Answer]]
    ecdsa: Fact[Answer]
    labels: Mapping[tuple[Protocol, Security], Label]
    paths: Paths
    outgoing_authentication: Words
    status: Status
    hint: Words
    aliases: tuple[str, ...]
    systems: Mapping[str, str]
    worst_case: str | None = None
    alternatives: tuple[str, ...] = ()
    versions: VersionSpan | None = None
    is_common: bool = False
    is_extinct: bool = False
    """Died long ago: listed only when its name is typed."""

    @property
    def receives(self) -> bool:
        """False for clients that only send: printers, scripts, relays."""
        return Protocol.IMAP in self.protocols or Protocol.POP3 in self.protocols


@dataclass(frozen=True, slots=True)
class Root:
    """A root certificate the catalogue has facts about, known by its SHA-256 fingerprints (lower-case hex)."""

    id: str
    name: str
    sha256: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AmbiguousWord:
    """A word that fits several clients; `default` is the one whose answer is given at once, if any.

    A number after the word chooses among the candidates by their `versions`, unless it is a model's number
    (`iPhone 6` says nothing of iOS): then `takes_version` is false.
    """

    words: tuple[str, ...]
    default: str | None
    candidates: tuple[str, ...]
    takes_version: bool = True


@dataclass(frozen=True, slots=True)
class System:
    """An operating system of `Client.systems`: its name by language and the words people say for it."""

    id: str
    name: Words
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """How people write: words to skip, misspelt and inflected words with the one they stand for, case endings.

    For running text: `everyday` words never name a client alone, `names` do where they are written as names,
    `devices` only say where a program named beside them runs, and a number before one of the `units` is no version.
    """

    fillers: frozenset[str] = frozenset()
    spellings: Mapping[str, str] = field(default_factory=dict)
    endings: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    everyday: frozenset[str] = frozenset()
    names: frozenset[str] = frozenset()
    devices: frozenset[str] = frozenset()
    units: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Catalogue:
    """All clients by id, in the order shown, with the roots and ambiguous words."""

    clients: Mapping[str, Client]
    roots: Mapping[str, Root]
    ambiguous: tuple[AmbiguousWord, ...]
    sources: Mapping[str, str]
    systems: Mapping[str, System] = field(default_factory=dict)
    sections: Mapping[str, Words] = field(default_factory=dict)
    vocabulary: Vocabulary = field(default_factory=Vocabulary)

    def root_by_fingerprint(self, sha256: str) -> Root | None:
        """The root with this fingerprint (lower-case hex), if the catalogue has facts about it."""
        return next((root for root in self.roots.values() if sha256 in root.sha256), None)

    def system_name(self, system: str, language: str) -> str:
        """A system's name to show; the id itself when the catalogue does not know it."""
        return words_in(self.systems[system].name, language) if system in self.systems else system

    def section_name(self, section: str, language: str) -> str:
        """A section's heading to show; the id itself when the catalogue does not know it."""
        return words_in(self.sections[section], language) if section in self.sections else section

    @property
    def common(self) -> tuple[Client, ...]:
        """The clients that agents meet every day, in the order shown."""
        return tuple(client for client in self.clients.values() if client.is_common)

    def by_section(self, extinct: bool = True) -> dict[str, tuple[Client, ...]]:
        """The clients under their section's id, in the order shown, with or without those that died long ago."""
        shown = [client for client in self.clients.values() if extinct or not client.is_extinct]
        sections = dict.fromkeys(client.section for client in shown)
        return {name: tuple(client for client in shown if client.section == name) for name in sections}


@dataclass(frozen=True, slots=True)
class Chosen:
    """The client that was meant. `system` is the operating system, where it was said or chosen.

    `others` are the other candidates of an ambiguous word whose default this is.
    """

    client: Client
    system: str | None = None
    others: tuple[Client, ...] = ()


@dataclass(frozen=True, slots=True)
class NotChosen:
    """Words that name no client, or several without a sensible default; `choices` are the nearest ones."""

    words: str
    choices: tuple[Client, ...]
    is_ambiguous: bool


ClientMatch = Chosen | NotChosen
