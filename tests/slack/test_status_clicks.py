"""What a lead may do below a status: details, programs, other domains, asking again, sharing, settings."""

from __future__ import annotations

import pytest

from bot.playground.slack_people import AGENT, LEAD, SUPPORT
from tests.slack.conftest import Desk, shown
from tests.slack.status_script import ScriptedStatuses, ask, choose
from tests.slack.test_form import opened


@pytest.fixture
async def desk(status_desk: Desk) -> Desk:
    """A desk at which the statuses are scripted."""
    return status_desk


async def test_details_on_demand(desk: Desk) -> None:
    """In the same message, and folded away again."""
    reply = await ask(desk, "example.cz", user=LEAD)
    await desk.slack.press(reply.message, "status_show")
    unfolded = await desk.slack.next_response()
    assert unfolded.message is not None
    assert unfolded.message is reply.message
    assert len(shown(unfolded.body)) > len(shown(reply.body))
    await desk.slack.press(unfolded.message, "status_show")
    assert len(shown((await desk.slack.next_response()).body)) < len(shown(unfolded.body))


async def test_checking_again_fills_in_the_same_message(desk: Desk, statuses: ScriptedStatuses) -> None:
    """What is known soon, then everything; past every cache."""
    reply = await ask(desk, "example.cz", user=LEAD)
    statuses.gate.clear()
    await desk.slack.press(reply.message, "status_again")
    first = await desk.slack.next_response()
    assert "SMTP 587" in shown(first.body)
    statuses.gate.set()
    second = await desk.slack.next_response()
    assert first.message is second.message is reply.message
    assert "SMTP 587" not in shown(second.body)
    assert statuses.asked[-1] == ("example.cz", True)


async def test_sharing_posts_it_once(desk: Desk) -> None:
    """Without buttons; nothing was handed out by it."""
    reply = await ask(desk, "example.cz", user=LEAD)
    await desk.slack.press(reply.message, "status_share")
    await desk.slack.until(lambda: reply.message.deleted)
    message = desk.slack.world.channel(SUPPORT).messages[-1]
    assert message.elements == []
    assert LEAD in shown(message)
    assert desk.bot.shared.entries == []


async def test_settings_for_a_client_are_a_form_away(desk: Desk) -> None:
    """With the domain filled in."""
    reply = await ask(desk, "example.cz", user=AGENT)
    await desk.slack.press(reply.message, "status_settings")
    form = await opened(desk)
    (domain,) = (element for _, element in form.elements if element["action_id"] == "domain")
    assert domain["initial_value"] == "example.cz"


async def test_several_domains_are_a_summary(desk: Desk, statuses: ScriptedStatuses) -> None:
    """Each once; the status of each is one choice away, below, so that the summary stays."""
    reply = await ask(desk, "example.cz zahrada.cz EXAMPLE.CZ.", user=LEAD)
    assert [domain for domain, _ in statuses.asked] == ["example.cz", "zahrada.cz"]
    assert "zahrada.cz" in shown(reply.body)
    await choose(desk, reply.message, "zahrada.cz")
    answer = await desk.slack.next_response()
    assert "zahrada.cz" in answer.body["text"]
    assert answer.message is not reply.message
    assert not reply.message.deleted


async def test_what_is_opened_and_takes_longer_is_named_first(desk: Desk, statuses: ScriptedStatuses) -> None:
    """As with a command: two new messages, and the summary stays as it was."""
    reply = await ask(desk, "example.cz zahrada.cz", user=LEAD)
    statuses.gate.clear()
    await choose(desk, reply.message, "zahrada.cz")
    first = await desk.slack.next_response()
    assert "SMTP 587" in shown(first.body)
    statuses.gate.set()
    second = await desk.slack.next_response()
    assert "SMTP 587" not in shown(second.body)
    assert len({id(message) for message in (reply.message, first.message, second.message)}) == 3


async def test_the_menu_names_domains_as_people_write_them(desk: Desk) -> None:
    """With the A-label beside, as everywhere."""
    reply = await ask(desk, "example.cz háčkyčárky.cz", user=LEAD)
    (menu,) = [element for _, element in reply.message.elements if element["action_id"] == "status_open"]
    assert [option["text"]["text"] for option in menu["options"]] == [
        "example.cz", "háčkyčárky.cz (xn--hkyrky-ptac70bc.cz)",
    ]  # fmt: skip


async def test_a_name_too_long_for_a_menu_gets_a_button(desk: Desk) -> None:
    """Slack takes 150 characters in an option; and the domain is still one click away."""
    long = ".".join((*("a" * 50 for _ in range(4)), "cz"))
    reply = await ask(desk, f"example.cz {long}", user=LEAD)
    await desk.slack.press(reply.message, "status_open_0")
    assert long[:40] in (await desk.slack.next_response()).body["text"]


@pytest.mark.parametrize("name", ["example.cz", "mail8"])
async def test_which_clients_get_in_is_one_click_away(desk: Desk, statuses: ScriptedStatuses, name: str) -> None:
    """Measured only then: those of every day with their gate; all others, and who gets in, on demand; and back."""
    reply = await ask(desk, name, user=LEAD)
    assert not any(statuses.measured)
    await desk.slack.press(reply.message, "status_clients")
    usual = await desk.slack.next_response()
    assert usual.message is not None
    assert usual.message is reply.message
    assert all(statuses.measured[1:])
    assert "Outlook 2007 (Windows XP)" in shown(usual.body)
    assert not any(other in shown(usual.body) for other in ("Thunderbird 24", "Thunderbird 78", "Mutt"))
    await desk.slack.press(reply.message, "status_clients")
    everybody = await desk.slack.next_response()
    assert all(other in shown(everybody.body) for other in ("Thunderbird 24", "Thunderbird 78", "Mutt", "X1"))
    await desk.slack.press(reply.message, "status_show")
    back = await desk.slack.next_response()
    assert "Outlook" not in shown(back.body)
    assert statuses.measured[-1:] == ([False] if name == "example.cz" else [])


async def test_clients_are_shared_as_they_are_seen(desk: Desk) -> None:
    """The view that the lead looks at, not another."""
    reply = await ask(desk, "example.cz", user=LEAD)
    await desk.slack.press(reply.message, "status_clients")
    await desk.slack.next_response()
    await desk.slack.press(reply.message, "status_share")
    await desk.slack.until(lambda: reply.message.deleted)
    assert "Outlook 2007 (Windows XP)" in shown(desk.slack.world.channel(SUPPORT).messages[-1])


async def test_details_measure_versions(desk: Desk, statuses: ScriptedStatuses) -> None:
    """The lowest and the highest belong to the details."""
    reply = await ask(desk, "example.cz", user=LEAD)
    await desk.slack.press(reply.message, "status_show")
    await desk.slack.next_response()
    assert statuses.measured == [False, True]
