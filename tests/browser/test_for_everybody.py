"""The page for everybody: axe finds nothing serious, whatever is open; keyboards and narrow screens do."""

from __future__ import annotations

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.browser.conftest import Play
from tests.browser.player import Player

RULES = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]}}


def serious(player: Player) -> list[str]:
    """What would keep somebody out."""
    player.settle()
    found: dict[str, Any] = Axe().run(player.page, options=RULES).response
    return [
        f"{one['id']}: {one['help']}: {[node['html'][:120] for node in one['nodes']]}"
        for one in found["violations"]
        if one["impact"] in ("serious", "critical")
    ]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 380])
def test_axe_finds_nothing_serious(play: Play, scheme: str, width: int) -> None:
    """In the conversation, with an answer, with each panel, in a form and in App Home."""
    petr = play("Petr", color_scheme=scheme)
    petr.say("/mailsettings example.cz outlook-2007")
    expect(petr.last("Outlook 2007")).to_be_visible()
    petr.page.set_viewport_size({"width": width, "height": 800})
    assert serious(petr) == []
    for panel in ("tries", "world", "trace"):
        petr.open_panel(panel)
        assert serious(petr) == []
        petr.page.keyboard.press("Escape")
    petr.page.set_viewport_size({"width": 1280, "height": 800})
    petr.say("/mailsettings")
    expect(petr.modal().get_by_label("Domain or e-mail address")).to_be_visible()
    petr.page.set_viewport_size({"width": width, "height": 800})
    assert serious(petr) == []


def test_nothing_is_cut_off_on_a_narrow_screen(play: Play) -> None:
    """No scrolling to the side at 360 points."""
    jana = play("Jana")
    jana.say("/mailsettings example.cz outlook-2007")
    expect(jana.last("Outlook 2007")).to_be_visible()
    jana.page.get_by_test_id("toggle-tries").click()
    jana.page.set_viewport_size({"width": 360, "height": 740})
    jana.settle()
    assert jana.page.evaluate("document.documentElement.scrollWidth") <= 360
    answer = jana.last("Outlook 2007")
    answer.get_by_role("button", name="POP3").click()
    expect(answer).to_contain_text("995")


def test_what_happens_elsewhere_does_not_scroll_a_reader_back(play: Play) -> None:
    """Far down in a long answer, with a menu open, a change of the message itself leaves everything in its place."""
    petr = play("Petr", viewport={"width": 1280, "height": 420})
    petr.say("/mailsettings example.cz outlook-2007")
    answer = petr.last("Outlook 2007")
    button = answer.get_by_role("button", name="POP3")
    button.scroll_into_view_if_needed()
    before = petr.page.evaluate(SCROLLED)
    assert before > 0
    button.click()
    expect(answer).to_contain_text("995")
    petr.settle()
    assert petr.page.evaluate(SCROLLED) > before / 2
    menu = answer.get_by_placeholder("What does it say?")
    menu.click()
    option = petr.page.get_by_role("option").first
    expect(option).to_be_in_viewport()


SCROLLED = "document.querySelector('[data-testid=messages]').scrollTop"


def test_a_menu_works_by_keyboard_alone(play: Play) -> None:
    """Open, move, choose; Escape closes without choosing."""
    petr = play("Petr")
    petr.say("/mailsettings example.cz outlook-2007")
    answer = petr.last("Outlook 2007")
    menu = answer.get_by_placeholder("System version …")
    menu.focus()
    menu.press("ArrowDown")
    expect(menu).to_have_attribute("aria-expanded", "true")
    menu.press("Escape")
    expect(menu).to_have_attribute("aria-expanded", "false")
    menu.press("ArrowDown")
    menu.press("End")
    menu.press("Enter")
    expect(answer).to_contain_text("Windows")
    expect(menu).not_to_have_value("")
