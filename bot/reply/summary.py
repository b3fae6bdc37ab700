"""Several domains and servers as a page: how many of each verdict, then a line for each, the worst first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from bot.reply.page import Line, Page, Span, Style
from bot.reply.settings import shown_domain
from bot.reply.status import VERDICT_MARKS, worst_finding
from bot.reply.words import Words, words
from bot.status.judge import Status
from bot.status.model import Verdict
from bot.status.server import ServerStatus

_ORDER = (Verdict.BROKEN, Verdict.UNKNOWN, Verdict.WORKS_BUT, Verdict.NOT_OURS, Verdict.WORKS)


def summary_page(statuses: Sequence[Status | ServerStatus], language: str) -> Page:
    """Lines, not columns: a sentence about what is wrong is longer than a message is wide."""
    said = words(language)
    title = said.text("summary.title", count=len(statuses))
    verdicts = Counter(status.verdict for status in statuses)
    counts = " · ".join(_count(verdict, verdicts[verdict], said) for verdict in _ORDER if verdicts[verdict])
    in_order = sorted(statuses, key=lambda status: _ORDER.index(status.verdict))
    return Page(title, (Span(counts),), f"{title}: {counts}", first=tuple(_line(status, said) for status in in_order))


def _count(verdict: Verdict, count: int, said: Words) -> str:
    word = said.text(f"status.word_{verdict}")
    return said.text("summary.count", mark=VERDICT_MARKS[verdict], word=word, count=count)


def _line(status: Status | ServerStatus, said: Words) -> Line:
    """The verdict's mark, the name, its server, and the worst finding."""
    parts = [worst_finding(status, said)] if status.findings else []
    if isinstance(status, ServerStatus):
        name = status.server.host
    else:
        name = shown_domain(status.domain, said)
        parts = [status.server.host, *parts] if status.server else parts
    told = "".join(f" · {part}" for part in parts)
    return Span(f"{VERDICT_MARKS[status.verdict]} "), Span(name, Style.BOLD), Span(told)
