"""The status of a domain or a server as JSON: the documented keys, host names as A-labels, times in UTC."""

from __future__ import annotations

from datetime import datetime

from bot.reply.as_json import Json, mail_server_json, timestamp
from bot.reply.status import finding_text
from bot.reply.words import Words, words
from bot.status.clients import ClientTrouble
from bot.status.clock import Clock, View
from bot.status.judge import ServiceSeen, Status
from bot.status.model import Finding
from bot.status.server import ServerStatus
from bot.status.services import days_left


def status_json(status: Status, language: str) -> Json:
    """The whole status. `clients` are those kept out or warned, as far as that was measured."""
    said = words(language)
    return {
        "domain": status.domain.ascii,
        "domain_unicode": status.domain.unicode,
        "verdict": status.verdict.value,
        "mail_server": mail_server_json(status.server) if status.server else None,
        "rows": dict(status.rows),
        "findings": [finding_json(finding, said) for finding in status.findings],
        "services": [service_json(service, status.checked_at) for service in status.services],
        "clients": [_client(trouble) for trouble in status.troubles],
        "clock": _clock(status.clock) if status.clock else None,
        "checked_at": timestamp(status.checked_at),
    }


def _clock(clock: Clock) -> Json:
    """The move clock: its state, and where each side leads, by row."""
    return {
        "state": clock.state.value,
        "old": clock.old or None,
        "new": clock.new or None,
        "until": timestamp(clock.until) if clock.until else None,
        "latest": timestamp(clock.latest) if clock.latest else None,
        "sources": [_side(view) for view in clock.sources],
    }


def _side(view: View) -> Json:
    source = view.source
    return {
        "kind": source.kind.value,
        "name": source.name,
        "address": source.address,
        "serial": source.serial,
        "problem": source.trouble.value if source.trouble else None,
        "rows": {label: lead.host or None for label, lead in view.leads.items() if lead is not None},
    }


def server_json(status: ServerStatus, language: str) -> Json:
    """The status of a server. `stopped_without_old_tls` are the clients that only TLS 1.0 or 1.1 lets in."""
    said = words(language)
    return {
        "server": status.server.host,
        "verdict": status.verdict.value,
        "findings": [finding_json(finding, said) for finding in status.findings],
        "services": [service_json(service, status.checked_at) for service in status.services],
        "domains": list(status.domains),
        "clients": [_client(trouble) for trouble in status.troubles],
        "stopped_without_old_tls": [{"id": client.id, "name": client.name} for client in status.stopped],
        "checked_at": timestamp(status.checked_at),
    }


def finding_json(finding: Finding, said: Words) -> Json:
    """A finding with its sentences."""
    sentences = {part: finding_text(finding, part, said) for part in ("text", "found", "expected", "fix")}
    return {"code": finding.code, "level": finding.level.value, **sentences}


def service_json(service: ServiceSeen, now: datetime) -> Json:
    """One connection at a moment. What was measured beyond it, the versions and the key, is null where it was not."""
    lowest, highest = service.versions.lowest, service.versions.highest
    return {
        "protocol": service.protocol.value,
        "host": service.host,
        "address": service.address,
        "port": service.port,
        "security": service.security.value,
        "sni": service.sni,
        "tls_version": service.tls_version.value if service.tls_version else None,
        "tls_lowest": lowest.value if lowest else None,
        "tls_highest": highest.value if highest else None,
        "key": None if service.is_ecdsa is None else "ecdsa" if service.is_ecdsa else "rsa",
        "names": list(service.names),
        "issuer": service.issuer or None,
        "not_after": timestamp(service.not_after) if service.not_after else None,
        "days_left": days_left(service.not_after, now) if service.not_after else None,
        "problem": service.problem,
        "problems": list(service.problems),
    }


def _client(trouble: ClientTrouble) -> Json:
    client = trouble.client
    return {"id": client.id, "name": client.name, "code": trouble.note.code, "stopped": trouble.is_stopped}
