"""The summary of a sweep and its report: counted right, one line for a cause, harmless whatever comes from outside."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser

import pytest

from bot.reply.words import words
from bot.request import LANGUAGES
from bot.status.model import Verdict
from bot.sweep.charts import server_bars, verdict_bar
from bot.sweep.compare import find_change
from bot.sweep.expect import Place
from bot.sweep.page import SHOWN_AT_ONCE, render_page
from bot.sweep.report import MOST_CAUSES, MOST_SERVERS, change_bars, day_bars, render_markdown, server_rows, share
from bot.sweep.summary import ENDS, MOST_NAMED, Summary
from tests.sweep.build import result

ENGLISH = words("en")
NOW = datetime(2026, 11, 23, 14, 3, tzinfo=UTC)
EVIL = '<script>alert(1)</script>|`x`*b*[l](http://evil.cz)"\u202e\n# h'


class Page(HTMLParser):
    """The elements of a page, its text, and what it would load."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.loads: list[str] = []
        self.text = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.loads += [name for name, _ in attrs if name in ("src", "href", "srcset") or name.startswith("on")]

    def handle_data(self, data: str) -> None:
        self.text += data + " "


@pytest.fixture
def summary() -> Summary:
    return Summary(NOW)


def ending(days: float) -> list[dict[str, object]]:
    return [{"sni": True, "not_after": (NOW + timedelta(days=days)).isoformat()}]


def both(summary: Summary) -> tuple[str, str]:
    """Markdown and the page's text, in English."""
    return render_markdown(summary, "en"), Page(render_page(summary, "en")).text


def test_one_cause_on_one_server_is_one_line(summary: Summary) -> None:
    """A thousand domains with one trouble are one line with a count and the first of them."""
    for number in range(1_000):
        summary.add(result(f"customer-{number}.cz", "broken", codes=["certificate_expired", "certificate_expired"]))
    summary.add(result("other.cz", "broken", "mail3.skok.cz", codes=["certificate_expired"]))
    for text in both(summary):
        assert text.count("expired it is") == 2
        assert "1,000" in text
        assert "customer-9.cz" in text
        assert f"customer-{MOST_NAMED}.cz" not in text
    (cause, group), _ = summary.worst_causes
    assert (cause.server, group.count, len(group.domains)) == ("mail8.skok.cz", 1_000, MOST_NAMED)


def test_causes_come_worst_first_then_by_number(summary: Summary) -> None:
    """Errors of one domain before warnings of many."""
    for number in range(3):
        summary.add(result(f"a{number}.cz", "works_but", warnings=["row_missing"]))
    summary.add(result("b.cz", "broken", None, codes=["port_refused"]))
    assert [cause.code for cause, _ in summary.worst_causes] == ["port_refused", "row_missing"]
    assert summary.has_errors


@pytest.mark.parametrize(
    ("days", "step"),
    [(-0.1, "ended"), (0, "0–6"), (6.9, "0–6"), (7, "7–13"), (29, "14–29"), (30, "30–59"), (90, "90 and more")],
)
def test_days_fall_into_steps(summary: Summary, days: float, step: str) -> None:
    """Each end in one step, the steps without gaps."""
    summary.add(result(services=ending(days)))
    assert [bar.label for bar in day_bars(summary, ENGLISH) if bar.count] == [step]
    assert len(summary.histogram) == len(ENDS) + 1
    for text in both(summary):
        assert step in text


def test_nothing_from_outside_formats_links_or_runs(summary: Summary) -> None:
    """Names and texts of a hostile file stay text, in both forms."""
    evil = result(EVIL, "broken", EVIL, codes=[EVIL], services=ending(3))
    summary.compared_with = EVIL
    summary.add(evil)
    for before in (None, result(EVIL, "works", "mail8.skok.cz"), result(EVIL, "works", EVIL)):
        change = find_change(before, evil)
        assert change is not None
        summary.add_change(change)
    page = Page(render_page(summary, "en"))
    assert "script" not in page.tags
    assert page.loads == []
    assert "<script>alert(1)</script>" in page.text
    markdown = render_markdown(summary, "en")
    assert "<script" not in markdown
    assert "\u202e" not in markdown + page.text
    assert not re.search(r"(?<!\\)[`\[]|http://", markdown)
    rows = [line for line in markdown.splitlines() if line.startswith("|")]
    assert all("script" not in line or re.search(r"\\\|", line) for line in rows)


def test_changes_and_places_have_tables(summary: Summary) -> None:
    """Moves, other turns, and where domains were expected."""
    for text in both(summary):
        assert "Moved" not in text
    summary.compared_with = "old.jsonl"
    for text in both(summary):
        assert "None." in text
    for before, after in (
        (result("a.cz"), result("a.cz", server="mail3.skok.cz")),
        (result("b.cz"), result("b.cz", "broken", codes=["port_refused"])),
        (None, result("c.cz")),
        (result("d.cz"), result("d.cz", "not_ours", None)),
    ):
        change = find_change(before, after)
        assert change is not None
        summary.add_change(change)
    summary.places.update({Place.MOVED: 3, Place.NOT_MOVED: 1})
    for text in both(summary):
        for said in ("mail3.skok.cz", "no server of ours", "new here", "not moved", "old.jsonl"):
            assert said in text


def test_many_servers_and_causes_are_told_shortly(summary: Summary) -> None:
    """The largest ones, and how many more."""
    for number in range(MOST_CAUSES + 10):
        summary.add(result(f"a{number}.cz", "broken", f"mail{number}.skok.cz", codes=["port_refused"]))
    summary.dns_only = True
    for text in both(summary):
        assert f"others: {MOST_CAUSES + 10 - MOST_SERVERS}" in text
        assert f"first {MOST_CAUSES} of {MOST_CAUSES + 10}" in text
        assert "DNS rows alone" in text


def test_few_domains_are_named_at_once(summary: Summary) -> None:
    """Without a click; more of them behind one."""
    for number in range(SHOWN_AT_ONCE):
        summary.add(result(f"a{number}.cz", "broken", codes=["port_refused"]))
    assert "details" not in Page(render_page(summary, "en")).tags
    summary.add(result("last.cz", "broken", codes=["port_refused"]))
    assert "details" in Page(render_page(summary, "en")).tags


def test_a_sweep_of_nothing_has_a_report(summary: Summary) -> None:
    """No domains: no figures, no division by them."""
    for text in both(summary):
        assert "domains: 0 ·" in text
    assert "rect" not in verdict_bar({}, ENGLISH)
    assert "rect" not in server_bars([], ENGLISH)


def test_the_picture_adds_up(summary: Summary) -> None:
    """The pieces of the bar are as wide as their share."""
    bar = verdict_bar({Verdict.WORKS: 3, Verdict.BROKEN: 1}, ENGLISH)
    assert re.findall(r' width="([\d.]+)"', bar) == ["570.0", "190.0"]


def test_domains_of_nobody_are_counted_too(summary: Summary) -> None:
    """Behind the servers, however many they are: the bars add up to all domains."""
    for number in range(5):
        summary.add(result(f"a{number}.cz", "not_ours", None))
    summary.add(result("b.cz"))
    rows = server_rows(summary, ENGLISH)
    assert [(name, sum(counts.values())) for name, counts in rows] == [("mail8.skok.cz", 1), ("no server of ours", 5)]


def test_codes_count_domains(summary: Summary) -> None:
    """Each domain once for a code, however often and with whatever level; the worst level counts."""
    summary.add(result("a.cz", "broken", codes=["x", "x"], warnings=["x"]))
    summary.add(result("b.cz", "works_but", "mail3.skok.cz", warnings=["x", "y"]))
    assert summary.worst_codes == [("x", "error", 2), ("y", "warning", 1)]


def test_changes_are_drawn_largest_first(summary: Summary) -> None:
    """Moves and turns side by side, turns in the colour of what is now."""
    for number in range(3):
        change = find_change(result(f"a{number}.cz"), result(f"a{number}.cz", "broken", codes=["x"]))
        assert change is not None
        summary.add_change(change)
    move = find_change(result("b.cz"), result("b.cz", server="mail3.skok.cz"))
    assert move is not None
    summary.add_change(move)
    assert [(bar.label, bar.count, bar.kind) for bar in change_bars(summary, ENGLISH)] == [
        ("works → broken", 3, "broken"),
        ("mail8.skok.cz → mail3.skok.cz", 1, "moved"),
    ]


@pytest.mark.parametrize(("count", "text"), [(1, "<1%"), (10, "1%"), (500, "50%"), (1_000, "100%")])
def test_shares_are_whole_percents(count: int, text: str) -> None:
    """And nothing that is there is told as nothing."""
    assert share(count, 1_000, ENGLISH) == text


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_report_speaks_every_language(summary: Summary, language: str) -> None:
    """Heads, verdicts and figures as people of that language write them; no English is left in."""
    summary.compared_with = "old.jsonl"
    for number in range(1_200):
        summary.add(result(f"a{number}.cz", "broken", codes=["port_refused"], services=ending(number)))
    for text in (render_markdown(summary, language), Page(render_page(summary, language)).text):
        assert words(language).text("sweep.title") in text
        assert words(language).text("status.word_broken") in text
        assert words(language).number(1_200) in text
        assert ("domains" in text) is (language == "en")
    assert f'<html lang="{language}">' in render_page(summary, language)
