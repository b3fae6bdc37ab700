"""CAA (RFC 8659): whether the authority that renews the domain's certificates is allowed to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from bot.facts import DnsAnswer
from bot.provider.profile import Profile
from bot.status.around_facts import AroundFacts
from bot.status.model import Finding, Level
from bot.status.records import Caa, parse_caa, row

_KNOWN_TAGS = ("issue", "issuewild", "iodef", "contactemail", "contactphone", "issuemail", "issuevmc")


def certified_hosts(domain: str, profile: Profile) -> tuple[str, ...]:
    """The domain's names that have certificates of their own: for receiving and for sending."""
    templates = (profile.receiving_host, profile.sending_host)
    return tuple(dict.fromkeys(template.format(domain=domain) for template in templates))


def climb(host: str) -> tuple[str, ...]:
    """The names at which an authority looks for records: the host and all above it (RFC 8659, section 3)."""
    labels = host.split(".")
    return tuple(".".join(labels[i:]) for i in range(len(labels)))


def judge_caa(facts: AroundFacts, profile: Profile) -> Iterator[Finding]:
    """A finding for each record set that forbids the renewal; doubles are the same one."""
    for host in certified_hosts(facts.domain, profile):
        owner, records = _relevant(host, facts.caa)
        params = {"domain": facts.domain, "host": host, "owner": owner, "issuer": ", ".join(profile.caa_issuers)}
        shown = "; ".join(f"{record.tag} {record.value}" for record in records)
        if any(record.is_critical and record.tag not in _KNOWN_TAGS for record in records):
            yield Finding("caa_forbids", Level.WARNING, params | {"records": shown}, "caa_critical")
        elif profile.caa_issuers and _forbids(records, profile.caa_issuers):
            offered = row(owner, "CAA", f'0 issue "{profile.caa_issuers[0]}"')
            yield Finding("caa_forbids", Level.WARNING, params | {"records": shown, "row": offered})


def _relevant(host: str, caa: Mapping[str, DnsAnswer]) -> tuple[str, tuple[Caa, ...]]:
    """The nearest record set and its owner; none where there is none, or it could not be found out which."""
    for name in climb(host):
        answer = caa.get(name)
        if answer is None or answer.outcome.is_unavailable:
            break
        if answer.values:
            return (answer.chain or (name,))[-1], tuple(map(parse_caa, answer.values))
    return host, ()


def _forbids(records: Sequence[Caa], issuers: Sequence[str]) -> bool:
    """True where some authority is named and none of `issuers`; without an `issue` record everybody may."""
    named = [record.value.partition(";")[0].strip().lower() for record in records if record.tag == "issue"]
    return bool(named) and not set(named) & set(issuers)
