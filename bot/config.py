"""One frozen Config, read once from the environment and an optional TOML file; all mistakes are reported together."""

from __future__ import annotations

import ipaddress
import os
import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from bot.request import LANGUAGES

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


@dataclass(frozen=True, slots=True)
class HostPort:
    """An IP address or host with a port."""

    host: str
    port: int

    def __str__(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


class ConfigError(ValueError):
    """A configuration that cannot be used; each of `mistakes` names a setting, what is wrong and what is allowed."""

    def __init__(self, mistakes: tuple[str, ...]) -> None:
        self.mistakes = mistakes
        super().__init__("\n".join(mistakes))


def _text(value: str) -> str:
    return value


def _language(value: str) -> str:
    if value not in LANGUAGES:
        raise ValueError(f"must be one of {', '.join(LANGUAGES)}")
    return value


def _seconds(value: str) -> float:
    number = float(value) if re.fullmatch(r"\d+(\.\d+)?", value) else 0.0
    if not 0.2 <= number <= 15:
        raise ValueError("must be a number of seconds from 0.2 to 15")
    return number


def _host_port(value: str, default_port: int | None = None) -> HostPort:
    match = re.fullmatch(r"(?:\[([0-9A-Fa-f:.]+)\]|([^:\[\]\s]+)|([0-9A-Fa-f:]+:[0-9A-Fa-f:.]*))(?::(\d{1,5}))?", value)
    port = int(match[4]) if match and match[4] else default_port
    if not match or port is None or not 0 <= port <= 65535:
        raise ValueError("must be ADDRESS:PORT, for example 0.0.0.0:3000 or [::]:3000")
    return HostPort(match[1] or match[2] or match[3], port)


def _name_servers(value: str) -> tuple[HostPort, ...]:
    try:
        servers = tuple(_host_port(item.strip(), 53) for item in value.split(",") if item.strip())
        for server in servers:
            ipaddress.ip_address(server.host)
    except ValueError:
        servers = ()
    if not servers:
        raise ValueError("must be addresses by commas, for example 192.0.2.53,192.0.2.54:5353,[2001:db8::53]:53")
    return servers


def _resolvers_or_none(value: str) -> tuple[HostPort, ...]:
    if value.lower() == "none":
        return ()
    try:
        return _name_servers(value)
    except ValueError as error:
        raise ValueError(str(error).replace("must be", "must be none, or", 1)) from None


def _networks(value: str) -> tuple[Network, ...]:
    try:
        return tuple(ipaddress.ip_network(item.strip()) for item in value.split(",") if item.strip())
    except ValueError:
        raise ValueError("must be networks by commas, for example 127.0.0.0/8,2001:db8::/32") from None


def _ids(prefixes: str, example: str) -> Callable[[str], frozenset[str]]:
    def read(value: str) -> frozenset[str]:
        ids = frozenset(item.strip() for item in value.split(",") if item.strip())
        if not all(re.fullmatch(rf"[{prefixes}][A-Z0-9]{{1,30}}", id) for id in ids):
            raise ValueError(f"must be Slack ids by commas, for example {example}")
        return ids

    return read


def _per_minute(value: str) -> int:
    if not re.fullmatch(r"\d{1,5}", value) or not 1 <= int(value) <= 10_000:
        raise ValueError("must be a whole number from 1 to 10000")
    return int(value)


def _file(value: str) -> Path:
    path = Path(value)
    try:
        if path.is_file():
            return path
    except OSError:  # a name too long, a folder that must not be looked into
        pass
    raise ValueError("must be a file that exists")


def _url(value: str) -> str:
    try:
        parts = urlsplit(value)
    except ValueError:  # brackets without an address in them
        parts = urlsplit("")
    if parts.scheme not in ("http", "https") or not parts.netloc:
        raise ValueError("must be a URL that starts with https:// or http://")
    return value.rstrip("/") + "/"


def _token(prefix: str) -> Callable[[str], str]:
    def read(value: str) -> str:
        if not value.startswith(prefix):
            raise ValueError(f"must start with {prefix}")
        return value

    return read


def _choice(*allowed: str) -> Callable[[str], str]:
    def read(value: str) -> str:
        if value.lower() not in allowed:
            raise ValueError(f"must be one of {', '.join(allowed)}")
        return value.lower()

    return read


def _setting(name: str, read: Callable[[str], Any], default: Any = None, *, secret: bool = False) -> Any:
    return field(default=default, repr=not secret, metadata={"name": name, "read": read, "secret": secret})


_LISTEN = HostPort("0.0.0.0", 3000)
_PUBLIC_RESOLVERS = tuple(HostPort(address, 53) for address in ("1.1.1.1", "8.8.8.8", "9.9.9.9", "193.17.47.1"))
_APP_TOKEN = _token("xapp-")
_CHANNELS = _ids("CGD", "C024BE91L,C0G9QF9GW")
_GROUPS = _ids("S", "S0614TZR7")
_USERS = _ids("UW", "U024BE7LH,W012A3CDE")
_NOBODY: frozenset[str] = frozenset()
_LOG_LEVEL = _choice("debug", "info", "warning", "error")
_LOG_FORMAT = _choice("text", "json")


@dataclass(frozen=True)
class Config:
    """Every setting, typed and checked. `docs/configuration.md` explains each."""

    slack_bot_token: str | None = _setting("SLACK_BOT_TOKEN", _text, secret=True)
    slack_signing_secret: str | None = _setting("SLACK_SIGNING_SECRET", _text, secret=True)
    slack_app_token: str | None = _setting("SLACK_APP_TOKEN", _APP_TOKEN, secret=True)
    slack_api_url: str = _setting("SLACK_API_URL", _url, "https://slack.com/api/")
    listen: HostPort = _setting("MAILBOT_LISTEN", _host_port, _LISTEN)
    dns_servers: tuple[HostPort, ...] = _setting("MAILBOT_DNS_SERVERS", _name_servers, ())
    public_resolvers: tuple[HostPort, ...] = _setting("MAILBOT_PUBLIC_RESOLVERS", _resolvers_or_none, _PUBLIC_RESOLVERS)
    ca_file: Path | None = _setting("MAILBOT_CA_FILE", _file)
    provider: str = _setting("MAILBOT_PROVIDER", _text, "c4")
    clients: Path | None = _setting("MAILBOT_CLIENTS", _file)
    allow_networks: tuple[Network, ...] = _setting("MAILBOT_ALLOW_NETWORKS", _networks, ())
    timeout: float = _setting("MAILBOT_TIMEOUT", _seconds, 5.0)
    language: str = _setting("MAILBOT_LANGUAGE", _language, "cs")
    allow_channels: frozenset[str] = _setting("MAILBOT_ALLOW_CHANNELS", _CHANNELS, _NOBODY)
    allow_groups: frozenset[str] = _setting("MAILBOT_ALLOW_GROUPS", _GROUPS, _NOBODY)
    allow_users: frozenset[str] = _setting("MAILBOT_ALLOW_USERS", _USERS, _NOBODY)
    lookups_per_minute: int = _setting("MAILBOT_LOOKUPS_PER_MINUTE", _per_minute, 300)
    log_level: str = _setting("MAILBOT_LOG_LEVEL", _LOG_LEVEL, "info")
    log_format: str = _setting("MAILBOT_LOG_FORMAT", _LOG_FORMAT, "text")

    @property
    def secrets(self) -> tuple[str, ...]:
        """The values that must never be shown."""
        return tuple(str(value) for f in fields(self) if f.metadata["secret"] and (value := getattr(self, f.name)))


NOT_YET = frozenset(
    "MAILBOT_DATABASE_URL MAILBOT_NOTICE_CHANNEL MAILBOT_RETENTION_DAYS MAILBOT_API_TOKEN".split()  # noqa: SIM905
)
"""Settings of the interface that this version accepts and does not need yet."""


def read_config(environment: Mapping[str, str]) -> tuple[Config, tuple[str, ...]]:
    """Read the settings; a variable wins over the file named by MAILBOT_CONFIG. Empty values count as not set.

    Returns the Config and warnings (unknown variables). Raises ConfigError with all mistakes together.
    """
    known = {f.metadata["name"]: f for f in fields(Config)}
    mistakes: list[str] = []
    texts = _read_file(environment.get("MAILBOT_CONFIG", "").strip(), known, mistakes)
    texts |= {name: (name, environment[name]) for name in known if environment.get(name, "").strip()}
    values: dict[str, Any] = {}
    for name, (source, text) in texts.items():
        if not text.strip():
            continue
        try:
            values[known[name].name] = known[name].metadata["read"](text.strip())
        except ValueError as error:
            shown = "" if known[name].metadata["secret"] else f" {text!r}"
            mistakes.append(f"{source}{shown}: {error}")
    if mistakes:
        raise ConfigError(tuple(mistakes))
    return Config(**values), tuple(_warnings(environment, known.keys()))


def _warnings(environment: Mapping[str, str], known: Any) -> list[str]:
    ours = sorted(name for name in environment if name.startswith("MAILBOT_") and name not in known)
    unknown = [name for name in ours if name not in NOT_YET | {"MAILBOT_CONFIG"}]
    return [f"{name}: unknown variable, ignored" for name in unknown] + [
        f"{name}: has no effect in this version" for name in ours if name in NOT_YET
    ]


def _read_file(path: str, known: Mapping[str, Any], mistakes: list[str]) -> dict[str, tuple[str, str]]:
    if not path:
        return {}
    try:
        data = tomllib.loads(Path(path).read_text("utf-8"))
    except (OSError, ValueError) as error:
        mistakes.append(f"MAILBOT_CONFIG {path!r}: cannot be read: {error}")
        return {}
    names = {name.removeprefix("MAILBOT_").lower(): name for name in {*known, *NOT_YET}}
    texts: dict[str, tuple[str, str]] = {}
    for key, value in data.items():
        name = names.get(key)
        if name is None:
            mistakes.append(f"{path}: {key}: unknown key")
        elif isinstance(value, dict | bool):
            mistakes.append(f"{path}: {key}: must be a text, a number or a list of texts")
        elif name in known:
            texts[name] = (f"{path}: {key}", ",".join(map(str, value)) if isinstance(value, list) else str(value))
    return texts


def config_from_environment() -> tuple[Config, tuple[str, ...]]:
    """Read the settings of this process; see `read_config`."""
    return read_config(os.environ)
