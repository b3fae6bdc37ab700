"""Which programs get in, as a page: who does not and by which gate, who gets a warning, and what is not known."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from bot.reply.page import Line, Page, Span, Style, plain
from bot.reply.services import problem_text
from bot.reply.settings import shown_domain
from bot.reply.words import Words, words
from bot.status.judge import Status
from bot.status.reach import Entry, Reached
from bot.status.server import ServerStatus
from bot.status.services import NO_SNI
from bot.status.versions import span_of

Told = Status | ServerStatus


def reach_page(status: Told, language: str, *, is_whole: bool = False) -> Page:
    """The clients of every day, by how they fare; with `is_whole` the whole catalogue, and who gets in by name too."""
    said = words(language)
    shown = shown_domain(status.domain, said) if isinstance(status, Status) else status.server.host
    reached = [client for client in status.reached if is_whole or client.is_usual]
    counts = [plain(said.line(f"reach.{entry}", count=len(of))) for entry, of in _by_entry(reached) if of]
    return Page(
        title=said.text("reach.title", domain=shown),
        verdict=said.line("reach.verdict", versions=_versions(status, said), time=status.checked_at),
        summary=f"{shown}: {', '.join(counts) or said.text('reach.nothing')}",
        first=tuple(_entries(reached, status, said, is_whole=is_whole)) or (said.line("reach.nothing"),),
        lines=(old_tls_line(status, said, " · ".join(client.name for client in status.stopped)),)
        if isinstance(status, ServerStatus)
        else (),
        evidence=()
        if is_whole or not reached
        else (said.line("reach.more", count=len(status.reached) - len(reached)),),
    )


def _by_entry(reached: Iterable[Reached]) -> list[tuple[Entry, list[Reached]]]:
    told = list(reached)
    return [(entry, [client for client in told if client.entry is entry]) for entry in Entry]


def _versions(status: Told, said: Words) -> str:
    measured = [service.versions for service in status.services if service.is_core and service.versions.lowest]
    return said.text("reach.versions", versions=span_of(measured)) if measured else said.text("reach.no_versions")


def _entries(reached: list[Reached], status: Told, said: Words, *, is_whole: bool) -> Iterator[Line]:
    """How the clients fare, the worst first; under each heading the gates, each with its clients."""
    for entry, clients in _by_entry(reached):
        if not clients:
            continue
        head = said.line(f"reach.{entry}", count=len(clients))
        if entry is Entry.IN:
            yield (*head, Span(": "), Span(_names(clients))) if is_whole else head
            continue
        yield head
        for reason, of_reason in _by_reason(clients, said).items():
            yield Span("• "), Span(reason, Style.ITALIC), Span(": "), Span(_names(of_reason))


def _by_reason(clients: list[Reached], said: Words) -> dict[str, list[Reached]]:
    groups: dict[str, list[Reached]] = {}
    for client in clients:
        groups.setdefault(_reason(client, said), []).append(client)
    return groups


def _reason(client: Reached, said: Words) -> str:
    """The gate, or why nothing is known; else what is wrong with the port or its certificate for everybody."""
    assert client.reason is not None, "only who gets in needs none"
    code, params = client.reason.code, client.reason.params
    if said.has(f"reach.gate.{code}"):
        return said.text(f"reach.gate.{code}", root=params.get("root", ""))
    if code.startswith(NO_SNI):
        return said.text("reach.no_sni", problem=problem_text(code.removeprefix(NO_SNI), said))
    key = "reach.certificate" if code.startswith("certificate_") else "reach.port"
    return said.text(key, problem=problem_text(code, said))


def _names(clients: Iterable[Reached]) -> str:
    return " · ".join(reached.client.name for reached in clients)


def old_tls_line(status: ServerStatus, said: Words, names: str) -> Line:
    """What turning off TLS 1.0 and 1.1 would do: who (`names`) stops, or nobody, or that they are off; or not known."""
    core = [service.versions for service in status.services if service.is_core and service.not_after]
    old = sorted({version for versions in core for version in versions.old})
    if not old:
        is_off = core and all(versions.is_old_off for versions in core)
        return said.line("reach.old_off" if is_off else "reach.old_open")
    if not status.stopped:
        return said.line("reach.none_would_stop", versions=", ".join(old))
    return (*said.line("reach.would_stop", versions=", ".join(old)), Span(f" {names}"))
