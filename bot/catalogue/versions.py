"""Version numbers as people say them, and the spans of them that one catalogue entry speaks of."""

from __future__ import annotations

from dataclasses import dataclass

VersionNumber = tuple[int, ...]
"""A version by its numbers: `10.12.1` is `(10, 12, 1)`."""


def parse_version(text: str) -> VersionNumber:
    """The numbers of a version such as `10.12.1`. Raises ValueError for anything else."""
    return tuple(int(number) for number in text.split("."))


@dataclass(frozen=True, slots=True)
class VersionSpan:
    """The versions one entry speaks of, both ends included; None: no end on that side."""

    lowest: VersionNumber | None = None
    highest: VersionNumber | None = None

    def contains(self, version: VersionNumber) -> bool:
        """True for a version inside. `9.3` includes 9.3.5; `7` alone stands for 7.0."""
        return self._begins_by(version) and self._ends_after(version)

    def overlaps(self, version: VersionNumber) -> bool:
        """True when some version that begins with these numbers is inside: `7` may be 7.0 or 7.1."""
        begins = self.lowest is None or self.lowest[: len(version)] <= version
        return begins and self._ends_after(version)

    def _begins_by(self, version: VersionNumber) -> bool:
        if self.lowest is None:
            return True
        missing = len(self.lowest) - len(version)
        return self.lowest <= version + (0,) * missing

    def _ends_after(self, version: VersionNumber) -> bool:
        return self.highest is None or version[: len(self.highest)] <= self.highest
