"""Judges what lies around a domain's mail: each finding where it matters to the customer's mail, and only then."""

from __future__ import annotations

from collections.abc import Iterator

from bot.facts import Outcome
from bot.status.around_facts import AroundFacts
from bot.status.caa import judge_caa
from bot.status.dkim import judge_dkim
from bot.status.dmarc import dmarc_policy, judge_dmarc
from bot.status.dnssec import judge_dnssec
from bot.status.exchangers import judge_exchangers
from bot.status.model import Finding, Level, worst_first
from bot.status.programs import judge_automatic, judge_services
from bot.status.spf import judge_spf
from bot.status.whose import Hosting

MOST_SHOWN = 6
"""Open questions that are named."""
_UNVOUCHED = {"spf_missing", "spf_without_provider"}


def judge_around(facts: AroundFacts, hosting: Hosting) -> tuple[Finding, ...]:
    """The findings for a domain whose mail is the provider's, worst first; none for one that does not exist."""
    if facts.mx.outcome is Outcome.NXDOMAIN:
        return ()
    exchangers = tuple(judge_exchangers(facts, hosting))
    is_here = not any(finding.code == "mx_elsewhere" for finding in exchangers)
    return worst_first(
        [
            *judge_dnssec(facts),
            *exchangers,
            *_of_senders(facts, hosting),
            *judge_caa(facts, hosting.profile),
            *judge_services(facts, hosting),
            *(judge_automatic(facts) if is_here else ()),
            *_of_open_questions(facts),
        ]
    )


def _of_senders(facts: AroundFacts, hosting: Hosting) -> Iterator[Finding]:
    """SPF, DKIM and DMARC; and where the domain asks receivers to refuse what neither of the first two vouches for."""
    spf, dkim = tuple(judge_spf(facts, hosting.profile)), tuple(judge_dkim(facts, hosting.profile))
    policy = dmarc_policy(facts)
    if dkim and _UNVOUCHED & {finding.code for finding in spf} and policy in ("quarantine", "reject"):
        yield Finding("dmarc_unmet", Level.WARNING, {"domain": facts.domain, "policy": policy})
    yield from (*spf, *dkim, *judge_dmarc(facts))


def _of_open_questions(facts: AroundFacts) -> Iterator[Finding]:
    if questions := facts.open_questions:
        shown = ", ".join((*questions[:MOST_SHOWN], *(["…"] if len(questions) > MOST_SHOWN else [])))
        yield Finding("around_unknown", Level.INFO, {"domain": facts.domain, "questions": shown})
