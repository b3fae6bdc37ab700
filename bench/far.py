"""The servers at the far end: Knot, Dovecot and Postfix with one customer. `python -m bench.far FOLDER`.

Prints "ready" and stays until its standard input ends.
"""

from __future__ import annotations

import sys
from pathlib import Path

from bench.delay import FAR_DNS, FAR_MAIL
from bot.playground.authority import Authority
from tests.real.knot import Record, knot
from tests.real.world import mail_server

DOMAIN, SERVER = "example.cz", "mail8.skok.cz"
CA_FILE = "ca.pem"


def records() -> list[Record]:
    """The customer's rows by CNAME, and the server."""
    rows: list[Record] = [(f"{label}.{DOMAIN}", "CNAME", f"{SERVER}.") for label in ("imap", "mail", "pop", "smtp")]
    return [*rows, (DOMAIN, "MX", f"10 {SERVER}."), (SERVER, "A", FAR_MAIL)]


def main() -> None:
    """Serve until told to end."""
    folder = Path(sys.argv[1])
    authority = Authority("Bench", key="rsa")
    authority.write_root(folder / CA_FILE)
    hosts = [f"mail.{DOMAIN}", f"smtp.{DOMAIN}"]
    default, own = authority.issue([SERVER], key="rsa"), authority.issue(hosts)
    names = knot(folder / "names", FAR_DNS, {".": records()})
    mail = mail_server(folder / "mail", FAR_MAIL, default, dict.fromkeys(hosts, own))
    with names, mail:
        print("ready", flush=True)
        sys.stdin.read()


if __name__ == "__main__":
    main()
