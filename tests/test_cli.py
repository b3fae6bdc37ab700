"""The command line from outside: what it prints, where, and with which exit status."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.playground.customers import MAIL3, Customer
from bot.playground.names import ServFail, Silent
from bot.playground.world import World, running_world
from tests.fakes.names import Bogus


@dataclass
class Ran:
    """A finished run of `python -m bot`."""

    status: int
    out: str
    err: str


@pytest.fixture
async def world() -> AsyncIterator[World]:
    """The little world; its name server is asked, its mail servers are not reached by their told ports."""
    async with running_world() as running:
        yield running


async def mailbot(*words: str, **environment: str) -> Ran:
    """Run the command line in a process of its own, with nothing but these MAILBOT variables set."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("MAILBOT_", "SLACK_"))}
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", *words, env=inherited | environment, stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    out, err = await process.communicate()
    assert process.returncode is not None
    return Ran(process.returncode, out.decode(), err.decode())


@pytest.mark.parametrize(
    ("words", "status", "said"),
    [
        (("example.cz", "thunderbird"), 0, "mail.example.cz"),
        (("example.cz", "outlook", "2007"), 0, "mail8.skok.cz"),
        (("jan@example.cz", "tandrbird", "--lang", "en"), 0, "incoming (IMAP)"),
        (("example.cz", "outlook-2010", "0x800CCC0E"), 0, "0x800CCC0E: nepřipojí se k serveru"),
        (("example.cz", "tb", "certifikát", "pro", "mail3.skok.cz"), 0, "mail3.skok.cz je jiný náš server"),
        (("jinde.example", "thunderbird"), 1, "Google"),
        (("jinde.example", "thunderbird", "0x800CCC0E"), 1, "Odkažte ho na toho, kdo mu poštu spravuje: Google"),
        (("neexistuje.example",), 1, "neexistuje.example"),
        (("mail8.skok.cz",), 2, "mail8.skok.cz"),
        (("not a domain",), 2, "not"),
        (("example.cz", "foobar"), 2, "foobar"),
        (("example.cz", "pošta"), 2, "windows-10-mail"),
        (("example.cz", "--protocol", "smtp"), 2, "protocol"),
        ((), 2, "DOMAIN"),
    ],
)
async def test_settings_in_words(world: World, words: tuple[str, ...], status: int, said: str) -> None:
    """Answers go to standard output; everything else in plain sentences to standard error, never a traceback."""
    ran = await mailbot("settings", "--no-probe", *words, **world.environment())
    assert ran.status == status, ran
    assert said in (ran.err if status else ran.out)
    assert (ran.out == "") is (status != 0)
    assert "Traceback" not in ran.err
    assert "\x1b" not in ran.out


@pytest.mark.parametrize(
    ("words", "status", "code"),
    [
        (("jinde.example", "thunderbird"), 1, "not_hosted_here"),
        (("neexistuje.example",), 1, "dns_nxdomain"),
        (("mail8",), 2, "invalid_domain"),
        (("example.cz", "foobar"), 2, "client_unknown"),
        (("example.cz", "gmail"), 2, "client_ambiguous"),
    ],
)
async def test_errors_as_json(world: World, words: tuple[str, ...], status: int, code: str) -> None:
    """With --json standard output holds one object whatever happens."""
    ran = await mailbot("settings", "--json", "--no-probe", *words, **world.environment())
    assert ran.status == status
    assert json.loads(ran.out)["error"]["code"] == code
    assert ran.err == ""


async def test_wrong_usage_is_json_too() -> None:
    """Whoever reads standard output as JSON is not surprised by a missing word."""
    ran = await mailbot("settings", "--json")
    assert ran.status == 2
    assert json.loads(ran.out)["error"]["code"] == "usage"
    assert "DOMAIN" in ran.err


@pytest.mark.parametrize(("fault", "code"), [(ServFail(), "dns_servfail"), (Silent(), "dns_timeout")])
async def test_what_could_not_be_found_out_has_a_status_of_its_own(world: World, fault: ServFail, code: str) -> None:
    """A resolver's fault is exit status 3."""
    world.names.fault = fault
    ran = await mailbot("settings", "--json", "example.cz", MAILBOT_TIMEOUT="1", **world.environment())
    assert ran.status == 3
    assert json.loads(ran.out)["error"]["code"] == code


async def test_an_answer_as_json(world: World) -> None:
    """The documented keys, and nothing claimed that was not proved."""
    ran = await mailbot("settings", "--json", "--no-probe", "example.cz", "outlook-2007", **world.environment())
    answer = json.loads(ran.out)
    assert answer["client"] == {
        "id": "outlook-2007", "name": "Microsoft Outlook 2007", "sni": "no", "sni_sending": "no",
    }  # fmt: skip
    assert answer["mail_server"] == {
        "host": "mail8.skok.cz", "number": 8, "found_by": "cname", "addresses": ["127.0.1.8"],
    }  # fmt: skip
    assert (answer["incoming"]["port"], answer["incoming"]["security"]) == (993, "implicit_tls")
    assert (answer["outgoing"]["port"], answer["outgoing"]["security"]) == (587, "starttls")
    assert answer["verified"] is False


async def test_a_report_as_json(world: World) -> None:
    """What the program says, and what is behind it."""
    words = ("settings", "--json", "--no-probe", "example.cz", "outlook-2003", "mail8.skok.cz")
    diagnosis = json.loads((await mailbot(*words, **world.environment())).out)["diagnosis"]
    assert (diagnosis["symptom"], diagnosis["name"]) == ("certificate-name", "mail8.skok.cz")
    assert diagnosis["cause"] == "server-name-without-sni"


@pytest.mark.parametrize(
    ("words", "status", "said"),
    [
        (("example.cz",), 3, "IMAP 993, POP3 995: adresa není veřejná"),
        (("example.cz", "--lang", "en"), 3, "example.cz · mail status"),
        (("mail8",), 3, "mail8.skok.cz · stav pošty"),
        (("mail9.skok.cz",), 1, "Server mail9.skok.cz v DNS není"),
        (("jinde.example",), 1, "vede na Google"),
        (("neexistuje.example",), 1, "Doména neexistuje.example v DNS není"),
        (("jan@example.cz", "jinde.example"), 3, "není u nás"),
        (("not a domain", "example.cz"), 2, "not"),
        ((), 2, "DOMAIN"),
    ],
)
async def test_status_in_words(world: World, words: tuple[str, ...], status: int, said: str) -> None:
    """Answers go to standard output, good or bad; wrong usage to standard error. No server is connected to here."""
    environment = world.environment() | {"MAILBOT_ALLOW_NETWORKS": "192.0.2.0/24"}
    ran = await mailbot("status", *words, **environment)
    assert ran.status == status, ran
    assert said in (ran.err if status == 2 else ran.out)
    assert (ran.out == "") is (status == 2)


async def test_status_as_json_is_one_object_a_line(world: World) -> None:
    """In the order asked; the exit status is the gravest of all."""
    ran = await mailbot("status", "--json", "jinde.example", "neexistuje.example", **world.environment())
    told = [json.loads(line) for line in ran.out.splitlines()]
    assert [(one["domain"], one["verdict"], [f["code"] for f in one["findings"]]) for one in told] == [
        ("jinde.example", "not_ours", ["not_hosted_here"]),
        ("neexistuje.example", "broken", ["dns_nxdomain"]),
    ]
    assert (ran.status, ran.err) == (1, "")
    world.names.faults = {f"{label}.example.cz": ServFail() for label in ("imap", "mail", "pop", "smtp")}
    ran = await mailbot("status", "--json", "jinde.example", "example.cz", **world.environment())
    assert [json.loads(line)["verdict"] for line in ran.out.splitlines()] == ["not_ours", "unknown"]
    assert ran.status == 3


@pytest.mark.parametrize(
    ("domain", "code", "level"),
    [
        ("kvetiny.example", "spf_without_provider", "warning"),
        ("truhlar.example", "automatic_elsewhere", "warning"),
        ("novaposta.example", "mx_elsewhere", "warning"),
        ("bez.example", "spf_missing", "info"),
    ],
)
async def test_what_lies_around_the_mail_is_told(world: World, domain: str, code: str, level: str) -> None:
    """As JSON with its level, all worst first; and in words."""
    bare = Customer("bez.example", MAIL3, {}, odd_around={"": {}}).zone()
    world.names.zone = {**world.names.zone, **bare}
    ran = await mailbot("status", "--json", domain, **world.environment())
    findings = json.loads(ran.out)["findings"]
    assert [finding["level"] for finding in findings if finding["code"] == code] == [level]
    levels = [["error", "warning", "info"].index(finding["level"]) for finding in findings]
    assert levels == sorted(levels)
    (text,) = (finding["text"] for finding in findings if finding["code"] == code)
    assert text[:40] in (await mailbot("status", domain, **world.environment())).out


async def test_wrong_signatures_are_an_error(world: World) -> None:
    """Told as the reason why DNS has no answer."""
    signed = {**world.names.zone["example.cz"], "DS": "1 13 2 " + "ab" * 32}
    world.names.zone = {**world.names.zone, "example.cz": signed}
    world.names.fault = Bogus()
    ran = await mailbot("status", "--json", "example.cz", **world.environment())
    told = json.loads(ran.out)
    assert (told["verdict"], [finding["code"] for finding in told["findings"]]) == (
        "broken", ["dnssec_bogus", "dns_servfail"],
    )  # fmt: skip
    assert ran.status == 1


async def test_a_servers_status_as_json(world: World) -> None:
    """Beside a domain's, in the order asked."""
    ran = await mailbot("status", "--json", "mail9", "jinde.example", **world.environment())
    server, domain = map(json.loads, ran.out.splitlines())
    assert (server["server"], server["verdict"], server["domains"]) == ("mail9.skok.cz", "broken", [])
    assert domain["domain"] == "jinde.example"


async def test_what_is_no_domain_has_no_status(world: World) -> None:
    """An object for each that is none, and exit status 2."""
    ran = await mailbot("status", "--json", "192.0.2.1", **world.environment())
    assert json.loads(ran.out)["error"]["code"] == "invalid_domain"
    assert ran.status == 2
    ran = await mailbot("status", "--lang", "en", "nonsense", **world.environment())
    assert ran.err == "“nonsense” is not a whole domain. Type its ending too, for example: example.cz\n"


async def test_mistakes_in_the_configuration_are_named_together() -> None:
    """Exit status 2, one line each, no secret's value among them."""
    ran = await mailbot("settings", "example.cz", MAILBOT_TIMEOUT="99", SLACK_APP_TOKEN="secret", MAILBOT_LISTEN="x")
    assert ran.status == 2
    assert "MAILBOT_TIMEOUT '99'" in ran.err
    assert "MAILBOT_LISTEN 'x'" in ran.err
    assert "SLACK_APP_TOKEN: must start with xapp-" in ran.err
    assert "secret" not in ran.err


async def test_unknown_variables_are_warned_about(world: World) -> None:
    """A typing error in a variable's name is not swallowed."""
    ran = await mailbot("settings", "--no-probe", "example.cz", MAILBOT_TIMEOT="5", **world.environment())
    assert ran.status == 0
    assert "MAILBOT_TIMEOT: unknown variable" in ran.err


async def test_the_catalogue_is_listed() -> None:
    """Every client in the table, and one JSON object a client."""
    table = await mailbot("clients")
    lines = (await mailbot("clients", "--json")).out.splitlines()
    assert len(lines) == 86
    assert all(json.loads(line)["id"] in table.out for line in lines)


async def test_a_teams_own_client_can_be_asked_for(world: World, tmp_path: Path) -> None:
    """A broken file of clients is refused with the key that is wrong."""
    broken = tmp_path / "clients.toml"
    broken.write_text('[client.x]\nnme = "X"\n')
    ran = await mailbot("settings", "--no-probe", "example.cz", MAILBOT_CLIENTS=str(broken), **world.environment())
    assert ran.status == 2
    assert "nme" in ran.err


async def test_help_shows_real_examples() -> None:
    """Every command has help with an example."""
    for command in ("settings", "status", "clients", "serve", "doctor"):
        ran = await mailbot(command, "--help")
        assert ran.status == 0
        assert f"mailbot {command}" in ran.out
