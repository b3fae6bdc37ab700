"""The text for the customer: plain, ready to paste, in the customer's language."""

from __future__ import annotations

from collections.abc import Iterator

from bot.answer import ServerSettings, SettingsAnswer
from bot.catalogue.model import words_in
from bot.facts import Protocol
from bot.reply.settings import authentication_key, usual_labels
from bot.reply.words import Words, words
from bot.request import HostKind

_STRAIGHT = str.maketrans(dict.fromkeys("„“”«»", '"') | dict.fromkeys("‚‘’", "'"))


def customer_text(answer: SettingsAnswer, language: str) -> str:
    """The settings as a letter: straight quotes only, nothing that a chat would turn into a link or a list."""
    return "\n".join(_lines(answer, words(language))).translate(_STRAIGHT)


def _lines(answer: SettingsAnswer, said: Words) -> Iterator[str]:
    client = answer.client
    yield said.text("customer.greeting")
    if answer.cannot_work and client:
        hint = words_in(client.hint, said.language) or said.text("customer.cannot_work_plain")
        yield said.text("customer.cannot_work", client=client.name, hint=hint)
        return
    yield said.text("customer.intro", client=client.name) if client else said.text("customer.intro_no_client")
    for half in (answer.incoming, answer.outgoing):
        if half is not None:
            yield _half(half, said)
    yield _authentication(answer, said)
    yield (
        said.text("customer.username_given", form=answer.username)
        if answer.username
        else said.text("customer.username")
    )
    path = words_in(client.paths.repair or client.paths.add, said.language) if client else ""
    if path:
        yield said.text("customer.where", path=path)
    if answer.host_kind is HostKind.SERVER:
        yield said.text("customer.may_move")


def _half(half: ServerSettings, said: Words) -> str:
    key = "customer.outgoing" if half.protocol is Protocol.SMTP else "customer.incoming"
    security = _security(half, said)
    return said.text(key, protocol=half.protocol.upper(), host=half.host, port=half.port, security=security)


def _security(half: ServerSettings, said: Words) -> str:
    choice = words_in(half.label.choice, said.language) if half.label else ""
    if half.label is None or not choice:
        return said.text("customer.security", label=usual_labels(half.security)[0])
    if half.label.is_box:
        return said.text("customer.security_box", label=choice)
    field = words_in(half.label.field, said.language)
    if not field:
        return said.text("customer.security", label=choice)
    return said.text("customer.security_in_field", field=field, label=choice)


def _authentication(answer: SettingsAnswer, said: Words) -> str:
    label = words_in(answer.client.outgoing_authentication, said.language) if answer.client else ""
    return said.text(f"customer.{authentication_key(label)}", label=label)
