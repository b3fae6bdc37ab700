"""What people enter: the state of inputs, the actions that clicks are reported as, and what is still missing. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from bot.playground.slack_model import Channel, Json, Message, View

Entered = str | int | Json | list[Any] | None
"""A text, an option's value, a whole option, an id - or a list of those; None empties the field."""
Fill = Mapping[str, Entered]
"""What a user enters, by action id."""

_STATELESS = ("button", "overflow", "image", "workflow_button")
_OPTION, _OPTIONS = ("selected_option", "initial_option"), ("selected_options", "initial_options")
_SLOTS: dict[str, tuple[str, str]] = {
    **dict.fromkeys(("static_select", "external_select", "radio_buttons", "overflow"), _OPTION),
    **dict.fromkeys(("multi_static_select", "multi_external_select", "checkboxes"), _OPTIONS),
    **{f"{one}s_select": (f"selected_{one}", f"initial_{one}") for one in ("user", "channel", "conversation")},
    **{f"multi_{one}_select": (f"selected_{one}", f"initial_{one}") for one in ("users", "channels", "conversations")},
    "datepicker": ("selected_date", "initial_date"),
    "timepicker": ("selected_time", "initial_time"),
    "datetimepicker": ("selected_date_time", "initial_date_time"),
    "rich_text_input": ("rich_text_value", "initial_value"),
    "file_input": ("files", "initial_files"),
}
"""By type of element: the key of its state, and the key of what it starts with."""
_PLURAL = ("checkboxes", "file_input")
_ADDRESS = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


def filled(where: Message | View, entered: Fill, before: Json | None = None) -> Json:
    """The state of every input, by block and action: what is entered now, else before, else what it starts with.

    What was entered before stays as long as its block and its action have the same ids. Raises LookupError for an
    option that is not offered.
    """
    values: Json = {}
    for block_id, element in where.elements:
        if element["type"] in _STATELESS:
            continue
        known = (before or {}).get(block_id, {}).get(element["action_id"], {})
        if element["action_id"] in entered:
            state = state_of(where, element, entered[element["action_id"]])
        elif known.get("type") == element["type"] and _is_still_offered(element, known):
            state = known
        else:
            state = _initial(where, element)
        values.setdefault(block_id, {})[element["action_id"]] = {"type": element["type"], **state}
    return values


def state_of(where: Message | View, element: Json, entered: Entered) -> Json:
    """The state of an element in which this was entered. Raises LookupError for an option that is not offered."""
    slot, _ = _slots(element)
    if not _is_plural(element):
        return {slot: _value(where, element, entered)}
    several = entered if isinstance(entered, list) else [] if entered is None else [entered]
    return {slot: [_value(where, element, one) for one in several]}


def action_for(block_id: str, element: Json, state: Json) -> Json:
    """What a click on an element is reported as."""
    action = {"type": element["type"], "block_id": block_id, "action_id": element["action_id"]}
    if element["type"] == "button":
        return action | {key: element[key] for key in ("text", "value", "style") if key in element}
    return action | state


def missing(view: View, fill: Fill) -> dict[str, str]:
    """What Slack's client would not send off: by block, what is to be mended. Empty when all is well."""
    state = filled(view, fill, view.state)
    problems: dict[str, str] = {}
    for block in view.blocks:
        if block["type"] == "input":
            value = state[block["block_id"]][block["element"]["action_id"]]
            if problem := _problem(block["element"], value, is_optional=bool(block.get("optional"))):
                problems[block["block_id"]] = problem
    return problems


def options_of(where: Message | View, element: Json) -> list[Json]:
    """The options that can be chosen: the element's own, or those that were suggested last."""
    initial = [*element.get("initial_options", []), element.get("initial_option")]
    suggested = [*where.offered.get(element["action_id"], []), *(one for one in initial if one is not None)]
    return suggested if "external" in element["type"] else list(flat_options(element))


def flat_options(holder: Json) -> Iterator[Json]:
    """The options of an element or of an answer to a block_suggestion, those in groups too."""
    yield from holder.get("options", [])
    for group in holder.get("option_groups", []):
        yield from group["options"]


def is_offered(element: Json, place: Channel, user: str) -> bool:
    """True when a conversation select offers a conversation to a user."""
    wanted = element.get("filter", {})
    if user not in place.members and place.kind != "public":
        return False
    if place.is_shared and wanted.get("exclude_external_shared_channels"):
        return False
    if place.is_im and wanted.get("exclude_bot_users"):
        return False
    return place.kind in wanted.get("include", (place.kind,))


def _slots(element: Json) -> tuple[str, str]:
    return _SLOTS.get(element["type"], ("value", "initial_value"))


def _is_plural(element: Json) -> bool:
    return element["type"].startswith("multi_") or element["type"] in _PLURAL


def _initial(where: Message | View, element: Json) -> Json:
    slot, key = _slots(element)
    value = element.get(key)
    if value is None and element.get("default_to_current_conversation") and isinstance(where, View):
        place = where.place
        if place is not None and is_offered(element, place, where.user):
            value = [place.id] if _is_plural(element) else place.id
    return {slot: [] if value is None and _is_plural(element) else value}


def _value(where: Message | View, element: Json, entered: Any) -> Any:
    if _slots(element) not in (_OPTION, _OPTIONS):
        return None if entered == "" else entered
    if entered is None or isinstance(entered, dict):
        return entered
    for option in options_of(where, element):
        if option["value"] == entered:
            return option
    raise LookupError(f"{element['action_id']} offers no option {entered!r}")


def _is_still_offered(element: Json, state: Json) -> bool:
    """What was chosen can only stay chosen while it is among the options."""
    if "external" in element["type"]:
        return True
    chosen = [*(state.get("selected_options") or []), *filter(None, [state.get("selected_option")])]
    return all(option in flat_options(element) for option in chosen)


def _problem(element: Json, state: Json, *, is_optional: bool) -> str:
    value = state[_slots(element)[0]]
    if value in (None, "", []):
        return "" if is_optional else "Please fill in this field."
    return next(_mistakes(element, value), "")


def _mistakes(element: Json, value: Any) -> Iterator[str]:
    if element["type"] == "plain_text_input":
        if len(value) < element.get("min_length", 0):
            yield f"Please enter at least {element['min_length']} characters."
        if len(value) > element.get("max_length", 3000):
            yield f"Please enter at most {element.get('max_length', 3000)} characters."
    elif element["type"] == "email_text_input" and not _ADDRESS.fullmatch(value):
        yield "Please enter an e-mail address."
    elif element["type"] == "url_text_input" and not value.startswith(("http://", "https://")):
        yield "Please enter a URL."
    elif element["type"] == "number_input":
        yield from _mistakes_of_a_number(element, value)


def _mistakes_of_a_number(element: Json, value: str) -> Iterator[str]:
    try:
        number = float(value)
    except ValueError:
        yield "Please enter a number."
        return
    if not element["is_decimal_allowed"] and not number.is_integer():
        yield "Please enter a whole number."
    if number < float(element.get("min_value", number)) or number > float(element.get("max_value", number)):
        yield f"Please enter a number from {element.get('min_value', '…')} to {element.get('max_value', '…')}."
