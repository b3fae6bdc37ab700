"""The least that one answer takes: a plain asyncio program that makes the same exchanges and judges nothing."""

from __future__ import annotations

import asyncio
import socket
import ssl
import time
from dataclasses import dataclass
from pathlib import Path

QUESTIONS = [(label, rtype) for label in ("imap", "mail", "pop", "smtp") for rtype in (1, 28)] + [("", 15)]
"""Labels and record types, as numbers: A, AAAA; and the MX of the domain."""


class _Answers(asyncio.DatagramProtocol):
    """Keeps each datagram under the number of its question."""

    def __init__(self, count: int) -> None:
        loop = asyncio.get_running_loop()
        self.replies: list[asyncio.Future[bytes]] = [loop.create_future() for _ in range(count)]

    def datagram_received(self, data: bytes, addr: tuple[str | int, ...]) -> None:
        self.replies[int.from_bytes(data[:2], "big")].set_result(data)


@dataclass
class Bare:
    """One domain's exchanges over raw sockets; the TLS contexts are made beforehand."""

    name_server: str
    domain: str
    ca_file: Path

    def __post_init__(self) -> None:
        self._with_sni = ssl.create_default_context(cafile=str(self.ca_file))
        self._without_sni = ssl.create_default_context(cafile=str(self.ca_file))
        self._without_sni.check_hostname = False

    async def run(self) -> tuple[float, float]:
        """Milliseconds until the receiving half was seen, and until everything was."""
        start = time.perf_counter()
        replies = await self._ask()
        address = socket.inet_ntoa((await replies[0])[-4:])  # the last record of the answer is the address
        await replies[QUESTIONS.index(("mail", 1))]
        sending = asyncio.gather(self._submit(address, True), self._submit(address, False), self._tls(address, 465))
        await asyncio.gather(self._tls(address, 993), self._tls(address, 993, sni=False))
        received = time.perf_counter()
        await sending
        await asyncio.gather(*replies)
        return (received - start) * 1000, (time.perf_counter() - start) * 1000

    async def _ask(self) -> list[asyncio.Future[bytes]]:
        loop = asyncio.get_running_loop()
        transport, answers = await loop.create_datagram_endpoint(
            lambda: _Answers(len(QUESTIONS)), remote_addr=(self.name_server, 53)
        )
        for number, (label, rtype) in enumerate(QUESTIONS):
            transport.sendto(_question(number, f"{label}.{self.domain}".strip("."), rtype))
        asyncio.gather(*answers.replies).add_done_callback(lambda _: transport.close())
        return answers.replies

    async def _tls(self, address: str, port: int, *, sni: bool = True) -> None:
        context, name = (self._with_sni, f"mail.{self.domain}") if sni else (self._without_sni, "")
        _, writer = await asyncio.open_connection(address, port, ssl=context, server_hostname=name)
        writer.transport.abort()

    async def _submit(self, address: str, sni: bool) -> None:
        context, name = (self._with_sni, f"smtp.{self.domain}") if sni else (self._without_sni, "")
        reader, writer = await asyncio.open_connection(address, 587)
        await reader.readline()
        writer.write(b"EHLO [127.0.0.1]\r\n")
        while not (await reader.readline()).startswith(b"250 "):
            pass
        writer.write(b"STARTTLS\r\n")
        await reader.readline()
        await writer.start_tls(context, server_hostname=name)
        writer.transport.abort()


def _question(number: int, name: str, rtype: int) -> bytes:
    labels = b"".join(bytes([len(label)]) + label.encode() for label in name.split("."))
    head = number.to_bytes(2, "big") + b"\x01\x00\x00\x01\x00\x00\x00\x00\x00\x00"
    return head + labels + b"\x00" + rtype.to_bytes(2, "big") + b"\x00\x01"
