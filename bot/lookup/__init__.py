"""The only orchestrator: asks DNS and the mail servers side by side under one deadline, then lets the pure chain judge.

Nothing waits for what it does not need: a port is connected to as soon as its own row is known, and what is
merely good to know (MX, IPv6, the optional port) gets a short grace once everything else is there.
"""

from __future__ import annotations

from dataclasses import dataclass

from bot.answer import Outcome
from bot.lookup.edges import Edges, Work
from bot.lookup.inquiry import Inquiry
from bot.request import SettingsRequest


@dataclass(frozen=True)
class Lookup:
    """Answers requests for settings."""

    edges: Edges

    async def settings(self, request: SettingsRequest, *, fresh: bool = False, probe: bool = True) -> Outcome:
        """Answer one request. `fresh` bypasses caches; without `probe` no mail server is connected to.

        Ends within the timeout; what could not be found out by then is said in the answer.
        """
        work = Work(self.edges, fresh=fresh, may_probe=probe)
        try:
            return await Inquiry(work, request).answer()
        finally:
            work.close()
