"""The judgement of rows alone: the short way says what the long one says, and both say it honestly."""

from __future__ import annotations

import itertools
import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.advice.sight import Judge
from bot.answer import FoundBy
from bot.facts import DnsAnswer, DnsFacts, Outcome, Row
from bot.network.wire import Plain
from bot.provider.profile import ServerName
from bot.request import LANGUAGES
from bot.status.facts import StatusFacts
from bot.status.judge import Status, judge_status
from bot.status.model import Verdict
from bot.sweep.rows import LABELS, NOT_ASKED, judge_plain, rows_json
from tests.advice.build import PROFILE, STORE
from tests.advice.world import CATALOGUE, EXAMPLE

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
KNOWN = {"192.0.2.20": (ServerName("mail20.skok.cz", 20), FoundBy.REVERSE_DNS)}

OURS = Plain(Outcome.FOUND, ("mail8.skok.cz",), ("192.0.2.8",), 300)
SAME = Plain(Outcome.FOUND, ("mail8.c4.cz",), ("192.0.2.8",), 300)
MOVED = Plain(Outcome.FOUND, ("mail3.skok.cz",), ("192.0.2.3",), 300)
FOREIGN = Plain(Outcome.FOUND, ("imap.gmail.com",), ("142.250.102.108",), 300)
BY_ADDRESS = Plain(Outcome.FOUND, (), ("192.0.2.20",), 300)
MISSING = Plain(Outcome.NXDOMAIN)
EMPTY = Plain(Outcome.NO_DATA)
DANGLING = Plain(Outcome.DANGLING, ("gone.skok.cz",))
LOOP = Plain(Outcome.LOOP, ("loop.example.cz",))
SERVFAIL = Plain(Outcome.SERVFAIL)
TIMEOUT = Plain(Outcome.TIMEOUT)
ALL = (OURS, SAME, MOVED, FOREIGN, BY_ADDRESS, MISSING, EMPTY, DANGLING, LOOP, SERVFAIL, TIMEOUT)
OPEN = (SERVFAIL, TIMEOUT)


def row(label: str, plain: Plain) -> Row:
    """A row as its answer tells it; IPv6 is asked for only where there is no IPv4."""
    name = f"{label}.example.cz"
    ipv4 = DnsAnswer(name, "A", plain.outcome, NOW, plain.chain, plain.values, plain.ttl)
    return Row(ipv4, DnsAnswer(name, "AAAA", Outcome.NO_DATA, NOW) if plain is EMPTY else None)


def facts(imap: Plain, mail: Plain, pop: Plain, mx: Outcome | tuple[str, ...] = Outcome.NXDOMAIN) -> StatusFacts:
    """What DNS says with these rows; the sending row was not asked for."""
    rows = {"imap": imap, "mail": mail, "pop": pop, "smtp": TIMEOUT}
    outcome, values = (mx, ()) if isinstance(mx, Outcome) else (Outcome.FOUND, mx)
    exchange = DnsAnswer("example.cz", "MX", outcome, NOW, values=values)
    dns = DnsFacts("example.cz", **{label: row(label, plain) for label, plain in rows.items()}, mx=exchange)
    return StatusFacts(EXAMPLE, dns, KNOWN, is_probed=False, not_asked=NOT_ASKED)


def long(seen: StatusFacts) -> Status:
    """As everybody's status is judged."""
    return judge_status(seen, PROFILE, Judge(STORE, CATALOGUE, NOW))


def short(*answers: Plain | None) -> Status | None:
    servers = [next(filter(None, map(PROFILE.server, plain.chain)), None) if plain else None for plain in answers]
    return judge_plain(EXAMPLE, answers, servers, NOW)


def codes(status: Status) -> list[str]:
    return [finding.code for finding in status.findings]


@given(st.tuples(*[st.sampled_from(ALL)] * 3))
def test_the_short_way_says_what_the_long_one_says(answers: tuple[Plain, Plain, Plain]) -> None:
    """Whatever the rows are: the same judgement to the letter, or none."""
    quick, careful = short(*answers), long(facts(*answers))
    assert quick is None or quick == careful
    assert quick is None or json.dumps(rows_json(quick, "cs")) == json.dumps(rows_json(careful, "cs"))


@given(st.tuples(*[st.sampled_from(ALL)] * 3), st.sampled_from([*Outcome, ("",), ("mail8.skok.cz",), ("mx.cz",)]))
def test_nothing_is_said_of_what_was_not_asked(
    answers: tuple[Plain, Plain, Plain], mx: Outcome | tuple[str, ...]
) -> None:
    """Not a word of the sending row, of connections, or of where new mail goes besides."""
    said = rows_json(long(facts(*answers, mx)), "en")
    assert set(said["rows"]) == set(LABELS)
    assert "smtp.example.cz" not in json.dumps(said)
    assert not {"mx_not_known", "sending_elsewhere", "not_awaited"} & {one["code"] for one in said["findings"]}
    assert (said["services"], said["clients"], said["clock"], said["dns_only"]) == ([], [], None, True)


@given(st.tuples(*[st.sampled_from(ALL)] * 3))
def test_an_open_question_is_never_an_error(answers: tuple[Plain, Plain, Plain]) -> None:
    """Rows that did not answer make nothing worse than those that did."""
    blamed = {finding.params.get("row", "") for finding in long(facts(*answers)).findings if finding.level == "error"}
    unknown = {f"{label}.example.cz" for label, plain in zip(LABELS, answers, strict=True) if plain in OPEN}
    assert not blamed & unknown


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_finding_says_what_is_what_should_be_and_what_to_do(language: str) -> None:
    """In each language."""
    for imap, mail, pop in itertools.product(ALL, repeat=3):
        for finding in rows_json(long(facts(imap, mail, pop)), language)["findings"]:
            assert all(finding[part] for part in ("text", "found", "expected", "fix")), finding


def test_the_short_way_is_for_the_usual_case() -> None:
    """Three rows that lead to one server; one of them not plain is enough for the long way."""
    judged = short(OURS, OURS, OURS)
    assert judged is not None
    assert (judged.verdict, judged.server and judged.server.host) == (Verdict.WORKS, "mail8.skok.cz")
    assert short(OURS, None, OURS) is None
    assert short(None, OURS, OURS) is None
    assert short(OURS, Plain(Outcome.DANGLING, OURS.chain), OURS) is None


@pytest.mark.parametrize(
    ("rows", "verdict", "host", "found"),
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
    rows: tuple[Plain, Plain, Plain], verdict: Verdict, host: str | None, found: list[str]
) -> None:
    """Verdict, server and findings; no server where the rows disagree."""
    judged = long(facts(*rows))
    assert judged.verdict is verdict
    assert (judged.server and judged.server.host) == host
    assert codes(judged) == found


@pytest.mark.parametrize(
    ("mx", "pop", "verdict", "code"),
    [
        ((), MISSING, Verdict.BROKEN, "dns_no_rows"),
        ((), DANGLING, Verdict.BROKEN, "dns_dangling_cname"),
        ((), FOREIGN, Verdict.BROKEN, "dns_no_rows"),
        (("",), MISSING, Verdict.NOT_OURS, "mx_elsewhere"),
        (("mail8.skok.cz",), MISSING, Verdict.BROKEN, "row_missing"),
    ],
)
def test_without_rows_the_exchanger_is_looked_at(mx: tuple[str, ...], pop: Plain, verdict: Verdict, code: str) -> None:
    """As the last resort it tells the server; a domain that takes no mail at all is nobody's fault."""
    judged = long(facts(MISSING, MISSING, pop, mx or Outcome.NO_DATA))
    assert (judged.verdict, codes(judged)[0]) == (verdict, code)


def test_the_status_as_json() -> None:
    """The documented keys; each row with the host it leads to, null where there is none; levels by who is told."""
    told = rows_json(long(facts(MISSING, OURS, FOREIGN)), "en")
    assert told["rows"] == {"imap": None, "pop": "imap.gmail.com", "mail": "mail8.skok.cz"}
    assert (told["mail_server"], told["checked_at"]) == (None, "2026-11-23T12:00:00Z")
    assert [(finding["code"], finding["level"]) for finding in told["findings"]] == [
        ("rows_disagree", "error"),
        ("row_missing", "warning"),
    ]
    assert told["findings"][0]["found"] == "mail → mail8.skok.cz, but pop → imap.gmail.com"
    fine = short(OURS, OURS, OURS)
    assert fine is not None
    assert rows_json(fine, "en")["mail_server"] == {
        "host": "mail8.skok.cz", "number": 8, "found_by": "cname", "addresses": ["192.0.2.8"],
    }  # fmt: skip


def test_a_row_to_add_is_shown_as_it_is_to_be_pasted() -> None:
    """With the server that the other rows lead to."""
    (finding,) = rows_json(long(facts(OURS, OURS, MISSING)), "cs")["findings"]
    assert finding["fix"] == "přidat: pop.example.cz. IN CNAME mail8.skok.cz."
