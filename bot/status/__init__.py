"""Judging a domain or a server for a team lead: facts in, findings out. Pure."""
