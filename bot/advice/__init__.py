"""Judging what was seen. Everything here is a function of values: no clock, no socket, no Slack."""
