"""The status of a domain or a server as a page and as a line of a table: verdict, findings, then what is right."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from bot.reply.clock import clock_line, clock_sources
from bot.reply.page import Line, Page, Span, Style, plain
from bot.reply.reach import old_tls_line
from bot.reply.services import service_lines
from bot.reply.settings import shown_domain
from bot.reply.words import Value, Words, harmless, words
from bot.status.clients import ClientTrouble
from bot.status.clock import State
from bot.status.judge import ServiceSeen, Status
from bot.status.model import Finding, Level, Verdict
from bot.status.server import ServerStatus
from bot.status.services import NO_SNI, days_left, service_names
from bot.status.versions import span_of

MOST_CLIENTS = 6
NOTHING = "–"
_EVENTFUL = (State.MOVING, State.DISAGREE)
"""What the move clock says is worth a line of its own then."""
_MARKS = {Level.ERROR: "🔴", Level.WARNING: "🟡", Level.INFO: "⚪"}
VERDICT_MARKS = {
    Verdict.WORKS: "✅", Verdict.WORKS_BUT: "⚠️", Verdict.BROKEN: "⛔", Verdict.NOT_OURS: "⚪", Verdict.UNKNOWN: "⚪",
}  # fmt: skip
_SEPARATOR = Span(" · ")


def status_page(status: Status, language: str) -> Page:
    """The whole status: the verdict and the findings can be read in a glance, the proof stands below."""
    said = words(language)
    key = "status.server" if status.server else "status.no_server"
    found_by = said.text(f"status.found_by.{status.server.found_by}") if status.server else ""
    host = status.server.host if status.server else ""
    verdict = said.line(key, time=status.checked_at, server=host, found_by=found_by)
    lines, evidence = list[Line](), [_rows(status, said)]
    if status.clock is not None:
        evidence += [clock_line(status.clock, said), *clock_sources(status.clock, said)]
        lines += [clock_line(status.clock, said)] if status.clock.state in _EVENTFUL else []
    return _Report(status, said).page(shown_domain(status.domain, said), verdict, lines, evidence)


def server_page(status: ServerStatus, language: str) -> Page:
    """The same of a server; and which programs would stop without old TLS."""
    said, lines = words(language), list[Line]()
    report = _Report(status, said)
    lines.append(old_tls_line(status, said, report.some([client.name for client in status.stopped])))
    if status.domains:
        lines.append(said.line("status.on_server", domains=report.some(status.domains)))
    return report.page(status.server.host, said.line("status.no_server", time=status.checked_at), lines)


def _rows(status: Status, said: Words) -> Line:
    """Where the rows lead, those alike together."""
    rows = status.rows
    by_host = {host: ", ".join(label for label in rows if rows[label] == host) for host in rows.values()}
    shown = "; ".join(f"{labels} → {harmless(host or NOTHING)}" for host, labels in by_host.items())
    return said.line("status.rows", rows=shown)


def status_table(statuses: Sequence[Status | ServerStatus], language: str) -> str:
    """Several domains and servers, one line each: verdict, name, server, and the worst finding."""
    said = words(language)
    rows = [_row(status, said) for status in statuses]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    marks = [VERDICT_MARKS[status.verdict] for status in statuses]
    cells = [map(str.ljust, row, widths) for row in rows]
    return "\n".join("  ".join((f"{mark} {next(row)}", *row)).rstrip() for mark, row in zip(marks, cells, strict=True))


def _row(status: Status | ServerStatus, said: Words) -> tuple[str, str, str, str]:
    worst = worst_finding(status, said) if status.findings else said.text("status.nothing_found")
    name = status.domain.unicode if isinstance(status, Status) else status.server.host
    server = status.server.host if isinstance(status, Status) and status.server else NOTHING
    return said.text(f"status.word_{status.verdict}"), name, server, worst


def worst_finding(status: Status | ServerStatus, said: Words) -> str:
    """What is wrong most, and how much more is; there must be something."""
    more = f" (+{len(status.findings) - 1})" if len(status.findings) > 1 else ""
    return finding_text(status.findings[0], "text", said) + more


def finding_text(finding: Finding, part: str, said: Words) -> str:
    """One of a finding's sentences without styles: `text`, `found`, `expected` or `fix`."""
    return plain(_sentence(finding, part, said))


def _sentence(finding: Finding, part: str, said: Words) -> Line:
    """What is shown without SNI has the sentences of the same trouble with it."""
    sentence = finding.sentence
    is_bare = sentence.startswith(NO_SNI) and not said.has(f"finding.{sentence}.{part}")
    key = sentence.removeprefix(NO_SNI) if is_bare else sentence
    params: dict[str, Value] = {name: _value(name, value, said) for name, value in finding.params.items()}
    line = said.line(f"finding.{key}.{part}", **params)
    return (Span(f"{said.text('status.without_sni')} "), *line) if is_bare and part == "text" else line


def _value(name: str, value: str, said: Words) -> str:
    return said.day(date.fromisoformat(value)) if name == "date" and value else value


def finding_lines(finding: Finding, said: Words) -> tuple[Line, Line, Line]:
    """What is wrong; what to do, with rows ready to paste; what was found, and what should be."""
    text, found, expected = (finding_text(finding, part, said) for part in ("text", "found", "expected"))
    head = said.line("status.head", mark=_MARKS[finding.level], text=text)
    detail = said.text("status.detail", found=found, expected=expected)
    return head, (*said.line("status.fix"), Span(" "), *_sentence(finding, "fix", said)), (Span(detail, Style.ITALIC),)


class _Report:
    """What the pages of a domain and of a server have in common."""

    def __init__(self, status: Status | ServerStatus, said: Words) -> None:
        self.status, self.said = status, said

    def page(self, shown: str, verdict: Line, lines: Iterable[Line] = (), evidence: Iterable[Line] = ()) -> Page:
        """A page about what is called `shown`; `lines` and `evidence` are what only this kind has."""
        status, said = self.status, self.said
        heads = [finding_text(finding, "text", said) for finding in status.findings[:2]]
        return Page(
            title=said.text("status.title", domain=shown),
            verdict=(*said.line(f"status.{status.verdict}"), _SEPARATOR, *verdict),
            summary=" · ".join((f"{shown}: {said.text(f'status.word_{status.verdict}')}", *heads)),
            first=tuple(line for finding in status.findings for line in finding_lines(finding, said)),
            lines=(*self._right(), *self._clients(), *lines),
            evidence=(*evidence, *service_lines(status.services, status.checked_at, said)),
        )

    def some(self, names: Sequence[str]) -> str:
        """The first of many names, and how many more there are."""
        more = len(names) - MOST_CLIENTS
        return ", ".join((*names[:MOST_CLIENTS], *([self.said.text("status.more", count=more)] if more > 0 else [])))

    # What is right

    def _right(self) -> Iterator[Line]:
        """One line of all that holds; nothing where nothing does."""
        sound = [service for service in self.status.services if service.problem is None]
        if not sound:
            return
        said = self.said
        parts = [
            said.text(f"status.right_{'no_sni' if is_bare else 'sni'}", where=_where(of_kind), server=_hosts(of_kind))
            for is_bare in (False, True)
            if (of_kind := [s for s in sound if s.sni is not is_bare and _holds_everywhere(s, self.status.services)])
        ]
        parts += [said.text("status.right_versions", versions=span_of(service.versions for service in sound))]
        end = min(service.not_after for service in sound if service.not_after)
        days = days_left(end, self.status.checked_at)
        parts.append(said.text("status.right_days", date=end.date(), days=days))
        yield said.line("status.right", parts=" · ".join(parts))

    def _clients(self) -> Iterator[Line]:
        """Who cannot connect, and who sees a warning, each with the gate."""
        for key, is_stopped in (("stopped", True), ("warned", False)):
            troubles = [trouble for trouble in self.status.troubles if trouble.is_stopped is is_stopped]
            if troubles:
                yield self.said.line(f"status.{key}", clients=self.some([*map(self._client, troubles)]))

    def _client(self, trouble: ClientTrouble) -> str:
        key = f"status.gate.{trouble.note.code}"
        gate = self.said.text(key if self.said.has(key) else "status.gate.name")
        return f"{trouble.client.name}: {gate}"


def _where(services: Iterable[ServiceSeen]) -> str:
    return service_names((service.protocol, service.port) for service in services)


def _hosts(services: Iterable[ServiceSeen]) -> str:
    return ", ".join(dict.fromkeys(service.host for service in services))


def _holds_everywhere(service: ServiceSeen, services: Iterable[ServiceSeen]) -> bool:
    """True when nothing is wrong with the port at any of its addresses."""
    same = (s for s in services if (s.protocol, s.port, s.sni) == (service.protocol, service.port, service.sni))
    return all(s.problem is None for s in same)
