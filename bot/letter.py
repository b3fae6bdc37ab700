"""A message or a letter taken apart: its words without names and addresses, and the customer's domain.

What somebody wrote is apart from what he quotes or passes on. A signature gives a domain but no words, and
`Sent from my iPhone` says where mail works, not where it fails.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import Enum, IntEnum

from bot.domain import (
    SERVICE_LABELS,
    DomainName,
    InvalidDomain,
    has_known_top,
    host_part,
    parse_domain,
    registrable_domain,
    unwrap,
)
from bot.provider.profile import Profile

MOST_CHARACTERS = 20_000
MOST_NAMES = 100
LONGEST_NAME = 320

_EVERYBODYS = frozenset(
    """
    gmail.com googlemail.com seznam.cz email.cz post.cz spoluzaci.cz centrum.cz centrum.sk atlas.cz atlas.sk volny.cz
    tiscali.cz quick.cz iol.cz o2.cz chello.cz upcmail.cz klikni.cz azet.sk zoznam.sk pobox.sk post.sk inmail.sk
    outlook.com outlook.cz outlook.sk hotmail.com hotmail.cz hotmail.sk live.com live.cz msn.com yahoo.com yahoo.cz
    ymail.com icloud.com me.com mac.com aol.com proton.me protonmail.com pm.me gmx.com gmx.de gmx.net gmx.at web.de
    mail.com email.com mail.ru yandex.ru yandex.com wp.pl o2.pl onet.pl t-online.de
    google.com google.cz microsoft.com office.com office365.com apple.com mozilla.org thunderbird.net samsung.com
    slack.com facebook.com instagram.com linkedin.com twitter.com youtube.com youtu.be whatsapp.com aka.ms
    asp.net vb.net
    """.split()  # noqa: SIM905
)
"""Names that stand in many letters and are nearly never the domain in question: free mail, and what all link to."""

_NO_DOMAINS_TOP = frozenset(
    "na to do je ve za ke ne ma mu by my sa so se si no am as is pa nu zip mov py sh md ps pub inc app".split()  # noqa: SIM905
)
"""Top-level domains that are more often a word after a full stop, or the end of a file's name."""

_ASIDE = re.compile(r"<[@#!][^<>]*>|(?<![\w:]):[a-z][a-z0-9_+'-]{0,60}:(?![\w:])")
_SPELT_AT = re.compile(r"\s?[(\[](?:at|zavináč|zavinac)[)\]]\s?|(?<=\w) @ (?=\w)", re.IGNORECASE)
_QUOTED_LOCAL_PART = re.compile(r'"[^"\n]{0,64}"@')
_BETWEEN = re.compile(r"([\s,;<>|\"]+)")
_INSIDE = re.compile(r"([:()\[\]{}*`'’‘‚“”„~]+)")
_LINK = re.compile(r"[a-z][a-z0-9+.-]{0,20}://", re.IGNORECASE)
_HOST = re.compile(r"[^\W_][\w.-]*")
_PATH = re.compile(r"[/?#\\]")
_PASSED_ON = re.compile(
    r"\W*(?:(?:original message|forwarded message|původní zpráva|přeposlaná zpráva|pôvodná správa|preposlaná správa)\b"
    r"|(?:od|from): |(?:on|dne|dňa) .{1,200}\b(?:wrote|napsal|napísal)\b)",
    re.IGNORECASE,
)
_FOOTER = re.compile(
    r"\W*(?:(?:odesl[aá]no|odoslané|posláno|poslané|sent) (?:z|ze|zo|from|via|pomocí|using)"
    r"|(?:získejte|získajte|stáhněte si|get) outlook)\b",
    re.IGNORECASE,
)
_CLOSING = re.compile(
    r"--\s*$|(?:děkuji a )?s (?:pozdravem|pozdravom|úctou)\b|(?:best |kind |warm )?regards\b|hezký den[,.]?\s*$",
    re.IGNORECASE,
)
_POSTSCRIPT = re.compile(r"p\.?\s?s\.?[:\s]", re.IGNORECASE)


class Place(Enum):
    """Where a line stands: it was written, it closes what was written, or it is quoted or passed on."""

    WRITTEN = "written"
    CLOSING = "closing"
    QUOTED = "quoted"


class Rank(IntEnum):
    """How likely a name is the customer's domain, the likeliest first."""

    ADDRESS = 0
    NAME = 1
    EVERYBODYS = 2
    OWN = 3


@dataclass(frozen=True, slots=True)
class Letter:
    """The customer's domain, and the words: what was written, then what was quoted or passed on."""

    domain: DomainName | None
    texts: tuple[str, str]


@dataclass(frozen=True, slots=True)
class Name:
    """The host of what looks like a name, a link or an address; "" where nothing of it can be used."""

    host: str
    is_address: bool = False


def read_letter(text: str, profile: Profile) -> Letter:
    """Take any text apart. Names are kept out of the words, and of addresses only the domain is kept. Never raises."""
    words: dict[Place, list[str]] = {place: [] for place in Place}
    names: list[tuple[Place, Name]] = []
    for place, line in _lines(_plain(text)):
        pieces = list(_pieces(line))
        names += [(place, piece) for piece in pieces if isinstance(piece, Name) and has_known_top(piece.host)]
        words[place].append("".join("|" if isinstance(piece, Name) else piece for piece in pieces))
    texts = ("\n".join(words[Place.WRITTEN]), "\n".join(words[Place.QUOTED]))
    return Letter(_likeliest(names[:MOST_NAMES], profile), texts)


def is_everybodys(domain: DomainName) -> bool:
    """True for a domain of free mail, or one that is linked to everywhere."""
    registrable = registrable_domain(domain)
    return registrable is not None and registrable.ascii in _EVERYBODYS


def _plain(text: str) -> str:
    """The text without mentions, channels and emoji, with every @ as a sign and no quoted local part."""
    text = unicodedata.normalize("NFKC", text[: MOST_CHARACTERS + 1])
    if len(text) > MOST_CHARACTERS:
        text = "".join(text[:MOST_CHARACTERS].rsplit(maxsplit=1)[:-1])  # half an address would look like a name
    text = unwrap(_ASIDE.sub(" ", text))
    return _QUOTED_LOCAL_PART.sub("@", _SPELT_AT.sub("@", text))


def _lines(text: str) -> Iterator[tuple[Place, str]]:
    """The lines with the place of each. What mail programs put below a letter is left out."""
    place = Place.WRITTEN
    for line in text.splitlines():
        unquoted = line.lstrip("> \t")
        if _PASSED_ON.match(unquoted):
            place = Place.QUOTED
        elif place is not Place.QUOTED and _CLOSING.match(unquoted):
            place = Place.CLOSING
        elif place is Place.CLOSING and _POSTSCRIPT.match(unquoted):
            place = Place.WRITTEN
        if _FOOTER.match(unquoted):
            continue
        if line.lstrip().startswith(">"):
            place = Place.WRITTEN if place is Place.QUOTED else place  # each quoted line is marked: the answer is below
            yield Place.QUOTED, unquoted
        else:
            yield place, unquoted


def _pieces(line: str) -> Iterator[str | Name]:
    """A line cut into names and what stands between them. What an @ stands in is never a word."""
    for piece in _BETWEEN.split(line):
        if link := _LINK.search(piece):
            yield Name(host_part(piece[link.start() :][:LONGEST_NAME]))
        elif "@" in piece:
            host = _HOST.match(piece.rpartition("@")[2])
            yield Name(host[0][:LONGEST_NAME] if host else "", is_address=True)
        else:
            yield from (_bare_name(word) or word for word in _INSIDE.split(piece))


def _bare_name(word: str) -> Name | None:
    """The name that a word is by itself. A full stop without a blank behind it, `v.Outlooku`, makes none."""
    host = _PATH.split(word, maxsplit=1)[0].strip(".,!?_-")
    *labels, top = host.split(".")
    is_typed_so = bool(labels) and len(labels[-1]) > 1 and "" not in labels and not top.istitle()
    if not is_typed_so or len(host) > LONGEST_NAME or not has_known_top(host):
        return None
    is_wrong = SERVICE_LABELS.issuperset(labels) or (top.lower() in _NO_DOMAINS_TOP and labels[0].lower() != "www")
    return None if is_wrong else Name(host)


def _likeliest(names: Iterable[tuple[Place, Name]], profile: Profile) -> DomainName | None:
    """The first of the likeliest names; one that was quoted only where nothing else could be the customer's."""
    ranked = [
        ((rank >= Rank.EVERYBODYS, place is Place.QUOTED, rank), domain)
        for place, name in names
        for rank, domain in _ranked(name, profile)
    ]
    return min(ranked, key=lambda pair: pair[0])[1] if ranked else None


def _ranked(name: Name, profile: Profile) -> Iterator[tuple[Rank, DomainName]]:
    domain = parse_domain(name.host)
    if isinstance(domain, InvalidDomain) or profile.server_meant(host_part(name.host)):
        return
    if profile.is_own_name(domain.ascii):
        yield Rank.OWN, domain
    elif is_everybodys(domain):
        yield Rank.EVERYBODYS, domain
    else:
        yield Rank.ADDRESS if name.is_address else Rank.NAME, domain
