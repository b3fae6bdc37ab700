"""A domain is found in whatever people paste, and nothing of an address but its domain is kept."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.domain import (
    DomainName,
    InvalidDomain,
    has_known_top,
    host_name,
    host_part,
    is_host_name,
    looks_like_domain,
    parse_domain,
    registrable_domain,
    split_words,
    unwrap,
)

HACKY = DomainName("xn--hkyrky-ptac70bc.cz", "háčkyčárky.cz")
LONGEST_LABEL = "a" * 63


def read(text: str) -> DomainName | InvalidDomain:
    """The first domain of a text as typed into Slack."""
    return parse_domain(split_words(text)[0])


@pytest.mark.parametrize(
    ("pasted", "domain"),
    [
        ("example.cz", "example.cz"),
        ("EXAMPLE.CZ.", "example.cz"),
        ("example.cz,", "example.cz"),
        ("example.cz…", "example.cz"),
        ("(example.cz)", "example.cz"),
        ('"example.cz"', "example.cz"),
        ("„example.cz“", "example.cz"),
        ("`example.cz`", "example.cz"),
        ("*example.cz*", "example.cz"),
        ("_example.cz_", "example.cz"),
        (".example.cz", "example.cz"),
        ("@example.cz", "example.cz"),
        ("example.cz:993", "example.cz"),
        ("example.cz/kontakt?x=1#y", "example.cz"),
        ("https://www.example.cz/kontakt", "example.cz"),
        ("HTTPS://EXAMPLE.CZ", "example.cz"),
        ("https://example.cz/@jan", "example.cz"),
        ("https://example.cz:8443/?q=jan@jinde.cz", "example.cz"),
        ("imaps://mail.example.cz:993", "example.cz"),
        ("https://jan:heslo@example.cz/", "example.cz"),
        ("https://example.cz\\@evil.example", "example.cz"),
        ("http://example.cz@evil.example/", "evil.example"),
        ("jan@example.cz", "example.cz"),
        ("jan+nic@mail.example.cz", "example.cz"),
        ("mailto:jan@example.cz", "example.cz"),
        ("mailto:jan@example.cz?subject=a@b.cz", "example.cz"),
        ("jan:heslo@example.cz", "example.cz"),
        ("jan|x@example.cz", "example.cz"),
        ("jan/dept@example.cz", "example.cz"),
        ("jan#1@example.cz", "example.cz"),
        ("jan?x@example.cz", "example.cz"),
        ("jan\\x@example.cz", "example.cz"),
        ("jan@jinde@example.cz", "example.cz"),
        ("jan＠example.cz", "example.cz"),
        ("jan(at)example.cz", "example.cz"),
        ("jan[zavináč]example.cz", "example.cz"),
        ("<http://example.cz|example.cz>", "example.cz"),
        ("<http://example.cz>", "example.cz"),
        ("<https://www.example.cz/|our web>", "example.cz"),
        ("<mailto:jan@example.cz|jan@example.cz>", "example.cz"),
        ("<mailto:jan@example.cz|Jan Novák>", "example.cz"),
        ("<mailto:jan@example.cz|jan.novak>", "example.cz"),
        ("&lt;jan@example.cz&gt;", "example.cz"),
        ("\u00a0example.cz\u00a0", "example.cz"),
        ("exam\u200bple\u00ad.cz\u202e", "example.cz"),
        ("\ufeffexample.cz", "example.cz"),
        ("example。cz", "example.cz"),
        ("ｅｘａｍｐｌｅ．ｃｚ", "example.cz"),
        ("mail.example.cz", "example.cz"),
        ("imap.mail.example.cz", "example.cz"),
        ("shop.example.cz", "shop.example.cz"),
        ("mail.cz", "mail.cz"),
        ("www.mail.cz", "mail.cz"),
        ("mail.co.uk", "mail.co.uk"),
        ("mail.example.co.uk", "example.co.uk"),
        ("ab--cd.cz", "ab--cd.cz"),
        ("strasse.de", "strasse.de"),
        ("straße.de", "xn--strae-oqa.de"),
        (f"{LONGEST_LABEL}.cz", f"{LONGEST_LABEL}.cz"),
    ],
)
def test_the_domain_comes_out_of_what_is_pasted(pasted: str, domain: str) -> None:
    """Links, addresses, host names of services, quotes and invisible signs all lead to the domain."""
    found = read(pasted)
    assert isinstance(found, DomainName)
    assert found.ascii == domain


@pytest.mark.parametrize(
    "pasted",
    ["háčkyčárky.cz", "HÁČKYČÁRKY.CZ", "ha\u030cc\u030ckyc\u030ca\u0301rky.cz", "xn--hkyrky-ptac70bc.cz",
     "XN--HKYRKY-PTAC70BC.CZ", "www.háčkyčárky.cz", "jan@háčkyčárky.cz"],
)  # fmt: skip
def test_an_international_domain_has_both_forms(pasted: str) -> None:
    """Typed either way, with composed or with combining accents, it is the same domain."""
    wanted = HACKY if "ha\u030c" not in pasted else parse_domain("hǎčkyčárky.cz")
    found = read(pasted)
    assert found == wanted
    assert isinstance(found, DomainName)
    assert found.is_international


def test_a_plain_domain_is_not_international() -> None:
    """A name of ASCII alone reads the same both ways."""
    domain = parse_domain("example.cz")
    assert isinstance(domain, DomainName)
    assert not domain.is_international
    assert str(domain) == "example.cz"


@pytest.mark.parametrize(
    ("pasted", "reason", "typed"),
    [
        ("example", "one_label", "example"),
        ("cz", "one_label", "cz"),
        ("jan@host", "one_label", "host"),
        ("ěščř", "one_label", "ěščř"),
        ("192.0.2.1", "ip_address", "192.0.2.1"),
        ("http://192.0.2.1:8080/", "ip_address", "192.0.2.1"),
        ("jan@192.0.2.1", "ip_address", "192.0.2.1"),
        ("127.1", "ip_address", "127.1"),
        ("2001:db8::1", "ip_address", "2001:db8::1"),
        ("[2001:db8::1]:993", "ip_address", "2001:db8::1"),
        ("co.uk", "public_suffix", "co.uk"),
        ("jan@co.uk", "public_suffix", "co.uk"),
        ("foo_bar.cz", "not_a_domain", "foo_bar.cz"),
        ("example..cz", "not_a_domain", "example..cz"),
        ("-a.cz", "not_a_domain", "-a.cz"),
        ("a-.cz", "not_a_domain", "a-.cz"),
        ("example.123", "not_a_domain", "example.123"),
        ("examp1e.c", "not_a_domain", "examp1e.c"),
        ("xn--a.cz", "not_a_domain", "xn--a.cz"),
        ("xn--.cz", "not_a_domain", "xn--.cz"),
        (f"a{LONGEST_LABEL}.cz", "not_a_domain", "a" * 60),
        (".".join([LONGEST_LABEL] * 4), "not_a_domain", "a" * 60),
        ("č" * 70 + ".cz", "not_a_domain", "č" * 60),
        ("jan@", "domain_missing", ""),
        ("@", "domain_missing", ""),
        ("http://", "domain_missing", ""),
        ("...", "domain_missing", ""),
        ("https://jan:he/slo@example.cz/", "domain_missing", ""),
    ],
)
def test_what_is_no_domain_says_why(pasted: str, reason: str, typed: str) -> None:
    """Each kind of mistake has its reason, and what is repeated is short and never an address's local part."""
    assert read(pasted) == InvalidDomain(reason, typed)


@pytest.mark.parametrize(
    "pasted",
    ["tajne@", "tajne@host", "tajne@@", "tajne@192.0.2.1", "tajne@co.uk", "tajne@foo_bar.cz", "tajne|a@x", "tajne/a@x",
     "tajne#a@x", "tajne＠x", "tajne(at)x", "https://tajne:heslo@x/", "https://tajne:he/slo@x", "mailto:tajne@x",
     "tajne@a@b", "<mailto:tajne@x|tajne>", "a?tajne@x"],
)  # fmt: skip
def test_no_local_part_is_kept_when_parsing_fails(pasted: str) -> None:
    """What stands before the @ is not repeated, however broken the address."""
    found = read(pasted)
    assert isinstance(found, InvalidDomain)
    assert "tajne" not in found.typed
    assert "heslo" not in found.typed


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("  example.cz\t outlook\n2007 ", ("example.cz", "outlook", "2007")),
        ("<http://example.cz|example.cz>outlook", ("example.cz", "outlook")),
        ("<mailto:a@example.cz|Jan Novák> x", ("mailto:a@example.cz", "x")),
        ("a &amp;lt; b", ("a", "&lt;", "b")),
        ("", ()),
        ("\u200b\u00a0", ()),
    ],
)
def test_words_are_cut_at_every_blank(text: str, words: tuple[str, ...]) -> None:
    """Links are unwrapped, entities undone once, invisible signs dropped."""
    assert split_words(text) == words


def test_lines_stay_lines_where_only_links_are_unwrapped() -> None:
    """A letter's lines mean something, so blanks stay as they are."""
    assert unwrap("a  <http://b.cz|b.cz>\n&gt; <mailto:c@d.cz|Jan>") == "a   b.cz \n>  mailto:c@d.cz "


@pytest.mark.parametrize(
    ("host", "is_known"),
    [
        ("example.cz", True), ("EXAMPLE.CZ", True), ("a.co.uk", True), ("пример.рф", True), ("a.xn--p1ai", True),
        ("report.pdf", False), ("node.js", False), ("16.0.1", False), ("localhost", False), ("", False), ("a.", False),
    ],
)  # fmt: skip
def test_top_level_domains_that_exist(host: str, is_known: bool) -> None:
    """By the public suffix list; its comments are no rules."""
    assert has_known_top(host) is is_known


@pytest.mark.parametrize(
    ("word", "is_meant"),
    [
        ("example.cz", True), ("jan@host", True), ("https://host", True), ("foo_bar.cz", True), ("a(at)b", True),
        ("outlook", False), ("10.10", False), ("2016", False), ("mail8", False), ("konec.", False), ("#12.5", False),
    ],
)  # fmt: skip
def test_words_that_were_meant_as_domains(word: str, is_meant: bool) -> None:
    """A version number is none, a broken domain is one."""
    assert looks_like_domain(word) is is_meant


@pytest.mark.parametrize(
    ("word", "host"),
    [("https://mail8.skok.cz:993/x", "mail8.skok.cz"), ("jan@Mail8.Skok.CZ.", "mail8.skok.cz"), ("`mail8`", "mail8")],
)
def test_the_host_of_a_word_keeps_its_first_label(word: str, host: str) -> None:
    """Server names are told apart from domains before any label is dropped."""
    assert host_part(word) == host


@pytest.mark.parametrize(
    ("name", "registrable"),
    [
        (DomainName("a.b.example.cz", "a.b.example.cz"), DomainName("example.cz", "example.cz")),
        (DomainName("a.xn--hkyrky-ptac70bc.cz", "a.háčkyčárky.cz"), HACKY),
        (DomainName("co.uk", "co.uk"), None),
    ],
)
def test_the_registrable_part(name: DomainName, registrable: DomainName | None) -> None:
    """It is the part below a public suffix, in both forms."""
    assert registrable_domain(name) == registrable


ODD_SIGNS = "aZ1čß-._@:/#?|\\<>()[]`*~, \u00a0\u200b\u202e＠．。％&;…ſﬁİ\u030c\u0000\ud83d\U0001f600"
ODD_TEXT = st.text(ODD_SIGNS).map(lambda text: text + ".cz" if len(text) % 2 else text)
ANY_TEXT = st.one_of(st.text(), ODD_TEXT, st.text("abcxn-.čřž@", max_size=80).map("xn--{}.cz".format))


@pytest.mark.parametrize(
    ("word", "host"),
    [
        ("MAIL8.skok.cz.", "mail8.skok.cz"),
        ("https://mail.example.cz:993/x", "mail.example.cz"),
        ("*.example.cz", "example.cz"),
        ("mail.háčkyčárky.cz", "mail.xn--hkyrky-ptac70bc.cz"),
        ("mail8", None),
        ("192.0.2.1", None),
        ("10.10", None),
        ("foo_bar.cz", None),
        ("ä\u0378.cz", None),
        (f"{'a.' * 130}cz", None),
        ("", None),
    ],
)
def test_a_host_name_is_read_whole(word: str, host: str | None) -> None:
    """With its first label, in A-labels; anything else is none."""
    assert host_name(word) == host


@settings(deadline=None)
@given(ANY_TEXT)
@example("xn--\u0378.cz")
@example("a\ud800.cz")
def test_no_text_makes_the_parser_raise(text: str) -> None:
    """Whatever is pasted, words come out, and each is a domain or says why not."""
    for word in split_words(text):
        found = parse_domain(word)
        looks_like_domain(word)
        assert isinstance(found, DomainName) or len(found.typed) <= 60
        host = host_name(word)
        assert host is None or is_host_name(host)


@settings(deadline=None)
@given(ANY_TEXT)
@example("İ.cz")
@example("ΒΌΛΟΣ.com")
@example("ſtraße.de")
def test_a_domain_that_parses_parses_to_itself(text: str) -> None:
    """Either form of a found domain, parsed again, is the same domain."""
    for word in split_words(text):
        found = parse_domain(word)
        if isinstance(found, DomainName):
            assert parse_domain(found.ascii) == found
            assert parse_domain(found.unicode) == found
            assert found.ascii.isascii()
            assert found.ascii == found.ascii.lower()


@settings(deadline=None)
@given(st.text("abcdef0123456789.+-_/#?|:'!", min_size=3, max_size=20).map("qq{}qq".format), ANY_TEXT)
def test_no_local_part_survives(local: str, rest: str) -> None:
    """Nothing before the first @ of an address comes out, be the rest as it may."""
    found = parse_domain(f"{local}@{''.join(split_words(rest))}")
    shown = found.typed if isinstance(found, InvalidDomain) else found.ascii
    assert local not in shown
    assert "qq" not in shown or "qq" in rest.lower()
