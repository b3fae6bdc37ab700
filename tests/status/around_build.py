"""A domain in order, as a test spoils it: `facts(spf="v=spf1 +all")`."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from typing import Any

from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from bot.answer import FoundBy, MailServer
from bot.facts import DnsAnswer, Outcome, Row
from bot.status.around import judge_around
from bot.status.around_facts import AroundFacts
from bot.status.model import Finding
from bot.status.whose import Hosting
from tests.advice.build import ADDRESS_8, ELSEWHERE, KNOWN, NOW, PROFILE

SERVER = MailServer("mail8.skok.cz", 8, FoundBy.CNAME, (ADDRESS_8,), "imap.example.cz", NOW)
HOSTING = Hosting(PROFILE, KNOWN, SERVER)
SELECTOR = "ceskywebhosting._domainkey.example.cz"

Said = Outcome | str | tuple[str, ...]


def answer(name: str, rtype: str, said: Said, **how: Any) -> DnsAnswer:
    """What one question brought: values, or how it ended."""
    if isinstance(said, Outcome):
        return DnsAnswer(name, rtype, said, NOW, **how)
    values = (said,) if isinstance(said, str) else said
    return DnsAnswer(name, rtype, Outcome.FOUND, NOW, values=values, ttl=300, **how)


def text(name: str, said: Said) -> DnsAnswer:
    """TXT records, given without their quotes."""
    if isinstance(said, Outcome):
        return answer(name, "TXT", said)
    records = (said,) if isinstance(said, str) else said
    return answer(name, "TXT", tuple('"' + one.replace('"', '\\"') + '"' for one in records))


def host(name: str, leads: Said, address: str = ELSEWHERE) -> Row:
    """Address rows: a chain of names, or how the question ended; an address alone when the chain is empty."""
    if isinstance(leads, Outcome):
        chain = ("gone.example",) if leads in (Outcome.DANGLING, Outcome.LOOP) else ()
        return Row(*(DnsAnswer(name, rtype, leads, NOW, chain) for rtype in ("A", "AAAA")))
    names: tuple[str, ...] = (leads,) if isinstance(leads, str) else leads
    found = DnsAnswer(name, "A", Outcome.FOUND, NOW, names, (address,), 300)
    return Row(found, DnsAnswer(name, "AAAA", Outcome.NO_DATA, NOW, names))


@cache
def rsa_key(bits: int = 1024) -> str:
    """A public key as DKIM records hold it."""
    return encoded(rsa.generate_private_key(65537, bits).public_key())


def encoded(key: RSAPublicKey | Ed25519PublicKey) -> str:
    """A key in DER and base64."""
    return base64.b64encode(key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).decode()


def ed25519_key() -> str:
    """A key of the newer kind: its bytes alone (RFC 8463)."""
    raw = Ed25519PrivateKey.generate().public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    return base64.b64encode(raw).decode()


SPF = "v=spf1 include:spf1.c4.cz include:spf2.c4.cz ~all"


def facts(
    *,
    mx: Said = "mail8.skok.cz",
    spf: Said = SPF,
    dkim: Said | None = None,
    dmarc: Said = "v=DMARC1; p=none",
    texts: Mapping[str, Said] | None = None,
    caa: Mapping[str, Said] | None = None,
    srv: Mapping[str, Said] | None = None,
    exchanges: Mapping[str, Row] | None = None,
    hosts: Mapping[str, Row] | None = None,
    **how: Any,
) -> AroundFacts:
    """A domain in order but for what is said."""
    said: dict[str, Said] = {
        "example.cz": spf,
        SELECTOR: dkim if dkim is not None else f"v=DKIM1; k=rsa; p={rsa_key()}",
        "_dmarc.example.cz": dmarc,
        "spf1.c4.cz": "v=spf1 ip4:192.0.2.0/24 -all",
        "spf2.c4.cz": "v=spf1 ip6:2001:db8::/32 -all",
        **(texts or {}),
    }
    climbed = {"mail.example.cz", "smtp.example.cz", "example.cz", "cz"}
    authorities: dict[str, Said] = {**dict.fromkeys(climbed, Outcome.NO_DATA), **(caa or {})}
    made = AroundFacts(
        domain="example.cz",
        organization="example.cz",
        mx=answer("example.cz", "MX", mx),
        soa=answer("example.cz", "SOA", "ns1.dns.cz. host.dns.cz. 1 2 3 4 5"),
        ds=answer("example.cz", "DS", Outcome.NO_DATA),
        exchanges={"mail8.skok.cz": host("mail8.skok.cz", (), ADDRESS_8)} if exchanges is None else exchanges,
        texts={name: text(name, one) for name, one in said.items()},
        caa={name: answer(name, "CAA", one) for name, one in authorities.items()},
        srv={name: answer(f"{name}.example.cz", "SRV", one) for name, one in (srv or {}).items()},
        hosts=hosts or {},
    )
    return replace(made, **how)


def judged(made: AroundFacts, hosting: Hosting = HOSTING) -> dict[str, Finding]:
    """The findings by their sentences."""
    return {finding.sentence: finding for finding in judge_around(made, hosting)}
