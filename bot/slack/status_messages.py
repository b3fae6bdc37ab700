"""The status of domains as Slack messages, with what a lead may do next. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.facts import Protocol
from bot.reply.blocks import Block, fallback_text, note_block, plain_text, render_blocks
from bot.reply.page import Page
from bot.reply.settings import problem_page
from bot.reply.status import server_page, status_page, status_table
from bot.reply.words import Words, words
from bot.request import UsageProblem
from bot.slack.messages import Json, private, sentence, shared_by
from bot.slack.status_state import StatusState, StatusView, pack_status
from bot.status.judge import Status
from bot.status.server import ServerStatus

Told = Status | ServerStatus

AGAIN, SHARE, SHOW, SETTINGS = "status_again", "status_share", "status_show", "status_settings"
"""The ids of the buttons; all begin as `PREFIX`."""
PREFIX = "status_"
MOST_BUTTONS = 20


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
        return private(self._page(statuses, state), *self._controls(statuses, state))

    def so_far(self, statuses: Sequence[Status], state: StatusState) -> Json:
        """What is known while the rest is being found out; what that is, is named."""
        if not statuses:
            return sentence("looking_up_status", self.language, name=", ".join(state.domains))
        shown = replace(state, domains=tuple(status.domain.ascii for status in statuses))
        return private(
            self._page(statuses, shown), note_block(self._waiting(statuses)), *self._controls(statuses, state)
        )

    def shared(self, statuses: Sequence[Told], state: StatusState, user: str) -> Json:
        """For everyone in a channel: no buttons, and who shares it."""
        page = self._page(statuses, state)
        blocks = [*render_blocks(page, is_dated=True), shared_by(user, None, self.language)]
        return {"text": fallback_text(page), "blocks": blocks}

    def problem(self, problem: UsageProblem) -> Json:
        """What was wrong with the words of a command."""
        return private(problem_page(problem, self.language))

    def help(self) -> Json:
        """Short help with real examples."""
        said = self.said
        examples = tuple(said.line(f"mailstatus.example_{number}") for number in (1, 2, 3))
        intro = said.line("mailstatus.intro")
        return private(Page(said.text("mailstatus.title"), intro, said.text("mailstatus.intro"), lines=examples))

    def _page(self, statuses: Sequence[Told], state: StatusState) -> Page:
        if state.is_summary:
            title = self.said.text("mailstatus.several", count=len(statuses))
            table = status_table(statuses, self.language)
            return Page(title, (), title, preformatted=table)
        told = statuses[0]
        page = server_page(told, self.language) if isinstance(told, ServerStatus) else status_page(told, self.language)
        if state.view is StatusView.DETAILS:
            return page
        return replace(page, evidence=())

    def _waiting(self, statuses: Sequence[Status]) -> str:
        missing = dict.fromkeys(service for status in statuses for service in status.missing)
        named = ", ".join(f"{_protocol(protocol)} {port}" for protocol, port in missing)
        return self.said.text("mailstatus.waiting_for", parts=named) if named else self.said.text("mailstatus.waiting")

    def _controls(self, statuses: Sequence[Told], state: StatusState) -> list[Block]:
        buttons = [*self._views(statuses, state), self._button(AGAIN, "slack.check_again", state)]
        buttons.append(self._button(SHARE, "slack.share_thread" if state.thread else "slack.share", state))
        return [{"type": "actions", "block_id": "s1", "elements": buttons}, *self._single(state)]

    def _views(self, statuses: Sequence[Told], state: StatusState) -> list[Block]:
        if state.is_summary:
            return []
        if state.view is StatusView.DETAILS:
            return [self._button(SHOW, "mailstatus.fold", replace(state, view=StatusView.FINDINGS))]
        shown = self._button(SHOW, "mailstatus.details", replace(state, view=StatusView.DETAILS))
        is_server = isinstance(statuses[0], ServerStatus)
        return [shown] if is_server else [shown, self._button(SETTINGS, "mailstatus.settings", state)]

    def _single(self, state: StatusState) -> list[Block]:
        """For several domains: a button for each one's own status."""
        if not state.is_summary:
            return []
        named = enumerate(state.domains[:MOST_BUTTONS])
        elements = [self._domain_button(f"{SHOW}_{n}", name, replace(state, domains=(name,))) for n, name in named]
        return [{"type": "actions", "block_id": "s2", "elements": elements}]

    def _button(self, action: str, key: str, state: StatusState) -> Block:
        return self._domain_button(action, self.said.text(key), state)

    def _domain_button(self, action: str, label: str, state: StatusState) -> Block:
        return {"type": "button", "action_id": action, "text": plain_text(label, 75), "value": pack_status(state)}


def _protocol(protocol: Protocol) -> str:
    return protocol.upper()
