"""What a person did, read out of the payload that Slack sends for it: who, where, and a title. No sockets here."""

from __future__ import annotations

from typing import Any

Json = dict[str, Any]


def title_of(kind: str, payload: Json) -> str:
    """A few words for what was done."""
    if kind == "slash_commands":
        return f"{payload['command']} {payload['text']}".strip()
    if kind == "events_api":
        event = payload["event"]
        return str(event["text"]) if "text" in event else str(event["type"])
    return _interaction(payload)


def user_of(payload: Json) -> str:
    """The id of who did it."""
    user = payload.get("user_id") or payload.get("user") or payload.get("event", {}).get("user")
    return str(user["id"] if isinstance(user, dict) else user or "")


def channel_of(payload: Json) -> str | None:
    """The id of the channel it was done in, if it was in one."""
    channel = payload.get("channel_id") or payload.get("channel") or payload.get("event", {}).get("channel")
    return str(channel["id"] if isinstance(channel, dict) else channel) if channel else None


def _interaction(payload: Json) -> str:
    match payload["type"]:
        case "block_actions":
            return f"[{_chosen(payload['actions'][0])}]"
        case "block_suggestion":
            return f"{payload['value']}…"
        case "view_submission":
            view = payload["view"]
            return f"{view['title']['text']} [{view['submit']['text']}]"
        case "view_closed":
            return f"{payload['view']['title']['text']} [×]"
        case _:
            return str(payload["callback_id"])


def _chosen(action: Json) -> str:
    """What a button says, or what was chosen or typed."""
    if action["type"] == "button":
        return str(action["text"]["text"])
    option = action.get("selected_option") or next(iter(action.get("selected_options") or []), None)
    if option:
        return str(option["text"]["text"])
    chosen = (value for key, value in action.items() if key.startswith("selected_") and value)
    return str(next(chosen, action.get("value") or ""))
