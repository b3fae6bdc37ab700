"""`mailbot sweep --dns-only`: questions a second beside dnspython's asynchronous resolver, and 100,000 domains."""

from __future__ import annotations

import asyncio
import itertools
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path

import dns.asyncresolver

from bench.processes import resident_mebibytes
from bench.scene import SERVER, customer
from bench.table import Line, in_turn, print_table
from bot.network.fast_dns import FastDns
from bot.network.name_servers import NameServerAddress
from bot.sweep.rows import LABELS
from tests.real.knot import Record, knot
from tests.real.programs import SEARCH_PATH
from tests.real.world import open_folder

FEW, MANY = 1_000, 100_000
ROUNDS, ASKED = 5, 2_000
AT_ONCE = 32
LOOK_EVERY = 0.02
ADDRESS = "127.0.0.1"
SLOWER, SECONDS, GROWTH = 0.4, 90, 8
"""Goals: time of a question beside dnspython's (2.5 times as fast); seconds and MiB more for 100,000 domains."""


def records(count: int) -> list[Record]:
    """The rows of many customers on one server."""
    rows = [(f"{label}.{customer(n)}", "CNAME", f"{SERVER}.") for n in range(count) for label in LABELS]
    return [(SERVER, "A", ADDRESS), *rows]


async def _for_all(ask: Callable[[list[str]], Awaitable[object]], domains: Iterator[int]) -> tuple[float]:
    """Microseconds for a question, with as many domains under way as may be."""

    async def work() -> None:
        for number in domains:
            await ask([f"{label}.{customer(number)}" for label in LABELS])

    start = time.perf_counter()
    await asyncio.gather(*(work() for _ in range(AT_ONCE)))
    return ((time.perf_counter() - start) / ASKED / len(LABELS) * 1e6,)


async def _questions() -> Line:
    """Both readers over the same questions, in turn."""
    numbers = itertools.cycle(range(MANY))
    resolver = dns.asyncresolver.Resolver(configure=False)
    resolver.nameservers = [ADDRESS]

    async def ask_dnspython(names: list[str]) -> None:
        await asyncio.gather(*(resolver.resolve(name, "A") for name in names))

    async with FastDns([NameServerAddress(ADDRESS)]) as fast:

        async def ask_fast(names: list[str]) -> None:
            assert None not in await fast.ask(names)

        (ours,), (theirs,) = await in_turn(
            ROUNDS,
            lambda: _for_all(ask_fast, itertools.islice(numbers, ASKED)),
            lambda: _for_all(ask_dnspython, itertools.islice(numbers, ASKED)),
        )
    return Line("a question", ours, "µs", theirs, "µs dnspython", goal=SLOWER, is_goal_of_ratio=True)


def _sweep(folder: Path, count: int) -> tuple[float, float]:
    """Seconds and the largest resident MiB of a whole process that sweeps so many domains."""
    domains, output = folder / f"{count}.txt", folder / f"{count}.jsonl"
    domains.write_text("".join(f"{customer(number)}\n" for number in range(count)))
    environment = os.environ | {"MAILBOT_DNS_SERVERS": ADDRESS}
    command = [sys.executable, "-m", "bot", "sweep", str(domains), "--dns-only", "--output", str(output)]
    start, most = time.perf_counter(), 0.0
    with subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL) as process:
        while process.poll() is None:
            most = max(most, resident_mebibytes(process.pid))
            time.sleep(LOOK_EVERY)
    taken = time.perf_counter() - start
    with output.open("rb") as lines:
        written = sum(1 for _ in lines)
    if (process.returncode, written) != (0, count):
        print(f"  exit status {process.returncode} with {written} of {count} results")
    return taken, most


def run() -> None:
    """Measure and print."""
    if shutil.which("knotd", path=SEARCH_PATH) is None:
        print("\nSKIPPED: sweep: it needs Knot, whose own speed hides nothing; run tests/install.sh real", flush=True)
        return
    with open_folder() as folder, knot(folder / "names", ADDRESS, {".": records(MANY)}):
        lines = [asyncio.run(_questions())]
        _, few = _sweep(folder, FEW)
        taken, many = _sweep(folder, MANY)
    lines += [
        Line(f"{MANY:,} domains", taken, "s", goal=SECONDS),
        Line(f"memory for {FEW:,} domains", few, "MiB"),
        Line(f"memory for {MANY:,} domains: more", many - few, "MiB", goal=GROWTH),
    ]
    print_table("`mailbot sweep --dns-only`", lines)


if __name__ == "__main__":
    run()
