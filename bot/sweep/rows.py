"""The status of a domain by its rows alone: judged and told as the whole status is. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bot.answer import FoundBy, MailServer
from bot.domain import DomainName
from bot.facts import Outcome
from bot.network.wire import Plain
from bot.provider.profile import ServerName
from bot.reply.status_json import status_json
from bot.status.judge import Status
from bot.status.model import Verdict
from bot.sweep.result import Json

LABELS = ("imap", "mail", "pop")
"""The rows that are asked for."""
NOT_ASKED = frozenset({"smtp", "mx"})
"""Of these nothing is said; the MX is asked only where no row leads anywhere, to find the server by."""
_SHOWN = ("imap", "pop", "mail")


def judge_plain(
    domain: DomainName, answers: Sequence[Plain | None], servers: Sequence[ServerName | None], seen_at: datetime
) -> Status | None:
    """The short way for nearly everybody: every row leads to the same server by a name of its own. Else None.

    `servers` are the provider's on the chains of the answers. `bot.status.judge` says the same of the same facts.
    """
    first, imap = servers[0], answers[0]
    if first is None or imap is None or any(server != first for server in servers):
        return None
    if any(answer is None or answer.outcome is not Outcome.FOUND for answer in answers):
        return None
    found = MailServer(first.host, first.number, FoundBy.CNAME, imap.values, f"imap.{domain}", seen_at)
    return Status(domain, Verdict.WORKS, found, dict.fromkeys(_SHOWN, first.host), (), (), (), (), seen_at)


def rows_json(status: Status, language: str) -> Json:
    """The object of `mailbot status --json`, with `dns_only`: nothing was connected to."""
    return status_json(status, language) | {"dns_only": True}
