"""Looks at every domain of a fleet whenever it is told to: `python -m bench.fleet_client asyncio|uvloop COUNT`.

Each line on standard input is a run: everything is asked afresh, and one line of JSON comes back. The servers are
those that the settings of the bot say.
"""

from __future__ import annotations

import asyncio
import importlib
import json
import os
import sys
import time
from collections import Counter
from collections.abc import Callable, Coroutine
from typing import Any

from bench.scene import customer
from bot.compose import Parts
from bot.config import read_config
from bot.domain import DomainName
from bot.status.model import Verdict

AT_ONCE = 32


class Run:
    """One look at every domain, by a process that has only just started."""

    def __init__(self, count: int) -> None:
        self.domains = [customer(number) for number in range(count)]
        self.dialled: Counter[tuple[str, int]] = Counter()
        self._parts = Parts(read_config(os.environ)[0], dial=self._dial)
        self._lookup = self._parts.status
        self._free = asyncio.Semaphore(AT_ONCE)

    async def figures(self) -> dict[str, Any]:
        """Seconds, seconds of CPU, the domains in order, and the connections to each port."""
        start, used = time.perf_counter(), time.process_time()
        verdicts = await asyncio.gather(*map(self._verdict, self.domains))
        return {
            "seconds": time.perf_counter() - start,
            "cpu": time.process_time() - used,
            "verdicts": verdicts,
            "dialled": [[*place, count] for place, count in sorted(self.dialled.items())],
        }

    async def _verdict(self, domain: str) -> Verdict:
        async with self._free, self._lookup.begin(DomainName(domain, domain)) as inquiry:
            return (await inquiry.core()).verdict

    def _dial(self, address: str, port: int) -> tuple[str, int]:
        self.dialled[address, port] += 1
        return address, port


Runs = Callable[[Coroutine[Any, Any, dict[str, Any]]], dict[str, Any]]


def runner_of(loop: str) -> Runs:
    """What runs a coroutine on this kind of loop."""
    run: Runs = importlib.import_module(loop).run
    return run


async def _run(count: int) -> dict[str, Any]:
    return await Run(count).figures()


def main() -> None:
    """Run for each line until there are no more."""
    run, count = runner_of(sys.argv[1]), int(sys.argv[2])
    for _ in sys.stdin:
        print(json.dumps(run(_run(count))), flush=True)


if __name__ == "__main__":
    main()
