"""The two names of a half: the domain's own counts only where its row leads to the provider, or could not be asked."""

from __future__ import annotations

import pytest

from bot.advice.names import Names, names_of_half
from bot.answer import FoundBy, MailServer
from bot.facts import Outcome, Protocol
from bot.request import HostKind
from tests.advice.build import ADDRESS_3, ADDRESS_8, ELSEWHERE, KNOWN, NOW, PROFILE, Leads, row
from tests.advice.world import EXAMPLE

SERVER = MailServer("mail8.skok.cz", 8, FoundBy.CNAME, (ADDRESS_8,), "imap.example.cz", NOW)
MAIL8, MAIL3, DOMAIN = "mail8.skok.cz", "mail3.skok.cz", "mail.example.cz"


@pytest.mark.parametrize(
    ("leads", "server", "domain", "addresses"),
    [
        (MAIL8, MAIL8, DOMAIN, (ADDRESS_8,)),
        (ADDRESS_8, MAIL8, DOMAIN, (ADDRESS_8,)),
        (MAIL3, MAIL8, DOMAIN, (ADDRESS_3,)),
        (ADDRESS_3, MAIL8, DOMAIN, (ADDRESS_3,)),
        ("other.skok.cz", MAIL8, DOMAIN, (ELSEWHERE,)),
        (ELSEWHERE, MAIL8, None, ()),
        ("imap.gmail.com", MAIL8, None, ()),
        ("mail8.skok.cz.example.cz", MAIL8, None, ()),
        (Outcome.NXDOMAIN, MAIL8, None, ()),
        (Outcome.DANGLING, MAIL8, None, ()),
        (Outcome.TIMEOUT, MAIL8, DOMAIN, ()),
        (Outcome.SERVFAIL, MAIL8, DOMAIN, ()),
    ],
)
def test_the_names_for_receiving(leads: Leads, server: str, domain: str | None, addresses: tuple[str, ...]) -> None:
    """Beside the mailbox's own server stands the domain's name, with where it leads."""
    names = names_of_half(row("mail.example.cz", leads), SERVER, Protocol.IMAP, EXAMPLE, PROFILE, KNOWN)
    hosts = {HostKind.SERVER: server} | ({HostKind.DOMAIN: domain} if domain else {})
    assert names == Names(hosts, addresses)
    assert names.has_domain is (domain is not None)


@pytest.mark.parametrize(
    ("leads", "server"),
    [
        (MAIL8, MAIL8),
        (ADDRESS_8, MAIL8),
        (MAIL3, MAIL3),
        (ADDRESS_3, MAIL3),
        ("smtp1.skok.cz", "smtp1.skok.cz"),
        (Outcome.TIMEOUT, MAIL8),
    ],
)
def test_sending_may_have_a_server_of_its_own(leads: Leads, server: str) -> None:
    """Then that server's name stands beside the domain's."""
    names = names_of_half(row("smtp.example.cz", leads), SERVER, Protocol.SMTP, EXAMPLE, PROFILE, KNOWN)
    assert names.hosts == {HostKind.SERVER: server, HostKind.DOMAIN: "smtp.example.cz"}
