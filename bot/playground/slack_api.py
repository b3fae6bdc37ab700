"""Slack's Web API over a `World`: one function for each method, named as the method with "_" for ".".

Each takes the world and the arguments, and returns what is said beside `"ok": true`, or raises `Refusal`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from bot.playground.slack_world import APP, BOT, BOT_USER, TEAM, Channel, Json, Message, Refusal, View, World

Method = Callable[[World, Json], Json]

_NOT_CONTENT = ("channel", "ts")


def auth_test(world: World, _arguments: Json) -> Json:
    """Who the token belongs to."""
    name = world.users[BOT_USER]["name"]
    ids = {"team_id": TEAM, "user_id": BOT_USER, "bot_id": BOT, "app_id": APP}
    return {"url": "https://playground.invalid/", "team": "Playground", "user": name, **ids}


def chat_post_message(world: World, arguments: Json) -> Json:
    """A message for everyone in a channel the bot is in."""
    world.require_message("chat.postMessage", arguments)
    channel = _joined(world, arguments)
    message = world.post(channel, _content(arguments), BOT_USER)
    return {"channel": channel.id, "ts": message.ts, "message": message.as_json(with_metadata=True)}


def chat_post_ephemeral(world: World, arguments: Json) -> Json:
    """A message for one user; it is not stored."""
    world.require_message("chat.postEphemeral", arguments)
    channel, person = _joined(world, arguments), str(arguments.get("user"))
    if person not in channel.members:
        raise Refusal("user_not_in_channel")
    return {"message_ts": world.post(channel, _content(arguments), BOT_USER, only_for=person).ts}


def chat_update(world: World, arguments: Json) -> Json:
    """New content for a message of the bot. Metadata that is not given stays."""
    world.require_message("chat.update", arguments)
    message = _own(world, arguments, "cant_update_message")
    kept = {key: message.payload[key] for key in ("metadata",) if key in message.payload}
    message.payload = kept | _content(arguments)
    return {"channel": message.channel, "ts": message.ts, "text": message.text, "message": message.as_json()}


def chat_delete(world: World, arguments: Json) -> Json:
    """Take back a message of the bot."""
    message = _own(world, arguments, "cant_delete_message")
    message.deleted = True
    return {"channel": message.channel, "ts": message.ts}


def chat_get_permalink(world: World, arguments: Json) -> Json:
    """The address of a message."""
    message = world.find(world.channel(str(arguments.get("channel"))), str(arguments.get("message_ts")))
    path = f"{message.channel}/p{message.ts.replace('.', '')}"
    return {"channel": message.channel, "permalink": f"https://playground.invalid/archives/{path}"}


def users_info(world: World, arguments: Json) -> Json:
    """A member; the locale only when asked for."""
    person = str(arguments.get("user"))
    if person not in world.users:
        raise Refusal("user_not_found")
    known = {"id": person, "team_id": TEAM, **world.users[person]}
    if str(arguments.get("include_locale")).lower() not in ("true", "1"):
        del known["locale"]
    return {"user": known}


def usergroups_users_list(world: World, arguments: Json) -> Json:
    """The members of a user group."""
    group = str(arguments.get("usergroup"))
    if group not in world.usergroups:
        raise Refusal("no_such_subteam")
    return {"users": world.usergroups[group]}


def conversations_info(world: World, arguments: Json) -> Json:
    """A channel."""
    return {"channel": _describe(world.channel(str(arguments.get("channel"))))}


def conversations_list(world: World, _arguments: Json) -> Json:
    """Every channel, on one page."""
    channels = [_describe(channel) for channel in world.channels.values() if not channel.is_im]
    return {"channels": channels, "response_metadata": {"next_cursor": ""}}


def conversations_members(world: World, arguments: Json) -> Json:
    """Who is in a channel, on one page."""
    channel = world.channel(str(arguments.get("channel")))
    members = [*channel.members, *([BOT_USER] if channel.has_bot else [])]
    return {"members": members, "response_metadata": {"next_cursor": ""}}


def conversations_open(world: World, arguments: Json) -> Json:
    """The direct conversation with a user."""
    person = str(arguments.get("users"))
    if person not in world.users:
        raise Refusal("user_not_found")
    return {"channel": {"id": world.open_im(person).id}}


def conversations_history(world: World, arguments: Json) -> Json:
    """A channel's messages, newest first, without the answers in threads."""
    channel = _joined(world, arguments)
    messages = [one for one in channel.messages if one.thread_ts in (None, one.ts)]
    return _page(messages[::-1], arguments)


def conversations_replies(world: World, arguments: Json) -> Json:
    """A thread: its first message and the answers, oldest first."""
    channel, ts = _joined(world, arguments), str(arguments.get("ts"))
    messages = [one for one in channel.messages if ts in (one.ts, one.thread_ts)]
    if not messages:
        raise Refusal("thread_not_found")
    return _page(messages, arguments)


def views_open(world: World, arguments: Json) -> Json:
    """Show a modal to the user whose click gave the trigger."""
    content = _view(world, "views.open", arguments)
    person = world.use_trigger(str(arguments.get("trigger_id")))
    return {"view": world.new_view(person, content).as_json()}


def views_update(world: World, arguments: Json) -> Json:
    """New content for an open modal."""
    content = _view(world, "views.update", arguments)
    view = _open_view(world, arguments)
    if arguments.get("hash", view.hash) != view.hash:
        raise Refusal("hash_conflict")
    view.content, view.hash = content, world.new_id("h")
    return {"view": view.as_json()}


def views_publish(world: World, arguments: Json) -> Json:
    """A user's Home tab."""
    content, person = _view(world, "views.publish", arguments), str(arguments.get("user_id"))
    if content.get("type") != "home" or person not in world.users:
        raise Refusal("invalid_arguments")
    old = world.homes.get(person)
    if old and arguments.get("hash", old.hash) != old.hash:
        raise Refusal("hash_conflict")
    world.homes[person] = world.new_view(person, content)
    return {"view": world.homes[person].as_json()}


METHODS: dict[str, Method] = {
    "auth.test": auth_test,
    "chat.postMessage": chat_post_message,
    "chat.postEphemeral": chat_post_ephemeral,
    "chat.update": chat_update,
    "chat.delete": chat_delete,
    "chat.getPermalink": chat_get_permalink,
    "users.info": users_info,
    "usergroups.users.list": usergroups_users_list,
    "conversations.info": conversations_info,
    "conversations.list": conversations_list,
    "conversations.members": conversations_members,
    "conversations.open": conversations_open,
    "conversations.history": conversations_history,
    "conversations.replies": conversations_replies,
    "views.open": views_open,
    "views.push": views_open,
    "views.update": views_update,
    "views.publish": views_publish,
}


def _joined(world: World, arguments: Json) -> Channel:
    channel = world.channel(str(arguments.get("channel")))
    if not channel.has_bot:
        raise Refusal("not_in_channel")
    if channel.archived:
        raise Refusal("is_archived")
    return channel


def _own(world: World, arguments: Json, refusal: str) -> Message:
    message = world.find(_joined(world, arguments), str(arguments.get("ts")))
    if message.user != BOT_USER:
        raise Refusal(refusal)
    return message


def _content(arguments: Json) -> Json:
    return {key: value for key, value in arguments.items() if key not in _NOT_CONTENT}


def _describe(channel: Channel) -> Json:
    kinds = {"is_channel": not channel.is_im, "is_im": channel.is_im, "is_archived": channel.archived}
    return {"id": channel.id, "name": channel.name, "is_member": channel.has_bot, **kinds}


def _page(messages: list[Message], arguments: Json) -> Json:
    oldest, limit = str(arguments.get("oldest", "0")), int(arguments.get("limit", 100))
    wanted = [one for one in messages if not one.deleted and float(one.ts) >= float(oldest)]
    with_metadata = str(arguments.get("include_all_metadata")).lower() in ("true", "1")
    shown = [one.as_json(with_metadata) for one in wanted[:limit]]
    return {"messages": shown, "has_more": len(wanted) > limit}


def _view(world: World, where: str, arguments: Json) -> Json:
    content: Any = arguments.get("view")
    if not isinstance(content, dict):
        raise Refusal("invalid_arguments")
    world.require_view(where, content)
    return content


def _open_view(world: World, arguments: Json) -> View:
    wanted, external = arguments.get("view_id"), arguments.get("external_id")
    for view in world.views.values():
        if view.id == wanted or (external and view.content.get("external_id") == external):
            return view
    raise Refusal("not_found")
