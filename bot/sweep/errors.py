"""What ends a sweep before its end."""

from __future__ import annotations


class SweepError(Exception):
    """A sweep that cannot begin, or not go on: the message says in plain words why, and what can be done."""
