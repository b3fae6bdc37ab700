"""`mailbot playground` as a process: how soon it is ready, what it holds in memory, how soon a first answer comes."""

from __future__ import annotations

import asyncio
import shutil
import statistics
import sys
import time
from dataclasses import dataclass, field

from playwright.async_api import Browser, async_playwright

from bench.processes import resident_mebibytes
from bench.table import Line, print_table
from bot.playground.customers import CUSTOMERS
from bot.playground.slack_people import SUPPORT
from tests.playground.conftest import Tab, open_tab

ROUNDS = 4
PATIENCE = 30.0
READY, MEMORY, ANSWER = 3.0, 200, 400
"""Goals: seconds, MiB, milliseconds."""
DOMAINS = [one.domain for one in CUSTOMERS if one.domain not in ("jinde.example", "mlci.example")][:10]
"""Those with mailboxes here and servers that answer: each asked for once in a process, so nothing is cached."""


@dataclass
class Figures:
    """What was measured, over all rounds."""

    ready: list[float] = field(default_factory=list)
    at_start: list[float] = field(default_factory=list)
    at_end: list[float] = field(default_factory=list)
    answers: list[float] = field(default_factory=list)
    drawn: list[float] = field(default_factory=list)

    @property
    def lines(self) -> list[Line]:
        """The rows of the table."""
        answers = f"request to private message, nothing cached, {len(self.answers)} domains"
        drawn = f"key to answer drawn in Chromium, nothing cached, {len(self.drawn)} domains"
        in_browser = [
            Line(f"{drawn}: median", statistics.median(self.drawn), "ms", goal=ANSWER),
            Line(f"{drawn}: slowest", max(self.drawn), "ms"),
        ]
        return [
            Line("start until ready", statistics.median(self.ready), "s", goal=READY),
            Line("memory, just started", statistics.median(self.at_start), "MiB", goal=MEMORY),
            Line(f"memory after {len(DOMAINS)} answers", statistics.median(self.at_end), "MiB", goal=MEMORY),
            Line(f"{answers}: median", statistics.median(self.answers), "ms", goal=ANSWER),
            Line(f"{answers}: slowest", max(self.answers), "ms"),
            *(in_browser if self.drawn else []),
        ]


async def _round(figures: Figures, browser: Browser | None) -> None:
    """One process from its start to its end; where there is a browser, it asks instead of a bare WebSocket."""
    began = time.perf_counter()
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", "playground", "--port", "0"), stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    try:
        async with asyncio.timeout(PATIENCE):
            address = (await process.stdout.readline()).decode().split()[-1]
            await process.stdout.readuntil(b"Ctrl-C")
            figures.ready.append(time.perf_counter() - began)
            figures.at_start.append(resident_mebibytes(process.pid))
            if browser is not None:
                figures.drawn += await _drawn(browser, address)
                return
            async with open_tab(address) as tab:
                for domain in DOMAINS:
                    figures.answers.append(await _milliseconds(tab, domain))
            figures.at_end.append(resident_mebibytes(process.pid))
    finally:
        process.terminate()
        await process.wait()


async def _milliseconds(tab: Tab, domain: str) -> float:
    """From sending the command to the message with the settings."""
    began = time.perf_counter()
    await tab.ask("command", channel=SUPPORT, command="/mailsettings", text=f"{domain} thunderbird-78")
    await tab.until(lambda told: told["type"] == "message" and domain in str(told["message"]["blocks"]))
    return (time.perf_counter() - began) * 1000


async def _drawn(browser: Browser, address: str) -> list[float]:
    """Milliseconds from the key that sends a command until its answer stands on the page, for each domain."""
    page = await browser.new_page()
    await page.goto(address)
    field, taken = page.get_by_test_id("composer").locator("textarea"), list[float]()
    for number, domain in enumerate(DOMAINS):
        await field.fill(f"/mailsettings {domain} thunderbird-78")
        await field.press("Escape")
        began = time.perf_counter()
        await field.press("Enter")
        await page.get_by_test_id("message").nth(number).wait_for()
        taken.append((time.perf_counter() - began) * 1000)
    await page.close()
    return taken


async def _measure() -> Figures:
    figures, program = Figures(), shutil.which("chromium")
    for _ in range(ROUNDS):
        await _round(figures, None)
    if program is None:
        print("SKIPPED: answers in a browser; there is no chromium (tests/install.sh browser)")
        return figures
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        for _ in range(ROUNDS // 2):
            await _round(figures, browser)
        await browser.close()
    return figures


def run() -> None:
    """Measure and print."""
    print_table(f"`mailbot playground`, {ROUNDS} processes", asyncio.run(_measure()).lines)
