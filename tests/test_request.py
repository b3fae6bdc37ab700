"""The words of a command become a request, or say what is wrong with them."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.catalogue.match import Matcher
from bot.catalogue.model import Chosen, ClientMatch, NotChosen
from bot.catalogue.reader import load_catalogue
from bot.domain import DomainName
from bot.facts import Protocol
from bot.provider.profile import load_profile
from bot.request import Report, SettingsRequest, UsageProblem, parse_settings_request

CATALOGUE = load_catalogue()
MATCHER = Matcher(CATALOGUE)
PROFILE = load_profile()
EXAMPLE = DomainName("example.cz", "example.cz")


def ask(text: str) -> SettingsRequest | UsageProblem:
    """The request in a text, with the real catalogue and provider."""
    return parse_settings_request(text, MATCHER.match, PROFILE)


def asked(text: str) -> SettingsRequest:
    """The same, where the text is right."""
    request = ask(text)
    assert isinstance(request, SettingsRequest), request
    return request


def wrong(text: str) -> UsageProblem:
    """The same, where the text is wrong."""
    problem = ask(text)
    assert isinstance(problem, UsageProblem), problem
    return problem


@pytest.mark.parametrize(
    ("text", "client", "protocol", "language", "ticket"),
    [
        ("example.cz", None, "imap", None, None),
        ("example.cz outlook-2007", "outlook-2007", "imap", None, None),
        ("example.cz outlook 2007", "outlook-2007", "imap", None, None),
        ("example.cz outlook 2007 pop3", "outlook-2007", "pop3", None, None),
        ("example.cz pop3 outlook 2007", "outlook-2007", "pop3", None, None),
        ("example.cz POP outlook 2007", "outlook-2007", "pop3", None, None),
        ("example.cz outlook 2007 imap", "outlook-2007", "imap", None, None),
        ("example.cz IMAP4", None, "imap", None, None),
        ("example.cz en", None, "imap", "en", None),
        ("example.cz česky outlook 2007", "outlook-2007", "imap", "cs", None),
        ("example.cz cz", None, "imap", "cs", None),
        ("example.cz slovensky", None, "imap", "sk", None),
        ("example.cz #12345 outlook 2007", "outlook-2007", "imap", None, "#12345"),
        ("example.cz outlook #INC-1_2 2007 en pop3", "outlook-2007", "pop3", "en", "#INC-1_2"),
        ("example.cz outlook 2007, #12345.", "outlook-2007", "imap", None, "#12345"),
        ("outlook 2007 example.cz", "outlook-2007", "imap", None, None),
        ("pop3 outlook 2007 jan@example.cz sk", "outlook-2007", "pop3", "sk", None),
        ("apple mail 10.10 example.cz", "apple-mail-10.10", "imap", None, None),
        ("Jan Novák <jan@example.cz> outlook 2007", "outlook-2007", "imap", None, None),
        ("Jan Novák <jan@example.cz>", None, "imap", None, None),
        ('"jan novak"@example.cz', None, "imap", None, None),
        ("example.cz jan@example.cz outlook 2007", "outlook-2007", "imap", None, None),
        ("example.cz gmail-pop", "gmail-pop", "pop3", None, None),
        ("example.cz printer", "printer", "imap", None, None),
    ],
)
def test_words_in_any_order(
    text: str, client: str | None, protocol: str, language: str | None, ticket: str | None
) -> None:
    """Client, protocol, language and ticket are found wherever they stand, and the domain though it is not first."""
    request = asked(text)
    assert request.domain == EXAMPLE
    assert (request.client.client.id if request.client else None) == client
    assert request.protocol is Protocol(protocol)
    assert (request.customer_language, request.ticket) == (language, ticket)
    assert request.host_kind is None
    assert request.report is None


@pytest.mark.parametrize(
    ("text", "client", "report"),
    [
        ("example.cz outlook-2010 0x800CCC0E", "outlook-2010", Report("0x800ccc0e")),
        ("example.cz 0x800ccc0e outlook 2010", "outlook-2010", Report("0x800ccc0e")),
        ("0x800CCC0E outlook 2010 example.cz", "outlook-2010", Report("0x800ccc0e")),
        ("example.cz outlook 800CCC0E 2010", "outlook-2010", Report("0x800ccc0e")),
        ("example.cz outlook 2010 550 pop3 #550 en", "outlook-2010", Report("0x800ccc79")),
        ("example.cz 553", None, Report("0x800ccc79")),
        ("jan@example.cz chyba 535 thunderbird", "thunderbird-78", Report("535")),
        ("Jan Novák <jan@example.cz> stále se ptá na heslo", None, Report("password-again")),
        ("example.cz outlook-2010 mail8.skok.cz", "outlook-2010", Report("certificate-name", "mail8.skok.cz")),
        ("example.cz mail8.skok.cz outlook 2010", "outlook-2010", Report("certificate-name", "mail8.skok.cz")),
        ("example.cz certifikát pro www.example.cz", None, Report("certificate-name", "www.example.cz")),
        ("example.cz outlook-2010 cert mail8.skok.cz.", "outlook-2010", Report("certificate-name", "mail8.skok.cz")),
        ("example.cz tb certificate imap.gmail.com", "thunderbird-78", Report("certificate-name", "imap.gmail.com")),
        ("example.cz outlook-2010 certifikát", "outlook-2010", Report("certificate-name")),
        ("example.cz <http://mail8.skok.cz|mail8.skok.cz>", None, Report("certificate-name", "mail8.skok.cz")),
        ("example.cz outlook 0x80070057", "outlook-365", Report("other-code")),
        ("example.cz outlook.com", "outlook-365", None),
        ("example.cz seznam.cz", "seznam-import", None),
        ("example.cz node.js", "node", None),
    ],
)  # fmt: skip
def test_what_the_program_says_is_found_among_the_words(text: str, client: str | None, report: Report | None) -> None:
    """Error codes, a few phrases, and a second host name, which is the one on a certificate."""
    request = asked(text)
    assert request.domain == EXAMPLE
    assert (request.client.client.id if request.client else None) == client
    assert request.report == report


@pytest.mark.parametrize(
    ("text", "key", "typed"),
    [
        ("", "domain_missing", ""),
        ("   \u00a0", "domain_missing", ""),
        ("#12345", "domain_missing", ""),
        ("outlook", "one_label", "outlook"),
        ("outlook 2007", "one_label", "outlook"),
        ("foo_bar.cz outlook", "not_a_domain", "foo_bar.cz"),
        ("192.0.2.1", "ip_address", "192.0.2.1"),
        ("co.uk thunderbird", "public_suffix", "co.uk"),
        ("tajne@ outlook", "domain_missing", ""),
        ("mail8", "server_name_given", "mail8.skok.cz"),
        ("MAIL8 outlook 2007", "server_name_given", "mail8.skok.cz"),
        ("mail64.c4.cz", "server_name_given", "mail64.c4.cz"),
        ("mail8.skok.cz outlook 2007 0x800ccc0e", "server_name_given", "mail8.skok.cz"),
        ("mail8.skok.cz example.cz", "server_name_given", "mail8.skok.cz"),
        ("0x800ccc0e", "one_label", "0x800ccc0e"),
        ("`mail8.skok.cz.`", "server_name_given", "mail8.skok.cz"),
        ("https://mail8.skok.cz:993/", "server_name_given", "mail8.skok.cz"),
        ("jan@mail8.skok.cz", "server_name_given", "mail8.skok.cz"),
        ("<http://mail8.skok.cz|mail8.skok.cz>", "server_name_given", "mail8.skok.cz"),
        ("mail65", "one_label", "mail65"),
    ],
)
def test_what_is_no_domain_is_told(text: str, key: str, typed: str) -> None:
    """Nothing typed, no domain, or one of our own servers: each has its own sentence."""
    assert wrong(text) == UsageProblem("invalid_domain", key, typed)


@pytest.mark.parametrize("text", ["mail65.skok.cz", "xmail8.skok.cz", "mail8.skok.cz.example.cz"])
def test_names_that_look_like_servers_are_domains(text: str) -> None:
    """Only the exact names of the provider's servers are taken for them."""
    assert asked(text).domain.ascii == text


@pytest.mark.parametrize(
    ("text", "code", "typed"),
    [
        ("example.cz blahblah", "client_unknown", "blahblah"),
        ("example.cz #1 #2", "client_unknown", "#2"),
        ("example.cz gmail en", "client_ambiguous", "gmail"),
    ],
)
def test_a_client_that_is_not_understood_gives_choices(text: str, code: str, typed: str) -> None:
    """The domain is kept, the words are repeated, and the nearest clients are offered."""
    problem = wrong(text)
    assert (problem.code, problem.key, problem.typed, problem.domain) == (code, code, typed, EXAMPLE)
    assert len(problem.choices) <= 10
    assert (code == "client_unknown") or problem.choices


def test_the_matcher_gets_the_words_that_are_left() -> None:
    """Protocol, language, ticket and addresses are taken out; the rest is passed on in its order."""
    heard: list[str] = []

    def match(words: str) -> ClientMatch:
        heard.append(words)
        return NotChosen(words, (), is_ambiguous=False)

    parse_settings_request("example.cz Ten pop3 Starý a@b.cz Program #1 sk", match, PROFILE)
    assert heard == ["Ten Starý Program"]


def test_an_ambiguous_word_with_a_default_is_answered() -> None:
    """The others stay one click away."""
    request = asked("example.cz outlook")
    assert isinstance(request.client, Chosen)
    assert request.client.client.id == "outlook-365"
    assert request.client.others


ORDINARY = st.sampled_from(
    "example.cz jan@example.cz outlook 2007 imap pop3 en cs #1 <http://a.cz|a.cz> xp iphone gmail , . @ |".split()  # noqa: SIM905
)
REPORTED = st.sampled_from(["550", "0x800ccc0e", "certifikát", "mail8.skok.cz", "ptá se na heslo"])


@settings(deadline=None)
@given(st.one_of(st.text(), st.lists(st.one_of(ORDINARY, REPORTED, st.text(max_size=8)), max_size=8).map(" ".join)))
@example("<mailto:@|>")
def test_no_text_makes_the_parser_raise(text: str) -> None:
    """Whatever is typed, there is a request or a problem."""
    assert isinstance(ask(text), SettingsRequest | UsageProblem)


@settings(deadline=None)
@given(st.lists(ORDINARY, max_size=4), st.sampled_from(["qq.tajne@x.cz", "qq/tajne@x", "<mailto:qq.tajne@x.cz|qq.t>"]))
def test_no_local_part_survives(words: list[str], address: str) -> None:
    """Wherever an address stands among the words, nothing of it but the domain is kept."""
    for place in range(len(words) + 1):
        assert "qq" not in repr(ask(" ".join([*words[:place], address, *words[place:]])))
