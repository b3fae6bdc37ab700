"""Every code that can be answered has its sentence in each language, and every sentence is the answer to something."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from bot.advice.mail_server import find_mail_server
from bot.answer import FoundBy, MailServer, Note, Refusal
from bot.facts import DnsFacts, Outcome, Protocol
from bot.reply.as_json import settings_json
from bot.reply.customer import customer_text
from bot.reply.settings import note_line, settings_page
from bot.reply.text import render_text
from bot.reply.words import words
from bot.request import LANGUAGES, HostKind
from tests.advice.build import KNOWN, NOW, PROFILE, dns
from tests.advice.test_settings import FACTS, SERVERS, WORDS
from tests.advice.world import CATALOGUE, EXAMPLE, Server, answer_for, request_for

OF_A_CONNECTION = ("host", "port", "address", "names", "date", "issuer")
OF_A_NAME = ("host", "server", "shown")
OF_A_GATE = ("version", "highest", "lowest")
OF_A_ROW = ("row", "server", "target")
PARAMETERS: dict[str, dict[str, Iterable[str]]] = {
    "reason": {
        **dict.fromkeys(
            ("client_sends_sni", "client_sni_unknown", "client_without_sni", "client_without_sni_open",
             "client_without_sni_default_is_domain",
             "client_without_sni_default_is_both", "domain_certificate_broken", "variant_wanted_domain",
             "variant_wanted_server", "only_name_domain", "only_name_server"),
            OF_A_NAME,
        ),
    },
    "warning": {
        **dict.fromkeys(
            ("certificate_expired", "certificate_expired_above", "certificate_not_yet_valid",
             "certificate_name_mismatch", "certificate_self_signed", "certificate_untrusted",
             "certificate_incomplete_chain", "port_refused", "port_timeout", "server_silent", "starttls_missing",
             "port_speaks_plain", "tls_handshake_failed", "address_not_public", "probe_not_made"),
            OF_A_CONNECTION,
        ),
        **dict.fromkeys(
            ("client_tls_too_old", "tls_version_old", "client_without_ecdsa", "tls_handshake_failed_client"), OF_A_GATE
        ),
        **dict.fromkeys(
            ("row_missing", "row_missing_mx", "row_dns_cname_loop", "row_dns_dangling_cname", "row_dns_servfail",
             "row_dns_timeout"),
            OF_A_ROW,
        ),
        "tls_needs_sni": (),
        "client_root_unknown": ("root", "client"),
        "certificate_expires_soon": ("host", "date"),
        "mx_elsewhere": ("domain", "mx", "provider"),
        "mx_null": ("domain",),
        "mx_not_known": ("domain",),
        "client_cannot_work": ("client",),
        "client_needs_preparation": ("client",),
        "rows_disagree": ("row", "server", "others", "domain"),
        "sending_elsewhere": ("row", "host", "server"),
        "registrable_domain": ("typed", "domain"),
        "client_not_given": (),
        "client_without_protocol": ("client", "protocol"),
        "client_ambiguous": ("client", "others"),
        "server_may_move": ("server",),
        "worst_case_tls": ("client", "highest"),
        "client_tls_unknown": ("client",),
        "client_ciphers_not_imitated": ("client",),
        "published_label_differs_implicit_tls": ("port",),
        "published_label_differs_starttls": ("port",),
        "label_as_published": ("port",),
    },
    "problem": {
        "not_hosted_here": ("domain", "host", "provider"),
        "not_hosted_here_though_rows": ("domain", "host", "provider", "rows"),
        "dns_nxdomain": ("domain",),
        "dns_no_rows": ("domain", "rows"),
        "dns_servfail": ("domain",),
        "dns_timeout": ("domain",),
        "dns_cname_loop": ("domain", "target"),
        "dns_dangling_cname": ("domain", "target"),
        **dict.fromkeys(
            ("domain_missing", "not_a_domain", "one_label", "ip_address", "public_suffix", "server_name_given",
             "client_unknown", "client_ambiguous"),
            ("typed", "example"),
        ),
    },
}  # fmt: skip
UNSEEN = {
    "client_without_sni_unseen", "client_without_sni_open_unseen", "client_sni_unknown_unseen",
    "variant_wanted_domain_unseen",
}  # fmt: skip


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("section", PARAMETERS)
def test_every_sentence_is_filled_by_its_note(section: str, language: str) -> None:
    """A sentence asks for nothing that its note does not carry."""
    for sentence, names in PARAMETERS[section].items():
        note = Note(sentence, {name: "2026-11-23" if name == "date" else f"<{name}>" for name in names})
        assert note_line(note, section, words(language))


@pytest.mark.parametrize("section", PARAMETERS)
def test_no_sentence_is_left_over(section: str) -> None:
    """Each belongs to a code that can be answered."""
    there = {key.partition(".")[2] for key in words("en").templates if key.startswith(f"{section}.")}
    assert there - UNSEEN == PARAMETERS[section].keys()


@pytest.mark.parametrize("sentence", sorted(UNSEEN))
def test_what_was_not_seen_is_not_named(sentence: str) -> None:
    """Where no certificate was seen without SNI, the sentence does without it."""
    note = Note(sentence.removesuffix("_unseen"), {"host": "a.cz", "server": "b.cz", "shown": ""})
    said = words("en")
    assert note_line(note, "reason", said) == said.line(f"reason.{sentence}", host="a.cz", server="b.cz")


def tell(note_section: str, note: Note) -> None:
    """The note must be one of those above, with all that they carry."""
    assert set(PARAMETERS[note_section][note.sentence]) == set(note.params)


@settings(deadline=None, max_examples=150)
@given(WORDS, st.sampled_from(["", "pop3"]), SERVERS, FACTS, st.sampled_from([None, *HostKind]))
def test_every_answer_can_be_said(
    words_: str, protocol: str, server: Server, facts: DnsFacts, host_kind: HostKind | None
) -> None:
    """As a page, as a letter and as JSON, in each language, whatever was seen."""
    request = request_for(f"example.cz {words_} {protocol}")
    assume(isinstance(find_mail_server(facts, request.protocol, PROFILE, KNOWN), MailServer))
    answer = answer_for(f"example.cz {words_} {protocol}", server, facts, host_kind=host_kind)
    for reason in answer.reasons:
        tell("reason", reason)
    for warning in answer.warnings:
        tell("warning", warning)
    for language in LANGUAGES:
        for text in (render_text(settings_page(answer, language, CATALOGUE)), customer_text(answer, language)):
            assert "{" not in text
            assert "None" not in text
        assert settings_json(answer, language, CATALOGUE)["warnings"] is not None


LEADS = st.sampled_from(
    ["mail8.skok.cz", "198.51.100.1", "imap.gmail.com", *(o for o in Outcome if o is not Outcome.FOUND)]
)
EXCHANGES = st.sampled_from(
    [None, ("",), ("mx.example.cz",), ("mx1.skok.cz",), *(o for o in Outcome if o is not Outcome.FOUND)]
)


@settings(deadline=None, max_examples=150)
@given(st.builds(dns, LEADS, LEADS, LEADS, LEADS, EXCHANGES, st.none() | LEADS))
def test_every_refusal_can_be_said(facts: DnsFacts) -> None:
    """With the sentence of its code."""
    found = find_mail_server(facts, Protocol.IMAP, PROFILE, KNOWN)
    if isinstance(found, Note):
        tell("problem", found)
        refusal = Refusal(EXAMPLE, found, NOW)
        for language in LANGUAGES:
            assert "{" not in render_text(settings_page(refusal, language, CATALOGUE))
            assert settings_json(refusal, language, CATALOGUE)["error"]["code"] == found.code


@pytest.mark.parametrize("found_by", list(FoundBy))
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_way_a_server_is_found_can_be_said(found_by: FoundBy, language: str) -> None:
    """With the row it was found by."""
    answer = answer_for("example.cz thunderbird-78")
    answer = replace(answer, server=replace(answer.server, found_by=found_by))
    assert "imap.example.cz" in render_text(settings_page(answer, language, CATALOGUE))
