"""What ten telling clients are answered, whole, in each language: read the files in tests/golden as an agent would.

After a change of wording: `UPDATE_GOLDEN=1 pytest tests/reply/test_golden.py`, then read the difference.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from bot.reply.customer import customer_text
from bot.reply.diagnosis import diagnosis_lines
from bot.reply.page import plain
from bot.reply.settings import settings_page
from bot.reply.text import render_text
from bot.reply.words import words
from bot.request import LANGUAGES
from tests.advice.test_diagnosis import TOLD
from tests.advice.world import CATALOGUE, answer_for

CLIENTS = ("outlook-2007", "outlook-2007-xp", "outlook-2013", "outlook-365", "thunderbird-78", "ios-9", "ios-12",
           "apple-mail-10.10", "android-email-4", "printer")  # fmt: skip
FOLDER = Path(__file__).parents[1] / "golden"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("client", CLIENTS)
def test_the_whole_answer(client: str, language: str) -> None:
    """The agent's page as the terminal shows it, and below it the customer's text."""
    answer = answer_for(f"example.cz {client}")
    page = render_text(settings_page(answer, language, CATALOGUE), width=110)
    compare(f"{client}.{language}.txt", f"{page}\n{'-' * 20}\n{customer_text(answer, language)}\n")


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_said_to_reports(language: str) -> None:
    """For each report and what was seen: what the agent reads while the customer waits."""
    said = dict[str, None]()
    for typed, server, _ in TOLD:
        lines = diagnosis_lines(answer_for(f"example.cz {typed}", server), words(language))
        said["\n".join((f"> example.cz {typed}", *map(plain, lines)))] = None
    compare(f"reports.{language}.txt", "\n\n".join(said) + "\n")


def compare(name: str, text: str) -> None:
    """Hold a text against its golden file, or write the file anew when asked to."""
    file = FOLDER / name
    if os.environ.get("UPDATE_GOLDEN"):
        file.write_text(text, "utf-8")
    assert text == file.read_text("utf-8")


def test_every_golden_text_is_compared() -> None:
    """No file is left over from a client that is not asked about any more."""
    wanted = {f"{what}.{language}.txt" for what in (*CLIENTS, "reports") for language in LANGUAGES}
    assert {file.name for file in FOLDER.iterdir()} == wanted
