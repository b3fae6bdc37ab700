"""The proof of a status: what each port showed, those alike told together."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator
from datetime import datetime

from bot.advice.decision import shorten
from bot.reply.page import Line
from bot.reply.words import Words, harmless
from bot.status.judge import ServiceSeen
from bot.status.services import days_left, service_names

Services = list[ServiceSeen]
_OF_LEAF = {"certificate_expired", "certificate_name_mismatch"}
"""Problems that are none of what stands above the certificate."""


def service_lines(services: Iterable[ServiceSeen], now: datetime, said: Words) -> Iterator[Line]:
    """For each: port, name, address, SNI; then TLS versions and certificate, or why there is no connection."""
    for alike in _alike(services):
        shown = alike[0]
        yield said.line(
            "seen.port_sni" if shown.sni else "seen.port_no_sni",
            where=service_names((service.protocol, service.port) for service in alike),
            host=shown.host,
            addresses=", ".join(dict.fromkeys(service.address for service in alike)),
            seen=_seen(shown, now, said),
        )


def _alike(services: Iterable[ServiceSeen]) -> Iterable[Services]:
    """Ports that showed the same at one address, and addresses at which the same ports did."""
    at_address = _grouped(services, lambda service: (service.address, _shown(service)))
    by_ports: dict[Hashable, Services] = {}
    for group in at_address:
        by_ports.setdefault((tuple(service.port for service in group), _shown(group[0])), []).extend(group)
    return by_ports.values()


def _grouped(services: Iterable[ServiceSeen], key: Callable[[ServiceSeen], Hashable]) -> Iterable[Services]:
    groups: dict[Hashable, Services] = {}
    for service in services:
        groups.setdefault(key(service), []).append(service)
    return groups.values()


def _shown(service: ServiceSeen) -> Hashable:
    certificate = (service.names, service.not_after, service.issuer, service.is_ecdsa)
    return service.host, service.sni, service.versions, service.tls_version, service.problems, certificate


def _seen(service: ServiceSeen, now: datetime, said: Words) -> str:
    """TLS versions and the certificate; where there was no handshake, what is wrong."""
    if service.not_after is None:
        return _problems(service, now, said)
    return said.text(
        "seen.certificate",
        versions=_versions(service, said),
        names=harmless(shorten(service.names)),
        issuer=harmless(service.issuer or "—"),
        kind="ECDSA" if service.is_ecdsa else "RSA",
        date=service.not_after.date(),
        days=days_left(service.not_after, now),
        chain=_problems(service, now, said) or said.text("seen.right"),
    )


def _versions(service: ServiceSeen, said: Words) -> str:
    """From the lowest to the highest; where these were not measured, the one that was agreed on."""
    lowest, highest = service.versions.lowest, service.versions.highest
    if lowest is None:
        return said.text("seen.agreed", version=service.tls_version or "–")
    return said.text("seen.versions", versions=lowest if lowest is highest else f"{lowest}–{highest}")


def _problems(service: ServiceSeen, now: datetime, said: Words) -> str:
    """Everything that is wrong; where that is not the chain, also that this is in order."""
    problems = list(service.problems)
    if service.not_after and service.not_after > now and problems[:1] == ["certificate_expired"]:
        problems[0] = "certificate_expired_above"
    told = [problem_text(problem, said) for problem in problems]
    if service.not_after and told and _OF_LEAF.issuperset(problems):
        told.append(said.text("seen.chain_right"))
    return ", ".join(told)


def problem_text(problem: str, said: Words) -> str:
    """What is wrong with a connection or its certificate, in a few words."""
    own = f"seen.problem.{problem}"
    return said.text(own if said.has(own) else f"evidence.problem.{problem}")
