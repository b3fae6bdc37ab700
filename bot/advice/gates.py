"""The gates that no host name opens: the TLS versions of client and server, and the client's trust in the root."""

from __future__ import annotations

from collections.abc import Iterator

from bot.advice.sight import Judge, ServiceFacts, is_refused
from bot.advice.way import Way
from bot.answer import Note
from bot.catalogue.model import Answer, Client
from bot.facts import Handshake, Probe


def closed_gates(facts: ServiceFacts, way: Way, client: Client | None, judge: Judge) -> Iterator[Note]:
    """What stops the client whatever the host name: TLS, then the root; neither is the other's cure."""
    if is_refused(facts, way):
        if isinstance(facts.unbounded, Handshake):
            yield _tls_gate(facts.unbounded, _shows_ecdsa(facts.with_ecdsa, judge), way)
        elif way.sni is Answer.NO and isinstance(facts.with_sni, Handshake):
            yield Note("tls_needs_sni")
    if client is not None and (note := _root_gate(facts, way, client, judge)):
        yield note


def _shows_ecdsa(probe: Probe | None, judge: Judge) -> bool:
    return isinstance(probe, Handshake) and judge.verdict(probe).is_ecdsa


def _tls_gate(unbounded: Handshake, only_ecdsa_lacks: bool, way: Way) -> Note:
    """The limited connection failed and one without limits stood: say which limit it was."""
    params = {"version": unbounded.tls_version, "highest": way.highest or "", "lowest": way.lowest or ""}
    if only_ecdsa_lacks:
        return Note("client_without_ecdsa", params)
    if way.highest is not None and unbounded.tls_version > way.highest:
        return Note("client_tls_too_old", params)
    if way.lowest is not None and unbounded.tls_version < way.lowest:
        return Note("tls_version_old", params)
    return Note("tls_handshake_failed", params, "tls_handshake_failed_client")


def _root_gate(facts: ServiceFacts, way: Way, client: Client, judge: Judge) -> Note | None:
    """Closed only when every root that is reached is one the client is known not to have.

    A root nobody has facts about leaves the gate open: trust is unknown then, not absent. What is shown to
    others only says nothing of a client without SNI.
    """
    shown = (facts.without_sni, facts.unbounded) if way.sni is Answer.NO else facts.probes
    anchors = {anchor for probe in shown if isinstance(probe, Handshake) for anchor in judge.verdict(probe).anchors}
    roots = [judge.catalogue.root_by_fingerprint(anchor) for anchor in sorted(anchors)]
    beliefs = [client.roots.get(root.id) if root else None for root in roots]
    if not beliefs or any(fact is None or fact.value is not Answer.NO for fact in beliefs):
        return None
    return Note("client_root_unknown", {"root": ", ".join(root.name for root in roots if root), "client": client.name})
