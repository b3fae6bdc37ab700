"""A second network namespace at a distance: what goes there and back takes the round-trip time that was asked for.

`python -m bench.delay MILLISECONDS FOLDER`, as root in a namespace of its own. It prints "ready" and stays until
its standard input ends.

Between the two namespaces lie two TUN devices, and this program is the wire: it holds each packet for half the
time in either direction. (`tc netem` is missing from many kernels, and on loopback it would slow everything.)
"""

from __future__ import annotations

import ctypes
import fcntl
import os
import select
import struct
import subprocess
import sys
import time
from collections import deque

NEAR, FAR = "198.18.0.1", "198.18.1"
"""The client's address, and the network of the servers (RFC 2544: for measurements)."""
FAR_DNS, FAR_ZONE_DNS, FAR_MAIL = f"{FAR}.53", f"{FAR}.54", f"{FAR}.8"
"""A resolver, the name server of the customer's zone, and the mail server."""

_TUNSETIFF, _IFF_TUN, _IFF_NO_PI = 0x400454CA, 0x0001, 0x1000
_CLONE_NEWNET = 0x40000000
_PACKET = 65_536


def main() -> None:
    """Make both ends, start the servers at the far one, and be the wire."""
    seconds, folder = float(sys.argv[1]) / 1000, sys.argv[2]
    near = open_device("near", [NEAR], f"{FAR}.0/24")
    enter_new_namespace()
    far = open_device("far", [FAR_DNS, FAR_ZONE_DNS, FAR_MAIL], f"{NEAR}/32")
    with subprocess.Popen(
        [sys.executable, "-m", "bench.far", folder], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as servers:
        assert servers.stdout is not None
        sys.stdout.buffer.write(servers.stdout.readline())
        sys.stdout.flush()
        carry(near, far, seconds / 2)
        servers.communicate()


def open_device(name: str, addresses: list[str], route: str) -> int:
    """A TUN device of this namespace, up, with its addresses and what lies behind it."""
    device = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
    fcntl.ioctl(device, _TUNSETIFF, struct.pack("16sH22x", name.encode(), _IFF_TUN | _IFF_NO_PI))
    ip("link", "set", "lo", "up")
    ip("link", "set", name, "up")
    for address in addresses:
        ip("address", "add", f"{address}/32", "dev", name)
    ip("route", "add", route, "dev", name, "src", addresses[0])
    return device


def enter_new_namespace() -> None:
    """Leave this process's network for a fresh one. (os.unshare came with Python 3.12.)"""
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(_CLONE_NEWNET) != 0:
        raise OSError(ctypes.get_errno(), "no new network namespace")


def ip(*arguments: str) -> None:
    """Run the ip command."""
    subprocess.run(["ip", *arguments], check=True, env=os.environ | {"PATH": f"{os.environ['PATH']}:/usr/sbin:/sbin"})


def carry(near: int, far: int, seconds: float) -> None:
    """Move packets between the devices, each after its time, until standard input ends."""
    other, end = {near: far, far: near}, sys.stdin.fileno()
    on_the_way: deque[tuple[float, int, bytes]] = deque()
    while True:
        wait = max(0.0, on_the_way[0][0] - time.monotonic()) if on_the_way else None
        ready, _, _ = select.select([near, far, end], [], [], wait)
        if end in ready:
            return
        for device in ready:
            on_the_way.extend((time.monotonic() + seconds, other[device], packet) for packet in _packets(device))
        while on_the_way and on_the_way[0][0] <= time.monotonic():
            _, device, packet = on_the_way.popleft()
            os.write(device, packet)


def _packets(device: int) -> list[bytes]:
    packets: list[bytes] = []
    try:
        while True:
            packets.append(os.read(device, _PACKET))
    except BlockingIOError:
        return packets


if __name__ == "__main__":
    main()
