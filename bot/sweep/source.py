"""The domains of a file or of standard input, read as they are needed."""

from __future__ import annotations

import asyncio
import os
import stat
from collections.abc import AsyncIterator, Callable
from pathlib import Path

from bot.domain import DomainName, InvalidDomain
from bot.reply.words import harmless
from bot.sweep.errors import SweepError
from bot.sweep.input import REASONS, Line, LineCutter, parse_line
from bot.sweep.packed import PackedSet

PIECE = 65_536


class Source:
    """Gives each domain once, without those that are done already; what is no domain is told with its line number.

    `share` is how much of the input was handed out, None where its length is not known.
    """

    def __init__(self, path: str, *, done: PackedSet, tell: Callable[[str], None]) -> None:
        self._name = "standard input" if path == "-" else path
        self._done, self._tell = done, tell
        self._seen = PackedSet()
        self._position = 0
        self.junk = self.doubles = self.skipped = 0
        self._file = _open(path)
        about = os.fstat(self._file)
        self._size = about.st_size if stat.S_ISREG(about.st_mode) else 0

    @property
    def share(self) -> float | None:
        """From 0 to 1."""
        return min(1.0, self._position / self._size) if self._size else None

    def close(self) -> None:
        """Close the file."""
        if self._file:
            os.close(self._file)

    async def domains(self) -> AsyncIterator[DomainName]:
        """The domains in the order of the file. Raises SweepError where it cannot be read further."""
        async for line in self._lines():
            self._position = line.end
            domain = parse_line(line.text)
            if isinstance(domain, InvalidDomain):
                self._report(line, domain)
            elif domain is not None and self._is_new(domain):
                yield domain

    def _is_new(self, domain: DomainName) -> bool:
        if not self._seen.add(domain.ascii):
            self.doubles += 1
            return False
        if domain.ascii in self._done:
            self.skipped += 1
            return False
        return True

    def _report(self, line: Line, junk: InvalidDomain) -> None:
        """Only the host is shown: what stands before an @ belongs to a customer."""
        self.junk += 1
        shown = f": {harmless(junk.typed)!r}" if junk.typed else ""
        reason = REASONS.get(junk.reason, REASONS["not_a_domain"])
        self._tell(f"{self._name}, line {line.number}: {reason}{shown}")

    async def _lines(self) -> AsyncIterator[Line]:
        cutter = LineCutter()
        while piece := await self._read():
            for line in cutter.feed(piece):
                yield line
        for line in cutter.finish():
            yield line

    async def _read(self) -> bytes:
        """Some bytes. A terminal or a pipe is waited for beside everything else; files are always ready."""
        await asyncio.sleep(0)  # a long stretch without a new domain holds up nobody
        while True:
            try:
                if not self._size:
                    await _readable(self._file)
                return os.read(self._file, PIECE)
            except BlockingIOError:
                continue
            except OSError as error:
                raise SweepError(f"{self._name} cannot be read: {error.strerror}") from None


def _open(path: str) -> int:
    """The descriptor of a file; `-` is standard input. A pipe that nobody writes to yet is no reason to wait here."""
    if path == "-":
        return 0
    try:
        if Path(path).is_dir():
            raise SweepError(f"{path} is a folder; a file with one domain a line was expected")
        return os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as error:
        raise SweepError(f"{path} cannot be read: {error.strerror}") from None


async def _readable(file: int) -> None:
    loop = asyncio.get_running_loop()
    ready = asyncio.Event()
    try:
        loop.add_reader(file, ready.set)
    except PermissionError:  # an empty file, /dev/null: it never makes one wait
        return
    try:
        await ready.wait()
    finally:
        loop.remove_reader(file)
