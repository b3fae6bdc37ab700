"""The status of one domain - 993, 995 and 587: certificate, chain, name, expiry - beside other programs, in turn."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import sys
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from bench import exporter
from bench.delay import FAR_DNS
from bench.exporter import TARGETS, Exporter
from bench.far import DOMAIN
from bench.real import CA_FILE, Customer, real_servers
from bench.resolving import resolving_at
from bench.round_trips import RTT, servers_at_a_distance
from bench.table import Line, Measure, in_turn, print_table
from bot.compose import Parts
from bot.config import read_config
from bot.domain import DomainName
from bot.status.model import Verdict
from tests.real.world import open_folder

ROUNDS = 9
NEAR_DNS, NEAR_MAIL = "127.0.1.53", "127.0.1.8"

_OPENSSL = """
for target in {targets}; do
  set -- $(echo "$target" | tr , ' ')
  openssl s_client -connect "$1:$2" -servername "$1" $3 $4 \
    -verify_hostname "$1" -verify_return_error -CAfile {ca_file} </dev/null 2>/dev/null \
    | openssl x509 -noout -checkend 0 || exit 1
done
echo sound
"""


@dataclass(frozen=True)
class Scene:
    """Where the domain is served: its name server, and a folder with the CA file and room for the peers' files."""

    name_server: str
    folder: Path

    @property
    def ca_file(self) -> Path:
        """The root to be trusted."""
        return self.folder / CA_FILE

    @property
    def environment(self) -> dict[str, str]:
        """The settings that point a bot here."""
        return {
            "MAILBOT_DNS_SERVERS": self.name_server,
            "MAILBOT_CA_FILE": str(self.ca_file),
            "MAILBOT_ALLOW_NETWORKS": "127.0.0.0/8,198.18.0.0/15",
        }


class OurCore:
    """The product's own parts in a process that goes on; nothing that it saw before is used."""

    def __init__(self, scene: Scene) -> None:
        self._lookup = Parts(read_config(scene.environment)[0]).status

    async def run(self) -> tuple[float]:
        """Milliseconds until the rows and the three ports were judged."""
        start = time.perf_counter()
        async with self._lookup.begin(DomainName(DOMAIN, DOMAIN), fresh=True) as inquiry:
            assert (await inquiry.core()).verdict is Verdict.WORKS
        return ((time.perf_counter() - start) * 1000,)


@dataclass
class TheirProbes:
    """A running blackbox exporter."""

    peer: Exporter

    async def run(self) -> tuple[float]:
        """Milliseconds of its three probes side by side."""
        start = time.perf_counter()
        assert await self.peer.is_sound(DOMAIN)
        return ((time.perf_counter() - start) * 1000,)


@dataclass
class Command:
    """A program that looks at the domain as a whole process, and says in what it prints how that went."""

    command: list[str]
    says_sound: Callable[[bytes], bool]
    environment: dict[str, str]

    async def run(self) -> tuple[float]:
        """Milliseconds from its start to its end."""
        start = time.perf_counter()
        process = await asyncio.create_subprocess_exec(
            *self.command,
            env=os.environ | self.environment,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
        )
        said, _ = await process.communicate()
        assert self.says_sound(said), said[-2000:]
        return ((time.perf_counter() - start) * 1000,)


def our_command(scene: Scene) -> Command:
    """`mailbot status --json`, which looks at the other ports and the TLS versions too."""
    command = [sys.executable, "-m", "bot", "status", DOMAIN, "--json"]
    return Command(command, lambda said: json.loads(said)["verdict"] == "works", scene.environment)


def openssl_loop(scene: Scene) -> Command:
    """One port after the other, as scripts do it."""
    targets = " ".join(
        f"{label}.{DOMAIN},{port}{',-starttls,smtp' if port == 587 else ''}" for label, port, _ in TARGETS
    )
    script = _OPENSSL.format(targets=targets, ca_file=scene.ca_file)
    command = [*resolving_at(scene.name_server, scene.folder), "sh", "-c", script]
    return Command(command, lambda said: said.endswith(b"sound\n"), {})


def sslyze(scene: Scene) -> Command:
    """The certificates alone, of all three ports in one process."""
    options = ["--certinfo", "--certinfo_ca_file", str(scene.ca_file), "--starttls", "auto", "--json_out", "-"]
    targets = [f"{label}.{DOMAIN}:{port}" for label, port, _ in TARGETS]
    command = [*resolving_at(scene.name_server, scene.folder), "sslyze", *options, *targets]
    return Command(command, _is_sound_by_sslyze, {})


def _is_sound_by_sslyze(said: bytes) -> bool:
    """Trusted by the file we gave, and under the right name, at every port."""
    results = json.loads(said)["server_scan_results"]
    deployments = [
        d for r in results for d in r["scan_result"]["certificate_info"]["result"]["certificate_deployments"]
    ]
    by_us = [
        path["was_validation_successful"]
        for deployment in deployments
        for path in deployment["path_validation_results"]
        if CA_FILE in str(path["trust_store"]["path"])
    ]
    return len(results) == len(TARGETS) and len(by_us) >= len(TARGETS) and all(by_us)


def _peers(scene: Scene, stack: ExitStack) -> dict[str, Measure]:
    """Everybody who is there."""
    peers: dict[str, Measure] = {"ours, the core": OurCore(scene).run}
    if exporter.is_installed():
        peer = stack.enter_context(exporter.running(scene.folder, scene.name_server, scene.ca_file))
        stack.callback(peer.hang_up)
        peers["blackbox exporter"] = TheirProbes(peer).run
    else:
        exporter.say_missing("peers")
    peers["mailbot status --json"] = our_command(scene).run
    peers["openssl s_client loop"] = openssl_loop(scene).run
    if shutil.which("sslyze") is not None:
        peers["sslyze"] = sslyze(scene).run
    else:
        print("\nSKIPPED: peers beside sslyze, which is not on the PATH: pip install sslyze, anywhere", flush=True)
    return peers


async def _measure(scene: Scene, where: str) -> None:
    with ExitStack() as stack:
        peers = _peers(scene, stack)
        figures = await in_turn(ROUNDS, *peers.values())
    (ours, *_), *_ = figures
    lines = [Line(name, taken, "ms", ours, "ms ours") for name, (taken,) in zip(peers, figures, strict=True)]
    print_table(f"The status of one domain, {where}; medians of {ROUNDS}", lines)


def run() -> None:
    """Measure and print."""
    with open_folder() as folder, real_servers(folder, NEAR_DNS, [NEAR_MAIL], [Customer(DOMAIN)]):
        asyncio.run(_measure(Scene(NEAR_DNS, folder), "no delay"))
    with servers_at_a_distance(RTT) as folder:
        asyncio.run(_measure(Scene(FAR_DNS, folder), f"{RTT:g} ms round trip"))
