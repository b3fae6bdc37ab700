"""Sweeps: reads domains, asks for the status of each, writes what comes, and ends in order whenever it is stopped."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import tempfile
from collections.abc import Iterator
from contextlib import AsyncExitStack, contextmanager
from pathlib import Path

from bot.compose import Parts, now
from bot.domain import DomainName
from bot.reply.status_json import status_json
from bot.status.judge import Status
from bot.status.model import Finding, Level, Verdict
from bot.sweep.compare import find_change
from bot.sweep.errors import SweepError
from bot.sweep.expect import Expected, Place
from bot.sweep.old import OldRun
from bot.sweep.order import Order
from bot.sweep.output import Console, OutputFile, to_line
from bot.sweep.packed import PackedSet
from bot.sweep.page import render_page
from bot.sweep.progress import Progress, State, render_verdicts
from bot.sweep.report import render_markdown
from bot.sweep.result import Json, Result, read_result
from bot.sweep.source import Source
from bot.sweep.summary import Summary
from bot.sweep.wiring import AnswersStatus, answers_status, expected_server

LONGEST = 60.0
"""Seconds after which a domain is given up, whatever its status waits for."""
DONE, NEGATIVE, OPEN, INTERRUPTED = 0, 1, 3, 130


async def sweep(order: Order, parts: Parts) -> int:
    """Sweep, and give the exit status. Raises SweepError where it cannot begin or go on."""
    order.check()
    running = asyncio.ensure_future(_sweep(order, parts))
    with _stopping(running):
        try:
            return await running
        except asyncio.CancelledError:
            if order.output:
                sys.stderr.write("mailbot: stopped; run the same again to go on from here\n")
            return INTERRUPTED


@contextmanager
def _stopping(task: asyncio.Task[int]) -> Iterator[None]:
    """Ctrl-C and SIGTERM end the task between two lines, never within one."""
    loop, signals = asyncio.get_running_loop(), (signal.SIGINT, signal.SIGTERM)
    for number in signals:
        loop.add_signal_handler(number, task.cancel)
    try:
        yield
    finally:
        for number in signals:
            loop.remove_signal_handler(number)


async def _sweep(order: Order, parts: Parts) -> int:
    async with AsyncExitStack() as stack:
        answers = await answers_status(order, parts, stack)
        show = Show(order, await expected_server(order, parts), parts.config.language, stack)
        return await Sweep(order, answers, show, stack).run()


class Show:
    """What becomes of results besides being kept: lines on standard output, and the summary."""

    def __init__(self, order: Order, expected: Expected | None, language: str, stack: AsyncExitStack) -> None:
        self.summary = Summary(now())
        self.summary.compared_with = order.compare.name if order.compare else ""
        self._expected, self.language = expected, language
        self._old = stack.enter_context(OldRun(order.compare)) if order.compare else None
        self._console = Console(sys.stdout.fileno() if sys.stdout else None)
        self._is_raw = not (order.output or order.compare or expected)

    async def add(self, result: Result, line: bytes = b"") -> None:
        """Count a result and show what was asked for; `line` is the result itself."""
        self.summary.add(result)
        if self._is_raw and line:
            await self._console.write(line)
        if self._expected:
            self.summary.places[self._expected.place(result)] += 1
            await self._console.write(to_line(self._expected.json(result)))
        if self._old and (change := find_change(self._old.find(result.domain), result)):
            self.summary.add_change(change)
            await self._console.write(to_line(change.json()))

    def write_report(self, path: Path) -> None:
        """Write the report, as a page or as Markdown by the file's name. Raises SweepError."""
        render = render_page if path.suffix.lower() == ".html" else render_markdown
        _write_whole(path, render(self.summary, self.language))

    @property
    def exit_status(self) -> int:
        """With `--expect` by where the domains are, else by findings; what could not be found out weighs more."""
        if self._expected:
            places = self.summary.places
            return OPEN if places[Place.UNKNOWN] else DONE if places[Place.MOVED] == places.total() else NEGATIVE
        if self.summary.verdicts[Verdict.UNKNOWN]:
            return OPEN
        return NEGATIVE if self.summary.has_errors else DONE


class Sweep:
    """One sweep over one file."""

    def __init__(self, order: Order, answers: AnswersStatus, show: Show, stack: AsyncExitStack) -> None:
        self._order, self._answers, self._show = order, answers, show
        self._progress = Progress(self._state)
        self._done = PackedSet()
        self._started = self._finished = 0
        self._output = OutputFile(order.output) if order.output else None
        if self._output:
            stack.callback(self._output.close)
        self._source = Source(order.file, done=self._done, tell=self._progress.tell)
        stack.callback(self._source.close)

    async def run(self) -> int:
        """Go on where an earlier run was stopped, and to the end."""
        await self._resume()
        drawing = asyncio.ensure_future(self._progress.run())
        try:
            await self._ask_all()
        finally:
            drawing.cancel()
            self._progress.close()
        self._tell_end()
        if self._order.report:
            self._show.write_report(self._order.report)
        return self._show.exit_status

    async def _resume(self) -> None:
        for result in self._output.resume() if self._output else ():
            if self._done.add(result.domain):
                await self._show.add(result)
            if len(self._done) % 1_000 == 0:
                await asyncio.sleep(0)  # Ctrl-C counts here too
        if self._done:
            self._progress.tell(f"{self._order.output}: {len(self._done):,} domains are there already")

    async def _ask_all(self) -> None:
        """As many at once as ordered, and no faster; the first error that is no domain's ends it all."""
        loop, free = asyncio.get_running_loop(), asyncio.Semaphore(self._order.at_once)
        turn = loop.time()
        try:
            async with asyncio.TaskGroup() as group:
                async for domain in self._source.domains():
                    await free.acquire()
                    if self._order.rate:
                        turn = max(turn + 1 / self._order.rate, loop.time())
                        await asyncio.sleep(turn - loop.time())
                    self._started += 1
                    group.create_task(self._ask(domain)).add_done_callback(lambda _: free.release())
        except BaseExceptionGroup as errors:
            raise errors.exceptions[0] from None

    async def _ask(self, domain: DomainName) -> None:
        status = await self._status(domain)
        status["domain"], status["domain_unicode"] = domain.ascii, domain.unicode  # so the next run knows it is done
        result = read_result(status)
        assert result is not None, "a status names its domain and has a verdict"
        line = to_line(status)
        if self._output:
            await self._output.write(line)
        self._finished += 1
        await self._show.add(result, line)

    async def _status(self, domain: DomainName) -> Json:
        """The status, or that it could not be found out: one domain's trouble is not the others'."""
        try:
            async with asyncio.timeout(LONGEST):
                return await self._answers.status(domain)
        except Exception as error:
            return _not_found_out(domain, type(error).__name__, self._show.language)

    def _state(self, seconds: float) -> State:
        share = self._source.share
        if share is not None and self._started:
            share *= self._finished / self._started
        return State(self._finished, seconds, share, self._show.summary.verdicts)

    def _tell_end(self) -> None:
        source, summary = self._source, self._show.summary
        left_out = {"twice in the file": source.doubles, "no domain": source.junk}
        parts = [f"{summary.total:,} domains: {render_verdicts(summary.verdicts)}".rstrip(": ")]
        parts += [f"{count:,} {what}" for what, count in left_out.items() if count]
        self._progress.tell("; ".join(parts))
        if summary.places:
            places = summary.places
            self._progress.tell(", ".join(f"{places[place]:,} {place.value.replace('_', ' ')}" for place in Place))


def _write_whole(path: Path, text: str) -> None:
    """Write the file whole, or leave what was there. Raises SweepError."""
    try:
        with tempfile.NamedTemporaryFile("w", encoding="utf-8", dir=path.absolute().parent, delete=False) as file:
            try:
                file.write(text)
                file.close()
                os.chmod(file.name, 0o644)
                os.replace(file.name, path)
            except BaseException:
                os.unlink(file.name)
                raise
    except OSError as error:
        raise SweepError(f"{path} cannot be written: {error.strerror}") from None


def _not_found_out(domain: DomainName, kind: str, language: str) -> Json:
    finding = Finding("internal_error", Level.WARNING, {"kind": kind})
    return status_json(Status(domain, Verdict.UNKNOWN, None, {}, (finding,), (), (), (), now()), language)
