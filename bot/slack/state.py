"""What a button knows: the whole question, packed into the ids and values that Slack hands back at a click.

The domain (up to 253 characters) travels in the block's id behind two characters that keep ids unique in a message;
everything else in the element's value, which holds 150. Nothing is kept on our side or read from the message.
Pure; what comes back is read with suspicion, for anyone may have written it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from bot.catalogue.model import Chosen, Client
from bot.domain import DomainName, parse_domain
from bot.facts import Protocol
from bot.request import LANGUAGES, HostKind, Report, SettingsRequest
from bot.symptoms.reader import load_symptoms

MOST_OF_A_VALUE = 150
VERSION = "2"
"""Changes when the meaning of a value does: older buttons then get a friendly answer, not a wrong one."""

_BLOCK_ID = re.compile(r"([a-z][0-9])([a-z0-9.-]{3,253})")
_CLIENT = re.compile(r"[a-z0-9][a-z0-9.-]{0,31}")
_TICKET = re.compile(r"#[A-Za-z0-9][A-Za-z0-9_-]{0,19}", re.ASCII)
_THREAD = re.compile(r"[0-9]{1,12}\.[0-9]{1,8}", re.ASCII)
_SYMPTOM = re.compile(r"[a-z0-9-]{1,24}")
_NAME = re.compile(r"[a-z0-9_.-]{1,253}")
_PROTOCOLS = {"i": Protocol.IMAP, "p": Protocol.POP3}
_HOSTS = {"d": HostKind.DOMAIN, "s": HostKind.SERVER}


class View(StrEnum):
    """What the private message shows."""

    SETTINGS = "settings"
    CUSTOMER = "customer"


_VIEWS = {"": View.SETTINGS, "c": View.CUSTOMER}


class NoState(Exception):
    """A click whose ids or value are not ours, or name what is no longer known."""


@dataclass(frozen=True, slots=True)
class State:
    """One question in plain words: ids instead of objects, so that it can be packed, compared and used as a key."""

    domain: str
    client: str | None = None
    system: str | None = None
    protocol: Protocol = Protocol.IMAP
    customer_language: str | None = None
    ticket: str | None = None
    host_kind: HostKind | None = None
    view: View = View.SETTINGS
    others: tuple[str, ...] = ()
    report: Report | None = None
    thread: str | None = None
    can_share: bool = True
    """Shown to one person where others could see it too: only then is there anything to share."""


def state_of(request: SettingsRequest, thread: str | None = None, *, can_share: bool = True) -> State:
    """The state that asks the same question again, in a thread or not."""
    chosen = request.client
    return State(
        domain=request.domain.ascii,
        client=chosen.client.id if chosen else None,
        system=chosen.system if chosen else None,
        protocol=request.protocol,
        customer_language=request.customer_language,
        ticket=request.ticket,
        host_kind=request.host_kind,
        others=tuple(client.id for client in chosen.others) if chosen else (),
        report=request.report,
        thread=thread,
        can_share=can_share,
    )


def request_of(state: State, clients: Mapping[str, Client]) -> SettingsRequest:
    """The question a state stands for. Raises NoState for a client or system that the catalogue does not have."""
    return SettingsRequest(
        domain=_domain(state.domain),
        client=_chosen(state, clients),
        protocol=state.protocol,
        customer_language=state.customer_language,
        ticket=state.ticket,
        host_kind=state.host_kind,
        report=_report(state),
    )


def block_id(prefix: str, state: State) -> str:
    """The id of a block with controls: `prefix` is a letter and a digit, once in a message."""
    return prefix + state.domain


def pack(state: State) -> str:
    """Everything but the domain in at most 150 characters.

    Where there is no room, the name on a certificate is left out (it is asked for again then), and other candidates.
    """
    fields = (
        VERSION,
        state.client or "",
        state.system or "",
        _key(_PROTOCOLS, state.protocol),
        state.customer_language or "",
        state.ticket or "",
        _key(_HOSTS, state.host_kind),
        _key(_VIEWS, state.view),
        state.thread or "",
        "" if state.can_share else "n",
        state.report.symptom if state.report else "",
    )
    packed, name = "|".join(fields) + "|", (state.report.name if state.report else None) or ""
    packed += f"{name}|" if len(packed) + len(name) < MOST_OF_A_VALUE else "|"
    for number, other in enumerate(state.others):
        added = f",{other}" if number else other
        if len(packed) + len(added) > MOST_OF_A_VALUE:
            break
        packed += added
    return packed


def unpack(block: object, value: object) -> State:
    """The state that a click carries. Raises NoState for anything that `pack` did not make."""
    place = _BLOCK_ID.fullmatch(block) if isinstance(block, str) else None
    fields = value.split("|") if isinstance(value, str) and len(value) <= MOST_OF_A_VALUE else []
    if place is None or len(fields) != 13 or fields[0] != VERSION:
        raise NoState
    _, client, system, protocol, language, ticket, host, view, thread, sharing, symptom, name, others = fields
    try:
        return State(
            domain=_domain(place[2]).ascii,
            client=_matching(_CLIENT, client),
            system=_matching(_CLIENT, system),
            protocol=_PROTOCOLS[protocol],
            customer_language={"": None, **{name: name for name in LANGUAGES}}[language],
            ticket=_matching(_TICKET, ticket),
            host_kind={"": None, **_HOSTS}[host],
            view=_VIEWS[view],
            others=tuple(filter(None, (_matching(_CLIENT, other) for other in others.split(",")))),
            report=Report(symptom, _matching(_NAME, name)) if _matching(_SYMPTOM, symptom) else None,
            thread=_matching(_THREAD, thread),
            can_share={"": True, "n": False}[sharing],
        )
    except KeyError:
        raise NoState from None


def _domain(text: str) -> DomainName:
    domain = parse_domain(text)
    if not isinstance(domain, DomainName) or domain.ascii != text:
        raise NoState
    return domain


def _chosen(state: State, clients: Mapping[str, Client]) -> Chosen | None:
    if state.client is None:
        return None
    client = clients.get(state.client)
    if client is None or (state.system is not None and state.system not in client.systems):
        raise NoState
    return Chosen(client, state.system, tuple(clients[id] for id in state.others if id in clients))


def _report(state: State) -> Report | None:
    if state.report is not None and state.report.symptom not in load_symptoms():
        raise NoState
    return state.report


def _matching(pattern: re.Pattern[str], text: str) -> str | None:
    if text and not pattern.fullmatch(text):
        raise NoState
    return text or None


def _key(names: Mapping[str, object], value: object) -> str:
    return next((name for name, meant in names.items() if meant is value), "")
