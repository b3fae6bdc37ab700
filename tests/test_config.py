"""Every setting is read, checked and named in its messages; all mistakes come together, and no secret is shown."""

from __future__ import annotations

import ipaddress
import re
from dataclasses import fields
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.config import NOT_YET, Config, ConfigError, HostPort, config_from_environment, read_config

VARIABLES = {field.metadata["name"]: field.name for field in fields(Config)}
THIS_FILE = Path(__file__)


def read(**environment: str) -> Config:
    """The Config of an environment without anything unknown in it."""
    config, warnings = read_config(environment)
    assert warnings == ()
    return config


def mistakes_of(**environment: str) -> tuple[str, ...]:
    """Everything that is wrong with an environment."""
    with pytest.raises(ConfigError) as raised:
        read_config(environment)
    assert str(raised.value) == "\n".join(raised.value.mistakes)
    return raised.value.mistakes


def written(folder: Path, text: str) -> str:
    """The path of a new configuration file."""
    file = folder / "mailbot.toml"
    file.write_text(text, "utf-8")
    return str(file)


def test_defaults() -> None:
    """Without any setting the bot starts with the documented defaults."""
    assert read() == Config(
        slack_bot_token=None,
        slack_signing_secret=None,
        slack_app_token=None,
        slack_api_url="https://slack.com/api/",
        listen=HostPort("0.0.0.0", 3000),
        dns_servers=(),
        public_resolvers=tuple(HostPort(host, 53) for host in ("1.1.1.1", "8.8.8.8", "9.9.9.9", "193.17.47.1")),
        ca_file=None,
        provider="c4",
        clients=None,
        allow_networks=(),
        timeout=5.0,
        language="cs",
        log_level="info",
        log_format="text",
    )


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("SLACK_BOT_TOKEN", "xoxb-1", "xoxb-1"),
        ("SLACK_SIGNING_SECRET", "abc", "abc"),
        ("SLACK_APP_TOKEN", "xapp-1", "xapp-1"),
        ("SLACK_API_URL", "https://slack-gov.com/api", "https://slack-gov.com/api/"),
        ("SLACK_API_URL", "http://127.0.0.1:8080/api/", "http://127.0.0.1:8080/api/"),
        ("MAILBOT_LISTEN", "127.0.0.1:80", HostPort("127.0.0.1", 80)),
        ("MAILBOT_LISTEN", "[::]:3000", HostPort("::", 3000)),
        ("MAILBOT_LISTEN", "localhost:3000", HostPort("localhost", 3000)),
        ("MAILBOT_DNS_SERVERS", "192.0.2.53", (HostPort("192.0.2.53", 53),)),
        ("MAILBOT_DNS_SERVERS", "192.0.2.53:5353, [2001:db8::53]:54,",
         (HostPort("192.0.2.53", 5353), HostPort("2001:db8::53", 54))),
        ("MAILBOT_DNS_SERVERS", "2001:db8::53,[::1]", (HostPort("2001:db8::53", 53), HostPort("::1", 53))),
        ("MAILBOT_PUBLIC_RESOLVERS", "192.0.2.53:54", (HostPort("192.0.2.53", 54),)),
        ("MAILBOT_PUBLIC_RESOLVERS", "None", ()),
        ("MAILBOT_CA_FILE", str(THIS_FILE), THIS_FILE),
        ("MAILBOT_CLIENTS", str(THIS_FILE), THIS_FILE),
        ("MAILBOT_PROVIDER", "hoster.toml", "hoster.toml"),
        ("MAILBOT_ALLOW_NETWORKS", "127.0.0.0/8, ::1",
         (ipaddress.ip_network("127.0.0.0/8"), ipaddress.ip_network("::1/128"))),
        ("MAILBOT_TIMEOUT", "0.2", 0.2),
        ("MAILBOT_TIMEOUT", "15", 15.0),
        ("MAILBOT_LANGUAGE", "sk", "sk"),
        ("MAILBOT_LOG_LEVEL", "DEBUG", "debug"),
        ("MAILBOT_LOG_FORMAT", "json", "json"),
        ("MAILBOT_LANGUAGE", " en ", "en"),
    ],
)  # fmt: skip
def test_each_variable_is_read(name: str, text: str, value: object) -> None:
    """Values are typed; blanks around them do not count."""
    assert getattr(read(**{name: text}), VARIABLES[name]) == value


@pytest.mark.parametrize("name", [*VARIABLES, "MAILBOT_CONFIG"])
@pytest.mark.parametrize("text", ["", "  "])
def test_an_empty_variable_counts_as_not_set(name: str, text: str) -> None:
    """A line `NAME=` of an environment file leaves the default."""
    assert read(**{name: text}) == read()


@pytest.mark.parametrize(
    ("name", "texts", "message"),
    [
        ("SLACK_API_URL", ["slack.com", "ftp://slack.com", "https://", "http://["],
         "must be a URL that starts with https:// or http://"),
        ("MAILBOT_LISTEN", ["3000", ":3000", "0.0.0.0", "0.0.0.0:65536", "0.0.0.0:x", "a b:1"],
         "must be ADDRESS:PORT, for example 0.0.0.0:3000 or [::]:3000"),
        ("MAILBOT_DNS_SERVERS", [",", "dns.example.cz", "192.0.2.53:99999", "192.0.2.53;192.0.2.54", "192.0.2.300"],
         "must be addresses by commas, for example 192.0.2.53,192.0.2.54:5353,[2001:db8::53]:53"),
        ("MAILBOT_PUBLIC_RESOLVERS", ["no", ",", "dns.example.cz"],
         "must be none, or addresses by commas, for example 192.0.2.53,192.0.2.54:5353,[2001:db8::53]:53"),
        ("MAILBOT_CA_FILE", ["/missing.pem", "/", "x" * 5000, "a\0b"], "must be a file that exists"),
        ("MAILBOT_CLIENTS", ["missing.toml"], "must be a file that exists"),
        ("MAILBOT_ALLOW_NETWORKS", ["127.0.0.1/8", "local"],
         "must be networks by commas, for example 127.0.0.0/8,2001:db8::/32"),
        ("MAILBOT_TIMEOUT", ["0", "0.1", "15.1", "-1", "5s", "nan", "inf", "1e1", "five"],
         "must be a number of seconds from 0.2 to 15"),
        ("MAILBOT_LANGUAGE", ["de", "CS"], "must be one of cs, en, sk"),
        ("MAILBOT_LOG_LEVEL", ["loud"], "must be one of debug, info, warning, error"),
        ("MAILBOT_LOG_FORMAT", ["xml"], "must be one of text, json"),
    ],
)  # fmt: skip
def test_a_value_out_of_range_stops_the_start(name: str, texts: list[str], message: str) -> None:
    """The message names the variable, the value and what is allowed."""
    for text in texts:
        assert mistakes_of(**{name: text}) == (f"{name} {text!r}: {message}",)


def test_all_mistakes_are_told_together() -> None:
    """One start shows everything that has to be mended."""
    assert mistakes_of(MAILBOT_TIMEOUT="0", SLACK_APP_TOKEN="xoxb-tajne", MAILBOT_ALLOW_USERS="jana") == (
        "SLACK_APP_TOKEN: must start with xapp-",
        "MAILBOT_TIMEOUT '0': must be a number of seconds from 0.2 to 15",
        "MAILBOT_ALLOW_USERS 'jana': must be Slack ids by commas, for example U024BE7LH,W012A3CDE",
    )


def test_unknown_variables_are_warned_about() -> None:
    """Only our own prefix is looked at, and what this version does not need yet is said."""
    _, warnings = read_config(
        {"MAILBOT_TIMEOUTS": "1", "MAILBOT_RETENTION_DAYS": "1", "MAILBOT_LANGUAGE": "en", "HOME": "/", "SLACK_X": "1"}
    )
    assert warnings == (
        "MAILBOT_TIMEOUTS: unknown variable, ignored",
        "MAILBOT_RETENTION_DAYS: has no effect in this version",
    )


@pytest.mark.parametrize(
    ("name", "right", "wrong"),
    [
        ("MAILBOT_ALLOW_CHANNELS", "C0SUPPORT, D1", "#support"),
        ("MAILBOT_ALLOW_GROUPS", "S0LEADS", "C0SUPPORT"),
        ("MAILBOT_ALLOW_USERS", "U1,W2", "jana"),
    ],
)
def test_access_lists_hold_slack_ids(name: str, right: str, wrong: str, tmp_path: Path) -> None:
    """A name would let in nobody, or the wrong one later; in a file they are lists."""
    key = name.removeprefix("MAILBOT_").lower()
    ids = frozenset(re.split(", ?", right))
    assert getattr(read(**{name: right}), key) == ids
    assert getattr(read(MAILBOT_CONFIG=written(tmp_path, f"{key} = {sorted(ids)}")), key) == ids
    (mistake,) = mistakes_of(**{name: wrong})
    assert name in mistake
    assert "Slack ids" in mistake


@pytest.mark.parametrize(
    ("text", "right"), [("1", True), ("10000", True), ("0", False), ("many", False), ("1.5", False)]
)
def test_look_ups_per_minute_are_a_number(text: str, right: bool) -> None:
    """At least one."""
    if right:
        assert read(MAILBOT_LOOKUPS_PER_MINUTE=text).lookups_per_minute == int(text)
    else:
        assert len(mistakes_of(MAILBOT_LOOKUPS_PER_MINUTE=text)) == 1


def test_a_file_says_the_same_as_variables(tmp_path: Path) -> None:
    """Keys are the variables' names in lower case without our prefix; lists, numbers and texts are taken."""
    file = written(
        tmp_path,
        """
        slack_bot_token = "xoxb-1"
        listen = "127.0.0.1:80"
        dns_servers = ["192.0.2.53", "192.0.2.54:5353"]
        allow_networks = ["127.0.0.0/8"]
        timeout = 2
        language = "en"
        retention_days = 30
        """,
    )
    assert read(MAILBOT_CONFIG=file) == read(
        SLACK_BOT_TOKEN="xoxb-1",
        MAILBOT_LISTEN="127.0.0.1:80",
        MAILBOT_DNS_SERVERS="192.0.2.53,192.0.2.54:5353",
        MAILBOT_ALLOW_NETWORKS="127.0.0.0/8",
        MAILBOT_TIMEOUT="2",
        MAILBOT_LANGUAGE="en",
    )


def test_a_variable_wins_over_the_file(tmp_path: Path) -> None:
    """Even over a wrong value there; an empty variable leaves the file's value."""
    file = written(tmp_path, 'language = "de"\nprovider = "hoster.toml"')
    config = read(MAILBOT_CONFIG=file, MAILBOT_LANGUAGE="en", MAILBOT_PROVIDER="")
    assert (config.language, config.provider) == ("en", "hoster.toml")


def test_an_empty_value_in_the_file_counts_as_not_set(tmp_path: Path) -> None:
    """As with variables."""
    assert read(MAILBOT_CONFIG=written(tmp_path, 'language = ""\ndns_servers = []')) == read()


def test_mistakes_in_the_file_name_the_file_and_the_key(tmp_path: Path) -> None:
    """Unknown keys, tables and values out of range, all together."""
    file = written(tmp_path, 'timeout = 99\nlanguages = "cs"\nprovider = true\nsigning_secret = "tajne"\n[listen]\n')
    assert sorted(mistakes_of(MAILBOT_CONFIG=file)) == [
        f"{file}: languages: unknown key",
        f"{file}: listen: must be a text, a number or a list of texts",
        f"{file}: provider: must be a text, a number or a list of texts",
        f"{file}: signing_secret: unknown key",
        f"{file}: timeout '99': must be a number of seconds from 0.2 to 15",
    ]


@pytest.mark.parametrize("content", [None, b"language = ", b"\xe1", b'slack_bot_token = "xoxb-tajne'])
def test_a_file_that_cannot_be_read(content: bytes | None, tmp_path: Path) -> None:
    """Missing, not TOML or not UTF-8: the message names it, and shows nothing of its content."""
    file = tmp_path / "mailbot.toml"
    if content is not None:
        file.write_bytes(content)
    (mistake,) = mistakes_of(MAILBOT_CONFIG=str(file))
    assert mistake.startswith(f"MAILBOT_CONFIG {str(file)!r}: cannot be read: ")
    assert "tajne" not in mistake


def test_secrets_are_never_shown(tmp_path: Path) -> None:
    """Neither in the Config's repr nor in a message, from the environment or the file."""
    config = read(SLACK_BOT_TOKEN="xoxb-tajne", SLACK_SIGNING_SECRET="tajne", SLACK_APP_TOKEN="xapp-tajne")
    assert "tajne" not in repr(config)
    assert config.secrets == ("xoxb-tajne", "tajne", "xapp-tajne")
    assert read().secrets == ()
    file = written(tmp_path, 'slack_app_token = "tajne"')
    mistakes = mistakes_of(MAILBOT_CONFIG=file) + mistakes_of(SLACK_APP_TOKEN="tajne")
    assert mistakes == (f"{file}: slack_app_token: must start with xapp-", "SLACK_APP_TOKEN: must start with xapp-")


def test_addresses_are_shown_with_brackets() -> None:
    """So that the port can be told from an IPv6 address."""
    assert (str(HostPort("::1", 53)), str(HostPort("192.0.2.1", 53))) == ("[::1]:53", "192.0.2.1:53")


def test_this_process_is_configured_by_its_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """The variables of the process are read."""
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("MAILBOT_LANGUAGE", "sk")
    assert config_from_environment()[0].language == "sk"


@settings(deadline=None)
@given(st.dictionaries(st.sampled_from([*VARIABLES, *sorted(NOT_YET)]), st.text(max_size=30)))
@example({"MAILBOT_CONFIG": "a\0b"})
def test_no_value_makes_reading_fail_otherwise(environment: dict[str, str]) -> None:
    """Any text is either a value or a mistake that names its variable."""
    mistakes: tuple[str, ...] = ()
    try:
        read_config(environment)
    except ConfigError as error:
        mistakes = error.mistakes
    assert {mistake.partition(" ")[0].rstrip(":") for mistake in mistakes} <= environment.keys()
