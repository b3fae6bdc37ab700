"""Where results go: a file that a stopped sweep goes on in, or standard output. Each line is whole or not there."""

from __future__ import annotations

import asyncio
import errno
import fcntl
import json
import os
import stat
from collections.abc import Iterator
from pathlib import Path

from bot.sweep.errors import SweepError
from bot.sweep.result import Json, Result, read_result

PIECE = 4096
"""Bytes that a pipe takes without waiting once it is ready for any (POSIX: PIPE_BUF)."""
READ_AT_ONCE = 1 << 20
_BEGINNING = b'{"domain": "'


def to_line(value: Json) -> bytes:
    """One line of JSON with its end; what is no Unicode text (half a surrogate pair) is escaped."""
    return json.dumps(value, ensure_ascii=False).encode("utf-8", "backslashreplace") + b"\n"


class OutputFile:
    """A file of results, locked against a second sweep. Raises SweepError for one that cannot be used."""

    def __init__(self, path: Path) -> None:
        self._path = path
        try:
            self._file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        except OSError as error:
            raise SweepError(f"{path} cannot be written: {error.strerror}") from None
        try:
            self._is_regular = stat.S_ISREG(os.fstat(self._file).st_mode)
            self._lock()
        except BaseException:
            os.close(self._file)
            raise
        self._end = 0

    def resume(self) -> Iterator[Result]:
        """Every result that is there. At its end a line that was not finished is cut off, and writing goes on there.

        Raises SweepError for a file that holds something else: nothing is lost by a wrong name.
        """
        if not self._is_regular:
            return
        for number, line in enumerate(self._lines(), 1):
            if not line.endswith(b"\n"):
                if not _is_torn(line):
                    raise self._other_contents(number)
                self._cut()
                break
            result = read_result(_parse(line))
            if result is None:
                raise self._other_contents(number)
            self._end += len(line)
            yield result
        os.lseek(self._file, self._end, os.SEEK_SET)

    async def write(self, line: bytes) -> None:
        """Add one line by one write. Raises SweepError where it does not fit; then no part of it is left."""
        try:
            written = os.write(self._file, line)
            if written < len(line):
                os.write(self._file, line[written:])  # says why
        except OSError as error:
            self._cut()
            raise self._failed(error) from None
        self._end += len(line)

    def close(self) -> None:
        """Bring everything to the disk and close. Raises SweepError where the disk refuses."""
        try:
            if self._is_regular:
                os.fsync(self._file)
        except OSError as error:
            raise self._failed(error) from None
        finally:
            os.close(self._file)

    def _lines(self) -> Iterator[bytes]:
        with os.fdopen(os.dup(self._file), "rb", buffering=READ_AT_ONCE) as file:
            yield from file

    def _cut(self) -> None:
        if self._is_regular:
            os.ftruncate(self._file, self._end)

    def _lock(self) -> None:
        try:
            if self._is_regular:
                fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise SweepError(f"{self._path}: another sweep is writing to it; wait for its end") from None
        except OSError as error:
            raise SweepError(f"{self._path} cannot be locked: {error.strerror}") from None

    def _other_contents(self, number: int) -> SweepError:
        return SweepError(f"{self._path}, line {number}: not a result of a sweep; give another file for the output")

    def _failed(self, error: OSError) -> SweepError:
        is_full = error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
        advice = "make room and" if is_full else "mend that and"
        kept = f"; the results so far are in it: {advice} run the same again" if self._is_regular else ""
        return SweepError(f"{self._path} cannot be written: {error.strerror}{kept}")


class Console:
    """Standard output. A reader that is slow makes the sweep wait, and never its clocks: nothing here blocks."""

    def __init__(self, file: int | None) -> None:
        """`file` is its descriptor; None where the program was started without one."""
        self._file = file
        self._turn = asyncio.Lock()

    async def write(self, line: bytes) -> None:
        """Write one line. Raises BrokenPipeError when nobody reads any more, SweepError when it cannot be written."""
        if self._file is None:
            raise SweepError("standard output is closed; give a file for the output")
        async with self._turn:
            try:
                while line:
                    await _writable(self._file)
                    line = line[os.write(self._file, line[:PIECE]) :]
            except BrokenPipeError:
                raise
            except OSError as error:
                raise SweepError(f"standard output cannot be written: {error.strerror}") from None


async def _writable(file: int) -> None:
    loop = asyncio.get_running_loop()
    ready = asyncio.Event()
    try:
        loop.add_writer(file, ready.set)
    except PermissionError:  # a file: always ready
        return
    try:
        await ready.wait()
    finally:
        loop.remove_writer(file)


def _parse(line: bytes) -> object:
    try:
        return json.loads(line)
    except ValueError:
        return None


def _is_torn(line: bytes) -> bool:
    """True for the beginning of a line of ours; a crash of the machine may leave zeros in its place."""
    return line.startswith(_BEGINNING) or _BEGINNING.startswith(line) or not line.strip(b"\0")
