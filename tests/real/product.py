"""The product from outside: one process for one question, as a person at a terminal runs it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from tests.real.world import World

ROOT = Path(__file__).parents[2]
TIMEOUT = 1.5
"""MAILBOT_TIMEOUT of every run, in seconds: some questions here are never answered."""


@dataclass
class Run:
    """What a process said and how it ended."""

    status: int
    stdout: str
    stderr: str

    @cached_property
    def json(self) -> dict[str, Any]:
        """Standard output, which is one JSON object."""
        return json.loads(self.stdout)  # type: ignore[no-any-return]

    @property
    def refusal(self) -> str | None:
        """The code of the error, if there is one."""
        error = self.json.get("error")
        return error["code"] if error else None

    def codes(self, kind: str) -> set[str]:
        """The codes of the `reasons` or `warnings`."""
        return {note["code"] for note in self.json[kind]}

    def text(self, code: str) -> str:
        """Everything said under a code."""
        notes = [*self.json["reasons"], *self.json["warnings"]]
        return "\n".join(note["text"] for note in notes if note["code"] == code)


@dataclass(frozen=True)
class Ask:
    """Runs `mailbot settings` and `mailbot status` in a world."""

    world: World

    def __call__(self, words: str, *options: str, name_servers: tuple[int, ...] = (), **settings: str) -> Run:
        """Ask with --json."""
        return self.aloud(words, "--json", *options, name_servers=name_servers, **settings)

    def aloud(self, words: str, *options: str, name_servers: tuple[int, ...] = (), **settings: str) -> Run:
        """Ask as people do. Never a traceback, whatever happens."""
        return self._run(["settings", *words.split(), *options], name_servers, settings)

    def status(self, domain: str, *options: str, name_servers: tuple[int, ...] = (), **settings: str) -> Run:
        """Ask for a domain's status with --json."""
        return self._run(["status", domain, "--json", *options], name_servers, settings)

    def _run(self, words: list[str], name_servers: tuple[int, ...], settings: dict[str, str]) -> Run:
        own = self.world.environment(*name_servers) | {"MAILBOT_TIMEOUT": str(TIMEOUT)} | settings
        command = [sys.executable, "-m", "bot", *words]
        done = subprocess.run(
            command, cwd=ROOT, env=_clean_environment() | own, capture_output=True, text=True, timeout=30
        )
        assert "Traceback" not in done.stderr, done.stderr
        return Run(done.returncode, done.stdout, done.stderr)


def _clean_environment() -> dict[str, str]:
    """This process's variables without anybody's settings of the bot."""
    return {name: value for name, value in os.environ.items() if not name.startswith(("MAILBOT_", "SLACK_"))}
