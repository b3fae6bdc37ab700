"""JSON for other programs: the documented keys and nothing else, codes that can be relied on."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest

from bot.answer import Note, Refusal
from bot.catalogue.model import Belief, Chosen
from bot.domain import DomainName
from bot.facts import Security
from bot.reply.as_json import problem_json, settings_json, timestamp
from bot.request import UsageProblem
from tests.advice.build import NOW, dns
from tests.advice.world import CATALOGUE, EXAMPLE, Server, answer_for

HACKY = DomainName("xn--hkyrky-ptac70bc.cz", "háčkyčárky.cz")


def told(words: str, server: Server | None = None, language: str = "en") -> dict[str, Any]:
    """The JSON of an answer, through a parser."""
    answer = answer_for(f"example.cz {words}", server)
    parsed: dict[str, Any] = json.loads(json.dumps(settings_json(answer, language, CATALOGUE)))
    return parsed


def test_the_shape_of_an_answer() -> None:
    """Every key of the interface, in its order, with its kind of value."""
    shown = told("outlook-2007")
    assert {key: value for key, value in shown.items() if key not in ("reasons", "warnings")} == {
        "domain": "example.cz",
        "domain_unicode": "example.cz",
        "client": {"id": "outlook-2007", "name": "Microsoft Outlook 2007", "sni": "no", "sni_sending": "no"},
        "mail_server": {
            "host": "mail8.skok.cz", "number": 8, "found_by": "cname", "addresses": ["203.0.113.8"],
        },
        "incoming": {
            "protocol": "imap", "host": "mail8.skok.cz", "port": 993, "security": "implicit_tls", "label": "SSL",
            "username": "mailbox login", "verified": True,
        },
        "outgoing": {
            "protocol": "smtp", "host": "mail8.skok.cz", "port": 587, "security": "starttls", "label": "TLS",
            "username": "mailbox login", "verified": True,
        },
        "verified": True,
        "alternatives": {
            "hosts": {"domain": "mail.example.cz"},
            "outgoing": {
                "protocol": "smtp", "host": "mail8.skok.cz", "port": 465, "security": "implicit_tls", "label": "SSL",
                "username": "mailbox login", "verified": False,
            },
        },
        "checked_at": "2026-11-23T14:03:21Z",
    }  # fmt: skip
    assert list(shown) == [
        "domain", "domain_unicode", "client", "mail_server", "incoming", "outgoing", "verified", "reasons",
        "warnings", "alternatives", "checked_at",
    ]  # fmt: skip
    assert [reason["code"] for reason in shown["reasons"]] == ["client_without_sni", "client_without_sni"]
    for note in (*shown["reasons"], *shown["warnings"]):
        assert note.keys() == {"code", "text"}
        assert note["text"] == note["text"].strip() != ""


@pytest.mark.parametrize(
    ("belief", "sni"),
    [(Belief.YES, "yes"), (Belief.PROBABLY_YES, "yes"), (Belief.NO, "no"), (Belief.PROBABLY_NO, "no"),
     (Belief.NO_UNLESS_SET, "no"), (Belief.DISPUTED, "unknown"), (Belief.UNKNOWN, "unknown")],
)  # fmt: skip
def test_sni_has_three_answers(belief: Belief, sni: str) -> None:
    """The catalogue's shades come down to what one acts on, for each direction."""
    client = CATALOGUE.clients["thunderbird-78"]
    client = replace(client, sni=replace(client.sni, value=belief))
    answer = answer_for("example.cz thunderbird-78")
    shown = settings_json(replace(answer, request=replace(answer.request, client=Chosen(client))), "en", CATALOGUE)
    assert shown["client"]["sni"] == sni
    assert shown["client"]["sni_sending"] == "yes"


def test_no_client() -> None:
    """No label, the usual ones instead, and the warning."""
    shown = told("")
    assert shown["client"] is None
    for half in (shown["incoming"], shown["outgoing"]):
        assert half["label"] is None
        assert half["labels"] == {"implicit_tls": ["SSL/TLS", "SSL"], "starttls": ["STARTTLS", "TLS"]}
    assert [note["code"] for note in shown["warnings"]] == ["client_not_given"]


def test_an_ambiguous_word_has_candidates() -> None:
    """The others, by id and name."""
    (warning,) = told("outlook")["warnings"]
    assert warning["code"] == "client_ambiguous"
    assert {"id": "outlook-2007", "name": "Microsoft Outlook 2007"} in warning["candidates"]
    assert warning["text"].count("Outlook") >= 2


def test_a_client_that_only_sends() -> None:
    """No incoming half."""
    assert told("printer")["incoming"] is None


def test_an_answer_follows_the_wire() -> None:
    """Security as seen, and each half verified for itself."""
    shown = told("thunderbird-78", Server(spoken={587: Security.IMPLICIT_TLS}, broken={993: "port_timeout"}))
    assert shown["outgoing"]["security"] == "implicit_tls"
    assert (shown["incoming"]["verified"], shown["outgoing"]["verified"], shown["verified"]) == (False, True, False)
    codes = [note["code"] for note in shown["warnings"]]
    assert codes == ["port_timeout", "label_as_published", "published_label_differs"]


def test_codes_without_sni_are_told_apart() -> None:
    """The code says that the certificate is the one shown without SNI."""
    shown = told("outlook-2007", Server(default=None))
    assert shown["warnings"][0]["code"] == "tls_needs_sni"


def test_a_client_that_cannot_work_is_told_what_to_do() -> None:
    """Its hint stands beside the code, in the language asked for."""
    warnings = {note["code"]: note["text"] for note in told("windows-10-mail", language="cs")["warnings"]}
    assert "Thunderbird" in warnings["client_cannot_work"]
    client = replace(CATALOGUE.clients["windows-10-mail"], hint={})
    answer = answer_for("example.cz windows-10-mail")
    shown = settings_json(replace(answer, request=replace(answer.request, client=Chosen(client))), "en", CATALOGUE)
    assert shown["warnings"][0]["text"].endswith(".")


def test_the_username_of_the_profile() -> None:
    """Where the provider states its form."""
    answer = replace(answer_for("example.cz thunderbird-78"), username="whole address")
    assert settings_json(answer, "en", CATALOGUE)["outgoing"]["username"] == "whole address"


def test_an_international_domain_has_both_forms() -> None:
    """Host names stay A-labels."""
    shown = settings_json(replace(answer_for("example.cz thunderbird-78"), domain=HACKY), "en", CATALOGUE)
    assert (shown["domain"], shown["domain_unicode"]) == ("xn--hkyrky-ptac70bc.cz", "háčkyčárky.cz")


@pytest.mark.parametrize("code", ["not_hosted_here", "dns_timeout", "dns_nxdomain"])
def test_the_shape_of_a_refusal(code: str) -> None:
    """The domain and an error with its code and sentence."""
    note = Note(code, {"domain": "example.cz", "provider": "Google", "host": "imap.gmail.com"})
    refusal = Refusal(EXAMPLE, note, NOW)
    shown = settings_json(refusal, "en", CATALOGUE)
    assert shown.keys() == {"domain", "error"}
    assert shown["domain"] == "example.cz"
    assert shown["error"].keys() == {"code", "text"}
    assert (shown["error"]["code"], refusal.is_open) == (code, code == "dns_timeout")


def test_the_shape_of_a_misunderstanding() -> None:
    """What was typed where there is no domain; the choices where it was the client."""
    assert problem_json(UsageProblem("invalid_domain", "one_label", "exam"), "en") == {
        "domain": "exam",
        "error": {
            "code": "invalid_domain",
            "text": "“exam” is not a whole domain. Type its ending too, for example: example.cz outlook 2016",
        },
    }
    client = CATALOGUE.clients["gmail-app"]
    assert problem_json(UsageProblem("client_ambiguous", "client_ambiguous", "gmail", EXAMPLE, (client,)), "en") == {
        "domain": "example.cz",
        "error": {
            "code": "client_ambiguous",
            "text": "“gmail” can be several programs. Which one is it?",
            "choices": [{"id": "gmail-app", "name": client.name}],
        },
    }


@pytest.mark.parametrize(
    ("moment", "text"),
    [
        (NOW, "2026-11-23T14:03:22Z"),
        (NOW.replace(microsecond=999_999), "2026-11-23T14:03:22Z"),
        (datetime(2026, 11, 23, 1, 0, tzinfo=timezone(timedelta(hours=2))), "2026-11-22T23:00:00Z"),
    ],
)
def test_moments_are_in_utc(moment: datetime, text: str) -> None:
    """By RFC 3339, to the second."""
    assert timestamp(moment) == text


def test_every_server_found_is_told() -> None:
    """A server without a number has null there."""
    answer = answer_for("example.cz thunderbird-78", facts=dns(imap="203.0.113.3"))
    shown = settings_json(replace(answer, server=replace(answer.server, number=None)), "en", CATALOGUE)["mail_server"]
    assert (shown["host"], shown["number"], shown["found_by"]) == ("mail3.skok.cz", None, "reverse_dns")
