"""What was meant by free words: a mention, a direct message, a customer's letter that was passed on. Rules only."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from bot.catalogue.model import Chosen, Client, ClientMatch, NotChosen
from bot.domain import DomainName, host_name
from bot.facts import Protocol
from bot.letter import is_everybodys, read_letter
from bot.provider.profile import Profile
from bot.request import LANGUAGE_WORDS, PROTOCOL_WORDS, TICKET, Report, SettingsRequest, UsageProblem, usual_protocol
from bot.symptoms.words import take_report

T = TypeVar("T")
FindClient = Callable[[str], ClientMatch | None]
"""Finds the client in running text, as `Matcher.find`; None where no client is named."""

_WORD = re.compile(r"(?<![^\W_]|\.)[^\W_]+(?:-[^\W_]+)*")
_BOUND = re.compile(r"[,;:|()\n]")
_PROTOCOL = re.compile(r"(imap|pop3)(?:4|s|u|em|om|e)?")
_PROTOCOL_APART = re.compile(r"\b(imap|pop)[- ]([34])\b", re.IGNORECASE)
_ANY_PROTOCOL = re.compile(r"\b(?:imap4?|pop3?)\b", re.IGNORECASE)
_BEFORE_POP = frozenset("protokol protokolem protocol přes pres cez via using jako ako as imap".split())  # noqa: SIM905
_AFTER_POP = frozenset("protokol protocol server serveru účet ucet účtu account imap".split())  # noqa: SIM905
_AFTER_CODE = frozenset("text textu verzi verze verzia verziu version".split())  # noqa: SIM905
_LANGUAGES = {
    **{word: LANGUAGE_WORDS[word] for word in ("česky", "cesky", "anglicky", "slovensky")},
    "češtině": "cs", "češtine": "cs", "cestine": "cs",
    "angličtině": "en", "angličtine": "en", "anglictine": "en",
    "slovenštině": "sk", "slovenčine": "sk", "slovencine": "sk",
}  # fmt: skip
"""Words that name a language and nothing else; `Czech` is in an address too, and `sk` in what not."""
_CALLED_ERRORS = frozenset("chyba chybu chybě chybou error kód kod kódem code hlásí píše says shows".split())  # noqa: SIM905
_MOST_WORDS = 500
_TICKET = re.compile(rf"(?<![^\s(\[,;:|]){TICKET.pattern}(?![\w-])")


@dataclass(frozen=True, slots=True)
class Phrase:
    """What was understood; None where nothing was said of it. Without a domain nothing can be answered.

    `choices` are the clients that were meant where it is open which one, and `said` the words that leave it open.
    """

    domain: DomainName | None = None
    client: Chosen | None = None
    choices: tuple[Client, ...] = ()
    protocol: Protocol | None = None
    customer_language: str | None = None
    ticket: str | None = None
    said: str = ""
    report: Report | None = None


def read_phrase(text: str, find: FindClient, profile: Profile) -> Phrase:
    """Understand any text, Slack's markup and letters of several pages included. Never raises.

    What is written counts before what is quoted. Of an e-mail address only the domain is kept.
    """
    letter = read_letter(text, profile)
    return replace(merge_phrases([_read(part, find) for part in letter.texts]), domain=letter.domain)


def merge_phrases(phrases: Sequence[Phrase]) -> Phrase:
    """Several phrases as one, a message and its thread: the first counts first, later ones fill what is missing.

    Later ones also choose where the first left the client open, and give a domain that is the customer's own where
    the first had one of free mail.
    """
    domains = [phrase.domain for phrase in phrases if phrase.domain is not None]
    return replace(
        _with_client(phrases),
        domain=_first(domain for domain in domains if not is_everybodys(domain)) or _first(domains),
        protocol=_first(phrase.protocol for phrase in phrases),
        customer_language=_first(phrase.customer_language for phrase in phrases),
        ticket=_first(phrase.ticket for phrase in phrases),
        report=_first(phrase.report for phrase in phrases),
    )


def request_of_phrase(phrase: Phrase) -> SettingsRequest | UsageProblem | None:
    """The request that a phrase makes, or the question which client was meant; None without a domain."""
    if phrase.domain is None:
        return None
    if phrase.choices:
        return UsageProblem("client_ambiguous", "client_ambiguous", phrase.said, phrase.domain, phrase.choices)
    protocol = phrase.protocol or usual_protocol(phrase.client)
    return replace(without_client(phrase), client=phrase.client, protocol=protocol)


def without_client(phrase: Phrase) -> SettingsRequest:
    """The request that a phrase with a domain makes, but for its client: to ask it again with another one."""
    assert phrase.domain is not None, "without a domain nothing was understood"
    protocol = phrase.protocol or Protocol.IMAP
    return SettingsRequest(phrase.domain, None, protocol, phrase.customer_language, phrase.ticket, report=phrase.report)


def _first(values: Iterable[T | None]) -> T | None:
    return next((value for value in values if value is not None), None)


def _with_client(phrases: Sequence[Phrase]) -> Phrase:
    naming = [phrase for phrase in phrases if phrase.client is not None or phrase.choices]
    first = naming[0] if naming else Phrase()
    return next((later for later in naming if _decides(later, first)), first)


def _decides(later: Phrase, first: Phrase) -> bool:
    """True for a client without doubt that is one of those the first phrase left open."""
    others = first.client.others if first.client is not None else first.choices
    return later.client is not None and not later.client.others and later.client.client in others


@dataclass(frozen=True, slots=True)
class Word:
    """A word with its neighbours, all in lower case but `said`. Alone stands one between commas, line ends and such."""

    text: str
    said: str
    start: int
    before: str
    after: str
    is_alone: bool

    @property
    def is_at_an_end(self) -> bool:
        """True for the first and the last word of all."""
        return not self.before or not self.after


def _read(text: str, find: FindClient) -> Phrase:
    text, ticket = _without_ticket(_PROTOCOL_APART.sub(r"\1\2", text))
    words = list(_words(text))
    protocols = {protocol for word in words if (protocol := _protocol(word)) is not None}
    spoken, language = next(((word, said) for word in words if (said := _language(word))), (None, None))
    if spoken is not None:
        text = f"{text[: spoken.start]}|{text[spoken.start + len(spoken.said) :]}"
    client, choices, said = _heard(text, find)
    protocol = protocols.pop() if len(protocols) == 1 else None  # both are named where one asks which
    return Phrase(None, client, choices, protocol, language, ticket, said, _report(text))


def _report(text: str) -> Report | None:
    """What the program says. Bare numbers are prices and dates unless they are called an error; names are no report."""
    words = text.split()[:_MOST_WORDS]
    called = ["", *(word.strip('.,:;„“"').lower() for word in words)]
    told = [
        word
        for before, word in zip(called, words, strict=False)
        if host_name(word) is None and (not word.strip(".,:;()").isdigit() or before in _CALLED_ERRORS)
    ]
    return take_report(told)


def _without_ticket(text: str) -> tuple[str, str | None]:
    """The text and the first ticket of it. One has a digit: `#podpora` is a channel."""
    ticket = next((match for match in _TICKET.finditer(text) if any(map(str.isdigit, match[0]))), None)
    return (f"{text[: ticket.start()]}|{text[ticket.end() :]}", ticket[0]) if ticket else (text, None)


def _heard(text: str, find: FindClient) -> tuple[Chosen | None, tuple[Client, ...], str]:
    """The client, or the choices and their words. `gmail pop3` is a client, `alpine pop3` a client and a protocol."""
    bare = _ANY_PROTOCOL.sub("|", text)
    found = find(text) or (find(bare) if bare != text else None)
    if isinstance(found, NotChosen):
        return None, found.choices, found.words
    return found, (), ""


def _words(text: str) -> Iterator[Word]:
    matches = list(_WORD.finditer(text))
    said = ["", *(match[0].lower() for match in matches), ""]
    ends = [0, *(match.end() for match in matches)]
    starts = [*(match.start() for match in matches), len(text)]
    is_bound = [
        end == 0 or start == len(text) or _BOUND.search(text, end, start) is not None
        for end, start in zip(ends, starts, strict=True)
    ]
    for i, match in enumerate(matches):
        yield Word(said[i + 1], match[0], match.start(), said[i], said[i + 2], is_bound[i] and is_bound[i + 1])


def _protocol(word: Word) -> Protocol | None:
    if form := _PROTOCOL.fullmatch(word.text):
        return PROTOCOL_WORDS[form[1]]
    if word.text != "pop":
        return None
    is_meant = word.is_alone or not word.after or word.before in _BEFORE_POP or word.after in _AFTER_POP
    return PROTOCOL_WORDS["pop"] if is_meant or word.said == "POP" else None


def _language(word: Word) -> str | None:
    """The language to write in. Short words and `Czech` only where they stand by themselves or behind `in`."""
    if word.text in _LANGUAGES:
        return _LANGUAGES[word.text]
    is_code = len(word.text) == 2
    is_meant = word.is_alone or word.before == "in" or (is_code and (word.is_at_an_end or word.after in _AFTER_CODE))
    return LANGUAGE_WORDS.get(word.text) if is_meant else None
