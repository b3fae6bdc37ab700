"""What Slack sends to an app, as Slack writes it: commands, clicks, forms, events. No sockets here."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlencode

from bot.playground.slack_world import APP, BOT_USER, TEAM, Channel, Json, Message, View, World

Fill = Mapping[str, str | Json]
"""What a user enters, by action id: a text, an option's value, or a whole option."""

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
        "team_id": TEAM,
        "team_domain": "playground",
        "channel_id": channel.id,
        "channel_name": channel.name,
        "user_id": person,
        "user_name": world.users[person]["name"],
        "command": name,
        "text": text,
        "api_app_id": APP,
        "is_enterprise_install": "false",
        "response_url": response_url,
        "trigger_id": world.new_trigger(person),
    }


def _interaction(world: World, kind: str, person: str) -> Json:
    return {
        "type": kind,
        "user": {
            "id": person,
            "username": world.users[person]["name"],
            "name": world.users[person]["name"],
            "team_id": TEAM,
        },
        "api_app_id": APP,
        "token": _TOKEN,
        "trigger_id": world.new_trigger(person),
        "team": _TEAM,
        "enterprise": None,
        "is_enterprise_install": False,
    }


def click_in_message(
    world: World, message: Message, person: str, channel: Channel, action: Json, response_url: str
) -> Json:
    """A click in a message. The body of an ephemeral one is not sent: Slack does not keep it."""
    is_private = message.only_for is not None
    container = {"type": "message", "message_ts": message.ts, "channel_id": channel.id}
    body: Json = {
        **_interaction(world, "block_actions", person),
        "container": {**container, "is_ephemeral": is_private},
        "channel": {"id": channel.id, "name": channel.name},
        "state": {"values": filled(message.elements, {action["action_id"]: _entered(action)})},
        "response_url": response_url,
        "actions": [{**action, "action_ts": world.new_ts()}],
    }
    return body if is_private else {**body, "message": message.as_json()}


def click_in_view(world: World, view: View, person: str, action: Json) -> Json:
    """A click in a modal or in the Home tab."""
    return {
        **_interaction(world, "block_actions", person),
        "container": {"type": "view", "view_id": view.id},
        "view": view.as_json(),
        "actions": [{**action, "action_ts": world.new_ts()}],
    }


def submission(world: World, view: View, person: str) -> Json:
    """A form sent off; what was entered is in the view's state."""
    return {**_interaction(world, "view_submission", person), "view": view.as_json(), "response_urls": []}


def suggestion(world: World, where: Message | View, person: str, block_id: str, element: Json, typed: str) -> Json:
    """A keystroke in an external select."""
    body = _interaction(world, "block_suggestion", person)
    del body["trigger_id"]
    if isinstance(where, View):
        place: Json = {"view": where.as_json(), "container": {"type": "view", "view_id": where.id}}
    else:
        place = {
            "channel": {"id": where.channel, "name": world.channels[where.channel].name},
            "container": {"type": "message", "message_ts": where.ts, "channel_id": where.channel},
        }
    return body | place | {"action_id": element["action_id"], "block_id": block_id, "value": typed}


def message_shortcut(
    world: World, callback_id: str, message: Message, person: str, channel: Channel, response_url: str
) -> Json:
    """A shortcut out of a message's menu."""
    return {
        **_interaction(world, "message_action", person),
        "action_ts": world.new_ts(),
        "callback_id": callback_id,
        "channel": {"id": channel.id, "name": channel.name},
        "message_ts": message.ts,
        "message": message.as_json(),
        "response_url": response_url,
    }


def global_shortcut(world: World, callback_id: str, person: str) -> Json:
    """A shortcut out of the search or the plus sign."""
    return {
        **_interaction(world, "shortcut", person),
        "action_ts": world.new_ts(),
        "callback_id": callback_id,
    }


def event(world: World, content: Json) -> Json:
    """The envelope of the Events API."""
    person = {"enterprise_id": None, "team_id": TEAM, "user_id": BOT_USER, "is_bot": True}
    return {
        "token": _TOKEN,
        "team_id": TEAM,
        "api_app_id": APP,
        "event": content,
        "type": "event_callback",
        "event_id": world.new_id("Ev"),
        "event_time": int(world.clock()),
        "authorizations": [{**person, "is_enterprise_install": False}],
        "is_ext_shared_channel": False,
    }


def action_for(block_id: str, element: Json, entered: str | Json | None) -> Json:
    """What a click on an element is reported as."""
    action = {"type": element["type"], "block_id": block_id, "action_id": element["action_id"]}
    if element["type"] == "button":
        shown: Json = {"text": element["text"]}
        return action | shown | ({"value": element["value"]} if "value" in element else {})
    return action | _state(element, entered)


def filled(elements: list[tuple[str, Json]], entered: Fill) -> Json:
    """The state of every input, by block and action: what was entered, else what it started with."""
    values: Json = {}
    for block_id, element in elements:
        if element["type"] not in ("button", "overflow", "image"):
            state = _state(element, entered.get(element["action_id"]))
            values.setdefault(block_id, {})[element["action_id"]] = {"type": element["type"], **state}
    return values


def _state(element: Json, entered: str | Json | None) -> Json:
    kind = element["type"]
    if kind in ("checkboxes", "multi_static_select", "multi_external_select"):
        chosen = [_option(element, entered)] if entered is not None else element.get("initial_options", [])
        return {"selected_options": chosen}
    if kind in ("static_select", "external_select", "radio_buttons", "overflow"):
        chosen = _option(element, entered) if entered is not None else element.get("initial_option")
        return {"selected_option": chosen}
    for suffix in ("user", "channel", "conversation", "date", "time"):
        if kind in (f"{suffix}s_select", f"{suffix}picker"):
            return {f"selected_{suffix}": entered if entered is not None else element.get(f"initial_{suffix}")}
    return {"value": entered if entered is not None else element.get("initial_value")}


def _option(element: Json, entered: str | Json) -> Json:
    """The option with this value: only what was offered can be chosen."""
    if isinstance(entered, dict):
        return entered
    for option in _options(element):
        if option["value"] == entered:
            return option
    raise LookupError(f"{element['action_id']} offers no option {entered!r}")


def _options(element: Json) -> Iterator[Json]:
    yield from element.get("options", [])
    for group in element.get("option_groups", []):
        yield from group["options"]


def _entered(action: Json) -> Any:
    for key in ("selected_option", "selected_user", "selected_channel", "selected_conversation"):
        if key in action:
            return action[key]
    options = action.get("selected_options")
    return options[0] if options else action.get("value")
