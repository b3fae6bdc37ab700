"""What is answered: settings with their proof, or why there are none. Words come later, in `bot.reply`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from bot.catalogue.model import Client, Label
from bot.domain import DomainName
from bot.facts import Protocol, Security
from bot.request import HostKind, Report, SettingsRequest


class FoundBy(StrEnum):
    """How a domain's mail server was found, surest first."""

    CNAME = "cname"
    ADDRESS = "address"
    REVERSE_DNS = "reverse_dns"
    MX = "mx"


@dataclass(frozen=True, slots=True)
class MailServer:
    """The provider's server that holds the mailbox; `row` is the DNS row it was found by."""

    host: str
    number: int | None
    found_by: FoundBy
    addresses: tuple[str, ...]
    row: str
    seen_at: datetime


@dataclass(frozen=True, slots=True)
class Note:
    """A reason or a warning: a code of the interface and what the sentence about it names.

    `key` is the sentence's key in the locale where one code has several sentences; params are text from
    outside and are made harmless when shown.
    """

    code: str
    params: Mapping[str, str] = field(default_factory=dict, hash=False)
    key: str = ""

    @property
    def sentence(self) -> str:
        """The key of the sentence in the locale."""
        return self.key or self.code


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """What is behind a report, as far as it was seen: ids of the symptom and its cause.

    `params` are what the cause's sentences name; text from outside among them is made harmless when shown.
    """

    symptom: str
    cause: str
    params: Mapping[str, str] = field(default_factory=dict, hash=False)


@dataclass(frozen=True, slots=True)
class Proof:
    """One connection of ours, as an answer tells it. `problem` is a code; None: everything held.

    `is_unbounded` marks a connection without the client's limits, made because the limited one failed.
    """

    protocol: Protocol
    port: int
    security: Security
    sni: str | None
    seen_at: datetime
    problem: str | None = None
    names: tuple[str, ...] = ()
    not_after: datetime | None = None
    tls_version: str = ""
    is_unbounded: bool = False


@dataclass(frozen=True, slots=True)
class ServerSettings:
    """One half of the settings. `label` is None where no client was given; then `labels` has the usual words."""

    protocol: Protocol
    host: str
    port: int
    security: Security
    label: Label | None
    verified: bool
    proofs: tuple[Proof, ...] = ()


@dataclass(frozen=True, slots=True)
class SettingsAnswer:
    """Settings for one domain and client, with reasons and warnings, the gravest first.

    `cannot_work` is True when a gate stops the client whatever the host name. `other_hosts` are the other names,
    offered beside. `username` and `webmail` are as the provider's profile states them. Caches may serve the
    answer until `expires_at`. `diagnosis` is about what the customer's program says, where he told.
    """

    request: SettingsRequest
    domain: DomainName
    server: MailServer
    incoming: ServerSettings | None
    outgoing: ServerSettings
    reasons: tuple[Note, ...]
    warnings: tuple[Note, ...]
    cannot_work: bool
    host_kind: HostKind
    other_hosts: Mapping[HostKind, str]
    second_port: ServerSettings | None
    username: str | None
    webmail: str | None
    checked_at: datetime
    expires_at: datetime
    diagnosis: Diagnosis | None = None

    @property
    def verified(self) -> bool:
        """True when every part was proved by a handshake made the client's way."""
        return self.outgoing.verified and (self.incoming is None or self.incoming.verified)

    @property
    def client(self) -> Client | None:
        """The client the answer is for, if one was given."""
        return self.request.client.client if self.request.client else None

    @property
    def report(self) -> Report | None:
        """What the customer's program says, where he told."""
        return self.request.report


@dataclass(frozen=True, slots=True)
class Refusal:
    """No settings: `code` is one of the interface's; `is_open` when nothing could be found out (ask again)."""

    domain: DomainName
    note: Note
    checked_at: datetime
    report: Report | None = None
    diagnosis: Diagnosis | None = None

    @property
    def is_open(self) -> bool:
        """True when the question stays open and asking again makes sense."""
        return self.note.code in ("dns_timeout", "dns_servfail")


Outcome = SettingsAnswer | Refusal
