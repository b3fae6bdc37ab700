"""The summary of a sweep and its report: counted right, one line for a cause, harmless whatever comes from outside."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser

import pytest

from bot.status.model import Verdict
from bot.sweep.charts import server_bars, verdict_bar
from bot.sweep.compare import find_change
from bot.sweep.expect import Place
from bot.sweep.page import SHOWN_AT_ONCE, render_page
from bot.sweep.report import MOST_CAUSES, MOST_SERVERS, render_markdown
from bot.sweep.summary import ENDS, MOST_NAMED, Summary
from tests.sweep.build import result

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
    """Markdown and the page's text."""
    return render_markdown(summary), Page(render_page(summary)).text


def test_one_cause_on_one_server_is_one_line(summary: Summary) -> None:
    """A thousand domains with one trouble are one line with a count and the first of them."""
    for number in range(1_000):
        summary.add(result(f"customer-{number}.cz", "broken", codes=["certificate_expired", "certificate_expired"]))
    summary.add(result("other.cz", "broken", "mail3.skok.cz", codes=["certificate_expired"]))
    for text in both(summary):
        assert len(re.findall(r"certificate\\?_expired(?! it is)", text)) == 2
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
    assert [title for title, count in summary.histogram if count] == [step]
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
    page = Page(render_page(summary))
    assert "script" not in page.tags
    assert page.loads == []
    assert "<script>alert(1)</script>" in page.text
    markdown = render_markdown(summary)
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
        for said in ("mail3.skok.cz", "nowhere of ours", "new here", "not moved", "old.jsonl"):
            assert said in text


def test_many_servers_and_causes_are_told_shortly(summary: Summary) -> None:
    """The largest ones, and how many more."""
    for number in range(MOST_CAUSES + 10):
        summary.add(result(f"a{number}.cz", "broken", f"mail{number}.skok.cz", codes=["port_refused"]))
    summary.dns_only = True
    for text in both(summary):
        assert f"{MOST_CAUSES + 10 - MOST_SERVERS} others" in text
        assert f"first {MOST_CAUSES} of {MOST_CAUSES + 10}" in text
        assert "DNS rows alone" in text


def test_few_domains_are_named_at_once(summary: Summary) -> None:
    """Without a click; more of them behind one."""
    for number in range(SHOWN_AT_ONCE):
        summary.add(result(f"a{number}.cz", "broken", codes=["port_refused"]))
    assert "details" not in Page(render_page(summary)).tags
    summary.add(result("last.cz", "broken", codes=["port_refused"]))
    assert "details" in Page(render_page(summary)).tags


def test_a_sweep_of_nothing_has_a_report(summary: Summary) -> None:
    """No domains: no figures, no division by them."""
    for text in both(summary):
        assert "0 domains" in text
    assert "rect" not in verdict_bar({})
    assert "rect" not in server_bars([])


def test_the_picture_adds_up(summary: Summary) -> None:
    """The pieces of the bar are as wide as their share."""
    bar = verdict_bar({Verdict.WORKS: 3, Verdict.BROKEN: 1})
    assert re.findall(r' width="([\d.]+)"', bar) == ["570.0", "190.0"]
