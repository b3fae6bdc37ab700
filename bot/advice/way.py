"""How a client connects, as far as we imitate it: server name sent or not, TLS versions, ECDSA."""

from __future__ import annotations

from dataclasses import dataclass

from bot.catalogue.model import Answer, Catalogue, Chosen, Client
from bot.facts import Hello, Protocol, TlsVersion


@dataclass(frozen=True, slots=True)
class Way:
    """A client's way to a server for one direction of mail. The default is a client of today."""

    sni: Answer = Answer.YES
    lowest: TlsVersion | None = None
    highest: TlsVersion | None = None
    ecdsa: bool = True

    def hello(self, server_name: str | None) -> Hello:
        """The connection this client would make, with or without a server name."""
        return Hello(server_name, self.lowest, self.highest, self.ecdsa)

    @property
    def is_old(self) -> bool:
        """True for clients that end below TLS 1.2, whose cipher suites we do not imitate."""
        return self.highest is not None and self.highest < TlsVersion.TLS1_2


def way_of(chosen: Chosen | None, protocol: Protocol, catalogue: Catalogue) -> Way:
    """The way of a chosen client; without one, that of a client of today.

    While the operating system is open, the client's worst case decides about SNI, and about nothing else.
    """
    if chosen is None:
        return Way()
    client = chosen.client
    for_name = worst_case(chosen, catalogue) or client
    sni = for_name.sni_sending if protocol is Protocol.SMTP else for_name.sni
    return _way(client, sni.value.answer)


def worst_case(chosen: Chosen, catalogue: Catalogue) -> Client | None:
    """The client that decides the host name while the operating system is not known."""
    if chosen.system is not None or chosen.client.worst_case is None:
        return None
    return catalogue.clients[chosen.client.worst_case]


def way_of_worst_case(chosen: Chosen | None, catalogue: Catalogue) -> Way | None:
    """The whole way of the worst case, its TLS versions included: to say what would happen there."""
    client = worst_case(chosen, catalogue) if chosen else None
    return _way(client, client.sni.value.answer) if client else None


def _way(client: Client, sni: Answer) -> Way:
    return Way(sni, client.tls_lowest.value, client.tls_highest.value, client.ecdsa.value is not Answer.NO)
