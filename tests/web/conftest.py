"""The same bot as in the Slack tests."""

from tests.slack.conftest import desk, open_desk, parts

__all__ = ["desk", "open_desk", "parts"]
