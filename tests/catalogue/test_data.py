"""The built-in data: complete, dated, sourced, in both languages, and without a word that means two things."""

from __future__ import annotations

import hashlib
import ssl
import time
from itertools import chain

import certifi
import pytest

from bot.catalogue.client import NEEDS_NO_SOURCE
from bot.catalogue.model import Answer, Belief, Catalogue, Client, Confidence, Fact, Status
from bot.catalogue.reader import load_catalogue
from bot.catalogue.spelling import Speller
from bot.facts import Protocol, Security, TlsVersion

IDS = [
    "outlook-express-6", "outlook-2003", "outlook-2007-xp", "outlook-2010-xp", "outlook-2007", "outlook-2010",
    "outlook-2010-w10", "outlook-2013", "outlook-2016", "outlook-2019", "outlook-365", "outlook-new",
    "outlook-mobile", "windows-mail-vista", "windows-live-mail-xp", "windows-live-mail-2011",
    "windows-live-mail-2012", "windows-8-mail", "windows-10-mail", "em-client", "the-bat", "opera-mail",
    "incredimail", "eudora", "lotus-notes", "thunderbird-1.5", "thunderbird-2", "thunderbird-3",
    "thunderbird-24", "thunderbird-52", "thunderbird-78", "seamonkey", "postbox", "apple-mail-10.4",
    "apple-mail-10.10", "apple-mail-10.11", "apple-mail-10.12", "apple-mail-13", "ios-6", "ios-9", "ios-10",
    "ios-12", "outlook-mac-2011", "outlook-mac-15", "outlook-mac-16", "android-email-2", "android-email-4",
    "android-email-5", "android-email-6", "android-email-7.1", "samsung-email", "htc-mail", "gmail-app",
    "k9-old", "k9", "thunderbird-android", "fairemail", "bluemail", "kindle-fire", "blackberry-7",
    "blackberry-10", "windows-phone-7", "windows-phone-8", "symbian", "evolution", "kmail", "claws-mail",
    "claws-mail-old", "sylpheed", "mutt", "neomutt", "alpine", "fetchmail", "python", "php", "php-old", "java",
    "node", "nextcloud-mail", "postfix-relay", "exim-relay", "gmail-pop", "gmail-sendas", "seznam-import",
    "cdo-vba", "printer",
]  # fmt: skip

NO_DIALOG_KNOWN = {
    "opera-mail", "incredimail", "eudora", "bluemail", "blackberry-7", "blackberry-10", "symbian", "fetchmail",
    "seznam-import",
}  # fmt: skip
LABELS_UNKNOWN = {("lotus-notes", Protocol.SMTP), ("node", Protocol.POP3)}


def facts(client: Client) -> list[Fact[object]]:
    own = (client.sni, client.sni_sending, client.tls_lowest, client.tls_highest, client.ecdsa)
    return [*own, *client.roots.values()]  # type: ignore[list-item]


def test_every_client_is_there_in_order(catalogue: Catalogue):
    assert list(catalogue.clients) == IDS
    assert len(IDS) == 86


def test_names_are_unique(catalogue: Catalogue):
    names = [client.name for client in catalogue.clients.values()]
    assert len(set(names)) == len(names)


@pytest.mark.parametrize("id", IDS)
def test_every_fact_has_a_source_or_says_that_it_has_none(catalogue: Catalogue, id: str):
    for fact in facts(catalogue.clients[id]):
        assert fact.sources or fact.confidence in NEEDS_NO_SOURCE
        assert fact.checked.isoformat() == "2026-11-23"


@pytest.mark.parametrize("id", IDS)
def test_every_client_says_whether_it_knows_the_root(catalogue: Catalogue, id: str):
    assert "isrg-root-x1" in catalogue.clients[id].roots


@pytest.mark.parametrize("id", sorted(set(IDS) - NO_DIALOG_KNOWN))
def test_every_account_window_has_labels_for_the_usual_ports(catalogue: Catalogue, id: str):
    client = catalogue.clients[id]
    for protocol in client.protocols:
        usual = Security.STARTTLS if protocol is Protocol.SMTP else Security.IMPLICIT_TLS
        assert ((protocol, usual) in client.labels) is ((id, protocol) not in LABELS_UNKNOWN)


@pytest.mark.parametrize("id", IDS)
def test_texts_are_in_english_and_czech_and_hints_in_slovak_too(catalogue: Catalogue, id: str):
    client = catalogue.clients[id]
    labels = chain.from_iterable((label.choice, label.field) for label in client.labels.values())
    notes = (fact.note for fact in facts(client))
    for words in (*labels, *notes, client.paths.repair, client.paths.add, client.outgoing_authentication):
        assert not words or {"en", "cs"} <= set(words)
    assert not client.hint or set(client.hint) == {"en", "cs", "sk"}


@pytest.mark.parametrize("id", IDS)
def test_a_lowest_version_is_not_above_the_highest(catalogue: Catalogue, id: str):
    client = catalogue.clients[id]
    if client.tls_lowest.value and client.tls_highest.value:
        assert client.tls_lowest.value <= client.tls_highest.value


def test_an_extinct_client_is_not_a_common_one(catalogue: Catalogue):
    assert not [client.id for client in catalogue.common if client.is_extinct]
    assert 25 <= len(catalogue.common) <= 32


def test_no_sentence_advises_an_exception_or_accepting_every_certificate(catalogue: Catalogue):
    for client in catalogue.clients.values():
        said = " ".join((*client.hint.values(), *client.paths.repair.values(), *client.paths.add.values())).lower()
        choices = " ".join(chain.from_iterable(label.choice.values() for label in client.labels.values())).lower()
        for forbidden in ("accept all", "přijímat všechny", "přijmout všechny", "exception", "výjimk", "výnimk"):
            assert forbidden not in said + choices


def test_what_ended_offers_something_else(catalogue: Catalogue):
    ended = [client for client in catalogue.clients.values() if client.status is Status.CANNOT_WORK]
    assert [client.id for client in ended] == ["windows-10-mail", "gmail-pop"]
    assert all(client.alternatives and client.hint for client in ended)


def test_what_needs_preparation_says_which(catalogue: Catalogue):
    assert all(client.hint for client in catalogue.clients.values() if client.status is not Status.WORKS)


def test_programs_of_windows_xp_send_no_sni_and_stop_at_tls_1_0(catalogue: Catalogue):
    for id in ("outlook-express-6", "outlook-2003", "outlook-2007-xp", "outlook-2010-xp", "windows-live-mail-xp"):
        client = catalogue.clients[id]
        assert client.sni.value is Belief.NO
        assert client.tls_highest.value is TlsVersion.TLS1_0
        assert client.ecdsa.value is Answer.NO


@pytest.mark.parametrize("id", ["outlook-2007", "outlook-2010", "outlook-2010-w10", "outlook-2013"])
def test_what_is_disputed_about_outlook_stays_open(catalogue: Catalogue, id: str):
    client = catalogue.clients[id]
    assert client.tls_highest.value is None
    assert client.tls_highest.note
    assert client.sni.value.answer is Answer.UNKNOWN
    assert "0x800CCC1A" in client.hint["cs"]


def test_outlook_2007_is_judged_by_its_worst_case(catalogue: Catalogue):
    client = catalogue.clients["outlook-2007"]
    assert client.worst_case == "outlook-2007-xp"
    assert client.systems["windows-xp"] == "outlook-2007-xp"
    assert next(system for system, id in client.systems.items() if id == "outlook-2007") == "windows-vista"


def test_siblings_show_the_same_systems(catalogue: Catalogue):
    for client in catalogue.clients.values():
        for id in set(client.systems.values()):
            assert set(catalogue.clients[id].systems) & set(client.systems)


def test_sending_differs_from_receiving_where_that_is_known(catalogue: Catalogue):
    different = {c.id for c in catalogue.clients.values() if c.sni.value is not c.sni_sending.value}
    assert different == {"nextcloud-mail"}


def test_the_same_label_means_different_things(catalogue: Catalogue):
    labels = catalogue.clients["outlook-2007"].labels
    assert labels[Protocol.IMAP, Security.IMPLICIT_TLS].choice["cs"] == "SSL"
    assert labels[Protocol.SMTP, Security.STARTTLS].choice["cs"] == "TLS"
    express = catalogue.clients["outlook-express-6"].labels[Protocol.SMTP, Security.STARTTLS]
    assert express.is_box
    assert "(SSL)" in express.choice["en"]


def test_words_nobody_compared_with_a_screen_say_so(catalogue: Catalogue):
    label = catalogue.clients["outlook-2007"].labels[Protocol.IMAP, Security.IMPLICIT_TLS]
    assert label.confidence is Confidence.FROM_MEMORY
    assert label.confidence_in("en") is Confidence.INFERRED
    thunderbird = catalogue.clients["thunderbird-78"].labels[Protocol.IMAP, Security.IMPLICIT_TLS]
    assert thunderbird.confidence is Confidence.DOCUMENTED


def test_no_word_is_ambiguous_twice(catalogue: Catalogue):
    speller = Speller(catalogue.vocabulary)
    seen: dict[str, int] = {}
    for number, entry in enumerate(catalogue.ambiguous):
        for word in entry.words:
            assert seen.setdefault(speller.key(word), number) == number


def test_no_alias_belongs_to_two_clients(catalogue: Catalogue):
    speller = Speller(catalogue.vocabulary)
    seen: dict[str, str] = {}
    for client in catalogue.clients.values():
        for word in (client.id, *client.aliases):
            assert seen.setdefault(speller.key(word), client.id) == client.id


@pytest.mark.parametrize(("id", "name"), [("isrg-root-x1", "ISRG Root X1"), ("isrg-root-x2", "ISRG Root X2")])
def test_the_roots_fingerprints_are_those_of_the_real_certificates(catalogue: Catalogue, id: str, name: str):
    assert catalogue.roots[id].name == name
    assert catalogue.roots[id].sha256 == (hashlib.sha256(certificate_in_bundle(name)).hexdigest(),)


def certificate_in_bundle(name: str) -> bytes:
    """The certificate under this label in certifi's bundle, in DER."""
    (_, _, labelled) = certifi.contents().partition(f'# Label: "{name}"')
    (_, begin, rest) = labelled.partition("-----BEGIN CERTIFICATE-----")
    (body, end, _) = rest.partition("-----END CERTIFICATE-----")
    return ssl.PEM_cert_to_DER_cert(begin + body + end)


def test_loading_is_quick():
    began = time.perf_counter()
    load_catalogue()
    assert time.perf_counter() - began < 0.5  # about 30 ms where nothing else runs
