"""One port or one name server that hangs: an answer still comes within MAILBOT_TIMEOUT."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable

from bench.scene import Scene, customer, question
from bench.table import Line, print_table
from bot.playground.names import NameServer, Silent
from tests.real.loopback import Stretch, claimed_stretch
from tests.real.world import open_folder

TIMEOUT = 2.0
ROUNDS = 3
LIMIT = 1.05
PORTS = (993, 587, 465)


async def _slowest(scene: Scene, *name_servers: NameServer) -> float:
    """Seconds of the slowest of a few answers, each of a process that has just started."""
    environment = scene.environment(*name_servers) | {"MAILBOT_TIMEOUT": str(TIMEOUT)}
    slowest = 0.0
    for _ in range(ROUNDS):
        lookup, request = question(environment, f"{customer(0)} thunderbird-78")
        start = time.perf_counter()
        await lookup.settings(request)
        slowest = max(slowest, time.perf_counter() - start)
    return slowest


async def _name_servers(scene: Scene) -> list[Line]:
    hung = NameServer({})
    hung.fault = Silent()
    async with scene.running(*PORTS), hung:
        return [
            _line("nothing hangs", await _slowest(scene)),
            _line("the only name server hangs", await _slowest(scene, hung)),
            _line("the first of two name servers hangs", await _slowest(scene, hung, scene.names)),
        ]


async def _port(scene: Scene, stretch: Stretch, port: int, hang: Callable[[int, int], object], how: str) -> Line:
    hang(8, port)
    try:
        async with scene.running(*(other for other in PORTS if other != port)):
            return _line(f"port {port} {how}", await _slowest(scene))
    finally:
        stretch.close()


def _line(what: str, seconds: float) -> Line:
    return Line(what, seconds, "s", TIMEOUT, "s time limit", goal=LIMIT, is_goal_of_ratio=True)


async def _measure(scene: Scene, stretch: Stretch) -> list[Line]:
    lines = await _name_servers(scene)
    for port in (993, 587):
        lines.append(await _port(scene, stretch, port, stretch.silent, "takes connections and is silent"))
        lines.append(await _port(scene, stretch, port, stretch.black_hole, "drops every packet"))
    return lines


def run() -> None:
    """Measure and print."""
    with open_folder() as folder, claimed_stretch() as stretch:
        lines = asyncio.run(_measure(Scene(folder, stretch.at(8)), stretch))
    print_table(f"One thing hangs, MAILBOT_TIMEOUT={TIMEOUT:g}, the slowest of {ROUNDS}", lines)
