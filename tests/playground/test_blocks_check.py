"""Each limit of Block Kit: exactly at it passes, one over fails, and the problem says where."""

from __future__ import annotations

from typing import Any

import pytest

from bot.playground.blocks_check import check_message, check_suggestions, check_view

Json = dict[str, Any]


def plain(length: int) -> Json:
    return {"type": "plain_text", "text": "x" * length}


def mrkdwn(text: str) -> Json:
    return {"type": "mrkdwn", "text": text}


def button(**more: Any) -> Json:
    return {"type": "button", "text": plain(5), "action_id": "a", **more}


def options(count: int, text: int = 5, value: int = 5) -> list[Json]:
    return [{"text": plain(text), "value": f"{number:0{value}}"} for number in range(count)]


def actions(*elements: Json) -> Json:
    return {"type": "actions", "elements": list(elements)}


def select(**more: Any) -> Json:
    return {"type": "static_select", "action_id": "s", **more}


def section(**more: Any) -> Json:
    return {"type": "section", **more}


def rich(*elements: Json) -> Json:
    return {"type": "rich_text", "elements": list(elements)}


def numbered(count: int) -> list[Json]:
    return [button(action_id=f"a{number}") for number in range(count)]


def entry(element: Json, label: int = 5) -> Json:
    return {"type": "input", "label": plain(label), "element": element}


def check(*blocks: Json) -> list[str]:
    return check_message({"text": "A sentence.", "blocks": list(blocks)})


LIMITS = {
    "header": (lambda n: {"type": "header", "text": plain(n)}, 150),
    "section text": (lambda n: section(text=plain(n)), 3000),
    "fields": (lambda n: section(fields=[plain(5)] * n), 10),
    "field": (lambda n: section(fields=[plain(n)]), 2000),
    "context": (lambda n: {"type": "context", "elements": [plain(5)] * n}, 10),
    "actions": (lambda n: actions(*numbered(n)), 25),
    "button text": (lambda n: actions(button(text=plain(n))), 75),
    "button value": (lambda n: actions(button(value="x" * n)), 2000),
    "button url": (lambda n: actions(button(url="x" * n)), 3000),
    "accessibility": (lambda n: actions(button(accessibility_label="x" * n)), 75),
    "action_id": (lambda n: actions(button(action_id="x" * n)), 255),
    "block_id": (lambda n: {"type": "divider", "block_id": "x" * n}, 255),
    "options": (lambda n: actions(select(options=options(n))), 100),
    "option text": (lambda n: actions(select(options=options(1, text=n))), 75),
    "option value": (lambda n: actions(select(options=options(1, value=n))), 150),
    "groups": (
        lambda n: actions(select(option_groups=[{"label": plain(5), "options": options(1)}] * n)),
        100,
    ),
    "overflow": (lambda n: actions({"type": "overflow", "action_id": "o", "options": options(n)}), 5),
    "checkboxes": (lambda n: actions({"type": "checkboxes", "action_id": "c", "options": options(n)}), 10),
    "radio": (lambda n: actions({"type": "radio_buttons", "action_id": "c", "options": options(n)}), 10),
    "placeholder": (lambda n: actions(select(options=options(1), placeholder=plain(n))), 150),
    "label": (lambda n: entry({"type": "plain_text_input", "action_id": "p"}, label=n), 2000),
    "max_length": (lambda n: entry({"type": "plain_text_input", "max_length": n}), 3000),
    "confirm title": (
        lambda n: actions(button(confirm={"title": plain(n), "text": plain(3), "confirm": plain(3), "deny": plain(3)})),
        100,
    ),
    "image alt": (lambda n: {"type": "image", "image_url": "https://x", "alt_text": "x" * n}, 2000),
    "indent": (
        lambda n: rich(
            {
                "type": "rich_text_list",
                "style": "bullet",
                "indent": n,
                "elements": [
                    {"type": "rich_text_section", "elements": [{"type": "text", "text": "x"}]},
                ],
            }
        ),
        8,
    ),
    "table rows": (lambda n: {"type": "table", "rows": [[{"type": "raw_text", "text": "x"}]] * n}, 100),
    "table columns": (lambda n: {"type": "table", "rows": [[{"type": "raw_text", "text": "x"}] * n]}, 20),
}


@pytest.mark.parametrize("name", LIMITS)
def test_at_the_limit_passes_and_one_over_fails(name: str):
    make, limit = LIMITS[name]
    assert check(make(limit)) == []
    assert len(check(make(limit + 1))) == 1


@pytest.mark.parametrize(("made", "count"), [([{"type": "divider"}] * 50, 0), ([{"type": "divider"}] * 51, 1)])
def test_a_message_has_fifty_blocks(made, count):
    assert len(check(*made)) == count


@pytest.mark.parametrize(("last", "count"), [(3000, 0), (3001, 2), (2999, 0)])
def test_all_blocks_together_have_a_limit(last, count):
    assert len(check(*[section(text=plain(3000))] * 3, section(text=plain(last)))) == count


WRONG = {
    "blocks[0].type: 'chart' is not allowed here": {"type": "chart"},
    "blocks[0].colour: unknown key": {"type": "divider", "colour": "red"},
    "blocks[0]: needs text or fields": section(),
    "blocks[0].text.type: 'mrkdwn' is not allowed here": {"type": "header", "text": mrkdwn("x")},
    "blocks[0].text.text: 0 characters, at least 1": section(text=plain(0)),
    "blocks[0].elements[0].style: 'red' is none of 'primary', 'danger'": actions(button(style="red")),
    "blocks[0]: action_id 'a' is there 2 times": actions(button(), button()),
    "blocks[0].elements[0]: an initial option is none of the options": actions(
        select(options=options(2), initial_option={"text": plain(6), "value": "00000"})
    ),
    "blocks[0].elements[0]: needs exactly one of options, option_groups": actions(select()),
    "blocks[0]: needs exactly one of image_url, slack_file": {"type": "image", "alt_text": "x"},
    "blocks[0].elements[0].elements[0].type: 'broadcast' is not allowed here": rich(
        {"type": "rich_text_section", "elements": [{"type": "broadcast", "range": "channel"}]}
    ),
    "blocks[0].elements[0].elements[0].text: 0 characters, at least 1": rich(
        {"type": "rich_text_section", "elements": [{"type": "text", "text": ""}]}
    ),
    "blocks[0].element: file_input is for modals only": entry({"type": "file_input", "action_id": "f"}),
    "blocks[0].elements[0].type: 'plain_text_input' is not allowed here": actions(
        {"type": "plain_text_input", "action_id": "p"}
    ),
    "blocks[0].element: min_length is above max_length": entry(
        {"type": "plain_text_input", "min_length": 9, "max_length": 8}
    ),
}


@pytest.mark.parametrize("problem", WRONG)
def test_the_problem_says_where(problem: str):
    assert check(WRONG[problem]) == [problem]


MARKUP = [
    ("a &amp; b &lt; c &gt; d", True),
    ("<https://example.cz|example>", True),
    ("<@U0AGENT> <#C0SUPPORT> <mailto:a@b.cz|a@b.cz>", True),
    ("<!date^1700000000^{date_short_pretty}|14 November>", True),
    ("> a quote\n>>> another", True),
    ("a & b", False),
    ("a < b", False),
    ("a > b", False),
    ("<script>", False),
    ("<!channel> <!here>", False),
    ("<!subteam^S0LEADS>", False),
    ("<javascript:alert(1)|x>", False),
]


@pytest.mark.parametrize(("text", "is_right"), MARKUP)
def test_markup_is_escaped_and_does_not_ring(text: str, is_right: bool):
    assert (check(section(text=mrkdwn(text))) == []) is is_right
    assert (check_message({"text": text}) == []) is is_right


@pytest.mark.parametrize("text", ["<!channel>", "a & b", "<b>"])
def test_plain_text_is_not_parsed(text: str):
    assert check(section(text={"type": "plain_text", "text": text})) == []


@pytest.mark.parametrize(
    ("payload", "problem"),
    [
        ({"blocks": []}, "text: missing"),
        ({"text": "x" * 4001}, "text: 4001 characters, at most 4000"),
        ({"text": "x", "parse": "full"}, "parse: unknown key"),
        ({"text": "x", "attachments": []}, "attachments: unknown key"),
        ({"text": "x", "response_type": "public"}, None),
        ({"text": "x", "blocks": {}}, "blocks: must be a list"),
        ({"text": "x", "blocks": ["x"]}, "blocks[0]: must be an object"),
        ({"text": None}, "text: must be a string"),
    ],
)
def test_the_message_around_the_blocks_is_checked(payload: Json, problem: str | None):
    found = check_message(payload)
    assert len(found) == 1
    assert problem in (None, found[0])


def test_a_message_may_be_deleted_without_a_text():
    assert check_message({"delete_original": True}) == []


def test_ids_of_blocks_are_unique():
    assert check(*[{"type": "divider", "block_id": "b"}] * 2) == ["block_id 'b' is there 2 times"]


def test_a_message_has_one_table():
    table = {"type": "table", "rows": [[{"type": "raw_text", "text": "x"}]]}
    assert check(table, table) == ["blocks: 2 tables, at most 1"]


CELL: Json = {"type": "raw_text", "text": "x"}


def modal(**more: Any) -> Json:
    return {"type": "modal", "title": plain(24), "blocks": [{"type": "divider"}], **more}


@pytest.mark.parametrize(
    ("view", "count"),
    [
        (modal(), 0),
        (modal(title=plain(25)), 1),
        (modal(submit=plain(24), close=plain(24)), 0),
        (modal(submit=plain(25), close=plain(25)), 2),
        (modal(private_metadata="x" * 3000), 0),
        (modal(private_metadata="x" * 3001), 1),
        (modal(blocks=[{"type": "divider"}] * 100), 0),
        (modal(blocks=[{"type": "divider"}] * 101), 1),
        (modal(blocks=[entry({"type": "plain_text_input"})]), 1),
        (modal(blocks=[entry({"type": "plain_text_input"})], submit=plain(4)), 0),
        ({"type": "home", "blocks": []}, 0),
        ({"type": "home", "blocks": [], "title": plain(4)}, 1),
        (modal(blocks=[section(text=plain(3000))] * 90), 1),
    ],
)
def test_views(view: Json, count: int):
    assert len(check_view(view)) == count


SURFACES: dict[str, tuple[Json, str]] = {
    "email_text_input": ({"type": "email_text_input"}, "modals"),
    "url_text_input": ({"type": "url_text_input"}, "modals"),
    "file_input": ({"type": "file_input"}, "modals"),
    "number_input": ({"type": "number_input", "is_decimal_allowed": True}, "modals"),
    "rich_text_input": ({"type": "rich_text_input"}, "modals and Home tabs"),
    "datetimepicker": ({"type": "datetimepicker"}, "modals and messages"),
    "plain_text_input": (
        {"type": "plain_text_input", "dispatch_action_config": {"trigger_actions_on": ["on_enter_pressed"]}},
        "",
    ),
    "multi_users_select": ({"type": "multi_users_select"}, ""),
}


@pytest.mark.parametrize("name", SURFACES)
def test_inputs_stand_where_slack_takes_them(name: str):
    """In messages, in Home tabs and in modals; "" means everywhere."""
    element, places = SURFACES[name]
    blocks = [entry(element)]
    found = {
        "messages": check(*blocks),
        "Home tabs": check_view({"type": "home", "blocks": blocks}),
        "modals": check_view(modal(blocks=blocks, submit=plain(4))),
    }
    for surface, problems in found.items():
        is_right = not places or surface in places
        assert problems == ([] if is_right else [f"blocks[0].element: {name} is for {places} only"])


@pytest.mark.parametrize("block", [{"type": "markdown", "text": "x"}, {"type": "table", "rows": [[CELL]]}])
def test_some_blocks_are_for_messages_only(block: Json):
    assert check(block) == []
    problem = f"blocks[0]: {block['type']} is for messages only"
    assert check_view(modal(blocks=[block])) == check_view({"type": "home", "blocks": [block]}) == [problem]


def test_a_response_url_is_for_inputs_of_modals():
    where = {"type": "conversations_select", "action_id": "w", "response_url_enabled": True}
    assert check_view(modal(blocks=[entry(where)], submit=plain(4))) == []
    problem = "response_url_enabled is for inputs in modals only"
    assert check(entry(where)) == [f"blocks[0].element: {problem}"]
    assert check(actions(where)) == [f"blocks[0].elements[0]: {problem}"]
    assert check_view(modal(blocks=[section(text=plain(3), accessory=where)])) == [f"blocks[0].accessory: {problem}"]


def test_one_element_has_the_focus():
    focused = [entry({"type": "plain_text_input", "action_id": name, "focus_on_load": True}) for name in "ab"]
    assert check_view(modal(blocks=focused[:1], submit=plain(4))) == []
    problem = "blocks: 2 elements have focus_on_load, at most 1"
    assert check_view(modal(blocks=focused, submit=plain(4))) == [problem]


@pytest.mark.parametrize(
    ("filter", "count"),
    [
        ({"include": ["im", "private"]}, 0),
        ({"exclude_bot_users": True, "exclude_external_shared_channels": True}, 0),
        ({}, 1),
        ({"include": []}, 1),
        ({"include": ["direct"]}, 1),
        ({"exclude": ["im"]}, 2),
    ],
)
def test_filters_of_conversations(filter: Json, count: int):
    assert len(check(actions({"type": "conversations_select", "action_id": "c", "filter": filter}))) == count


@pytest.mark.parametrize(
    ("block", "problem"),
    [
        (actions(select(options=[{**options(1)[0], "url": "https://x"}])), "elements[0].options[0].url: unknown key"),
        (
            section(text=plain(3), accessory={"type": "datetimepicker"}),
            "accessory.type: 'datetimepicker' is not allowed here",
        ),
        (entry({"type": "plain_text_input", "confirm": {}}), "element.confirm: unknown key"),
        (
            actions({"type": "datepicker", "initial_date": "1.1.2026"}),
            "elements[0].initial_date: 8 characters, at least 10",
        ),
    ],
)
def test_what_looks_likely_and_is_not(block: Json, problem: str):
    assert check(block) == [f"blocks[0].{problem}"]


def test_only_options_of_an_overflow_menu_have_links():
    menu = {"type": "overflow", "action_id": "o", "options": [{**options(1)[0], "url": "https://x"}]}
    assert check(actions(menu)) == []


def test_suggestions():
    assert check_suggestions({"options": options(100)}) == []
    assert check_suggestions({"options": []}) == []
    assert len(check_suggestions({"options": options(101)})) == 1
    assert len(check_suggestions({})) == 1
