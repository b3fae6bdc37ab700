"""How an expected answer is written down, and how it is compared."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from tests.real.product import Run

Codes = frozenset[str]


@dataclass(frozen=True)
class Half:
    """One half of the settings."""

    protocol: str
    host: str
    port: int
    security: str
    label: str | None
    verified: bool


@dataclass(frozen=True)
class Case:
    """What is asked, and the whole answer: no other code than these may be in it."""

    words: str
    server: str
    incoming: Half | None
    outgoing: Half
    reasons: Codes
    warnings: Codes = frozenset()
    found_by: str = "cname"

    def __str__(self) -> str:
        return self.words


def imap(host: str, label: str | None, *, verified: bool = True, security: str = "implicit_tls") -> Half:
    """The receiving half over IMAP."""
    return Half("imap", host, 993, security, label, verified)


def pop3(host: str, label: str | None, *, verified: bool = True) -> Half:
    """The receiving half over POP3."""
    return Half("pop3", host, 995, "implicit_tls", label, verified)


def smtp(host: str, label: str | None, *, verified: bool = True) -> Half:
    """The sending half."""
    return Half("smtp", host, 587, "starttls", label, verified)


def codes(*words: str) -> Codes:
    """Codes, separated by blanks."""
    return frozenset(" ".join(words).split())


def assert_answer(run: Run, case: Case) -> None:
    """Compare everything at once, so that a failure shows the whole answer beside the expected one."""
    assert run.stderr == ""
    assert _answer(run) == {
        "status": 0,
        "server": (case.server, case.found_by),
        "incoming": asdict(case.incoming) if case.incoming else None,
        "outgoing": asdict(case.outgoing),
        "verified": case.outgoing.verified and (case.incoming is None or case.incoming.verified),
        "reasons": case.reasons,
        "warnings": case.warnings,
    }


def _answer(run: Run) -> dict[str, Any]:
    answer = run.json
    server = answer["mail_server"]
    return {
        "status": run.status,
        "server": (server["host"], server["found_by"]),
        "incoming": _half(answer["incoming"]),
        "outgoing": _half(answer["outgoing"]),
        "verified": answer["verified"],
        "reasons": run.codes("reasons"),
        "warnings": run.codes("warnings"),
    }


def _half(half: dict[str, Any] | None) -> dict[str, Any] | None:
    return half and {key: half[key] for key in Half.__dataclass_fields__}
