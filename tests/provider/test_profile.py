"""A provider is data: the built-in one says what its pages say, and another needs no code."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain import DomainName
from bot.facts import Protocol, Security
from bot.provider.known import known_provider
from bot.provider.profile import Port, Profile, ProfileError, ServerName, load_profile, parse_profile

C4 = load_profile("c4")
SECOND = load_profile(str(Path(__file__).with_name("second.toml")))
SECOND_TEXT = Path(__file__).with_name("second.toml").read_text("utf-8")
EXAMPLE = DomainName("example.cz", "example.cz")


def mistakes_of(text: str) -> tuple[str, ...]:
    """Everything that is wrong with a profile."""
    with pytest.raises(ProfileError) as raised:
        parse_profile(text, "p.toml")
    assert str(raised.value) == "\n".join(raised.value.mistakes)
    return tuple(mistake.removeprefix("p.toml: ") for mistake in raised.value.mistakes)


def test_the_built_in_profile_says_what_the_provider_publishes() -> None:
    """Names, rows, hosts, ports and pages stand as on the provider's pages; what is not published is None."""
    published = Profile(
        id="c4",
        name="Webhosting C4",
        server_patterns=("mail{number}.skok.cz", "mail{number}.c4.cz"),
        numbers=(1, 64),
        zones=("skok.cz", "c4.cz"),
        rows={Protocol.IMAP: ("imap", "mail"), Protocol.POP3: ("pop", "mail"), Protocol.SMTP: ("smtp",)},
        receiving_host="mail.{domain}",
        sending_host="smtp.{domain}",
        ports=(
            Port(Protocol.IMAP, 993, Security.IMPLICIT_TLS, {"STARTTLS": 993, "SSL": 993, "TLS": 993}),
            Port(Protocol.POP3, 995, Security.IMPLICIT_TLS, {"STARTTLS": 995, "SSL": 995, "TLS": 995}),
            Port(Protocol.SMTP, 587, Security.STARTTLS, {"STARTTLS": 587}),
            Port(Protocol.SMTP, 465, Security.IMPLICIT_TLS, {}, is_optional=True),
        ),
        roots=("isrg-root-x1",),
        pages={
            "receiving": "https://faq.c4.cz/zabezpecene-vybirani-posty-ssl-tls-starttls",
            "sending": "https://faq.c4.cz/zabezpecene-odesilani-posty-ssl-tls-starttls",
            "spf": "https://www.smtp2.cz/nastaveni-spf-dkim",
            "dkim": "https://faq.c4.cz/dkim-podepisovani-e-mailu",
        },
        server_may_move=True,
        username=None,
        webmail=None,
        administration=None,
        spf_includes=("spf1.c4.cz", "spf2.c4.cz"),
        dkim_selector="ceskywebhosting",
        caa_issuers=("letsencrypt.org",),
    )
    assert published == C4


def test_the_built_in_profile_is_the_default() -> None:
    """No name means c4."""
    assert load_profile() == C4


@pytest.mark.parametrize(
    ("profile", "host", "server"),
    [
        (C4, "mail8.skok.cz", ServerName("mail8.skok.cz", 8)),
        (C4, "MAIL8.SKOK.CZ.", ServerName("mail8.skok.cz", 8)),
        (C4, "mail1.c4.cz", ServerName("mail1.c4.cz", 1)),
        (C4, "mail64.c4.cz", ServerName("mail64.c4.cz", 64)),
        (C4, "mail65.skok.cz", None),
        (C4, "mail0.skok.cz", None),
        (C4, "mail08.skok.cz", None),
        (C4, "mail.skok.cz", None),
        (C4, "mail8.skok.cz.example.cz", None),
        (C4, "xmail8.skok.cz", None),
        (C4, "a.mail8.skok.cz", None),
        (C4, "mail8xskok.cz", None),
        (C4, "mail8.skok.czech.cz", None),
        (C4, "mail8\n.skok.cz", None),
        (C4, "mail8.skok.cz\n", None),
        (C4, "mail٨.skok.cz", None),
        (C4, "mail-8.skok.cz", None),
        (C4, "mail88888.skok.cz", None),
        (C4, "", None),
        (SECOND, "node-100.mail.hoster.example", ServerName("node-100.mail.hoster.example", 100)),
        (SECOND, "node-99.mail.hoster.example", None),
        (SECOND, "cluster.hoster.example", ServerName("cluster.hoster.example", None)),
        (SECOND, "cluster8.hoster.example", None),
        (SECOND, "mail8.skok.cz", None),
    ],
)
def test_only_exact_names_are_servers(profile: Profile, host: str, server: ServerName | None) -> None:
    """A name that merely looks like a server's is somebody else's."""
    assert profile.server(host) == server


@pytest.mark.parametrize(
    ("profile", "word", "meant"),
    [
        (C4, "mail8", "mail8.skok.cz"),
        (C4, "mail8.c4.cz", "mail8.c4.cz"),
        (C4, "Mail8.Skok.cz.", "mail8.skok.cz"),
        (C4, "mail", None),
        (C4, "mail65", None),
        (C4, "8", None),
        (C4, "example.cz", None),
        (C4, "", None),
        (SECOND, "node-100", "node-100.mail.hoster.example"),
        (SECOND, "cluster", "cluster.hoster.example"),
    ],
)
def test_a_server_may_be_called_by_its_first_label(profile: Profile, word: str, meant: str | None) -> None:
    """The first zone that has such a server completes the name."""
    assert profile.server_meant(word) == meant


def test_every_server_has_its_name() -> None:
    """All numbers of all patterns, and the names without a number once; each is a server again."""
    assert len(list(C4.all_servers())) == 128
    servers = list(SECOND.all_servers())
    assert servers[-1] == ServerName("cluster.hoster.example", None)
    assert len(servers) == 9901
    assert all(C4.server(server.host) == server for server in C4.all_servers())


@pytest.mark.parametrize(
    ("host", "is_own"),
    [("skok.cz", True), ("mx1.skok.cz", True), ("a.b.c4.cz", True), ("xskok.cz", False), ("skok.cz.evil.cz", False),
     ("", False)],
)  # fmt: skip
def test_own_names_are_those_in_a_zone(host: str, is_own: bool) -> None:
    """Whole labels are compared."""
    assert C4.is_own_name(host) is is_own


def test_ports_and_hosts_by_protocol() -> None:
    """Each protocol has its port and host; the second sending port is told apart."""
    assert [port.port for p in Protocol if (port := C4.port(p))] == [993, 995, 587]
    second = C4.port(Protocol.SMTP, optional=True)
    assert second is not None
    assert second.port == 465
    assert C4.port(Protocol.IMAP, optional=True) is None
    assert [C4.host_for(p, EXAMPLE) for p in Protocol] == ["mail.example.cz", "mail.example.cz", "smtp.example.cz"]
    assert [SECOND.host_for(p, EXAMPLE) for p in Protocol] == ["imap.example.cz", "imap.example.cz", "out.example.cz"]


def test_a_profile_may_say_more_or_less() -> None:
    """User name, webmail and administration are told where they are published; warnings and roots may be absent."""
    assert (SECOND.username, SECOND.webmail) == ("whole e-mail address", "https://webmail.hoster.example")
    assert SECOND.administration == "https://admin.hoster.example"
    assert (SECOND.server_may_move, SECOND.roots, SECOND.pages) == (False, (), {})


@pytest.mark.parametrize(
    ("host", "name"),
    [
        ("example-cz.mail.protection.outlook.com", "Microsoft 365"),
        ("aspmx.l.google.com", "Google"),
        ("google.com", "Google"),
        ("imap.gmail.com", "Google"),
        ("notgoogle.com", None),
        ("google.com.example.cz", None),
        ("192.0.2.1", None),
        ("", None),
    ],
)
def test_known_providers_go_by_whole_labels(host: str, name: str | None) -> None:
    """A name that merely ends with the same letters is not the provider's."""
    assert known_provider(host) == name


@pytest.mark.parametrize(
    ("old", "new", "mistakes"),
    [
        ('id = "hoster"', "", ["id is missing"]),
        ('id = "hoster"', "id = 7", ["id must be a str"]),
        ('id = "hoster"', 'id = "hoster"\ncolour = "red"', ["colour is unknown"]),
        ("[servers]", "[serfers]", ["[servers] is missing", "[serfers] is unknown"]),
        ("zones = [", "zone = [", ["[servers] zones is missing", "[servers] zone is unknown"]),
        ("numbers = [100, 9999]", "numbers = []", ["[servers] numbers must be a non-empty list"]),
        ("[100, 9999]", "[0, 8]", ["[servers] numbers must be [first, last], from 1 to 9999"]),
        ("[100, 9999]", "[9, 8]", ["[servers] numbers must be [first, last], from 1 to 9999"]),
        ("[100, 9999]", "[1, 10000]", ["[servers] numbers must be [first, last], from 1 to 9999"]),
        ("[100, 9999]", "[1, 2, 3]", ["[servers] numbers must be [first, last], from 1 to 9999"]),
        ("[100, 9999]", "[true, 8]", ["[servers] numbers must be [first, last], from 1 to 9999"]),
        ('"cluster.hoster.example"]', "8]", ["[servers] names must hold host names, {number} at most once in each"]),
        ("node-{number}", "node-{n}", ["[servers] names must hold host names, {number} at most once in each"]),
        ("node-{number}", "{number}{number}", ["[servers] names must hold host names, {number} at most once in each"]),
        ('zones = ["mail', 'zones = [1, "mail', ["[servers] zones must hold host names"]),
        ('imap = ["mail"]', 'imap = ["www"]', ["[rows] imap may name only imap, pop, mail and smtp"]),
        ('imap = ["mail"]', 'imap = [["mail"]]', ["[rows] imap may name only imap, pop, mail and smtp"]),
        ('imap = ["mail"]', 'imap = "mail"', ["[rows] imap must be a non-empty list"]),
        ("imap.{domain}", "imap", ["[hosts] receiving must be a host name with {domain} at its end"]),
        ("out.{domain}", "out.{domain}.{x}", ["[hosts] sending must be a host name with {domain} at its end"]),
        ('url = "https://webmail', 'utl = "https://webmail', ["[webmail] url is missing", "[webmail] utl is unknown"]),
        ('url = "https://webmail', 'url = "javascript:', ["[webmail] url must start with https:// or http://"]),
        ('protocol = "imap"', 'protocol = "jmap"',
         ["[[ports]] jmap 143: protocol must be imap, pop3 or smtp", "[[ports]] has no port for imap"]),
        ('protocol = "imap"', "protocol = []",
         ["[[ports]] [] 143: protocol must be imap, pop3 or smtp", "[[ports]] has no port for imap"]),
        ("port = 143", "port = 0", ["[[ports]] imap 0: port must be between 1 and 65535"]),
        ("port = 143", "port = true", ["[[ports]] imap True: port must be between 1 and 65535"]),
        ("port = 143", 'port = "143"', ["[[ports]] imap 143: port must be between 1 and 65535"]),
        ("port = 143", "", ["[[ports]] imap ?: port must be between 1 and 65535"]),
        ("port = 143", "port = 143\noptional = 1", ["[[ports]] imap 143: optional must be true or false"]),
        ("port = 143", "port = 143\ncolour = 1", ["[[ports]] imap 143: colour is unknown"]),
        ('published = { "SSL/TLS" = 143 }', "published = [143]",
         ["[[ports]] imap 143: published must map labels to ports"]),
        ('published = { "SSL/TLS" = 143 }', 'published = { SSL = "x" }',
         ["[[ports]] imap 143: published must map labels to ports"]),
        ("port = 143\nsecurity", "port = 143\noptional = true\nsecurity", ["[[ports]] has no port for imap"]),
        ('security = "implicit_tls"', 'security = "none"',
         ["[[ports]] smtp 465: security must be implicit_tls or starttls"]),
        ('security = "implicit_tls"', "security = {}",
         ["[[ports]] smtp 465: security must be implicit_tls or starttls"]),
        ("[administration]", "[warnings]\nserver_may_move = 1\n[administration]",
         ["[warnings] server_may_move must be a bool"]),
        ("[administration]", "[roots]\nids = [1]\n[administration]", ["[roots] ids must hold texts"]),
        ("[administration]", "[spf]\nincludes = [1]\n[administration]", ["[spf] includes must hold names of DNS"]),
        ("[administration]", '[caa]\nissuers = ["a b"]\n[administration]', ["[caa] issuers must hold names of DNS"]),
        ("[administration]", '[dkim]\nselector = "A"\n[administration]', ["[dkim] selector must be a name of DNS"]),
        ("[administration]", "[pages]\nreceiving = 1\n[administration]", ["[pages] receiving must be a str"]),
    ],
)  # fmt: skip
def test_each_mistake_has_its_message(old: str, new: str, mistakes: list[str]) -> None:
    """The message names the table and the key, and says what is allowed."""
    assert old in SECOND_TEXT
    assert list(mistakes_of(SECOND_TEXT.replace(old, new, 1))) == mistakes


def test_all_mistakes_are_told_together() -> None:
    """One start shows everything that has to be mended."""
    assert mistakes_of('name = 1\nports = 2\nrows = []\n[servers]\nnames = ["a.example"]\n[colours]\n') == (
        "id is missing",
        "name must be a str",
        "[servers] numbers is missing",
        "[servers] zones is missing",
        "rows must be a table",
        "[hosts] is missing",
        "[colours] is unknown",
        "[[ports]] is missing",
    )


def test_text_that_is_not_toml() -> None:
    """The place in the file is told."""
    (mistake,) = mistakes_of("id = ")
    assert mistake.startswith("is not TOML: ")
    assert "end of document" in mistake


@pytest.mark.parametrize("ports", ["", "[[ports]]\n[ports2]", "ports = [1]", "[ports]"])
def test_no_ports_at_all(ports: str) -> None:
    """A profile without ports cannot answer anything."""
    start = SECOND_TEXT.partition("[[ports]]")[0]
    mistakes = mistakes_of(f"{ports}\n{start}" if ports == "ports = [1]" else f"{start}\n{ports}\n")
    assert any(mistake.startswith("[[ports]]") for mistake in mistakes)


def test_a_built_in_profile_that_does_not_exist() -> None:
    """The message says what to give."""
    with pytest.raises(ProfileError, match="no such built-in profile; give `c4` or the path of a TOML file"):
        load_profile("c5")


@pytest.mark.parametrize("name", ["missing.toml", ".", "latin.toml", "x\0.toml", "", "known"])
def test_a_file_that_cannot_be_read(name: str, tmp_path: Path) -> None:
    """A missing file, a folder, another encoding, or a file of the package that is no profile: no traceback."""
    (tmp_path / "latin.toml").write_bytes(b"\xe1")
    with pytest.raises(ProfileError):
        load_profile(name if name in ("known", "") else str(tmp_path / name))


VALUES = st.recursive(
    st.one_of(st.booleans(), st.integers(-1, 70000), st.text(max_size=8), st.just("a.{number}.{domain}")),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.sampled_from("imap x".split()), inner)),  # noqa: SIM905
    max_leaves=4,
)


def paths_of(table: dict[str, Any]) -> list[tuple[Any, ...]]:
    """The way to each value of a profile."""
    found: list[tuple[Any, ...]] = []
    for key, value in table.items():
        found.append((key,))
        if isinstance(value, dict):
            found += [(key, *rest) for rest in paths_of(value)]
        elif key == "ports":
            found += [(key, n, *rest) for n, port in enumerate(value) for rest in paths_of(port)]
    return found


@settings(deadline=None)
@given(st.sampled_from(paths_of(tomllib.loads(SECOND_TEXT))), VALUES)
def test_a_wrong_value_never_gets_through(path: tuple[Any, ...], value: Any) -> None:
    """A profile with any one value replaced is either usable or refused with messages, never a traceback."""
    data = tomllib.loads(SECOND_TEXT)
    place: Any = data
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = value
    try:
        profile = build(data)
    except ProfileError:
        return
    assert all(profile.host_for(protocol, EXAMPLE).endswith("example.cz") for protocol in Protocol)
    assert profile.server(next(profile.all_servers()).host)
    assert all(profile.port(protocol) for protocol in Protocol)


def build(data: dict[str, Any]) -> Profile:
    """A profile of parsed TOML."""
    return parse_profile(as_toml(data), "p.toml")


def as_toml(data: dict[str, Any]) -> str:
    """A table as TOML: top-level keys with everything else in line."""
    return "\n".join(f"{quoted(key)} = {inline(value)}" for key, value in data.items())


def inline(value: Any) -> str:
    """A value as TOML on one line."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{quoted(key)} = {inline(inner)}" for key, inner in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(inline, value)) + "]"
    if isinstance(value, bool):
        return str(value).lower()
    return str(value) if isinstance(value, int) else quoted(value)


def quoted(text: str) -> str:
    """A text as TOML's basic string."""
    return '"' + "".join(c if c.isalnum() and c.isascii() else f"\\U{ord(c):08x}" for c in text) + '"'
