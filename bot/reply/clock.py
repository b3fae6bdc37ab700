"""The move clock in words: what is going on, and what each side says."""

from __future__ import annotations

from collections.abc import Iterator

from bot.reply.page import Line
from bot.reply.words import Value, Words
from bot.status.clock import Clock, RowClock, State, View
from bot.status.clock_facts import LABELS
from bot.status.clock_findings import ALMOST_A_MINUTE


def clock_line(clock: Clock, said: Words) -> Line:
    """The state in one sentence, with the moment until which the old answer may live."""
    row = clock.telling
    return said.line(f"clock.{_sentence(row)}", old=row.old, new=row.new or said.text("clock.nowhere"), **_moments(row))


def _sentence(row: RowClock) -> str:
    if row.state is not State.MOVING:
        return row.state.value
    if row.until is None:
        return "moving_elsewhere"
    if not row.old:
        return "moving_new_row"
    return "moving" if row.new else "moving_no_row"


def _moments(row: RowClock) -> dict[str, Value]:
    """The moments that are known, up to the full minute: an old answer is not gone before the time that is told."""
    moments = (("until", row.until), ("latest", row.latest))
    return {name: at + ALMOST_A_MINUTE for name, at in moments if at is not None}


def clock_sources(clock: Clock, said: Words) -> Iterator[Line]:
    """What each side says of the first row that it knows."""
    for view in clock.sources:
        source = view.source
        serial = said.text("clock.serial", serial=source.serial) if source.serial is not None else ""
        told = filter(None, [source.name, source.address, _told(view, said), serial])
        yield said.line("clock.source", kind=said.text(f"clock.{source.kind}"), told=", ".join(told))


def _told(view: View, said: Words) -> str:
    if view.source.trouble is not None:
        return said.text(f"clock.trouble.{view.source.trouble}")
    lead = next((lead for label in LABELS if (lead := view.leads.get(label)) is not None), None)
    if lead is None:
        return said.text("clock.open")
    return said.text("clock.now", host=lead.host or said.text("clock.nowhere"))
