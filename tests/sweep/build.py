"""Statuses of domains as lines have them."""

from __future__ import annotations

from typing import Any

from bot.sweep.result import Json, Result, read_result


def status(
    domain: str = "example.cz", verdict: str = "works", server: str | None = "mail8.skok.cz", **more: Any
) -> Json:
    """A status; `codes` are findings that are errors, `warnings` those that are not."""
    levels = {"error": more.pop("codes", ()), "warning": more.pop("warnings", ())}
    findings = [{"code": code, "level": level, "text": f"{code} it is"} for level in levels for code in levels[level]]
    host = server and {"host": server, "number": 8, "found_by": "cname", "addresses": more.pop("addresses", [])}
    return {"domain": domain, "verdict": verdict, "mail_server": host, "findings": findings, **more}


def result(*args: Any, **more: Any) -> Result:
    """The same, read."""
    read = read_result(status(*args, **more))
    assert read is not None
    return read
