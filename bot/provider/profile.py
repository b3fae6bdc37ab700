"""A provider profile: server names, rows, hosts and ports, read from TOML and checked."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any

from bot.domain import DomainName
from bot.facts import Protocol, Security


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

    def server(self, host: str) -> ServerName | None:
        """The provider's mail server with exactly this name; a longer name that merely contains it is not one."""
        host = host.lower().rstrip(".")
        for pattern in self.server_patterns:
            before, _, after = pattern.partition("{number}")
            digits = re.fullmatch(re.escape(before) + r"([1-9]\d{0,3}|)" + re.escape(after), host, re.ASCII)
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
        except (OSError, UnicodeDecodeError) as error:
            raise ProfileError(source, (f"cannot be read: {error}",)) from None
    return parse_profile(text, source)


_TABLES: dict[str, dict[str, type]] = {
    "": {"id": str, "name": str},
    "pages": {},
    "servers": {"names": list, "numbers": list, "zones": list},
    "rows": {"imap": list, "pop3": list, "smtp": list},
    "hosts": {"receiving": str, "sending": str},
    "roots": {"ids": list},
    "warnings": {"server_may_move": bool},
    "username": {"form": str},
    "webmail": {"url": str},
    "administration": {"url": str},
}
_OPTIONAL_TABLES = {"pages", "roots", "warnings", "username", "webmail", "administration"}
_FREE_KEYS = {"": {"checked"}, "username": {"source"}, "webmail": {"source"}, "administration": {"source"}}
_PORT_KEYS = {"protocol", "port", "security", "published", "optional"}
_ROW_LABELS = {"imap", "pop", "mail", "smtp"}


def parse_profile(text: str, source: str) -> Profile:
    """Read a profile from TOML text. Raises ProfileError with all mistakes together."""
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ProfileError(source, (f"is not TOML: {error}",)) from None
    mistakes = tuple(_mistakes(data))
    if mistakes:
        raise ProfileError(source, mistakes)
    return _build(data)


def _mistakes(data: dict[str, Any]) -> Iterator[str]:
    top = {key: value for key, value in data.items() if not isinstance(value, dict) and key != "ports"}
    for table, keys in _TABLES.items():
        values = top if not table else data.get(table)
        if values is None:
            if table not in _OPTIONAL_TABLES:
                yield f"[{table}] is missing"
        elif not isinstance(values, dict):
            yield f"{table} must be a table"
        else:
            yield from _table_mistakes(table, keys, values)
    yield from (f"[{key}] is unknown" for key, v in data.items() if isinstance(v, dict) and key not in _TABLES)
    yield from _port_mistakes(data.get("ports"))
    yield from _value_mistakes(data)


def _table_mistakes(table: str, keys: dict[str, type], values: dict[str, Any]) -> Iterator[str]:
    where = f"[{table}] " if table else ""
    for key, kind in keys.items():
        if key not in values:
            yield f"{where}{key} is missing"
        elif not isinstance(values[key], kind) or (kind is list and not values[key]):
            yield f"{where}{key} must be a {'non-empty list' if kind is list else kind.__name__}"
    if table != "pages":
        known = keys.keys() | _FREE_KEYS.get(table, set())
        yield from (f"{where}{key} is unknown" for key in values if key not in known)


def _port_mistakes(ports: Any) -> Iterator[str]:
    if not isinstance(ports, list) or not all(isinstance(port, dict) for port in ports):
        yield "[[ports]] is missing"
        return
    for port in ports:
        where = f"[[ports]] {port.get('protocol', '?')} {port.get('port', '?')}:"
        if port.get("protocol") not in {protocol.value for protocol in Protocol}:
            yield f"{where} protocol must be imap, pop3 or smtp"
        if not isinstance(port.get("port"), int) or not 1 <= port["port"] <= 65535:
            yield f"{where} port must be between 1 and 65535"
        if port.get("security") not in {"implicit_tls", "starttls"}:
            yield f"{where} security must be implicit_tls or starttls"
        yield from (f"{where} {key} is unknown" for key in port if key not in _PORT_KEYS)
    for protocol in Protocol:
        if not any(port.get("protocol") == protocol and not port.get("optional") for port in ports):
            yield f"[[ports]] has no port for {protocol.value}"


def _value_mistakes(data: dict[str, Any]) -> Iterator[str]:
    numbers = _table(data, "servers").get("numbers")
    if isinstance(numbers, list) and numbers and not _is_span(numbers):
        yield "[servers] numbers must be [first, last], from 1 to 9999"
    hosts = _table(data, "hosts")
    for key in ("receiving", "sending"):
        if isinstance(hosts.get(key), str) and "{domain}" not in hosts[key]:
            yield f"[hosts] {key} must contain {{domain}}"
    for protocol, labels in _table(data, "rows").items():
        if isinstance(labels, list) and not _ROW_LABELS.issuperset(map(str, labels)):
            yield f"[rows] {protocol} may name only imap, pop, mail and smtp"


def _table(data: dict[str, Any], name: str) -> dict[str, Any]:
    value = data.get(name)
    return value if isinstance(value, dict) else {}


def _is_span(numbers: list[Any]) -> bool:
    return len(numbers) == 2 and all(type(n) is int for n in numbers) and 0 < numbers[0] <= numbers[1] < 10_000


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
    )


def _build_port(port: dict[str, Any]) -> Port:
    return Port(
        Protocol(port["protocol"]),
        port["port"],
        Security(port["security"]),
        port.get("published", {}),
        port.get("optional", False),
    )
