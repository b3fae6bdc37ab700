"""From TOML tables to what clients share by id: dialogs with their labels, roots, systems, ambiguous words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.catalogue.model import AmbiguousWord, Confidence, Label, Paths, Root, System, Words
from bot.catalogue.tables import LANGUAGES, Table, shown
from bot.facts import Protocol, Security

DIALOG_KEYS = ("repair", "add", "paths_confidence", "outgoing_authentication", "labels")

CONFIDENCES = {confidence.value: confidence for confidence in Confidence}
PROTOCOLS = {protocol.value: protocol for protocol in Protocol}


@dataclass(frozen=True, slots=True)
class Dialog:
    """An account window, shared by the clients that have it."""

    labels: Mapping[tuple[Protocol, Security], Label] = field(default_factory=dict)
    paths: Paths = field(default_factory=Paths)
    outgoing_authentication: Words = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Shared:
    """What clients name by id: dialogs, sentences, and the ids of the rest."""

    dialogs: Mapping[str, Dialog]
    texts: Mapping[str, Words]
    roots: Mapping[str, Root]
    systems: Mapping[str, System]
    sections: Mapping[str, Words]
    sources: Mapping[str, str]


def build_root(id: str, table: Table) -> Root:
    """A root certificate. Its fingerprints are 64 hex digits each."""
    table.check_keys(("name", "sha256"))
    fingerprints = tuple(fingerprint.lower() for fingerprint in table.texts("sha256"))
    for fingerprint in fingerprints:
        if len(fingerprint) != 64 or set(fingerprint) - set("0123456789abcdef"):
            table.complain("sha256", f"{shown(fingerprint)} should be 64 hex digits without colons")
    if not fingerprints:
        table.complain("sha256", "should name at least one fingerprint")
    return Root(id, table.text("name"), fingerprints)


def build_system(id: str, table: Table) -> System:
    """An operating system with its name and the words said for it."""
    table.check_keys(("name", "words"))
    if "name" not in table:
        table.complain("name", "is missing; it should be a text by language")
    return System(id, table.words("name"), table.texts("words"))


def build_ambiguous(table: Table) -> AmbiguousWord:
    """Words that fit several clients."""
    table.check_keys(("words", "default", "candidates", "takes_version"))
    for key in ("words", "candidates"):
        if not table.texts(key):
            table.complain(key, "should name at least one")
    default = table.text("default", optional=True) or None
    takes_version = table.flag("takes_version") if "takes_version" in table else True
    return AmbiguousWord(table.texts("words"), default, table.texts("candidates"), takes_version)


def build_dialog(table: Table) -> Dialog:
    """An account window: its labels by protocol and security, the way there, and the box for authentication."""
    table.check_keys(DIALOG_KEYS)
    labels: dict[tuple[Protocol, Security], Label] = {}
    for group in table.tables("labels"):
        labels.update(_labels(group))
    confidence = table.one_of("paths_confidence", CONFIDENCES, Confidence.FROM_MEMORY)
    paths = Paths(table.words("repair"), table.words("add"), confidence)
    return Dialog(labels, paths, table.words("outgoing_authentication"))


def _labels(table: Table) -> dict[tuple[Protocol, Security], Label]:
    securities = [security for security in Security if security in table]
    table.check_keys(("protocols", "field", "is_box", "confidence", "from_memory", *Security))
    if not securities:
        table.complain(None, f"should have at least one of {', '.join(Security)}")
    if not table.texts("protocols"):
        table.complain("protocols", f"should name at least one of {', '.join(Protocol)}")
    protocols = table.many_of("protocols", PROTOCOLS)
    return {(protocol, security): _label(table, security) for protocol in protocols for security in securities}


def _label(table: Table, security: Security) -> Label:
    meaning = table.one_of("confidence", CONFIDENCES, Confidence.INFERRED)
    from_memory = table.many_of("from_memory", {language: language for language in LANGUAGES})
    return Label(
        choice=table.words(security),
        field=table.words("field"),
        is_box=table.flag("is_box"),
        confidence=Confidence.FROM_MEMORY if from_memory else meaning,
        meaning=meaning,
        from_memory=from_memory,
    )
