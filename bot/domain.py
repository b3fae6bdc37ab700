"""The customer's domain: found in what people paste, kept in its ASCII and its readable form."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import idna
from publicsuffixlist import PSLFILE, PublicSuffixList

SERVICE_LABELS = frozenset(
    "www imap imap4 pop pop3 mail smtp webmail autoconfig autodiscover mx ftp".split()  # noqa: SIM905
)
"""First labels that name a service of a domain and not a domain of its own."""

_WRAPPING = "\"'`´‘’‚“”„‟«»‹›()[]{}<>,;:!?*_~"
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufe00-\ufe0f\ufeff]")
_SLACK_LINK = re.compile(r"<([^<>|\s]+)(?:\|([^<>]*))?>")
_ENTITIES = (("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&"))
_ASCII_NAME = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+(?:[a-z][a-z0-9-]*[a-z0-9])")
_SCHEME = re.compile(r"^[a-z][a-z0-9+.-]*://")
_AFTER_HOST = re.compile(r"[/?#\\|]")
_DNS_NAME = re.compile(r"(?!.{254})[a-z0-9_-]{1,63}(\.[a-z0-9_-]{1,63})*")
_WHOLE_HOST = re.compile(r"[^:]+\.[^:]+(?::\d*)?")
_PORT = re.compile(r"^([^:]*|.*\]):\d*$")
_AT = re.compile(r"[(\[](?:at|zavináč|zavinac)[)\]]")
_NOT_A_NAME = (idna.IDNAError, UnicodeError, ValueError, IndexError)
MAX_LENGTH = 253


@dataclass(frozen=True, slots=True)
class DomainName:
    """A domain name. `ascii` holds lower-case A-labels without the final dot (RFC 5890), `unicode` what people read."""

    ascii: str
    unicode: str

    @property
    def is_international(self) -> bool:
        """True when the two forms differ, so both should be shown."""
        return self.ascii != self.unicode

    def __str__(self) -> str:
        return self.ascii


@dataclass(frozen=True, slots=True)
class InvalidDomain:
    """Text that is no domain; `reason` is a key of the locale (`not_a_domain`, `ip_address`, `public_suffix` …)."""

    reason: str
    typed: str


def split_words(text: str) -> tuple[str, ...]:
    """Cut what was typed or pasted into words: Slack's links unwrapped, entities undone once, blanks normalised.

    A link gives its label when that names a host, else its target; a mail link gives its address. So
    `<http://example.cz|example.cz>` is `example.cz` and `<mailto:jan@example.cz|jan.novak>` `mailto:jan@example.cz`.
    """
    return tuple(unwrap(text).split())


def unwrap(text: str) -> str:
    """The text as people see it in Slack: links as in `split_words`, entities undone once, blanks left as they are."""
    text = _SLACK_LINK.sub(_link_text, _INVISIBLE.sub("", text))
    for entity, character in _ENTITIES:
        text = text.replace(entity, character)
    return text


def _link_text(match: re.Match[str]) -> str:
    target, label = match[1], match[2]
    names_host = label and "." in label and " " not in label and not target.lower().startswith("mailto:")
    return f" {label if names_host else target} "


def looks_like_domain(word: str) -> bool:
    """True for a word that was meant as a domain, an address or a link, right or wrong."""
    core = host_part(word)
    return ("." in core.strip(".") and not re.fullmatch(r"[\d.]+", core)) or is_address(word) or "://" in word


def is_address(word: str) -> bool:
    """True for a word with an @ in it, spelt out or not."""
    return "@" in _spelt(word)


def parse_domain(word: str) -> DomainName | InvalidDomain:
    """Read a domain out of one word: a domain, an e-mail address (its local part is dropped), a link, a host name.

    A first label that names a service (`www`, `mail`, `imap` …) is dropped as long as a registrable domain
    remains. Never raises.
    """
    host = host_part(word)
    shown = host[:60]
    if not host:
        return InvalidDomain("domain_missing", shown)
    if re.fullmatch(r"[\d.]+|[0-9a-f]*:[0-9a-f:]+", host):
        return InvalidDomain("ip_address", shown)
    try:
        ascii_name = _to_ascii(host)
        name = DomainName(ascii_name, idna.decode(ascii_name) if "xn--" in ascii_name else ascii_name)
    except _NOT_A_NAME:
        return InvalidDomain("not_a_domain", shown)
    if not is_host_name(ascii_name):
        return InvalidDomain("one_label" if "." not in ascii_name else "not_a_domain", shown)
    if registrable_domain(name) is None:
        return InvalidDomain("public_suffix", shown)
    return _without_service_label(name)


def host_name(word: str) -> str | None:
    """The whole host name in a word or link, in lower-case A-labels; None where there is none. Never raises."""
    try:
        name = _to_ascii(host_part(word))
    except _NOT_A_NAME:
        return None
    return name if is_host_name(name) else None


def is_host_name(name: str) -> bool:
    """True for a whole host name in lower-case A-labels: what may be asked of DNS and told to a customer."""
    return len(name) <= MAX_LENGTH and _ASCII_NAME.fullmatch(name) is not None


def is_dns_name(name: str) -> bool:
    """True for what may be asked of DNS, in lower case: host names, and names with underscores (RFC 8552)."""
    return _DNS_NAME.fullmatch(name) is not None


def registrable_domain(name: DomainName) -> DomainName | None:
    """The part of a name that one can register, by the public suffix list; None for a public suffix itself."""
    found = _public_suffixes(name.unicode.rpartition(".")[2]).privatesuffix(name.ascii)
    if found is None:
        return None
    return DomainName(found, ".".join(name.unicode.split(".")[-found.count(".") - 1 :]))


def has_known_top(host: str) -> bool:
    """True for a name below a top-level domain that exists, by the public suffix list: not for `report.pdf`."""
    top = host.rpartition(".")[2].lower()
    return top in _rules() or top.startswith("xn--")


def host_part(word: str) -> str:
    """The host of a link, an address or a name, in lower case. What stands before an @ is never part of it."""
    word = _spelt(word).strip(_WRAPPING).removeprefix("mailto:")
    link = _SCHEME.sub("", word)
    if link == word and "@" in word:
        link = word.partition("@")[2]
    authority, *rest = _AFTER_HOST.split(link, maxsplit=1)
    if "@" in "".join(rest) and "@" not in authority and not _WHOLE_HOST.fullmatch(authority):
        return ""  # a password with a slash in it: whatever this is, it is not the host
    host = authority.rsplit("@", 1)[-1].strip(_WRAPPING)
    return _PORT.sub(r"\1", host).strip(".").strip(_WRAPPING)


def _to_ascii(host: str) -> str:
    """The A-labels of a host name. Raises one of _NOT_A_NAME."""
    return host if host.isascii() else idna.encode(host, uts46=True).decode("ascii")


def _spelt(word: str) -> str:
    """Lower case, with the likes of ASCII signs as these, and a spelt-out @ as a sign."""
    return _AT.sub("@", unicodedata.normalize("NFKC", word).replace("\u3002", ".").lower())


def _without_service_label(name: DomainName) -> DomainName:
    while True:
        first, _, rest = name.ascii.partition(".")
        shorter = DomainName(rest, name.unicode.partition(".")[2])
        if first not in SERVICE_LABELS or "." not in rest or registrable_domain(shorter) is None:
            return name
        name = shorter


@lru_cache(maxsize=64)
def _public_suffixes(top: str) -> PublicSuffixList:
    """The rules below one top-level domain: reading all of the list takes longer than the rest of a command."""
    return PublicSuffixList(_rules().get(top, []), accept_unknown=True)


@lru_cache(maxsize=1)
def _rules() -> Mapping[str, list[str]]:
    """The list's rules under the top-level domain of each."""
    rules = defaultdict[str, list[str]](list)
    for rule in Path(PSLFILE).read_text("utf-8").splitlines():
        if rule and not rule.startswith("//"):
            rules[rule.rpartition(".")[2]].append(rule)
    return rules
