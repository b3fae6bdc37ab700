"""Real servers with customers of any number: Knot for the names, Dovecot and Postfix on each mail server's address."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from bot.playground.authority import EXPIRED, Authority, Identity
from tests.real.customers import around_of
from tests.real.knot import Record, knot
from tests.real.world import mail_server

CA_FILE = "ca.pem"
FIRST_SERVER = 8
_LABELS = ("imap", "mail", "pop", "smtp")


@dataclass(frozen=True)
class Customer:
    """A domain with certificates of its own. `server`: on which of the addresses its mail is."""

    domain: str
    server: int = 0
    is_sound: bool = True

    def identity(self, authority: Authority) -> Identity:
        """What is shown for both names; unsound ones expired."""
        return authority.issue(self.hosts) if self.is_sound else authority.issue(self.hosts, period=EXPIRED)

    @property
    def hosts(self) -> list[str]:
        """The names for receiving and sending."""
        return [f"{label}.{self.domain}" for label in ("mail", "smtp")]

    @property
    def records(self) -> list[Record]:
        """The rows by CNAME, and what a customer in order has around them."""
        server = f"{server_name(self.server)}."
        rows: list[Record] = [(f"{label}.{self.domain}", "CNAME", server) for label in _LABELS]
        return [*rows, (self.domain, "MX", f"10 {server}"), *around_of(self.domain)]


def server_name(number: int) -> str:
    """The mail server's own name."""
    return f"mail{FIRST_SERVER + number}.skok.cz"


@contextmanager
def real_servers(folder: Path, dns: str, mail: Sequence[str], customers: Sequence[Customer]) -> Iterator[None]:
    """Serve on these addresses; the root's certificate is in the folder as `CA_FILE`."""
    authority = Authority("Bench", key="rsa")
    authority.write_root(folder / CA_FILE)
    records: list[Record] = [(server_name(number), "A", address) for number, address in enumerate(mail)]
    records += [("spf1.c4.cz", "TXT", '"v=spf1 -all"'), ("spf2.c4.cz", "TXT", '"v=spf1 -all"')]
    records += [record for customer in customers for record in customer.records]
    with ExitStack() as stack:
        stack.enter_context(knot(folder / "names", dns, {".": records}))
        for number, address in enumerate(mail):
            here = [customer for customer in customers if customer.server == number]
            shown = {host: own for c in here for own in [c.identity(authority)] for host in c.hosts}
            default = authority.issue([server_name(number)], key="rsa")
            stack.enter_context(mail_server(folder / f"mail-{number}", address, default, shown))
        yield
