"""Would Slack take this message, this view? Stricter than Slack: what only looks wrong is a violation too.

Pure: `check_message(payload)` gives a list of sentences such as
"blocks[2].accessory.text.text: 76 characters, at most 75"; an empty list means that all is well.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from bot.playground.blocks_schema import (
    ELEMENTS,
    ID,
    IMAGE,
    IN_ACTIONS,
    IN_INPUT,
    IN_SECTION,
    OPTION,
    OPTION_GROUP,
    RICH_TEXT,
    SURFACES,
    marked,
    plain,
)
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
    one_of,
    string,
)

MOST_BLOCKS, MOST_BLOCKS_OF_A_VIEW = 50, 100
MOST_CHARACTERS = 12_000
"""Over all blocks. Slack's own limit is not published; about 13,200 were refused (slackapi/bolt-js#2509)."""
MOST_TEXT = 4_000
MOST_BYTES_OF_A_VIEW = 250_000


def _block(required: Mapping[str, Rule], optional: Mapping[str, Rule] | None = None, *also: Rule) -> Shape:
    return Shape(required, {"block_id": ID, **(optional or {})}, also)


_CELL = Typed(
    {
        "raw_text": Shape({"text": string(3000)}),
        "raw_number": Shape({"value": anything}, {"text": string(300)}),
        "rich_text": RICH_TEXT,
    }
)
_COLUMN = Shape({}, {"align": one_of("left", "center", "right"), "is_wrapped": flag})
_ACTIONS_ELEMENTS = many(IN_ACTIONS, 25)
BLOCKS = Typed(
    {
        "section": _block(
            {},
            {"text": marked(3000), "fields": many(marked(2000), 10), "accessory": IN_SECTION, "expand": flag},
            at_least_one("text", "fields"),
        ),
        "header": _block({"text": plain(150)}),
        "divider": _block({}),
        "context": _block({"elements": many(Typed({**marked(3000).shapes, **ELEMENTS.only("image").shapes}), 10)}),
        "actions": _block({"elements": _ACTIONS_ELEMENTS}),
        "input": _block(
            {"label": plain(2000), "element": IN_INPUT},
            {"hint": plain(2000), "optional": flag, "dispatch_action": flag},
        ),
        "image": Shape(IMAGE.required, {**IMAGE.optional, "title": plain(2000), "block_id": ID}, IMAGE.also),
        "rich_text": RICH_TEXT,
        "markdown": _block({"text": string(12_000)}),
        "table": _block({"rows": many(many(_CELL, 20), 100)}, {"column_settings": many(_COLUMN, 20, least=0)}),
        "alert": _block({"text": marked(3000)}, {"level": one_of("default", "info", "warning", "error", "success")}),
    }
)
_METADATA = Shape({"event_type": string(255), "event_payload": anything})
_TIMESTAMP = string(20)
MESSAGE = Shape(
    {"text": both(string(MOST_TEXT), markup)},
    {
        "blocks": many(BLOCKS, MOST_BLOCKS, least=0),
        "channel": string(40),
        "user": string(40),
        "ts": _TIMESTAMP,
        "thread_ts": _TIMESTAMP,
        "reply_broadcast": flag,
        "mrkdwn": flag,
        "metadata": _METADATA,
        "unfurl_links": flag,
        "unfurl_media": flag,
        "response_type": one_of("ephemeral", "in_channel"),
        "replace_original": flag,
        "delete_original": flag,
        "client_msg_id": string(100),
    },
)
_VIEW_COMMON: dict[str, Rule] = {
    "private_metadata": string(3000, least=0),
    "callback_id": string(255, least=0),
    "external_id": string(255, least=0),
}
_VIEW_BLOCKS: dict[str, Rule] = {"blocks": many(BLOCKS, MOST_BLOCKS_OF_A_VIEW, least=0)}
VIEWS = Typed(
    {
        "modal": Shape(
            {"title": plain(24), **_VIEW_BLOCKS},
            {
                **_VIEW_COMMON,
                "submit": plain(24),
                "close": plain(24),
                "clear_on_close": flag,
                "notify_on_close": flag,
                "submit_disabled": flag,
            },
        ),
        "home": Shape(_VIEW_BLOCKS, _VIEW_COMMON),
    }
)
_SUGGESTIONS = Shape(
    {},
    {"options": many(OPTION, 100, least=0), "option_groups": many(OPTION_GROUP, 100, least=0)},
    (exactly_one("options", "option_groups"),),
)


def check_message(payload: Mapping[str, Any]) -> list[str]:
    """What is wrong with a message as sent to chat.* or a response_url, or as an acknowledgement."""
    if payload.get("delete_original") is True and set(payload) == {"delete_original"}:
        return []
    blocks = _list(payload.get("blocks"))
    problems = [
        *MESSAGE(dict(payload), "message"),
        *_check_blocks(blocks, "messages"),
        *_totals(blocks),
    ]
    return [problem.removeprefix("message.") for problem in problems]


def check_view(view: Mapping[str, Any]) -> list[str]:
    """What is wrong with a modal or a Home tab."""
    blocks = _list(view.get("blocks"))
    surface = "Home tabs" if view.get("type") == "home" else "modals"
    problems = [*VIEWS(dict(view), "view"), *_check_blocks(blocks, surface)]
    has_input = any(_dict(block).get("type") == "input" for block in blocks)
    if view.get("type") == "modal" and has_input and "submit" not in view:
        problems.append("view.submit: missing, though there is an input block")
    if (size := len(json.dumps(view))) > MOST_BYTES_OF_A_VIEW:
        problems.append(f"view: {size} bytes, at most {MOST_BYTES_OF_A_VIEW}")
    return [problem.removeprefix("view.") for problem in problems]


def check_suggestions(answer: Mapping[str, Any]) -> list[str]:
    """What is wrong with the answer to a block_suggestion."""
    return list(_SUGGESTIONS(dict(answer), "answer"))


def _check_blocks(blocks: list[Any], surface: str) -> Iterator[str]:
    """Ids are unique: of blocks in the whole, of actions in their block. And everything is in its place."""
    yield from _misplaced(blocks, surface)
    yield from _doubles("block_id", (_dict(block).get("block_id") for block in blocks))
    for index, block in enumerate(blocks):
        elements = [*_list(_dict(block).get("elements")), _dict(block).get("accessory")]
        ids = (_dict(element).get("action_id") for element in elements)
        yield from (f"blocks[{index}]: {problem}" for problem in _doubles("action_id", ids))


def _misplaced(blocks: list[Any], surface: str) -> Iterator[str]:
    in_focus = 0
    for index, block in enumerate(blocks):
        for path, part in _parts(_dict(block)):
            kind = str(part.get("type"))
            if surface not in (places := SURFACES.get(kind, (surface,))):
                yield f"blocks[{index}]{path}: {kind} is for {' and '.join(places)} only"
            if part.get("response_url_enabled") and (surface, path) != ("modals", ".element"):
                yield f"blocks[{index}]{path}: response_url_enabled is for inputs in modals only"
            in_focus += part.get("focus_on_load") is True
    if in_focus > 1:
        yield f"blocks: {in_focus} elements have focus_on_load, at most 1"


def _parts(block: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """A block and its elements, each with the path to it."""
    yield "", block
    for key in ("accessory", "element"):
        yield f".{key}", _dict(block.get(key))
    for index, element in enumerate(_list(block.get("elements"))):
        yield f".elements[{index}]", _dict(element)


def _totals(blocks: list[Any]) -> Iterator[str]:
    kinds = Counter(str(_dict(block).get("type")) for block in blocks)
    if kinds["table"] > 1:
        yield f"blocks: {kinds['table']} tables, at most 1"
    if (length := _length(blocks)) > MOST_CHARACTERS:
        yield f"blocks: {length} characters in all, at most {MOST_CHARACTERS}"
    tables = [block for block in blocks if _dict(block).get("type") == "table"]
    if (length := _length(tables)) > 10_000:
        yield f"blocks: {length} characters in tables, at most 10000"


def _length(value: Any) -> int:
    """The characters of every text that is shown."""
    if isinstance(value, dict):
        texts = (len(item) for key, item in value.items() if key == "text" and isinstance(item, str))
        return sum(texts) + sum(_length(item) for item in value.values() if not isinstance(item, str))
    return sum(map(_length, value)) if isinstance(value, list) else 0


def _doubles(kind: str, ids: Iterable[Any]) -> Iterator[str]:
    for double, times in Counter(value for value in ids if isinstance(value, str)).items():
        if times > 1:
            yield f"{kind} {double!r} is there {times} times"


def _dict(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
