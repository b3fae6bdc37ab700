"""Where DNS questions go, as an operator writes it."""

from __future__ import annotations

import ipaddress

import pytest

from bot.network.name_servers import NameServerAddress, parse_name_server, system_name_servers


@pytest.mark.parametrize(
    ("text", "address", "port"),
    [
        ("192.0.2.53", "192.0.2.53", 53),
        (" 192.0.2.53:5353 ", "192.0.2.53", 5353),
        ("2001:DB8::53", "2001:db8::53", 53),
        ("[2001:db8::53]", "2001:db8::53", 53),
        ("[2001:db8::53]:65535", "2001:db8::53", 65535),
    ],
)
def test_it_is_read(text: str, address: str, port: int) -> None:
    """With a port or without; its text is read again as the same."""
    server = parse_name_server(text)
    assert server == NameServerAddress(address, port)
    assert parse_name_server(str(server)) == server


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "an IP address was expected"),
        ("resolver.example.cz", "an IP address was expected"),
        ("192.0.2", "an IP address was expected"),
        ("[2001:db8::53", "an IP address was expected"),
        ("192.0.2.53:", "the port must be a number"),
        ("192.0.2.53:0", "the port must be a number"),
        ("192.0.2.53:65536", "the port must be a number"),
        ("192.0.2.53:99999999999999999999", "the port must be a number"),
        ("192.0.2.53:٥٣", "the port must be a number"),
        ("[2001:db8::53]53", "the port must be a number"),
        ("[2001:db8::53]:-1", "the port must be a number"),
    ],
)
def test_a_mistake_is_said_in_a_sentence(text: str, reason: str) -> None:
    """With the text as it was given."""
    with pytest.raises(ValueError, match=reason) as caught:
        parse_name_server(text)
    assert repr(text) in str(caught.value)


def test_the_system_has_some_or_none() -> None:
    """Whatever it has are addresses."""
    for server in system_name_servers():
        assert str(ipaddress.ip_address(server.address)) == server.address
        assert server.port == 53
