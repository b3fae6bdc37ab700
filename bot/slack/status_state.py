"""What a button below a status knows: the domains and the view, packed into the ids and values that Slack hands back.

As in `bot.slack.state`, nothing is kept and nothing is read from the message. Pure.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from bot.domain import DomainName, parse_domain
from bot.slack.state import NoState

VERSION = "s1"
MOST_OF_A_VALUE = 2_000
"""Of a button's value: Slack's rule."""
MOST_OF_AN_OPTION = 150
"""The same of an option's in a menu."""
MOST_DOMAINS = 20

_THREAD = re.compile(r"[0-9]{1,12}\.[0-9]{1,8}", re.ASCII)


class StatusView(StrEnum):
    """What is shown: the findings, with everything that was seen, or which mail programs get in."""

    FINDINGS = ""
    DETAILS = "d"
    CLIENTS = "c"
    ALL_CLIENTS = "a"


@dataclass(frozen=True, slots=True)
class StatusState:
    """The domains a status is about, and how it is shown.

    `left_out` counts names beyond what is looked at; it is said once and not packed.
    """

    domains: tuple[str, ...]
    view: StatusView = StatusView.FINDINGS
    thread: str | None = None
    left_out: int = 0

    @property
    def is_measured(self) -> bool:
        """True where TLS versions are shown, and so have to be measured."""
        return self.view is not StatusView.FINDINGS

    @property
    def is_summary(self) -> bool:
        """True for several domains: a table, with details on demand."""
        return len(self.domains) > 1


def pack_status(state: StatusState) -> str:
    """The state as a button's value; domains that there is no room for are left out."""
    head = f"{VERSION}|{state.view}|{state.thread or ''}|"
    kept = list(state.domains[:MOST_DOMAINS])
    while len(head) + len(",".join(kept)) > MOST_OF_A_VALUE:
        kept.pop()
    return head + ",".join(kept)


def unpack_status(value: object) -> StatusState:
    """The state that a click carries. Raises NoState for anything that `pack_status` did not make."""
    fields = value.split("|") if isinstance(value, str) and len(value) <= MOST_OF_A_VALUE else []
    if len(fields) != 4 or fields[0] != VERSION or fields[1] not in tuple(StatusView):
        raise NoState
    _, view, thread, domains = fields
    if thread and not _THREAD.fullmatch(thread):
        raise NoState
    return StatusState(tuple(map(_domain, domains.split(","))), StatusView(view), thread or None)


def domain_of(name: str) -> DomainName:
    """A domain of a state, parsed. Raises NoState."""
    domain = parse_domain(name)
    if not isinstance(domain, DomainName):
        raise NoState
    return domain


def _domain(text: str) -> str:
    if domain_of(text).ascii != text:
        raise NoState
    return text
