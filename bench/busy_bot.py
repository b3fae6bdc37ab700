"""`mailbot serve` that looks at every domain of the fleet whenever it is told to. `python -m bench.busy_bot AT_ONCE`.

It prints "ready" once it serves. Each line on standard input is one look, and is answered by a line at its end.
"""

from __future__ import annotations

import asyncio
import os
import sys

from bench.fleet import FLEET
from bot.compose import Parts
from bot.config import read_config
from bot.domain import DomainName
from bot.log import configure_logging
from bot.serve import running_bot
from bot.status.model import Verdict


async def _look(parts: Parts, at_once: int) -> None:
    """Look at every domain afresh."""
    free = asyncio.Semaphore(at_once)

    async def verdict(domain: str) -> Verdict:
        async with free, parts.status.begin(DomainName(domain, domain), fresh=True) as inquiry:
            return (await inquiry.core()).verdict

    verdicts = await asyncio.gather(*(verdict(customer.domain) for customer in FLEET))
    assert verdicts == [Verdict.WORKS if customer.is_sound else Verdict.BROKEN for customer in FLEET]


async def _serve(at_once: int) -> None:
    config = read_config(os.environ)[0]
    configure_logging(config, sys.stderr)
    parts = Parts(config)
    async with running_bot(parts):
        print("ready", flush=True)
        while await asyncio.to_thread(sys.stdin.readline):
            await _look(parts, at_once)
            print("done", flush=True)


if __name__ == "__main__":
    asyncio.run(_serve(int(sys.argv[1])))
