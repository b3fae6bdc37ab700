"""What the page is told: everything at the start, then each change, as the JSON of its WebSocket."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from bot.domain import DomainName, parse_domain
from bot.playground.page_tables import (
    APP_DESCRIPTION,
    APP_NAME,
    COMMANDS,
    REAL_NAMES,
    SHORTCUTS,
    TITLES,
    TOPICS,
    TRIES,
)
from bot.playground.slack_model import Breach, Channel, Message, View
from bot.playground.slack_people import BOT_USER
from bot.playground.slack_world import World as Workspace
from bot.playground.stage import Stage
from bot.playground.world import World

Json = dict[str, Any]


def hello(stage: Stage) -> Json:
    """Everything there is."""
    workspace = stage.slack.world
    return {
        "type": "hello",
        "people": [_person(workspace, person) for person in people(workspace)],
        "users": {person: _user(workspace, person) for person in workspace.users},
        "app": {"user_id": BOT_USER, "name": APP_NAME, "description": APP_DESCRIPTION},
        "channels": [_channel(channel) for channel in workspace.channels.values()],
        "commands": [asdict(command) for command in COMMANDS],
        "shortcuts": [asdict(shortcut) for shortcut in SHORTCUTS],
        "mode": stage.mode,
        "world": world_json(stage.world),
        "tries": list(_tries()),
        "messages": [message_json(message) for message in _messages(workspace)],
        "views": [view_json(view) for view in workspace.views.values()],
        "homes": {person: view_json(view) for person, view in workspace.homes.items()},
        "breaches": [asdict(breach) for breach in workspace.breaches],
        "traces": [trace.as_json() for trace in stage.traces.all],
    }


def change(kind: str, thing: object) -> Json | None:
    """What changed in Slack, as the page is told; None for what it is not told."""
    match thing:
        case Message():
            return {"type": "message", "message": message_json(thing)}
        case View() if kind == "view_closed":
            return {"type": "view_closed", "id": thing.id}
        case View() if kind == "home":
            return {"type": "home", "user": thing.user, "view": view_json(thing)}
        case View():
            return {"type": "view", "view": view_json(thing)}
        case Breach():
            return {"type": "breach", "breach": asdict(thing)}
    return None


def people(workspace: Workspace) -> Iterator[str]:
    """Who one can be: everybody but the bot."""
    return (person for person, user in workspace.users.items() if not user["is_bot"])


def message_json(message: Message) -> Json:
    """A message."""
    return {
        "ts": message.ts,
        "channel": message.channel,
        "user": message.user,
        "text": message.text,
        "blocks": message.blocks,
        "thread_ts": message.thread_ts,
        "only_for": message.only_for,
        "deleted": message.deleted,
        "edited": message.edited,
    }


def view_json(view: View) -> Json:
    """A modal or a Home tab."""
    return {
        "id": view.id,
        "user": view.user,
        "hash": view.hash,
        "type": view.content["type"],
        "content": view.content,
        "root_view_id": view.root,
        "previous_view_id": view.previous,
    }


def world_json(world: World) -> Json:
    """The provider's servers and customers."""
    host, port = world.names.address
    return {
        "name_server": f"{host}:{port}",
        "servers": [
            {"host": name, "address": server.address, "is_running": server.is_running}
            for name, server in world.mail_servers.items()
        ],
        "customers": [
            {
                "domain": customer.domain,
                "unicode": _unicode(customer.domain),
                "server": customer.server,
                "certificate": customer.certificate,
                "exchange": customer.exchange,
                "about": customer.about,
            }
            for customer in world.customers.values()
        ],
    }


def _messages(workspace: Workspace) -> list[Message]:
    """Those that somebody sees, oldest first."""
    public = (message for channel in workspace.channels.values() for message in channel.messages)
    shown = [message for message in (*public, *workspace.ephemerals) if not message.deleted]
    return sorted(shown, key=lambda message: tuple(map(int, message.ts.split("."))))


def _user(workspace: Workspace, person: str) -> Json:
    user = workspace.users[person]
    return {"name": user["name"], "real_name": REAL_NAMES.get(person, user["real_name"]), "is_bot": user["is_bot"]}


def _person(workspace: Workspace, person: str) -> Json:
    user = _user(workspace, person)
    language = "cs" if workspace.users[person]["locale"].startswith("cs") else "en"
    return {
        "id": person,
        "name": user["name"],
        "real_name": user["real_name"],
        "title": TITLES[person],
        "language": language,
    }


def _channel(channel: Channel) -> Json:
    return {
        "id": channel.id,
        "name": channel.name,
        "topic": TOPICS.get(channel.id, ""),
        "kind": "im" if channel.is_im else "channel",
        "person": channel.members[0] if channel.is_im else None,
    }


def _tries() -> Iterator[Json]:
    """What to try, without shortcuts that the app does not have."""
    known = {shortcut.callback_id for shortcut in SHORTCUTS}
    for number, one in enumerate(TRIES, 1):
        if one.do != "shortcut" or one.text in known:
            yield {
                "id": f"try-{number}",
                "as": one.user,
                "channel": one.channel,
                "do": one.do,
                "text": one.text,
                "about": one.about,
            }


def _unicode(domain: str) -> str:
    parsed = parse_domain(domain)
    return parsed.unicode if isinstance(parsed, DomainName) else domain
