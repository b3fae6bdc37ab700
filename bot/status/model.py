"""Findings and verdicts: what is said about a domain or a server, worst first."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Level(StrEnum):
    """How bad a finding is."""

    ERROR = "error"
    """Mail does not work for somebody now."""
    WARNING = "warning"
    """It works, and will stop, or works by luck."""
    INFO = "info"
    """Good to know."""


class Verdict(StrEnum):
    """The one line about a domain or a server."""

    WORKS = "works"
    WORKS_BUT = "works_but"
    BROKEN = "broken"
    NOT_OURS = "not_ours"
    UNKNOWN = "unknown"
    """Could not be found out: never the same as broken."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was found: a code of the interface, and what its sentences name.

    `key` is the sentences' key in the locale where one code has several (`finding.<key>.text`, `.found`,
    `.expected`, `.fix`). `params` are text from outside and are made harmless when shown.
    """

    code: str
    level: Level
    params: Mapping[str, str] = field(default_factory=dict, hash=False)
    key: str = ""

    @property
    def sentence(self) -> str:
        """The key of the sentences in the locale."""
        return self.key or self.code


_LEVELS = tuple(Level)


def worst_first(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """The findings by level, those of one level as they came; doubles are dropped."""
    distinct = {(finding.sentence, tuple(sorted(finding.params.items()))): finding for finding in findings}
    return tuple(sorted(distinct.values(), key=lambda finding: _LEVELS.index(finding.level)))
