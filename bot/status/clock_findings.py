"""What the move clock finds: name servers that disagree or do not serve the zone, and old answers that still live."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from bot.status.clock import Clock, RowClock, State
from bot.status.clock_facts import ClockFacts, Kind, Source, Trouble
from bot.status.model import Finding, Level, worst_first

ALMOST_A_MINUTE = timedelta(seconds=59)
"""Added before seconds are left out: an old answer is not gone before the time that is told."""


def clock_findings(clock: Clock, facts: ClockFacts) -> tuple[Finding, ...]:
    """The findings of one look, worst first."""
    authorities = [source for source in facts.sources if source.kind is Kind.AUTHORITATIVE]
    return worst_first([*_of_servers(authorities, facts), *_of_answers(clock, authorities, facts)])


def told_together(findings: Iterable[Finding]) -> Iterator[Finding]:
    """Those of which the same is to be said, but for the row, as one: a move mostly takes all rows along."""
    alike: dict[Finding, list[str]] = {}
    for finding in findings:
        rest = {name: value for name, value in finding.params.items() if name != "row"}
        alike.setdefault(replace(finding, params=rest), []).append(finding.params.get("row", ""))
    for finding, rows in alike.items():
        yield replace(finding, params={**finding.params, "row": ", ".join(rows)}) if any(rows) else finding


def _of_servers(authorities: Sequence[Source], facts: ClockFacts) -> Iterator[Finding]:
    """Where another one answered, programs may meet the one that does not; else it may be our own network's fault."""
    answered = [source for source in authorities if source.trouble is None]
    if not answered:
        yield Finding("authorities_unknown", Level.INFO, {"domain": facts.domain})
    for source in authorities:
        params = {"domain": facts.domain, "zone": facts.zone, "server": source.name, "address": source.address}
        if source.trouble is Trouble.SILENT and answered:
            yield Finding("authority_silent", Level.WARNING, params)
        elif source.trouble is not None and source.trouble.is_lame:
            level = Level.WARNING if answered else Level.INFO
            yield Finding("authority_lame", level, params, f"authority_{source.trouble.value}")


def _of_answers(clock: Clock, authorities: Sequence[Source], facts: ClockFacts) -> Iterator[Finding]:
    disagreeing = [row for row in clock.rows if row.state is State.DISAGREE]
    yield from (_disagreement(row, clock, facts) for row in disagreeing)
    serials = {source.name: source.serial for source in authorities if source.serial is not None}
    if len(set(serials.values())) > 1 and not disagreeing:
        shown = ", ".join(f"{name}: {serial}" for name, serial in serials.items())
        params = {"zone": facts.zone, "serials": shown}
        yield Finding("authorities_disagree", Level.INFO, params, "authority_serials_differ")
    yield from (_old_answer(row, facts) for row in clock.rows if row.state is State.MOVING)


def _disagreement(row: RowClock, clock: Clock, facts: ClockFacts) -> Finding:
    said = (
        f"{view.source.name}: {lead.host or '-'} ({view.source.serial or '?'})"
        for view in clock.sources
        if view.source.kind is Kind.AUTHORITATIVE and (lead := view.leads[row.label]) is not None
    )
    params = {"zone": facts.zone, "row": f"{row.label}.{facts.domain}", "servers": ", ".join(said)}
    return Finding("authorities_disagree", Level.WARNING, params)


def _old_answer(row: RowClock, facts: ClockFacts) -> Finding:
    """Seen in a cache it is a warning; that unseen caches may have it is good to know."""
    params = {
        "row": f"{row.label}.{facts.domain}",
        "old": row.old,
        "new": row.new,
        "resolvers": ", ".join(row.holders),
        "until": time_text(row.until, facts.seen_at),
        "latest": time_text(row.latest, facts.seen_at),
    }
    key = "old_answer_cached" if row.old and row.new else "new_row_unseen" if row.new else "removed_row_cached"
    if row.until is None:
        return Finding("old_answer_cached", Level.INFO, params, "old_answer_elsewhere")
    return Finding("old_answer_cached", Level.WARNING, params, key)


def time_text(moment: datetime | None, now: datetime) -> str:
    """The minute in UTC that ends it, with the day where it is another one than now; "" for no moment."""
    if moment is None:
        return ""
    moment += ALMOST_A_MINUTE
    return f"{moment:%H:%M} UTC" if moment.date() == now.date() else f"{moment:%Y-%m-%d %H:%M} UTC"
