"""Every finding around the mail and of the move clock can be said, with all that its sentences name."""

from __future__ import annotations

import itertools
import re
from pathlib import Path

import pytest

import bot
from bot.facts import Outcome
from bot.reply.words import Words, words
from bot.request import LANGUAGES
from bot.status.around import judge_around
from bot.status.clock import read_clock
from bot.status.clock_facts import Kind, Trouble
from bot.status.clock_findings import clock_findings
from bot.status.model import Finding
from bot.status.whose import Hosting
from tests.advice.build import ADDRESS_8, KNOWN, PROFILE
from tests.status.around_build import HOSTING, SERVER, facts, host
from tests.status.clock_build import authority, broken, look, ours
from tests.status.test_around import DS, FAILED, GIVEN, GOOGLE, SRV_HOSTS

PARTS = ("text", "found", "expected", "fix")
OLD, NEW = "mail8.skok.cz", "mail12.skok.cz"
LOOKS = [
    look(ours(OLD)),
    *(look(authority(OLD, 1), broken(trouble)) for trouble in Trouble),
    look(authority(OLD, 1), authority(NEW, 2, name="ns2.dns.cz")),
    look(authority(OLD, 1), authority(OLD, 2, name="ns2.dns.cz")),
    look(authority(NEW, 2), ours(OLD)),
    look(authority(NEW, 2), ours(Outcome.NXDOMAIN)),
    look(authority(Outcome.NXDOMAIN, 2), ours(OLD)),
    look(authority(NEW, 2)),
]
DOMAINS = [
    facts(mx=Outcome.NO_DATA, spf=Outcome.NO_DATA, dkim=Outcome.NXDOMAIN, dmarc=Outcome.NXDOMAIN),
    facts(mx="", spf=("v=spf1", "v=spf1 -all"), dkim="p=", dmarc=("v=DMARC1", "v=DMARC1")),
    facts(mx="aspmx.l.google.com", exchanges=GOOGLE, spf="v=spf1 x -all", dkim="x", dmarc="v=DMARC1"),
    facts(mx=("mail8.skok.cz", "aspmx.l.google.com"), exchanges=GOOGLE, spf="v=spf1 +all"),
    facts(mx="mx.cz", exchanges={"mx.cz": host("mx.cz", Outcome.NXDOMAIN)}, spf="v=spf1 include:gone.cz -all",
          texts={"gone.cz": Outcome.NXDOMAIN}, dkim="p=", dmarc="v=DMARC1; p=reject"),
    facts(mx="mx.cz", exchanges={"mx.cz": host("mx.cz", OLD, ADDRESS_8)}, spf=f"v=spf1 {'a ' * 11} -all"),
    facts(spf=f"v=spf1 {'ip4:192.0.2.1 ' * 40}+all", dkim=Outcome.TIMEOUT),
    facts(spf=f"v=spf1 {'ip4:192.0.2.1 ' * 40}-all"),
    facts(caa={"example.cz": '0 issue "x.cz"'}, ds=DS, soa=FAILED, unchecked=GIVEN),
    facts(caa={"example.cz": '128 odd "x"'},
          hosts={"autoconfig.example.cz": host("autoconfig.example.cz", "imap.seznam.cz")}),
    *(facts(srv={"_imaps._tcp": f"0 1 {port} {target}."}, hosts=SRV_HOSTS)
      for target, port in [("gone.example.cz", 993), ("imap.seznam.cz", 993), ("mail3.skok.cz", 993),
                           ("mail.example.cz", 143), ("imap.example.cz", 993)]),
]  # fmt: skip


def all_findings() -> dict[str, Finding]:
    """One of each sentence."""
    before = look(authority(OLD, 1))
    clocks = (clock_findings(read_clock(one, PROFILE, KNOWN, before), one) for one in LOOKS)
    domains = (judge_around(one, HOSTING) for one in DOMAINS)
    no_ports = Hosting(PROFILE.__class__(**{**vars(PROFILE), "ports": ()}), KNOWN, SERVER)
    others = judge_around(facts(srv={"_imaps._tcp": "0 1 993 mail.example.cz."}), no_ports)
    return {finding.sentence: finding for finding in itertools.chain(*clocks, *domains, others)}


FINDINGS = all_findings()


def own_sentences(language: str) -> set[str]:
    """The findings of the file that belongs to these tests."""
    file = Path(bot.__file__).parent / "locale" / language / "around.toml"
    return set(re.findall(r"^\[finding\.(\w+)\]", file.read_text("utf-8"), re.MULTILINE))


@pytest.mark.parametrize("language", LANGUAGES)
def test_there_is_a_sentence_for_each_finding_and_a_finding_for_each_sentence(language: str) -> None:
    """None is missing, and none is left over."""
    assert own_sentences(language) == set(FINDINGS)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_finding_can_be_said(language: str) -> None:
    """What it is, what was found, what was expected, what to do: nothing is named that the finding does not hold."""
    said = words(language)
    for sentence, finding in FINDINGS.items():
        for part in PARTS:
            assert said.text(f"finding.{sentence}.{part}", **finding.params), (sentence, part)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_row_to_paste_is_shown_whole(language: str) -> None:
    """As code, and nothing of it is cut."""
    rows = {name: finding.params["row"] for name, finding in FINDINGS.items() if "row" in finding.params}
    offered = {name: row for name, row in rows.items() if " IN " in row}
    assert len(offered) >= 9
    for name, row in offered.items():
        assert row in said_fix(words(language), name)


def said_fix(said: Words, name: str) -> str:
    """What to do about a finding."""
    return said.text(f"finding.{name}.fix", **FINDINGS[name].params)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_clock_has_words_for_every_state_source_and_trouble(language: str) -> None:
    """With the moment as a time of day."""
    said = words(language)
    moving = read_clock(look(authority(NEW, 2), ours(OLD, ttl=60)), PROFILE, KNOWN)
    assert moving.until is not None
    assert "14:04 UTC" in said.text("clock.moving", old=moving.old, new=moving.new, until=moving.until)
    for key in ("settled", "moving_elsewhere", "moving_new_row", "moving_no_row", "disagree", "unknown", "latest"):
        assert said.has(f"clock.{key}")
    assert all(said.has(f"clock.{kind.value}") for kind in Kind)
    assert all(said.has(f"clock.trouble.{trouble.value}") for trouble in Trouble)
