"""The status expected of every customer: the verdict, and each finding with the ports or the row it is about."""

from __future__ import annotations

from collections.abc import Mapping

Expected = tuple[str, set[str]]
"""The verdict, and `code: where` of each finding: no more, no less."""

RECEIVING, SENDING = "IMAP 993, POP3 995, IMAP 143, POP3 110", "SMTP 587, SMTP 465"
CORE = "IMAP 993, POP3 995, SMTP 587"


def _certificate(problem: str) -> Expected:
    """The same trouble for both names of a domain."""
    verdict = "works_but" if problem == "expires_soon" else "broken"
    return verdict, {f"certificate_{problem}: {RECEIVING}", f"certificate_{problem}: {SENDING}"}


WORKS: Expected = ("works", set())
STATUSES: Mapping[str, Expected] = {
    "example.cz": WORKS,
    "háčkyčárky.cz": WORKS,
    "old.cz": WORKS,
    "old-ecdsa.cz": WORKS,
    "only-tls-1-2.cz": WORKS,
    "slow.cz": WORKS,
    "addresses.cz": WORKS,
    "reverse.cz": WORKS,
    "same-zone.cz": ("works", {"authorities_unknown: "}),
    "wrong-default.cz": ("works_but", {f"no_sni_certificate_name_mismatch: {CORE}"}),
    "expired.cz": _certificate("expired"),
    "expires-soon.cz": _certificate("expires_soon"),
    "not-yet.cz": _certificate("not_yet_valid"),
    "self-signed.cz": _certificate("self_signed"),
    "untrusted.cz": _certificate("untrusted"),
    "incomplete.cz": _certificate("incomplete_chain"),
    "wrong-name.cz": _certificate("name_mismatch"),
    "no-certificate.cz": _certificate("name_mismatch"),
    "swapped.cz": ("broken", {"port_speaks_plain: IMAP 993, POP3 995", "starttls_missing: SMTP 587"}),
    "refused.cz": ("broken", {"port_refused: IMAP 993, POP3 995", "port_refused: SMTP 587"}),
    "silent.cz": ("broken", {"server_silent: IMAP 993", "port_refused: POP3 995", "server_silent: SMTP 587"}),
    "black-hole.cz": ("broken", {"port_timeout: IMAP 993", "port_refused: POP3 995", "port_timeout: SMTP 587"}),
    "resetting.cz": ("broken", {"tls_handshake_failed: IMAP 993", "port_refused: POP3 995", "server_silent: SMTP 587"}),
    "private.cz": ("unknown", {"address_not_public: IMAP 993, POP3 995", "address_not_public: SMTP 587"}),
    "disagree.cz": ("works_but", {"rows_disagree: "}),
    "no-imap.cz": ("works_but", {"row_missing: imap.no-imap.cz"}),
    "no-mail.cz": ("broken", {"row_missing: mail.no-mail.cz"}),
    "no-smtp.cz": ("broken", {"row_missing: smtp.no-smtp.cz"}),
    "only-mx.cz": ("broken", {f"row_missing: {label}.only-mx.cz" for label in ("imap", "mail", "pop", "smtp")}),
    "moved-mx.cz": ("works_but", {"mx_elsewhere: "}),
    "elsewhere.cz": ("not_ours", {"not_hosted_here: "}),
    "no-rows.cz": ("broken", {"dns_no_rows: "}),
    "dangling.cz": ("broken", {"dns_dangling_cname: "}),
    "loop.cz": ("broken", {"dns_cname_loop: "}),
    "lame.cz": ("unknown", {"dns_servfail: "}),
    "spf-without.cz": ("works_but", {"spf_without_provider: "}),
    "spf-missing.cz": ("works", {"spf_missing: "}),
    "spf-broken.cz": ("works_but", {"spf_broken_include: "}),
    "dkim-missing.cz": ("works", {"dkim_missing: "}),
    "dkim-wrong.cz": ("works_but", {"dkim_broken: "}),
    "nothing-around.cz": ("works", {"spf_missing: ", "dkim_missing: ", "dmarc_missing: "}),
    "dmarc-unmet.cz": ("works_but", {"dmarc_unmet: ", "spf_missing: ", "dkim_missing: "}),
    "caa-forbids.cz": ("works_but", {"caa_forbids: "}),
    "caa-allows.cz": WORKS,
    "mx-partly.cz": ("works_but", {"mx_elsewhere: "}),
    "mx-own-name.cz": WORKS,
    "autodiscover.cz": ("works_but", {"automatic_elsewhere: "}),
    "srv-wrong.cz": ("works_but", {"srv_wrong: "}),
    "two-servers.cz": WORKS,
    "split.cz": ("works_but", {"authorities_disagree: "}),
    "half-lame.cz": ("works_but", {"authority_lame: "}),
    "half-dead.cz": ("works_but", {"authority_silent: "}),
    "all-dead.cz": ("works", {"authorities_unknown: "}),
    "moved.cz": WORKS,
    "missing.cz": ("broken", {"dns_nxdomain: "}),
}
