"""What Slack sends to an app, as Slack writes it: commands, clicks, forms, events. No sockets here."""

from __future__ import annotations

import hashlib
import hmac
import json
from urllib.parse import urlencode

from bot.playground.slack_model import Channel, Json, Message, View
from bot.playground.slack_people import APP, BOT_USER, TEAM
from bot.playground.slack_world import World

_TEAM = {"id": TEAM, "domain": "playground"}
_TOKEN = "verification-token-of-the-playground"  # old and unused, but always there


def sign(secret: str, body: bytes, timestamp: int) -> dict[str, str]:
    """The headers that prove that a request is Slack's."""
    text = b"v0:%d:%b" % (timestamp, body)
    signature = hmac.new(secret.encode(), text, hashlib.sha256).hexdigest()
    return {"X-Slack-Request-Timestamp": str(timestamp), "X-Slack-Signature": f"v0={signature}"}


def as_form(payload: Json) -> bytes:
    """A command's body."""
    return urlencode(payload).encode()


def as_payload(payload: Json) -> bytes:
    """An interaction's body: JSON in one form field."""
    return urlencode({"payload": json.dumps(payload)}).encode()


def command(world: World, name: str, text: str, person: str, channel: Channel, response_url: str) -> Json:
    """A slash command."""
    return {
        "token": _TOKEN,
        "team_id": world.team_of(person),
        "team_domain": "playground",
        "channel_id": channel.id,
        "channel_name": "privategroup" if channel.is_private else channel.name,
        "user_id": person,
        "user_name": world.users[person]["name"],
        "command": name,
        "text": text,
        "api_app_id": APP,
        "is_enterprise_install": "false",
        "response_url": response_url,
        "trigger_id": world.new_trigger(person, channel),
    }


def _interaction(world: World, kind: str, person: str, place: Channel | None) -> Json:
    return {
        "type": kind,
        "user": {
            "id": person,
            "username": world.users[person]["name"],
            "name": world.users[person]["name"],
            "team_id": world.team_of(person),
        },
        "api_app_id": APP,
        "token": _TOKEN,
        "trigger_id": world.new_trigger(person, place),
        "team": _TEAM,
        "enterprise": None,
        "is_enterprise_install": False,
    }


def click_in_message(
    world: World, message: Message, person: str, channel: Channel, action: Json, response_url: str
) -> Json:
    """A click in a message. The body of an ephemeral one is not sent: Slack does not keep it."""
    is_private = message.only_for is not None
    body: Json = {
        **_interaction(world, "block_actions", person, channel),
        "container": {**_container(message), "is_ephemeral": is_private},
        "channel": {"id": channel.id, "name": channel.name},
        "state": {"values": message.states.get(person, {})},
        "response_url": response_url,
        "actions": [{**action, "action_ts": world.new_ts()}],
    }
    return body if is_private else {**body, "message": message.as_json()}


def click_in_view(world: World, view: View, person: str, action: Json) -> Json:
    """A click in a modal or in the Home tab."""
    return {
        **_interaction(world, "block_actions", person, view.place),
        "container": {"type": "view", "view_id": view.id},
        "view": view.as_json(),
        "actions": [{**action, "action_ts": world.new_ts()}],
    }


def submission(world: World, view: View, response_urls: list[Json]) -> Json:
    """A form sent off; what was entered is in the view's state."""
    body = _interaction(world, "view_submission", view.user, view.place)
    return {**body, "view": view.as_json(), "response_urls": response_urls}


def closing(world: World, view: View, *, is_cleared: bool) -> Json:
    """A form closed without being sent off, alone or with the whole stack."""
    body = _interaction(world, "view_closed", view.user, view.place)
    del body["trigger_id"]
    return {**body, "view": view.as_json(), "is_cleared": is_cleared}


def suggestion(world: World, where: Message | View, person: str, block_id: str, element: Json, typed: str) -> Json:
    """A keystroke in an external select."""
    body = _interaction(world, "block_suggestion", person, None)
    del body["trigger_id"]
    if isinstance(where, View):
        place: Json = {"view": where.as_json(), "container": {"type": "view", "view_id": where.id}}
    else:
        place = {
            "channel": {"id": where.channel, "name": world.channels[where.channel].name},
            "container": {**_container(where), "is_ephemeral": where.only_for is not None},
        }
    return body | place | {"action_id": element["action_id"], "block_id": block_id, "value": typed}


def _container(message: Message) -> Json:
    container = {"type": "message", "message_ts": message.ts, "channel_id": message.channel}
    return container | ({"thread_ts": message.thread_ts} if message.thread_ts else {})


def message_shortcut(
    world: World, callback_id: str, message: Message, person: str, channel: Channel, response_url: str
) -> Json:
    """A shortcut out of a message's menu."""
    return {
        **_interaction(world, "message_action", person, channel),
        "action_ts": world.new_ts(),
        "callback_id": callback_id,
        "channel": {"id": channel.id, "name": channel.name},
        "message_ts": message.ts,
        "message": message.as_json() | _thread_begun(world, channel, message),
        "response_url": response_url,
    }


def _thread_begun(world: World, channel: Channel, message: Message) -> Json:
    """What a message says of its thread once it has answers: a `thread_ts` that is its own `ts`."""
    return {"thread_ts": message.ts} if world.has_answers(channel, message.ts) else {}


def global_shortcut(world: World, callback_id: str, person: str, place: Channel | None) -> Json:
    """A shortcut out of the search or the plus sign. It does not say where the person stands; a form of it knows."""
    return {
        **_interaction(world, "shortcut", person, place),
        "action_ts": world.new_ts(),
        "callback_id": callback_id,
    }


def written(world: World, message: Message) -> Json:
    """A message of a person as events tell it, without the event's type and the channel's."""
    event = {**message.as_json(), "channel": message.channel, "event_ts": message.ts}
    if world.channels[message.channel].is_shared:
        person = world.users[message.user]
        profile = {"name": person["name"], "real_name": person["real_name"], "team": message.team}
        event |= {"user_team": message.team, "source_team": message.team, "user_profile": profile}
    return event


def event(world: World, content: Json) -> Json:
    """The envelope of the Events API."""
    person = {"enterprise_id": None, "team_id": TEAM, "user_id": BOT_USER, "is_bot": True}
    place = world.channels.get(str(content.get("channel")))
    return {
        "token": _TOKEN,
        "team_id": TEAM,
        "api_app_id": APP,
        "event": content,
        "type": "event_callback",
        "event_id": world.new_id("Ev"),
        "event_time": int(world.clock()),
        "authorizations": [{**person, "is_enterprise_install": False}],
        "is_ext_shared_channel": place is not None and place.is_shared,
    }
