"""Who looks on: watchers of every change, and the record of broken rules."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import structlog

from bot.playground.slack_model import MOST_KEPT, Breach

Watcher = Callable[[str, object], None]
"""Is told of each change: its kind, and the thing that changed.

"message" (new, changed or deleted): Message. "view" (opened or updated), "view_closed", "home": View.
"breach": Breach. "call" (ended): Call. "answer" (at a response_url): Answer. "delivery" (begun, ended): Delivered.
"""

log = structlog.get_logger(__name__)


class Watched:
    """Tells watchers what happens, and keeps what breaks Slack's rules."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self.clock = clock
        self.watchers: list[Watcher] = []
        self.breaches: deque[Breach] = deque(maxlen=MOST_KEPT)
        self._expected: list[tuple[str, list[Breach]]] = []

    def tell(self, kind: str, thing: object) -> None:
        """Tell the watchers of a change; what fails there is theirs."""
        for watcher in list(self.watchers):
            try:
                watcher(kind, thing)
            except Exception:
                log.exception("watcher_failed", kind=kind)

    def breach(self, where: str, text: str) -> None:
        """Remember that the bot broke a rule of Slack's."""
        breach = Breach(self.clock(), where, text)
        for expected, seen in self._expected:
            if expected in str(breach):
                seen.append(breach)
                return
        self.breaches.append(breach)
        self.tell("breach", breach)

    @property
    def violations(self) -> list[str]:
        """The breaches as sentences, oldest first."""
        return [str(breach) for breach in self.breaches]

    @contextmanager
    def expecting(self, text: str) -> Iterator[list[Breach]]:
        """Take breaches whose sentence contains the text out of the count; raises AssertionError if there was none."""
        expectation: tuple[str, list[Breach]] = (text, [])
        self._expected.insert(0, expectation)
        try:
            yield expectation[1]
        finally:
            self._expected = [one for one in self._expected if one is not expectation]
        if not expectation[1]:
            raise AssertionError(f"nothing broke a rule with {text!r} in its name")
