"""Settings, refusals and misunderstandings as pages, in the reader's language."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from bot.advice.conditions import proves
from bot.advice.decision import shorten
from bot.answer import Note, Outcome, Proof, Refusal, ServerSettings, SettingsAnswer
from bot.catalogue.model import Belief, Catalogue, Client, Confidence, Label, words_in
from bot.domain import DomainName
from bot.facts import Protocol, Security
from bot.reply.diagnosis import diagnosis_lines
from bot.reply.page import Card, Line, Page, Span, Style, plain
from bot.reply.words import Value, Words, harmless, words
from bot.request import SettingsRequest, UsageProblem

_FIRST = (
    "mx_elsewhere", "client_tls_too_old", "client_root_unknown", "client_without_ecdsa", "client_cannot_work",
    "tls_version_old", "tls_needs_sni",
)  # fmt: skip
"""Warnings that stand above the settings: without them the settings would mislead."""

TLS_ERROR = "0x800CCC1A"
"""What Outlook shows when TLS itself failed."""


def settings_page(outcome: Outcome, language: str, catalogue: Catalogue) -> Page:
    """The answer to a request for settings: verdict first, then the settings, why, what to mind, what was proved."""
    if isinstance(outcome, Refusal):
        return refusal_page(outcome, language)
    return _SettingsPage(outcome, words(language), catalogue).page()


def refusal_page(refusal: Refusal, language: str) -> Page:
    """Why there are no settings, and what to do."""
    said = words(language)
    title = shown_domain(refusal.domain, said)
    verdict = said.line("verdict.open" if refusal.is_open else "verdict.refused")
    sentence = note_line(refusal.note, "problem", said)
    return Page(title, verdict, f"{title}: {plain(sentence)}", first=(sentence, *diagnosis_lines(refusal, said)))


def problem_page(problem: UsageProblem, language: str) -> Page:
    """What was wrong with the words of a command, with the nearest right example or the clients to choose from."""
    said = words(language)
    title = shown_domain(problem.domain, said) if problem.domain else said.text("title.problem")
    sentence = said.line(f"problem.{problem.key}", typed=problem.typed, example=problem.example)
    choices = tuple(
        (Span(client.name, Style.BOLD), Span(" "), Span(client.id, Style.CODE)) for client in problem.choices
    )
    return Page(title, said.line("verdict.usage"), plain(sentence), first=(sentence,), lines=choices)


def help_page(language: str) -> Page:
    """Short help with three real examples."""
    said = words(language)
    examples = tuple(said.line(f"help.example_{number}") for number in (1, 2, 3))
    lines = (*examples, said.line("help.words"), said.line("help.privacy"))
    return Page(said.text("title.help"), said.line("help.intro"), said.text("help.intro"), lines=lines)


def talk_help_page(language: str) -> Page:
    """What may be said in free words, with two examples."""
    said = words(language)
    lines = (said.line("talk.example_1"), said.line("talk.example_2"), said.line("help.privacy"))
    return Page(said.text("title.help"), said.line("talk.intro"), said.text("talk.intro"), lines=lines)


def shown_domain(domain: DomainName, said: Words) -> str:
    """A domain for people: both forms where they differ."""
    if not domain.is_international:
        return domain.ascii
    return said.text("title.domain_both", unicode=domain.unicode, ascii=domain.ascii)


def note_line(note: Note, section: str, said: Words) -> Line:
    """The sentence of a note; where it would name a certificate nobody saw, its variant without."""
    key = f"{section}.{note.sentence}"
    if "shown" in note.params and not note.params["shown"] and said.has(f"{key}_unseen"):
        key += "_unseen"
    params: dict[str, Value] = {name: _value(name, value, said) for name, value in note.params.items()}
    return said.line(key, **params)


def _value(name: str, value: str, said: Words) -> str:
    if name == "date" and value:
        return said.day(date.fromisoformat(value))
    return value


class _SettingsPage:
    """Builds the page of one answer."""

    def __init__(self, answer: SettingsAnswer, said: Words, catalogue: Catalogue) -> None:
        self.answer, self.said, self.catalogue = answer, said, catalogue
        self.client = answer.client

    def page(self) -> Page:
        halves = [half for half in (self.answer.incoming, self.answer.outgoing) if half]
        warnings = self.answer.warnings
        verdict = self._verdict()
        way_out = tuple(self._way_out())
        return Page(
            title=self._title(),
            verdict=verdict,
            summary=self._summary(halves, verdict),
            first=(
                *diagnosis_lines(self.answer, self.said),
                *self._notes(note for note in warnings if note.code in _FIRST),
                *(way_out if self.answer.cannot_work else ()),
            ),
            cards=tuple(self._card(half) for half in halves),
            lines=(*self._lines(), *(() if self.answer.cannot_work else way_out)),
            warnings=self._notes(note for note in warnings if note.code not in (*_FIRST, *self._said_by_hint())),
            evidence=tuple(self._evidence(halves)),
        )

    def _title(self) -> str:
        domain, client = shown_domain(self.answer.domain, self.said), self.client
        chosen = self.answer.request.client
        if client is None or chosen is None:
            return self.said.text("title.no_client", domain=domain)
        if chosen.system and chosen.system.startswith("windows-"):
            system = self.catalogue.system_name(chosen.system, self.said.language)
            key = "title.settings" if system in client.name else "title.system_given"
            return self.said.text(key, domain=domain, client=client.name, system=system)
        key = "title.system_open" if client.worst_case else "title.settings"
        return self.said.text(key, domain=domain, client=client.name)

    def _verdict(self) -> Line:
        answer = self.answer
        if answer.cannot_work:
            return self.said.line("verdict.cannot_work")
        proofs = [proof for half in (answer.incoming, answer.outgoing) if half for proof in half.proofs]
        if not proofs:
            return self.said.line("verdict.not_probed")
        return self.said.line(f"verdict.{self._how_verified()}", time=answer.checked_at)

    def _how_verified(self) -> str:
        answer = self.answer
        if answer.verified:
            return "verified"
        if answer.reasons[0].code == "client_sni_unknown" and self._holds_with_sni():
            return "unverified_sni"
        if answer.incoming and answer.incoming.verified:
            return "unverified_outgoing"
        return "unverified_incoming" if answer.incoming and answer.outgoing.verified else "unverified"

    def _holds_with_sni(self) -> bool:
        """True when each half was proved by the name that is told; what is shown without it is another matter."""
        halves = [half for half in (self.answer.incoming, self.answer.outgoing) if half]
        return all(any(proves(proof, half.host) for proof in half.proofs) for half in halves)

    def _summary(self, halves: list[ServerSettings], verdict: Line) -> str:
        shown = " · ".join(f"{half.protocol.upper()} {half.host} {half.port}" for half in halves)
        return f"{self._title()}: {shown} · {plain(verdict)}"

    def _notes(self, notes: Iterator[Note]) -> tuple[Line, ...]:
        return tuple(note_line(note, "warning", self.said) for note in notes)

    def _way_out(self) -> Iterator[Line]:
        """What to say and offer when the client needs help that no setting gives."""
        client = self.client
        if client is None:
            return
        if hint := words_in(client.hint, self.said.language):
            yield self.said.line("line.say", hint=hint)
        if client.alternatives:
            names = ", ".join(self.catalogue.clients[id_].name for id_ in client.alternatives)
            yield self.said.line("line.alternatives", names=names)

    def _said_by_hint(self) -> tuple[str, ...]:
        """Warnings that the client's own hint says better."""
        hint = words_in(self.client.hint, self.said.language) if self.client else ""
        return ("client_needs_preparation", *(("client_tls_unknown",) if TLS_ERROR in hint else ())) if hint else ()

    # The settings

    def _card(self, half: ServerSettings) -> Card:
        said = self.said
        is_sending = half.protocol is Protocol.SMTP
        title = said.text("card.outgoing") if is_sending else said.text("card.incoming", protocol=half.protocol.upper())
        rows: list[tuple[str, Line]] = [
            (said.text("card.server"), (Span(half.host, Style.CODE),)),
            (said.text("card.port"), (Span(str(half.port), Style.CODE),)),
            (said.text("card.security"), self._security(half)),
        ]
        if is_sending:
            rows.append((said.text("card.authentication"), self._authentication()))
        rows.append((said.text("card.username"), self._username(is_sending)))
        return Card(title, tuple(rows))

    def _security(self, half: ServerSettings) -> Line:
        return label_line(half.label, half.security, self.said)

    def _authentication(self) -> Line:
        label = words_in(self.client.outgoing_authentication, self.said.language) if self.client else ""
        return self.said.line(f"value.{authentication_key(label)}", label=label)

    def _username(self, is_sending: bool) -> Line:
        if is_sending and self.answer.incoming:
            return self.said.line("value.username_same")
        return (Span(self.answer.username or self.said.text("value.username")),)

    # Where, why, what was seen

    def _lines(self) -> Iterator[Line]:
        said, client = self.said, self.client
        if client is None:
            yield said.line("line.choose_client")
        else:
            for key, texts in (("repair", client.paths.repair), ("add", client.paths.add)):
                if path := words_in(texts, said.language):
                    yield said.line(f"line.{key}", path=path)
        yield from self._why()
        if (second := self.answer.second_port) is not None:
            choice = words_in(second.label.choice, said.language) if second.label else ""
            label = choice or usual_labels(second.security)[0]
            yield said.line("line.second_port", port=self.answer.outgoing.port, second=second.port, label=label)
        if self.answer.cannot_work and self.answer.webmail:
            yield said.line("line.webmail", url=self.answer.webmail)

    def _why(self) -> Iterator[Line]:
        """The reasons of both halves; mostly they are one."""
        said_before = set[str]()
        for reason in self.answer.reasons:
            if reason.sentence not in said_before:
                said_before.add(reason.sentence)
                yield (*self.said.line("line.why", reason=""), *note_line(reason, "reason", self.said))

    def _evidence(self, halves: list[ServerSettings]) -> Iterator[Line]:
        for half in halves:
            for proof in half.proofs:
                yield self._proof(proof)
        server = self.answer.server
        yield self.said.line(f"evidence.found_{server.found_by}", row=server.row, time=server.seen_at)
        if self.client is not None:
            yield from self._doubts(self.client, halves)

    def _proof(self, proof: Proof) -> Line:
        kind = "unbounded" if proof.is_unbounded else "no_sni" if proof.sni is None else "sni"
        if proof.not_after is None:
            problem = self.said.text(f"evidence.problem.{proof.problem}")
            return self.said.line(f"evidence.failed_{kind}", port=proof.port, problem=problem)
        return self.said.line(
            f"evidence.seen_{kind}",
            port=proof.port,
            names=harmless(shorten(proof.names)),
            date=proof.not_after.date(),
            version=proof.tls_version,
        )

    def _doubts(self, client: Client, halves: list[ServerSettings]) -> Iterator[Line]:
        """What the catalogue itself is not sure of."""
        if client.sni.value is Belief.DISPUTED and (note := words_in(client.sni.note, self.said.language)):
            yield self.said.line("line.disputed", note=note)
        labels = [half.label for half in halves if half.label]
        language = "cs" if self.said.language == "sk" else self.said.language
        if any(label.confidence_in(language) is Confidence.FROM_MEMORY for label in labels):
            yield self.said.line("line.labels_from_memory")


def label_line(label: Label | None, security: Security, said: Words) -> Line:
    """What to choose for encryption in the client's own words, or in the usual ones."""
    choice = words_in(label.choice, said.language) if label else ""
    if label is None or not choice:
        return said.line(f"value.{security}")
    if label.is_box:
        return said.line("value.box", label=choice)
    field = words_in(label.field, said.language)
    return (
        said.line("value.choice_in_field", label=choice, field=field)
        if field
        else said.line("value.choice", label=choice)
    )


def authentication_key(label: str) -> str:
    """Which sentence tells a client's label for authentication: a box, a choice in a field, or none known."""
    if not label:
        return "authentication_plain"
    return "authentication_choice" if ": " in label else "authentication"


def usual_labels(security: Security) -> tuple[str, ...]:
    """The words that most dialogs use for a kind of encryption."""
    return {Security.IMPLICIT_TLS: ("SSL/TLS", "SSL"), Security.STARTTLS: ("STARTTLS", "TLS")}.get(security, ())


def request_words(request: SettingsRequest) -> str:
    """The request as one would type it, without the customer's address."""
    words_ = [request.domain.ascii, request.client.client.id if request.client else "", request.protocol.value]
    reported = (request.report.symptom, request.report.name) if request.report else ()
    return " ".join(filter(None, [*words_, request.customer_language, request.ticket, *reported]))
