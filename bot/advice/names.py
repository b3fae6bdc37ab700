"""The host names of one half of the settings, by kind, and where the domain's own name leads to."""

from __future__ import annotations

from dataclasses import dataclass

from bot.advice.mail_server import KnownAddresses, judge_row
from bot.answer import MailServer
from bot.domain import DomainName
from bot.facts import Outcome, Protocol, Row
from bot.provider.profile import Profile
from bot.request import HostKind


@dataclass(frozen=True, slots=True)
class Names:
    """The hosts by kind. `addresses` are the domain's own name's: none where there is no such name, or no answer."""

    hosts: dict[HostKind, str]
    addresses: tuple[str, ...] = ()

    @property
    def has_domain(self) -> bool:
        """True when the domain's own name can be told."""
        return HostKind.DOMAIN in self.hosts


def names_of_half(
    row: Row, server: MailServer, protocol: Protocol, domain: DomainName, profile: Profile, known: KnownAddresses
) -> Names:
    """The names for receiving or sending by the row of the domain's own name.

    That name counts only when its row leads to the provider, or could not be asked for. Sending may have a server
    of its own: then its name stands beside the domain's.
    """
    own = {HostKind.DOMAIN: profile.host_for(protocol, domain)}
    if row.outcome.is_unavailable:
        return Names({HostKind.SERVER: server.host} | own)
    host = _server_of(row, server, profile, known)
    if host is None:
        return Names({HostKind.SERVER: server.host})
    return Names({HostKind.SERVER: host if protocol is Protocol.SMTP else server.host} | own, row.addresses)


def _server_of(row: Row, server: MailServer, profile: Profile, known: KnownAddresses) -> str | None:
    """The name of the provider's server that a row leads to; None when it leads elsewhere or nowhere."""
    if set(row.addresses) & set(server.addresses):
        return server.host
    verdict = judge_row(row, profile, known)
    if isinstance(verdict, MailServer):
        return verdict.host
    end = row.chain[-1] if row.chain else ""
    return end if row.outcome is Outcome.FOUND and profile.is_own_name(end) else None
