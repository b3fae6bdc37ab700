"""The slash command, from the signed request to what the agent sees."""

from __future__ import annotations

import asyncio
import json
import re
from datetime import timedelta

import pytest

from bot.playground.slack_faults import ApiError, RateLimited, ServerError, Slow, Times
from bot.playground.slack_world import user
from tests.slack.conftest import Desk, answer_for, not_kept, refusal_for, shown, with_name


async def test_the_answer_comes_in_the_acknowledgement(desk: Desk) -> None:
    """Settings and controls, for the agent alone."""
    reply = await desk.ask("jan@example.cz thunderbird")
    assert reply.body["response_type"] == "ephemeral"
    assert "mail.example.cz" in reply.body["text"]
    assert "jan" not in shown(reply.body)
    controls = {element["action_id"] for _, element in reply.message.elements}
    assert controls >= {"client", "protocol", "check_again", "share"}
    assert not desk.slack.answers


@pytest.mark.parametrize("text", ["", "help", " HELP ", "nápověda"])
async def test_help_shows_three_examples_and_looks_nothing_up(desk: Desk, text: str) -> None:
    """The examples are real commands."""
    reply = await desk.ask(text)
    assert len(re.findall(r"/mailsettings \S+@?\S* ", shown(reply.body))) == 3
    assert desk.lookup.asked == []


async def test_a_wrong_domain_is_answered_at_once(desk: Desk) -> None:
    """With the nearest right example; nothing is looked up."""
    reply = await desk.ask("nonsense")
    assert "example.cz" in reply.body["text"]
    assert desk.lookup.asked == []


async def test_the_choices_of_an_unknown_client_keep_the_rest_of_the_command(desk: Desk) -> None:
    """Protocol, language and ticket survive the click on what was meant."""
    reply = await desk.ask("example.cz qwertzuiop pop3 en #42")
    await desk.slack.press(reply.message, "choice_0")
    answer = await desk.slack.next_response()
    request, _ = desk.lookup.asked[0]
    assert (request.protocol, request.customer_language, request.ticket) == ("pop3", "en", "#42")
    assert answer.body["replace_original"] is True


async def test_without_a_client_the_menu_of_clients_comes_first(desk: Desk) -> None:
    """Right below the verdict; a choice there asks for that client."""
    reply = await desk.ask("example.cz")
    assert reply.body["blocks"][1]["elements"][0]["action_id"] == "client"
    _, menu = reply.message.elements[0]
    await desk.slack.press(reply.message, "client", menu["option_groups"][0]["options"][0])
    await desk.slack.next_response()
    assert desk.lookup.asked[-1][0].client is not None


async def test_other_candidates_stand_first_in_the_menu(desk: Desk) -> None:
    """Bare `outlook` means one; the others are one click away."""
    reply = await desk.ask("example.cz outlook")
    chosen = desk.lookup.asked[0][0].client
    assert chosen is not None
    menu = next(element for _, element in reply.message.elements if element["action_id"] == "client")
    offered = [option["text"]["text"] for option in menu["option_groups"][0]["options"]]
    assert offered == [client.name for client in chosen.others]


async def test_a_slow_lookup_is_announced_and_then_answered(desk: Desk) -> None:
    """The acknowledgement comes within Slack's time, the answer by response_url."""
    desk.lookup.gate.clear()
    reply = await desk.ask("example.cz thunderbird")
    assert reply.is_ok
    assert 1.4 < reply.seconds < 2.5
    assert "example.cz" in reply.body["text"]
    assert "993" not in shown(reply.body)
    desk.lookup.gate.set()
    answer = await desk.slack.next_response()
    assert "mail.example.cz" in answer.body["text"]
    assert answer.body["response_type"] == "ephemeral"


async def test_an_answer_that_still_holds_is_not_looked_up_again(desk: Desk) -> None:
    """The second command is answered from memory, the same to the letter."""
    first, second = await desk.ask("example.cz thunderbird"), await desk.ask("example.cz thunderbird")
    assert first.body == second.body
    assert len(desk.lookup.asked) == 1


async def test_an_answer_that_may_not_be_kept_is_looked_up_again(desk: Desk) -> None:
    """Nor is a refusal kept."""
    desk.lookup.answer = not_kept
    await desk.ask("example.cz thunderbird")
    desk.lookup.answer = refusal_for
    await desk.ask("example.cz thunderbird")
    await desk.ask("example.cz thunderbird")
    assert len(desk.lookup.asked) == 3


async def test_an_answer_expires(desk: Desk) -> None:
    """Kept for a moment only, it is looked up again after that moment."""
    desk.lookup.answer = lambda request: answer_for(request, kept=timedelta(milliseconds=50))
    await desk.ask("example.cz thunderbird")
    await asyncio.sleep(0.06)
    await desk.ask("example.cz thunderbird")
    assert len(desk.lookup.asked) == 2


async def test_an_exception_is_told_with_an_id_that_is_in_the_log(desk: Desk) -> None:
    """The agent reads a sentence, never a traceback; addresses stay out of the log."""

    def fail(_request: object) -> object:
        raise RuntimeError("broken for jan@example.cz")

    desk.lookup.answer = fail  # type: ignore[assignment]
    reply = await desk.ask("example.cz thunderbird")
    assert _id(reply.body["text"]) in desk.logged()
    assert "RuntimeError" in desk.logged()
    assert "Traceback" not in shown(reply.body)
    assert "jan@" not in desk.logged()


async def test_an_exception_after_the_acknowledgement_is_told_too(desk: Desk) -> None:
    """Where she stands: by response_url."""

    def fail(_request: object) -> object:
        raise RuntimeError("late")

    desk.lookup.answer = fail  # type: ignore[assignment]
    desk.lookup.gate.clear()
    await desk.ask("example.cz thunderbird")
    desk.lookup.gate.set()
    answer = await desk.slack.next_response()
    assert _id(answer.body["text"]) in desk.logged()


async def test_a_lookup_that_never_ends_is_ended(open_desk) -> None:
    """The sentence names the time and an id that is in the log."""
    async with open_desk(MAILBOT_TIMEOUT="0.7") as desk:
        desk.lookup.gate.clear()
        await desk.ask("example.cz thunderbird")
        answer = await desk.slack.next_response()
        assert _id(answer.body["text"]) in desk.logged()
        assert '"code": "timeout"' in desk.logged()


@pytest.mark.parametrize(
    ("locale", "word"), [("cs-CZ", "Ověřit"), ("sk-SK", "Overiť"), ("en-US", "Check"), ("de-DE", "Check")]
)
async def test_the_agent_reads_in_her_own_language(desk: Desk, locale: str, word: str) -> None:
    """cs and sk; everyone else English. Slack is asked once."""
    desk.slack.world.users["U0AGENT"] = user("jana", locale)
    assert word in shown((await desk.ask("example.cz thunderbird")).body)
    await desk.ask("example.cz ios")
    assert len(desk.slack.calls_of("users.info")) == 1


@pytest.mark.parametrize("fault", [ServerError(), ApiError("missing_scope"), RateLimited(60), Slow(2)])
async def test_an_unknown_language_delays_nothing(desk: Desk, fault) -> None:
    """The configured language is used, and the answer is there at once."""
    desk.slack.faults["users.info"] = fault
    reply = await desk.ask("example.cz thunderbird")
    assert reply.seconds < 1
    assert "Ověřit znovu" in shown(reply.body)


@pytest.mark.parametrize("name", ["<!channel>", "<https://bad.example|good>", "*bold* _it_ `code` ~no~", "a&b<c>d"])
async def test_text_from_outside_stays_text(desk: Desk, name: str) -> None:
    """A certificate's name cannot ring, link or format, neither privately nor shared."""
    desk.lookup.answer = with_name(name)
    reply = await desk.ask("example.cz thunderbird")
    await desk.slack.press(reply.message, "share")
    await desk.slack.until(lambda: reply.message.deleted)
    shared = desk.slack.world.channels["C0SUPPORT"].messages[-1]
    for blocks in (reply.body["blocks"], shared.blocks):
        texts = [element for element in _rich_elements(blocks) if name in element.get("text", "")]
        assert texts
        assert all(element["type"] == "text" for element in texts)
    assert "<!channel>" not in reply.body["text"]


async def test_a_late_answer_survives_trouble_at_slack(desk: Desk) -> None:
    """429 and 500 at the response_url pass; the answer arrives."""
    desk.slack.faults["response_url"] = Times(1, RateLimited(1))
    desk.lookup.gate.clear()
    await desk.ask("example.cz thunderbird")
    desk.lookup.gate.set()
    assert "mail.example.cz" in (await desk.slack.next_response()).body["text"]


async def test_every_command_leaves_one_line_without_what_was_typed(desk: Desk) -> None:
    """Code, milliseconds and id; no domain, no address, no client."""
    await desk.ask("jan@example.cz thunderbird #42")
    lines = [json.loads(line) for line in desk.logged().splitlines()]
    (line,) = [line for line in lines if line["event"] == "answered"]
    assert line["code"] == "verified"
    assert line["ms"] >= 0
    assert len(line["request"]) == 8
    assert "example" not in json.dumps(line)


async def test_a_strangers_environment_changes_nothing(open_desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """SLACK_CLIENT_ID would switch Bolt to OAuth."""
    monkeypatch.setenv("SLACK_CLIENT_ID", "1.2")
    monkeypatch.setenv("SLACK_CLIENT_SECRET", "secret")
    async with open_desk() as desk:
        assert (await desk.ask("example.cz thunderbird")).body["blocks"]


async def test_an_event_nobody_asked_for_is_taken_quietly(desk: Desk) -> None:
    """Otherwise Slack would send it three times."""
    assert (await desk.slack.mention("<@U0MAILBOT> hello")).status == 200


async def test_an_unknown_command_is_not_ours(desk: Desk) -> None:
    """404, as Bolt says it."""
    with desk.slack.expecting("/other: status 404"):
        assert (await desk.slack.command("/other", "x")).status == 404


def _id(text: str) -> str:
    """The code that an error's sentence names."""
    found = re.search(r"[0-9a-f]{8}", text)
    assert found is not None, text
    return found[0]


def _rich_elements(blocks):
    for block in blocks:
        if block["type"] == "rich_text":
            for part in block["elements"]:
                yield from part["elements"]
