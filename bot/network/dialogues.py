"""The talk before STARTTLS, as data: what is said, and what must come back. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from bot.facts import Protocol


@dataclass(frozen=True, slots=True)
class Step:
    """A command (none: the server speaks first) and its reply.

    The reply is any number of lines like `more`, then one like `last`. `offer` must be among the lines. A reply
    like `refusal` means that the server does not want to talk now. After the last step TLS begins.
    """

    command: str
    last: re.Pattern[bytes]
    more: re.Pattern[bytes] | None = None
    offer: re.Pattern[bytes] | None = None
    refusal: re.Pattern[bytes] | None = None

    @property
    def title(self) -> str:
        """The command without its argument."""
        return self.command.removesuffix(" {name}")

    def sends(self, name: str) -> bytes:
        """The command as bytes; `name` is how the client introduces itself in SMTP."""
        return self.command.format(name=name).encode("ascii") + b"\r\n" if self.command else b""

    def continues_after(self, line: bytes) -> bool:
        """True when more lines of the same reply follow."""
        return bool(self.more and self.more.match(line) and not self.last.match(line))

    def is_met_by(self, lines: list[bytes]) -> bool:
        """True when the reply says yes and offers what is needed."""
        is_offered = self.offer is None or any(map(self.offer.match, lines))
        return bool(self.last.match(lines[-1])) and is_offered

    def is_refused_by(self, lines: list[bytes]) -> bool:
        """True when the reply says nothing but "not now"."""
        return bool(self.refusal and self.refusal.match(lines[-1]))


def _like(pattern: str) -> re.Pattern[bytes]:
    return re.compile(pattern.encode("ascii"), re.IGNORECASE)


DIALOGUES: Mapping[Protocol, tuple[Step, ...]] = {
    # RFC 3501, 6.2.1. STARTTLS is asked for at once: its answer says as much as CAPABILITY, a round trip sooner.
    Protocol.IMAP: (
        Step("", last=_like(r"\* OK\b"), refusal=_like(r"\* BYE\b")),
        Step("a1 STARTTLS", last=_like(r"a1 OK\b"), more=_like(r"\* ")),
    ),
    # RFC 2595, 4.
    Protocol.POP3: (
        Step("", last=_like(r"\+OK\b"), refusal=_like(r"-ERR\b")),
        Step("STLS", last=_like(r"\+OK\b")),
    ),
    # RFC 3207, 4; the lines of a reply but the last have a hyphen: RFC 5321, 4.2.1.
    Protocol.SMTP: (
        Step("", last=_like(r"220(?: |$)"), more=_like("220-"), refusal=_like(r"[45]\d\d\b")),
        Step("EHLO {name}", last=_like(r"250(?: |$)"), more=_like("250-"), offer=_like(r"250[ -]STARTTLS\s*$")),
        Step("STARTTLS", last=_like(r"220(?: |$)"), more=_like("220-")),
    ),
}
