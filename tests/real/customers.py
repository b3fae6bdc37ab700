"""The customers of the real world: their rows in DNS, and the certificates they have on their mail server."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial

from bot.playground.authority import ENDING_SOON, EXPIRED, NOT_YET_VALID, Authority, Identity
from tests.real.knot import Record, Zones
from tests.real.loopback import Stretch

MODERN, OLD, OLD_ECDSA, WRONG_DEFAULT, SWAPPED = 8, 3, 4, 5, 12
"""Mail servers by number: TLS 1.2 and later; from TLS 1.0; the same with an ECDSA key; one whose default
certificate is somebody else's; one that waits for STARTTLS on 993 and 995, and offers none on 587."""
REFUSED, SILENT, BLACK_HOLE, PRIVATE = 9, 10, 11, 7
"""Names without a mail server behind them: nobody listens, nobody speaks, nothing comes back, not public."""
NEXT_HOP = 20
"""A second address of the modern server, without a name of its own in the customers' rows."""

LABELS = ("imap", "mail", "pop", "smtp")


@dataclass(frozen=True)
class Customer:
    """A domain on a mail server.

    `rows` replaces single rows: the number of another server, a record like "CNAME x.", or None for no row.
    `exchange` is where new mail goes: "" for the same server, None for no MX. `by_address`: the rows hold addresses.
    """

    domain: str
    number: int = MODERN
    identity: Identity | None = None
    rows: Mapping[str, int | str | None] = field(default_factory=dict)
    exchange: str | None = ""
    by_address: bool = False

    @property
    def all_rows(self) -> dict[str, int | str | None]:
        """Every row by its label."""
        return dict.fromkeys(LABELS, self.number) | dict(self.rows)

    def certificates_on(self, number: int) -> dict[str, Identity]:
        """What a server shows to a client that sends this customer's names."""
        if self.identity is None or number not in self.all_rows.values():
            return {}
        return {f"{label}.{self.domain}": self.identity for label in ("mail", "smtp")}


def all_customers(authority: Authority) -> Iterator[Customer]:
    """Everybody; the name says what is the matter."""
    yield from _with_sound_certificates(authority)
    yield from _with_bad_certificates(authority)
    yield from _with_odd_rows(authority)
    for number, domain in ((REFUSED, "refused.cz"), (SILENT, "silent.cz"), (BLACK_HOLE, "black-hole.cz")):
        yield Customer(domain, number)
    yield Customer("private.cz", PRIVATE)


def _own(authority: Authority, domain: str, **options: object) -> Identity:
    return authority.issue([f"mail.{domain}", f"smtp.{domain}"], **options)  # type: ignore[arg-type]


def _with_sound_certificates(authority: Authority) -> Iterator[Customer]:
    own = partial(_own, authority)
    yield Customer("example.cz", identity=own("example.cz"))
    yield Customer("xn--hkyrky-ptac70bc.cz", identity=own("xn--hkyrky-ptac70bc.cz"))
    yield Customer("old.cz", OLD, own("old.cz", key="rsa"))
    yield Customer("old-ecdsa.cz", OLD_ECDSA, own("old-ecdsa.cz"))
    yield Customer("wrong-default.cz", WRONG_DEFAULT, own("wrong-default.cz"))
    yield Customer("swapped.cz", SWAPPED, own("swapped.cz"))


def _with_bad_certificates(authority: Authority) -> Iterator[Customer]:
    own = partial(_own, authority)
    yield Customer("expired.cz", identity=own("expired.cz", period=EXPIRED))
    yield Customer("expires-soon.cz", identity=own("expires-soon.cz", period=ENDING_SOON))
    yield Customer("not-yet.cz", identity=own("not-yet.cz", period=NOT_YET_VALID))
    yield Customer("self-signed.cz", identity=own("self-signed.cz", issuer="self"))
    yield Customer("untrusted.cz", identity=_own(Authority("Stranger"), "untrusted.cz"))
    yield Customer("incomplete.cz", identity=own("incomplete.cz").leaf_only())
    yield Customer("wrong-name.cz", identity=own("somebody-else.cz"))
    yield Customer("no-certificate.cz")


def _with_odd_rows(authority: Authority) -> Iterator[Customer]:
    own = partial(_own, authority)
    nothing = dict.fromkeys(LABELS)
    elsewhere = dict.fromkeys(LABELS, "CNAME imap.gmail.com.")
    yield Customer("addresses.cz", identity=own("addresses.cz"), by_address=True)
    yield Customer("reverse.cz", NEXT_HOP, own("reverse.cz"), by_address=True)
    yield Customer("another-zone.cz", identity=own("another-zone.cz"))
    yield Customer("disagree.cz", identity=own("disagree.cz"), rows={"mail": OLD})
    yield Customer("no-imap.cz", identity=own("no-imap.cz"), rows={"imap": None})
    yield Customer("no-mail.cz", identity=own("no-mail.cz"), rows={"mail": None})
    yield Customer("no-smtp.cz", identity=own("no-smtp.cz"), rows={"smtp": None})
    yield Customer("only-mx.cz", rows=nothing)
    yield Customer("moved-mx.cz", identity=own("moved-mx.cz"), exchange="aspmx.l.google.com.")
    yield Customer("elsewhere.cz", rows=elsewhere, exchange="aspmx.l.google.com.")
    yield Customer("no-rows.cz", rows=nothing, exchange=None)
    yield Customer("dangling.cz", rows=dict.fromkeys(LABELS, "CNAME gone.skok.cz."))
    yield Customer("loop.cz", rows=dict.fromkeys(LABELS, "CNAME loop.loop.cz."))


def zones(stretch: Stretch, customers: Iterable[Customer]) -> Zones:
    """One zone for nearly everything, so that one answer holds a whole chain, as a resolver's does.

    another-zone.cz is apart: there the server gives the CNAME alone and its target must be asked for.
    lame.cz is configured and not there.
    """
    records: list[Record] = [(f"mail{n}.skok.cz", "A", stretch.at(n)) for n in (3, 4, 5, 8, 9, 10, 11, 12, NEXT_HOP)]
    records += [("mail7.skok.cz", "A", "10.0.0.7"), ("mail8.c4.cz", "A", stretch.at(MODERN))]
    records += [("imap.gmail.com", "A", "142.250.102.108"), ("loop.loop.cz", "CNAME", "loop2.loop.cz.")]
    records += [("loop2.loop.cz", "CNAME", "loop.loop.cz.")]
    records += [(f"{NEXT_HOP}.{stretch.number}.0.127.in-addr.arpa", "PTR", f"mail{NEXT_HOP}.skok.cz.")]
    apart: dict[str, list[Record]] = {"another-zone.cz": []}
    for customer in customers:
        apart.get(customer.domain, records).extend(_records(stretch, customer))
    return {".": records, **apart, "lame.cz": None}


def _records(stretch: Stretch, customer: Customer) -> Iterator[Record]:
    yield customer.domain, "TXT", '"here"'
    if customer.exchange is not None:
        yield customer.domain, "MX", f"10 {customer.exchange or f'mail{customer.number}.skok.cz.'}"
    for label, row in customer.all_rows.items():
        name = f"{label}.{customer.domain}"
        if isinstance(row, str):
            yield (name, *row.split())  # type: ignore[misc]
        elif row is not None and customer.by_address:
            yield name, "A", stretch.at(row)
        elif row is not None:
            yield name, "CNAME", f"mail{row}.skok.cz."
