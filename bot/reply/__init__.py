"""Answers in words: pure, the same for Slack, the terminal and JSON."""
