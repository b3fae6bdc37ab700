"""The judgement of rows alone: the short way says what the long one says, and both say it honestly."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.answer import FoundBy
from bot.domain import DomainName
from bot.facts import DnsAnswer, DnsFacts, Outcome, Row
from bot.network.wire import Plain
from bot.provider.profile import ServerName, load_profile
from bot.reply.words import words
from bot.status.model import Verdict
from bot.sweep.rows import LABELS, Judged, judge_plain, judge_rows, status_json

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
PROFILE = load_profile("c4")
KNOWN = {"192.0.2.20": (ServerName("mail20.skok.cz", 20), FoundBy.REVERSE_DNS)}

OURS = Plain(Outcome.FOUND, ("mail8.skok.cz",), ("192.0.2.8",), 300)
MOVED = Plain(Outcome.FOUND, ("mail3.skok.cz",), ("192.0.2.3",), 300)
FOREIGN = Plain(Outcome.FOUND, ("imap.gmail.com",), ("142.250.102.108",), 300)
BY_ADDRESS = Plain(Outcome.FOUND, (), ("192.0.2.20",), 300)
MISSING = Plain(Outcome.NXDOMAIN)
DANGLING = Plain(Outcome.DANGLING, ("gone.skok.cz",))
TIMEOUT = Plain(Outcome.TIMEOUT)


def answer(label: str, plain: Plain) -> DnsAnswer:
    return DnsAnswer(f"{label}.example.cz", "A", plain.outcome, NOW, plain.chain, plain.values, plain.ttl)


def facts(imap: Plain, mail: Plain, pop: Plain, mx: Outcome = Outcome.NXDOMAIN) -> DnsFacts:
    """What DNS says with these rows; the sending row was not asked for."""
    rows = {"imap": imap, "mail": mail, "pop": pop, "smtp": TIMEOUT}
    exchange = DnsAnswer("example.cz", "MX", mx, NOW)
    return DnsFacts("example.cz", **{label: Row(answer(label, plain)) for label, plain in rows.items()}, mx=exchange)


def short(*answers: Plain | None) -> Judged | None:
    servers = [next(filter(None, map(PROFILE.server, plain.chain)), None) if plain else None for plain in answers]
    return judge_plain("example.cz", answers, servers, NOW)


@given(st.tuples(*[st.sampled_from([OURS, MOVED, FOREIGN, BY_ADDRESS, MISSING, DANGLING, TIMEOUT])] * 3))
def test_the_short_way_says_what_the_long_one_says(answers: tuple[Plain, Plain, Plain]) -> None:
    """Whatever the rows are: the same judgement, or none."""
    judged = short(*answers)
    assert judged is None or judged == judge_rows(facts(*answers), PROFILE, KNOWN)


def test_the_short_way_is_for_the_usual_case() -> None:
    """Three rows that lead to one server; one of them not plain is enough for the long way."""
    judged = short(OURS, OURS, OURS)
    assert judged is not None
    assert (judged.verdict, judged.server and judged.server.host) == (Verdict.WORKS, "mail8.skok.cz")
    assert short(OURS, None, OURS) is None
    assert short(None, OURS, OURS) is None
    assert short(OURS, Plain(Outcome.DANGLING, OURS.chain), OURS) is None


@pytest.mark.parametrize(
    ("rows", "verdict", "host", "codes"),
    [
        ((OURS, OURS, OURS), Verdict.WORKS, "mail8.skok.cz", []),
        ((BY_ADDRESS, BY_ADDRESS, BY_ADDRESS), Verdict.WORKS, "mail20.skok.cz", []),
        ((MISSING, OURS, OURS), Verdict.WORKS_BUT, "mail8.skok.cz", ["row_missing"]),
        ((OURS, MISSING, OURS), Verdict.BROKEN, "mail8.skok.cz", ["row_missing"]),
        ((OURS, OURS, TIMEOUT), Verdict.WORKS, "mail8.skok.cz", ["dns_timeout"]),
        ((OURS, TIMEOUT, OURS), Verdict.UNKNOWN, "mail8.skok.cz", ["dns_timeout"]),
        ((OURS, OURS, DANGLING), Verdict.WORKS_BUT, "mail8.skok.cz", ["dns_dangling_cname"]),
        ((OURS, DANGLING, OURS), Verdict.BROKEN, "mail8.skok.cz", ["dns_dangling_cname"]),
        ((OURS, OURS, MOVED), Verdict.WORKS_BUT, None, ["rows_disagree"]),
        ((FOREIGN, FOREIGN, OURS), Verdict.BROKEN, None, ["rows_disagree"]),
        ((MISSING, MISSING, OURS), Verdict.BROKEN, "mail8.skok.cz", ["row_missing", "row_missing"]),
        ((MISSING, MISSING, FOREIGN), Verdict.BROKEN, None, ["dns_nxdomain"]),
        ((FOREIGN, FOREIGN, FOREIGN), Verdict.NOT_OURS, None, ["not_hosted_here"]),
        ((MISSING, MISSING, MISSING), Verdict.BROKEN, None, ["dns_nxdomain"]),
        ((DANGLING, DANGLING, DANGLING), Verdict.BROKEN, None, ["dns_dangling_cname"]),
        ((TIMEOUT, TIMEOUT, TIMEOUT), Verdict.UNKNOWN, None, ["dns_timeout"]),
    ],
)
def test_rows_are_judged(
    rows: tuple[Plain, Plain, Plain], verdict: Verdict, host: str | None, codes: list[str]
) -> None:
    """Verdict, server and findings; no server where the rows disagree."""
    judged = judge_rows(facts(*rows), PROFILE, KNOWN)
    assert judged.verdict is verdict
    assert (judged.server and judged.server.host) == host
    assert [wrong.note.code for wrong in judged.findings] == codes


@pytest.mark.parametrize(
    ("mx", "pop", "verdict", "code"),
    [
        ((), MISSING, Verdict.BROKEN, "dns_no_rows"),
        ((), DANGLING, Verdict.BROKEN, "dns_dangling_cname"),
        ((), FOREIGN, Verdict.BROKEN, "dns_no_rows"),
        (("",), MISSING, Verdict.NOT_OURS, "dns_no_rows"),
        (("mail8.skok.cz",), MISSING, Verdict.BROKEN, "row_missing"),
    ],
)
def test_without_rows_the_exchanger_is_looked_at(mx: tuple[str, ...], pop: Plain, verdict: Verdict, code: str) -> None:
    """As the last resort it tells the server; a domain that takes no mail at all is nobody's fault."""
    exchange = DnsAnswer("example.cz", "MX", Outcome.FOUND if mx else Outcome.NO_DATA, NOW, values=mx)
    judged = judge_rows(replace(facts(MISSING, MISSING, pop), mx=exchange), PROFILE, {})
    assert (judged.verdict, judged.findings[0].note.code) == (verdict, code)


def test_the_status_as_json() -> None:
    """The documented keys; each row with the host it leads to, null where there is none."""
    judged = judge_rows(facts(MISSING, OURS, FOREIGN), PROFILE, KNOWN)
    status = status_json(DomainName("example.cz", "example.cz"), judged, words("en"), NOW)
    assert status["rows"] == {"imap": None, "mail": "mail8.skok.cz", "pop": "imap.gmail.com"}
    assert (status["mail_server"], status["dns_only"], status["checked_at"]) == (None, True, "2026-11-23T12:00:00Z")
    assert [(finding["code"], finding["level"]) for finding in status["findings"]] == [
        ("row_missing", "warning"),
        ("rows_disagree", "error"),
    ]
    assert "imap.gmail.com" in status["findings"][1]["text"]
    fine = status_json(DomainName("a.cz", "a.cz"), judge_rows(facts(OURS, OURS, OURS), PROFILE, {}), words("en"), NOW)
    assert fine["mail_server"] == {
        "host": "mail8.skok.cz", "number": 8, "found_by": "cname", "addresses": ["192.0.2.8"],
    }  # fmt: skip
    assert tuple(fine["rows"]) == LABELS
