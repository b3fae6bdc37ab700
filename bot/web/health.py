"""Whether this process can take work."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass
class Readiness:
    """Ready while nothing speaks against it. `checks` give a reason against it, or None."""

    checks: list[Callable[[], str | None]] = field(default_factory=list)
    is_draining: bool = False

    def drain(self) -> None:
        """Take no more work from now on."""
        self.is_draining = True

    @property
    def obstacle(self) -> str | None:
        """Why no work is taken; None when it is."""
        if self.is_draining:
            return "draining"
        return next((reason for check in self.checks if (reason := check())), None)
