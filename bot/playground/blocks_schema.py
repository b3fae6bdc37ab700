"""Block Kit as tables: which blocks and elements there are, their keys and limits.

Source: Slack's Block Kit reference (docs.slack.dev/reference/block-kit), as of November 2026. Blocks too new for
many clients (cards, charts, containers) are left out on purpose: what is unknown here is a violation.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from bot.playground.rules import (
    Rule,
    Shape,
    Typed,
    anything,
    at_least_one,
    both,
    exactly_one,
    flag,
    many,
    markup,
    number,
    one_of,
    string,
)

ID = string(255)
URL = string(3000)


def plain(most: int) -> Typed:
    """A plain_text object."""
    return Typed({"plain_text": Shape({"text": string(most)}, {"emoji": flag})})


def marked(most: int) -> Typed:
    """A text object of either kind."""
    mrkdwn = Shape({"text": both(string(most), markup)}, {"verbatim": flag})
    return Typed({**plain(most).shapes, "mrkdwn": mrkdwn})


CONFIRM = Shape(
    {"title": plain(100), "text": marked(300), "confirm": plain(30), "deny": plain(30)},
    {"style": one_of("primary", "danger")},
)
IMAGE = Shape(
    {"alt_text": string(2000)},
    {"image_url": URL, "slack_file": anything},
    (exactly_one("image_url", "slack_file"),),
)


def option(text: Typed) -> Shape:
    """A choice in a select, an overflow menu or a group of boxes."""
    return Shape({"text": text, "value": string(150)}, {"description": text})


OPTION = option(plain(75))
OVERFLOW_OPTION = Shape({"text": plain(75), "value": string(150)}, {"description": plain(75), "url": URL})
MARKED_OPTION = option(marked(75))
OPTION_GROUP = Shape({"label": plain(75), "options": many(OPTION, 100)})


def _initial_is_an_option(value: Any, at: str) -> Iterator[str]:
    """Slack compares the whole option, description included."""
    options = [*value.get("options", [])]
    for group in value.get("option_groups", []):
        options += group.get("options", []) if isinstance(group, dict) else []
    chosen = value.get("initial_options", [])
    chosen = [*chosen, value["initial_option"]] if "initial_option" in value else chosen
    if any(choice not in options for choice in chosen):
        yield f"{at}: an initial option is none of the options"


def _values_differ(value: Any, at: str) -> Iterator[str]:
    options = value.get("options", [])
    values = [item.get("value") for item in options if isinstance(item, dict)]
    if len(set(map(str, values))) != len(values):
        yield f"{at}.options: two options have the same value"


def _lengths_fit(value: Any, at: str) -> Iterator[str]:
    if value.get("min_length", 0) > value.get("max_length", 3000):
        yield f"{at}: min_length is above max_length"


_COMMON: dict[str, Rule] = {"confirm": CONFIRM, "focus_on_load": flag}
_PLACEHOLDER: dict[str, Rule] = {"placeholder": plain(150)}
_MULTI: dict[str, Rule] = {"max_selected_items": number(1, 1000)}
_IDS = many(string(40), 1000)
_FILTER: dict[str, Rule] = {
    "filter": Shape(
        {},
        {
            "include": many(one_of("im", "mpim", "private", "public"), 4),
            "exclude_external_shared_channels": flag,
            "exclude_bot_users": flag,
        },
        (at_least_one("include", "exclude_external_shared_channels", "exclude_bot_users"),),
    )
}
_CHOICES: dict[str, Rule] = {"options": many(OPTION, 100), "option_groups": many(OPTION_GROUP, 100)}
_ONE_LIST = (exactly_one("options", "option_groups"), _initial_is_an_option, _values_differ)
_REQUEST: dict[str, Rule] = {"response_url_enabled": flag}


def _element(optional: dict[str, Rule], required: dict[str, Rule] | None = None, *also: Rule) -> Shape:
    return Shape(required or {}, {"action_id": ID, **_COMMON, **optional}, also)


def _field(optional: dict[str, Rule], required: dict[str, Rule] | None = None, *also: Rule) -> Shape:
    """An element that is typed into; it asks for no confirmation."""
    common: dict[str, Rule] = {"action_id": ID, "focus_on_load": flag, **_PLACEHOLDER}
    return Shape(required or {}, {**common, "dispatch_action_config": _DISPATCH, **optional}, also)


_DISPATCH = Shape({"trigger_actions_on": many(one_of("on_enter_pressed", "on_character_entered"), 2)})
ELEMENTS = Typed(
    {
        "button": Shape(
            {"text": plain(75)},
            {
                "action_id": ID,
                "url": URL,
                "value": string(2000, least=0),
                "style": one_of("primary", "danger"),
                "confirm": CONFIRM,
                "accessibility_label": string(75),
            },
        ),
        "image": IMAGE,
        "static_select": _element({**_PLACEHOLDER, **_CHOICES, "initial_option": OPTION}, None, *_ONE_LIST),
        "multi_static_select": _element(
            {**_PLACEHOLDER, **_CHOICES, **_MULTI, "initial_options": many(OPTION, 100)}, None, *_ONE_LIST
        ),
        "external_select": _element({**_PLACEHOLDER, "initial_option": OPTION, "min_query_length": number(0, 100)}),
        "multi_external_select": _element(
            {
                **_PLACEHOLDER,
                **_MULTI,
                "initial_options": many(OPTION, 100),
                "min_query_length": number(0, 100),
            }
        ),
        "users_select": _element({**_PLACEHOLDER, "initial_user": string(40)}),
        "multi_users_select": _element({**_PLACEHOLDER, **_MULTI, "initial_users": _IDS}),
        "channels_select": _element({**_PLACEHOLDER, **_REQUEST, "initial_channel": string(40)}),
        "multi_channels_select": _element({**_PLACEHOLDER, **_MULTI, "initial_channels": _IDS}),
        "conversations_select": _element(
            {
                **_PLACEHOLDER,
                **_REQUEST,
                **_FILTER,
                "initial_conversation": string(40),
                "default_to_current_conversation": flag,
            }
        ),
        "multi_conversations_select": _element(
            {
                **_PLACEHOLDER,
                **_MULTI,
                **_FILTER,
                "initial_conversations": _IDS,
                "default_to_current_conversation": flag,
            }
        ),
        "overflow": Shape({"options": many(OVERFLOW_OPTION, 5)}, {"action_id": ID, "confirm": CONFIRM}),
        "checkboxes": _element(
            {"initial_options": many(MARKED_OPTION, 10)},
            {"options": many(MARKED_OPTION, 10)},
            _initial_is_an_option,
            _values_differ,
        ),
        "radio_buttons": _element(
            {"initial_option": MARKED_OPTION},
            {"options": many(MARKED_OPTION, 10)},
            _initial_is_an_option,
            _values_differ,
        ),
        "datepicker": _element({**_PLACEHOLDER, "initial_date": string(10, least=10)}),
        "timepicker": _element({**_PLACEHOLDER, "initial_time": string(5, least=5), "timezone": string(50)}),
        "datetimepicker": _element({"initial_date_time": number(10**9, 10**10 - 1)}),
        "plain_text_input": _field(
            {
                "initial_value": string(3000, least=0),
                "multiline": flag,
                "min_length": number(0, 3000),
                "max_length": number(1, 3000),
            },
            None,
            _lengths_fit,
        ),
        "email_text_input": _field({"initial_value": string(3000)}),
        "url_text_input": _field({"initial_value": string(3000)}),
        "rich_text_input": _field({"initial_value": anything}),
        "number_input": _field(
            {"initial_value": string(30), "min_value": string(30), "max_value": string(30)},
            {"is_decimal_allowed": flag},
        ),
        "file_input": Shape({}, {"action_id": ID, "filetypes": many(string(20), 100), "max_files": number(1, 10)}),
    }
)
_SELECTS = tuple(name for name in ELEMENTS.shapes if name.endswith("_select"))
_PICKERS = ("datepicker", "timepicker", "datetimepicker", "checkboxes", "radio_buttons")
IN_ACTIONS = ELEMENTS.only("button", "overflow", *_SELECTS, *_PICKERS)
IN_SECTION = ELEMENTS.only("image", *(name for name in IN_ACTIONS.shapes if name != "datetimepicker"))
IN_INPUT = ELEMENTS.only(*_SELECTS, *_PICKERS, *(name for name in ELEMENTS.shapes if name.endswith("_input")))

SURFACES: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(("email_text_input", "file_input", "number_input", "url_text_input"), ("modals",)),
    "rich_text_input": ("modals", "Home tabs"),
    "datetimepicker": ("modals", "messages"),
    **dict.fromkeys(("markdown", "table"), ("messages",)),
}
"""Where a block or an element may stand, for those that may not stand everywhere."""

_STYLE = Shape({}, dict.fromkeys(("bold", "italic", "strike", "underline", "code"), flag))
_STYLED: dict[str, Rule] = {"style": _STYLE}
INLINE = Typed(
    {
        "text": Shape({"text": string(3000)}, _STYLED),
        "link": Shape({"url": URL}, {"text": string(3000), "unsafe": flag, **_STYLED}),
        "emoji": Shape({"name": string(100)}, {"unicode": string(100), **_STYLED}),
        "user": Shape({"user_id": string(40)}, _STYLED),
        "channel": Shape({"channel_id": string(40)}, _STYLED),
        "date": Shape(
            {"timestamp": number(0, 10**11), "format": string(200)},
            {"url": URL, "fallback": string(200), **_STYLED},
        ),
        "color": Shape({"value": string(30)}, _STYLED),
    }
)
_INLINES = many(INLINE, 1000)
_SECTION = Typed({"rich_text_section": Shape({"elements": _INLINES})})
_BORDER: dict[str, Rule] = {"border": number(0, 1)}
RICH = Typed(
    {
        "rich_text_section": _SECTION.shapes["rich_text_section"],
        "rich_text_list": Shape(
            {"style": one_of("bullet", "ordered"), "elements": many(_SECTION, 1000)},
            {"indent": number(0, 8), "offset": number(0, 1000), **_BORDER},
        ),
        "rich_text_quote": Shape({"elements": _INLINES}, _BORDER),
        "rich_text_preformatted": Shape({"elements": many(INLINE.only("text", "link"), 1000)}, _BORDER),
    }
)
RICH_TEXT = Shape({"elements": many(RICH, 1000)}, {"block_id": ID})
