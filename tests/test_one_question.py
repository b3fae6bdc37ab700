"""Each single question of DNS that a status asks, failing: who knows less has no error more."""

from __future__ import annotations

import pytest

from bot.compose import Parts
from bot.domain import DomainName
from bot.playground.customers import LABELS, MAIL3, Customer
from bot.playground.names import ServFail
from bot.playground.world import World, running_world
from bot.playground.zone import Zone
from bot.status.judge import Status
from bot.status.model import Level, Verdict

HARMLESS = {Verdict.WORKS, Verdict.WORKS_BUT, Verdict.UNKNOWN}
BY_ADDRESS: Zone = {f"{label}.primy.example": {"A": "127.0.1.3"} for label in LABELS}


@pytest.mark.parametrize("domain", ["eshop.example.cz", "primy.example"])
async def test_one_question_that_fails_is_held_against_nobody(domain: str) -> None:
    """Of a domain by one below it that has no rows of its own, and of one whose rows are addresses of a server."""
    async with running_world() as world:
        no_rows = Customer("primy.example", MAIL3, {}, odd_rows=dict.fromkeys(LABELS))
        world.names.zone = {**world.names.zone, **no_rows.zone(), **BY_ADDRESS}
        before = await ask(world, domain)
        for question in sorted({(question.name, question.rtype) for question in world.names.questions}):
            if is_told_apart(question[0]):
                world.names.faults = {question: ServFail()}
                after = await ask(world, domain)
                assert errors(after) <= errors(before), question
                assert after.verdict in (before.verdict, *HARMLESS), question


async def ask(world: World, domain: str) -> Status:
    """The status for somebody who remembers nothing."""
    parts = Parts(world.config(MAILBOT_TIMEOUT="10"), dial=world.dial)
    return await parts.status.status(DomainName(domain, domain))


def is_told_apart(name: str) -> bool:
    """False for the names that the provider's other servers may have: hundreds, and all alike."""
    return not name.endswith((".skok.cz", ".c4.cz")) or name in (MAIL3, "mail8.skok.cz", "spf1.c4.cz")


def errors(status: Status) -> set[tuple[str, str]]:
    """The errors, and the hosts that they are about."""
    return {(f.code, f.params.get("host", "")) for f in status.findings if f.level is Level.ERROR}
