"""The customers of the playground's provider, one for each kind of story, and what DNS and servers hold of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Literal

from bot.playground.authority import EXPIRED, Authority, Identity, Period
from bot.playground.zone import Records, Zone

NAME_SERVER, NAME_SERVER_ADDRESS = "ns1.skok.cz", "127.0.1.53"
"""Who serves every customer's zone."""
TTL = 5
"""Seconds that records live: a change is seen soon."""

Breakage = Literal["none", "expired", "other_name"]
Certificate = Literal["good"] | Breakage
Texts = Mapping[str, str]
"""A sentence by language, `cs` and `en`."""

LABELS = ("mail", "smtp", "imap", "pop")
"""The rows that lead to a customer's server, and the names its certificate holds."""
AROUND: Zone = {
    "": {"TXT": "v=spf1 include:spf1.c4.cz include:spf2.c4.cz ~all"},
    "ceskywebhosting._domainkey": {"TXT": "v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="},
    "_dmarc": {"TXT": "v=DMARC1; p=none"},
}
"""What the provider asks customers to have beside the rows, by label. The key is the example of RFC 8463."""
PROVIDER: Zone = {
    "spf1.c4.cz": {"TXT": "v=spf1 ip4:127.0.1.0/24 -all"},
    "spf2.c4.cz": {"TXT": "v=spf1 ip6:::1 -all"},
}
"""What the provider itself has."""
HEALTHY = Period(timedelta(days=-29), timedelta(days=61))

MAIL3, MAIL5, MAIL8, MAIL12 = "mail3.skok.cz", "mail5.skok.cz", "mail8.skok.cz", "mail12.c4.cz"
GMAIL, GOOGLE, AUTODISCOVER = "imap.gmail.com", "aspmx.l.google.com", "autodiscover.outlook.com"
EXCHANGE_ONLINE = "novaposta-example.mail.protection.outlook.com"
ELSEWHERE = {
    GMAIL: "142.250.102.108",
    GOOGLE: "142.250.27.26",
    AUTODISCOVER: "52.96.0.1",
    EXCHANGE_ONLINE: "52.101.68.1",
}
"""Other providers' hosts, which nobody connects to."""


@dataclass(frozen=True, slots=True)
class Customer:
    """A customer's domain: the server its rows lead to, and its certificate there."""

    domain: str
    server: str
    about: Texts
    certificate: Certificate = "good"
    exchange: str | None = None
    """Where new mail goes, when not to the same server."""
    odd_rows: Mapping[str, str | None] = field(default_factory=dict)
    """Rows that lead to another host than `server`; None: there is no such row."""
    odd_around: Zone = field(default_factory=dict)
    """What stands instead of or beside `AROUND`; without records: nothing."""

    @property
    def hosts(self) -> tuple[str, ...]:
        """The host names below the domain that belong to mail."""
        return tuple(f"{label}.{self.domain}" for label in LABELS)

    def moved(self, server: str, *, was_ours: bool) -> Customer:
        """The customer on another server. Who comes from outside gets all rows and the MX; a missing row stays so."""
        missing = {label: None for label, host in self.odd_rows.items() if host is None}
        if was_ours:
            return replace(self, server=server, odd_rows=missing)
        return replace(self, server=server, odd_rows={}, exchange=None, odd_around={})

    def zone(self, serial: int = 1) -> Zone:
        """Its rows, its MX, what lies around them, and who serves the zone, in this version of it."""
        rows = {**dict.fromkeys(LABELS, self.server), **self.odd_rows}
        zone: dict[str, Records] = {f"{label}.{self.domain}": {"CNAME": host} for label, host in rows.items() if host}
        exchange, start = (10, self.exchange or self.server), f"{NAME_SERVER}. hostmaster.skok.cz. {serial}"
        own: Records = {"MX": [exchange], "NS": NAME_SERVER, "SOA": f"{start} 3600 600 86400 {TTL}"}
        around = {f"{label}.{self.domain}": records for label, records in self._around.items() if label and records}
        return {**zone, **around, self.domain: {**own, **self._around[""]}}

    @property
    def _around(self) -> Zone:
        return {**AROUND, **self.odd_around}

    def identities(self, authority: Authority) -> dict[str, Identity]:
        """The certificates that its server holds, by the name that a client sends."""
        if self.certificate == "none":
            return {}
        names = (self.domain, f"www.{self.domain}") if self.certificate == "other_name" else self.hosts
        period = EXPIRED if self.certificate == "expired" else HEALTHY
        return dict.fromkeys(self.hosts, authority.issue(names, period=period))


CUSTOMERS = (
    Customer(
        "example.cz",
        MAIL8,
        {
            "cs": "Vše v pořádku. Zkuste Thunderbird, pak Outlook 2007: ten neposílá SNI a dostane jiný server.",
            "en": "All is well. Try Thunderbird, then Outlook 2007: that sends no SNI and gets another server name.",
        },
    ),
    Customer(
        "zahrada.example",
        MAIL3,
        {"cs": "Vše v pořádku, na jiném serveru.", "en": "All is well, on another server."},
    ),
    Customer(
        "pekarna.example",
        MAIL12,
        {"cs": "Vše v pořádku, na serveru v c4.cz.", "en": "All is well, on a server in c4.cz."},
    ),
    Customer(
        "xn--hkyrky-ptac70bc.cz",
        MAIL3,
        {"cs": "Doména s háčky a čárkami.", "en": "A domain with letters beyond ASCII."},
    ),
    Customer(
        "stehovani.example",
        MAIL3,
        {
            "cs": "Přestěhovaná z mail8 na mail3. MX ještě míří na starý server; kdo má nastaveno mail8, nic nestáhne.",
            "en": "Moved from mail8 to mail3. Its MX still names the old server; who has mail8 typed in gets no mail.",
        },
        exchange=MAIL8,
    ),
    Customer(
        "bezcertifikatu.example",
        MAIL8,
        {
            "cs": "Doména na serveru nemá vlastní certifikát: zatím jen jméno serveru.",
            "en": "The domain has no certificate of its own there: the server's name for the time being.",
        },
        certificate="none",
    ),
    Customer(
        "propadla.example",
        MAIL8,
        {"cs": "Certifikát domény vypršel.", "en": "The domain's certificate has expired."},
        certificate="expired",
    ),
    Customer(
        "jinejmeno.example",
        MAIL12,
        {
            "cs": "Certifikát platí jen pro web, ne pro poštu.",
            "en": "The certificate is for the web names only, not for mail.",
        },
        certificate="other_name",
    ),
    Customer(
        "jinde.example",
        GMAIL,
        {"cs": "Schránky má jinde, u Googlu.", "en": "Its mailboxes are elsewhere, at Google."},
        certificate="none",
        exchange=GOOGLE,
        odd_rows={"pop": None, "smtp": None},
        odd_around={"": {"TXT": "v=spf1 include:_spf.google.com ~all"}, "ceskywebhosting._domainkey": {}},
    ),
    Customer(
        "novaposta.example",
        MAIL8,
        {
            "cs": "Schránky jsou tady, ale nová pošta už chodí k Microsoftu.",
            "en": "The mailboxes are here, but new mail already goes to Microsoft.",
        },
        exchange=EXCHANGE_ONLINE,
    ),
    Customer(
        "rozpor.example",
        MAIL8,
        {
            "cs": "Záznamy si odporují: pop vede na mail3, ostatní na mail8.",
            "en": "Its rows disagree: pop leads to mail3, the others to mail8.",
        },
        odd_rows={"pop": MAIL3},
    ),
    Customer(
        "bezimap.example",
        MAIL3,
        {"cs": "Chybí jí záznam imap.", "en": "Its imap row is missing."},
        odd_rows={"imap": None},
    ),
    Customer(
        "mlci.example",
        MAIL5,
        {
            "cs": "Její server na portu 587 mlčí. Odpověď chvíli trvá a řekne, co se nezjistilo.",
            "en": "Its server is silent on port 587. The answer takes a while and says what was not found out.",
        },
    ),
    Customer(
        "kvetiny.example",
        MAIL3,
        {
            "cs": "Její SPF zná jen rozesílací službu, ne naše servery: odeslaná pošta padá do spamu.",
            "en": "Its SPF knows a newsletter service only, not our servers: what it sends ends up as spam.",
        },
        odd_around={"": {"TXT": "v=spf1 ip4:192.0.2.0/24 -all"}},
    ),
    Customer(
        "truhlar.example",
        MAIL12,
        {
            "cs": "Po dřívějším hostingu zůstal řádek autodiscover: Outlook si sám nastaví Microsoft.",
            "en": "A row autodiscover was left behind: Outlook sets up Microsoft's servers by itself.",
        },
        odd_around={"autodiscover": {"CNAME": AUTODISCOVER}},
    ),
)
MISSING = "neexistuje.example"
"""A domain that nobody has."""
