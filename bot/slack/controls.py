"""The buttons and menus below an answer. Pure: from the state and the answer to blocks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from bot.answer import SettingsAnswer
from bot.catalogue.model import Catalogue, Client
from bot.facts import Protocol
from bot.reply.blocks import Block, note_block, plain_text
from bot.reply.words import Words
from bot.request import LANGUAGES, HostKind, Report
from bot.slack.state import State, View, block_id, pack
from bot.symptoms.reader import load_symptoms

MOST_CLIENTS = 90
"""In one menu: Slack takes 100 options, and they count for the length of the message."""
CHECK_AGAIN, SHARE, ENTER_NAME = "check_again", "share", "enter_name"
"""The ids of the buttons that do more than show another state."""


@dataclass(frozen=True)
class Controls:
    """Draws the controls for one state, in the agent's language."""

    state: State
    catalogue: Catalogue
    said: Words

    def under_settings(self, answer: SettingsAnswer) -> list[Block]:
        """Everything an agent may do with an answer. Without a client its menu stands elsewhere: `choose_client`."""
        menus = [self._client_menu("client_placeholder"), *self._system_menu()] if self.state.client else []
        menus.append(self._report_menu())
        buttons = [
            *self._name_button(),
            *self._protocol_button(answer.client),
            *self._host_buttons(answer),
            self._button(
                "customer_text", self.said.text("slack.customer_text"), replace(self.state, view=View.CUSTOMER)
            ),
            self._button(CHECK_AGAIN, self.said.text("slack.check_again"), self.state),
            *self._share_button(),
        ]
        return [*self._actions("m1", menus), *self._actions("b1", buttons), self._note()]

    def choose_client(self) -> list[Block]:
        """The menu of programs that comes first where none was given."""
        return list(self._actions("m0", [self._client_menu("client_first_placeholder")]))

    def under_customer_text(self, language: str) -> list[Block]:
        """The languages of the customer's text, and the way back."""
        options = [
            self._option(self.said.text(f"slack.language_{name}"), self._in_language(name)) for name in LANGUAGES
        ]
        menu: Block = {
            "type": "static_select",
            "action_id": "customer_language",
            "placeholder": plain_text(self.said.text("slack.customer_language"), 150),
            "options": options,
            "initial_option": options[LANGUAGES.index(language)],
        }
        back = self._button("back", self.said.text("slack.back"), replace(self.state, view=View.SETTINGS))
        return list(self._actions("b2", [menu, back]))

    def under_refusal(self) -> list[Block]:
        """What the program says has its cause here, too; else asking again is all that helps."""
        again = self._button(CHECK_AGAIN, self.said.text("slack.check_again"), self.state)
        return list(self._actions("b3", [self._report_menu(), *self._name_button(), again]))

    def under_choices(self, choices: Iterable[Client]) -> list[Block]:
        """A button for each program that may have been meant, and all common ones in a menu."""
        states = ((client, _with_client(self.state, client)) for client in choices)
        buttons = [self._button(f"choice_{n}", client.name, state) for n, (client, state) in enumerate(states)]
        menu = self._client_menu("client_placeholder")
        return [*self._actions("b4", buttons), *self._actions("m1", [menu]), self._note()]

    # The single controls

    def _client_menu(self, placeholder: str) -> Block:
        return {
            "type": "static_select",
            "action_id": "client",
            "placeholder": plain_text(self.said.text(f"slack.{placeholder}"), 150),
            "option_groups": list(self._client_groups()),
        }

    def _client_groups(self) -> Iterator[Block]:
        """Other candidates of an ambiguous word first, then the common programs by section; each program once."""
        clients, language = self.catalogue.clients, self.said.language
        meant = [clients[id] for id in self.state.others if id in clients and id != self.state.client]
        common = [client for client in self.catalogue.common if client not in meant][:MOST_CLIENTS]
        groups = {self.said.text("slack.client_meant"): meant}
        for client in common:
            groups.setdefault(self.catalogue.section_name(client.section, language), []).append(client)
        for label, members in groups.items():
            if members:
                options = [self._option(client.name, _with_client(self.state, client)) for client in members]
                yield {"label": plain_text(label, 75), "options": options}

    def _system_menu(self) -> Iterator[Block]:
        client = self.catalogue.clients.get(self.state.client or "")
        if client is None or len(client.systems) < 2:
            return
        language = self.said.language
        options = [
            self._option(self.catalogue.system_name(system, language), replace(self.state, client=id, system=system))
            for system, id in client.systems.items()
        ]
        systems, system = list(client.systems), self.state.system
        chosen = systems.index(system) if system is not None and system in systems else None
        yield {
            "type": "static_select",
            "action_id": "system",
            "placeholder": plain_text(self.said.text("slack.system_placeholder"), 150),
            "options": options,
            **({} if chosen is None else {"initial_option": options[chosen]}),
        }

    def _protocol_button(self, client: Client | None) -> Iterator[Block]:
        other = Protocol.POP3 if self.state.protocol is Protocol.IMAP else Protocol.IMAP
        if client is None or other in client.protocols:
            yield self._button("protocol", self.said.text(f"slack.{other}"), replace(self.state, protocol=other))

    def _host_buttons(self, answer: SettingsAnswer) -> Iterator[Block]:
        for kind in HostKind:
            if kind in answer.other_hosts and kind is not answer.host_kind:
                label = self.said.text(f"slack.host_{kind}")
                yield self._button(f"host_{kind}", label, replace(self.state, host_kind=kind))

    def _report_menu(self) -> Block:
        """What the customer's program may say; with an answer about it, also nothing."""
        reports = [(self.said.text(f"symptom.{id}.label"), Report(id)) for id in load_symptoms()]
        options = [self._option(label, replace(self.state, report=report)) for label, report in reports]
        chosen = (
            [report.symptom for _, report in reports].index(self.state.report.symptom) if self.state.report else None
        )
        nothing = [self._option(self.said.text("slack.report_nothing"), replace(self.state, report=None))]
        return {
            "type": "static_select",
            "action_id": "report",
            "placeholder": plain_text(self.said.text("slack.report_placeholder"), 150),
            "options": [*options, *(nothing if self.state.report else [])],
            **({} if chosen is None else {"initial_option": options[chosen]}),
        }

    def _name_button(self) -> Iterator[Block]:
        if self.state.report and load_symptoms()[self.state.report.symptom].asks_name:
            yield self._button(ENTER_NAME, self.said.text("slack.enter_name"), self.state)

    def _share_button(self) -> Iterator[Block]:
        if self.state.can_share:
            key = "slack.share_thread" if self.state.thread else "slack.share"
            yield self._button(SHARE, self.said.text(key), self.state)

    def _in_language(self, language: str) -> State:
        return replace(self.state, view=View.CUSTOMER, customer_language=language)

    def _note(self) -> Block:
        return note_block(self.said.text("slack.client_note", domain=self.state.domain))

    def _actions(self, prefix: str, elements: list[Block]) -> Iterator[Block]:
        if elements:
            yield {"type": "actions", "block_id": block_id(prefix, self.state), "elements": elements}

    def _button(self, action: str, label: str, state: State) -> Block:
        return {"type": "button", "action_id": action, "text": plain_text(label, 75), "value": pack(state)}

    def _option(self, label: str, state: State) -> Block:
        return {"text": plain_text(label, 75), "value": pack(state)}


def _with_client(state: State, client: Client) -> State:
    """The question for a program chosen by hand: what belonged to the old one goes, the protocol stays if it can."""
    fits = state.protocol in client.protocols or not client.receives
    return replace(
        state,
        client=client.id,
        system=_only_system(client),
        protocol=state.protocol if fits else next(p for p in client.protocols if p is not Protocol.SMTP),
        host_kind=None,
        view=View.SETTINGS,
        others=(),
    )


def _only_system(client: Client) -> str | None:
    """The system a program stands for, where its entry is that of one system only."""
    own = [system for system, id in client.systems.items() if id == client.id]
    return own[0] if len(own) == 1 else None
