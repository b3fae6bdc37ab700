"""A provider of any size on loopback, on the real ports: a mail server and customers with certificates of their own.

`python -m bench.scene COUNT FOLDER` serves it from a process of its own: it prints the bot's settings as JSON and
stays until its standard input ends.
"""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

from bot.compose import Parts
from bot.config import read_config
from bot.facts import TlsVersion
from bot.lookup import Lookup
from bot.playground.authority import Authority, Identity
from bot.playground.dialogues import ROLES
from bot.playground.mail import IdentityKey, MailServer
from bot.playground.names import NameServer
from bot.playground.zone import Records, Zone
from bot.request import SettingsRequest, parse_settings_request

SERVER = "mail8.skok.cz"
PORTS = tuple(role.port for role in ROLES)
_LABELS = ("imap", "mail", "pop", "smtp")


def customer(number: int) -> str:
    """The domain of a customer."""
    return f"customer-{number}.cz"


class Scene:
    """The servers of `count` customers, on one address."""

    def __init__(self, folder: Path, address: str, count: int = 1) -> None:
        self.address = address
        self.domains = [customer(number) for number in range(count)]
        self.names = NameServer(self._zone())
        self._ca_file = folder / "ca.pem"

    @asynccontextmanager
    async def running(self, *ports: int) -> AsyncIterator[None]:
        """Serve names and these mail ports; the others are left to whatever was put there."""
        authority = Authority("Bench")
        authority.write_root(self._ca_file)
        server = MailServer(
            authority.issue([SERVER]),
            _identities(authority, self.domains),
            address=self.address,
            roles=[role for role in ROLES if role.port in ports],
            real_ports={port: port for port in ports},
            lowest=TlsVersion.TLS1_2,
        )
        async with self.names, server:
            yield

    def environment(self, *name_servers: NameServer) -> dict[str, str]:
        """The settings that point a bot here, by way of these name servers."""
        places = ("{}:{}".format(*server.address) for server in name_servers or (self.names,))
        return {
            "MAILBOT_DNS_SERVERS": ",".join(places),
            "MAILBOT_CA_FILE": str(self._ca_file),
            "MAILBOT_ALLOW_NETWORKS": "127.0.0.0/8",
        }

    def _zone(self) -> Zone:
        zone: dict[str, Records] = {SERVER: {"A": self.address}}
        for domain in self.domains:
            zone |= {f"{label}.{domain}": {"CNAME": SERVER} for label in _LABELS}
            zone[domain] = {"MX": [(10, SERVER)]}
        return zone


def _identities(authority: Authority, domains: list[str]) -> dict[IdentityKey, Identity]:
    hosts = {domain: [f"mail.{domain}", f"smtp.{domain}"] for domain in domains}
    identities = {domain: authority.issue(names) for domain, names in hosts.items()}
    return {name: identities[domain] for domain, names in hosts.items() for name in names}


def question(environment: Mapping[str, str], words: str) -> tuple[Lookup, SettingsRequest]:
    """What a process needs to answer a question, made as a fresh process makes it."""
    parts = Parts(read_config(environment)[0])
    request = parse_settings_request(words, parts.matcher.match, parts.profile)
    assert isinstance(request, SettingsRequest), request
    return parts.lookup, request


async def _serve(count: int, folder: Path) -> None:
    scene = Scene(folder, "127.0.1.8", count)
    async with scene.running(*PORTS):
        print(json.dumps(scene.environment()), flush=True)
        await asyncio.to_thread(sys.stdin.read)


if __name__ == "__main__":
    asyncio.run(_serve(int(sys.argv[1]), Path(sys.argv[2])))
