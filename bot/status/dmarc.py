"""DMARC (RFC 7489): what receivers shall do with mail that neither SPF nor DKIM vouches for."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.status.around_facts import AroundFacts
from bot.status.model import Finding, Level
from bot.status.records import texts, txt_row

_POLICIES = ("none", "quarantine", "reject")
_VERSION = re.compile(r"v\s*=\s*DMARC1\s*(;|$)")


def judge_dmarc(facts: AroundFacts) -> Iterator[Finding]:
    """Findings about the record that counts for the domain."""
    name, records = _records(facts)
    params = {"domain": facts.domain, "name": name, "record": " | ".join(records)}
    if not name:
        return
    if not records:
        row = txt_row(f"_dmarc.{facts.organization}", "v=DMARC1; p=none")
        yield Finding("dmarc_missing", Level.INFO, params | {"row": row})
    elif len(records) > 1:
        yield Finding("dmarc_several", Level.INFO, params)
    elif dmarc_policy(facts) is None:
        yield Finding("dmarc_broken", Level.INFO, params)


def dmarc_policy(facts: AroundFacts) -> str | None:
    """The policy for mail from the domain: `none`, `quarantine` or `reject`; None where there is none to be read."""
    name, records = _records(facts)
    if len(records) != 1:
        return None
    tags = {
        key.strip(): value.strip().lower() for key, _, value in (tag.partition("=") for tag in records[0].split(";"))
    }
    policy = tags.get("p")
    if name != f"_dmarc.{facts.domain}":
        policy = tags.get("sp", policy)
    return policy if policy in _POLICIES else None


def dmarc_names(domain: str, organization: str) -> tuple[str, ...]:
    """The names at which receivers look, the first one first."""
    return tuple(dict.fromkeys((f"_dmarc.{domain}", f"_dmarc.{organization}")))


def _records(facts: AroundFacts) -> tuple[str, tuple[str, ...]]:
    """The name that counts and its records; "" where that could not be found out."""
    name = ""
    for name in dmarc_names(facts.domain, facts.organization):
        answer = facts.texts.get(name)
        if answer is None or answer.outcome.is_unavailable:
            return "", ()
        if records := tuple(text for text in texts(answer) if _VERSION.match(text)):
            return name, records
    return name, ()
