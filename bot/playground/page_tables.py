"""What the page offers: commands and shortcuts as in manifest.yml, who one can be, and what to try."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from bot.playground.customers import MISSING, Texts
from bot.playground.slack_people import AGENT, GENERAL, GUEST, LEAD, SHARED, STRANGER, SUPPORT


@dataclass(frozen=True, slots=True)
class Command:
    """A slash command, with the texts that Slack shows while one types."""

    command: str
    description: str
    usage_hint: str


@dataclass(frozen=True, slots=True)
class Shortcut:
    """A shortcut of the app: everywhere, or in the menu of a message."""

    name: str
    type: Literal["global", "message"]
    callback_id: str
    description: str


@dataclass(frozen=True, slots=True)
class Try:
    """Something to try: who does what where. `text` of a shortcut is its callback id."""

    do: Literal["command", "say", "shortcut"]
    text: str
    about: Texts
    user: str = AGENT
    channel: str = SUPPORT


COMMANDS = (
    Command(
        "/mailsettings",
        "Mail settings for a customer's domain and mail program",
        "DOMAIN_OR_EMAIL [CLIENT] [imap|pop3] [cs|en|sk] [#TICKET]",
    ),
    Command(
        "/mailstatus",
        "How a customer's domain or a mail server is, what is wrong and what to do",
        "DOMAIN_OR_SERVER ...",
    ),
)
SHORTCUTS = (
    Shortcut("Mail settings", "global", "mail_settings", "Fill in a form, wherever you are"),
    Shortcut(
        "Settings for message",
        "message",
        "mail_settings_for_message",
        "Domain and mail program are read out of the message",
    ),
)
APP_NAME, APP_DESCRIPTION = "mailbot", "Mail settings for a customer's mail program, and why these."

REAL_NAMES = {
    AGENT: "Jana Nováková",
    LEAD: "Petr Dvořák",
    GUEST: "Host",
    STRANGER: "Karel Odjinud",
}
TITLES: dict[str, Texts] = {
    AGENT: {"cs": "podpora", "en": "support agent"},
    LEAD: {"cs": "vedoucí podpory", "en": "team lead"},
    GUEST: {"cs": "host", "en": "guest"},
    STRANGER: {"cs": "z jiné firmy", "en": "from another company"},
}
TOPICS = {
    SUPPORT: "Customers' mail",
    GENERAL: "The bot is not in this channel",
    SHARED: "Shared with another company",
}

TRIES = (
    Try(
        "command",
        "/mailsettings example.cz thunderbird",
        {
            "cs": "Program, který posílá SNI: jméno domény, které přežije stěhování.",
            "en": "A program that sends SNI: the domain's own name, which survives moves.",
        },
    ),
    Try(
        "command",
        "/mailsettings example.cz outlook-2007",
        {
            "cs": "Program bez SNI: jméno serveru, a proč.",
            "en": "A program without SNI: the server's own name, and why.",
        },
    ),
    Try(
        "command",
        "/mailsettings jan@example.cz iphone ios 9",
        {
            "cs": "Telefon, kterému žádné jméno nepomůže: řečeno hned, i s cestou ven.",
            "en": "A phone that no server name can help: said first, with a way out.",
        },
    ),
    Try(
        "command",
        "/mailsettings propadla.example outlook 365",
        {
            "cs": "Certifikát domény vypršel. Opravte ho mezi zákazníky a stiskněte Ověřit znovu.",
            "en": "The domain's certificate has expired. Mend it among the customers, then press Check again.",
        },
    ),
    Try(
        "command",
        "/mailsettings jinde.example outlook 2016",
        {"cs": "Schránky má doména jinde.", "en": "The domain's mailboxes are elsewhere."},
    ),
    Try(
        "command",
        "/mailsettings mlci.example thunderbird",
        {
            "cs": "Server na jednom portu mlčí: nejdřív přijde krátký řádek, pak odpověď.",
            "en": "The server is silent on one port: a short line comes first, then the answer.",
        },
    ),
    Try(
        "command",
        f"/mailsettings {MISSING} thunderbird",
        {"cs": "Doména, která neexistuje.", "en": "A domain that does not exist."},
    ),
    Try(
        "command",
        "/mailsettings stehovani.example apple mail 10.10",
        {
            "cs": "Vedoucí podpory čte anglicky. Přestěhujte doménu a stiskněte Check again.",
            "en": "A team lead reads English. Move the domain and press Check again.",
        },
        user=LEAD,
    ),
    Try(
        "command",
        "/mailsettings example.cz outlook-2010 0x800CCC0E",
        {
            "cs": "Co program hlásí: příčina podle toho, co bot naměřil, jedna otázka a jedna rada.",
            "en": "What the program says: the cause by what the bot measured, one question, one thing to do.",
        },
    ),
    Try(
        "command",
        "/mailsettings",
        {
            "cs": "Formulář. Zkuste špatnou doménu a program s překlepem.",
            "en": "The form. Try a wrong domain, and a misspelt program.",
        },
    ),
    Try(
        "say",
        "@mailbot nastavení pro jan@example.cz v Outlooku 2010",
        {
            "cs": "Zmínka volnými slovy: odpověď přijde do vlákna.",
            "en": "A mention in free words: the answer comes in the thread.",
        },
    ),
    Try(
        "say",
        "Volal jan@zahrada.example, na iPhonu mu nejde pošta.",
        {
            "cs": "Zpráva kolegy. V její nabídce ⋯ je zkratka Settings for message.",
            "en": "A colleague's message. Its menu ⋯ has the shortcut Settings for message.",
        },
        user=LEAD,
    ),
    Try(
        "command",
        "/mailstatus propadla.example",
        {"cs": "Stav domény: co je špatně a co udělat.", "en": "A domain's status: what is wrong and what to do."},
        user=LEAD,
    ),
    Try(
        "command",
        "/mailstatus example.cz propadla.example rozpor.example mail8",
        {
            "cs": "Několik domén a server najednou, nejhorší první. Otevřete jednu a stiskněte Které programy?",
            "en": "Several domains and a server at once, the worst first. Open one and press Which clients?",
        },
        user=LEAD,
    ),
    Try(
        "command",
        "/mailsettings help",
        {"cs": "Krátká nápověda.", "en": "A short help."},
    ),
)
