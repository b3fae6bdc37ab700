"""`/mailstatus`: at once what is known, complete a moment later, and what a lead may do with it."""

from __future__ import annotations

import pytest

from bot.playground.slack_people import GUEST, LEAD
from bot.serve import StatusEdges
from bot.slack.state import NoState
from bot.slack.status_state import MOST_DOMAINS, MOST_OF_A_VALUE, StatusState, StatusView, pack_status, unpack_status
from tests.slack.conftest import Desk, Open, shown
from tests.slack.status_script import ScriptedServers, ScriptedStatuses, ask


@pytest.fixture
async def desk(status_desk: Desk) -> Desk:
    """A desk at which the statuses are scripted."""
    return status_desk


async def test_a_status_that_is_soon_whole_is_one_message(desk: Desk) -> None:
    """Verdict first; details are folded away; private."""
    reply = await ask(desk, "jan@example.cz", user=LEAD)
    assert reply.body["response_type"] == "ephemeral"
    assert "example.cz" in reply.body["text"]
    assert "jan" not in shown(reply.body)
    assert {element["action_id"] for _, element in reply.message.elements} == {
        "status_show", "status_clients", "status_settings", "status_again", "status_share",
    }  # fmt: skip
    assert not desk.slack.answers


async def test_what_takes_longer_is_named_and_follows_as_one_message(desk: Desk, statuses: ScriptedStatuses) -> None:
    """The acknowledgement holds what is known after a second and a half."""
    statuses.gate.clear()
    reply = await ask(desk, "example.cz", user=LEAD)
    assert 1.4 < reply.seconds < 2.5
    assert "SMTP 587" in shown(reply.body)
    statuses.gate.set()
    answer = await desk.slack.next_response()
    assert "SMTP 587" not in shown(answer.body)
    assert answer.message is not reply.message


async def test_names_beyond_the_most_are_said_to_be_left_out(desk: Desk, statuses: ScriptedStatuses) -> None:
    """Nobody takes a summary for whole that is not."""
    names = " ".join(f"d{number}.cz" for number in range(MOST_DOMAINS + 3))
    reply = await ask(desk, names, user=LEAD)
    assert len(statuses.asked) == MOST_DOMAINS
    assert "vynecháno: 3" in shown(reply.body) or "left out: 3" in shown(reply.body)
    (menu,) = [element for _, element in reply.message.elements if element["action_id"] == "status_open"]
    assert len(menu["options"]) == MOST_DOMAINS


async def test_a_look_that_never_ends_gives_what_is_known(open_desk: Open, statuses: ScriptedStatuses) -> None:
    """A deadline gives a partial answer, never none: of a domain and of a server."""
    edges = StatusEdges(statuses, ScriptedServers(statuses))
    async with open_desk(statuses=edges, MAILBOT_TIMEOUT="1") as desk:
        statuses.gate.clear()
        assert "SMTP 587" in shown((await ask(desk, "example.cz mail8 zahrada.cz", user=LEAD)).body)
        answer = await desk.slack.next_response()
        assert all(name in shown(answer.body) for name in ("example.cz", "mail8.skok.cz", "zahrada.cz"))


async def test_a_server_has_a_status_too(desk: Desk, statuses: ScriptedStatuses) -> None:
    """By its number or its name; in two speeds as a domain; no settings for a client."""
    reply = await ask(desk, "mail8", user=LEAD)
    assert "mail8.skok.cz" in reply.body["text"]
    assert "status_settings" not in {element["action_id"] for _, element in reply.message.elements}
    assert statuses.asked == [("mail8.skok.cz", False)]
    statuses.gate.clear()
    so_far = await ask(desk, "mail3.skok.cz", user=LEAD)
    assert "mail3.skok.cz" in so_far.body["text"]
    assert "SMTP 587" in shown(so_far.body)
    statuses.gate.set()
    assert "mail3.skok.cz" in (await desk.slack.next_response()).body["text"]
    mixed = await ask(desk, "example.cz mail8", user=LEAD)
    assert "mail8.skok.cz" in shown(mixed.body)


@pytest.mark.parametrize("text", ["", "help", "nápověda"])
async def test_help(desk: Desk, statuses: ScriptedStatuses, text: str) -> None:
    """With real examples."""
    assert "/mailstatus example.cz" in shown((await ask(desk, text)).body)
    assert statuses.asked == []


@pytest.mark.parametrize("text", ["nonsense", "example.cz not_a_domain"])
async def test_what_is_no_domain_is_said(desk: Desk, statuses: ScriptedStatuses, text: str) -> None:
    """And nothing is looked at."""
    body = (await ask(desk, text, user=LEAD)).body
    assert text.split()[-1] in body["text"]
    assert "Status of mail" in shown(body)
    assert "outlook" not in shown(body)
    assert statuses.asked == []


async def test_guests_are_refused(desk: Desk, statuses: ScriptedStatuses) -> None:
    """As with settings."""
    assert "colleague" in (await ask(desk, "example.cz", user=GUEST)).body["text"]
    assert statuses.asked == []


async def test_trouble_is_told_with_an_id(desk: Desk, statuses: ScriptedStatuses) -> None:
    """At once, late, and at a click."""
    reply = await ask(desk, "example.cz")
    statuses.error = RuntimeError("broken")
    assert "kód" in (await ask(desk, "example.cz")).body["text"]
    await desk.slack.press(reply.message, "status_again")
    assert "kód" in (await desk.slack.next_response()).body["text"]
    statuses.gate.clear()
    await ask(desk, "example.cz")
    statuses.gate.set()
    assert "kód" in (await desk.slack.next_response()).body["text"]


async def test_the_limit_counts_domains(open_desk: Open, statuses: ScriptedStatuses) -> None:
    """Each is a look-up."""
    async with open_desk(
        statuses=StatusEdges(statuses, ScriptedServers(statuses)), MAILBOT_LOOKUPS_PER_MINUTE="2"
    ) as desk:
        assert "3krát" not in shown((await ask(desk, "a.cz b.cz")).body)
        assert "2krát" in (await ask(desk, "c.cz")).body["text"]


@pytest.mark.parametrize(
    "state",
    [
        StatusState(("example.cz",)),
        StatusState(("example.cz", "xn--hkyrky-ptac70bc.cz"), StatusView.DETAILS, "1700000000.000100"),
        StatusState(("mail8.skok.cz",), StatusView.ALL_CLIENTS),
    ],
)
def test_a_state_comes_back_as_it_went(state: StatusState) -> None:
    """Through a button's value."""
    assert unpack_status(pack_status(state)) == state


def test_long_lists_are_cut_to_what_a_value_holds() -> None:
    """Whole domains only."""
    domains = tuple(f"{'a' * 60}{n}.{'b' * 60}.cz" for n in range(40))
    packed = pack_status(StatusState(domains))
    assert len(packed) <= MOST_OF_A_VALUE
    assert unpack_status(packed).domains == domains[: len(unpack_status(packed).domains)]


@pytest.mark.parametrize(
    "value", [None, "", "s1|||", "s2|||a.cz", "s1|x||a.cz", "s1||<!channel>|a.cz", "s1|||A.cz", "s1|||a", "x" * 3000]
)
def test_what_we_did_not_make_is_no_state(value: object) -> None:
    """Whoever wrote it."""
    with pytest.raises(NoState):
        unpack_status(value)
