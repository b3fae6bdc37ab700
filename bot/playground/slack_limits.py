"""Slack's limits on how often a method may be called. Pure, but for the clock it is given.

Source: docs.slack.dev/apis/web-api/rate-limits and the pages of the methods.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

A_MINUTE = {2: 20, 3: 50, 4: 100}
"""Calls by tier; they may come all at once."""
TIERS = {
    "chat.postEphemeral": 4,
    "views.open": 4,
    "views.update": 4,
    "views.push": 4,
    "views.publish": 4,
    "users.info": 4,
    "conversations.members": 4,
    "chat.update": 3,
    "chat.delete": 3,
    "conversations.info": 3,
    "conversations.open": 3,
    "conversations.history": 3,
    "conversations.replies": 3,
    "conversations.list": 2,
    "usergroups.users.list": 2,
}
POSTS_AT_ONCE, POSTS_A_SECOND = 5, 1.0
"""In one channel. Slack allows "short bursts" and does not say how long."""


@dataclass(slots=True)
class _Bucket:
    left: float
    since: float


class RateLimits:
    """Counts calls; a call beyond the limit is not counted."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._buckets: dict[tuple[str, str], _Bucket] = {}

    def wait(self, method: str, channel: str = "") -> int:
        """Seconds until the call may be made (a `Retry-After`); 0 when it may be made now, and it counts then."""
        if method == "chat.postMessage":
            return self._take((method, channel), POSTS_AT_ONCE, POSTS_A_SECOND)
        if method not in TIERS:
            return 0
        most = A_MINUTE[TIERS[method]]
        return self._take((method, ""), most, most / 60)

    def _take(self, key: tuple[str, str], most: int, a_second: float) -> int:
        now = self._clock()
        bucket = self._buckets.setdefault(key, _Bucket(most, now))
        bucket.left = min(most, bucket.left + (now - bucket.since) * a_second)
        bucket.since = now
        if bucket.left >= 1:
            bucket.left -= 1
            return 0
        return math.ceil((1 - bucket.left) / a_second)
