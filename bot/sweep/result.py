"""What the rest of a sweep reads out of one domain's status, whoever wrote the line. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.status.model import Level, Verdict

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Said:
    """A finding as the line has it; its text is made harmless where it is shown."""

    code: str
    level: Level
    text: str


@dataclass(frozen=True, slots=True)
class Result:
    """One line of a sweep. `ends`: the nearest end of a certificate seen; `dns_only`: only rows were looked at."""

    domain: str
    verdict: Verdict
    server: str | None
    addresses: frozenset[str]
    findings: tuple[Said, ...]
    ends: datetime | None
    dns_only: bool

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes of the findings, each once, in an order of their own."""
        return tuple(sorted({said.code for said in self.findings}))

    @property
    def has_error(self) -> bool:
        """True when some finding is an error."""
        return any(said.level is Level.ERROR for said in self.findings)


def read_result(value: Any) -> Result | None:
    """Read a status; None for what is no status of a domain. Parts that are not as documented are left out."""
    line = _object(value)
    domain, server = _text(line.get("domain")), _object(line.get("mail_server"))
    if not domain or "verdict" not in line:
        return None
    return Result(
        domain,
        _verdict(line["verdict"]),
        _text(server.get("host")) or None,
        frozenset(filter(None, map(_text, _list(server.get("addresses"))))),
        tuple(_findings(line.get("findings"))),
        min(_ends(line), default=None),
        line.get("dns_only") is True,
    )


def _findings(value: Any) -> Iterator[Said]:
    for finding in map(_object, _list(value)):
        if code := _text(finding.get("code")):
            yield Said(code, _level(finding.get("level")), _text(finding.get("text")))


def _ends(line: Json) -> Iterator[datetime]:
    """When the certificates of the domain's own names end; what servers show for theirs, or for none, is not its."""
    services = _list(line.get("services"))
    if not services:
        return
    hosts = (_object(line.get("mail_server")).get("host"), *_object(line.get("rows")).values())
    servers = set(filter(None, map(_text, hosts)))
    for service in map(_object, services):
        is_own = service.get("sni") is not False and _text(service.get("host")) not in servers
        if is_own and (moment := _moment(service.get("not_after"))):
            yield moment


def _moment(value: Any) -> datetime | None:
    try:
        moment = datetime.fromisoformat(_text(value))
    except ValueError:
        return None
    return moment if moment.tzinfo else None


def _verdict(value: Any) -> Verdict:
    try:
        return Verdict(value)
    except ValueError:
        return Verdict.UNKNOWN


def _level(value: Any) -> Level:
    try:
        return Level(value)
    except ValueError:
        return Level.INFO


def _object(value: Any) -> Json:
    return value if isinstance(value, dict) else {}


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""
