"""Debian's `prometheus-blackbox-exporter` as a process: the peer that asks the same three ports of a domain.

`apt-get install prometheus-blackbox-exporter`; the service that it would start is not used.
"""

from __future__ import annotations

import asyncio
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from bench.processes import cpu_seconds, free_port, process
from bench.resolving import resolving_at
from tests.real.programs import SEARCH_PATH

PROGRAM = "prometheus-blackbox-exporter"
IMPLICIT, SUBMISSION = "implicit", "submission"
TARGETS = (("mail", 993, IMPLICIT), ("mail", 995, IMPLICIT), ("smtp", 587, SUBMISSION))
"""Label, port and module of the three probes of a domain."""

_MODULES = """
modules:
  implicit: {{prober: tcp, timeout: 10s, tcp: {{{address}, tls: true, {tls}}}}}
  submission:
    prober: tcp
    timeout: 10s
    tcp:
      {{{address}, {tls}, query_response: [
        {{expect: "^220 "}}, {{send: "EHLO probe"}}, {{expect: "^250-STARTTLS"}},
        {{send: "STARTTLS"}}, {{expect: "^220 "}}, {{starttls: true}}]}}
"""
_ADDRESS = "preferred_ip_protocol: ip4, ip_protocol_fallback: false"


def is_installed() -> bool:
    """True when the program is there."""
    return shutil.which(PROGRAM, path=SEARCH_PATH) is not None


def say_missing(what: str) -> None:
    """Say loudly that the comparison is left out."""
    print(f"\nSKIPPED: {what} beside {PROGRAM}, which is not installed: apt-get install {PROGRAM}", flush=True)


@dataclass
class Exporter:
    """A running exporter. Its connections are kept, as Prometheus keeps them."""

    process_id: int
    port: int
    _idle: list[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = field(default_factory=list)

    @property
    def cpu_seconds(self) -> float:
        """Seconds of CPU that it has used."""
        return cpu_seconds(self.process_id)

    async def is_sound(self, domain: str) -> bool:
        """Probe the three ports side by side: true when each certificate, its chain, name and time were in order."""
        probes = (self._succeeds(f"{label}.{domain}:{port}", module) for label, port, module in TARGETS)
        return all(await asyncio.gather(*probes))

    async def _succeeds(self, target: str, module: str) -> bool:
        """One probe. The end of its certificates is among the figures wherever it succeeded."""
        figures = await self._get(f"/probe?module={module}&target={target}")
        is_success = b"\nprobe_success 1\n" in figures
        if is_success:
            _, _, expiry = figures.partition(b"\nprobe_ssl_earliest_cert_expiry ")
            assert float(expiry.partition(b"\n")[0]) > time.time()
        return is_success

    async def _get(self, path: str) -> bytes:
        """The body of a page."""
        reader, writer = self._idle.pop() if self._idle else await asyncio.open_connection("127.0.0.1", self.port)
        writer.write(f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
        head = await reader.readuntil(b"\r\n\r\n")
        if b"chunked" in head.lower():
            body = await reader.readuntil(b"\r\n0\r\n\r\n")
        else:
            length = head.lower().partition(b"content-length:")[2]
            body = await reader.readexactly(int(length.partition(b"\r\n")[0]))
        self._idle.append((reader, writer))
        return body

    def hang_up(self) -> None:
        """Close the connections that are kept."""
        while self._idle:
            self._idle.pop()[1].close()


@contextmanager
def running(folder: Path, name_server: str, ca_file: Path) -> Iterator[Exporter]:
    """Run the program against this name server and this root."""
    configuration = folder / "blackbox.yml"
    configuration.write_text(_MODULES.format(address=_ADDRESS, tls=f'tls_config: {{ca_file: "{ca_file}"}}'))
    port = free_port()
    command = [PROGRAM, f"--config.file={configuration}", f"--web.listen-address=127.0.0.1:{port}"]
    with process([*resolving_at(name_server, folder), *command], port=port) as process_id:
        yield Exporter(process_id, port)
