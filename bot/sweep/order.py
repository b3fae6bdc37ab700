"""What is to be swept, and how."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bot.sweep.errors import SweepError

REPORTS = (".html", ".md")
AT_ONCE, AT_ONCE_DNS = 32, 128
"""Domains under way when nothing is said: with connections to mail servers, and with DNS alone."""


@dataclass(frozen=True, slots=True)
class Order:
    """One sweep as it was asked for. `expect` and `at` are servers as people call them, `mail3`."""

    file: str
    output: Path | None = None
    report: Path | None = None
    concurrency: int | None = None
    rate: float | None = None
    dns_only: bool = False
    compare: Path | None = None
    expect: str | None = None
    at: str | None = None

    @property
    def at_once(self) -> int:
        """Domains under way."""
        return self.concurrency or (AT_ONCE_DNS if self.dns_only else AT_ONCE)

    def check(self) -> None:
        """Raises SweepError with all that does not go together."""
        if mistakes := tuple(self._mistakes()):
            raise SweepError("; ".join(mistakes))

    def _mistakes(self) -> Iterator[str]:
        others = {"--dns-only": self.dns_only, "--compare": self.compare, "--expect": self.expect}
        if self.at and (beside := [name for name, given in others.items() if given]):
            yield f"--at looks at another server than the domain's own, so it cannot go with {', '.join(beside)}"
        if self.report and self.report.suffix.lower() not in REPORTS:
            yield f"--report {self.report}: the name must end in {' or '.join(REPORTS)}"
        elif self.report and not self.report.absolute().parent.is_dir():
            yield f"--report {self.report}: there is no such folder"
        files = [path.resolve() for path in (self.output, self.report, self.compare) if path]
        if self.file != "-":
            files.append(Path(self.file).resolve())
        if len(set(files)) < len(files):
            yield "FILE, --output, --report and --compare must be different files"
