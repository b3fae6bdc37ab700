"""The direction of imports: what is pure stays pure, Slack stays in its place, and asking needs no Slack."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import bot

PACKAGE = Path(bot.__file__).parent
ROOT = PACKAGE.parent
PURE = (
    *("domain", "request", "letter", "phrase", "facts", "answer"),
    *("advice", "catalogue", "provider", "reply", "status", "symptoms", "network.wire"),
    *(f"sweep.{name}" for name in ("input", "packed", "ready", "result", "rows", "compare", "expect")),
    *(f"sweep.{name}" for name in ("summary", "charts", "page", "report")),
)
EDGES = {"asyncio", "socket", "ssl", "dns", "aiohttp", "sqlite3", "slack_bolt", "slack_sdk"}
KNOW_SLACK = ("slack", "serve", "doctor", "playground")


def modules() -> Iterator[tuple[str, set[str]]]:
    """Every module with the names of all that it imports, wherever in it."""
    for file in sorted(PACKAGE.rglob("*.py")):
        name = ".".join(file.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
        nodes = list(ast.walk(ast.parse(file.read_text("utf-8"))))
        plain = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
        froms = [node for node in nodes if isinstance(node, ast.ImportFrom)]
        assert not any(node.level for node in froms), f"{name}: relative imports hide where they lead"
        yield name, plain | {f"{node.module}.{alias.name}" for node in froms for alias in node.names}


def is_within(name: str, parts: tuple[str, ...]) -> bool:
    """True for one of these parts of the package, or a module in it."""
    return any(name == f"bot.{part}" or name.startswith(f"bot.{part}.") for part in parts)


def test_pure_modules_import_no_edge() -> None:
    """No network, no database, no Slack; and nothing of ours that is not pure itself."""
    pure = [(name, imported) for name, imported in modules() if is_within(name, PURE)]
    assert len(pure) > 20
    for name, imported in pure:
        assert not EDGES & {other.partition(".")[0] for other in imported}, name
        ours = {other for other in imported if other.startswith("bot.")}
        assert all(is_within(other, PURE) for other in ours), name


def test_only_a_few_modules_know_slack() -> None:
    """The edge, what starts and examines it, and the playground that plays it."""
    for name, imported in modules():
        if not is_within(name, KNOW_SLACK):
            slack = {other for other in imported if other.startswith(("slack_", "bot.slack"))}
            assert not slack, name


def test_pure_modules_know_no_clock() -> None:
    """Moments come in as arguments."""
    for file in PACKAGE.rglob("*.py"):
        name = ".".join(file.relative_to(ROOT).with_suffix("").parts)
        if is_within(name, PURE):
            called = {
                node.attr for node in ast.walk(ast.parse(file.read_text("utf-8"))) if isinstance(node, ast.Attribute)
            }
            assert not {"now", "utcnow", "today", "monotonic", "perf_counter"} & called - allowed_attributes(name), name


def allowed_attributes(name: str) -> set[str]:
    """`judge.now` is a moment that came in."""
    return {"now"} if name.startswith(("bot.advice.", "bot.status.")) else set()


@pytest.mark.parametrize("start", ["import bot.cli, bot.compose, bot.lookup, bot.reply.text, bot.reply.as_json", None])
def test_asking_for_settings_loads_no_slack(start: str | None) -> None:
    """Neither what the command line and the way of an answer import, nor a real start of it."""
    arguments = ["-c", start] if start else ["-m", "bot", "settings", "not_a_domain"]
    ran = subprocess.run(
        [sys.executable, "-X", "importtime", *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    loaded = {line.rpartition("|")[2].strip().partition(".")[0] for line in ran.stderr.splitlines() if "|" in line}
    assert "bot" in loaded
    assert not loaded & {"slack_bolt", "slack_sdk", "aiohttp"}
