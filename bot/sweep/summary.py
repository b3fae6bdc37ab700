"""A sweep in figures: verdicts, servers, ends of certificates, causes and changes, in memory that stays small. Pure."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.status.model import Level, Verdict
from bot.sweep.compare import Change
from bot.sweep.expect import Place
from bot.sweep.result import Result

MOST_NAMED = 200
"""Domains that a cause or a change names; the count tells of all."""
ENDS = (0, 7, 14, 30, 60, 90)
"""Days where the steps of the histogram begin: what has ended, this week, next week …"""

_LEVELS = tuple(Level)


@dataclass(slots=True)
class Group:
    """How many domains something holds for, and the first of them."""

    count: int = 0
    domains: list[str] = field(default_factory=list)

    def add(self, domain: str) -> None:
        """Count one more."""
        self.count += 1
        if len(self.domains) < MOST_NAMED:
            self.domains.append(domain)


@dataclass(frozen=True, slots=True)
class Cause:
    """One finding on one server (None: on no server of the provider)."""

    level: Level
    code: str
    server: str | None


class Summary:
    """Adds up results. `taken_at` is the moment that days are counted from."""

    def __init__(self, taken_at: datetime) -> None:
        self.taken_at = taken_at
        self.verdicts: Counter[Verdict] = Counter()
        self.servers: defaultdict[str | None, Counter[Verdict]] = defaultdict(Counter)
        self.days: Counter[int] = Counter()
        """Domains by the step of ENDS that the end of their certificate falls into; -1: before the first."""
        self.causes: defaultdict[Cause, Group] = defaultdict(Group)
        self.examples: dict[Cause, str] = {}
        self.codes: Counter[str] = Counter()
        self.places: Counter[Place] = Counter()
        self.moves: defaultdict[tuple[str | None, str | None], Group] = defaultdict(Group)
        self.turns: defaultdict[tuple[Verdict | None, Verdict], Group] = defaultdict(Group)
        self.compared_with = ""
        """The older run's name, where there is one."""
        self.has_errors = False
        self.dns_only = False

    @property
    def total(self) -> int:
        """How many domains."""
        return self.verdicts.total()

    def add(self, result: Result) -> None:
        """Count one domain."""
        self.verdicts[result.verdict] += 1
        self.has_errors |= result.has_error
        self.dns_only |= result.dns_only
        self.servers[result.server][result.verdict] += 1
        if result.ends:
            self.days[_step(result.ends - self.taken_at)] += 1
        self.codes.update(result.codes)
        causes = {Cause(said.level, said.code, result.server): said.text for said in result.findings}
        for cause, text in causes.items():
            self.causes[cause].add(result.domain)
            self.examples.setdefault(cause, text)

    def add_change(self, change: Change) -> None:
        """Count one change: a move, or another turn for the better or worse."""
        before, after = change.before, change.after
        if before is not None and change.has_moved:
            self.moves[before.server, after.server].add(after.domain)
        else:
            self.turns[before.verdict if before else None, after.verdict].add(after.domain)

    @property
    def worst_causes(self) -> list[tuple[Cause, Group]]:
        """The causes, worst first, then the most frequent."""
        return sorted(
            self.causes.items(),
            key=lambda item: (_LEVELS.index(item[0].level), -item[1].count, item[0].code, item[0].server or ""),
        )

    @property
    def worst_codes(self) -> list[tuple[str, Level, int]]:
        """The codes of findings with their worst level, and for how many domains each was found, worst first."""
        levels = {cause.code: cause.level for cause, _ in reversed(self.worst_causes)}
        rows = [(code, levels[code], count) for code, count in self.codes.items()]
        return sorted(rows, key=lambda row: (_LEVELS.index(row[1]), -row[2], row[0]))

    @property
    def largest_servers(self) -> list[tuple[str | None, Counter[Verdict]]]:
        """The servers, those with most domains first; what is on none of ours comes last."""
        return sorted(self.servers.items(), key=lambda item: (item[0] is None, -item[1].total(), item[0] or ""))

    @property
    def histogram(self) -> list[tuple[int | None, int | None, int]]:
        """Steps of days (None: no first, no last) and the domains whose certificate ends in each; empty without any."""
        firsts, lasts = (None, *ENDS), (*(end - 1 for end in ENDS), None)
        steps = zip(firsts, lasts, strict=True) if self.days else ()
        return [(first, last, self.days[index - 1]) for index, (first, last) in enumerate(steps)]


def _step(left: timedelta) -> int:
    return sum(left >= timedelta(days=days) for days in ENDS) - 1
