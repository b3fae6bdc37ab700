"""The status of domains as Slack messages, with what a lead may do next. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from bot.facts import Protocol
from bot.reply.blocks import Block, fallback_text, note_block, plain_text, render_blocks
from bot.reply.page import Page
from bot.reply.reach import reach_page
from bot.reply.settings import problem_page, shown_domain
from bot.reply.status import server_page, status_page
from bot.reply.summary import summary_page
from bot.reply.words import Words, words
from bot.request import UsageProblem
from bot.slack.messages import Json, private, sentence, shared_by
from bot.slack.status_state import MOST_OF_AN_OPTION, StatusState, StatusView, domain_of, pack_status
from bot.status.judge import Status
from bot.status.server import ServerStatus

Told = Status | ServerStatus

AGAIN, SHARE, SHOW, OPEN, SETTINGS = "status_again", "status_share", "status_show", "status_open", "status_settings"
"""The ids of the controls; all begin as `PREFIX`. What is opened gets a message of its own."""
CLIENTS, PREFIX = "status_clients", "status_"
_VIEWS = {
    StatusView.FINDINGS: ((SHOW, "details", StatusView.DETAILS), (CLIENTS, "clients", StatusView.CLIENTS)),
    StatusView.DETAILS: ((SHOW, "fold", StatusView.FINDINGS), (CLIENTS, "clients", StatusView.CLIENTS)),
    StatusView.CLIENTS: ((CLIENTS, "all_clients", StatusView.ALL_CLIENTS), (SHOW, "back", StatusView.FINDINGS)),
    StatusView.ALL_CLIENTS: ((CLIENTS, "usual_clients", StatusView.CLIENTS), (SHOW, "back", StatusView.FINDINGS)),
}
"""The buttons that lead from each view to another: id, label, view."""


@dataclass(frozen=True)
class StatusMessages:
    """Turns statuses into messages in a language."""

    language: str

    @property
    def said(self) -> Words:
        """The wording."""
        return words(self.language)

    def private(self, statuses: Sequence[Told], state: StatusState) -> Json:
        """For the lead alone, with buttons."""
        return private(self._page(statuses, state), *self._left_out(state), *self._controls(statuses, state))

    def so_far(self, statuses: Sequence[Told], state: StatusState) -> Json:
        """What is known while the rest is being found out; what that is, is named."""
        if not statuses:
            return sentence("looking_up_status", self.language, name=", ".join(state.domains))
        waiting = note_block(self._waiting(statuses))
        return private(self._page(statuses, state), waiting, *self._controls(statuses, state))

    def shared(self, statuses: Sequence[Told], state: StatusState, user: str) -> Json:
        """For everyone in a channel: no buttons, and who shares it."""
        page = self._page(statuses, state)
        blocks = [*render_blocks(page, is_dated=True), shared_by(user, None, self.language)]
        return {"text": fallback_text(page), "blocks": blocks}

    def problem(self, problem: UsageProblem) -> Json:
        """What was wrong with the words of a command."""
        page = problem_page(problem, self.language)
        return private(replace(page, title=self.said.text("mailstatus.title")))

    def help(self) -> Json:
        """Short help with real examples."""
        said = self.said
        examples = tuple(said.line(f"mailstatus.example_{number}") for number in (1, 2, 3))
        intro = said.line("mailstatus.intro")
        return private(Page(said.text("mailstatus.title"), intro, said.text("mailstatus.intro"), lines=examples))

    def _page(self, statuses: Sequence[Told], state: StatusState) -> Page:
        if state.is_summary:
            return summary_page(statuses, self.language)
        told, view = statuses[0], state.view
        if view in (StatusView.CLIENTS, StatusView.ALL_CLIENTS):
            return reach_page(told, self.language, is_whole=view is StatusView.ALL_CLIENTS)
        page = server_page(told, self.language) if isinstance(told, ServerStatus) else status_page(told, self.language)
        return page if view is StatusView.DETAILS else replace(page, evidence=())

    def _left_out(self, state: StatusState) -> list[Block]:
        if not state.left_out:
            return []
        return [note_block(self.said.text("mailstatus.left_out", most=len(state.domains), count=state.left_out))]

    def _waiting(self, statuses: Sequence[Told]) -> str:
        missing = dict.fromkeys(service for status in statuses for service in status.missing)
        named = ", ".join(f"{_protocol(protocol)} {port}" for protocol, port in missing)
        return self.said.text("mailstatus.waiting_for", parts=named) if named else self.said.text("mailstatus.waiting")

    def _controls(self, statuses: Sequence[Told], state: StatusState) -> list[Block]:
        menu = list(self._domains(state)) if state.is_summary else []
        rows = {"s2": menu, "s1": list(self._buttons(statuses[0], state))}
        return [{"type": "actions", "block_id": id, "elements": elements} for id, elements in rows.items() if elements]

    def _buttons(self, told: Told, state: StatusState) -> Iterator[Block]:
        """The row of buttons, in the order shown: whatever else a lead may do is one more line here."""
        if not state.is_summary:
            yield from self._views(told, state)
        if not state.is_summary and isinstance(told, Status):
            yield self._button(SETTINGS, "mailstatus.settings", state)
        yield self._button(AGAIN, "slack.check_again", state)
        yield self._button(SHARE, "slack.share_thread" if state.thread else "slack.share", state)

    def _views(self, told: Told, state: StatusState) -> Iterator[Block]:
        """The ways to the other views; without any port that was seen there is nothing to say of programs."""
        for action, label, view in _VIEWS[state.view]:
            if told.services or view is not StatusView.CLIENTS:
                yield self._button(action, f"mailstatus.{label}", replace(state, view=view))

    def _domains(self, state: StatusState) -> Iterator[Block]:
        """A menu that opens the status of each; names that are too long for one get buttons."""
        states = {name: replace(state, domains=(name,)) for name in state.domains}
        values = {name: pack_status(one) for name, one in states.items()}
        fits = [name for name in states if len(values[name]) <= MOST_OF_AN_OPTION]
        if fits:
            yield {
                "type": "static_select",
                "action_id": OPEN,
                "placeholder": plain_text(self.said.text("mailstatus.open"), 150),
                "options": [{"text": plain_text(self._shown(name), 75), "value": values[name]} for name in fits],
            }
        for number, name in enumerate(name for name in states if name not in fits):
            yield self._named_button(f"{OPEN}_{number}", self._shown(name), states[name])

    def _shown(self, name: str) -> str:
        return shown_domain(domain_of(name), self.said)

    def _button(self, action: str, key: str, state: StatusState) -> Block:
        return self._named_button(action, self.said.text(key), state)

    def _named_button(self, action: str, label: str, state: StatusState) -> Block:
        return {"type": "button", "action_id": action, "text": plain_text(label, 75), "value": pack_status(state)}


def _protocol(protocol: Protocol) -> str:
    return protocol.upper()
