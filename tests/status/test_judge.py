"""The status of a domain, judged: no finding more than there is, and none less."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.advice.certificate import TrustStore
from bot.domain import DomainName
from bot.facts import Certificate, DnsFacts, NoHandshake, Outcome, Protocol, TlsVersion
from bot.provider.profile import load_profile
from bot.status.facts import Connection, StatusFacts, StatusPort, status_ports
from bot.status.judge import Status
from bot.status.model import Level, Verdict
from tests.advice.build import (
    ADDRESS_3,
    ADDRESS_8,
    DAY,
    ELSEWHERE,
    INTERMEDIATE,
    NOW,
    PROFILE,
    STRANGE_ISSUER,
    STRANGER,
    answer,
    authority,
    chain,
    dns,
    endpoint,
    handshake,
    leaf,
    row,
)
from tests.advice.world import EXAMPLE, OF_DOMAIN, OF_SERVER, Server
from tests.status.build import ALL_OPEN, ONLY_CORE, all_rows, connections, facts, judged, told

MAIL, SMTP = "mail.example.cz", "smtp.example.cz"
IPV6 = "2001:db8::8"
GONE = Outcome.NXDOMAIN
ENDED = authority("Ended", INTERMEDIATE, until=NOW - DAY)
ROOT_MISSING = TrustStore([STRANGER.certificate])


def showing(**chains: tuple[Certificate, ...]) -> Server:
    """The usual server, but for the certificates of single names: `mail`, `smtp`, `default`."""
    named = OF_DOMAIN | {f"{label}.example.cz": sent for label, sent in chains.items() if label != "default"}
    return replace(ONLY_CORE, named=named, default=chains.get("default", OF_SERVER))


def breaking(problem: str, *ports: int, server: Server = ONLY_CORE) -> Server:
    """A server with a problem on some ports."""
    return replace(server, broken={**server.broken, **dict.fromkeys(ports, problem)})


SERVERS = {
    "in order": (ONLY_CORE, "works", []),
    "in order, everything open": (ALL_OPEN, "works", []),
    "mail expired": (
        showing(mail=chain(MAIL, until=NOW - DAY)), "broken", ["e certificate_expired IMAP 993, POP3 995"],
    ),
    "chain expired": (
        showing(smtp=(leaf(ENDED, SMTP), ENDED.certificate, INTERMEDIATE.certificate)), "broken",
        ["e certificate_expired_above SMTP 587"],
    ),
    "mail ends soon": (
        showing(mail=chain(MAIL, until=NOW + 7 * DAY)), "works_but",
        ["w certificate_expires_soon IMAP 993, POP3 995"],
    ),
    "mail not yet valid": (
        showing(mail=chain(MAIL, since=NOW + DAY)), "broken", ["e certificate_not_yet_valid IMAP 993, POP3 995"],
    ),
    "smtp for another name": (
        showing(smtp=chain("other.example")), "broken", ["e certificate_name_mismatch SMTP 587"],
    ),
    "no certificates of its own": (
        replace(ONLY_CORE, named={}), "broken",
        ["e certificate_name_mismatch IMAP 993, POP3 995", "e certificate_name_mismatch SMTP 587"],
    ),
    "self-signed": (showing(smtp=(leaf(None, SMTP),)), "broken", ["e certificate_self_signed SMTP 587"]),
    "untrusted": (
        showing(smtp=(leaf(STRANGE_ISSUER, SMTP), STRANGE_ISSUER.certificate)), "broken",
        ["e certificate_untrusted SMTP 587"],
    ),
    "incomplete": (
        showing(mail=(leaf(INTERMEDIATE, MAIL),)), "broken", ["e certificate_incomplete_chain IMAP 993, POP3 995"],
    ),
    "expired and for another name": (
        showing(smtp=chain("other.example", until=NOW - DAY)), "broken",
        ["e certificate_expired SMTP 587", "e certificate_name_mismatch SMTP 587"],
    ),
    "nothing readable sent": (
        showing(smtp=()), "broken", ["e certificate_untrusted SMTP 587", "e certificate_name_mismatch SMTP 587"],
    ),
    "another default": (
        showing(default=chain("panel.example")), "works_but",
        ["w no_sni_certificate_name_mismatch IMAP 993, POP3 995, SMTP 587"],
    ),
    "default expired": (
        showing(default=chain("mail8.skok.cz", until=NOW - DAY)), "works_but",
        ["w no_sni_certificate_expired IMAP 993, POP3 995, SMTP 587"],
    ),
    "default ends soon": (
        showing(default=chain("mail8.skok.cz", until=NOW + DAY)), "works_but",
        ["w no_sni_certificate_expires_soon IMAP 993, POP3 995, SMTP 587"],
    ),
    "default's chain expired": (
        showing(default=(leaf(ENDED, "mail8.skok.cz"), ENDED.certificate, INTERMEDIATE.certificate)), "works_but",
        ["w no_sni_certificate_expired_above IMAP 993, POP3 995, SMTP 587"],
    ),
    "SNI needed": (
        replace(ONLY_CORE, default=None), "works_but", ["w tls_needs_sni IMAP 993, POP3 995, SMTP 587"],
    ),
    "TLS 1.1 at most": (
        replace(ONLY_CORE, lowest=TlsVersion.TLS1_0, highest=TlsVersion.TLS1_1), "broken",
        ["e tls_version_old IMAP 993, POP3 995", "e tls_version_old SMTP 587"],
    ),
    "no TLS": (
        breaking("tls_handshake_failed", 995), "broken", ["e tls_handshake_failed POP3 995"],
    ),
    "nobody listens": (
        breaking("port_refused", 993, 995, 587), "broken",
        ["e port_refused IMAP 993, POP3 995", "e port_refused SMTP 587"],
    ),
    "sending hangs": (breaking("server_silent", 587), "broken", ["e server_silent SMTP 587"]),
    "sending gives no answer": (breaking("port_timeout", 587), "broken", ["e port_timeout SMTP 587"]),
    "sending without STARTTLS": (breaking("starttls_missing", 587), "broken", ["e starttls_missing SMTP 587"]),
    "receiving in the clear": (breaking("port_speaks_plain", 993), "broken", ["e port_speaks_plain IMAP 993"]),
    "an optional port hangs": (breaking("server_silent", 143, server=ALL_OPEN), "works", []),
    "an optional port was not tried": (breaking("probe_not_made", 25, server=ALL_OPEN), "works", []),
    "an optional port without STARTTLS": (
        breaking("starttls_missing", 143, server=ALL_OPEN), "works_but", ["w starttls_missing IMAP 143"],
    ),
    "a core port was not tried": (breaking("probe_not_made", 995), "unknown", ["i probe_not_made POP3 995"]),
    "not public": (
        breaking("address_not_public", 993, 995, 587), "unknown",
        ["w address_not_public IMAP 993, POP3 995", "w address_not_public SMTP 587"],
    ),
    "broken and not tried": (
        breaking("probe_not_made", 995, server=breaking("port_refused", 993)), "broken",
        ["e port_refused IMAP 993", "i probe_not_made POP3 995"],
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", SERVERS)
def test_ports_and_certificates(case: str) -> None:
    """Each trouble by its own connection; one cause on several ports of one name once, with the ports."""
    server, verdict, findings = SERVERS[case]
    status = judged(facts(server))
    assert (status.verdict, told(status)) == (Verdict(verdict), findings)


ROWS: dict[str, tuple[DnsFacts, str, list[str]]] = {
    "address rows": (dns(ADDRESS_8, ADDRESS_8, ADDRESS_8, ADDRESS_8), "works", []),
    "two names of one server": (dns(mail="mail8.c4.cz"), "works", []),
    "no pop": (dns(pop=GONE), "works_but", ["w row_missing pop.example.cz"]),
    "no mail": (dns(mail=GONE), "broken", ["e row_missing mail.example.cz"]),
    "no smtp": (dns(smtp=GONE), "broken", ["e row_missing smtp.example.cz"]),
    "pop not found out": (dns(pop=Outcome.TIMEOUT), "works", ["i row_dns_timeout pop.example.cz"]),
    "mail not found out": (dns(mail=Outcome.SERVFAIL), "unknown", ["i row_dns_servfail mail.example.cz"]),
    "imap dangles": (dns(imap=Outcome.DANGLING), "works_but", ["w row_dns_dangling_cname imap.example.cz"]),
    "smtp in a circle": (dns(smtp=Outcome.LOOP), "broken", ["e row_dns_cname_loop smtp.example.cz"]),
    "pop on another server": (dns(pop="mail3.skok.cz"), "works_but", ["w rows_disagree imap"]),
    "pop on another server, no smtp": (
        dns(pop="mail3.skok.cz", smtp=GONE), "broken",
        ["e row_missing_no_server smtp.example.cz", "w rows_disagree imap"],
    ),
    "imap somewhere else": (dns(imap="imap.gmail.com"), "broken", ["e rows_disagree_elsewhere mail"]),
    "smtp somewhere else": (
        dns(smtp="smtp.gmail.com"), "works_but", ["w sending_elsewhere smtp.example.cz"],
    ),
    "smtp on a server of the provider's for sending": (dns(smtp="smtp1.skok.cz"), "works", []),
    "only an MX": (
        dns(GONE, GONE, GONE, GONE, exchange=ADDRESS_8), "broken",
        ["e row_missing mail.example.cz", "e row_missing smtp.example.cz", "w row_missing imap.example.cz",
         "w row_missing pop.example.cz"],
    ),
    "MX elsewhere": (dns(mx=("aspmx.l.google.com",)), "works_but", ["w mx_elsewhere"]),
    "null MX": (dns(mx=("",)), "works_but", ["w mx_null"]),
    "MX not known": (dns(mx=None), "works", ["i mx_not_known"]),
}  # fmt: skip


@pytest.mark.parametrize("case", ROWS)
def test_rows(case: str) -> None:
    """Each row by itself, those that customers are told first; what is not found out is not missing."""
    rows, verdict, findings = ROWS[case]
    status = judged(facts(rows=rows))
    assert (status.verdict, told(status)) == (Verdict(verdict), findings)


NOWHERE: dict[str, tuple[DnsFacts, str, list[str]]] = {
    "no domain": (dns(GONE, GONE, GONE, GONE, mx=GONE), "broken", ["e dns_nxdomain"]),
    "no rows": (all_rows(Outcome.NO_DATA), "broken", ["e dns_no_rows"]),
    "no mail by its own word": (
        all_rows(Outcome.NO_DATA, mx=("",)), "not_ours", ["i mx_null_no_rows"],
    ),
    "elsewhere": (all_rows("imap.gmail.com"), "not_ours", ["w not_hosted_here"]),
    "only smtp here": (dns("imap.gmail.com", "imap.gmail.com", "imap.gmail.com"), "not_ours", ["w not_hosted_here"]),
    "elsewhere by MX": (
        dns(GONE, GONE, GONE, GONE, mx=("aspmx.l.google.com",)), "not_ours", ["w not_hosted_here"],
    ),
    "pop elsewhere by MX": (
        dns(GONE, GONE, ELSEWHERE, GONE, mx=Outcome.NO_DATA), "broken", ["e dns_no_rows"],
    ),
    "dangling": (all_rows(Outcome.DANGLING), "broken", ["e dns_dangling_cname"]),
    "circle": (all_rows(Outcome.LOOP), "broken", ["e dns_cname_loop"]),
    "silence": (all_rows(Outcome.TIMEOUT, mx=None), "unknown", ["w dns_timeout"]),
    "faults": (all_rows(Outcome.SERVFAIL, mx=Outcome.SERVFAIL), "unknown", ["w dns_servfail"]),
    "only pop not found out": (
        dns(GONE, GONE, Outcome.TIMEOUT, GONE, mx=Outcome.NO_DATA), "unknown", ["w dns_timeout"],
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", NOWHERE)
def test_no_server_here(case: str) -> None:
    """Gone, without rows, elsewhere, not to be found out: each is another thing."""
    rows, verdict, findings = NOWHERE[case]
    status = judged(StatusFacts(EXAMPLE, rows))
    assert (status.verdict, told(status)) == (Verdict(verdict), findings)
    assert status.server is None


def test_only_one_of_several_addresses_is_in_trouble() -> None:
    """The address is named; while the other one works, a closed port is a warning, a wrong certificate an error."""
    good = facts().connections
    bad = facts(breaking("port_timeout", 993), addresses=(IPV6,)).connections
    status = judged(StatusFacts(EXAMPLE, dns(), {}, (*good, *bad)))
    assert (status.verdict, told(status)) == (Verdict.WORKS_BUT, [f"w port_timeout IMAP 993 ({IPV6})"])
    bad = facts(showing(mail=chain("other.example")), addresses=(IPV6,)).connections
    status = judged(StatusFacts(EXAMPLE, dns(), {}, (*good, *bad)))
    where = f"IMAP 993, POP3 995 ({IPV6})"
    assert (status.verdict, told(status)) == (Verdict.BROKEN, [f"e certificate_name_mismatch {where}"])


def test_one_cause_at_both_addresses_is_one_finding() -> None:
    """Without the addresses, as they are all that the name has."""
    status = judged(facts(breaking("port_refused", 587), addresses=(ADDRESS_8, IPV6)))
    assert told(status) == ["e port_refused SMTP 587"]


def test_a_trouble_beside_the_core_breaks_nothing() -> None:
    """Port 465 with a certificate of its own that is wrong."""
    ours = facts(ALL_OPEN).connections
    at = endpoint(Protocol.SMTP, port=465)
    wrong = [
        replace(c, probe=handshake(chain("x.example"), at=at, hello=c.hello)) if c.endpoint.port == 465 else c
        for c in ours
    ]
    status = judged(StatusFacts(EXAMPLE, dns(), {}, tuple(wrong)))
    assert (status.verdict, told(status)) == (Verdict.WORKS_BUT, ["e certificate_name_mismatch SMTP 465"])


def test_what_was_not_awaited_is_open_and_named() -> None:
    """A status of what is known so far claims nothing of the rest; an optional port is not even mentioned."""
    waiting = [replace(c, probe=None) if c.endpoint.port in (587, 143) else c for c in facts(ALL_OPEN).connections]
    status = judged(StatusFacts(EXAMPLE, dns(), {}, tuple(waiting)))
    assert (status.verdict, told(status)) == (Verdict.UNKNOWN, ["i not_awaited SMTP 587"])
    assert status.missing == ((Protocol.SMTP, 587),)
    assert {seen.problem for seen in status.services if seen.port == 587} == {"not_awaited"}


def test_nothing_connected_to_yet_is_open() -> None:
    """Rows alone prove nothing, unless nothing else was asked for."""
    assert judged(StatusFacts(EXAMPLE, dns())).verdict is Verdict.UNKNOWN
    assert judged(StatusFacts(EXAMPLE, dns(), is_probed=False)).verdict is Verdict.WORKS


def test_without_names_of_its_own_the_server_is_judged_by_its_own() -> None:
    """A closed port is an error of theirs - but not of a domain whose own name could not be found out."""
    status = judged(facts(breaking("port_refused", 995), named=False))
    assert told(status) == ["e port_refused POP3 995"]
    status = judged(facts(breaking("port_refused", 995), named=False, rows=dns(mail=Outcome.SERVFAIL)))
    assert (told(status)[0], status.verdict) == ("w port_refused POP3 995", Verdict.UNKNOWN)


def test_the_server_and_the_rows_are_told() -> None:
    """The server only where the rows agree."""
    status = judged(facts())
    assert status.server is not None
    assert (status.server.host, status.server.number) == ("mail8.skok.cz", 8)
    status = judged(facts(rows=dns(pop="mail3.skok.cz", smtp=GONE, mail=ADDRESS_8)))
    assert status.server is None
    assert status.rows == {"imap": "mail8.skok.cz", "pop": "mail3.skok.cz", "mail": "mail8.skok.cz", "smtp": None}


def test_the_domain_above_is_answered_for_and_that_is_said() -> None:
    """As information; it works all the same."""
    status = judged(replace(facts(), asked=DomainName("eshop.example.cz", "eshop.example.cz")))
    assert (status.verdict, told(status)) == (Verdict.WORKS, ["i registrable_domain"])
    assert not status.has_errors


def test_each_connection_is_told_as_it_was_seen() -> None:
    """With the versions measured, the names shown and what is wrong."""
    status = judged(facts(replace(ONLY_CORE, default=chain("panel.example")), versions=True))
    named = next(seen for seen in status.services if seen.port == 993 and seen.sni)
    bare = next(seen for seen in status.services if seen.port == 993 and not seen.sni)
    assert (named.host, named.problem, named.names, named.is_ecdsa) == (MAIL, None, (MAIL,), True)
    assert (bare.host, bare.problem, bare.names) == ("mail8.skok.cz", "certificate_name_mismatch", ("panel.example",))
    assert (named.versions.lowest, named.versions.highest) == (TlsVersion.TLS1_2, TlsVersion.TLS1_3)
    closed = next(seen for seen in status.services if seen.port == 143)
    assert (closed.problem, closed.tls_version, closed.versions.lowest) == ("port_refused", None, None)


def test_versions_not_measured_are_not_claimed() -> None:
    """The newest is known from any handshake, the oldest only when those below were tried."""
    versions = judged(facts()).services[0].versions
    assert (versions.lowest, versions.highest) == (None, TlsVersion.TLS1_3)


def test_the_ports_are_the_providers_and_the_usual_others() -> None:
    """A provider that tells 143, 110 and 465 has these in its core."""
    assert [port.port for port in status_ports(PROFILE)] == [993, 995, 587, 143, 110, 465, 25]
    assert [port.port for port in status_ports(PROFILE) if port.is_core] == [993, 995, 587]
    second = status_ports(load_profile("tests/provider/second.toml"))
    assert [port.port for port in second if port.is_core] == [143, 110, 465]
    assert all(isinstance(port, StatusPort) for port in second)


PROBLEMS = st.sampled_from(
    ["port_refused", "port_timeout", "server_silent", "starttls_missing", "tls_handshake_failed", "probe_not_made"]
)
SERVER = st.builds(
    lambda broken, default: replace(ALL_OPEN, broken=broken, default=default),
    st.dictionaries(st.sampled_from([993, 995, 587, 143, 110, 465, 25]), PROBLEMS),
    st.sampled_from([OF_SERVER, None, chain("panel.example")]),
)
LEADS = st.sampled_from(["mail8.skok.cz", "mail3.skok.cz", ADDRESS_3, "imap.gmail.com", *Outcome]).filter(
    lambda leads: leads is not Outcome.FOUND
)
EXCHANGES = st.sampled_from([None, ("",), ("mail8.skok.cz",), ("aspmx.l.google.com",), Outcome.NXDOMAIN])


@settings(deadline=None, max_examples=200)
@given(SERVER, st.builds(dns, LEADS, LEADS, LEADS, LEADS, EXCHANGES))
def test_the_same_facts_give_the_same_findings_worst_first(server: Server, rows: DnsFacts) -> None:
    """In the same order, each once; the verdict is what the findings say."""
    seen = facts(server, rows)
    status = judged(seen)
    assert judged(seen) == status
    levels = [list(Level).index(finding.level) for finding in status.findings]
    assert levels == sorted(levels)
    assert len(set(told(status))) == len(told(status))
    if status.verdict is Verdict.WORKS:
        assert set(levels) <= {2}
    if status.verdict is Verdict.BROKEN:
        assert 0 in levels
    if any(row.outcome.is_unavailable for row in (rows.mail, rows.smtp)):
        assert status.verdict is not Verdict.WORKS


BROKEN = st.dictionaries(st.sampled_from([993, 995, 587, 143, 110, 465, 25]), PROBLEMS)
SOME_ROWS = st.builds(dns, LEADS, LEADS, LEADS, LEADS, EXCHANGES.filter(lambda mx: mx != ("",)))
"""Without those of a domain that says that it takes no mail: then nothing is held against it that is otherwise."""


@settings(deadline=None, max_examples=300)
@given(BROKEN, SOME_ROWS, st.sampled_from(["imap", "mail", "pop", "smtp", "mx"]))
def test_a_row_not_found_out_is_held_against_nobody(broken: dict[int, str], rows: DnsFacts, label: str) -> None:
    """It brings no error with it, and makes nothing broken or not ours."""
    seen = facts(replace(ALL_OPEN, broken=broken), rows)
    is_open = (
        answer("example.cz", "MX", Outcome.SERVFAIL) if label == "mx" else row(f"{label}.example.cz", Outcome.SERVFAIL)
    )
    assert_no_worse(seen, replace(seen, dns=replace(rows, **{label: is_open})))  # type: ignore[arg-type]


@settings(deadline=None, max_examples=300)
@given(st.lists(BROKEN, min_size=2, max_size=2), st.sampled_from([993, 995, 587, 465, 25]), st.booleans())
def test_a_port_not_found_out_is_held_against_nobody(broken: list[dict[int, str]], port: int, is_awaited: bool) -> None:
    """The same, where it is not known what one address of two shows, and the other one fails."""
    addresses = zip(broken, (ADDRESS_8, ADDRESS_3), strict=True)
    shown = [c for b, at in addresses for c in connections(replace(ALL_OPEN, broken=b), (at,))]
    hidden = [c if c.endpoint.port != port or c.endpoint.address == ADDRESS_3 else unseen(c, is_awaited) for c in shown]
    assert_no_worse(replace(facts(), connections=tuple(shown)), replace(facts(), connections=tuple(hidden)))


def unseen(connection: Connection, is_awaited: bool) -> Connection:
    """The connection while it is not known what comes of it."""
    nothing = NoHandshake(connection.endpoint, connection.hello, NOW, "probe_not_made")
    return replace(connection, probe=nothing if is_awaited else None)


def assert_no_worse(seen: StatusFacts, less: StatusFacts) -> None:
    """Who knows less has no error more."""
    before, after = judged(seen), judged(less)
    assert errors(after) <= errors(before)
    assert after.verdict in (before.verdict, Verdict.WORKS, Verdict.WORKS_BUT, Verdict.UNKNOWN)


def errors(status: Status) -> set[tuple[str, str]]:
    """The errors, and the hosts that they are about."""
    return {(f.code, f.params.get("host", "")) for f in status.findings if f.level is Level.ERROR}
