"""Slack's Web API over a `World`: one function for each method, named as the method with "_" for ".".

Each takes the world and the arguments, and returns what is said beside `"ok": true`, or raises `Refusal`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from bot.playground.blocks_check import MOST_TEXT
from bot.playground.slack_model import Channel, Json, Message, Refusal, View
from bot.playground.slack_people import APP, BOT, BOT_USER, TEAM
from bot.playground.slack_views import push_onto, require_fresh_external_id
from bot.playground.slack_world import World

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
    world.require_thread("chat.postMessage", channel, arguments)
    message = world.post(channel, _content(arguments), BOT_USER)
    return {"channel": channel.id, "ts": message.ts, "message": message.as_json(with_metadata=True)}


def chat_post_ephemeral(world: World, arguments: Json) -> Json:
    """A message for one user; it is not stored."""
    world.require_message("chat.postEphemeral", arguments)
    channel, person = _joined(world, arguments), str(arguments.get("user"))
    if person not in channel.members:
        raise Refusal("user_not_in_channel")
    world.require_thread("chat.postEphemeral", channel, arguments)
    if (thread := arguments.get("thread_ts")) and not world.has_answers(channel, thread):
        world.breach("chat.postEphemeral", f"thread {thread} has no answers yet: Slack does not show it there")
    return {"message_ts": world.post(channel, _content(arguments), BOT_USER, only_for=person).ts}


def chat_update(world: World, arguments: Json) -> Json:
    """New content for a message of the bot. Metadata that is not given stays."""
    if len(str(arguments.get("text", ""))) > MOST_TEXT:
        world.breach("chat.update", f"text: {len(arguments['text'])} characters, at most {MOST_TEXT}")
        raise Refusal("msg_too_long")
    world.require_message("chat.update", arguments)
    message = _own(world, "chat.update", arguments)
    kept = {key: message.payload[key] for key in ("metadata",) if key in message.payload}
    world.edit(message, kept | _content(arguments))
    return {"channel": message.channel, "ts": message.ts, "text": message.text, "message": message.as_json()}


def chat_delete(world: World, arguments: Json) -> Json:
    """Take back a message of the bot."""
    message = _own(world, "chat.delete", arguments)
    world.delete(message)
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
    known = {"id": person, **world.users[person]}
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
    channel = _readable(world, arguments)
    messages = [one for one in channel.messages if one.thread_ts in (None, one.ts)]
    return _page(messages[::-1], arguments)


def conversations_replies(world: World, arguments: Json) -> Json:
    """A thread: its first message and the answers, oldest first."""
    channel, ts = _readable(world, arguments), str(arguments.get("ts"))
    messages = [one for one in channel.messages if ts in (one.ts, one.thread_ts)]
    if not messages:
        raise Refusal("thread_not_found")
    return _page(messages, arguments)


def views_open(world: World, arguments: Json) -> Json:
    """Show a modal to the user whose click gave the trigger. It opens above those that are open already."""
    content = _view(world, "views.open", arguments)
    trigger = world.use_trigger("views.open", str(arguments.get("trigger_id")))
    require_fresh_external_id(world, "views.open", content)
    return {"view": world.new_view(trigger.user, content, place=trigger.place).as_json()}


def views_push(world: World, arguments: Json) -> Json:
    """A further view on top of the one that the user sees."""
    content = _view(world, "views.push", arguments)
    trigger = world.use_trigger("views.push", str(arguments.get("trigger_id")))
    stack = world.stack(trigger.user)
    if not stack:
        raise Refusal("not_found")
    return {"view": push_onto(world, "views.push", stack[-1], content).as_json()}


def views_update(world: World, arguments: Json) -> Json:
    """New content for an open modal, or for a Home tab."""
    content = _content_of_view(world, "views.update", arguments)
    view = _open_view(world, arguments)
    _require_type(world, "views.update", content, str(view.content["type"]))
    if (arguments.get("hash") or view.hash) != view.hash:
        raise Refusal("hash_conflict")
    world.update_view(view, content)
    return {"view": view.as_json()}


def views_publish(world: World, arguments: Json) -> Json:
    """A user's Home tab."""
    content, person = _view(world, "views.publish", arguments, "home"), str(arguments.get("user_id"))
    if person not in world.users:
        raise Refusal("invalid_arguments")
    old = world.homes.get(person)
    if old and (arguments.get("hash") or old.hash) != old.hash:
        raise Refusal("hash_conflict")
    return {"view": world.publish(person, content).as_json()}


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
    "views.push": views_push,
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


def _readable(world: World, arguments: Json) -> Channel:
    """A channel whose history the app may read. Raises Refusal."""
    channel = _joined(world, arguments)
    needed = {"im": "im:history", "private": "groups:history", "public": "channels:history"}[channel.kind]
    if needed not in world.scopes:
        raise Refusal("missing_scope", needed=needed, provided=",".join(sorted(world.scopes)))
    return channel


def _own(world: World, method: str, arguments: Json) -> Message:
    """The message of the bot that a call is about. Raises Refusal."""
    channel, ts = _joined(world, arguments), str(arguments.get("ts"))
    if any(one.ts == ts and one.channel == channel.id for one in world.ephemerals):
        world.breach(method, "an ephemeral message can only be changed by its response_url")
    message = world.find(channel, ts)
    if message.user != BOT_USER:
        raise Refusal("cant_update_message" if method == "chat.update" else "cant_delete_message")
    return message


def _content(arguments: Json) -> Json:
    return {key: value for key, value in arguments.items() if key not in _NOT_CONTENT}


def _describe(channel: Channel) -> Json:
    kinds = {"is_channel": not channel.is_im, "is_im": channel.is_im, "is_archived": channel.archived}
    kinds |= {"is_private": channel.is_private, "is_ext_shared": channel.is_shared}
    return {"id": channel.id, "name": channel.name, "is_member": channel.has_bot, **kinds}


def _page(messages: list[Message], arguments: Json) -> Json:
    oldest, limit = str(arguments.get("oldest", "0")), int(arguments.get("limit", 100))
    wanted = [one for one in messages if not one.deleted and float(one.ts) >= float(oldest)]
    with_metadata = str(arguments.get("include_all_metadata")).lower() in ("true", "1")
    shown = [one.as_json(with_metadata) for one in wanted[:limit]]
    return {"messages": shown, "has_more": len(wanted) > limit}


def _view(world: World, where: str, arguments: Json, kind: str = "modal") -> Json:
    """The view in a call, checked. Raises Refusal."""
    content = _content_of_view(world, where, arguments)
    _require_type(world, where, content, kind)
    return content


def _content_of_view(world: World, where: str, arguments: Json) -> Json:
    content: Any = arguments.get("view")
    if not isinstance(content, dict):
        raise Refusal("invalid_arguments")
    world.require_view(where, content)
    return content


def _require_type(world: World, where: str, content: Json, kind: str) -> None:
    if content["type"] != kind:
        world.breach(where, f"a view of type {content['type']!r}, not {kind!r}")
        raise Refusal("invalid_arguments")


def _open_view(world: World, arguments: Json) -> View:
    wanted, external = arguments.get("view_id"), arguments.get("external_id")
    for view in (*world.views.values(), *world.homes.values()):
        if view.id == wanted or (external and view.content.get("external_id") == external):
            return view
    raise Refusal("not_found")
