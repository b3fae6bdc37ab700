"""Which addresses may be connected to, one line each."""

from __future__ import annotations

from ipaddress import ip_network

import pytest

from bot.network.guard import AddressGuard

PUBLIC = """
1.1.1.1 9.255.255.255 11.0.0.0 100.63.255.255 100.128.0.0 126.255.255.255 128.0.0.0 169.253.255.255
169.255.0.0 172.15.255.255 172.32.0.0 192.0.1.0 192.0.3.0 192.88.98.255 192.88.100.0 192.167.255.255
192.169.0.0 198.17.255.255 198.20.0.0 198.51.99.255 198.51.101.0 203.0.112.255 203.0.114.0 223.255.255.255
2000::1 2001:200::1 2001:4860:4860::8888 2001:db7:ffff::1 2001:db9::1 2003::1 2606:4700::1111 2a00::1
3ffe::1 3fff:1000::1 64:ff9b::8.8.8.8
"""

NOT_PUBLIC = """
0.0.0.0 0.1.2.3 10.0.0.1 10.255.255.255 100.64.0.0 100.127.255.255 127.0.0.1 127.255.255.255 169.254.0.1
169.254.169.254 172.16.0.0 172.31.255.255 192.0.0.1 192.0.0.170 192.0.2.1 192.31.196.1 192.52.193.1
192.88.99.1 192.168.0.1 192.168.255.255 192.175.48.1 198.18.0.0 198.19.255.255 198.51.100.1 203.0.113.1
224.0.0.1 232.1.1.1 239.255.255.255 240.0.0.1 255.255.255.255
:: ::1 ::1.1.1.1 ::ffff:1.1.1.1 ::ffff:127.0.0.1 ::ffff:0:1.1.1.1 64:ff9b::127.0.0.1 64:ff9b::10.0.0.1
64:ff9b::169.254.169.254 64:ff9b:1::1 64:ff9b:1::808:808 100::1 100:0:0:1::1 400::1 2001::1 2001:2::1
2001:10::1 2001:20::1 2001:1ff::1 2001:db8::1 2002::1 2002:101:101::1 2620:4f:8000::1 3fff::1
3fff:fff::1 4000::1 5f00::1 fc00::1 fd00::1 fe80::1 fe80::1%lo fec0::1 ff00::1 ff02::1 ff0e::1
2606:4700::1111%lo
"""


@pytest.mark.parametrize("address", PUBLIC.split())
def test_public_addresses_are_allowed(address: str) -> None:
    """Also the neighbours of every range that is not."""
    assert AddressGuard([]).allows(address)


@pytest.mark.parametrize("address", NOT_PUBLIC.split())
def test_all_others_are_not(address: str) -> None:
    """Whatever this Python's `is_global` says about them."""
    assert not AddressGuard([]).allows(address)


@pytest.mark.parametrize(
    "text", ["", "mail.example.cz", "1.1.1", "1.1.1.1:25", "0x7f.1", "010.0.0.1", " 1.1.1.1", "١.1.1.1"]
)
def test_what_is_no_address_is_not_allowed(text: str) -> None:
    """No name, no short form, no other number system."""
    assert not AddressGuard([]).allows(text)


def test_allowed_networks_come_first() -> None:
    """The operator's own networks are allowed, and nothing beside them; both families may be mixed."""
    guard = AddressGuard([ip_network("10.1.0.0/16"), ip_network("fd00:1::/32"), ip_network("127.0.0.1/32")])
    assert all(map(guard.allows, ["10.1.2.3", "fd00:1::1", "127.0.0.1", "1.1.1.1"]))
    assert not any(map(guard.allows, ["10.2.0.1", "fd00:2::1", "127.0.0.2", "::ffff:10.1.2.3"]))
