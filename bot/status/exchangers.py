"""Where new mail goes: the mail exchangers (MX), and whether they are there and ours."""

from __future__ import annotations

from collections.abc import Iterator

from bot.facts import Outcome, Row
from bot.provider.known import known_provider
from bot.status.around_facts import AroundFacts
from bot.status.model import Finding, Level
from bot.status.whose import Hosting

_NOWHERE = (Outcome.NXDOMAIN, Outcome.NO_DATA, Outcome.DANGLING, Outcome.LOOP)


def judge_exchangers(facts: AroundFacts, hosting: Hosting) -> Iterator[Finding]:
    """Findings about the MX records."""
    if facts.mx.outcome is Outcome.NO_DATA:
        yield Finding("mx_missing", Level.WARNING, {"domain": facts.domain})
    elif facts.mx.values == ("",):
        yield Finding("mx_elsewhere", Level.WARNING, {"domain": facts.domain}, "mx_null")
    elif facts.mx.outcome is Outcome.FOUND:
        yield from _of_ownership(facts, hosting)
        yield from _of_rows(facts)


def _of_ownership(facts: AroundFacts, hosting: Hosting) -> Iterator[Finding]:
    """All that are somebody else's, as far as it is known of each."""
    owned = {name: hosting.owns(name, facts.exchanges.get(name)) for name in facts.mx.values}
    foreign = [name for name, is_own in owned.items() if is_own is False and not _is_nowhere(facts, name)]
    if not foreign:
        return
    provider = known_provider(foreign[0]) or foreign[0]
    params = {"domain": facts.domain, "mx": ", ".join(foreign), "provider": provider}
    is_partly = len(foreign) < len(owned)
    yield Finding("mx_elsewhere", Level.WARNING, params, "mx_partly_elsewhere" if is_partly else "")


def _of_rows(facts: AroundFacts) -> Iterator[Finding]:
    """An exchanger must be a name with addresses, not an alias (RFC 2181, 10.3)."""
    nowhere = [name for name in facts.mx.values if _is_nowhere(facts, name)]
    if nowhere:
        level = Level.ERROR if len(nowhere) == len(facts.mx.values) else Level.WARNING
        yield Finding("mx_dangling", level, {"domain": facts.domain, "mx": ", ".join(nowhere)})
    for name, row in facts.exchanges.items():
        if row.chain and row.outcome is Outcome.FOUND:
            yield Finding("mx_is_cname", Level.WARNING, {"domain": facts.domain, "mx": name, "target": row.chain[-1]})


def _is_nowhere(facts: AroundFacts, name: str) -> bool:
    row: Row | None = facts.exchanges.get(name)
    return row is not None and row.outcome in _NOWHERE
