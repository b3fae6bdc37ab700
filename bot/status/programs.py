"""What mail programs are told by themselves: SRV records (RFC 6186, RFC 8314), autoconfig and autodiscover."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from bot.facts import Outcome, Protocol, Row, Security
from bot.provider.known import known_provider
from bot.provider.profile import Profile
from bot.status.around_facts import AUTOMATIC, AroundFacts
from bot.status.caa import certified_hosts
from bot.status.model import Finding, Level
from bot.status.records import Srv, parse_srv, row
from bot.status.whose import Hosting

_SPEAKS: Mapping[str, tuple[Protocol, Security]] = {
    "_imaps._tcp": (Protocol.IMAP, Security.IMPLICIT_TLS),
    "_pop3s._tcp": (Protocol.POP3, Security.IMPLICIT_TLS),
    "_submission._tcp": (Protocol.SMTP, Security.STARTTLS),
    "_submissions._tcp": (Protocol.SMTP, Security.IMPLICIT_TLS),
}


def judge_services(facts: AroundFacts, hosting: Hosting) -> Iterator[Finding]:
    """Findings about SRV records: programs that follow one must reach the domain's server under a name it proves."""
    for service, answer in facts.srv.items():
        records = [record for record in map(parse_srv, answer.values) if record.target]
        port = _port(service, hosting.profile)
        for record in records:
            params = {"name": f"{service}.{facts.domain}", "target": record.target, "port": str(record.port)}
            if port is None:
                yield Finding("srv_wrong", Level.INFO, params, "srv_not_offered")
            elif key := _fault(record, port, facts, hosting):
                params |= {"expected": str(port), "row": _offered(service, port, facts.domain, hosting.profile)}
                yield Finding("srv_wrong", Level.WARNING, params, key)


def _port(service: str, profile: Profile) -> int | None:
    """The port of a service, where the provider offers it."""
    return next((port.port for port in profile.ports if (port.protocol, port.security) == _SPEAKS[service]), None)


def _fault(record: Srv, port: int, facts: AroundFacts, hosting: Hosting) -> str:
    """The sentence about what is wrong with a record; "" for nothing that is known."""
    found = facts.hosts.get(record.target)
    is_own = hosting.owns(record.target, found)
    if found is not None and found.outcome in (Outcome.NXDOMAIN, Outcome.NO_DATA, Outcome.DANGLING, Outcome.LOOP):
        return "srv_dangling"
    if is_own is False:
        return "srv_elsewhere"
    if is_own and _is_other_server(record.target, found, hosting):
        return "srv_other_server"
    if record.port != port:
        return "srv_wrong_port"
    is_proved = record.target in certified_hosts(facts.domain, hosting.profile) or hosting.profile.server(record.target)
    return "srv_not_covered" if is_own and not is_proved else ""


def _is_other_server(target: str, found: Row | None, hosting: Hosting) -> bool:
    """True where the target is a server of ours, and not the one with this domain's mailboxes."""
    named = [name for name in (target, *(found.chain if found else ())) if hosting.profile.server(name)]
    if not named or hosting.server is None or hosting.server.host in named:
        return False
    return found is not None and bool(found.addresses) and not hosting.is_server(found)


def _offered(service: str, port: int, domain: str, profile: Profile) -> str:
    """The row as it should be, with the domain's own name."""
    template = profile.sending_host if _SPEAKS[service][0] is Protocol.SMTP else profile.receiving_host
    return row(f"{service}.{domain}", "SRV", f"0 1 {port} {template.format(domain=domain)}.")


def judge_automatic(facts: AroundFacts) -> Iterator[Finding]:
    """Names at which programs ask for settings, and which lead to another provider's."""
    for label in AUTOMATIC:
        name = f"{label}.{facts.domain}"
        found = facts.hosts.get(name)
        target = found.chain[-1] if found and found.chain else ""
        if provider := known_provider(target):
            yield Finding("automatic_elsewhere", Level.WARNING, {"name": name, "target": target, "provider": provider})
