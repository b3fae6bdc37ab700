"""The servers at the far end: Knot, Dovecot and Postfix with one customer. `python -m bench.far FOLDER`.

Prints "ready" and stays until its standard input ends.
"""

from __future__ import annotations

import sys
from pathlib import Path

from bench.delay import FAR_DNS, FAR_MAIL, FAR_ZONE_DNS
from bench.real import Customer, real_servers
from tests.real.knot import knot

DOMAIN = "example.cz"


def main() -> None:
    """Serve until told to end."""
    folder, customer = Path(sys.argv[1]), Customer(DOMAIN)
    servers = real_servers(folder, FAR_DNS, [FAR_MAIL], [customer])
    with servers, knot(folder / "zone", FAR_ZONE_DNS, {DOMAIN: customer.records}):
        print("ready", flush=True)
        sys.stdin.read()


if __name__ == "__main__":
    main()
