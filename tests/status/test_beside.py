"""What a status tells beside rows and ports: all of it for a domain of ours, of another's only what concerns us."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.facts import DnsFacts, Outcome
from bot.status.around_facts import AroundFacts
from bot.status.clock import State
from bot.status.clock_facts import LABELS, ClockFacts, Trouble
from bot.status.judge import Status
from bot.status.model import Verdict
from tests.advice.build import ADDRESS_3, dns
from tests.status import around_build
from tests.status.around_build import host
from tests.status.build import all_rows, facts, judged
from tests.status.clock_build import authority, broken, look, ours, public
from tests.status.test_around import DS, FAILED, GIVEN, GOOGLE

OURS, NEXT, THEIRS = "mail8.skok.cz", "mail3.skok.cz", "imap.gmail.com"
SETTLED = look(authority(OURS), ours(OURS))
SPOILED = around_build.facts(spf="v=spf1 -all", dkim=Outcome.NXDOMAIN, mx="aspmx.l.google.com", exchanges=GOOGLE)
ALL_ROWS = ", ".join(f"{label}.example.cz" for label in LABELS)
BOGUS = around_build.facts(ds=DS, soa=FAILED, unchecked=GIVEN)


def status(rows: DnsFacts, around: AroundFacts | None = None, clock: ClockFacts | None = None) -> Status:
    """The status of a domain with these rows, seen from the sides too."""
    return judged(replace(facts(rows=rows), around=around, clock=clock))


def brief(whole: Status) -> list[str]:
    """The findings by level and sentence."""
    return [f"{finding.level[0]} {finding.sentence}" for finding in whole.findings]


def test_a_domain_in_order_has_no_finding() -> None:
    """And its clock is told."""
    whole = status(dns(), around_build.facts(), SETTLED)
    assert (whole.verdict, brief(whole)) == (Verdict.WORKS, [])
    assert whole.clock is not None
    assert whole.clock.state is State.SETTLED
    assert status(dns()).clock is None


def test_a_domain_of_ours_is_told_everything() -> None:
    """Worst first, a warning takes the verdict from works to works, but."""
    whole = status(dns(), SPOILED, look(authority(OURS), broken(Trouble.SILENT), ours(OURS)))
    assert whole.verdict is Verdict.WORKS_BUT
    assert brief(whole) == ["w authority_silent", "w mx_elsewhere", "w spf_without_provider", "i dkim_missing"]


@pytest.mark.parametrize(
    ("around", "clock", "said"),
    [
        (
            around_build.facts(spf=Outcome.NO_DATA, dkim=Outcome.NXDOMAIN), SETTLED,
            ["i spf_missing", "i dkim_missing"],
        ),
        (around_build.facts(), look(broken(Trouble.SILENT), ours(OURS)), ["i authorities_unknown"]),
        (
            around_build.facts(), look(broken(Trouble.REFUSED), ours(OURS)),
            ["i authorities_unknown", "i authority_refused"],
        ),
        (around_build.facts(), look(authority(OURS), ours(OURS), public(Outcome.TIMEOUT)), []),
    ],
)  # fmt: skip
def test_what_is_only_absent_or_unreachable_leaves_it_working(
    around: AroundFacts, clock: ClockFacts, said: list[str]
) -> None:
    """It is advice, or says nothing about the domain."""
    whole = status(dns(), around, clock)
    assert (whole.verdict, brief(whole)) == (Verdict.WORKS, said)


def test_exchangers_are_told_once() -> None:
    """By the rows at first; as soon as all of them are known, by what lies around the mail."""
    elsewhere = dns(mx=("aspmx.l.google.com",))
    partly = around_build.facts(mx=("aspmx.l.google.com", OURS), exchanges=GOOGLE)
    assert brief(status(elsewhere)) == ["w mx_elsewhere"]
    assert brief(status(elsewhere, SPOILED))[0] == "w mx_elsewhere"
    assert brief(status(elsewhere, partly)) == ["w mx_partly_elsewhere"]
    assert brief(status(dns(mx=None), around_build.facts())) == []


def test_where_rows_disagree_no_server_of_ours_is_the_right_one() -> None:
    """An SRV record to one of them is not called wrong."""
    srv = {"_imaps._tcp": f"0 1 993 {NEXT}."}
    seen = around_build.facts(srv=srv, hosts={NEXT: host(NEXT, (), ADDRESS_3)})
    assert brief(status(dns(), seen)) == ["w srv_other_server"]
    assert brief(status(dns(pop=NEXT), seen)) == ["w rows_disagree"]


@pytest.mark.parametrize(
    "rows", [all_rows(THEIRS), all_rows(Outcome.NXDOMAIN, mx=Outcome.NXDOMAIN), all_rows(Outcome.NO_DATA)]
)
def test_around_a_domain_that_is_not_here_nothing_is_brief(rows: DnsFacts) -> None:
    """Nor of its name servers: that is its provider's business."""
    silent = look(authority(THEIRS, 1), broken(Trouble.SILENT), authority(THEIRS, 2, name="ns3.dns.cz"), ours(THEIRS))
    assert brief(status(rows, SPOILED, silent)) == brief(status(rows))


@pytest.mark.parametrize(
    ("rows", "clock", "said"),
    [
        (THEIRS, look(authority(THEIRS), ours(THEIRS), public(OURS)), ["w old_answer_cached"]),
        (THEIRS, look(authority(OURS), ours(THEIRS)), ["w old_answer_cached"]),
        (Outcome.NO_DATA, look(authority(Outcome.NO_DATA), public(OURS)), ["w removed_row_cached"]),
        (Outcome.NO_DATA, look(authority(OURS), ours(Outcome.NO_DATA)), ["w new_row_unseen"]),
        (
            Outcome.NO_DATA, look(authority(OURS), authority(Outcome.NO_DATA, name="ns2.dns.cz")),
            ["w authorities_disagree"],
        ),
        (THEIRS, look(authority(THEIRS), ours(THEIRS), public("imap.seznam.cz")), []),
    ],
)  # fmt: skip
def test_a_move_from_or_to_us_is_told_all_the_same(rows: str | Outcome, clock: ClockFacts, said: list[str]) -> None:
    """Once for all rows, with the moment until which the old answer lives; the verdict stays that of the rows."""
    moving = status(all_rows(rows), clock=clock)
    of_clock = [finding for finding in moving.findings if "row" in finding.params]
    assert brief(replace(moving, findings=tuple(of_clock))) == said
    assert {finding.params["row"] for finding in of_clock} <= {ALL_ROWS}
    assert moving.verdict is status(all_rows(rows)).verdict


def test_wrong_signatures_break_a_domain() -> None:
    """Also where they are why our resolver has no rows; nothing else is said around it then."""
    known = status(dns(), BOGUS)
    assert (known.verdict, brief(known)) == (Verdict.BROKEN, ["e dnssec_bogus", "i around_unknown"])
    hidden = status(all_rows(Outcome.SERVFAIL), replace(SPOILED, ds=BOGUS.ds, soa=BOGUS.soa, unchecked=BOGUS.unchecked))
    assert (hidden.verdict, brief(hidden)) == (Verdict.BROKEN, ["e dnssec_bogus", "w dns_servfail"])
