"""Server programs as children of the test run: found, started, waited for, stopped."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

SEARCH_PATH = f"{os.environ.get('PATH', '')}:/usr/local/sbin:/usr/sbin:/sbin:/usr/bin"
START_TIMEOUT, STOP_TIMEOUT = 15.0, 5.0

_DOVECOT_PARTS = tuple(Path("/usr/lib/dovecot") / part for part in ("imap-login", "pop3-login"))

Place = tuple[str, int]
"""An address and a TCP port."""


class ServerFailed(RuntimeError):
    """A program that ended, or never answered; the message holds the end of what it wrote."""


def missing_programs() -> tuple[str, ...]:
    """What of Dovecot, Postfix and Knot is not on this machine."""
    programs = [name for name in ("dovecot", "postmap", "knotd") if shutil.which(name, path=SEARCH_PATH) is None]
    return (*programs, *(str(part) for part in _DOVECOT_PARTS if not part.exists()))


def program(name: str) -> str:
    """The path of a program. Raises ServerFailed where there is none."""
    path = shutil.which(name, path=SEARCH_PATH)
    if path is None:
        raise ServerFailed(f"{name} is not installed (tests/install.sh real)")
    return path


@contextmanager
def running(command: Sequence[str], log: Path, answers: Sequence[Place]) -> Iterator[subprocess.Popen[bytes]]:
    """Run a server in the foreground until the block ends; begins once every place of `answers` accepts."""
    with log.open("wb") as output:
        child = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=output, stderr=output, process_group=0)
    try:
        _wait_until_it_answers(child, log, answers)
        yield child
    finally:
        _stop(child)


def _wait_until_it_answers(child: subprocess.Popen[bytes], log: Path, places: Sequence[Place]) -> None:
    end = time.monotonic() + START_TIMEOUT
    for place in places:
        while not accepts(place):
            if child.poll() is not None or time.monotonic() > end:
                said = log.read_text("utf-8", "replace")[-2000:]
                raise ServerFailed(f"{child.args!r} does not answer on {place}:\n{said}")
            time.sleep(0.02)


def accepts(place: Place) -> bool:
    """True when somebody takes TCP connections there."""
    with socket.socket() as connection:
        connection.settimeout(1)
        return connection.connect_ex(place) == 0


def _stop(child: subprocess.Popen[bytes]) -> None:
    """Ask the whole group of processes to end, then make it: masters leave no workers behind."""
    _signal_group(child, signal.SIGTERM)
    try:
        child.wait(STOP_TIMEOUT)
    except subprocess.TimeoutExpired:
        pass
    finally:
        _signal_group(child, signal.SIGKILL)
        child.wait(STOP_TIMEOUT)


def _signal_group(child: subprocess.Popen[bytes], number: signal.Signals) -> None:
    try:
        os.killpg(child.pid, number)
    except ProcessLookupError:
        return
