"""Mailbot: a Slack bot that says how to set up a mailbox."""

__version__ = "0.1.0"
