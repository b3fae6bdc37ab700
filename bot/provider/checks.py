"""What is wrong with a provider profile: every mistake with its table, its key and what is allowed there."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from bot.domain import is_dns_name
from bot.facts import Protocol

_TABLES: dict[str, dict[str, type]] = {
    "": {"id": str, "name": str},
    "pages": {},
    "servers": {"names": list, "numbers": list, "zones": list},
    "rows": {"imap": list, "pop3": list, "smtp": list},
    "hosts": {"receiving": str, "sending": str},
    "roots": {"ids": list},
    "spf": {"includes": list},
    "dkim": {"selector": str},
    "caa": {"issuers": list},
    "warnings": {"server_may_move": bool},
    "username": {"form": str},
    "webmail": {"url": str},
    "administration": {"url": str},
}
_OPTIONAL_TABLES = {"pages", "roots", "spf", "dkim", "caa", "warnings", "username", "webmail", "administration"}
_FREE_KEYS = {"": {"checked"}, "username": {"source"}, "webmail": {"source"}, "administration": {"source"}}
_PORT_KEYS = {"protocol", "port", "security", "published", "optional"}
_ROW_LABELS = ("imap", "pop", "mail", "smtp")
_LABEL = "[a-z0-9](?:[a-z0-9-]*[a-z0-9])?"
_HOST = re.compile(rf"(?:{_LABEL}\.)*{_LABEL}")
_HOST_OF_DOMAIN = re.compile(rf"(?:{_LABEL}\.)*\{{domain\}}")
_URL = re.compile(r"https?://[^\s/]\S*")


def find_mistakes(data: dict[str, Any]) -> Iterator[str]:
    """Every mistake of a profile as parsed from TOML; none when it can be built."""
    top = {key: v for key, v in data.items() if not isinstance(v, dict) and key != "ports" and key not in _TABLES}
    yield from _key_mistakes("", top)
    for table in filter(None, _TABLES):
        if table not in data:
            if table not in _OPTIONAL_TABLES:
                yield f"[{table}] is missing"
        elif isinstance(data[table], dict):
            yield from _key_mistakes(table, data[table])
        else:
            yield f"{table} must be a table"
    yield from (f"[{key}] is unknown" for key, v in data.items() if isinstance(v, dict) and key not in _TABLES)
    yield from _port_mistakes(data.get("ports"))
    yield from _value_mistakes(data)


def _key_mistakes(table: str, values: dict[str, Any]) -> Iterator[str]:
    where, keys = f"[{table}] " if table else "", _TABLES[table]
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
        yield from (f"{where} {mistake}" for mistake in _mistakes_of_port(port))
    for protocol in Protocol:
        if not any(port.get("protocol") == protocol and port.get("optional") is not True for port in ports):
            yield f"[[ports]] has no port for {protocol.value}"


def _mistakes_of_port(port: dict[str, Any]) -> Iterator[str]:
    if port.get("protocol") not in list(Protocol):
        yield "protocol must be imap, pop3 or smtp"
    if not _is_port(port.get("port")):
        yield "port must be between 1 and 65535"
    if port.get("security") not in ["implicit_tls", "starttls"]:
        yield "security must be implicit_tls or starttls"
    published = port.get("published", {})
    if not isinstance(published, dict) or not all(map(_is_port, published.values())):
        yield "published must map labels to ports"
    if not isinstance(port.get("optional", False), bool):
        yield "optional must be true or false"
    yield from (f"{key} is unknown" for key in port if key not in _PORT_KEYS)


def _value_mistakes(data: dict[str, Any]) -> Iterator[str]:
    """Values of the right kind that no answer could be made of."""
    servers = _table(data, "servers")
    if not all(
        isinstance(name, str) and _is_host(name.replace("{number}", "1", 1)) for name in _texts(servers.get("names"))
    ):
        yield "[servers] names must hold host names, {number} at most once in each"
    if not _is_span(servers.get("numbers")):
        yield "[servers] numbers must be [first, last], from 1 to 9999"
    if not all(map(_is_host, _texts(servers.get("zones")))):
        yield "[servers] zones must hold host names"
    for protocol, labels in _table(data, "rows").items():
        if not all(label in _ROW_LABELS for label in _texts(labels)):
            yield f"[rows] {protocol} may name only imap, pop, mail and smtp"
    for key, host in _table(data, "hosts").items():
        if isinstance(host, str) and not _HOST_OF_DOMAIN.fullmatch(host):
            yield f"[hosts] {key} must be a host name with {{domain}} at its end"
    if not all(isinstance(root, str) for root in _texts(_table(data, "roots").get("ids"))):
        yield "[roots] ids must hold texts"
    for table, key in (("spf", "includes"), ("caa", "issuers")):
        if not all(isinstance(name, str) and is_dns_name(name) for name in _texts(_table(data, table).get(key))):
            yield f"[{table}] {key} must hold names of DNS"
    selector = _table(data, "dkim").get("selector")
    if isinstance(selector, str) and not is_dns_name(selector):
        yield "[dkim] selector must be a name of DNS"
    yield from (f"[pages] {key} must be a str" for key, v in _table(data, "pages").items() if not isinstance(v, str))
    for table in ("webmail", "administration"):
        url = _table(data, table).get("url")
        if isinstance(url, str) and not _URL.fullmatch(url):
            yield f"[{table}] url must start with https:// or http://"


def _table(data: dict[str, Any], name: str) -> dict[str, Any]:
    value = data.get(name)
    return value if isinstance(value, dict) else {}


def _texts(value: Any) -> Iterable[Any]:
    """The items of a list; a value that is none has been told already."""
    return value if isinstance(value, list) else ()


def _is_host(name: Any) -> bool:
    return isinstance(name, str) and _HOST.fullmatch(name) is not None


def _is_port(number: Any) -> bool:
    return type(number) is int and 1 <= number <= 65535


def _is_span(numbers: Any) -> bool:
    """True for [first, last]; also for what is no list or empty, which has been told already."""
    if not isinstance(numbers, list) or not numbers:
        return True
    return len(numbers) == 2 and all(type(n) is int for n in numbers) and 0 < numbers[0] <= numbers[1] < 10_000
