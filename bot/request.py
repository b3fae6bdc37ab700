"""What was asked: the words of a command turned into a request, or into what is wrong with them."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from bot.catalogue.model import Chosen, Client, ClientMatch, NotChosen
from bot.domain import (
    DomainName,
    InvalidDomain,
    host_part,
    is_address,
    looks_like_domain,
    parse_domain,
    split_words,
)
from bot.facts import Protocol
from bot.provider.profile import Profile
from bot.symptoms.model import Report as Report
from bot.symptoms.words import take_report

T = TypeVar("T")
LANGUAGES = ("cs", "en", "sk")

PROTOCOL_WORDS = {"imap": Protocol.IMAP, "imap4": Protocol.IMAP, "pop3": Protocol.POP3, "pop": Protocol.POP3}
LANGUAGE_WORDS = {word: word for word in LANGUAGES} | {
    "cz": "cs", "česky": "cs", "cesky": "cs", "czech": "cs",
    "english": "en", "anglicky": "en",
    "slovensky": "sk", "slovak": "sk",
}  # fmt: skip
TICKET = re.compile(r"#[A-Za-z0-9][A-Za-z0-9_-]{0,19}", re.ASCII)


class HostKind(StrEnum):
    """Which of the two names an answer uses: the domain's own, or the mail server's."""

    DOMAIN = "domain"
    SERVER = "server"


@dataclass(frozen=True, slots=True)
class SettingsRequest:
    """A question for settings. `host_kind` asks for one of the two names whatever the client is.

    `report` is what the customer's program says, where he told.
    """

    domain: DomainName
    client: Chosen | None = None
    protocol: Protocol = Protocol.IMAP
    customer_language: str | None = None
    ticket: str | None = None
    host_kind: HostKind | None = None
    report: Report | None = None


@dataclass(frozen=True, slots=True)
class UsageProblem:
    """A question that cannot be answered as it was put.

    `code` is one of the interface's (`invalid_domain`, `client_unknown`, `client_ambiguous`); `key` names the
    sentence in the locale, `typed` what it was about; `choices` are clients to choose from, `example` words that
    would do.
    """

    code: str
    key: str
    typed: str = ""
    domain: DomainName | None = None
    choices: tuple[Client, ...] = ()
    example: str = "example.cz outlook 2016"


MatchClient = Callable[[str], ClientMatch]


def parse_settings_request(text: str, match: MatchClient, profile: Profile) -> SettingsRequest | UsageProblem:
    """Read `DOMAIN_OR_EMAIL [CLIENT] [imap|pop3] [cs|en|sk] [#TICKET] [REPORT]`, as people type it. Never raises.

    Of an e-mail address only the domain is kept. A report is an error code, a few words about what the program
    says, or the host name that it shows on a certificate.
    """
    words = list(split_words(text))
    if not words:
        return UsageProblem("invalid_domain", "domain_missing")
    position = _domain_position(words)
    word, in_front = words.pop(position), words[:position]
    server = profile.server_meant(host_part(word))
    if server:
        return UsageProblem("invalid_domain", "server_name_given", server)
    domain = parse_domain(word)
    if isinstance(domain, InvalidDomain):
        return UsageProblem("invalid_domain", domain.reason, domain.typed)
    return _with_options(domain, words, in_front if is_address(word) else [], match)


def _domain_position(words: Sequence[str]) -> int:
    """The first word, unless it cannot have been meant as a domain and a later one can."""
    return next((i for i, word in enumerate(words) if looks_like_domain(word)), 0)


def _with_options(
    domain: DomainName, words: list[str], names: list[str], match: MatchClient
) -> SettingsRequest | UsageProblem:
    report = None if _is_just_a_client(words, match) else take_report(words, lambda word: _may_mean_client(match(word)))
    protocol = _take(words, lambda word: PROTOCOL_WORDS.get(word.lower()))
    language = _take(words, lambda word: LANGUAGE_WORDS.get(word.lower()))
    ticket = _take(words, lambda word: word if TICKET.fullmatch(word) else None)
    found = _match([word for word in words if not is_address(word)], names, match)
    if isinstance(found, NotChosen):
        code = "client_ambiguous" if found.is_ambiguous else "client_unknown"
        return UsageProblem(code, code, found.words, domain, found.choices)
    return SettingsRequest(domain, found, protocol or usual_protocol(found), language, ticket, report=report)


def _is_just_a_client(words: list[str], match: MatchClient) -> bool:
    """True for a client's id alone, the usual command: nothing else needs to be looked for then."""
    found = match(words[0]) if len(words) == 1 else None
    return isinstance(found, Chosen) and found.client.id == words[0].lower()


def _may_mean_client(found: ClientMatch) -> bool:
    return not isinstance(found, NotChosen) or found.is_ambiguous


def _match(words: list[str], names: list[str], match: MatchClient) -> ClientMatch | None:
    """The client meant. Words before an address, where they mean no client, are a person's: `Jan Novák <jan@…>`."""
    found = match(" ".join(words)) if words else None
    if names and isinstance(found, NotChosen) and not found.is_ambiguous:
        return _match([word for word in words if word not in names], [], match)
    return found


def _take(words: list[str], read: Callable[[str], T | None]) -> T | None:
    for position, word in enumerate(words):
        if (value := read(word.strip(".,;:()"))) is not None:
            del words[position]
            return value
    return None


def usual_protocol(chosen: Chosen | None) -> Protocol:
    """The protocol to receive by where none was said: IMAP, unless the client knows POP3 only."""
    receives = chosen.client.protocols if chosen else ()
    return Protocol.POP3 if Protocol.POP3 in receives and Protocol.IMAP not in receives else Protocol.IMAP
