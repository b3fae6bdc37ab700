"""The client catalogue as a table for people and as JSON for programs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bot.catalogue.model import Answer, Catalogue, Client, Fact, Status

Json = dict[str, Any]


def expected_status(client: Client, roots: Sequence[str]) -> Status:
    """What to expect of a client at a provider whose certificates end at one of these roots.

    A client that is known to have none of them cannot work, whatever else it can.
    """
    beliefs = [client.roots[root].value if root in client.roots else Answer.UNKNOWN for root in roots]
    if beliefs and all(belief is Answer.NO for belief in beliefs):
        return Status.CANNOT_WORK
    return client.status


def client_table(catalogue: Catalogue, roots: Sequence[str], language: str) -> str:
    """One line a client under a heading for each section: id, SNI receiving/sending, TLS, status, name."""
    lines: list[str] = []
    section = ""
    for client in catalogue.clients.values():
        if client.section != section:
            section = client.section
            title = catalogue.section_name(section, language)
            lines += ["", title] if lines else [title]
        lines.append(_row(client, expected_status(client, roots)))
    return "\n".join(lines)


def _row(client: Client, status: Status) -> str:
    sni = f"{client.sni.value} / {client.sni_sending.value}" if _sends_differently(client) else client.sni.value
    tls = f"{client.tls_lowest.value or '?'}-{client.tls_highest.value or '?'}"
    return f"  {client.id:<22} SNI {sni:<24} TLS {tls:<8} {status:<18} {client.name}"


def _sends_differently(client: Client) -> bool:
    return client.sni.value is not client.sni_sending.value


def client_json(client: Client, roots: Sequence[str]) -> Json:
    """A client with every fact, its confidence, sources and the day it was checked."""
    return {
        "id": client.id,
        "name": client.name,
        "section": client.section,
        "protocols": [protocol.value for protocol in client.protocols],
        "sni": _fact(client.sni),
        "sni_sending": _fact(client.sni_sending),
        "tls_lowest": _fact(client.tls_lowest),
        "tls_highest": _fact(client.tls_highest),
        "roots": {root: _fact(fact) for root, fact in client.roots.items()},
        "ecdsa": _fact(client.ecdsa),
        "labels": [
            {"protocol": protocol.value, "security": security.value, "choice": dict(label.choice),
             "field": dict(label.field), "is_box": label.is_box, "confidence": label.confidence.value}
            for (protocol, security), label in client.labels.items()
        ],
        "repair": dict(client.paths.repair),
        "add": dict(client.paths.add),
        "outgoing_authentication": dict(client.outgoing_authentication),
        "status": expected_status(client, roots).value,
        "hint": dict(client.hint),
        "alternatives": list(client.alternatives),
        "aliases": list(client.aliases),
        "systems": dict(client.systems),
    }  # fmt: skip


def _fact(fact: Fact[Any]) -> Json:
    return {
        "value": fact.value,
        "confidence": fact.confidence.value,
        "sources": list(fact.sources),
        "checked": fact.checked.isoformat(),
        "note": dict(fact.note),
    }
