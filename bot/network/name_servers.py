"""Where DNS questions go: addresses of recursive resolvers, as configured or as the system has them."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass

PORT = 53


@dataclass(frozen=True, slots=True)
class NameServerAddress:
    """The IP address and port of a resolver."""

    address: str
    port: int = PORT

    def __str__(self) -> str:
        return f"[{self.address}]:{self.port}" if ":" in self.address else f"{self.address}:{self.port}"


def parse_name_server(text: str) -> NameServerAddress:
    """Read `192.0.2.53`, `192.0.2.53:5353`, `2001:db8::53` or `[2001:db8::53]:53`. Raises ValueError."""
    address, port = _split(text.strip())
    try:
        canonical = str(ipaddress.ip_address(address))
    except ValueError:
        raise ValueError(
            f"{text!r} is not a name server: an IP address was expected, with or without a port,"
            " as in 192.0.2.53, 192.0.2.53:5353 or [2001:db8::53]:53"
        ) from None
    if not (port.isascii() and port.isdigit() and 0 < int(port[:6]) < 65_536):
        raise ValueError(f"{text!r} is not a name server: the port must be a number from 1 to 65535")
    return NameServerAddress(canonical, int(port))


def system_name_servers() -> tuple[NameServerAddress, ...]:
    """The resolvers the operating system uses; none when it names none."""
    import dns.resolver  # only here: one in five milliseconds of the command line's start

    try:
        configured = dns.resolver.Resolver()
    except dns.resolver.NoResolverConfiguration:
        return ()
    return tuple(NameServerAddress(str(server), configured.port) for server in configured.nameservers)


def _split(text: str) -> tuple[str, str]:
    """Address and port as texts; the brackets of an IPv6 address (RFC 3986) are taken off."""
    if text.startswith("["):
        address, end, rest = text[1:].partition("]")
        port = rest[1:] if rest.startswith(":") else f"?{rest}" if rest else str(PORT)
        return (address if end else text), port
    if text.count(":") == 1:
        address, _, port = text.partition(":")
        return address, port
    return text, str(PORT)
