"""`mailbot serve`, a provider and an empty Bolt app as processes of their own, and what they use of memory."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.load import SECRET

START_TIMEOUT = 30.0


@contextmanager
def provider(count: int, folder: Path) -> Iterator[dict[str, str]]:
    """A provider with this many customers; gives the settings that point a bot at it."""
    command = [sys.executable, "-m", "bench.scene", str(count), str(folder)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        yield json.loads(process.stdout.readline())
        process.communicate()


@contextmanager
def server(*arguments: str, port: int, environment: dict[str, str] | None = None) -> Iterator[int]:
    """A Python process that serves HTTP on a port of loopback; gives its process id."""
    with process([sys.executable, "-m", *arguments], port=port, environment=environment) as process_id:
        yield process_id


@contextmanager
def process(command: list[str], *, port: int, environment: dict[str, str] | None = None) -> Iterator[int]:
    """A program that serves on a port of loopback, quietly; gives its process id."""
    with subprocess.Popen(
        command, env=os.environ | (environment or {}), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as process:
        try:
            _wait_for(port, process)
            yield process.pid
        finally:
            process.terminate()


def bot_environment(port: int, api_url: str) -> dict[str, str]:
    """The settings of `mailbot serve` over HTTP."""
    return {
        "SLACK_BOT_TOKEN": "xoxb-bench",
        "SLACK_SIGNING_SECRET": SECRET,
        "MAILBOT_LOOKUPS_PER_MINUTE": "10000",
        "SLACK_API_URL": api_url,
        "MAILBOT_LISTEN": f"127.0.0.1:{port}",
    }


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.socket() as attempt:
        attempt.bind(("127.0.0.1", 0))
        return int(attempt.getsockname()[1])


def resident_mebibytes(process_id: int) -> float:
    """What a process holds in memory."""
    status = Path(f"/proc/{process_id}/status").read_text()
    line = next((line for line in status.splitlines() if line.startswith("VmRSS:")), "VmRSS: 0")  # it has just ended
    return int(line.split()[1]) / 1024


def cpu_seconds(process_id: int) -> float:
    """Seconds of CPU that a process has used so far, for itself and in the kernel."""
    fields = Path(f"/proc/{process_id}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + START_TIMEOUT
    while True:
        with socket.socket() as attempt:
            if attempt.connect_ex(("127.0.0.1", port)) == 0:
                return
        if process.poll() is not None or time.monotonic() > end:
            raise RuntimeError(f"{process.args!r} does not serve")
        time.sleep(0.05)
