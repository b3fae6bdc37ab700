"""Slash commands over HTTP as Slack sends them: raw sockets, so that the sender costs little beside the bot."""

from __future__ import annotations

import asyncio
import itertools
import time
from collections.abc import Awaitable
from dataclasses import dataclass
from urllib.parse import urlsplit

from bot.playground.slack_payloads import as_form, sign

SECRET = "bench-signing-secret"
COMMAND = "/mailsettings"

_numbers = itertools.count()


@dataclass(frozen=True)
class Sender:
    """Sends one command again and again, each time as a new one."""

    url: str
    text: str
    response_url: str = ""

    async def seconds(self, count: int, in_flight: int) -> tuple[float, list[float]]:
        """Seconds for all commands together, and those from the first byte sent to the answer of each."""
        wires = [self._wire() for _ in range(count)]
        start = time.perf_counter()
        taken = await asyncio.gather(*(self._connection(wires[lane::in_flight]) for lane in range(in_flight)))
        return time.perf_counter() - start, [seconds for lane in taken for seconds in lane]

    async def answer(self) -> bytes:
        """The body of the answer to one command."""
        reader, writer = await self._connect()
        writer.write(self._wire())
        body = await _read_answer(reader)
        writer.close()
        return body

    async def _connection(self, wires: list[bytes]) -> list[float]:
        reader, writer = await self._connect()
        taken = []
        for wire in wires:
            start = time.perf_counter()
            writer.write(wire)
            await _read_answer(reader)
            taken.append(time.perf_counter() - start)
        writer.close()
        return taken

    def _connect(self) -> Awaitable[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
        parts = urlsplit(self.url)
        return asyncio.open_connection(parts.hostname, parts.port)

    def _wire(self) -> bytes:
        payload = {
            "command": COMMAND,
            "text": self.text,
            "user_id": "U0AGENT",
            "channel_id": "C0SUPPORT",
            "team_id": "T0",
            "response_url": self.response_url,
            "trigger_id": f"{next(_numbers)}.bench",  # the same one again would count as a replay
        }
        body = as_form(payload)
        head = {
            "Host": "127.0.0.1",
            "Content-Type": "application/x-www-form-urlencoded",
            "Content-Length": str(len(body)),
            **sign(SECRET, body, int(time.time())),
        }
        lines = "".join(f"{name}: {value}\r\n" for name, value in head.items())
        return f"POST {urlsplit(self.url).path} HTTP/1.1\r\n{lines}\r\n".encode() + body


async def warm_up(sender: Sender) -> None:
    """Ask for settings until the answer comes from the cache, in the agent's language. Raises RuntimeError."""
    for _ in range(5):
        answer = await sender.answer()
        await asyncio.sleep(0.2)
    if b"mail." not in answer:
        raise RuntimeError(f"no settings in the answer: {answer[:300]!r}")


async def _read_answer(reader: asyncio.StreamReader) -> bytes:
    """The body; every answer here has a length. Raises RuntimeError for one that is not 200."""
    head = await reader.readuntil(b"\r\n\r\n")
    status, *fields = head.decode("latin-1").splitlines()
    lengths = [int(field.partition(":")[2]) for field in fields if field.lower().startswith("content-length:")]
    body = await reader.readexactly(lengths[0] if lengths else 0)
    if " 200 " not in status:
        raise RuntimeError(f"{status}: {body[:200]!r}")
    return body
