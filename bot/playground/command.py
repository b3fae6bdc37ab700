"""`mailbot playground`: everything on this machine alone, and a page to play with, until Ctrl-C."""

from __future__ import annotations

import os

from bot.playground.page import running_page
from bot.playground.stage import Mode, Stage, running_stage
from bot.serve import stop_signal

_INTRODUCTION = """\
The playground is at {address}
It listens on this machine only and needs no internet: DNS, mail servers and Slack are played here, the bot is real.
Try there:
  /mailsettings example.cz thunderbird     settings, proved by TLS handshakes
  /mailsettings example.cz outlook-2007    the same for a program without SNI
  move example.cz to another server, then press Check again
Ctrl-C ends it."""


async def playground(port: int | None = None, mode: Mode = "http") -> int:
    """Run until SIGTERM (exit status 0) or Ctrl-C (130). Raises ConfigError for what keeps it from starting."""
    async with running_stage(mode) as stage:
        return await play(stage, port)


async def play(stage: Stage, port: int | None = None) -> int:
    """Serve the page of a stage until it is told to stop; returns the exit status."""
    async with running_page(stage, port) as address:
        stopped = stop_signal()
        print(_INTRODUCTION.format(address=address), flush=True)
        return await stopped


def forget_proxies() -> None:
    """Take the proxies out of this process's environment: Slack's client would send loopback's requests there."""
    for name in [name for name in os.environ if name.lower().endswith("_proxy")]:
        del os.environ[name]
