"""From a TOML table to a client, with everything it names by id put in its place. Pure; mistakes are noted."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

from bot.catalogue.model import Answer, Belief, Client, Confidence, Fact, Status, Words
from bot.catalogue.shared import CONFIDENCES, PROTOCOLS, Dialog, Shared
from bot.catalogue.tables import LANGUAGES, Table, shown, suggestion
from bot.catalogue.versions import VersionNumber, VersionSpan, parse_version
from bot.facts import TlsVersion

T = TypeVar("T")

FACT_KEYS = ("sni", "sni_sending", "tls_lowest", "tls_highest", "ecdsa")
CLIENT_KEYS = (
    "name", "section", "protocols", "dialog", *FACT_KEYS, "roots", "notes", "checked", "status", "hint", "aliases",
    "versions", "systems", "worst_case", "alternatives", "is_common", "is_extinct",
)  # fmt: skip

BELIEFS = {belief.value: belief for belief in Belief}
ANSWERS = {answer.value: answer for answer in Answer}
TLS_VERSIONS: dict[str, TlsVersion | None] = {
    "unknown": None,
    **{version.value: version for version in TlsVersion},
}
STATUSES = {status.value: status for status in Status}
NEEDS_NO_SOURCE = (Confidence.INFERRED, Confidence.FROM_MEMORY)


def build_client(id: str, table: Table, shared: Shared) -> Client:
    """A client with everything it refers to by id put in its place."""
    table.check_keys(CLIENT_KEYS)
    protocols = table.many_of("protocols", PROTOCOLS)
    dialog = _named(table, "dialog", shared.dialogs, Dialog())
    sni = _fact(table, "sni", BELIEFS, shared)
    return Client(
        id=id,
        name=table.text("name"),
        section=_section(table, shared),
        protocols=protocols,
        sni=sni,
        sni_sending=_fact(table, "sni_sending", BELIEFS, shared) if "sni_sending" in table else sni,
        tls_lowest=_fact(table, "tls_lowest", TLS_VERSIONS, shared),
        tls_highest=_fact(table, "tls_highest", TLS_VERSIONS, shared),
        roots=_roots(table, shared),
        ecdsa=_fact(table, "ecdsa", ANSWERS, shared),
        labels={key: label for key, label in dialog.labels.items() if key[0] in protocols},
        paths=dialog.paths,
        outgoing_authentication=dialog.outgoing_authentication,
        status=table.one_of("status", STATUSES, Status.WORKS),
        hint=_hint(table, shared),
        aliases=table.texts("aliases"),
        systems=_systems(table, shared),
        worst_case=table.text("worst_case", optional=True) or None,
        alternatives=table.texts("alternatives"),
        versions=_versions(table),
        is_common=table.flag("is_common"),
        is_extinct=table.flag("is_extinct"),
    )


def _fact(table: Table, key: str, allowed: Mapping[str, T], shared: Shared) -> Fact[T]:
    """A fact under a key of a client; its note stands in the client's table `notes`."""
    if key not in table:
        table.complain(key, "is missing; it should be a table with value, confidence and sources")
        return Fact(next(iter(allowed.values())), Confidence.INFERRED, (), table.day("checked"))
    return _read_fact(table.table(key), allowed, _note(table, key, shared), shared)


def _read_fact(fact: Table, allowed: Mapping[str, T], note: Words, shared: Shared) -> Fact[T]:
    fact.check_keys(("value", "confidence", "sources", "checked"))
    confidence = fact.one_of("confidence", CONFIDENCES)
    sources = fact.texts("sources")
    for source in sources:
        if source not in shared.sources:
            fact.complain("sources", f"there is no source {shown(source)}")
    if not sources and confidence not in NEEDS_NO_SOURCE:
        fact.complain("sources", f"{confidence} needs at least one source")
    return Fact(fact.one_of("value", allowed), confidence, sources, fact.day("checked"), note)


def _roots(table: Table, shared: Shared) -> dict[str, Fact[Answer]]:
    roots = table.table("roots")
    for root in roots.values:
        if root not in shared.roots:
            roots.complain(root, f"there is no such root; {suggestion(root, tuple(shared.roots))}")
    return {root: _read_fact(roots.table(root), ANSWERS, _note(table, root, shared), shared) for root in roots.values}


def _note(table: Table, key: str, shared: Shared) -> Words:
    notes = table.table("notes")
    return _sentence(notes, key, shared) if key in notes else {}


def _hint(table: Table, shared: Shared) -> Words:
    if not isinstance(table.values.get("hint"), list):
        return _sentence(table, "hint", shared) if "hint" in table else {}
    sentences = [_text(table, "hint", id, shared) for id in table.texts("hint")]
    languages = [language for language in LANGUAGES if all(language in sentence for sentence in sentences)]
    return {language: " ".join(sentence[language] for sentence in sentences) for language in languages}


def _sentence(table: Table, key: str, shared: Shared) -> Words:
    """A sentence written in place, or the id of a shared one."""
    id = table.values[key]
    return _text(table, key, id, shared) if isinstance(id, str) else table.words(key)


def _text(table: Table, key: str, id: str, shared: Shared) -> Words:
    if id not in shared.texts:
        table.complain(key, f"there is no text {shown(id)}; {suggestion(id, tuple(shared.texts))}")
    return shared.texts.get(id, {})


def _named(table: Table, key: str, there: Mapping[str, T], default: T) -> T:
    id = table.text(key, optional=True)
    if id and id not in there:
        table.complain(key, f"there is no {key} {shown(id)}; {suggestion(id, tuple(there))}")
    return there.get(id, default)


def _section(table: Table, shared: Shared) -> str:
    return table.one_of("section", {section: section for section in shared.sections} or {"": ""})


def _systems(table: Table, shared: Shared) -> dict[str, str]:
    systems = table.table("systems")
    for system in systems.values:
        if system not in shared.systems:
            systems.complain(system, f"there is no such system; {suggestion(system, tuple(shared.systems))}")
    return {system: systems.text(system) for system in systems.values}


def _versions(table: Table) -> VersionSpan | None:
    if "versions" not in table:
        return None
    span = table.table("versions")
    span.check_keys(("from", "to"))
    return VersionSpan(_version(span, "from"), _version(span, "to"))


def _version(table: Table, key: str) -> VersionNumber | None:
    text = table.text(key, optional=True)
    try:
        return parse_version(text) if text else None
    except ValueError:
        table.complain(key, f"{shown(text)} should be a version such as 10.12")
        return None
