"""The playground as its users meet it: started by its command, looked at in a real browser."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Locator, ViewportSize, expect, sync_playwright

from tests.browser.player import Player

ROOT = Path(__file__).parent.parent.parent
READY = "The playground is at "
PATIENCE = 8_000
"""Milliseconds that anything may take to appear."""
PICTURE: ViewportSize = {"width": 1320, "height": 800}
SIZE: ViewportSize = {"width": 1280, "height": 860}

Play = Callable[..., Player]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Debian's Chromium, without a window. Playwright keeps an event loop running meanwhile, so no longer than needed:
    other modules have loops of their own."""
    program = _required_program()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def address() -> Iterator[str]:
    """A fresh playground, by its command; Ctrl-C ends it."""
    command = [sys.executable, "-m", "bot", "playground", "--port", "0"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        first = process.stdout.readline()
        assert first.startswith(READY), first
        yield first.removeprefix(READY).strip()
        process.send_signal(signal.SIGINT)
        assert process.wait(10) == 130


@pytest.fixture
def play(browser: Browser, address: str) -> Iterator[Play]:
    """Opens the page: `play("Jana")`. At the end nothing may have gone wrong in the browser, nor broken a rule."""
    players: list[Player] = []

    def open_page(who: str = "Jana", **options: object) -> Player:
        context = browser.new_context(**{"viewport": SIZE, "reduced_motion": "reduce", **options})  # type: ignore[arg-type]
        page = context.new_page()
        page.set_default_timeout(PATIENCE)
        player = Player(page)
        page.on("console", lambda message: player.trouble.extend(_trouble(message)))
        page.on("pageerror", lambda error: player.trouble.append(str(error)))
        page.goto(address)
        players.append(player)
        player.be(who)
        return player

    yield open_page
    for player in players:
        assert player.trouble == []
        expect(page_breaches(player)).to_have_attribute("data-count", "0")
        player.page.context.close()


@pytest.fixture
def snap(tmp_path: Path) -> Callable[[Player, str], None]:
    """Keeps a picture of the page, in the folder named by SCREENSHOTS if there is one; small enough for a README."""
    folder = Path(os.environ.get("SCREENSHOTS") or tmp_path)

    def take(player: Player, name: str) -> None:
        path = folder / f"{name}.jpeg"
        player.page.set_viewport_size(PICTURE)
        player.settle()
        player.page.screenshot(path=path, type="jpeg", quality=80, animations="disabled")
        player.page.set_viewport_size(SIZE)
        assert 10_000 < path.stat().st_size < 200_000

    return take


def page_breaches(player: Player) -> Locator:
    """The counter of broken rules."""
    return player.page.get_by_test_id("breaches")


def _trouble(message: ConsoleMessage) -> Iterator[str]:
    if message.type in ("error", "warning"):
        yield message.text


def _required_program() -> str:
    """Chromium; skip where there is none. In CI, as root, a full run is expected, so there it is a failure."""
    program = shutil.which("chromium") or shutil.which("chromium-browser")
    if program is None:
        message = "TESTS IN A BROWSER LEFT OUT: there is no chromium; run tests/install.sh browser"
        if os.environ.get("CI") == "true" and os.geteuid() == 0:
            pytest.fail(message)
        pytest.skip(message)
    return program
