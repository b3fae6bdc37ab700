"""Who is in the playground's Slack: ids, people of every kind, user groups, and what the app may do."""

from __future__ import annotations

from typing import Any

TEAM, APP, BOT, BOT_USER = "T0PLAY", "A0MAILBOT", "B0MAILBOT", "U0MAILBOT"
OTHER_TEAM = "T0OTHER"
AGENT, LEAD, GUEST, STRANGER = "U0AGENT", "U0LEAD", "U0GUEST", "U0STRANGER"
SUPPORT, GENERAL, SHARED = "C0SUPPORT", "C0GENERAL", "C0SHARED"
LEADS, AGENTS = "S0LEADS", "S0AGENTS"

LEAST_SCOPES = frozenset(
    (
        "commands",
        "chat:write",
        "app_mentions:read",
        "channels:read",
        "groups:read",
        "im:history",
        "im:read",
        "im:write",
        "users:read",
        "usergroups:read",
    )
)
"""What an app like ours asks for. It reads no history of channels."""


def user(name: str, locale: str = "cs-CZ", **more: Any) -> dict[str, Any]:
    """A member as users.info shows it, full member unless said otherwise."""
    flags = dict.fromkeys(("is_bot", "is_restricted", "is_ultra_restricted", "is_stranger", "deleted"), False)
    return {"name": name, "real_name": name, "locale": locale, "tz": "Europe/Prague", "team_id": TEAM, **flags, **more}


def people() -> dict[str, dict[str, Any]]:
    """An agent, a team lead, a guest, a stranger of another organisation, and the bot itself."""
    return {
        AGENT: user("jana"),
        LEAD: user("petr", "en-GB"),
        GUEST: user("host", "en-GB", is_restricted=True),
        STRANGER: user("karel", team_id=OTHER_TEAM, is_stranger=True),
        BOT_USER: user("mailbot", "en-US", is_bot=True),
    }


def user_groups() -> dict[str, list[str]]:
    """The members of each user group."""
    return {LEADS: [LEAD], AGENTS: [AGENT, LEAD]}
