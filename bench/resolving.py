"""Programs that take their name server from the system only: they get an /etc/resolv.conf of their own."""

from __future__ import annotations

from pathlib import Path


def resolving_at(name_server: str, folder: Path) -> list[str]:
    """What to write before a command so that it asks this name server; needs root. The file is put into the folder."""
    own = folder / "resolv.conf"
    own.write_text(f"nameserver {name_server}\n")
    script = 'mount --bind "$0" /etc/resolv.conf && exec "$@"'
    return ["unshare", "--mount", "sh", "-c", script, str(own)]
