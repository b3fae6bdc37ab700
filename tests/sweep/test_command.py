"""`mailbot sweep` from outside: what it prints, where, and with which exit status."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from bot.playground.names import NameServer, ServFail
from bot.playground.world import World, running_world
from tests.sweep.build import status

CUSTOMERS = "example.cz\nzahrada.example\npekarna.example\n"


@dataclass
class Ran:
    """A finished run; `lines` is standard output, an object a line."""

    status: int
    out: str
    err: str

    @property
    def lines(self) -> dict[str, Any]:
        return {line["domain"]: line for line in map(json.loads, self.out.splitlines())}


@pytest.fixture
async def world() -> AsyncIterator[World]:
    async with running_world() as running:
        yield running


async def sweep(names: NameServer, *words: str, given: str = "", redirect: str = "", **environment: str) -> Ran:
    """Run it in a process of its own; `redirect` is the shell's."""
    host, port = names.address
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("MAILBOT_", "SLACK_"))}
    process = await asyncio.create_subprocess_exec(
        *("sh", "-c", f'exec "$@" {redirect}', "sh", sys.executable, "-m", "bot", "sweep", *words),
        env=kept | {"MAILBOT_DNS_SERVERS": f"{host}:{port}", "MAILBOT_TIMEOUT": "1"} | environment,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    out, err = await process.communicate(given.encode())
    assert process.returncode is not None
    assert b"Traceback" not in err
    return Ran(process.returncode, out.decode(), err.decode())


async def test_standard_input_to_standard_output(world: World) -> None:
    """Junk is told with its line and without anybody's address; doubles are counted; nothing of it is fatal."""
    given = f"# customers\n\n{CUSTOMERS}jan@EXAMPLE.cz\nhttps://www.jinde.example/\njan.novak@not a domain\n192.0.2.1\n"
    ran = await sweep(world.names, "-", "--dns-only", given=given)
    assert ran.status == 0
    assert {domain: line["verdict"] for domain, line in ran.lines.items()} == {
        "example.cz": "works", "zahrada.example": "works", "pekarna.example": "works", "jinde.example": "not_ours",
    }  # fmt: skip
    assert "standard input, line 8: not a whole domain name: 'not a domain'" in ran.err
    assert "standard input, line 9: an IP address" in ran.err
    assert "novak" not in ran.err
    assert "4 domains: 3 work · 1 not ours; 1 twice in the file; 2 no domain" in ran.err


async def test_errors_and_open_questions_have_their_exit_status(world: World) -> None:
    """1 for an error finding, 3 for what could not be found out, the higher of the two."""
    assert (await sweep(world.names, "-", "--dns-only", given="neexistuje.example")).status == 1
    world.names.faults.update({f"{label}.example.cz": ServFail() for label in ("imap", "mail", "pop")})
    assert (await sweep(world.names, "-", "--dns-only", given="example.cz")).status == 3
    assert (await sweep(world.names, "-", "--dns-only", given="example.cz\nneexistuje.example")).status == 3


async def test_where_domains_are_expected(world: World) -> None:
    """A line a domain, the counts on standard error, 0 only when all have moved."""
    world.names.faults.update({f"{label}.pekarna.example": ServFail() for label in ("imap", "mail", "pop")})
    given = "example.cz\nzahrada.example\njinde.example\n"
    ran = await sweep(world.names, "-", "--dns-only", "--expect", "mail3", given=given)
    assert ran.status == 1
    assert {domain: line["state"] for domain, line in ran.lines.items()} == {
        "example.cz": "not_moved", "zahrada.example": "moved", "jinde.example": "elsewhere",
    }  # fmt: skip
    assert "1 moved, 1 not moved, 1 elsewhere, 0 unknown" in ran.err
    assert (await sweep(world.names, "-", "--dns-only", "--expect", "mail3", given="zahrada.example")).status == 0
    assert (await sweep(world.names, "-", "--dns-only", "--expect", "mail3", given="pekarna.example")).status == 3


async def test_only_changes_are_printed(world: World, tmp_path: Path) -> None:
    """Since an older file: the domain that moved, and the report that tells it."""
    domains, old, new, report = (tmp_path / name for name in ("d.txt", "old.jsonl", "new.jsonl", "report.html"))
    domains.write_text(CUSTOMERS)
    await sweep(world.names, str(domains), "--dns-only", "--output", str(old))
    world.move("example.cz", "mail3.skok.cz")
    options = ("--dns-only", "--compare", str(old), "--output", str(new), "--report", str(report))
    for _ in range(2):  # the second run asks nothing and says the same
        ran = await sweep(world.names, str(domains), *options)
        assert ran.status == 0
        assert [(line["before"]["mail_server"], line["after"]["mail_server"]) for line in ran.lines.values()] == [
            ("mail8.skok.cz", "mail3.skok.cz")
        ]
    assert "mail3.skok.cz" in report.read_text("utf-8")
    assert len(new.read_text("utf-8").splitlines()) == 3


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("missing.txt", "--dns-only"), "missing.txt cannot be read: No such file"),
        ((".", "--dns-only"), "is a folder"),
        (("-", "--dns-only", "--expect", "gmail"), "'gmail' is no mail server of Webhosting C4"),
        (("-", "--at", "mail64"), "mail64.skok.cz has no address"),
        (("-", "--at", "mail3", "--dns-only", "--compare", "x"), "cannot go with --dns-only, --compare"),
        (("-", "--dns-only", "--report", "r.pdf"), "must end in .html or .md"),
        (("-", "--dns-only", "--report", "no/such/r.md"), "no such folder"),
        (("-", "--dns-only", "--output", "a.jsonl", "--compare", "a.jsonl"), "must be different files"),
        (("d.txt", "--dns-only", "--output", "./d.txt"), "must be different files"),
        (("-", "--dns-only", "--output", "/dev/full"), "/dev/full cannot be written: No space left on device"),
        (("-", "--dns-only", "--compare", "missing.jsonl"), "missing.jsonl cannot be read"),
        (("-", "--concurrency", "0"), "concurrency"),
        (("-", "--rate", "0"), "rate"),
        ((), "FILE"),
    ],
)
async def test_wrong_usage_is_told_in_a_sentence(world: World, words: tuple[str, ...], said: str) -> None:
    """Exit status 2, nothing on standard output."""
    ran = await sweep(world.names, *words, given="example.cz\n")
    assert (ran.status, ran.out) == (2, "")
    assert said in ran.err


@pytest.mark.parametrize(
    ("redirect", "said"),
    [
        (">/dev/full", "standard output cannot be written: No space left on device"),
        (">&-", "standard output is closed"),
        ("<&-", "standard input cannot be read"),
    ],
)
async def test_streams_that_cannot_be_used_are_told(world: World, redirect: str, said: str) -> None:
    """In one sentence, with exit status 2."""
    ran = await sweep(world.names, "-", "--dns-only", given="example.cz\n", redirect=redirect)
    assert (ran.status, ran.out) == (2, "")
    assert ran.err.startswith(f"mailbot: {said}")
    assert ran.err.count("\n") == 1


async def test_a_file_needs_no_standard_output(world: World, tmp_path: Path) -> None:
    """As where a timer starts the sweep."""
    output = tmp_path / "out.jsonl"
    ran = await sweep(world.names, "-", "--dns-only", "--output", str(output), given="example.cz\n", redirect=">&-")
    assert ran.status == 0
    assert len(output.read_text().splitlines()) == 1


async def test_a_report_that_cannot_be_written_is_told(world: World, tmp_path: Path) -> None:
    """The results are kept, the report is not there in part."""
    output, folder = tmp_path / "out.jsonl", tmp_path / "r.md"
    folder.mkdir()
    ran = await sweep(
        world.names, "-", "--dns-only", "--output", str(output), "--report", str(folder / ("x" * 300 + ".md")),
        given="example.cz",
    )  # fmt: skip
    assert ran.status == 2
    assert "cannot be written" in ran.err
    assert len(output.read_text().splitlines()) == 1
    assert list(folder.iterdir()) == []


async def test_a_line_of_somebody_else_can_be_compared_with(world: World, tmp_path: Path) -> None:
    """Only domain and verdict are needed of an older line."""
    old = tmp_path / "old.jsonl"
    old.write_text(json.dumps(status("example.cz", "broken", "mail8.skok.cz", codes=["port_refused"])) + "\n")
    ran = await sweep(world.names, "-", "--dns-only", "--compare", str(old), given="example.cz\nzahrada.example")
    assert set(ran.lines) == {"zahrada.example"}  # rows alone say nothing about ports
