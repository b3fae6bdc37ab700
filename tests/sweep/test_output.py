"""The file of results: every line whole, whatever ends a run; and standard output that never stops the clocks."""

from __future__ import annotations

import asyncio
import json
import os
import resource
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from bot.sweep.errors import SweepError
from bot.sweep.old import OldRun
from bot.sweep.output import Console, OutputFile, to_line
from tests.sweep.build import status

LINES = [to_line(status(f"customer-{number}.cz", codes=["row_missing"] * (number % 3))) for number in range(6)]


@contextmanager
def opened(path: Path) -> Iterator[tuple[OutputFile, list[str]]]:
    """An output that goes on from what is there, and the domains that are."""
    output = OutputFile(path)
    try:
        yield output, [result.domain for result in output.resume()]
    finally:
        output.close()


def domains(path: Path) -> list[str]:
    """The domains of a file; every line is JSON."""
    return [json.loads(line)["domain"] for line in path.read_bytes().splitlines(keepends=True)]


@pytest.mark.parametrize("cut_off", range(0, len(LINES[2]), 7))
async def test_a_torn_line_is_cut_off_and_written_again(tmp_path: Path, cut_off: int) -> None:
    """Wherever a run was ended, the next one goes on behind the last whole line."""
    path = tmp_path / "out.jsonl"
    path.write_bytes(b"".join(LINES[:2]) + LINES[2][:cut_off])
    with opened(path) as (output, known):
        assert known == ["customer-0.cz", "customer-1.cz"]
        await output.write(LINES[2])
    assert path.read_bytes() == b"".join(LINES[:3])


async def test_zeros_after_a_crash_of_the_machine_are_cut_off(tmp_path: Path) -> None:
    """A file system may know the length of a file and not its last bytes."""
    path = tmp_path / "out.jsonl"
    path.write_bytes(LINES[0] + bytes(100))
    with opened(path) as (output, _):
        await output.write(LINES[1])
    assert path.read_bytes() == LINES[0] + LINES[1]


@pytest.mark.parametrize("contents", [b"my notes\n", b"my notes", LINES[0] + b"my notes\n", b'{"a": 1}\n', b"[1]"])
def test_a_file_of_something_else_is_left_as_it_is(tmp_path: Path, contents: bytes) -> None:
    """A wrong name on the command line destroys nothing."""
    path = tmp_path / "notes.txt"
    path.write_bytes(contents)
    with pytest.raises(SweepError, match="not a result of a sweep"), opened(path):
        pass
    assert path.read_bytes() == contents


def test_two_runs_cannot_write_at_once(tmp_path: Path) -> None:
    """The second is told; when the first has ended, it may."""
    path = tmp_path / "out.jsonl"
    with opened(path), pytest.raises(SweepError, match="another sweep is writing"):
        OutputFile(path)
    with opened(path):
        pass


@pytest.mark.parametrize("room", range(1, len(LINES[0]) + len(LINES[1]), 37))
async def test_a_line_that_does_not_fit_leaves_no_part_of_it(tmp_path: Path, room: int) -> None:
    """A full disk, here a limit of the file's size: the file ends with a whole line, and says what to do."""
    path = tmp_path / "out.jsonl"
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    with opened(path) as (output, _):
        resource.setrlimit(resource.RLIMIT_FSIZE, (room, limits[1]))
        try:
            with pytest.raises(SweepError, match="too large; the results so far are in it: make room"):
                await _write_all(output)
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert path.read_bytes() == b"".join(LINES[: len(domains(path))])


async def _write_all(output: OutputFile) -> None:
    for line in LINES:
        await output.write(line)


async def test_a_full_device_is_told() -> None:
    """No room at all."""
    output = OutputFile(Path("/dev/full"))
    assert list(output.resume()) == []
    with pytest.raises(SweepError, match="No space left on device"):
        await output.write(LINES[0])
    output.close()


@pytest.mark.parametrize("name", ["missing/out.jsonl", "."])
def test_an_output_that_cannot_be_opened_is_told(tmp_path: Path, name: str) -> None:
    """No such folder; a folder."""
    with pytest.raises(SweepError, match="cannot be written"):
        OutputFile(tmp_path / name)


def test_half_a_letter_can_be_written() -> None:
    """Text that is no Unicode does not end the sweep; it is escaped."""
    assert json.loads(to_line(status("a.cz", codes=["\ud800"])))["findings"][0]["code"] == "\ud800"


async def test_a_slow_reader_of_standard_output_stops_no_clock() -> None:
    """The pipe is full: the writer waits, everything else goes on; what is read in the end is whole."""
    reader, writer = os.pipe()
    console, line = Console(writer), to_line({"domain": "a.cz", "text": "x" * 50_000})
    writing = asyncio.gather(*(console.write(line) for _ in range(4)))
    ticks = 0
    while ticks < 20:  # the loop runs although nobody reads
        await asyncio.sleep(0)
        ticks += 1
    assert not writing.done()
    read = await asyncio.to_thread(_read, reader, 4 * len(line))
    await writing
    os.close(writer)
    os.close(reader)
    assert read == line * 4


def _read(file: int, count: int) -> bytes:
    read = b""
    while len(read) < count:
        read += os.read(file, 65_536)
    return read


async def test_a_reader_that_went_away_is_told_as_such() -> None:
    """The command line ends quietly then, as everywhere."""
    reader, writer = os.pipe()
    os.close(reader)
    with pytest.raises(BrokenPipeError):
        await Console(writer).write(b"x\n")
    os.close(writer)


async def test_standard_output_that_is_full_is_told() -> None:
    """`> /dev/full`."""
    file = os.open("/dev/full", os.O_WRONLY)
    with pytest.raises(SweepError, match="standard output cannot be written: No space left"):
        await Console(file).write(b"x\n")
    os.close(file)


def test_an_old_run_is_looked_up_by_domain(tmp_path: Path) -> None:
    """The last line of a domain counts; lines that are no results are passed over."""
    path = tmp_path / "old.jsonl"
    path.write_bytes(b"".join(LINES) + b"noise\n" + to_line(status("customer-1.cz", "broken")) + LINES[5][:20])
    with OldRun(path) as old:
        last, none = old.find("customer-1.cz"), old.find("customer-9.cz")
    assert last is not None
    assert (last.verdict, none) == ("broken", None)


@pytest.mark.parametrize(("contents", "said"), [(None, "cannot be read"), (b"noise\n", "no results of a sweep")])
def test_an_old_run_that_is_none_is_told(tmp_path: Path, contents: bytes | None, said: str) -> None:
    """A missing file, and one of something else."""
    path = tmp_path / "old.jsonl"
    if contents:
        path.write_bytes(contents)
    with pytest.raises(SweepError, match=said):
        OldRun(path)
