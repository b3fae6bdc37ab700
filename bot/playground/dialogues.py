"""What the mail servers here say, as data: greeting, capabilities, STARTTLS, goodbye. No login."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bot.facts import Protocol, Security


@dataclass(frozen=True, slots=True)
class Role:
    """A port as customers are told it, and what is spoken on it."""

    port: int
    protocol: Protocol
    security: Security


ROLES = (
    Role(993, Protocol.IMAP, Security.IMPLICIT_TLS),
    Role(995, Protocol.POP3, Security.IMPLICIT_TLS),
    Role(465, Protocol.SMTP, Security.IMPLICIT_TLS),
    Role(143, Protocol.IMAP, Security.STARTTLS),
    Role(110, Protocol.POP3, Security.STARTTLS),
    Role(587, Protocol.SMTP, Security.STARTTLS),
)


@dataclass(frozen=True, slots=True)
class Dialogue:
    """One protocol's side of the server: replies by command, with `{tag}` (IMAP) and `{starttls}` filled in.

    `{starttls}` becomes `offer` while TLS can be begun, and nothing otherwise.
    """

    greeting: str
    starttls: str
    offer: str
    ready: str
    replies: Mapping[str, str]
    unknown: str
    quit: str

    def reply(self, tag: str, command: str, offers_starttls: bool) -> str:
        """The server's answer to a command it stays for; `command` is in upper case."""
        reply = self.replies.get(command, self.unknown)
        return reply.replace("{tag}", tag).replace("{starttls}", self.offer if offers_starttls else "")

    def split(self, line: str) -> tuple[str, str]:
        """The tag (IMAP; "*" when there is none) and the command word of a client's line."""
        words = line.split()
        if "{tag}" in self.unknown:
            return words[0] if words else "*", words[1].upper() if len(words) > 1 else ""
        return "", words[0].upper() if words else ""


IMAP = Dialogue(
    greeting="* OK [CAPABILITY IMAP4rev1] playground ready\r\n",
    starttls="STARTTLS",
    offer=" STARTTLS LOGINDISABLED",
    ready="{tag} OK Begin TLS negotiation now\r\n",
    replies={
        "CAPABILITY": "* CAPABILITY IMAP4rev1 ID{starttls}\r\n{tag} OK Done\r\n",
        "ID": "* ID NIL\r\n{tag} OK Done\r\n",
        "NOOP": "{tag} OK Done\r\n",
        "LOGIN": "{tag} NO [AUTHENTICATIONFAILED] Nobody lives here\r\n",
        "LOGOUT": "* BYE Logging out\r\n{tag} OK Done\r\n",
    },
    unknown="{tag} BAD Unknown command\r\n",
    quit="LOGOUT",
)
POP3 = Dialogue(
    greeting="+OK playground ready\r\n",
    starttls="STLS",
    offer="STLS\r\n",
    ready="+OK Begin TLS negotiation\r\n",
    replies={
        "CAPA": "+OK\r\nCAPA\r\nUIDL\r\n{starttls}.\r\n",
        "NOOP": "+OK\r\n",
        "USER": "+OK\r\n",
        "PASS": "-ERR [AUTH] Nobody lives here\r\n",
        "QUIT": "+OK Logging out\r\n",
    },
    unknown="-ERR Unknown command\r\n",
    quit="QUIT",
)
SMTP = Dialogue(
    greeting="220 mail.playground.invalid ESMTP\r\n",
    starttls="STARTTLS",
    offer="250-STARTTLS\r\n",
    ready="220 2.0.0 Ready to start TLS\r\n",
    replies={
        "EHLO": "250-mail.playground.invalid\r\n250-PIPELINING\r\n{starttls}250 8BITMIME\r\n",
        "HELO": "250 mail.playground.invalid\r\n",
        "NOOP": "250 2.0.0 Ok\r\n",
        "RSET": "250 2.0.0 Ok\r\n",
        "MAIL": "530 5.7.0 Authentication required\r\n",
        "QUIT": "221 2.0.0 Bye\r\n",
    },
    unknown="502 5.5.2 Command not recognized\r\n",
    quit="QUIT",
)
DIALOGUES = {Protocol.IMAP: IMAP, Protocol.POP3: POP3, Protocol.SMTP: SMTP}
