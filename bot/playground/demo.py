"""`make demo`: the main job on this machine alone, five telling cases, as an agent would see them in Slack.

A DNS server and mail servers on loopback, a stand-in for Slack that signs its requests, and the real app between
them. Needs neither root nor low ports nor the internet. With a terminal it goes on as `mailbot playground`.
"""

from __future__ import annotations

import asyncio
import shutil
import sys
from dataclasses import dataclass

from bot.config import ConfigError
from bot.playground.command import forget_proxies, play
from bot.playground.slack import SlackStandIn
from bot.playground.slack_world import AGENT, LEAD, Message
from bot.playground.stage import running_stage
from bot.playground.terminal import draw_message
from bot.playground.world import World
from bot.serve import INTERRUPTED


@dataclass(frozen=True, slots=True)
class Case:
    """One command and what to look at in its answer."""

    text: str
    about: str
    who: str = AGENT


CASES = (
    Case("example.cz thunderbird", "a program that sends SNI gets the domain's own name, which survives moves", LEAD),
    Case("example.cz outlook-2007", "a program without SNI gets the server's name, and the reason why"),
    Case("jan@example.cz iphone ios 9", "a phone that no server name can help: said first, with a way out"),
    Case("jinde.example outlook 2016", "a domain whose mail is hosted elsewhere"),
    Case("propadla.example outlook 365", "the domain's certificate has ended: the server's name as a stopgap"),
)


async def main() -> int:
    """Run the five cases, then go on as the playground if somebody sits there; returns the exit status."""
    async with running_stage() as stage:
        _introduce(stage.world)
        for number, case in enumerate(CASES, 1):
            await _play(stage.slack, number, case)
        if stage.slack.violations:
            print("Slack would not have taken this:", *stage.slack.violations, sep="\n  ")
            return 1
        print("\nThe same without Slack: mailbot settings DOMAIN CLIENT. In a workspace: see README.md.")
        if sys.stdin is None or not sys.stdin.isatty():
            return 0
        print()
        return await play(stage)


def _introduce(world: World) -> None:
    host, port = world.names.address
    servers = ", ".join(f"{name} on {server.address}" for name, server in world.mail_servers.items())
    print(f"A name server on {host}:{port}, mail servers {servers}, and the Slack app.")
    print("First a team lead who reads Slack in English, then an agent in Czech:")


async def _play(slack: SlackStandIn, number: int, case: Case) -> None:
    is_terminal = sys.stdout.isatty()
    reply = await slack.command("/mailsettings", case.text, user=case.who)
    message = reply.message
    if message is None or _is_placeholder(message):
        message = (await slack.next_response()).message
    assert message is not None, reply
    width = min(shutil.get_terminal_size((100, 24)).columns, 110)
    print(f"\n{'─' * width}\n{number}. {case.about}\n\n> /mailsettings {case.text}")
    print(f"  (answered in {reply.seconds * 1000:.0f} ms, only visible to who asked)\n")
    print(draw_message(message.payload, colour=is_terminal, width=width))


def _is_placeholder(message: Message) -> bool:
    """True for the short line that goes first when an answer takes longer."""
    return all(block["type"] != "rich_text" for block in message.blocks)


def run() -> int:
    """Run it as a program; returns the exit status."""
    forget_proxies()
    try:
        return asyncio.run(main())
    except ConfigError as error:
        print(*error.mistakes, sep="\n", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return INTERRUPTED


if __name__ == "__main__":
    sys.exit(run())
