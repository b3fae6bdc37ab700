"""`mailbot playground` and `make demo` as processes: started, used over the page, and ended by signals."""

from __future__ import annotations

import asyncio
import os
import pty
import re
import signal
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import aiohttp
import pytest

from bot.playground.slack_people import AGENT, SUPPORT
from tests.playground.conftest import Tab, open_tab

ADDRESS = re.compile(r"http://127\.0\.0\.1:\d+/")


@dataclass
class Running:
    """A running process. `shown` is what it printed so far."""

    process: asyncio.subprocess.Process
    output: asyncio.StreamReader
    shown: str = field(default="")

    async def until(self, pattern: re.Pattern[str]) -> re.Match[str]:
        """Wait until it printed something like this."""
        async with asyncio.timeout(20):
            while (match := pattern.search(self.shown)) is None:
                piece = await self.output.read(4096)
                assert piece, self.shown
                self.shown += piece.decode()
        return match

    async def address(self) -> str:
        """Wait for the address of the page."""
        await self.until(re.compile("Ctrl-C ends it"))
        return (await self.until(ADDRESS))[0]

    async def stopped_by(self, number: signal.Signals) -> int:
        """Send a signal and wait for the end; returns the exit status."""
        self.process.send_signal(number)
        async with asyncio.timeout(10):
            with suppress(OSError):  # how a terminal ends
                self.shown += (await self.output.read()).decode()
            return await self.process.wait()


def environment(folder: Path) -> dict[str, str]:
    """No settings, proxies that lead nowhere, and a folder for temporary files to be looked into afterwards."""
    own = {name: value for name, value in os.environ.items() if not name.startswith(("MAILBOT_", "SLACK_"))}
    nowhere = dict.fromkeys(("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "all_proxy"), "http://127.0.0.1:9")
    return {**own, **nowhere, "TMPDIR": str(folder)}


@asynccontextmanager
async def started(*words: str, folder: Path) -> AsyncIterator[Running]:
    """Start Python with these words, without a terminal."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *words,
        env=environment(folder),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    assert process.stdout is not None
    try:
        yield Running(process, process.stdout)
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


@asynccontextmanager
async def started_in_terminal(*words: str, folder: Path) -> AsyncIterator[Running]:
    """The same in a pseudo-terminal."""
    ours, theirs = pty.openpty()
    try:
        process = await asyncio.create_subprocess_exec(
            sys.executable, *words, env=environment(folder), stdin=theirs, stdout=theirs, stderr=theirs
        )
    finally:
        os.close(theirs)
    reader = asyncio.StreamReader()
    transport, _ = await asyncio.get_running_loop().connect_read_pipe(
        lambda: asyncio.StreamReaderProtocol(reader), os.fdopen(ours, "rb", 0)
    )
    try:
        yield Running(process, reader)
    finally:
        transport.close()
        if process.returncode is None:
            process.kill()
            await process.wait()


async def ask(tab: Tab) -> None:
    """Type a command; the private message comes, and its trace with DNS and TLS."""
    reply = await tab.ask("command", channel=SUPPORT, command="/mailsettings", text="example.cz outlook-2007")
    assert (reply["status"], reply["error"]) == (200, "")
    message = (await tab.until(lambda told: told["type"] == "message"))["message"]
    assert message["only_for"] == AGENT
    assert "mail8.skok.cz" in str(message["blocks"])
    trace = (await tab.until(lambda told: told["type"] == "trace" and told["trace"]["acknowledged_ms"]))["trace"]
    assert {"dns", "tls"} <= {step["kind"] for step in trace["steps"]}


async def is_served(address: str) -> bool:
    """True when somebody listens there."""
    try:
        async with aiohttp.ClientSession() as session, session.get(address):
            return True
    except aiohttp.ClientConnectionError:
        return False


@pytest.mark.parametrize("options", [(), ("--socket-mode",)], ids=str)
@pytest.mark.parametrize(("number", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 0)])
async def test_from_its_start_to_its_end(
    options: tuple[str, ...], number: signal.Signals, status: int, tmp_path: Path
) -> None:
    """Ready soon, used, ended while a tab is open; nothing stays: no port, no file, no word of trouble."""
    began = time.monotonic()
    async with started("-m", "bot", "playground", "--port", "0", *options, folder=tmp_path) as running:
        address = await running.address()
        assert time.monotonic() - began < 10
        assert "listens on this machine only" in running.shown
        async with open_tab(address) as tab:
            await ask(tab)
            assert tab.hello["mode"] == ("socket" if options else "http")
            assert await running.stopped_by(number) == status
        assert not await is_served(address)
        assert running.shown.rstrip().endswith("Ctrl-C ends it.")
    assert not os.listdir(tmp_path)


async def test_a_second_interrupt_does_not_wait(tmp_path: Path) -> None:
    """Though a command is still being answered: it does not even tidy up."""
    async with started("-m", "bot", "playground", "--port", "0", folder=tmp_path) as running:
        async with open_tab(await running.address()) as tab:
            place = {"channel": SUPPORT, "command": "/mailsettings"}
            await tab.ask("command", text="mlci.example thunderbird", **place)
            running.process.send_signal(signal.SIGINT)
            assert await tab.closed() == 1001
            assert await running.stopped_by(signal.SIGINT) == 130
        assert "Traceback" not in running.shown
    assert os.listdir(tmp_path)


async def test_a_port_that_is_taken_is_said(tmp_path: Path) -> None:
    """In one sentence, with the exit status of a wrong use."""
    taken = await asyncio.start_server(lambda _reader, _writer: None, "127.0.0.1", 0)
    async with taken:
        port = taken.sockets[0].getsockname()[1]
        async with started("-m", "bot", "playground", "--port", str(port), folder=tmp_path) as running:
            async with asyncio.timeout(20):
                out = (await running.output.read()).decode()
                assert await running.process.wait() == 2
    assert out == f"mailbot: cannot listen on 127.0.0.1:{port}: Address already in use\n"


async def test_the_demo_without_a_terminal_ends(tmp_path: Path) -> None:
    """After its five cases."""
    async with started("-m", "bot.playground.demo", folder=tmp_path) as running, asyncio.timeout(30):
        out = (await running.output.read()).decode()
        assert await running.process.wait() == 0
    assert [line[:2] for line in out.splitlines() if re.match(r"\d\. ", line)] == ["1.", "2.", "3.", "4.", "5."]
    assert not ADDRESS.search(out)


async def test_the_demo_goes_on_where_somebody_sits(tmp_path: Path) -> None:
    """In the same world: the page has the five cases, and is used."""
    async with started_in_terminal("-m", "bot.playground.demo", folder=tmp_path) as running:
        address = await running.address()
        async with open_tab(address) as tab:
            assert len(tab.hello["messages"]) == len(tab.hello["traces"]) == 5
            await ask(tab)
        assert await running.stopped_by(signal.SIGINT) == 130
        assert not await is_served(address)
    assert "Traceback" not in running.shown
