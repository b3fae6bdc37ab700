"""The log: its shape, and what never gets into it."""

from __future__ import annotations

import io
import json
import logging

import pytest
import structlog
from hypothesis import given
from hypothesis import strategies as st

from bot.config import read_config
from bot.log import Redactor, configure_logging


def _logged(log_format: str = "json", level: str = "info") -> io.StringIO:
    stream = io.StringIO()
    configuration = {
        "MAILBOT_LOG_FORMAT": log_format,
        "MAILBOT_LOG_LEVEL": level,
        "SLACK_SIGNING_SECRET": "topsecret123",
    }
    configure_logging(read_config(configuration)[0], stream)
    return stream


@pytest.mark.parametrize(
    "text",
    [
        "topsecret123",
        "xoxb-123-456-abcDEF",
        "xapp-1-A1-2-ff",
        "xoxe.xoxp-1-abc",
        "jan.novak@example.cz",
        "https://hooks.slack.com/commands/T1/2/secretpart",
    ],
)
@pytest.mark.parametrize("log_format", ["json", "text"])
def test_secrets_and_addresses_are_taken_out(text: str, log_format: str) -> None:
    """Of events, values, tracebacks, and of what libraries log."""
    stream = _logged(log_format)
    structlog.get_logger().info("event", value=f"x {text} y")
    logging.getLogger("somebody").warning("said %s", text)
    try:
        raise ValueError(text)
    except ValueError as error:
        structlog.get_logger().error("failed", exc_info=error)
    assert "ValueError" in stream.getvalue()
    assert text not in stream.getvalue()
    assert "secretpart" not in stream.getvalue()


def test_json_is_one_object_a_line() -> None:
    """Also with new lines in a value."""
    stream = _logged()
    structlog.get_logger().info("event", value="two\nlines")
    logging.getLogger("somebody").error("two\nlines")
    lines = [json.loads(line) for line in stream.getvalue().splitlines()]
    assert [line["event"] for line in lines] == ["event", "two\nlines"]
    assert {"timestamp", "level"} <= lines[0].keys()


def test_text_is_one_line_whatever_is_in_it() -> None:
    """Nobody writes lines of their own into the log."""
    stream = _logged("text")
    structlog.get_logger().info("event", value="a\n2026 error forged")
    (line,) = stream.getvalue().splitlines()
    assert " info    event " in line


def test_levels_and_quiet_libraries() -> None:
    """Bolt writes bodies at its lower levels; its tracebacks become one line."""
    stream = _logged(level="warning")
    structlog.get_logger().info("quiet")
    logging.getLogger("slack_sdk.web").warning("quiet")
    try:
        raise ConnectionError("gone")
    except ConnectionError:
        logging.getLogger("mailbot.socket").exception("broken line")
    (line,) = stream.getvalue().splitlines()
    assert json.loads(line)["event"] == "broken line"


@given(st.text(), st.sampled_from(["topsecret123", "xoxb-1-a"]))
def test_a_secret_is_found_in_any_surroundings(text: str, secret: str) -> None:
    """Wherever a word begins."""
    assert secret not in Redactor(["topsecret123"])(f"{text} {secret} {text}")
