"""A team's own file: what it may do, and the exact words for every mistake in it."""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import date
from pathlib import Path

import pytest

from bot.catalogue.client import CLIENT_KEYS
from bot.catalogue.match import Matcher
from bot.catalogue.model import Belief, Catalogue, Chosen, Confidence
from bot.catalogue.reader import TOP_KEYS, CatalogueError, load_catalogue
from bot.catalogue.shared import DIALOG_KEYS
from bot.catalogue.tables import suggestion
from bot.facts import Protocol, Security

FACTS = """
tls_lowest = { value = "1.0", confidence = "inferred" }
tls_highest = { value = "1.2", confidence = "inferred" }
ecdsa = { value = "unknown", confidence = "inferred" }
"""
SNI = 'sni = { value = "no", confidence = "inferred" }'
NEW = f"""
[client.new]
name = "New"
section = "linux"
protocols = ["imap", "smtp"]
checked = 2026-12-01
{SNI}
{FACTS}
"""


@pytest.fixture
def load(tmp_path: Path):
    def load(text: str) -> Catalogue:
        file = tmp_path / "team.toml"
        file.write_text(text, encoding="utf-8")
        return load_catalogue(file)

    return load


@pytest.fixture
def mistakes(load, tmp_path: Path):
    def mistakes(text: str) -> list[str]:
        with pytest.raises(CatalogueError) as caught:
            load(text)
        assert str(caught.value) == "\n".join(caught.value.mistakes)
        return [mistake.replace(f"{tmp_path / 'team.toml'}", "team.toml") for mistake in caught.value.mistakes]

    return mistakes


def test_the_example_of_the_documentation_loads(load):
    text = (Path(__file__).parents[2] / "docs" / "clients.md").read_text(encoding="utf-8")
    example = re.findall(r"```toml\n(.*?)```", text, flags=re.DOTALL)[-1]
    catalogue = load(example)
    assert len(catalogue.clients) == 87
    outlook = catalogue.clients["outlook-2013"]
    assert outlook.sni.value is Belief.YES
    assert outlook.sni.sources == ("ticket-4711",)
    assert outlook.sni.note == {}
    assert outlook.name == "Microsoft Outlook 2013"
    own = catalogue.clients["postmaster-pro"]
    assert own.labels[Protocol.IMAP, Security.IMPLICIT_TLS].choice["cs"] == "Plná"
    match = Matcher(catalogue).match("firemni posta")
    assert isinstance(match, Chosen)
    assert match.client is own
    assert match.others == (outlook,)


def test_a_single_key_is_changed_and_the_rest_stays(load, catalogue: Catalogue):
    changed = load('[client.kmail]\nname = "Kmail!"').clients["kmail"]
    assert changed.name == "Kmail!"
    assert changed.sni == catalogue.clients["kmail"].sni


def test_a_changed_fact_has_the_day_of_its_file_and_loses_its_note(load, catalogue: Catalogue):
    text = "[defaults]\nchecked = 2027-01-31\n[client.k9]\n" + SNI + '\nroots.isrg-root-x2 = { value = "no", '
    changed = load(text + 'confidence = "from_memory" }').clients["k9"]
    assert catalogue.clients["k9"].sni.note
    assert not changed.sni.note
    assert changed.sni.checked == date(2027, 1, 31)
    assert changed.tls_highest.checked == date(2026, 11, 23)
    assert changed.roots["isrg-root-x2"].checked == date(2027, 1, 31)
    assert changed.roots["isrg-root-x1"] == catalogue.clients["k9"].roots["isrg-root-x1"]


def test_a_note_is_added_to_the_others(load):
    changed = load('[client.k9]\nnotes.ecdsa = { en = "e", cs = "č" }').clients["k9"]
    assert changed.ecdsa.note == {"en": "e", "cs": "č"}
    assert changed.sni.note


def test_a_new_client_needs_no_dialog(load):
    client = load(NEW).clients["new"]
    assert client.labels == {}
    assert client.sni.checked == date(2026, 12, 1)
    assert client.sni_sending is client.sni


def test_a_word_may_get_another_default(load):
    text = '[[ambiguous]]\nwords = ["outlook"]\ndefault = "outlook-2016"\ncandidates = ["outlook-2016", "outlook-365"]'
    match = Matcher(load(text)).match("outlook")
    assert isinstance(match, Chosen)
    assert match.client.id == "outlook-2016"


def test_a_dialog_root_source_and_system_may_be_added(load):
    catalogue = load(f"""
{NEW}
dialog = "new"
roots.own-root = {{ value = "yes", confidence = "one_report", sources = ["own"] }}
systems = {{ beos = "new" }}
hint = {{ en = "e", cs = "č" }}
[source]
own = "Our own test"
[root.own-root]
name = "Own Root"
sha256 = ["{"AB" * 32}"]
[system.beos]
name = "BeOS"
words = ["beos"]
[dialog.new]
paths_confidence = "documented"
[[dialog.new.labels]]
protocols = ["imap", "pop3"]
implicit_tls = "On"
confidence = "documented"
""")
    client = catalogue.clients["new"]
    assert list(client.labels) == [(Protocol.IMAP, Security.IMPLICIT_TLS)]
    assert client.labels[Protocol.IMAP, Security.IMPLICIT_TLS].confidence is Confidence.DOCUMENTED
    assert client.paths.confidence is Confidence.DOCUMENTED
    assert catalogue.roots["own-root"].sha256 == ("ab" * 32,)
    assert Matcher(catalogue).match("new beos") == Chosen(client, "beos")


def test_a_file_that_is_not_there_is_a_mistake(tmp_path: Path):
    with pytest.raises(CatalogueError) as caught:
        load_catalogue(tmp_path / "missing.toml")
    assert caught.value.mistakes == (f"{tmp_path / 'missing.toml'}: cannot be read (No such file or directory)",)


def test_bytes_that_are_not_text_are_a_mistake(tmp_path: Path):
    (tmp_path / "team.toml").write_bytes(b"\xff")
    with pytest.raises(CatalogueError, match="is not TOML: 'utf-8' codec"):
        load_catalogue(tmp_path / "team.toml")


def test_all_mistakes_are_told_together(mistakes):
    assert len(mistakes('[client.k9]\nnick = "k"\nis_common = "yes"\nalternatives = ["nobody"]')) == 3


K9 = "[client.k9]\n"
FACT = '{ value = "no", confidence = "inferred" }'


@pytest.mark.parametrize(
    ("text", "mistake"),
    [
        ("= 1", "team.toml: is not TOML: Invalid statement (at line 1, column 1)"),
        ("[clients.x]", 'team.toml, clients: unknown key; did you mean "client"?'),
        ("client = 3", "team.toml, client: should be a table, not 3"),
        ("[client]\nk9 = 3", "team.toml, client k9: should be a table, not 3"),
        ('[defaults]\nnmae = "x"', 'team.toml, defaults, nmae: unknown key; did you mean "name"?'),
        (K9 + 'alias = ["k"]', 'team.toml, client k9, alias: unknown key; did you mean "aliases"?'),
        (K9 + "name = 3", "team.toml, client k9, name: should be a text, not 3"),
        (K9 + 'aliases = "k"', 'team.toml, client k9, aliases: should be a list of texts, not "k"'),
        (K9 + "aliases = [1]", "team.toml, client k9, aliases: should be a list of texts, not [1]"),
        (K9 + 'is_common = "yes"', 'team.toml, client k9, is_common: should be true or false, not "yes"'),
        (K9 + "is_common = 1", "team.toml, client k9, is_common: should be true or false, not 1"),
        (
            K9 + 'status = "fine"',
            'team.toml, client k9, status: "fine" should be one of works, needs_preparation, cannot_work',
        ),
        (
            K9 + "status = 1",
            "team.toml, client k9, status: should be one of works, needs_preparation, cannot_work, not 1",
        ),
        (K9 + 'protocols = ["imap4"]', 'team.toml, client k9, protocols: "imap4" should be one of imap, pop3, smtp'),
        (K9 + "protocols = []", "team.toml, client k9, protocols: should name at least one of imap, pop3, smtp"),
        (K9 + 'dialog = "k10"', 'team.toml, client k9, dialog: there is no dialog "k10"; allowed: outlook-express, '),
        (
            K9 + 'section = "x"',
            'team.toml, client k9, section: "x" should be one of windows, mozilla, apple, phones, linux, fetchers',
        ),
        (
            K9 + 'alternatives = ["thunderbird"]',
            'team.toml, client k9, alternatives: there is no client "thunderbird"; did you mean "thunderbird-',
        ),
        (
            K9 + 'worst_case = "k9-olt"',
            'team.toml, client k9, worst_case: there is no client "k9-olt"; did you mean "k9-old"?',
        ),
        (
            K9 + 'systems = { ios-9 = "ios9" }',
            'team.toml, client k9, systems: there is no client "ios9"; did you mean "',
        ),
        (
            K9 + 'systems = { windows-9 = "k9" }',
            'team.toml, client k9, systems, windows-9: there is no such system; did you mean "windows-',
        ),
        (K9 + 'versions = { since = "1" }', "team.toml, client k9, versions, since: unknown key; allowed: from, to"),
        (
            K9 + 'versions = { from = "new" }',
            'team.toml, client k9, versions, from: "new" should be a version such as 10.12',
        ),
        (K9 + 'hint = "updat"', 'team.toml, client k9, hint: there is no text "updat"; '),
        (K9 + 'hint = ["updat"]', 'team.toml, client k9, hint: there is no text "updat"; '),
        (K9 + 'hint = { en = "e" }', "team.toml, client k9, hint, cs: is missing; it should be a text"),
        (K9 + 'hint = { en = "e", cs = "č", de = "d" }', "team.toml, client k9, hint, de: unknown key; allowed: en, "),
        (K9 + "hint = 3", "team.toml, client k9, hint: should be a table, not 3"),
        (K9 + 'notes.sni = "nothing"', 'team.toml, client k9, notes, sni: there is no text "nothing"; '),
        (K9 + 'sni = "no"', 'team.toml, client k9, sni: should be a table, not "no"'),
        (K9 + "roots = 3", "team.toml, client k9, roots: should be a table, not 3"),
        (K9 + "notes = 3", "team.toml, client k9, notes: should be a table, not 3"),
        (
            K9 + 'sni = { value = "perhaps", confidence = "inferred", checked = 2026-12-01 }',
            'team.toml, client k9, sni, value: "perhaps" should be one of yes, probably_yes, no, probably_no, ',
        ),
        (
            K9 + 'sni = { value = "no", confidence = "sure", checked = 2026-12-01 }',
            'team.toml, client k9, sni, confidence: "sure" should be one of documented, several_reports, one_report, ',
        ),
        (
            K9 + 'sni = { value = "no", checked = 2026-12-01 }',
            "team.toml, client k9, sni, confidence: is missing; it should be one of documented, several_reports, ",
        ),
        (
            K9 + "sni = " + FACT,
            "team.toml, client k9, sni, checked: is missing; it should be a day such as 2026-11-23, without quotes",
        ),
        (
            K9 + 'sni = { value = "no", confidence = "inferred", checked = "today" }',
            'team.toml, client k9, sni, checked: should be a day such as 2026-11-23, without quotes, not "today"',
        ),
        (
            K9 + 'sni = { value = "no", confidence = "inferred", checked = 2026-12-01T10:00:00 }',
            "team.toml, client k9, sni, checked: should be a day such as 2026-11-23, without quotes, not 2026-12-01 10",
        ),
        (
            K9 + 'checked = 2026-12-01\nsni = { value = "no", confidence = "one_report" }',
            "team.toml, client k9, sni, sources: one_report needs at least one source",
        ),
        (
            K9 + 'checked = 2026-12-01\nsni = { value = "no", confidence = "one_report", sources = ["me"] }',
            'team.toml, client k9, sni, sources: there is no source "me"',
        ),
        (
            K9 + "checked = 2026-12-01\nroots.isrg-root-x3 = " + FACT,
            'team.toml, client k9, roots, isrg-root-x3: there is no such root; did you mean "isrg-root-x',
        ),
        (
            K9 + 'aliases = ["thunderbird mobil"]',
            'team.toml, client k9, aliases: "thunderbird mobil" means client thunderbird-android already',
        ),
        (K9 + 'aliases = ["pro the"]', 'team.toml, client k9, aliases: "pro the" has no word that counts'),
        (K9 + 'aliases = ["mutt"]', 'team.toml, client k9, aliases: "mutt" means client mutt already'),
        (K9 + 'aliases = ["gmail"]', 'team.toml, client k9, aliases: "gmail" means several clients already'),
        (
            NEW.replace(SNI, ""),
            "team.toml, client new, sni: is missing; it should be a table with value, confidence and sources",
        ),
        (NEW.replace('name = "New"', ""), "team.toml, client new, name: is missing; it should be a text"),
        (
            NEW.replace('section = "linux"', ""),
            "team.toml, client new, section: is missing; it should be one of windows, ",
        ),
        (
            NEW.replace("client.new", "client.New_One"),
            "team.toml, client New_One: an id has 1 to 32 characters of a-z, 0-9, dot and hyphen",
        ),
        ("[source]\nown = 3", "team.toml, source, own: should be a text, not 3"),
        ('[root.own]\nname = "Own"', "team.toml, root own, sha256: should name at least one fingerprint"),
        (
            '[root.own]\nname = "Own"\nsha256 = ["96:bc"]',
            'team.toml, root own, sha256: "96:bc" should be 64 hex digits without colons',
        ),
        ('[system.own]\nwords = ["o"]', "team.toml, system own, name: is missing; it should be a text by language"),
        ('[text.own]\nen = "e"', "team.toml, text own, cs: is missing; it should be a text"),
        ("[dialog.own]\nmenu = 1", "team.toml, dialog own, menu: unknown key; allowed: repair, add, "),
        (
            '[[dialog.own.labels]]\nprotocols = ["imap"]',
            "team.toml, dialog own, labels 1: should have at least one of implicit_tls, starttls, none",
        ),
        (
            '[[dialog.own.labels]]\nstarttls = "TLS"',
            "team.toml, dialog own, labels 1, protocols: should name at least one of imap, pop3, smtp",
        ),
        (
            '[[dialog.own.labels]]\nprotocols = ["imap"]\nstarttls = "TLS"\nfrom_memory = ["de"]',
            'team.toml, dialog own, labels 1, from_memory: "de" should be one of en, cs, sk',
        ),
        ("[dialog.own]\nlabels = 3", "team.toml, dialog own, labels: should be an array of tables, not 3"),
        ('[[ambiguous]]\nwords = ["x"]', "team.toml, ambiguous 1, candidates: should name at least one"),
        (
            '[[ambiguous]]\nwords = ["x"]\ncandidates = ["k9"]\ndefault = "mutt"',
            'team.toml, ambiguous 1, default: "mutt" should be one of the candidates',
        ),
        (
            '[[ambiguous]]\nwords = ["x"]\ncandidates = ["k10"]',
            'team.toml, ambiguous 1, candidates: there is no client "k10"; ',
        ),
        (
            '[[ambiguous]]\nwords = ["mutt"]\ncandidates = ["k9"]',
            'team.toml, ambiguous 1, words: "mutt" means client mutt already',
        ),
        ("[spellings]\nk9 = 3", "team.toml, spellings, k9: should be a list of texts, not 3"),
    ],
)
def test_a_mistake_names_its_place_what_is_wrong_and_what_is_allowed(mistakes, text: str, mistake: str):
    assert any(told.startswith(mistake) for told in mistakes(text)), mistakes(text)


WRONG = ["1", "[1]", "{}", "true", '"x"', "[{ a = 1 }]"]
TABLES = {
    "client k9": CLIENT_KEYS,
    "client new": CLIENT_KEYS,
    "client k9 sni": ("value", "confidence", "sources", "checked"),
    "dialog k9": DIALOG_KEYS,
    "root isrg-root-x1": ("name", "sha256"),
    "system ios-9": ("name", "words"),
    "text k9-sni": ("en", "cs", "sk"),
    "section linux": ("en", "cs"),
}
PLACES = [f"[{table.replace(' ', '.')}]\n{key}" for table, keys in TABLES.items() for key in keys]


@pytest.mark.parametrize("place", [*TOP_KEYS, *PLACES, "[[dialog.k9.labels]]\nprotocols", "[[ambiguous]]\nwords"])
def test_no_value_is_a_surprise(load, place: str):
    for wrong in WRONG:
        with suppress(CatalogueError):
            load(f"{place} = {wrong}")


def test_a_long_value_is_shown_short(mistakes):
    (told,) = mistakes(K9 + f'status = "{"x" * 99}"')
    assert told.startswith(f'team.toml, client k9, status: "{"x" * 56}... should be one of')


def test_without_sections_there_is_nothing_to_suggest():
    assert suggestion("x", ()) == "allowed: nothing"


def test_a_team_says_how_its_own_words_are_written(load):
    """Words of running text are added to the built-in ones, endings are laid over them."""
    vocabulary = load('[prose]\neveryday = ["obálka"]\nunits = ["obálek"]\n[endings]\ny = ["ovi"]').vocabulary
    assert {"obálka", "mail"} <= vocabulary.everyday
    assert {"obálek", "kč"} <= vocabulary.units
    assert vocabulary.endings["y"] == ("ovi",)
    assert "em" in vocabulary.endings["-"]


def test_a_list_of_running_text_that_does_not_exist(mistakes):
    assert mistakes('[prose]\neverday = ["x"]') == ['team.toml, prose, everday: unknown key; did you mean "everyday"?']
