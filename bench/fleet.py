"""The status of 200 domains, ports 993, 995 and 587, real servers on this machine: ours beside blackbox exporter."""

from __future__ import annotations

import asyncio
import importlib.util
import json
import os
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import Any

from bench import exporter
from bench.exporter import Exporter
from bench.real import CA_FILE, Customer, real_servers
from bench.scene import customer
from bench.table import Line, Measure, in_turn, print_table
from bot.status.model import Verdict
from tests.real.world import open_folder

COUNT, SERVERS, EACH_EXPIRED = 200, 4, 20
ROUNDS = 7
DNS = "127.0.1.53"
MAIL = [f"127.0.1.{8 + number}" for number in range(SERVERS)]
EXPORTER_AT_ONCE = (10, 32)
"""Domains under way at the exporter; the better rate is the one to be compared with."""
GOALS = {"asyncio": (1.0, 0.75), "uvloop": (1.2, 0.65)}
"""Domains a second at least, and CPU at most, by the exporter's."""

FLEET = [Customer(customer(n), n % SERVERS, is_sound=n % EACH_EXPIRED != 0) for n in range(COUNT)]


@contextmanager
def fleet_servers() -> Iterator[Path]:
    """Serve the fleet; gives the folder with the CA file."""
    with open_folder() as folder, real_servers(folder, DNS, MAIL, FLEET):
        yield folder


def environment(folder: Path) -> dict[str, str]:
    """The settings that point a bot at the fleet's servers."""
    own = {
        "MAILBOT_DNS_SERVERS": DNS,
        "MAILBOT_CA_FILE": str(folder / CA_FILE),
        "MAILBOT_ALLOW_NETWORKS": "127.0.0.0/8",
    }
    return dict(os.environ) | own | {"MAILBOT_TIMEOUT": "10"}


@dataclass
class Ours:
    """`bench.fleet_client` as a process that goes on."""

    process: Process

    async def run(self) -> tuple[float, float]:
        """Domains a second, and milliseconds of CPU for one."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(b"\n")
        said = json.loads(await self.process.stdout.readline())
        _check(said)
        return COUNT / said["seconds"], said["cpu"] / COUNT * 1000


def _check(said: dict[str, Any]) -> None:
    """Every verdict as it is, each port asked once for a domain, and each server once without a name."""
    wanted = [Verdict.WORKS if c.is_sound else Verdict.BROKEN for c in FLEET]
    assert said["verdicts"] == wanted, said["verdicts"]
    domains = [sum(c.server == number for c in FLEET) for number in range(SERVERS)]
    most = {(a, port): n + (port == 993) for a, n in zip(MAIL, domains, strict=True) for port in (993, 995, 587)}
    assert {(address, port): count for address, port, count in said["dialled"]} == most, said["dialled"]


@asynccontextmanager
async def our_client(loop: str, folder: Path) -> AsyncIterator[Ours]:
    """Our client on this kind of event loop."""
    command = [sys.executable, "-m", "bench.fleet_client", loop, str(COUNT)]
    process = await asyncio.create_subprocess_exec(*command, env=environment(folder), stdin=PIPE, stdout=PIPE)
    try:
        yield Ours(process)
    finally:
        await process.communicate(b"")


@dataclass
class Theirs:
    """The exporter, asked for so many domains at once."""

    peer: Exporter
    at_once: int

    async def run(self) -> tuple[float, float]:
        """Domains a second, and milliseconds of CPU for one in the exporter alone."""
        free = asyncio.Semaphore(self.at_once)

        async def ask(domain: str) -> bool:
            async with free:
                return await self.peer.is_sound(domain)

        start, used = perf_counter(), self.peer.cpu_seconds
        verdicts = await asyncio.gather(*(ask(customer.domain) for customer in FLEET))
        rate, cpu = COUNT / (perf_counter() - start), (self.peer.cpu_seconds - used) / COUNT * 1000
        assert verdicts == [customer.is_sound for customer in FLEET]
        return rate, cpu


def _loops() -> list[str]:
    if importlib.util.find_spec("uvloop") is not None:
        return ["asyncio", "uvloop"]
    print("\nSKIPPED: fleet with uvloop, which is not installed (it is no dependency of the bot)", flush=True)
    return ["asyncio"]


def _lines(loop: str, ours: tuple[float, ...], theirs: tuple[float, ...]) -> list[Line]:
    rate, cpu = GOALS[loop] if theirs else (None, None)
    their_rate, their_cpu = theirs or (None, None)
    of_ratio = bool(theirs)
    return [
        Line(f"{loop}: domains a second", ours[0], "/s", their_rate, "/s exporter", rate, of_ratio, is_goal_least=True),
        Line(f"{loop}: CPU for a domain", ours[1], "ms", their_cpu, "ms exporter", cpu, of_ratio),
    ]


async def _measure(folder: Path) -> list[Line]:
    async with AsyncExitStack() as stack:
        ours = {loop: await stack.enter_async_context(our_client(loop, folder)) for loop in _loops()}
        measures: list[Measure] = [client.run for client in ours.values()]
        if exporter.is_installed():
            peer = stack.enter_context(exporter.running(folder, DNS, folder / CA_FILE))
            stack.callback(peer.hang_up)
            measures += [Theirs(peer, at_once).run for at_once in EXPORTER_AT_ONCE]
        else:
            exporter.say_missing("fleet")
        figures = await in_turn(ROUNDS, *measures)
    theirs = max(figures[len(ours) :], default=())
    return [line for loop, own in zip(ours, figures, strict=False) for line in _lines(loop, own, theirs)]


def run() -> None:
    """Measure and print."""
    with fleet_servers() as folder:
        lines = asyncio.run(_measure(folder))
    print_table(f"The status of {COUNT} domains on {SERVERS} servers, ports 993, 995, 587; medians of {ROUNDS}", lines)
    print("  asserted: the same verdicts; one handshake for each port and domain, one without SNI for each server")
