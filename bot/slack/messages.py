"""Whole Slack messages: a page as blocks, its controls, and the sentence for notifications. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from bot.answer import Outcome, Refusal, SettingsAnswer
from bot.catalogue.model import Catalogue, words_in
from bot.domain import DomainName
from bot.facts import Protocol
from bot.reply.blocks import escape, fallback_text, plain_text, render_blocks
from bot.reply.customer import customer_text
from bot.reply.page import Page, Span
from bot.reply.settings import help_page, problem_page, settings_page, shown_domain, talk_help_page
from bot.reply.words import words
from bot.request import UsageProblem
from bot.slack.controls import Controls
from bot.slack.state import State, View

Json = dict[str, Any]

EVENT_TYPE = "mail_settings_shared"
"""The `metadata` type by which a shared message can be found again."""


def private(page: Page, *blocks: Json) -> Json:
    """A message only the agent sees."""
    return {"response_type": "ephemeral", "text": fallback_text(page), "blocks": [*render_blocks(page), *blocks]}


def sentence(key: str, language: str, **params: str | int) -> Json:
    """One sentence for the agent, as plain as it gets."""
    text = words(language).text(f"slack.{key}", **params)
    block = {"type": "section", "text": plain_text(text, 2_900)}
    return {"response_type": "ephemeral", "text": escape(text)[:3_000], "blocks": [block]}


def looking_up(domain: DomainName, language: str) -> Json:
    """What is seen while the answer is being found out."""
    return sentence("looking_up", language, domain=shown_domain(domain, words(language)))


def refused(reason: str, channels: tuple[str, ...], language: str) -> Json:
    """Why somebody may not use the bot here; where only the place is wrong, the right ones are named."""
    message = sentence(f"refused_{reason}", language)
    if reason == "place":
        elements = [{"type": "channel", "channel_id": channel} for channel in channels]
        message["blocks"].append(
            {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": elements}]}
        )
    return message


@dataclass(frozen=True)
class Messages:
    """Turns what is answered into messages."""

    catalogue: Catalogue

    def help(self, language: str) -> Json:
        """The short help."""
        return private(help_page(language))

    def not_understood(self, language: str) -> Json:
        """What may be said to the bot in free words, after something it did not understand."""
        return private(talk_help_page(language))

    def problem(self, problem: UsageProblem, state: State | None, language: str) -> Json:
        """What was wrong with a command; with `state`, the programs to choose from are buttons that ask it."""
        page = problem_page(problem, language)
        if state is None:
            return private(page)
        controls = Controls(state, self.catalogue, words(language))
        return private(replace(page, lines=()), *controls.under_choices(problem.choices))

    def outcome(self, outcome: Outcome, state: State, language: str) -> Json:
        """The answer in the view that the state asks for, with everything an agent may do next."""
        controls = Controls(state, self.catalogue, words(language))
        if isinstance(outcome, Refusal):
            return private(settings_page(outcome, language, self.catalogue), *controls.under_refusal())
        if state.view is View.CUSTOMER:
            return self._customer(outcome, controls, language)
        message = private(settings_page(outcome, language, self.catalogue), *controls.under_settings(outcome))
        if state.client is None:
            message["blocks"][1:1] = controls.choose_client()
        return message

    def _customer(self, answer: SettingsAnswer, controls: Controls, language: str) -> Json:
        said, chosen = words(language), controls.state.customer_language or language
        title = said.text("slack.customer_title", domain=shown_domain(answer.domain, said))
        text = customer_text(answer, chosen)
        page = Page(title, (Span(said.text("slack.customer_copy")),), title, preformatted=text)
        return private(page, *controls.under_customer_text(chosen))

    def shared(self, answer: SettingsAnswer, state: State, language: str, user: str) -> Json:
        """The settings for everyone in a channel: no controls, who shares them, and what a program can read."""
        page = settings_page(answer, language, self.catalogue)
        return {
            "text": fallback_text(page),
            "blocks": [*render_blocks(page, is_dated=True), shared_by(user, state.ticket, language)],
            "metadata": {"event_type": EVENT_TYPE, "event_payload": shared_facts(answer, state)},
        }


def shared_facts(answer: SettingsAnswer, state: State) -> dict[str, str | int]:
    """What was handed out, for programs: strings and numbers only, nothing about people."""
    half = answer.incoming or answer.outgoing
    label = words_in(half.label.choice, "en") if half.label else ""
    facts: dict[str, str | int | None] = {
        "domain": answer.domain.ascii,
        "client": state.client,
        "host": half.host,
        "port": half.port,
        "label": label,
        "protocol": half.protocol.value,
        "ticket": state.ticket,
    }
    if half.protocol is not Protocol.SMTP:
        facts |= {"outgoing_host": answer.outgoing.host, "outgoing_port": answer.outgoing.port}
    return {name: value for name, value in facts.items() if value}


def shared_by(user: str, ticket: str | None, language: str) -> Json:
    """Who shares something, for which ticket."""
    said = words(language)
    elements: list[Json] = [{"type": "text", "text": said.text("slack.shared_by")}]
    elements.append({"type": "user", "user_id": user})
    if ticket:
        elements.append({"type": "text", "text": " · " + said.text("slack.ticket", ticket=ticket)})
    return {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": elements}]}
