"""The life of views: what may be pushed onto what, what follows a form that was sent off, and how a stack closes."""

from __future__ import annotations

from bot.playground.slack_forms import is_offered
from bot.playground.slack_model import Channel, Json, Refusal, View
from bot.playground.slack_world import World

MOST_IN_A_STACK = 3
"""The first view and two that are pushed onto it."""

_CONVERSATIONS = ("conversations_select", "channels_select")


def push_onto(world: World, where: str, below: View, content: Json) -> View:
    """Open a view above another one. Raises Refusal when the stack is as high as it may be."""
    require_fresh_external_id(world, where, content)
    if sum(view.root == below.root for view in world.stack(below.user)) >= MOST_IN_A_STACK:
        world.breach(where, "push_limit_reached")
        raise Refusal("push_limit_reached")
    return world.new_view(below.user, content, below=below)


def require_fresh_external_id(world: World, where: str, content: Json) -> None:
    """An external_id names one view. Raises Refusal, and remembers that."""
    taken = {view.content.get("external_id") for view in (*world.views.values(), *world.homes.values())}
    if content.get("external_id") and content["external_id"] in taken:
        world.breach(where, "duplicate_external_id")
        raise Refusal("duplicate_external_id")


def follow_submission(world: World, view: View, body: Json | str) -> None:
    """What the acknowledgement of a form does: close it, close all, show errors, or show another view."""
    if isinstance(body, str):
        if body.strip():
            world.breach("view_submission", "an acknowledgement that is neither empty nor JSON")
        body = {}
    action = body.get("response_action")
    if action in ("update", "push"):
        _show_next(world, view, body)
    elif action == "errors":
        _judge_errors(world, view, body.get("errors"))
    elif action == "clear":
        for one in world.stack(view.user):
            world.close(one)
    elif action is None:
        world.close(view)
    else:
        world.breach("view_submission", f"unknown response_action {action!r}")


def require_on_top(world: World, view: View) -> None:
    """Only what is shown can be clicked. Raises LookupError for a view that is closed or covered by another."""
    if view is world.homes.get(view.user):
        return
    if view.id not in world.views:
        raise LookupError("this view is closed")
    if world.stack(view.user)[-1] is not view:
        raise LookupError("another view lies above this one")


def closed_with(world: World, view: View, *, whole_stack: bool) -> list[View]:
    """The views that go when one is closed, the top one first."""
    is_cleared = whole_stack or view.content.get("clear_on_close")
    return world.stack(view.user)[::-1] if is_cleared else [view]


def conversations(world: World, user: str, element: Json) -> list[Channel]:
    """What a select of conversations or channels offers to a user."""
    known = world.users[user]
    is_limited = known["is_restricted"] or known["is_stranger"]
    places = (place for place in world.channels.values() if not is_limited or user in place.members)
    return [place for place in places if is_offered(element, place, user)]


def conversations_answered(view: View) -> list[tuple[str, Json, str]]:
    """The selects of a form that ask for a response_url: the block, the element, and the conversation chosen."""
    found = []
    for block_id, element in view.elements:
        if element["type"] in _CONVERSATIONS and element.get("response_url_enabled"):
            state = view.state[block_id][element["action_id"]]
            if chosen := state.get("selected_conversation") or state.get("selected_channel"):
                found.append((block_id, element, str(chosen)))
    return found


def _show_next(world: World, view: View, body: Json) -> None:
    action, content = body["response_action"], body.get("view") or {}
    where = f"view_submission {action}"
    try:
        world.require_view(where, content)
        if content["type"] != "modal":
            world.breach(where, f"a view of type {content['type']!r}, not 'modal'")
        elif action == "push":
            push_onto(world, where, view, content)
        else:
            world.update_view(view, content)
    except Refusal:
        return  # it is remembered, and the user sees an error of Slack's


def _judge_errors(world: World, view: View, errors: object) -> None:
    if not isinstance(errors, dict) or not errors or not all(isinstance(text, str) for text in errors.values()):
        world.breach("view_submission", "errors must be texts by block_id, at least one")
        return
    inputs = {block["block_id"] for block in view.blocks if block["type"] == "input"}
    for block_id in errors.keys() - inputs:
        world.breach("view_submission", f"errors for {block_id!r}, which is no input block")
