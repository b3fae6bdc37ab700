"""What is behind a report stands right below the verdict, in Slack, in the terminal and as JSON."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from bot.advice.diagnosis import diagnose
from bot.answer import Note, Outcome, Refusal
from bot.playground.blocks_check import check_message
from bot.reply.as_json import settings_json
from bot.reply.blocks import fallback_text, render_blocks
from bot.reply.diagnosis import diagnosed, diagnosis_lines
from bot.reply.page import Page, plain
from bot.reply.settings import refusal_page, settings_page
from bot.reply.text import render_text
from bot.reply.words import words
from bot.request import LANGUAGES, Report
from bot.symptoms.reader import load_symptoms
from tests.advice.build import NOW, PROFILE
from tests.advice.test_diagnosis import REFUSED
from tests.advice.world import CATALOGUE, EXAMPLE, answer_for

SYMPTOMS = load_symptoms()


def refused(code: str, report: Report) -> Refusal:
    """A refusal with its diagnosis."""
    note = Note(code, {"domain": "example.cz", "provider": "Google", "rows": "imap", "target": "gone.example"})
    refusal = Refusal(EXAMPLE, note, NOW, report)
    return replace(refusal, diagnosis=diagnose(refusal, PROFILE))


def shown(page: Page) -> list[str]:
    """What must be read first, without styles."""
    return [plain(line) for line in page.first]


def test_four_lines_below_the_verdict() -> None:
    """What it says, the cause, one question, one thing to do; the gates come after."""
    page = settings_page(answer_for("example.cz thunderbird-78 0x800CCC0E"), "cs", CATALOGUE)
    assert shown(page) == [
        "Program hlásí: 0x800CCC0E: nepřipojí se k serveru",
        "Čím to je: z naší sítě se spojit jde (porty 993, 587). "
        "Nejspíš tomu brání překlep, firewall, antivirus nebo síť u zákazníka.",
        "Zeptejte se: Jaký server a port má v programu?",
        "Udělejte: Porovnejte to s nastavením níže; sedí-li, nechte zkusit mobilní data.",
    ]
    stopped = shown(settings_page(answer_for("example.cz ios-9 cannot-use-ssl"), "en", CATALOGUE))
    assert stopped[0] == "The program says: iPhone, Mac: Cannot Connect Using SSL"
    assert stopped[4].startswith("The program speaks TLS 1.0 at most")


def test_the_name_on_the_certificate_is_shown() -> None:
    """Beside what the program says, and in the terminal too."""
    answer = answer_for("example.cz outlook-2007 mail8.skok.cz")
    assert shown(settings_page(answer, "en", CATALOGUE))[0] == (
        "The program says: The certificate shows another name: mail8.skok.cz"
    )
    text = render_text(settings_page(answer, "cs", CATALOGUE))
    assert text.splitlines()[2] == "Program hlásí: Na certifikátu je jiné jméno: mail8.skok.cz"


def test_without_a_name_the_question_asks_for_it() -> None:
    """There is nothing to judge before it is known."""
    told = diagnosed(answer_for("example.cz outlook-2007 certificate-name"), words("en"))
    assert told is not None
    assert plain(told.question) == "Which name exactly is on the certificate (“Issued to”)?"


def test_nothing_reported_changes_nothing() -> None:
    """Neither the page nor the JSON."""
    answer = answer_for("example.cz thunderbird-78")
    assert diagnosis_lines(answer, words("cs")) == ()
    assert settings_page(answer, "cs", CATALOGUE).first == ()
    assert "diagnosis" not in settings_json(answer, "cs", CATALOGUE)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("code", "cause"), REFUSED)
def test_a_refusal_says_it_too(code: str, cause: str, language: str) -> None:
    """The reason first, then the same four lines."""
    refusal = refused(code, Report("password-again"))
    page = refusal_page(refusal, language)
    assert len(page.first) == 5
    assert plain(page.first[0]) in page.summary
    assert plain(page.first[1]) == plain(words(language).line("diagnosis.report", label=label(language)))
    assert refusal.diagnosis is not None
    assert refusal.diagnosis.cause == cause


def label(language: str) -> str:
    """What a menu calls it when the program asks for the password again."""
    return words(language).text("symptom.password-again.label")


def told(outcome: Outcome) -> object:
    """The key `diagnosis` of the JSON."""
    return json.loads(json.dumps(settings_json(outcome, "en", CATALOGUE)))["diagnosis"]


def test_the_shape_in_json() -> None:
    """Ids for programs, sentences for people; the name is null where none was told."""
    assert told(answer_for("example.cz thunderbird-78 535")) == {
        "symptom": "535",
        "name": None,
        "cause": "sending-login-works",
        "text": "smtp.example.cz on port 587 works from our network. "
        "Sending does not log in, or has another name or password.",
        "question": "Does receiving work with the same name and password?",
        "action": "Have authentication of the outgoing server turned on, with the name and password of receiving.",
    }
    named = told(answer_for("example.cz thunderbird-78 mail3.skok.cz"))
    assert isinstance(named, dict)
    assert (named["symptom"], named["name"], named["cause"]) == ("certificate-name", "mail3.skok.cz", "old-server")


def test_the_shape_of_a_refusal_in_json() -> None:
    """The key stands beside the error."""
    shown = settings_json(refused("not_hosted_here", Report("nothing-new")), "en", CATALOGUE)
    assert list(shown) == ["domain", "error", "diagnosis"]
    assert shown["diagnosis"]["cause"] == "not-hosted"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("id", SYMPTOMS)
def test_slack_takes_every_diagnosis(id: str, language: str) -> None:
    """In each language, with the longest name a certificate can have, for settings and for refusals."""
    longest = ".".join(("a" * 63, "b" * 63, "c" * 63, "d" * 57, "zz"))
    assert len(longest) <= 253
    for text in ("outlook-2007", "thunderbird-78", "printer"):
        answer = answer_for(f"example.cz {text}")
        answer = replace(answer, request=replace(answer.request, report=Report(id, longest)))
        told = replace(answer, diagnosis=diagnose(answer, PROFILE))
        refusal = refused("not_hosted_here", Report(id, longest))
        for page in (settings_page(told, language, CATALOGUE), refusal_page(refusal, language)):
            assert check_message({"text": fallback_text(page), "blocks": render_blocks(page)}) == []
            assert longest in json.dumps(render_blocks(page))
