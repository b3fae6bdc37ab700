"""What changed between two sweeps, domain by domain. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from bot.status.model import Verdict
from bot.sweep.result import Json, Result


@dataclass(frozen=True, slots=True)
class Change:
    """A domain whose mail server, verdict or findings are not what they were; `before` is None for a new domain."""

    before: Result | None
    after: Result

    @property
    def has_moved(self) -> bool:
        """True when both sweeps know the server, and it is another one."""
        return self.before is not None and is_moved(self.before, self.after)

    def json(self) -> Json:
        """The line of `--compare`."""
        return {
            "domain": self.after.domain,
            "before": _side(self.before) if self.before else None,
            "after": _side(self.after),
        }


def find_change(before: Result | None, after: Result) -> Change | None:
    """Compare the two. What could not be found out now is no change: it says nothing about the domain.

    A sweep of DNS rows alone has no findings about ports, so it is compared with a whole one by the server only.
    """
    if after.verdict is Verdict.UNKNOWN:
        return None
    if before is None:
        return Change(None, after)
    is_same = before.verdict is after.verdict and before.codes == after.codes
    if is_moved(before, after) or not (is_same or before.dns_only != after.dns_only):
        return Change(before, after)
    return None


def is_moved(before: Result, after: Result) -> bool:
    """True for another server: another name, and no address in common, since one server may have several names."""
    if before.verdict is Verdict.UNKNOWN or after.verdict is Verdict.UNKNOWN:
        return False
    return before.server != after.server and not before.addresses & after.addresses


def _side(result: Result) -> Json:
    return {"mail_server": result.server, "verdict": result.verdict.value, "findings": list(result.codes)}
