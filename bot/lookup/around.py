"""Asks DNS for what lies around a domain's mail: everything at once, behind what is urgent, and bounded."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from bot.domain import DomainName, is_dns_name, registrable_domain
from bot.facts import DnsAnswer, Outcome, Row
from bot.lookup.edges import LooksUp
from bot.provider.profile import Profile
from bot.status.around_facts import AUTOMATIC, SERVICES, AroundFacts
from bot.status.caa import certified_hosts, climb
from bot.status.dkim import dkim_name
from bot.status.dmarc import dmarc_names
from bot.status.records import parse_srv
from bot.status.spf import followed, spf_records

MOST_EXCHANGERS, MOST_TARGETS, MOST_INCLUDES = 8, 8, 24
"""Names out of answers that are asked for; what is left out counts as not known."""


@dataclass(frozen=True)
class AroundLookup:
    """Collects the facts around a domain's mail. `unchecked` gives answers whose signatures do not hold."""

    resolver: LooksUp
    unchecked: LooksUp
    profile: Profile

    async def around(self, domain: DomainName, deadline: float, *, fresh: bool = False) -> AroundFacts:
        """What DNS says. Ends by `deadline` (loop time, seconds); what is open by then is said to be open.

        `fresh` bypasses caches.
        """
        asking = _Asking(self.resolver, deadline, fresh)
        organization = (registrable_domain(domain) or domain).ascii
        names = [*dmarc_names(domain.ascii, organization), dkim_name(domain.ascii, self.profile)]
        above = [name for host in certified_hosts(domain.ascii, self.profile) for name in climb(host)]
        async with asyncio.TaskGroup() as group:
            exchangers = group.create_task(asking.exchangers(domain.ascii))
            policies = group.create_task(asking.policies(domain.ascii))
            texts = group.create_task(asking.all(filter(None, names), "TXT"))
            caa = group.create_task(asking.all(above, "CAA"))
            services = group.create_task(asking.services(domain.ascii))
            automatic = group.create_task(asking.rows([f"{label}.{domain}" for label in AUTOMATIC]))
            signatures = group.create_task(self._signatures(organization, asking))
        (mx, exchanges), (srv, targets), (soa, ds, unchecked) = (
            exchangers.result(), services.result(), signatures.result()
        )  # fmt: skip
        return AroundFacts(
            domain=domain.ascii,
            organization=organization,
            mx=mx,
            soa=soa,
            ds=ds,
            unchecked=unchecked,
            exchanges=exchanges,
            texts={**policies.result(), **texts.result()},
            caa=caa.result(),
            srv=srv,
            hosts={**targets, **automatic.result()},
        )

    async def _signatures(self, zone: str, asking: _Asking) -> tuple[DnsAnswer, DnsAnswer, DnsAnswer | None]:
        """The zone's SOA and DS; after a failure the SOA once more, and without checking: was it the signatures?"""
        soa, ds = await asyncio.gather(asking.one(zone, "SOA"), asking.one(zone, "DS"))
        if soa.outcome is not Outcome.SERVFAIL:
            return soa, ds, None
        unchecked = replace(asking, resolver=self.unchecked)
        again, given = await asyncio.gather(asking.one(zone, "SOA"), unchecked.one(zone, "SOA"))
        return again, ds, given


@dataclass(frozen=True)
class _Asking:
    """Questions of one look, none of them urgent."""

    resolver: LooksUp
    deadline: float
    fresh: bool

    async def one(self, name: str, rtype: str) -> DnsAnswer:
        """One question."""
        return await self.resolver.look_up(name, rtype, deadline=self.deadline, fresh=self.fresh, urgent=False)

    async def all(self, names: Iterable[str], rtype: str) -> dict[str, DnsAnswer]:
        """The answers by name; what is no name, or too long for one, is left out."""
        asked = [name for name in dict.fromkeys(names) if is_dns_name(name)]
        answers = await asyncio.gather(*(self.one(name, rtype) for name in asked))
        return dict(zip(asked, answers, strict=True))

    async def rows(self, names: Sequence[str]) -> dict[str, Row]:
        """The address rows by host."""
        ipv4, ipv6 = await asyncio.gather(self.all(names, "A"), self.all(names, "AAAA"))
        return {name: Row(answer, ipv6[name]) for name, answer in ipv4.items()}

    async def exchangers(self, domain: str) -> tuple[DnsAnswer, dict[str, Row]]:
        """The MX records, and where they lead."""
        mx = await self.one(domain, "MX")
        return mx, await self.rows(mx.values[:MOST_EXCHANGERS])

    async def services(self, domain: str) -> tuple[dict[str, DnsAnswer], dict[str, Row]]:
        """The SRV records by service, and the rows of their targets."""
        found = await self.all([f"{service}.{domain}" for service in SERVICES], "SRV")
        targets = dict.fromkeys(parse_srv(value).target for answer in found.values() for value in answer.values)
        by_service = {name.removesuffix(f".{domain}"): answer for name, answer in found.items()}
        return by_service, await self.rows([*targets][:MOST_TARGETS])

    async def policies(self, domain: str) -> dict[str, DnsAnswer]:
        """The domain's TXT records, and those of every name that SPF leads to."""
        found: dict[str, DnsAnswer] = {}
        names = [domain]
        while names:
            found |= await self.all(names, "TXT")
            records = (record for name in names for record in spf_records(found.get(name)))
            next_names = dict.fromkeys(name for record in records for name in followed(record) if name not in found)
            names = [*next_names][: max(0, MOST_INCLUDES - len(found))]
        return found
