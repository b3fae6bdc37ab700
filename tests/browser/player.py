"""A person in front of the playground's page: finds things by what is read on them, as people do."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from playwright.sync_api import Locator, Page, expect

STILL = """async () => {
    const frame = () => new Promise((done) => requestAnimationFrame(done));
    const moving = () =>
        document.getAnimations().filter(({ effect }) => effect.getComputedTiming().iterations !== Infinity);
    do {
        await Promise.allSettled(moving().map(({ finished }) => finished));
        await frame();
        await frame();
    } while (moving().length);
}"""
"""Drawn, and at the end of every movement: half slid away, the side bar is read as a form without words."""


@dataclass
class Player:
    """Somebody who plays. `trouble` is what the browser complained about."""

    page: Page
    trouble: list[str] = field(default_factory=list)
    name: str = ""

    def be(self, name: str) -> None:
        """Play somebody else."""
        self.name = name
        self.page.get_by_test_id("person").get_by_text(re.compile(f"^{name}")).first.click()
        expect(self.page.get_by_test_id("composer")).to_be_visible()

    def reads(self, czech: str, english: str) -> str:
        """What she reads: Jana Czech, the others English."""
        return czech if self.name == "Jana" else english

    def say(self, text: str) -> None:
        """Type into the conversation and send it."""
        field = self.page.get_by_test_id("composer").locator("textarea")
        field.fill(text)
        field.press("Escape")
        field.press("Enter")

    def say_in_thread(self, text: str) -> None:
        """Type into the open thread and send it."""
        field = self.page.get_by_test_id("thread-composer").locator("textarea")
        field.fill(text)
        field.press("Enter")

    def messages(self) -> Locator:
        """What is seen in the conversation."""
        return self.page.get_by_test_id("messages").get_by_test_id("message")

    def last(self, text: str | re.Pattern[str] = "") -> Locator:
        """The newest message with a text in it."""
        return self.messages().filter(has_text=text).last

    def in_thread(self) -> Locator:
        """What is seen in the open thread."""
        return self.page.get_by_test_id("thread").get_by_test_id("message")

    def modal(self) -> Locator:
        """The form on top."""
        return self.page.get_by_test_id("modal")

    def choose(self, where: Locator, menu: str, option: str, *, typing: str = "") -> None:
        """Choose in a menu: it is found by its label or placeholder, and may be typed into."""
        field = where.get_by_role("combobox", name=menu).or_(where.get_by_placeholder(menu)).first
        field.click()
        if typing:
            field.fill(typing)
        self.page.get_by_role("option", name=option, exact=True).first.click()

    def do_with(self, message: Locator, action: str) -> None:
        """Choose in a message's menu of actions."""
        message.hover()
        message.get_by_role("button", name=re.compile("More actions|Další akce")).click()
        self.page.get_by_role("menuitem", name=action).click()

    def open_panel(self, name: str) -> Locator:
        """Open a panel beside the conversation: world, tries, trace."""
        panel = self.page.get_by_test_id(name)
        if not panel.is_visible():
            self.page.get_by_test_id(f"toggle-{name}").click()
        expect(panel).to_be_visible()
        return panel

    def settle(self) -> None:
        """Wait until nothing is being asked for and nothing moves."""
        expect(self.page.locator("[aria-busy=true]")).to_have_count(0)
        self.page.mouse.move(2, 2)
        self.page.evaluate(STILL)
