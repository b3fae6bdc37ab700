"""Other providers, known by the names of their servers."""

from __future__ import annotations

import tomllib
from importlib import resources

_BY_SUFFIX: dict[str, str] = tomllib.loads((resources.files("bot.provider") / "known.toml").read_text("utf-8"))


def known_provider(host: str) -> str | None:
    """The name of the well-known provider whose server this is, by whole labels at the end of the name."""
    labels = host.split(".")
    return next((name for i in range(len(labels)) if (name := _BY_SUFFIX.get(".".join(labels[i:])))), None)
