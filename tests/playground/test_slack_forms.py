"""The state of every kind of input."""

from __future__ import annotations

from typing import Any

import pytest

from bot.playground.slack_forms import action_for, filled
from bot.playground.slack_model import View
from tests.playground.slack_bot import button, entry, modal, options, row, text_input

OPTIONS = options("x", "y")
X, Y = OPTIONS
KINDS: list[tuple[dict[str, Any], dict[str, Any], Any, dict[str, Any]]] = [
    ({"type": "plain_text_input"}, {"value": None}, "a", {"value": "a"}),
    ({"type": "plain_text_input", "initial_value": "i"}, {"value": "i"}, "", {"value": None}),
    ({"type": "static_select", "options": OPTIONS}, {"selected_option": None}, "y", {"selected_option": Y}),
    (
        {"type": "static_select", "options": OPTIONS, "initial_option": X},
        {"selected_option": X},
        Y,
        {"selected_option": Y},
    ),
    (
        {"type": "radio_buttons", "options": OPTIONS, "initial_option": X},
        {"selected_option": X},
        None,
        {"selected_option": None},
    ),
    ({"type": "checkboxes", "options": OPTIONS}, {"selected_options": []}, "y", {"selected_options": [Y]}),
    (
        {"type": "multi_static_select", "options": OPTIONS, "initial_options": [X]},
        {"selected_options": [X]},
        ["y", X],
        {"selected_options": [Y, X]},
    ),
    ({"type": "external_select", "initial_option": X}, {"selected_option": X}, "x", {"selected_option": X}),
    ({"type": "users_select", "initial_user": "U1"}, {"selected_user": "U1"}, "U2", {"selected_user": "U2"}),
    ({"type": "multi_users_select"}, {"selected_users": []}, ["U1", "U2"], {"selected_users": ["U1", "U2"]}),
    ({"type": "channels_select"}, {"selected_channel": None}, "C1", {"selected_channel": "C1"}),
    ({"type": "multi_channels_select"}, {"selected_channels": []}, None, {"selected_channels": []}),
    ({"type": "conversations_select"}, {"selected_conversation": None}, "C1", {"selected_conversation": "C1"}),
    (
        {"type": "multi_conversations_select", "initial_conversations": ["C1"]},
        {"selected_conversations": ["C1"]},
        "C2",
        {"selected_conversations": ["C2"]},
    ),
    ({"type": "datepicker"}, {"selected_date": None}, "2026-11-23", {"selected_date": "2026-11-23"}),
    ({"type": "timepicker", "initial_time": "08:00"}, {"selected_time": "08:00"}, "09:00", {"selected_time": "09:00"}),
    ({"type": "datetimepicker"}, {"selected_date_time": None}, 1795000000, {"selected_date_time": 1795000000}),
    ({"type": "number_input"}, {"value": None}, "7", {"value": "7"}),
    ({"type": "file_input"}, {"files": []}, [{"id": "F1"}], {"files": [{"id": "F1"}]}),
    (
        {"type": "rich_text_input"},
        {"rich_text_value": None},
        {"type": "rich_text"},
        {"rich_text_value": {"type": "rich_text"}},
    ),
]


@pytest.mark.parametrize(("element", "first", "entered", "then"), KINDS)
def test_a_state_is_what_it_starts_with_and_then_what_is_entered(element, first, entered, then) -> None:
    """In Slack's own keys; entering nothing leaves it."""
    element = {**element, "action_id": "a"}
    view = View("V1", "U1", modal(entry(element, "b")), "h")
    view.state = filled(view, {})
    kind = {"type": element["type"]}
    assert view.state == {"b": {"a": {**kind, **first}}}
    state = filled(view, {"a": entered}, view.state)
    assert state == {"b": {"a": {**kind, **then}}}
    assert filled(view, {}, state) == state
    assert action_for("b", element, then) == {**kind, "block_id": "b", "action_id": "a", **then}


def test_buttons_and_menus_of_actions_have_no_state() -> None:
    """A button is reported with what it shows."""
    overflow = {"type": "overflow", "action_id": "more", "options": OPTIONS}
    view = View("V1", "U1", modal(row(button(value="v", style="danger"), overflow, block_id="b")), "h")
    assert filled(view, {}) == {}
    action = action_for("b", view.elements[0][1], {})
    assert (action["value"], action["style"], action["text"]["text"]) == ("v", "danger", "Go")


def test_another_type_of_element_starts_anew() -> None:
    """Though its ids are the same."""
    view = View("V1", "U1", modal(entry(text_input("a"), "b")), "h")
    before = filled(view, {"a": "typed"})
    view.content = modal(entry({"type": "datepicker", "action_id": "a"}, "b"))
    assert filled(view, {}, before) == {"b": {"a": {"type": "datepicker", "selected_date": None}}}
