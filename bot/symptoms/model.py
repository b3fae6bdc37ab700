"""What a mail program shows, the causes it may have, and what must hold for each of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from bot.catalogue.model import Confidence

OTHER_CODE = "other-code"
"""The symptom of an error code that no symptom names."""


class Condition(StrEnum):
    """What a cause may ask of an answer. `bot.advice.conditions` judges each by what was seen, never by its absence."""

    DOMAIN_GONE = "domain_gone"
    ROWS_BROKEN = "rows_broken"
    DNS_OPEN = "dns_open"
    NOT_HOSTED = "not_hosted"
    ROW_MISSING = "row_missing"
    MX_ELSEWHERE = "mx_elsewhere"
    MX_NULL = "mx_null"
    MX_OPEN = "mx_open"
    SENDING_ELSEWHERE = "sending_elsewhere"
    CLIENT_ENDED = "client_ended"
    CLIENT_TOO_OLD = "client_too_old"
    CLIENT_MAYBE_TOO_OLD = "client_maybe_too_old"
    CLIENT_LACKS_ROOT = "client_lacks_root"
    CLIENT_WITHOUT_SNI = "client_without_sni"
    CLIENT_SNI_UNKNOWN = "client_sni_unknown"
    ALL_WORKS = "all_works"
    RECEIVING_WORKS = "receiving_works"
    SENDING_WORKS = "sending_works"
    RECEIVING_SILENT = "receiving_silent"
    SENDING_SILENT = "sending_silent"
    ENCRYPTION_FAILS = "encryption_fails"
    SECOND_PORT_OPEN = "second_port_open"
    CERTIFICATE_EXPIRED = "certificate_expired"
    CERTIFICATE_UNTRUSTED = "certificate_untrusted"
    CERTIFICATE_MISNAMED = "certificate_misnamed"
    NAME_NOT_GIVEN = "name_not_given"
    NAME_TOLD = "name_told"
    NAME_OF_SERVER = "name_of_server"
    NAME_OF_OTHER_SERVER = "name_of_other_server"
    NAME_OF_DOMAIN = "name_of_domain"
    NAME_OF_PROVIDER = "name_of_provider"
    NAME_OF_KNOWN_PROVIDER = "name_of_known_provider"


@dataclass(frozen=True, slots=True)
class Report:
    """What the customer's program says: a symptom by its id, and the host name read off a certificate warning.

    `name` is in lower-case A-labels, at most 253 characters.
    """

    symptom: str
    name: str | None = None


@dataclass(frozen=True, slots=True)
class Cause:
    """One explanation; it is taken when all of `when` hold."""

    id: str
    when: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Symptom:
    """Something a mail program shows. `causes` are tried in their order; the last one needs nothing to hold.

    `codes` and `words` are what people type for it, in lower case without diacritics; a code tells more than words.
    `asks_name` is True where the warning shows the name on a certificate, which then tells most. `sources` say where
    the meaning is from.
    """

    id: str
    causes: tuple[Cause, ...]
    codes: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    asks_name: bool = False
    confidence: Confidence = Confidence.FROM_MEMORY
    sources: tuple[str, ...] = ()


@dataclass(frozen=True)
class Symptoms:
    """All symptoms, in the order of the menu; `fillers` are words around a report that mean nothing by themselves."""

    symptoms: Mapping[str, Symptom]
    fillers: tuple[str, ...]
    sources: Mapping[str, str]
