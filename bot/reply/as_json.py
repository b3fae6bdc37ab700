"""Answers as JSON for other programs: the documented keys, host names as A-labels, times RFC 3339 in UTC."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from bot.advice.way import way_of
from bot.answer import MailServer, Note, Outcome, Refusal, ServerSettings, SettingsAnswer
from bot.catalogue.model import Catalogue, Client, words_in
from bot.facts import Protocol, Security
from bot.reply.diagnosis import diagnosed
from bot.reply.page import plain
from bot.reply.settings import note_line, usual_labels
from bot.reply.words import words
from bot.request import UsageProblem

Json = dict[str, Any]

USERNAME = "mailbox login"
"""Stands for the user name where the provider's profile states no form."""


def settings_json(outcome: Outcome, language: str, catalogue: Catalogue) -> Json:
    """An answer to a request for settings, or `{"domain", "error"}`."""
    if isinstance(outcome, Refusal):
        error = _error(outcome.domain.ascii, outcome.note.code, _said(outcome.note, "problem", language))
        return error | _diagnosis(outcome, language)
    answer = outcome
    return {
        "domain": answer.domain.ascii,
        "domain_unicode": answer.domain.unicode,
        "client": _client(answer, catalogue),
        "mail_server": mail_server_json(answer.server),
        "incoming": _half(answer.incoming, answer, language) if answer.incoming else None,
        "outgoing": _half(answer.outgoing, answer, language),
        "verified": answer.verified,
        "reasons": [{"code": note.code, "text": _said(note, "reason", language)} for note in answer.reasons],
        "warnings": [_warning(note, answer, language) for note in answer.warnings],
        "alternatives": {
            "hosts": {kind.value: host for kind, host in answer.other_hosts.items()},
            "outgoing": _half(answer.second_port, answer, language) if answer.second_port else None,
        },
        "checked_at": timestamp(answer.checked_at),
    } | _diagnosis(answer, language)


def problem_json(problem: UsageProblem, language: str) -> Json:
    """What was wrong with a request, with the clients to choose from where it was the client."""
    text = words(language).text(f"problem.{problem.key}", typed=problem.typed, example=problem.example)
    error = _error(problem.domain.ascii if problem.domain else problem.typed, problem.code, text)
    if problem.code.startswith("client_"):
        error["error"]["choices"] = _choices(problem.choices)
    return error


def timestamp(moment: datetime) -> str:
    """A moment by RFC 3339, in UTC, to the second."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _error(domain: str, code: str, text: str) -> Json:
    return {"domain": domain, "error": {"code": code, "text": text}}


def _diagnosis(outcome: Outcome, language: str) -> Json:
    """The key `diagnosis`, only where something was reported."""
    diagnosis, said = outcome.diagnosis, diagnosed(outcome, words(language))
    if diagnosis is None or said is None:
        return {}
    return {
        "diagnosis": {
            "symptom": diagnosis.symptom,
            "name": diagnosis.params["name"] or None,
            "cause": diagnosis.cause,
            "text": plain(said.cause),
            "question": plain(said.question),
            "action": plain(said.action),
        }
    }


def _said(note: Note, section: str, language: str) -> str:
    return plain(note_line(note, section, words(language)))


def _warning(note: Note, answer: SettingsAnswer, language: str) -> Json:
    warning: Json = {"code": note.code, "text": _said(note, "warning", language)}
    if note.code in ("client_cannot_work", "client_needs_preparation") and answer.client:
        warning["text"] = f"{warning['text']} {words_in(answer.client.hint, language)}".strip()
    if note.code == "client_ambiguous" and answer.request.client:
        warning["candidates"] = _choices(answer.request.client.others)
    return warning


def _choices(clients: Iterable[Client]) -> list[Json]:
    return [{"id": client.id, "name": client.name} for client in clients]


def _client(answer: SettingsAnswer, catalogue: Catalogue) -> Json | None:
    if answer.client is None:
        return None
    receiving = way_of(answer.request.client, answer.request.protocol, catalogue).sni
    sending = way_of(answer.request.client, Protocol.SMTP, catalogue).sni
    return {"id": answer.client.id, "name": answer.client.name, "sni": receiving.value, "sni_sending": sending.value}


def mail_server_json(server: MailServer) -> Json:
    """The server that a domain's mail is on."""
    return {
        "host": server.host,
        "number": server.number,
        "found_by": server.found_by.value,
        "addresses": list(server.addresses),
    }


def _half(half: ServerSettings, answer: SettingsAnswer, language: str) -> Json:
    shown: Json = {
        "protocol": half.protocol.value,
        "host": half.host,
        "port": half.port,
        "security": half.security.value,
        "label": words_in(half.label.choice, language) if half.label else None,
        "username": answer.username or USERNAME,
        "verified": half.verified,
    }
    if answer.client is None:
        shown["labels"] = {mode.value: list(usual_labels(mode)) for mode in (Security.IMPLICIT_TLS, Security.STARTTLS)}
    return shown
