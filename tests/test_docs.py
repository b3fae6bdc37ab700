"""What the product has, its documentation names; what the documentation names, the product has."""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path

import pytest

from bot.cli import command_names
from bot.config import NOT_YET, Config

ROOT = Path(__file__).parent.parent
VARIABLES = {field.metadata["name"] for field in fields(Config)}


def text(name: str) -> str:
    """A file of the repository."""
    return (ROOT / name).read_text("utf-8")


def test_every_setting_is_explained() -> None:
    """Each variable stands in the documentation and in the example, and no other one does."""
    named = set(re.findall(r"`((?:MAILBOT|SLACK)_[A-Z_]+)`", text("docs/configuration.md")))
    assert named == VARIABLES | NOT_YET | {"MAILBOT_CONFIG"}
    assert set(re.findall(r"(?:MAILBOT|SLACK)_[A-Z_]+", text(".env.example"))) >= VARIABLES


@pytest.mark.parametrize("command", sorted(command_names()))
def test_every_command_is_in_the_readme(command: str) -> None:
    """By its whole name."""
    assert f"mailbot {command}" in text("README.md")


def test_links_lead_somewhere() -> None:
    """Every relative link of a Markdown file names a file that is there."""
    pages = [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")]
    for page in pages:
        for target in re.findall(r"\]\((?!https?:)([^)#]+)", page.read_text("utf-8")):
            assert (page.parent / target).exists(), f"{page.name}: {target}"


def test_the_two_commands_of_the_readme_are_made() -> None:
    """`make demo` and `make test` exist, and CI runs the second."""
    assert re.search(r"^demo:", text("Makefile"), re.MULTILINE)
    assert re.search(r"^test:", text("Makefile"), re.MULTILINE)
    assert "make test" in text(".ci/run")
