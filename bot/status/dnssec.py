"""DNSSEC (RFC 4033): whether the zone is signed, and whether the signatures hold by our resolver's word."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum

from bot.facts import Outcome
from bot.status.around_facts import AroundFacts
from bot.status.model import Finding, Level


class Dnssec(StrEnum):
    """The state of a zone."""

    SECURE = "secure"
    UNSIGNED = "unsigned"
    UNVERIFIED = "unverified"
    """Signed, and our resolver does not check signatures."""
    BOGUS = "bogus"
    """Signed wrongly: for everybody whose resolver checks, the domain is not there."""
    UNKNOWN = "unknown"


def read_dnssec(facts: AroundFacts) -> Dnssec:
    """Bogus is only what is signed, refused twice by our resolver, and given by it when told not to check."""
    if facts.ds.outcome.is_unavailable:
        return Dnssec.UNKNOWN
    if facts.ds.outcome is not Outcome.FOUND:
        return Dnssec.UNSIGNED
    if facts.soa.outcome is Outcome.SERVFAIL and facts.unchecked and not facts.unchecked.outcome.is_unavailable:
        return Dnssec.BOGUS
    if facts.soa.outcome.is_unavailable:
        return Dnssec.UNKNOWN
    return Dnssec.SECURE if facts.soa.authenticated else Dnssec.UNVERIFIED


def judge_dnssec(facts: AroundFacts) -> Iterator[Finding]:
    """A finding only where signatures keep mail from working."""
    if read_dnssec(facts) is Dnssec.BOGUS:
        yield Finding("dnssec_bogus", Level.ERROR, {"domain": facts.organization})
