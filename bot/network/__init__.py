"""Edges: they ask DNS and mail servers, translate what comes back into `bot.facts`, and judge nothing."""
