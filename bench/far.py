"""The servers at the far end: Knot, Dovecot and Postfix with one customer. `python -m bench.far FOLDER`.

Prints "ready" and stays until its standard input ends.
"""

from __future__ import annotations

import sys
from pathlib import Path

from bench.delay import FAR_DNS, FAR_MAIL
from bench.real import Customer, real_servers

DOMAIN = "example.cz"


def main() -> None:
    """Serve until told to end."""
    with real_servers(Path(sys.argv[1]), FAR_DNS, [FAR_MAIL], [Customer(DOMAIN)]):
        print("ready", flush=True)
        sys.stdin.read()


if __name__ == "__main__":
    main()
