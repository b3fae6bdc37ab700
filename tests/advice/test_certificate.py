"""A chain is judged against trust anchors and, apart from it, by the name; nothing a server sends can break that."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.advice.certificate import CertificateVerdict, TrustStore, judge_certificates, name_matches
from bot.facts import Certificate
from bot.playground.authority import Authority, new_key
from tests.advice.build import (
    DAY,
    FAR_AWAY,
    INTERMEDIATE,
    LONG_AGO,
    NOW,
    ROOT,
    ROOT_FINGERPRINT,
    SINCE,
    STORE,
    STRANGE_ISSUER,
    STRANGER,
    UNTIL,
    Chain,
    authority,
    chain,
    handshake,
    leaf,
    name,
    sign,
)

HOST = "mail.example.cz"
SECOND = timedelta(seconds=1)


def judge(sent: Chain, store: TrustStore = STORE, now: datetime = NOW) -> CertificateVerdict:
    """The verdict on what a server sent."""
    return judge_certificates(handshake(sent), store, now)


def forged() -> Chain:
    """A chain whose issuer bears a known name and has another key."""
    forger = authority("Known Issuer", STRANGER)
    return (leaf(forger, HOST), forger.certificate)


OLD_ISSUER = authority("Old Issuer", ROOT, until=NOW - DAY)
NEW_ISSUER = authority("New Issuer", ROOT, since=NOW + DAY)
ANCHORED = authority("Anchored Issuer", authority("Unsent Root"))
SIGNED_LEAF = leaf(INTERMEDIATE, HOST)


@pytest.mark.parametrize(
    ("sent", "problems"),
    [
        (chain(HOST), ()),
        ((*chain(HOST), ROOT.certificate), ()),
        ((leaf(ROOT, HOST),), ()),
        ((SIGNED_LEAF, STRANGER.certificate, INTERMEDIATE.certificate), ()),
        ((SIGNED_LEAF, INTERMEDIATE.certificate, INTERMEDIATE.certificate, SIGNED_LEAF), ()),
        (chain(HOST, until=NOW - SECOND), ("certificate_expired",)),
        (chain(HOST, since=NOW + SECOND), ("certificate_not_yet_valid",)),
        ((leaf(OLD_ISSUER, HOST), OLD_ISSUER.certificate), ("certificate_expired",)),
        ((leaf(NEW_ISSUER, HOST), NEW_ISSUER.certificate), ("certificate_not_yet_valid",)),
        ((leaf(None, HOST),), ("certificate_self_signed",)),
        ((leaf(None, HOST, until=NOW - DAY),), ("certificate_expired", "certificate_self_signed")),
        ((leaf(STRANGE_ISSUER, HOST), STRANGE_ISSUER.certificate), ("certificate_untrusted",)),
        ((leaf(STRANGE_ISSUER, HOST), STRANGE_ISSUER.certificate, STRANGER.certificate), ("certificate_untrusted",)),
        ((leaf(STRANGE_ISSUER, HOST, until=NOW - DAY), STRANGE_ISSUER.certificate),
         ("certificate_expired", "certificate_untrusted")),
        ((SIGNED_LEAF,), ("certificate_incomplete_chain",)),
        ((SIGNED_LEAF, ROOT.certificate), ("certificate_untrusted",)),
        ((SIGNED_LEAF, OLD_ISSUER.certificate), ("certificate_untrusted",)),
        ((leaf(STRANGE_ISSUER, HOST),), ("certificate_incomplete_chain",)),
        ((leaf(authority("Known Root"), HOST),), ("certificate_untrusted",)),
        (forged(), ("certificate_untrusted",)),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_chain(sent: Chain, problems: tuple[str, ...]) -> None:
    """Dates first, then trust; a chain in order, in any order, with or without the root, has nothing wrong."""
    verdict = judge(sent)
    assert verdict.problems == problems
    assert not verdict.anchors or problems in ((), ("certificate_not_yet_valid",), ("certificate_expired",))


@pytest.mark.parametrize(
    ("now", "problems"),
    [
        (SINCE - SECOND, ("certificate_not_yet_valid",)),
        (SINCE, ()),
        (UNTIL, ()),
        (UNTIL + SECOND, ("certificate_expired",)),
    ],
)
def test_both_ends_of_the_validity_belong_to_it(now: datetime, problems: tuple[str, ...]) -> None:
    """By RFC 5280, section 4.1.2.5."""
    assert judge(chain(HOST), now=now).problems == problems


@pytest.mark.parametrize(
    ("now", "is_soon"),
    [
        (SINCE, False),
        (UNTIL - (UNTIL - SINCE) / 4, False),
        (UNTIL - (UNTIL - SINCE) / 4 + SECOND, True),
        (UNTIL, True),
        (UNTIL + SECOND, False),
    ],
)
def test_a_certificate_ends_soon_with_less_than_a_quarter_left(now: datetime, is_soon: bool) -> None:
    """At exactly a quarter it does not, and one that has ended does not end soon."""
    assert judge(chain(HOST), now=now).ends_soon is is_soon


def test_what_a_verdict_tells() -> None:
    """Names, issuer, end, kind of key and the anchor reached."""
    verdict = judge(chain(HOST, "smtp.example.cz"))
    assert verdict == CertificateVerdict(
        (HOST, "smtp.example.cz"), "Known Issuer", UNTIL, True, False, (), frozenset((ROOT_FINGERPRINT,))
    )
    assert not judge(chain(HOST, key=new_key("rsa"))).is_ecdsa


def test_an_intermediate_may_be_an_anchor() -> None:
    """A path ends at the first anchor, whatever is above it."""
    store = TrustStore([ANCHORED.certificate])
    verdict = judge((leaf(ANCHORED, HOST), ANCHORED.certificate), store)
    assert verdict.problems == ()
    assert verdict.anchors == {ANCHORED.certificate.fingerprint}
    assert judge((leaf(ANCHORED, HOST),), store).problems == ()


def test_a_leaf_may_be_an_anchor() -> None:
    """A self-signed certificate that is trusted by itself is in order."""
    own = leaf(None, HOST)
    assert judge((own,), TrustStore([own])).problems == ()


def test_a_cross_signed_issuer_reaches_both_anchors() -> None:
    """Every anchor that a valid path reaches is told, for a client may know only one of them."""
    key, other = new_key("ecdsa"), authority("Other Root")
    by_root, by_other = authority("Crossed", ROOT, key=key), authority("Crossed", other, key=key)
    sent = (leaf(by_root, HOST), by_other.certificate, by_root.certificate)
    both = TrustStore([ROOT.certificate, other.certificate])
    assert judge(sent, both).anchors == {ROOT_FINGERPRINT, other.certificate.fingerprint}
    assert judge(sent).anchors == {ROOT_FINGERPRINT}


def test_an_expired_path_beside_a_valid_one_does_no_harm() -> None:
    """The old cross-signature may have ended as long as another way leads to an anchor."""
    key = new_key("ecdsa")
    old, new = authority("Crossed", ROOT, key=key, until=NOW - DAY), authority("Crossed", ROOT, key=key)
    assert judge((leaf(new, HOST), old.certificate, new.certificate)).problems == ()


def test_certificates_that_issue_each_other_end() -> None:
    """A loop in what was sent leads nowhere, and takes no time."""
    key_a, key_b = new_key("ecdsa"), new_key("ecdsa")
    a, b = authority("A", key=key_a), authority("B", key=key_b)
    a_by_b, b_by_a = authority("A", b, key=key_a), authority("B", a, key=key_b)
    assert judge((leaf(a, HOST), a_by_b.certificate, b_by_a.certificate)).problems == ("certificate_untrusted",)


def test_many_alike_issuers_take_little_time() -> None:
    """A hundred certificates that all issue each other are judged at once."""
    key = new_key("ecdsa")
    alike = [authority("Alike", key=key) for _ in range(100)]
    sent = (leaf(alike[0], HOST), *(issuer.certificate for issuer in alike))
    started = time.perf_counter()
    assert judge(sent).problems == ("certificate_untrusted",)
    assert time.perf_counter() - started < 1


def test_a_leaf_cannot_issue() -> None:
    """A certificate below one that is no authority is not trusted, whoever signed that one."""
    server = authority("Not An Authority", ROOT, is_ca=False)
    bare_key = new_key("ecdsa")
    bare = sign(name("No Constraints"), bare_key, ROOT)
    for issuer in (server, replace(server, name=name("No Constraints"), key=bare_key, certificate=bare)):
        assert judge((leaf(issuer, HOST), issuer.certificate)).problems == ("certificate_incomplete_chain",)


@pytest.mark.parametrize(
    ("pattern", "host", "matches"),
    [
        (HOST, HOST, True),
        ("MAIL.Example.CZ", HOST, True),
        (HOST, "MAIL.EXAMPLE.CZ", True),
        ("example.cz", HOST, False),
        ("*.example.cz", HOST, True),
        ("*.example.cz", "example.cz", False),
        ("*.example.cz", "a.mail.example.cz", False),
        ("*.example.cz", ".example.cz", False),
        ("*.example.cz", "*.example.cz", True),
        ("m*.example.cz", HOST, False),
        ("mail.*.cz", HOST, False),
        ("*.*.cz", HOST, False),
        ("*", HOST, False),
        ("*.cz", "example.cz", False),
        ("*.", "a.", False),
        ("xn--hkyrky-ptac70bc.cz", "xn--hkyrky-ptac70bc.cz", True),
        ("", "", True),
        (f"{HOST}.", HOST, False),
        (f"{HOST}\0.evil.example", HOST, False),
    ],
)
def test_names_are_compared_by_rfc_9525(pattern: str, host: str, matches: bool) -> None:
    """A star stands for one whole first label and for nothing else."""
    assert name_matches(pattern, host) is matches


def test_a_verdict_covers_the_names_of_the_certificate() -> None:
    """Any of them; the subject's common name does not count (RFC 9525, section 2)."""
    verdict = judge(chain("*.example.cz", "mail8.skok.cz"))
    assert verdict.covers(HOST)
    assert verdict.covers("mail8.skok.cz")
    assert not verdict.covers("example.cz")
    common = sign(x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, HOST)]), new_key("ecdsa"), INTERMEDIATE)
    assert not judge((common, INTERMEDIATE.certificate)).covers(HOST)


def test_names_of_other_kinds_are_left_out() -> None:
    """Addresses in a certificate are not host names."""
    import ipaddress

    san = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("192.0.2.1")), x509.DNSName(HOST)])
    assert judge((leaf(INTERMEDIATE, extensions=(san,)), INTERMEDIATE.certificate)).names == (HOST,)


@pytest.mark.parametrize(
    ("subject", "issuer"),
    [
        (x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "CN only")]), "CN only"),
        (x509.Name([x509.NameAttribute(x509.NameOID.COUNTRY_NAME, "CZ")]), ""),
        (name("*x* `y` {z}\u202e\n"), "*x* `y` {z}\u202e\n"),
    ],
)
def test_the_issuer_is_told_as_it_stands(subject: x509.Name, issuer: str) -> None:
    """The organisation, else the common name, else nothing; it is made harmless when shown, not here."""
    above = replace(STRANGER, name=subject)
    assert judge((leaf(above, HOST),)).issuer == issuer


UNREADABLE = CertificateVerdict((), "", None, False, False, ("certificate_untrusted",), frozenset())


def with_version_five() -> Certificate:
    """A certificate of a version that does not exist."""
    return Certificate(SIGNED_LEAF.der.replace(b"\xa0\x03\x02\x01\x02", b"\xa0\x03\x02\x01\x04", 1))


def with_unknown_key() -> Certificate:
    """A certificate for a key of a kind nobody knows."""
    return Certificate(
        SIGNED_LEAF.der.replace(bytes.fromhex("06072a8648ce3d0201"), bytes.fromhex("06072a8648ce3d0277"))
    )


def with_extension(oid: str, value: str) -> Certificate:
    """A certificate with an extension written by hand."""
    return leaf(
        INTERMEDIATE, extensions=(x509.UnrecognizedExtension(x509.ObjectIdentifier(oid), bytes.fromhex(value)),)
    )


def with_two_name_lists() -> Certificate:
    """A certificate with the same extension twice."""
    twice = leaf(
        INTERMEDIATE, HOST, extensions=(x509.UnrecognizedExtension(x509.ObjectIdentifier("2.5.29.37"), b"0\0"),)
    )
    return Certificate(twice.der.replace(bytes.fromhex("0603551d25"), bytes.fromhex("0603551d11")))


@pytest.mark.parametrize(
    "sent",
    [(), (Certificate(b""),), (Certificate(b"not DER"),), (Certificate(SIGNED_LEAF.der[:-9]),), (with_version_five(),)],
)
def test_what_is_no_certificate_is_not_trusted(sent: Chain) -> None:
    """Nothing, garbage or half of a certificate: a verdict without claims."""
    assert judge(sent) == UNREADABLE


@pytest.mark.parametrize(
    "odd",
    [
        with_unknown_key(),
        with_extension("2.5.29.17", "ff"),
        with_extension("2.5.29.17", "3003a30130"),
        with_extension("2.5.29.17", "3004a3023000"),
        with_extension("2.5.29.17", "30038201ff"),
        with_extension("2.5.29.19", "ff"),
        with_two_name_lists(),
    ],
)
def test_an_odd_certificate_has_no_names(odd: Certificate) -> None:
    """Unknown keys, name lists that cannot be read or stand there twice: no name is covered, nothing raises."""
    assert judge((odd,)).names == judge((odd, INTERMEDIATE.certificate)).names == ()
    assert judge((SIGNED_LEAF, odd, odd)).problems == ("certificate_incomplete_chain",)


def test_garbage_behind_the_leaf_is_left_aside() -> None:
    """What a server sends after a certificate in order does not spoil that one."""
    assert judge((SIGNED_LEAF, Certificate(b"garbage"), INTERMEDIATE.certificate)).problems == ()


def test_a_store_is_read_from_pem() -> None:
    """As a CA file holds it; a file without certificates is refused."""
    pem = ROOT.certificate.x509.public_bytes(Encoding.PEM) + STRANGER.certificate.x509.public_bytes(Encoding.PEM)
    store = TrustStore.from_pem(b"# a comment\n" + pem)
    assert store.size == 2
    assert store.has_subject(name("Known Root"))
    assert not store.has_subject(name("Known Issuer"))
    with pytest.raises(ValueError, match="no certificate"):
        TrustStore.from_pem(b"nothing here")


def test_the_playgrounds_authority_is_in_order() -> None:
    """What it issues is trusted with its root, and untrusted without."""
    playground = Authority()
    sent = tuple(Certificate(c.public_bytes(Encoding.DER)) for c in playground.issue([HOST]).chain)
    now = playground.root.leaf.not_valid_before_utc + timedelta(days=1000, hours=1)
    assert judge(sent, TrustStore.from_pem(playground.root_pem), now).anchors == {playground.root_fingerprint}
    assert judge(sent, now=now).problems == ("certificate_untrusted",)


POOL = (
    SIGNED_LEAF, *forged(), ROOT.certificate, INTERMEDIATE.certificate, OLD_ISSUER.certificate, STRANGER.certificate,
    leaf(None, HOST), leaf(OLD_ISSUER, HOST, until=FAR_AWAY, since=LONG_AGO), with_unknown_key(),
)  # fmt: skip


@settings(deadline=None)
@given(
    st.lists(st.one_of(st.sampled_from(POOL), st.binary(max_size=40).map(Certificate)), max_size=6).map(tuple),
    st.datetimes(datetime(1990, 1, 1), datetime(2110, 1, 1)).map(lambda moment: moment.replace(tzinfo=NOW.tzinfo)),
)
def test_any_chain_has_a_verdict(sent: Chain, now: datetime) -> None:
    """Whatever is sent, whenever: no exception, and without a problem there is an anchor and a date to come."""
    verdict = judge(sent, now=now)
    if not verdict.problems:
        assert verdict.anchors
        assert verdict.not_after is not None
        assert verdict.not_after >= now


@settings(deadline=None)
@given(st.integers(0, len(SIGNED_LEAF.der) - 1), st.integers(0, 255))
def test_a_changed_certificate_is_never_trusted(place: int, value: int) -> None:
    """Any byte of it replaced, it is not trusted any more, and nothing raises."""
    der = bytearray(SIGNED_LEAF.der)
    changed = der[place] != value
    der[place] = value
    assert bool(judge((Certificate(bytes(der)), INTERMEDIATE.certificate)).problems) is changed
