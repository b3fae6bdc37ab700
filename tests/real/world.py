"""A provider out of real servers: Knot for its names, Dovecot and Postfix for its mail, and ports in trouble."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from bot.playground.authority import Authority, Identity
from tests.real.customers import (
    BLACK_HOLE,
    DEAF_DNS,
    DNS,
    MODERN,
    NEXT_HOP,
    OLD,
    OLD_ECDSA,
    ONLY_TLS_1_2,
    REFUSING_DNS,
    RESETTING,
    SECOND_DNS,
    SILENT,
    SLOW,
    SLOW_BEHIND,
    SWAPPED,
    WRONG_DEFAULT,
    Customer,
    all_customers,
    second_zones,
    zones,
)
from tests.real.dovecot import dovecot
from tests.real.knot import knot
from tests.real.loopback import Stretch, claimed_stretch
from tests.real.postfix import postfix
from tests.real.relays import resetting, slow
from tests.real.tls import FROM_1_0, ONLY_1_2, TODAY, Span


@dataclass(frozen=True)
class World:
    """The running servers, and what a bot needs to find them."""

    stretch: Stretch
    ca_file: Path
    catalogue: Path
    """A team's catalogue in which this world's root is ISRG Root X1, so that clients have facts about it."""

    def environment(self, *name_servers: int) -> dict[str, str]:
        """The variables that point a bot at this world, by way of some of its name servers."""
        return {
            "MAILBOT_DNS_SERVERS": ",".join(self.stretch.at(number) for number in name_servers or (DNS,)),
            "MAILBOT_CA_FILE": str(self.ca_file),
            "MAILBOT_ALLOW_NETWORKS": "127.0.0.0/8",
            "MAILBOT_PUBLIC_RESOLVERS": "none",
        }


@contextmanager
def running_world() -> Iterator[World]:
    """Start everything; it ends with the block."""
    with ExitStack() as stack:
        stretch = stack.enter_context(claimed_stretch())
        folder = stack.enter_context(open_folder())
        authority = Authority("Real", key="rsa")
        customers = tuple(all_customers(authority))
        stack.enter_context(knot(folder / "names", stretch.at(DNS), zones(stretch, customers)))
        second = second_zones(stretch, customers)
        stack.enter_context(knot(folder / "second", stretch.at(SECOND_DNS), second, ttl=600))
        stack.enter_context(knot(folder / "refusing", stretch.at(REFUSING_DNS), {"invalid": []}))
        stretch.deaf(DEAF_DNS)
        _start_mail(stack, folder, stretch, authority, customers)
        catalogue = folder / "clients.toml"
        catalogue.write_text(f'[root.isrg-root-x1]\nsha256 = ["{authority.root_fingerprint}"]\n')
        yield World(stretch, authority.write_root(folder / "ca.pem"), catalogue)


@contextmanager
def open_folder() -> Iterator[Path]:
    """A temporary folder that servers may enter which run as users of their own."""
    folder = Path(tempfile.mkdtemp(prefix="mailbot-real-"))
    folder.chmod(0o755)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)  # a server that is ending may still write


@contextmanager
def mail_server(
    folder: Path,
    address: str,
    default: Identity,
    by_name: Mapping[str, Identity],
    tls: Span = TODAY,
    *,
    is_swapped: bool = False,
) -> Iterator[None]:
    """Dovecot and Postfix on one address."""
    receiving = dovecot(folder / "dovecot", address, default, by_name, tls, is_swapped=is_swapped)
    sending = postfix(folder / "postfix", address, default, by_name, tls, is_plain=is_swapped)
    with receiving, sending:
        yield


def _start_mail(
    stack: ExitStack, folder: Path, stretch: Stretch, authority: Authority, customers: tuple[Customer, ...]
) -> None:
    def start(number: int, default: Identity, tls: Span = TODAY, *, behind: int | None = None, **options: bool) -> None:
        names = {name: found for c in customers for name, found in c.certificates_on(number).items()}
        at = stretch.at(behind or number)
        stack.enter_context(mail_server(folder / str(number), at, default, names, tls, **options))

    own = partial(authority.issue, key="rsa")
    start(MODERN, own(["mail8.skok.cz"]))
    start(NEXT_HOP, own(["mail20.skok.cz"]))
    start(OLD, own(["mail3.skok.cz"]), FROM_1_0)
    start(OLD_ECDSA, authority.issue(["mail4.skok.cz"]), FROM_1_0)
    start(ONLY_TLS_1_2, own(["mail6.skok.cz"]), ONLY_1_2)
    start(WRONG_DEFAULT, own(["panel.invalid"]))
    start(SWAPPED, own(["mail12.skok.cz"]), is_swapped=True)
    start(SLOW, own(["mail13.skok.cz"]), behind=SLOW_BEHIND)
    for port in (993, 995, 587):
        stack.enter_context(slow((stretch.at(SLOW), port), (stretch.at(SLOW_BEHIND), port)))
    for port, greeting in ((993, b""), (587, b"220 mail14.skok.cz ESMTP\r\n")):
        stack.enter_context(resetting((stretch.at(RESETTING), port), greeting))
        stretch.silent(SILENT, port)
        stretch.black_hole(BLACK_HOLE, port)
