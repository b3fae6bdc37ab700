"""The sweep itself, over a stand-in for the status: side by side, bounded, paced, and one domain's trouble its own."""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import AsyncGenerator, Callable
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from bot.domain import DomainName
from bot.sweep.errors import SweepError
from bot.sweep.order import Order
from bot.sweep.packed import PackedSet
from bot.sweep.result import Json
from bot.sweep.run import Show, Sweep
from bot.sweep.source import PIECE, Source
from tests.sweep.build import status
from tests.sweep.waiting import until


class Answers:
    """Statuses as the test wants them: `hold` keeps domains waiting, `fail` raises for them."""

    def __init__(self) -> None:
        self.under_way = self.most = 0
        self.begun: list[float] = []
        self.hold: dict[str, asyncio.Event] = {}
        self.fail: dict[str, Exception] = {}
        self.above: dict[str, str] = {}
        """Domains that are told by another one's status."""
        self.idle = 0.0

    async def status(self, domain: DomainName) -> Json:
        self.begun.append(asyncio.get_running_loop().time())
        self.under_way += 1
        self.most = max(self.most, self.under_way)
        try:
            if domain.ascii in self.hold:
                await self.hold[domain.ascii].wait()
            await asyncio.sleep(self.idle)
            if domain.ascii in self.fail:
                raise self.fail[domain.ascii]
            return status(self.above.get(domain.ascii, domain.ascii))
        finally:
            self.under_way -= 1


@pytest.fixture
def answers() -> Answers:
    return Answers()


def domains_file(folder: Path, count: int) -> Path:
    path = folder / "domains.txt"
    path.write_text("\n".join(f"c{number}.cz" for number in range(count)))
    return path


async def run(order: Order, answers: Answers) -> int:
    async with AsyncExitStack() as stack:
        return await Sweep(order, answers, Show(order, None, "en", stack), stack).run()


def written(order: Order) -> dict[str, Json]:
    assert order.output is not None
    return {line["domain"]: line for line in map(json.loads, order.output.read_text().splitlines())}


async def test_as_many_at_once_as_ordered(tmp_path: Path, answers: Answers) -> None:
    """No fewer while there are enough, and no more."""
    answers.idle = 0.001
    order = Order(str(domains_file(tmp_path, 100)), tmp_path / "out.jsonl", concurrency=7)
    assert await run(order, answers) == 0
    assert answers.most == 7
    assert len(written(order)) == 100


async def test_a_slow_domain_delays_nobody(tmp_path: Path, answers: Answers) -> None:
    """All the others are written while it still waits."""
    answers.hold["c3.cz"] = asyncio.Event()
    order = Order(str(domains_file(tmp_path, 200)), tmp_path / "out.jsonl", concurrency=2)
    running = asyncio.ensure_future(run(order, answers))
    output = order.output
    assert output is not None
    await until(lambda: output.exists() and output.read_bytes().count(b"\n") == 199)
    assert "c3.cz" not in written(order)
    answers.hold["c3.cz"].set()
    await running
    assert "c3.cz" in written(order)


async def test_no_faster_than_ordered(tmp_path: Path, answers: Answers) -> None:
    """Each beginning has its moment, and none comes before it."""
    start = asyncio.get_running_loop().time()
    await run(Order(str(domains_file(tmp_path, 11)), tmp_path / "out.jsonl", rate=100), answers)
    moments = [start + 0.01 * number for number in range(11)]
    assert all(begun >= moment for begun, moment in zip(sorted(answers.begun), moments, strict=True))


async def test_a_domain_that_fails_is_unknown(tmp_path: Path, answers: Answers) -> None:
    """A bug with one domain is told in its line and stops nobody; exit status 3."""
    answers.fail["c1.cz"] = KeyError("x")
    order = Order(str(domains_file(tmp_path, 3)), tmp_path / "out.jsonl")
    assert await run(order, answers) == 3
    assert written(order)["c1.cz"]["verdict"] == "unknown"
    assert written(order)["c1.cz"]["findings"][0]["found"] == "KeyError"
    assert written(order)["c2.cz"]["verdict"] == "works"


async def test_a_line_is_about_the_domain_of_the_file(tmp_path: Path, answers: Answers) -> None:
    """Also where the domain above it answers for it: neither is lost, and a second run knows that both are done."""
    answers.above["shop.c0.cz"] = "c0.cz"
    file = domains_file(tmp_path, 1)
    file.write_text("shop.c0.cz\nc0.cz\n")
    order = Order(str(file), tmp_path / "out.jsonl")
    for _ in range(2):
        assert await run(order, answers) == 0
        assert set(written(order)) == {"c0.cz", "shop.c0.cz"}
    assert len(answers.begun) == 2


async def test_a_disk_that_is_full_ends_everything(tmp_path: Path, answers: Answers) -> None:
    """No domain is asked for in vain after that."""
    order = Order(str(domains_file(tmp_path, 1_000)), Path("/dev/full"), concurrency=4)
    with pytest.raises(SweepError, match="No space left"):
        await run(order, answers)
    assert len(answers.begun) <= 8


async def collect(path: str, done: PackedSet | None = None, told: Callable[[str], None] = print) -> list[str]:
    source = Source(path, done=done or PackedSet(), tell=told)
    try:
        return [domain.ascii async for domain in source.domains()]
    finally:
        source.close()


async def test_a_pipe_is_waited_for_beside_everything_else(tmp_path: Path) -> None:
    """Domains are handed out as they come in, and the loop goes on meanwhile."""
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    writer = os.open(pipe, os.O_RDWR)
    source = Source(str(pipe), done=PackedSet(), tell=print)
    found = source.domains()
    assert isinstance(found, AsyncGenerator)
    for domain in ("a.cz", "b.cz"):
        next_one = asyncio.ensure_future(anext(found))
        await asyncio.sleep(0)
        assert not next_one.done()
        os.write(writer, f"{domain}\n".encode())
        assert (await next_one).ascii == domain
    assert source.share is None
    await found.aclose()
    os.close(writer)
    source.close()


async def test_done_domains_are_skipped_and_the_share_grows(tmp_path: Path) -> None:
    """Also in a file of many pieces; nothing comes twice."""
    path = tmp_path / "domains.txt"
    names = [f"c{number}.cz" for number in range(20_000)]
    path.write_text("\n".join([*names, *names[:50]]))
    assert path.stat().st_size > 2 * PIECE
    done = PackedSet()
    for name in names[:19_990]:
        done.add(name)
    source = Source(str(path), done=done, tell=print)
    shares = [(domain.ascii, source.share or 0) async for domain in source.domains()]
    source.close()
    assert [name for name, _ in shares] == names[19_990:]
    assert 0.9 < shares[0][1] < shares[-1][1] <= 1
    assert (source.skipped, source.doubles) == (19_990, 50)


@pytest.mark.parametrize("path", ["/dev/null", "empty"])
async def test_nothing_to_read_is_nothing(tmp_path: Path, path: str) -> None:
    """An empty file, and one that never has anything."""
    (tmp_path / "empty").touch()
    assert await collect(str(tmp_path / path)) == []
