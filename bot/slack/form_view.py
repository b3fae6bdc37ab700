"""The form: its fields as blocks, and what was entered in them. Pure; what comes back is read with suspicion."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from bot.catalogue.model import Catalogue, Chosen, Client
from bot.facts import Protocol
from bot.phrase import Phrase
from bot.reply.blocks import Block, note_block, plain_text
from bot.reply.page import plain
from bot.reply.settings import problem_page
from bot.reply.words import Words
from bot.request import LANGUAGES, Report, SettingsRequest, UsageProblem
from bot.slack.delivery import framed
from bot.slack.origin import Origin
from bot.symptoms.reader import load_symptoms

DOMAIN, CLIENT, SYSTEM, PROTOCOL, REPORT, LANGUAGE, CONVERSATION = (
    "domain", "form_client", "form_system", "form_protocol", "form_report", "form_language", "conversation",
)  # fmt: skip
"""The ids of the fields. A field's block has the same id, with more behind a dot where a change must empty it."""
MOST_TYPED = 400
_RECEIVING = (Protocol.IMAP, Protocol.POP3)


@dataclass(frozen=True, slots=True)
class Entered:
    """What the fields hold: the words for the domain as typed, everything else by id."""

    words: str = ""
    client: str | None = None
    system: str | None = None
    protocol: Protocol | None = None
    customer_language: str | None = None
    symptom: str | None = None


def entered_from(values: Mapping[str, Any]) -> Entered:
    """What was entered, from a view's `state.values`."""
    fields = {action: state for block in values.values() for action, state in block.items()}
    protocol = _chosen(fields.get(PROTOCOL))
    return Entered(
        words=str((fields.get(DOMAIN) or {}).get("value") or ""),
        client=_chosen(fields.get(CLIENT)),
        system=_chosen(fields.get(SYSTEM)),
        protocol=Protocol(protocol) if protocol in _RECEIVING else None,
        customer_language=_chosen(fields.get(LANGUAGE)),
        symptom=_chosen(fields.get(REPORT)),
    )


def entered_of(phrase: Phrase) -> Entered:
    """What a message says already."""
    words = " ".join(filter(None, [phrase.domain.unicode if phrase.domain else "", phrase.ticket or ""]))
    client = phrase.client.client if phrase.client else None
    return Entered(
        words=words,
        client=client.id if client else None,
        system=phrase.client.system if phrase.client else None,
        protocol=phrase.protocol,
        customer_language=phrase.customer_language,
        symptom=phrase.report.symptom if phrase.report else None,
    )


def completed(request: SettingsRequest, entered: Entered, clients: Mapping[str, Client]) -> SettingsRequest:
    """The question: what the words ask for, and what was chosen in the other fields before it."""
    client = clients.get(entered.client or "")
    if client is not None:
        system = entered.system if entered.system in client.systems else None
        request = replace(request, client=Chosen(clients[client.systems[system]] if system else client, system))
    protocol = entered.protocol or request.protocol
    possible = request.client.client.protocols if request.client else _RECEIVING
    if protocol not in possible:
        protocol = next((other for other in _RECEIVING if other in possible), Protocol.IMAP)
    language = entered.customer_language if entered.customer_language in LANGUAGES else request.customer_language
    chosen = Report(entered.symptom) if entered.symptom is not None and entered.symptom in load_symptoms() else None
    return replace(request, protocol=protocol, customer_language=language, report=request.report or chosen)


def mistakes_in(problem: UsageProblem, language: str) -> dict[str, str]:
    """What is wrong, at the field where it is."""
    (sentence,) = problem_page(problem, language).first
    return {DOMAIN: plain(sentence)[:2_000]}


@dataclass(frozen=True)
class FormView:
    """Draws the form in a language."""

    catalogue: Catalogue
    said: Words

    def form(self, origin: Origin, entered: Entered, callback_id: str) -> Block:
        """The form with what is known already."""
        client = self.catalogue.clients.get(entered.client or "")
        fields = [
            self._domain(entered),
            self._client(client),
            *self._system(client, entered),
            *self._protocol(client, entered),
            self._report(entered),
            self._language(entered),
            *([] if origin.channel else [self._conversation()]),
        ]
        return {
            **framed(self.said.text("form.close"), fields),
            "callback_id": callback_id,
            "submit": plain_text(self.said.text("form.submit"), 24),
            "private_metadata": origin.pack(),
        }

    def loading(self) -> Block:
        """What is seen while the form is being prepared."""
        return framed(self.said.text("form.close"), [note_block(self.said.text("form.loading"))])

    def _domain(self, entered: Entered) -> Block:
        given = {"initial_value": entered.words[:MOST_TYPED]} if entered.words else {}
        return self._input(
            DOMAIN,
            {
                "type": "plain_text_input",
                "max_length": MOST_TYPED,
                "placeholder": plain_text("jan@example.cz", 150),
                "focus_on_load": not entered.words,
                **given,
            },
            hint=True,
        )

    def _client(self, client: Client | None) -> Block:
        given = {"initial_option": option(client.name, client.id)} if client else {}
        select = {
            "type": "external_select",
            "min_query_length": 0,
            "placeholder": plain_text(self.said.text("form.client_placeholder"), 150),
            **given,
        }
        return self._input(CLIENT, select, hint=True, optional=True) | {"dispatch_action": True}

    def _system(self, client: Client | None, entered: Entered) -> Iterator[Block]:
        if client is None or len(client.systems) < 2:
            return
        names = {id: self.catalogue.system_name(id, self.said.language) for id in client.systems}
        select = self._select([option(name, id) for id, name in names.items()], entered.system, "form.system_open")
        yield self._input(SYSTEM, select, optional=True, of=client.id)

    def _protocol(self, client: Client | None, entered: Entered) -> Iterator[Block]:
        possible = [protocol for protocol in _RECEIVING if client is None or protocol in client.protocols]
        if len(possible) < 2:
            return
        options = [option(self.said.text(f"slack.{protocol}"), protocol.value) for protocol in possible]
        chosen = options[possible.index(entered.protocol or Protocol.IMAP)]
        yield self._input(PROTOCOL, {"type": "radio_buttons", "options": options, "initial_option": chosen})

    def _language(self, entered: Entered) -> Block:
        options = [option(self.said.text(f"slack.language_{name}"), name) for name in LANGUAGES]
        select = self._select(options, entered.customer_language, "form.language_open")
        return self._input(LANGUAGE, select, optional=True)

    def _report(self, entered: Entered) -> Block:
        options = [option(self.said.text(f"symptom.{id}.label"), id) for id in load_symptoms()]
        return self._input(REPORT, self._select(options, entered.symptom, "form.report_open"), optional=True)

    def _conversation(self) -> Block:
        select = {
            "type": "conversations_select",
            "default_to_current_conversation": True,
            "response_url_enabled": True,
        }
        return self._input(CONVERSATION, select, hint=True, optional=True)

    def _select(self, options: list[Block], chosen: str | None, placeholder: str) -> Block:
        given = [entry for entry in options if entry["value"] == chosen]
        return {
            "type": "static_select",
            "placeholder": plain_text(self.said.text(placeholder), 150),
            "options": options,
            **({"initial_option": given[0]} if given else {}),
        }

    def _input(self, id: str, element: Block, *, hint: bool = False, optional: bool = False, of: str = "") -> Block:
        block = {
            "type": "input",
            "block_id": f"{id}.{of}" if of else id,
            "label": plain_text(self.said.text(f"form.{id.removeprefix('form_')}"), 2_000),
            "element": {**element, "action_id": id},
            "optional": optional,
        }
        if hint:
            block["hint"] = plain_text(self.said.text(f"form.{id.removeprefix('form_')}_hint"), 2_000)
        return block


def suggestions(clients: Iterable[Client], catalogue: Catalogue, language: str, *, in_groups: bool) -> Block:
    """Clients to choose from, by section or in the order given."""
    if not in_groups:
        return {"options": [option(client.name, client.id) for client in clients]}
    groups: dict[str, list[Block]] = {}
    for client in clients:
        name = catalogue.section_name(client.section, language)
        groups.setdefault(name, []).append(option(client.name, client.id))
    return {"option_groups": [{"label": plain_text(name, 75), "options": group} for name, group in groups.items()]}


def option(label: str, value: str) -> Block:
    """One choice."""
    return {"text": plain_text(label, 75), "value": value}


def _chosen(state: Any) -> str | None:
    selected = state.get("selected_option") if isinstance(state, dict) else None
    return str(selected["value"]) if isinstance(selected, dict) and selected.get("value") else None
