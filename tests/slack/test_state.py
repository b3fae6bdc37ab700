"""What buttons carry: there and back, within Slack's limits, whatever comes back."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from bot.catalogue.reader import load_catalogue
from bot.domain import DomainName, parse_domain
from bot.facts import Protocol
from bot.playground.blocks_check import check_message
from bot.reply.words import words
from bot.request import LANGUAGES, HostKind
from bot.slack.controls import Controls
from bot.slack.messages import Messages
from bot.slack.state import NoState, State, View, block_id, pack, request_of, state_of, unpack
from tests.slack.conftest import answer_for, refusal_for

CATALOGUE = load_catalogue()
LABEL = st.from_regex(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?", fullmatch=True)
IDS = st.sampled_from(sorted(CATALOGUE.clients))


@st.composite
def domains(draw: st.DrawFn) -> str:
    """Domains up to 253 characters."""
    labels = draw(st.lists(LABEL, min_size=1, max_size=8))
    domain = parse_domain(".".join([*labels, "cz"])[-253:].lstrip(".-"))
    assume(isinstance(domain, DomainName))
    assert isinstance(domain, DomainName)
    return domain.ascii


@st.composite
def states(draw: st.DrawFn) -> State:
    """Every question one can ask."""
    client = draw(st.none() | IDS)
    systems = list(CATALOGUE.clients[client].systems) if client else []
    return State(
        domain=draw(domains()),
        client=client,
        system=draw(st.sampled_from([None, *systems])),
        protocol=draw(st.sampled_from([Protocol.IMAP, Protocol.POP3])),
        customer_language=draw(st.sampled_from([None, *LANGUAGES])),
        ticket=draw(st.none() | st.from_regex(r"#[A-Za-z0-9][A-Za-z0-9_-]{0,19}", fullmatch=True)),
        host_kind=draw(st.sampled_from([None, *HostKind])),
        view=draw(st.sampled_from(View)),
        others=tuple(draw(st.lists(IDS, max_size=8, unique=True))) if client else (),
        thread=draw(st.none() | st.from_regex(r"[1-9][0-9]{9}\.[0-9]{6}", fullmatch=True)),
        can_share=draw(st.booleans()),
    )


@settings(deadline=None)
@given(states())
def test_a_state_comes_back_as_it_went(state: State) -> None:
    """Only other candidates may be missing, the last ones, where there was no room."""
    place, value = block_id("m1", state), pack(state)
    assert len(place) <= 255
    assert len(value) <= 150
    back = unpack(place, value)
    assert back.others == state.others[: len(back.others)]
    assert replace(state, others=back.others) == back
    asked = state_of(request_of(back, CATALOGUE.clients), back.thread, can_share=back.can_share)
    assert replace(asked, view=back.view) == back


def test_the_longest_domain_fits() -> None:
    """253 characters and the two in front."""
    domain = parse_domain(".".join(["a" * 63, "b" * 63, "c" * 63, "d" * 58, "cz"]))
    assert isinstance(domain, DomainName)
    state = State(domain.ascii, "outlook-2007")
    assert len(domain.ascii) == 253
    assert unpack(block_id("b1", state), pack(state)) == state


@settings(deadline=None)
@given(st.text(max_size=300), st.text(max_size=300))
def test_anything_else_is_refused(place: str, value: str) -> None:
    """With one exception, the expected one."""
    try:
        unpack(place, value)
    except NoState:
        return
    assert value.startswith("1|")


@pytest.mark.parametrize(
    "value", [None, 7, "", "1||||||||", "1|A|", "1|A||i|||||", "1|||i||#a b|||", "1|||x|||||", "1|||i|de||||"]
)
def test_forged_values(value: object) -> None:
    """Types and alphabets are checked."""
    with pytest.raises(NoState):
        unpack("m1example.cz", value)


@pytest.mark.parametrize("place", [None, 7, "", "m1", "m1.cz", "M1example.cz", "m1mail.example.cz", "m1exa mple.cz"])
def test_forged_places(place: object) -> None:
    """A domain that we would not have put there."""
    with pytest.raises(NoState):
        unpack(place, pack(State("example.cz")))


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])  # five messages each, on a busy machine
@given(states(), st.sampled_from(LANGUAGES))
def test_every_message_is_one_that_slack_takes_and_every_control_is_understood(state: State, language: str) -> None:
    """Settings, customer's text, refusal and shared message of any question; each click leads to a request."""
    request = request_of(state, CATALOGUE.clients)
    messages = Messages(CATALOGUE)
    answer = answer_for(request, name="<!channel> *x* `y`" * 3)
    drawn = [
        messages.outcome(answer, state, language),
        messages.outcome(refusal_for(request), state, language),
        messages.shared(answer, state, language, "U0AGENT"),
    ]
    for message in drawn:
        assert check_message(message) == []
    controls = Controls(state, CATALOGUE, words(language))
    blocks = [*controls.choose_client(), *controls.under_settings(answer), *controls.under_customer_text("cs")]
    for place, value in _values(blocks):
        request_of(unpack(place, value), CATALOGUE.clients)


def _values(blocks):
    for block in blocks:
        for element in block["elements"]:
            options = [*element.get("options", [])]
            for group in element.get("option_groups", []):
                options += group["options"]
            for item in options or [element]:
                if "value" in item:
                    yield block["block_id"], item["value"]
