"""A little world without a network: servers that answer as told, and what the bot sees of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from bot.advice.decision import more_to_ask
from bot.advice.mail_server import find_mail_server
from bot.advice.settings import Seen, settle
from bot.advice.sight import Judge, ServiceFacts
from bot.advice.way import Way, way_of, way_of_worst_case
from bot.answer import MailServer, SettingsAnswer
from bot.catalogue.match import Matcher
from bot.catalogue.model import Catalogue, Chosen, Root
from bot.catalogue.reader import load_catalogue
from bot.domain import DomainName
from bot.facts import DnsFacts, Endpoint, Hello, Probe, Protocol, Security, TlsVersion
from bot.provider.profile import Profile
from bot.request import HostKind, SettingsRequest, parse_settings_request
from tests.advice.build import (
    ADDRESS_8,
    INTERMEDIATE,
    KNOWN,
    NOW,
    PROFILE,
    ROOT_FINGERPRINT,
    STORE,
    Chain,
    dns,
    failure,
    handshake,
    leaf,
)

BUILT_IN = load_catalogue()
KNOWN_ROOT = Root("isrg-root-x1", "ISRG Root X1", (ROOT_FINGERPRINT,))
CATALOGUE: Catalogue = replace(BUILT_IN, roots={**BUILT_IN.roots, "isrg-root-x1": KNOWN_ROOT})
"""The built-in catalogue, whose best-known root is the one of the tests."""
JUDGE = Judge(STORE, CATALOGUE, NOW)
MATCHER = Matcher(CATALOGUE)
EXAMPLE = DomainName("example.cz", "example.cz")


def chain_of(*names: str) -> Chain:
    """A certificate in order for host names."""
    return (leaf(INTERMEDIATE, *names), INTERMEDIATE.certificate)


OF_SERVER = chain_of("mail8.skok.cz", "mail8.c4.cz")
OF_DOMAIN = {"mail.example.cz": chain_of("mail.example.cz"), "smtp.example.cz": chain_of("smtp.example.cz")}


@dataclass(frozen=True)
class Server:
    """A mail server: what it shows by name and without, the TLS it speaks, and ports that do not work."""

    named: Mapping[str, Chain] = field(default_factory=lambda: OF_DOMAIN)
    default: Chain | None = OF_SERVER
    """None: it refuses connections without a name that it knows."""
    lowest: TlsVersion = TlsVersion.TLS1_2
    highest: TlsVersion = TlsVersion.TLS1_3
    is_ecdsa: bool = False
    broken: Mapping[int, str] = field(default_factory=dict)
    spoken: Mapping[int, Security] = field(default_factory=dict)

    def probe(self, at: Endpoint, hello: Hello) -> Probe:
        """One connection."""
        if problem := self.broken.get(at.port):
            return failure(problem, hello, at)
        sent = self.default if hello.sni is None else self.named.get(hello.sni, self.default)
        version = min(hello.highest or TlsVersion.TLS1_3, self.highest)
        is_too_old = version < self.lowest or version < (hello.lowest or TlsVersion.TLS1_0)
        if sent is None or is_too_old or (self.is_ecdsa and not hello.ecdsa):
            return failure("tls_handshake_failed", hello, at)
        endpoint = replace(at, security=self.spoken.get(at.port, at.security))
        return handshake(sent, at=endpoint, hello=hello, version=version)


def see(
    server: Server, protocol: Protocol, way: Way, wanted: HostKind | None = None, profile: Profile = PROFILE,
    found: str = "mail8.skok.cz",
) -> ServiceFacts:  # fmt: skip
    """What the bot connects to for one half: by the domain's name and without, then what that left open."""
    port = profile.port(protocol)
    assert port is not None
    at = Endpoint(ADDRESS_8, port.port, protocol, port.security)
    names = {HostKind.SERVER: found, HostKind.DOMAIN: profile.host_for(protocol, EXAMPLE)}
    named = server.probe(at, way.hello(names[HostKind.DOMAIN]))
    facts = ServiceFacts(protocol, names, named, server.probe(at, way.hello(None)))
    more = more_to_ask(facts, way, JUDGE, profile.is_own_name, wanted)
    sni = None if way.sni == "no" else names[HostKind.DOMAIN]
    return replace(
        facts,
        server_with_sni=server.probe(at, way.hello(found)) if more.server_with_sni else None,
        unbounded=server.probe(at, Hello(sni)) if more.unbounded else None,
        with_ecdsa=server.probe(at, replace(way, ecdsa=True).hello(sni)) if more.with_ecdsa else None,
        server_aliases=more.aliases,
    )


def request_for(words: str, host_kind: HostKind | None = None, profile: Profile = PROFILE) -> SettingsRequest:
    """The request that an agent types."""
    request = parse_settings_request(words, MATCHER.match, profile)
    assert isinstance(request, SettingsRequest), request
    return replace(request, host_kind=host_kind)


def chosen(client: str) -> Chosen:
    """A client by its id, chosen without a system."""
    return Chosen(CATALOGUE.clients[client])


def seen_for(
    request: SettingsRequest, server: Server, facts: DnsFacts | None = None, profile: Profile = PROFILE
) -> Seen:
    """Everything the bot collects for a request in this world."""
    facts = facts or dns()
    found = find_mail_server(facts, request.protocol, profile, KNOWN)
    assert isinstance(found, MailServer), found
    ways = {p: way_of(request.client, p, CATALOGUE) for p in (request.protocol, Protocol.SMTP)}
    receives = request.client is None or request.client.client.receives
    seen = {p: see(server, p, way, request.host_kind, profile, found.host) for p, way in ways.items()}
    port, second = profile.port(request.protocol), profile.port(Protocol.SMTP, optional=True)
    worst = way_of_worst_case(request.client, CATALOGUE)
    assert port is not None
    at = Endpoint(ADDRESS_8, port.port, request.protocol, port.security)
    return Seen(
        domain=request.domain,
        dns=facts,
        known=KNOWN,
        server=found,
        incoming=seen[request.protocol] if receives else None,
        outgoing=seen[Protocol.SMTP],
        second=_see_second(server, seen[Protocol.SMTP], ways[Protocol.SMTP], second.port) if second else None,
        worst_case=server.probe(at, worst.hello(None)) if worst and worst.is_old else None,
    )


def _see_second(server: Server, first: ServiceFacts, way: Way, port: int) -> ServiceFacts:
    at = Endpoint(ADDRESS_8, port, Protocol.SMTP, Security.IMPLICIT_TLS)
    sni = None if way.sni == "no" else first.names[HostKind.DOMAIN]
    return ServiceFacts(Protocol.SMTP, first.names, server.probe(at, way.hello(sni)))


def answer_for(
    words: str,
    server: Server | None = None,
    facts: DnsFacts | None = None,
    *,
    host_kind: HostKind | None = None,
    profile: Profile = PROFILE,
) -> SettingsAnswer:
    """The answer to what an agent types, in this world."""
    request = request_for(words, host_kind, profile)
    return settle(request, seen_for(request, server or Server(), facts, profile), profile, JUDGE)
