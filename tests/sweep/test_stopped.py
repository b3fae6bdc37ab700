"""Whatever ends a run - a signal, a crash, a full disk - the next one goes on: nothing lost, nothing doubled."""

from __future__ import annotations

import asyncio
import json
import os
import random
import shlex
import signal
import sys
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.playground.names import NameServer
from bot.playground.zone import Zone
from tests.sweep.waiting import until

PROGRAM = [sys.executable, "-m", "bot", "sweep"]
STEP = 40
"""Lines at most between a start and a kill."""


@dataclass
class Scene:
    """Domains in a file, the output, and the name server that answers for them."""

    folder: Path
    names: NameServer
    count: int = 0

    @property
    def output(self) -> Path:
        return self.folder / "out.jsonl"

    def fill(self, count: int) -> None:
        """So many domains on one server."""
        self.count = count
        domains = [f"c{number}.cz" for number in range(count)]
        (self.folder / "domains.txt").write_text("\n".join(domains))
        hosts = [f"{label}.{domain}" for domain in domains for label in ("imap", "mail", "pop")]
        rows: Zone = {host: {"CNAME": "mail8.skok.cz"} for host in hosts}
        self.names.zone = {**rows, "mail8.skok.cz": {"A": "192.0.2.8"}}

    async def start(self, *more: str, shell: str = "exec") -> asyncio.subprocess.Process:
        """A run over the file, by DNS alone."""
        host, port = self.names.address
        words = [*PROGRAM, str(self.folder / "domains.txt"), "--dns-only", "--output", str(self.output), *more]
        return await asyncio.create_subprocess_exec(
            *("sh", "-c", f"{shell} {shlex.join(words)}"),
            env=os.environ | {"MAILBOT_DNS_SERVERS": f"{host}:{port}"},
            stdin=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.PIPE,
        )

    async def finish(self, *more: str) -> str:
        """A run to the end; what it says. Every domain is there once."""
        process = await self.start(*more)
        _, said = await process.communicate()
        assert process.returncode == 0, said
        assert Counter(self.domains()) == {f"c{number}.cz": 1 for number in range(self.count)}
        return said.decode()

    def domains(self) -> list[str]:
        """The domains of the whole lines."""
        lines = self.output.read_bytes().split(b"\n")[:-1]
        return [json.loads(line)["domain"] for line in lines]

    def lines(self) -> int:
        """How many lines are whole now."""
        return self.output.read_bytes().count(b"\n") if self.output.exists() else 0

    async def has(self, lines: int) -> None:
        """Wait until so many lines are there."""
        await until(lambda: self.lines() >= lines)


@pytest.fixture
def scene(tmp_path: Path, name_server: NameServer) -> Scene:
    return Scene(tmp_path, name_server)


@asynccontextmanager
async def ended(process: asyncio.subprocess.Process) -> AsyncIterator[asyncio.subprocess.Process]:
    """A process that does not outlive the test."""
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()


@pytest.mark.parametrize("kills", [10, pytest.param(50, marks=pytest.mark.soak)])
async def test_a_sweep_killed_again_and_again_ends_whole(scene: Scene, kills: int) -> None:
    """By SIGKILL, SIGTERM and Ctrl-C, at random moments: the polite ones leave whole lines and exit status 130."""
    chance = random.Random(kills)
    scene.fill((kills + 2) * STEP)
    for _ in range(kills):
        number = chance.choice([signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
        async with ended(await scene.start("--concurrency", "4", "--rate", "400")) as process:
            await scene.has(scene.lines() + chance.randrange(1, STEP // 2))
            process.send_signal(number)
            _, said = await process.communicate()
        assert process.returncode == (-9 if number == signal.SIGKILL else 130), said
        assert b"Traceback" not in said
        if number != signal.SIGKILL:
            assert scene.output.read_bytes().endswith(b"\n")
            assert b"run the same again" in said
    assert "are there already" in await scene.finish()


async def test_a_second_run_at_the_same_time_is_refused(scene: Scene) -> None:
    """It says so with exit status 2, and the first goes on."""
    scene.fill(60)
    async with ended(await scene.start("--rate", "20")) as first:
        await scene.has(1)
        second = await scene.start()
        _, said = await second.communicate()
        assert (second.returncode, b"another sweep is writing to it" in said) == (2, True)
        assert first.returncode is None
        first.send_signal(signal.SIGTERM)
    await scene.finish()


async def test_a_full_disk_ends_a_run_and_loses_nothing(scene: Scene) -> None:
    """One plain sentence, exit status 2, whole lines; with room again it goes on."""
    scene.fill(200)
    process = await scene.start(shell="ulimit -f 8; exec")
    _, said = await process.communicate()
    assert process.returncode == 2
    assert b"make room and run the same again" in said
    assert b"Traceback" not in said
    assert 0 < len(scene.domains()) < 200
    assert scene.output.read_bytes().endswith(b"\n")
    await scene.finish()


async def test_a_finished_sweep_is_not_asked_again(scene: Scene) -> None:
    """A second run asks nothing, and still tells the whole."""
    scene.fill(50)
    await scene.finish()
    scene.names.questions.clear()
    assert "50 domains: 50 work" in await scene.finish("--report", str(scene.folder / "r.md"))
    assert not scene.names.questions
    assert "domén: 50" in (scene.folder / "r.md").read_text("utf-8")
