"""How long a command takes, as a whole process, beside one that only imports the libraries it stands on."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import time
from pathlib import Path

from bench.scene import Scene, customer
from bench.table import Line, in_turn, print_table
from tests.real.loopback import claimed_stretch
from tests.real.world import open_folder

ROUNDS = 15
LIMIT = 2.5
NOT_NEEDED = ("slack_bolt", "slack_sdk", "aiohttp", "prometheus_client", "sqlalchemy")

PYTHON = ["-c", "pass"]
BARE = ["-c", "import dns.message, dns.asyncquery, cryptography.x509"]
SETTINGS = ["-m", "bot", "settings"]
HELP = [*SETTINGS, "--help"]
NOT_UNDERSTOOD = [*SETTINGS, customer(0), "xyzzy"]
FROM_DNS = [*SETTINGS, customer(0), "thunderbird-78", "--no-probe"]
WHOLE = [*SETTINGS, customer(0), "thunderbird-78"]


class Process:
    """A Python process to be run to its end; what it says goes nowhere."""

    def __init__(self, arguments: list[str], environment: dict[str, str]) -> None:
        self._arguments, self._environment = arguments, environment

    async def run(self) -> tuple[float]:
        """Milliseconds from the start to the end."""
        start = time.perf_counter()
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            *self._arguments,
            env=self._environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        await process.wait()
        return ((time.perf_counter() - start) * 1000,)


def imports(environment: dict[str, str]) -> list[tuple[float, str]]:
    """Every module that an answer imports, with the milliseconds of it alone, the slowest first."""
    command = [sys.executable, "-X", "importtime", *FROM_DNS]
    told = subprocess.run(command, env=environment, capture_output=True, text=True, check=False).stderr
    rows = [line.removeprefix("import time:").split("|") for line in told.splitlines() if line.count("|") == 2]
    timed = [(int(own) / 1000, name.strip()) for own, _, name in rows if own.strip().isdigit()]
    return sorted(timed, reverse=True)


def environment_of(scene: Scene, compiled: Path) -> dict[str, str]:
    """As an installed package runs: compiled once. (PYTHONDONTWRITEBYTECODE would compile it in every run.)"""
    inherited = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    root = str(Path(__file__).parents[1])
    return inherited | scene.environment() | {"PYTHONPATH": root, "PYTHONPYCACHEPREFIX": str(compiled)}


async def _measure(scene: Scene, compiled: Path) -> None:
    async with scene.running(993, 587, 465):
        environment = environment_of(scene, compiled)
        commands = (PYTHON, BARE, HELP, NOT_UNDERSTOOD, FROM_DNS, WHOLE)
        (python,), (bare,), *ours = await in_turn(ROUNDS, *(Process(command, environment).run for command in commands))
        imported = await asyncio.to_thread(imports, environment)
    names = ("--help", "client not understood", "answer from DNS alone", "whole answer, five handshakes")
    lines = [Line("python alone", python, "ms", bare, "ms bare import")]
    lines += [
        Line(f"settings: {name}", value, "ms", bare, "ms bare import", goal=LIMIT, is_goal_of_ratio=True)
        for name, (value,) in zip(names, ours, strict=True)
    ]
    print_table(f"A whole process, medians of {ROUNDS}", lines)
    in_vain = sorted({name for _, name in imported} & set(NOT_NEEDED))
    print(f"  imported in vain: {', '.join(in_vain) or 'nothing'}")
    print(f"  slowest imports: {', '.join(f'{own:.1f} ms {name}' for own, name in imported[:6])}")


def run() -> None:
    """Measure and print."""
    with open_folder() as folder, claimed_stretch() as stretch:
        asyncio.run(_measure(Scene(folder, stretch.at(8)), folder / "compiled"))
