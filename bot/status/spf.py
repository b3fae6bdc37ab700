"""SPF (RFC 7208): who may send for the domain, and whether mail sent through the provider is among it."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from bot.domain import is_dns_name
from bot.facts import DnsAnswer
from bot.provider.profile import Profile
from bot.status.around_facts import AroundFacts
from bot.status.model import Finding, Level
from bot.status.records import texts, txt_row

MOST_LOOKUPS = 10
"""Look-ups after which a receiver gives up (RFC 7208, 4.6.4)."""
LONGEST_SHOWN = 500
"""Characters of a row that is offered: what is shown is cut at some length, and half a row must not be pasted."""
_ENOUGH = 40
"""Look-ups after which counting ends: a record that leads into itself has no end."""
_VERSION = "v=spf1"
_ASKING = {"include", "a", "mx", "ptr", "exists", "redirect"}
_NEED_VALUE = {"include", "exists", "ip4", "ip6", "redirect"}
_MECHANISM = re.compile(r"([+?~-]?)(all|include|a|mx|ptr|ip4|ip6|exists)(?:(?=[:/]):?(.*))?", re.IGNORECASE)
_MODIFIER = re.compile(r"([a-z][a-z0-9_.-]*)=(.*)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Term:
    """One mechanism or modifier; a modifier has no qualifier."""

    qualifier: str
    name: str
    value: str


def spf_records(answer: DnsAnswer | None) -> tuple[str, ...]:
    """The SPF records among the TXT records of a name."""
    return tuple(text for text in texts(answer) if text.lower() == _VERSION or text.lower().startswith(f"{_VERSION} "))


def followed(record: str) -> tuple[str, ...]:
    """The names whose records a record leads to; macros lead nowhere that is known here."""
    terms = (term for term in _terms(record) if isinstance(term, Term) and term.name in ("include", "redirect"))
    return tuple(term.value for term in terms if is_dns_name(term.value))


def judge_spf(facts: AroundFacts, profile: Profile) -> Iterator[Finding]:
    """Findings about the domain's SPF record."""
    answer = facts.texts.get(facts.domain)
    if answer is None or answer.outcome.is_unavailable:
        return
    records = spf_records(answer)
    if not records:
        yield from _missing(facts.domain, profile)
    elif len(records) > 1:
        params = {"domain": facts.domain, "count": str(len(records)), "records": " | ".join(records)}
        yield Finding("spf_several", Level.WARNING, params)
    else:
        yield from _of_record(facts, records[0], profile)


def _missing(domain: str, profile: Profile) -> Iterator[Finding]:
    if profile.spf_includes:
        text = " ".join([_VERSION, *(f"include:{name}" for name in profile.spf_includes), "~all"])
        yield Finding("spf_missing", Level.INFO, {"domain": domain, "row": txt_row(domain, text)})


def _of_record(facts: AroundFacts, record: str, profile: Profile) -> Iterator[Finding]:
    params = {"domain": facts.domain, "record": record}
    if wrong := [term for term in _terms(record) if isinstance(term, str)]:
        yield Finding("spf_invalid", Level.WARNING, params | {"term": wrong[0]})
        return
    tree = _Tree(facts.texts)
    tree.walk(record, (facts.domain,))
    if tree.broken:
        yield Finding("spf_broken_include", Level.WARNING, params | {"name": ", ".join(tree.broken)})
    if tree.lookups > MOST_LOOKUPS:
        yield Finding("spf_too_many_lookups", Level.WARNING, params | {"count": str(tree.lookups)})
    yield from _of_reach(facts.domain, record, tree, profile)


def _of_reach(domain: str, record: str, tree: _Tree, profile: Profile) -> Iterator[Finding]:
    """Whom the record lets send. Where some of it could not be followed, the provider may be in that part."""
    rest = next((term.qualifier for term in _parsed(record) if term.name == "all"), "?")
    if rest in ("", "+"):
        strict = re.sub(r"(?i)(?<= )\+?all\b", "~all", record)
        params = {"domain": domain, "record": record}
        yield _with_row("spf_allows_everybody", Level.WARNING, params, txt_row(domain, strict))
        return
    missing = [name for name in profile.spf_includes if name not in tree.names]
    if missing and not tree.is_open:
        added = " ".join([_VERSION, *(f"include:{name}" for name in missing), *record.split()[1:]])
        params = {"domain": domain, "record": record, "names": ", ".join(missing)}
        level = Level.WARNING if rest in ("-", "~") else Level.INFO
        yield _with_row("spf_without_provider", level, params, txt_row(domain, added))


def _with_row(code: str, level: Level, params: Mapping[str, str], row: str) -> Finding:
    """With the row to paste, unless that would not be shown whole."""
    if len(row) > LONGEST_SHOWN:
        return Finding(code, level, params, f"{code}_long")
    return Finding(code, level, {**params, "row": row})


@dataclass
class _Tree:
    """Everything a record leads to, counted as a receiver counts."""

    texts: Mapping[str, DnsAnswer]
    lookups: int = 0
    names: set[str] = field(default_factory=set)
    broken: list[str] = field(default_factory=list)
    is_open: bool = False

    def walk(self, record: str, path: tuple[str, ...]) -> None:
        """Follow one record; `path` are the names that led to it."""
        terms = _parsed(record)
        ends = any(term.name == "all" for term in terms)
        for term in terms:
            if term.name not in _ASKING or (ends and term.name == "redirect") or self.lookups > _ENOUGH:
                continue
            self.lookups += 1
            if term.name in ("include", "redirect"):
                self._enter(term.value, path)

    def _enter(self, name: str, path: tuple[str, ...]) -> None:
        answer = self.texts.get(name)
        self.names.add(name)
        if answer is None or answer.outcome.is_unavailable:
            self.is_open = True
        elif len(records := spf_records(answer)) != 1 or name in path:
            self.broken.append(name)
        else:
            self.walk(records[0], (*path, name))


def _parsed(record: str) -> list[Term]:
    return [term for term in _terms(record) if isinstance(term, Term)]


def _terms(record: str) -> list[Term | str]:
    """The terms in order; one that cannot be read stays a text."""
    return [_term(word) for word in record.split()[1:]]


def _term(word: str) -> Term | str:
    mechanism, modifier = _MECHANISM.fullmatch(word), _MODIFIER.fullmatch(word)
    if mechanism:
        term = Term(mechanism[1], mechanism[2].lower(), (mechanism[3] or "").lower().rstrip("."))
    elif modifier:
        term = Term("", modifier[1].lower(), modifier[2].lower().rstrip("."))
    else:
        return word
    is_whole = bool(term.value) or term.name not in _NEED_VALUE
    return term if is_whole and _is_network(term) else word


def _is_network(term: Term) -> bool:
    """True also for terms that hold no network."""
    try:
        if term.name == "ip4":
            ipaddress.IPv4Network(term.value, strict=False)
        elif term.name == "ip6":
            ipaddress.IPv6Network(term.value, strict=False)
    except ValueError:
        return False
    return True
