"""The log: one line an event, as text or JSON, with no secrets and nobody's address in it.

Our own events go the short way through structlog; what libraries log over the standard library gets the same shape.
"""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import Iterable, MutableMapping
from typing import Any, TextIO

import structlog
from structlog.types import Processor

from bot.config import Config

QUIET = ("slack_bolt", "slack_sdk", "mailbot.bolt", "mailbot.socket", "aiohttp.access", "asyncio")
"""Loggers of libraries that write request bodies or tokens below the level ERROR, and tracebacks at it."""

_TOKEN = re.compile(r"\bx(?:ox[a-z]|app|oxe\.xox[a-z])-[A-Za-z0-9-]+")
_RESPONSE_URL = re.compile(r"(hooks\.slack(?:-gov)?\.com)/[^\s\"'\\]+")
_ADDRESS = re.compile(r"[^\s@\"'<>=(),;:|\\]{1,64}@[^\s@\"'<>(),;|\\]{1,253}")


class Redactor:
    """Takes out of a finished line what must not be there: the configured secrets, tokens, e-mail addresses."""

    def __init__(self, secrets: Iterable[str]) -> None:
        known = sorted((re.escape(secret) for secret in secrets if len(secret) >= 6), key=len, reverse=True)
        self._secrets = re.compile("|".join(known)) if known else None

    def __call__(self, line: str) -> str:
        """The line with `[redacted]` and `[address]` in the places of what was taken out."""
        if self._secrets is not None:
            line = self._secrets.sub("[redacted]", line)
        if "xox" in line or "xapp" in line or "hooks." in line:
            line = _RESPONSE_URL.sub(r"\1/[redacted]", _TOKEN.sub("[redacted]", line))
        return _ADDRESS.sub("[address]", line) if "@" in line else line


def configure_logging(config: Config, stream: TextIO | None = None) -> None:
    """Send every log of the process to one place (standard output) at the configured level."""
    stream = stream or sys.stdout
    level = logging.getLevelNamesMapping()[config.log_level.upper()]
    last = [_renderer(config.log_format), _redaction(config.secrets)]
    structlog.configure(
        processors=[*_shape(), structlog.processors.format_exc_info, *last],
        logger_factory=structlog.WriteLoggerFactory(stream),
        wrapper_class=structlog.make_filtering_bound_logger(level),
    )
    handler = logging.StreamHandler(stream)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *last],
            foreign_pre_chain=[*_shape(), _without_library_tracebacks, structlog.processors.format_exc_info],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level)
    for name in QUIET:
        logging.getLogger(name).setLevel(logging.ERROR)


def _shape() -> list[Processor]:
    return [structlog.processors.add_log_level, structlog.processors.TimeStamper(fmt="iso", utc=True)]


def _renderer(log_format: str) -> Processor:
    return structlog.processors.JSONRenderer() if log_format == "json" else _as_text


def _as_text(_logger: Any, _name: str, event: MutableMapping[str, Any]) -> str:
    """`time level event key=value …`, a traceback below."""
    traceback = event.pop("exception", None)
    first = f"{event.pop('timestamp')} {event.pop('level'):7} {event.pop('event')}"
    line = " ".join((first, *(f"{key}={_on_one_line(value)}" for key, value in event.items())))
    return f"{line}\n{traceback}" if traceback else line


def _on_one_line(value: Any) -> str:
    text = str(value)
    return text if text.isprintable() and " " not in text else repr(text)


def _redaction(secrets: Iterable[str]) -> Processor:
    """The last step, over the finished line, so that tracebacks are covered too."""
    redactor = Redactor(secrets)

    def redact(_logger: Any, _name: str, line: Any) -> str:
        return redactor(str(line))

    return redact


def _without_library_tracebacks(_logger: Any, _name: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Libraries report each broken connection with a traceback; their one line says as much."""
    record = event.get("_record")
    if record is not None and record.name.startswith(QUIET):
        event.pop("exc_info", None)
        record.exc_info, record.exc_text = None, None
    return event
