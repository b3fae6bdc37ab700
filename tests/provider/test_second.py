"""Another provider, unlike the built-in one in everything, is served without a line of code."""

from __future__ import annotations

from pathlib import Path

from bot.advice.mail_server import find_mail_server
from bot.answer import FoundBy, MailServer, Note
from bot.facts import DnsFacts, Outcome, Protocol, Security
from bot.provider.profile import load_profile
from bot.reply.as_json import settings_json
from bot.reply.customer import customer_text
from bot.reply.settings import settings_page
from bot.reply.text import render_text
from tests.advice.build import ELSEWHERE, dns
from tests.advice.world import CATALOGUE, Server, answer_for, chain_of

SECOND = load_profile(str(Path(__file__).with_name("second.toml")))
NODE, CLUSTER = "node-100.mail.hoster.example", "cluster.hoster.example"
SERVER = Server(
    named={"imap.example.cz": chain_of("imap.example.cz"), "out.example.cz": chain_of("out.example.cz")},
    default=chain_of("*.mail.hoster.example"),
)


def facts(mail: str = NODE) -> DnsFacts:
    """Rows that lead to the second provider."""
    return dns(imap=mail, mail=mail, pop=Outcome.NXDOMAIN, smtp=mail, mx=(NODE,))


def test_the_server_is_found_by_its_own_patterns() -> None:
    """With a number of its own range, or by a name without one; the built-in provider's names are foreign."""
    found = find_mail_server(facts(), Protocol.IMAP, SECOND, {})
    assert isinstance(found, MailServer)
    assert (found.host, found.number, found.found_by, found.addresses) == (NODE, 100, FoundBy.CNAME, (ELSEWHERE,))
    found = find_mail_server(facts(CLUSTER), Protocol.POP3, SECOND, {})
    assert isinstance(found, MailServer)
    assert (found.host, found.number, found.row) == (CLUSTER, None, "mail.example.cz")
    foreign = find_mail_server(facts("mail8.skok.cz"), Protocol.IMAP, SECOND, {})
    assert isinstance(foreign, Note)
    assert foreign.code == "not_hosted_here"


def test_a_client_with_sni_gets_the_providers_hosts_and_ports() -> None:
    """IMAP by STARTTLS on 143, sending by TLS at once on 465, names made of its own templates; nothing to warn of."""
    answer = answer_for("example.cz thunderbird-78", SERVER, facts(), profile=SECOND)
    assert answer.incoming is not None
    assert [(half.host, half.port, half.security) for half in (answer.incoming, answer.outgoing)] == [
        ("imap.example.cz", 143, Security.STARTTLS),
        ("out.example.cz", 465, Security.IMPLICIT_TLS),
    ]
    assert [half.label and half.label.choice["en"] for half in (answer.incoming, answer.outgoing)] == [
        "STARTTLS",
        "SSL/TLS",
    ]
    assert answer.verified
    assert answer.warnings == ()
    assert answer.second_port is None


def test_a_client_without_sni_gets_the_server_that_never_moves() -> None:
    """The warning about moves is the profile's to give, and this one does not."""
    answer = answer_for("example.cz outlook-2007", SERVER, facts(), profile=SECOND)
    assert answer.incoming is not None
    assert answer.incoming.host == NODE
    assert "server_may_move" not in [note.code for note in answer.warnings]


def test_what_the_profile_publishes_is_said() -> None:
    """The form of the user name in the page, the letter and the JSON; webmail where nothing else helps."""
    answer = answer_for("example.cz thunderbird-78", SERVER, facts(), profile=SECOND)
    page = render_text(settings_page(answer, "en", CATALOGUE))
    assert "whole e-mail address" in page
    assert "143" in page
    assert "whole e-mail address" in customer_text(answer, "cs")
    assert settings_json(answer, "en", CATALOGUE)["incoming"]["username"] == "whole e-mail address"
    stopped = answer_for("example.cz outlook-2007-xp", SERVER, facts(), profile=SECOND)
    assert "https://webmail.hoster.example" in render_text(settings_page(stopped, "sk", CATALOGUE))
