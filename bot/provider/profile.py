"""A provider profile: server names, rows, hosts and ports, read from TOML and checked."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from pathlib import Path
from typing import Any

from bot.domain import DomainName
from bot.facts import Protocol, Security
from bot.provider.checks import find_mistakes


@dataclass(frozen=True, slots=True)
class ServerName:
    """A mail server by name, and its number for people (None where the profile's names have none)."""

    host: str
    number: int | None


@dataclass(frozen=True, slots=True)
class Port:
    """A port customers are told. `published` maps the labels of the provider's page to the port given there."""

    protocol: Protocol
    port: int
    security: Security
    published: Mapping[str, int]
    is_optional: bool = False


@dataclass(frozen=True)
class Profile:
    """Everything answers need to know about a provider. What is None is not published and never claimed."""

    id: str
    name: str
    server_patterns: tuple[str, ...]
    numbers: tuple[int, int]
    zones: tuple[str, ...]
    rows: Mapping[Protocol, tuple[str, ...]]
    receiving_host: str
    sending_host: str
    ports: tuple[Port, ...]
    roots: tuple[str, ...]
    pages: Mapping[str, str]
    server_may_move: bool
    username: str | None = None
    webmail: str | None = None
    administration: str | None = None
    spf_includes: tuple[str, ...] = ()
    dkim_selector: str | None = None
    caa_issuers: tuple[str, ...] = ()

    def server(self, host: str) -> ServerName | None:
        """The provider's mail server with exactly this name; a longer name that merely contains it is not one."""
        host = host.lower().rstrip(".")
        for pattern in self.server_patterns:
            digits = _numbered(pattern).fullmatch(host)
            if digits and self._is_numbered(pattern, digits[1]):
                return ServerName(host, int(digits[1]) if digits[1] else None)
        return None

    def _is_numbered(self, pattern: str, digits: str) -> bool:
        if "{number}" not in pattern:
            return not digits
        return bool(digits) and self.numbers[0] <= int(digits) <= self.numbers[1]

    def server_meant(self, word: str) -> str | None:
        """The server's name that a word like `mail8` or `mail8.skok.cz` stands for, else None."""
        word = word.lower().rstrip(".")
        if self.server(word):
            return word
        return next(
            (f"{word}.{zone}" for zone in self.zones if "." not in word and self.server(f"{word}.{zone}")), None
        )

    def all_servers(self) -> Iterator[ServerName]:
        """Every name a server may have; most of them do not exist."""
        first, last = self.numbers
        for pattern in self.server_patterns:
            if "{number}" in pattern:
                yield from (ServerName(pattern.format(number=n), n) for n in range(first, last + 1))
            else:
                yield ServerName(pattern, None)

    def is_own_name(self, host: str) -> bool:
        """True for a name in one of the provider's zones."""
        return any(host == zone or host.endswith("." + zone) for zone in self.zones)

    def port(self, protocol: Protocol, *, optional: bool = False) -> Port | None:
        """The port told for a protocol, or the one offered second."""
        return next((p for p in self.ports if p.protocol is protocol and p.is_optional is optional), None)

    def host_for(self, protocol: Protocol, domain: DomainName) -> str:
        """The domain's own name for receiving or sending, as A-labels."""
        template = self.sending_host if protocol is Protocol.SMTP else self.receiving_host
        return template.format(domain=domain.ascii)


@lru_cache
def _numbered(pattern: str) -> re.Pattern[str]:
    before, _, after = pattern.partition("{number}")
    return re.compile(re.escape(before) + r"([1-9]\d{0,3}|)" + re.escape(after), re.ASCII)


class ProfileError(ValueError):
    """A profile that cannot be used; `mistakes` name every wrong key and what is allowed there."""

    def __init__(self, source: str, mistakes: tuple[str, ...]) -> None:
        self.mistakes = tuple(f"{source}: {mistake}" for mistake in mistakes)
        super().__init__("\n".join(self.mistakes))


def load_profile(name_or_path: str = "c4") -> Profile:
    """Read a built-in profile by name, or a TOML file. Raises ProfileError with all mistakes together."""
    if re.fullmatch(r"[a-z0-9-]+", name_or_path):
        file = resources.files("bot.provider") / f"{name_or_path}.toml"
        source = f"{name_or_path}.toml"
        if not file.is_file():
            raise ProfileError(name_or_path, ("no such built-in profile; give `c4` or the path of a TOML file",))
        text = file.read_text("utf-8")
    else:
        source = name_or_path
        try:
            text = Path(name_or_path).read_text("utf-8")
        except (OSError, ValueError) as error:
            raise ProfileError(source, (f"cannot be read: {error}",)) from None
    return parse_profile(text, source)


def parse_profile(text: str, source: str) -> Profile:
    """Read a profile from TOML text. Raises ProfileError with all mistakes together."""
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ProfileError(source, (f"is not TOML: {error}",)) from None
    mistakes = tuple(find_mistakes(data))
    if mistakes:
        raise ProfileError(source, mistakes)
    return _build(data)


def _build(data: dict[str, Any]) -> Profile:
    return Profile(
        id=data["id"],
        name=data["name"],
        server_patterns=tuple(data["servers"]["names"]),
        numbers=tuple(data["servers"]["numbers"]),
        zones=tuple(data["servers"]["zones"]),
        rows={Protocol(key): tuple(labels) for key, labels in data["rows"].items()},
        receiving_host=data["hosts"]["receiving"],
        sending_host=data["hosts"]["sending"],
        ports=tuple(_build_port(port) for port in data["ports"]),
        roots=tuple(data.get("roots", {}).get("ids", ())),
        pages=data.get("pages", {}),
        server_may_move=data.get("warnings", {}).get("server_may_move", False),
        username=data.get("username", {}).get("form"),
        webmail=data.get("webmail", {}).get("url"),
        administration=data.get("administration", {}).get("url"),
        spf_includes=tuple(data.get("spf", {}).get("includes", ())),
        dkim_selector=data.get("dkim", {}).get("selector"),
        caa_issuers=tuple(data.get("caa", {}).get("issuers", ())),
    )


def _build_port(port: dict[str, Any]) -> Port:
    return Port(
        Protocol(port["protocol"]),
        port["port"],
        Security(port["security"]),
        port.get("published", {}),
        port.get("optional", False),
    )
