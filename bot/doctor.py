"""Checks what an operator can get wrong, and says how to mend it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass

from bot.compose import Parts, load_trust_store, now
from bot.config import Config
from bot.network.resolver import NameServerAddress, Resolver, system_name_servers

PATIENCE = 5.0
"""Seconds that each name server and Slack may take."""


NEEDED_SCOPES = frozenset(("commands", "chat:write", "users:read", "app_mentions:read", "im:history"))
"""What manifest.yml asks for and does not leave to the admin."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was checked; `is_good` when nothing has to be done."""

    is_good: bool
    text: str

    @property
    def mark(self) -> str:
        """The sign in front of the line."""
        return "ok  " if self.is_good else "FAIL"


async def examine(config: Config) -> list[Finding]:
    """Check configuration, data files, DNS servers and tokens. Raises ConfigError and its like for broken files."""
    parts = Parts(config)
    findings = [
        Finding(True, f"client catalogue: {len(parts.catalogue.clients)} clients"),
        Finding(True, f"provider profile: {parts.profile.name}"),
        Finding(True, f"trust anchors: {load_trust_store(config.ca_file).size}"),
    ]
    findings += await _name_servers(config, parts.profile.zones[0])
    findings += [finding async for finding in _slack(config)]
    return [*findings, Finding(True, "database: nothing is stored by this version, none is needed")]


async def _name_servers(config: Config, zone: str) -> list[Finding]:
    configured = tuple(NameServerAddress(server.host, server.port) for server in config.dns_servers)
    return list(await asyncio.gather(*(_name_server(server, zone) for server in configured or system_name_servers())))


async def _name_server(server: NameServerAddress, zone: str) -> Finding:
    deadline = asyncio.get_running_loop().time() + PATIENCE
    answer = await Resolver((server,), clock=now).look_up(zone, "MX", deadline=deadline)
    if answer.outcome.is_unavailable:
        mend = "check MAILBOT_DNS_SERVERS and that UDP and TCP to it are open"
        return Finding(False, f"name server {server}: {answer.outcome} {answer.detail}; {mend}")
    return Finding(True, f"name server {server} answers")


async def _slack(config: Config) -> AsyncIterator[Finding]:
    if not config.slack_bot_token:
        yield Finding(False, "SLACK_BOT_TOKEN is not set: take the Bot User OAuth Token of the installed app (xoxb-…)")
    else:
        yield await _call(config, "auth.test", "SLACK_BOT_TOKEN", config.slack_bot_token)
    if config.slack_app_token:
        yield await _call(config, "apps.connections.open", "SLACK_APP_TOKEN", config.slack_app_token)
    elif not config.slack_signing_secret:
        yield Finding(False, "neither SLACK_APP_TOKEN (Socket Mode) nor SLACK_SIGNING_SECRET (HTTP) is set: set one")
    else:
        yield Finding(True, "SLACK_SIGNING_SECRET is set: Slack is awaited over HTTP")


async def _call(config: Config, method: str, name: str, token: str) -> Finding:
    from slack_sdk.errors import SlackApiError
    from slack_sdk.web.async_client import AsyncWebClient

    client = AsyncWebClient(token, base_url=config.slack_api_url, timeout=int(PATIENCE))
    try:
        response = await client.api_call(method)
    except SlackApiError as error:
        return Finding(
            False, f"{name}: Slack says {error.response['error']}; take a fresh token from the app's settings"
        )
    except (OSError, TimeoutError) as error:
        return Finding(False, f"{name}: {config.slack_api_url} cannot be reached ({type(error).__name__})")
    if method == "auth.test" and (missing := _missing_scopes(response.headers, config)):
        mend = "take over manifest.yml in the app's settings and install the app again"
        return Finding(False, f"{name} lacks {', '.join(missing)}: {mend}")
    return Finding(True, f"{name} is accepted by Slack")


def _missing_scopes(headers: Mapping[str, str], config: Config) -> list[str]:
    """What the token may not do and the app needs; Slack tells a token's scopes in a header of each answer."""
    told = next((value for key, value in headers.items() if key.lower() == "x-oauth-scopes"), None)
    if told is None:
        return []
    needed = NEEDED_SCOPES | ({"usergroups:read"} if config.allow_groups else set())
    return sorted(needed - {scope.strip() for scope in told.split(",")})
