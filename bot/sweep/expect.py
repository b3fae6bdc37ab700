"""Whether domains have moved to the server they were to move to. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from bot.status.model import Verdict
from bot.sweep.result import Json, Result


class Place(StrEnum):
    """Where a domain is, seen from the server expected."""

    MOVED = "moved"
    NOT_MOVED = "not_moved"
    """On another server of the provider, or its rows lead to several."""
    ELSEWHERE = "elsewhere"
    """On no server of the provider."""
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Expected:
    """The server that the domains are expected on, with its addresses: one server may have several names."""

    host: str
    addresses: frozenset[str] = frozenset()

    def place(self, result: Result) -> Place:
        """Where the domain is."""
        if result.server == self.host or result.addresses & self.addresses:
            return Place.MOVED
        if result.verdict is Verdict.UNKNOWN:
            return Place.UNKNOWN
        return Place.NOT_MOVED if result.server or "rows_disagree" in result.codes else Place.ELSEWHERE

    def json(self, result: Result) -> Json:
        """The line of `--expect`."""
        place = self.place(result).value
        return {"domain": result.domain, "expected": self.host, "state": place, "mail_server": result.server}
