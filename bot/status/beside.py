"""What a status tells beside rows and ports: what lies around a domain's mail, and what the move clock finds."""

from __future__ import annotations

from collections.abc import Iterator

from bot.answer import MailServer, Note
from bot.provider.profile import Profile
from bot.status.around import judge_around
from bot.status.clock import Clock
from bot.status.clock_findings import clock_findings, told_together
from bot.status.dnssec import judge_dnssec
from bot.status.facts import StatusFacts
from bot.status.hosting import agreed_server
from bot.status.model import Finding
from bot.status.whose import Hosting


def findings_beside(
    facts: StatusFacts, server: MailServer | Note, clock: Clock | None, profile: Profile
) -> Iterator[Finding]:
    """Everything about a domain with a server here.

    Of one without, only rows that lead to us or led to us by somebody's word, and wrong signatures, for then nobody
    knows where it is.
    """
    is_here = isinstance(server, MailServer)
    if facts.clock is not None and clock is not None:
        found = clock_findings(clock, facts.clock)
        yield from told_together(found if is_here else _about_us(found, clock, facts, profile))
    if facts.around is not None:
        hosting = Hosting(profile, facts.known, agreed_server(facts, profile))
        yield from judge_around(facts.around, hosting) if is_here else judge_dnssec(facts.around)


def _about_us(findings: tuple[Finding, ...], clock: Clock, facts: StatusFacts, profile: Profile) -> Iterator[Finding]:
    """Those about a row of which one of the leads is a server of ours."""
    rows = {f"{row.label}.{facts.domain}" for row in clock.rows if profile.server(row.old) or profile.server(row.new)}
    return (finding for finding in findings if finding.params.get("row") in rows)
