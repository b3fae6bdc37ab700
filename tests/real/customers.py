"""The customers of the real world: their rows in DNS, and the certificates they have on their mail server."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from types import MappingProxyType

from bot.playground.authority import ENDING_SOON, EXPIRED, NOT_YET_VALID, Authority, Identity
from tests.real.knot import Record, Zones
from tests.real.loopback import Stretch

MODERN, OLD, OLD_ECDSA, WRONG_DEFAULT, ONLY_TLS_1_2, SWAPPED = 8, 3, 4, 5, 6, 12
"""Mail servers by number: TLS 1.2 and later; from TLS 1.0; the same with an ECDSA key; one whose default
certificate is somebody else's; TLS 1.2 alone; one that waits for STARTTLS on 993 and 995, and offers none on 587."""
SLOW, SLOW_BEHIND, RESETTING = 13, 113, 14
"""One that is slow to say its first word, where it really listens, and one that resets connections."""
REFUSED, SILENT, BLACK_HOLE, PRIVATE = 9, 10, 11, 7
"""Names without a mail server behind them: nobody listens, nobody speaks, nothing comes back, not public."""
NEXT_HOP = 20
"""A second address of the modern server, without a name of its own in the customers' rows."""
_SERVERS = (3, 4, 5, 6, 8, 9, 10, 11, 12, 13, 14, NEXT_HOP)

DNS, REFUSING_DNS, DEAF_DNS, NO_DNS, SECOND_DNS = 53, 54, 55, 56, 57
"""Last numbers of name servers' addresses: a good one, one that refuses, one that never answers, nobody, and one that
holds a few zones as they were."""

LABELS = ("imap", "mail", "pop", "smtp")
AROUND: Mapping[str, tuple[str, ...]] = {
    "": ('TXT "here"', 'TXT "v=spf1 include:spf1.c4.cz include:spf2.c4.cz ~all"'),
    "ceskywebhosting._domainkey": ('TXT "v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="',),
    "_dmarc": ('TXT "v=DMARC1; p=none"',),
}
"""What a customer in order has beside the mail rows, by label. The key is the example of RFC 8463."""


@dataclass(frozen=True)
class Customer:
    """A domain on a mail server.

    `rows` replaces single rows: the number of another server, a record like "CNAME x.", or None for no row.
    `exchange` is where new mail goes: "" for the same server, None for no MX. `by_address`: the rows hold addresses.
    `around` replaces or adds to `AROUND`. `second_number`: the mail server by the second name server's word, whether
    that is one of `name_servers` or not; None: it does not hold the zone.
    """

    domain: str
    number: int = MODERN
    identity: Identity | None = None
    rows: Mapping[str, int | str | None] = field(default_factory=dict)
    exchange: str | None = ""
    by_address: bool = False
    around: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    name_servers: tuple[str, ...] = ("ns1",)
    second_number: int | None = None

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
    yield from _with_odd_surroundings(authority)
    yield from _with_odd_name_servers(authority)
    for number, domain in (
        (REFUSED, "refused.cz"), (SILENT, "silent.cz"), (BLACK_HOLE, "black-hole.cz"), (RESETTING, "resetting.cz"),
    ):  # fmt: skip
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
    yield Customer("only-tls-1-2.cz", ONLY_TLS_1_2, own("only-tls-1-2.cz"))
    yield Customer("slow.cz", SLOW, own("slow.cz"))
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
    yield Customer("same-zone.cz", identity=own("same-zone.cz"))
    yield Customer("disagree.cz", identity=own("disagree.cz"), rows={"mail": OLD})
    yield Customer("no-imap.cz", identity=own("no-imap.cz"), rows={"imap": None})
    yield Customer("no-mail.cz", identity=own("no-mail.cz"), rows={"mail": None})
    yield Customer("no-smtp.cz", identity=own("no-smtp.cz"), rows={"smtp": None})
    yield Customer("only-mx.cz", rows=nothing)
    yield Customer("moved-mx.cz", identity=own("moved-mx.cz"), exchange="aspmx.l.google.com.")
    yield Customer("elsewhere.cz", rows=elsewhere, exchange="aspmx.l.google.com.")
    yield Customer("no-rows.cz", rows=nothing, exchange=None)
    yield Customer("dangling.cz", rows=dict.fromkeys(LABELS, "CNAME gone.skok.cz."))
    circle = {"loop": ("CNAME loop2.loop.cz.",), "loop2": ("CNAME loop.loop.cz.",)}
    yield Customer("loop.cz", rows=dict.fromkeys(LABELS, "CNAME loop.loop.cz."), around=circle)


def _with_odd_surroundings(authority: Authority) -> Iterator[Customer]:
    spoilt: Mapping[str, Mapping[str, tuple[str, ...]]] = {
        "spf-without.cz": {"": ('TXT "v=spf1 a mx -all"',)},
        "spf-missing.cz": {"": ()},
        "spf-broken.cz": {"": ('TXT "v=spf1 include:spf1.c4.cz include:spf2.c4.cz include:gone.skok.cz ~all"',)},
        "dkim-missing.cz": {"ceskywebhosting._domainkey": ()},
        "dkim-wrong.cz": {"ceskywebhosting._domainkey": ('TXT "v=DKIM1; k=rsa; p=MIGf"',)},
        "nothing-around.cz": {"": (), "ceskywebhosting._domainkey": (), "_dmarc": ()},
        "dmarc-unmet.cz": {"": (), "ceskywebhosting._domainkey": (), "_dmarc": ('TXT "v=DMARC1; p=reject"',)},
        "caa-forbids.cz": {"": (*AROUND[""], 'CAA 0 issue "other.example"')},
        "caa-allows.cz": {"": (*AROUND[""], 'CAA 0 issue "other.example"', 'CAA 0 issue "letsencrypt.org"')},
        "mx-partly.cz": {"": (*AROUND[""], "MX 20 aspmx.l.google.com.")},
        "mx-own-name.cz": {"": (*AROUND[""], "MX 20 mx.mx-own-name.cz."), "mx": ("A {next_hop}",)},
        "autodiscover.cz": {"autodiscover": ("CNAME autodiscover.outlook.com.",)},
        "srv-wrong.cz": {"_imaps._tcp": ("SRV 0 1 143 mail.srv-wrong.cz.",)},
    }
    for domain, around in spoilt.items():
        yield Customer(domain, identity=_own(authority, domain), around=around)


def _with_odd_name_servers(authority: Authority) -> Iterator[Customer]:
    own, both = partial(_own, authority), ("ns1", "ns2")
    yield Customer("two-servers.cz", identity=own("two-servers.cz"), name_servers=both, second_number=MODERN)
    yield Customer("split.cz", identity=own("split.cz"), name_servers=both, second_number=OLD)
    yield Customer("half-lame.cz", identity=own("half-lame.cz"), name_servers=both)
    yield Customer("half-dead.cz", identity=own("half-dead.cz"), name_servers=("ns1", "ns3"))
    yield Customer("all-dead.cz", identity=own("all-dead.cz"), name_servers=("ns3",))
    yield Customer("moved.cz", identity=own("moved.cz"), second_number=OLD)


def zones(stretch: Stretch, customers: Iterable[Customer]) -> Zones:
    """A zone for each customer: the server gives a CNAME alone, and its target must be asked for.

    same-zone.cz is in one zone with everything else, so that one answer holds a whole chain, as a resolver's does; who
    serves it is not to be found out. lame.cz is configured and not there.
    """
    records: list[Record] = [(f"mail{n}.skok.cz", "A", stretch.at(n)) for n in _SERVERS]
    records += [("mail7.skok.cz", "A", "10.0.0.7"), ("mail8.c4.cz", "A", stretch.at(MODERN))]
    records += [("ns1.skok.cz", "A", stretch.at(DNS)), ("ns2.skok.cz", "A", stretch.at(SECOND_DNS))]
    records += [("ns3.skok.cz", "A", stretch.at(NO_DNS))]
    records += [("spf1.c4.cz", "TXT", '"v=spf1 ip4:127.0.0.0/8 -all"'), ("spf2.c4.cz", "TXT", '"v=spf1 ip6:::1 -all"')]
    records += [("imap.gmail.com", "A", "142.250.102.108"), ("aspmx.l.google.com", "A", "142.250.27.26")]
    records += [("autodiscover.outlook.com", "A", "52.96.0.1")]
    records += [(f"{NEXT_HOP}.{stretch.number}.0.127.in-addr.arpa", "PTR", f"mail{NEXT_HOP}.skok.cz.")]
    apart: dict[str, list[Record]] = {}
    for customer in customers:
        own = records if customer.domain == "same-zone.cz" else apart.setdefault(customer.domain, [])
        own.extend(_records(stretch, customer))
    return {".": records, **apart, "lame.cz": None}


def second_zones(stretch: Stretch, customers: Iterable[Customer]) -> Zones:
    """What the second name server holds: the customers' rows on another mail server, and where these are."""
    servers: list[Record] = [(f"mail{number}.skok.cz", "A", stretch.at(number)) for number in (OLD, MODERN)]
    others = (replace(one, number=one.second_number) for one in customers if one.second_number is not None)
    return {"skok.cz": servers, **{customer.domain: list(_records(stretch, customer)) for customer in others}}


def around_of(domain: str, odd: Mapping[str, tuple[str, ...]] = MappingProxyType({})) -> Iterator[Record]:
    """What a domain has beside the mail rows, where `odd` does not replace it."""
    for label, rows in {**AROUND, **odd}.items():
        for row in rows:
            rtype, _, data = row.partition(" ")
            yield f"{label}.{domain}" if label else domain, rtype, data


def _records(stretch: Stretch, customer: Customer) -> Iterator[Record]:
    if customer.domain != "same-zone.cz":
        yield from ((customer.domain, "NS", f"{server}.skok.cz.") for server in customer.name_servers)
    for owner, rtype, data in around_of(customer.domain, customer.around):
        yield owner, rtype, data.format(next_hop=stretch.at(NEXT_HOP))
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
