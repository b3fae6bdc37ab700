"""Whose a host is, for judging what lies around a domain's mail."""

from __future__ import annotations

from dataclasses import dataclass, field

from bot.advice.mail_server import KnownAddresses, judge_row
from bot.answer import MailServer
from bot.facts import Row
from bot.provider.known import known_provider
from bot.provider.profile import Profile


@dataclass(frozen=True)
class Hosting:
    """The provider, its servers' addresses, and the server that holds the domain's mail, where it is known."""

    profile: Profile
    known: KnownAddresses = field(default_factory=dict)
    server: MailServer | None = None

    def owns(self, name: str, row: Row | None) -> bool | None:
        """Whether a host is the provider's, by its name or its addresses; None where that is not known."""
        names = (name, *(row.chain if row else ()))
        if any(map(self.profile.is_own_name, names)):
            return True
        if any(map(known_provider, names)):
            return False
        if row is None or row.outcome.is_unavailable:
            return None
        return isinstance(judge_row(row, self.profile, self.known), MailServer) or self.is_server(row)

    def is_server(self, row: Row) -> bool:
        """True for a row with an address of the domain's own mail server."""
        return self.server is not None and bool(set(self.server.addresses) & set(row.addresses))
