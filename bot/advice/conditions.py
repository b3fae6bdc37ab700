"""What causes of a symptom ask of an answer: one predicate for each condition.

A predicate gives what it found, for the sentences about it, or None. What was not seen never holds: a part counts as
working only where our own connection held, and as silent only where our own got no answer.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from bot.advice.certificate import name_matches
from bot.answer import Note, Outcome, Proof, Refusal, ServerSettings, SettingsAnswer
from bot.catalogue.model import Answer
from bot.domain import registrable_domain
from bot.provider.known import known_provider
from bot.provider.profile import Profile
from bot.symptoms.model import Condition

Found = Mapping[str, str] | None
NOTHING_TO_SAY: Mapping[str, str] = {}

_SILENT = frozenset(("port_refused", "port_timeout", "server_silent"))
_NOT_ENCRYPTED = frozenset(("tls_handshake_failed", "starttls_missing", "port_speaks_plain"))
_TOO_OLD = ("client_tls_too_old", "tls_version_old", "client_without_ecdsa", "tls_needs_sni",
            "tls_handshake_failed_client")  # fmt: skip
_UNTRUSTED = ("certificate_untrusted", "certificate_self_signed", "certificate_incomplete_chain",
              "certificate_not_yet_valid")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Case:
    """A report to judge: the answer for the domain, and the provider."""

    outcome: Outcome
    profile: Profile

    @property
    def answer(self) -> SettingsAnswer | None:
        """The settings, where there are any."""
        return self.outcome if isinstance(self.outcome, SettingsAnswer) else None

    @property
    def name(self) -> str:
        """The name that the program shows on a certificate; "" where none was told."""
        return (self.outcome.report.name if self.outcome.report else None) or ""

    @property
    def halves(self) -> tuple[ServerSettings, ...]:
        """Receiving and sending; nothing where there are no settings."""
        answer = self.answer
        return tuple(half for half in (answer.incoming, answer.outgoing) if half) if answer else ()

    @property
    def shown_without_sni(self) -> set[str]:
        """The names on the certificates that our connections without SNI were shown."""
        return {name for half in self.halves for proof in half.proofs if proof.sni is None for name in proof.names}


Predicate = Callable[[Case], Found]


def proves(proof: Proof, host: str) -> bool:
    """True for a connection that asked for a host by its name and got a sound certificate for it."""
    is_sound = proof.problem is None and not proof.is_unbounded
    return is_sound and proof.sni == host and any(name_matches(name, host) for name in proof.names)


def find(condition: Condition, case: Case) -> Found:
    """What holds of a condition, or None where it does not hold or was not seen."""
    return _PREDICATES[condition](case)


# What DNS and the provider's servers say


def _refused(*codes: str) -> Predicate:
    def find_refusal(case: Case) -> Found:
        outcome = case.outcome
        return outcome.note.params if isinstance(outcome, Refusal) and outcome.note.code in codes else None

    return find_refusal


def _warned(*sentences: str) -> Predicate:
    """Holds when one of these was warned about, with the SNI sent or without."""

    def find_warning(case: Case) -> Found:
        return next((note.params for note in _warnings(case) if _sentence(note) in sentences), None)

    return find_warning


def _warnings(case: Case) -> Iterator[Note]:
    yield from case.answer.warnings if case.answer else ()


def _sentence(note: Note) -> str:
    return note.sentence.removeprefix("no_sni_")


def _sending_elsewhere(case: Case) -> Found:
    found = _warned("sending_elsewhere")(case)
    return {"row": found["row"], "elsewhere": found["host"], "host": found["server"]} if found else None


# What the client can do


def _sni(answer: Answer) -> Predicate:
    """Holds when the catalogue's word on the client's SNI comes down to this answer."""

    def find_sni(case: Case) -> Found:
        client = case.answer.client if case.answer else None
        return NOTHING_TO_SAY if client is not None and client.sni.value.answer is answer else None

    return find_sni


# What the ports showed


def _works(half: ServerSettings | None, answer: SettingsAnswer) -> bool:
    if half is None or answer.cannot_work:
        return False
    return half.verified or any(proves(proof, half.host) for proof in half.proofs)


def _place(half: ServerSettings) -> Mapping[str, str]:
    return {"host": half.host, "port": str(half.port)}


def _all_works(case: Case) -> Found:
    answer = case.answer
    if answer is None or not all(_works(half, answer) for half in case.halves):
        return None
    return {"ports": ", ".join(str(half.port) for half in case.halves)}


def _receiving_works(case: Case) -> Found:
    answer = case.answer
    return _place(answer.incoming) if answer and answer.incoming and _works(answer.incoming, answer) else None


def _sending_works(case: Case) -> Found:
    answer = case.answer
    return _place(answer.outgoing) if answer and _works(answer.outgoing, answer) else None


def _fails_by(half: ServerSettings | None, problems: frozenset[str]) -> Found:
    """Holds when all of our connections failed, each in one of these ways."""
    if half is None or not half.proofs or not all(proof.problem in problems for proof in half.proofs):
        return None
    return _place(half)


def _receiving_silent(case: Case) -> Found:
    return _fails_by(case.answer.incoming, _SILENT) if case.answer else None


def _sending_silent(case: Case) -> Found:
    return _fails_by(case.answer.outgoing, _SILENT) if case.answer else None


def _encryption_fails(case: Case) -> Found:
    return next(filter(None, (_fails_by(half, _NOT_ENCRYPTED) for half in case.halves)), None)


def _second_port_open(case: Case) -> Found:
    second = case.answer.second_port if case.answer else None
    return {"second": str(second.port)} if second else None


# Whose the name on the certificate is


def _name_not_given(case: Case) -> Found:
    return None if case.name else NOTHING_TO_SAY


def _name_told(case: Case) -> Found:
    return NOTHING_TO_SAY if case.name in {half.host for half in case.halves} else None


def _name_of_server(case: Case) -> Found:
    """The server that holds the mailbox: by its name, by another one with its number, or by what it shows."""
    if case.answer is None:
        return None
    own, named = case.answer.server, case.profile.server(case.name)
    is_numbered_alike = named is not None and named.number is not None and named.number == own.number
    is_own = case.name == own.host or is_numbered_alike or (named is not None and case.name in case.shown_without_sni)
    return {"server": own.host} if is_own else None


def _name_of_other_server(case: Case) -> Found:
    is_other = case.answer is not None and case.profile.server(case.name) and _name_of_server(case) is None
    return NOTHING_TO_SAY if is_other else None


def _name_of_domain(case: Case) -> Found:
    domain = registrable_domain(case.outcome.domain) or case.outcome.domain
    return NOTHING_TO_SAY if f".{case.name}".endswith(f".{domain.ascii}") else None


def _name_of_provider(case: Case) -> Found:
    return NOTHING_TO_SAY if case.profile.is_own_name(case.name) else None


def _name_of_known_provider(case: Case) -> Found:
    provider = known_provider(case.name)
    return {"provider": provider} if provider else None


_PREDICATES: Mapping[Condition, Predicate] = {
    Condition.DOMAIN_GONE: _refused("dns_nxdomain"),
    Condition.ROWS_BROKEN: _refused("dns_no_rows", "dns_cname_loop", "dns_dangling_cname"),
    Condition.DNS_OPEN: _refused("dns_timeout", "dns_servfail"),
    Condition.NOT_HOSTED: _refused("not_hosted_here"),
    Condition.ROW_MISSING: _warned("row_missing"),
    Condition.MX_ELSEWHERE: _warned("mx_elsewhere"),
    Condition.MX_NULL: _warned("mx_null"),
    Condition.MX_OPEN: _warned("mx_not_known"),
    Condition.SENDING_ELSEWHERE: _sending_elsewhere,
    Condition.CLIENT_ENDED: _warned("client_cannot_work"),
    Condition.CLIENT_TOO_OLD: _warned(*_TOO_OLD),
    Condition.CLIENT_MAYBE_TOO_OLD: _warned("worst_case_tls", "client_tls_unknown"),
    Condition.CLIENT_LACKS_ROOT: _warned("client_root_unknown"),
    Condition.CLIENT_WITHOUT_SNI: _sni(Answer.NO),
    Condition.CLIENT_SNI_UNKNOWN: _sni(Answer.UNKNOWN),
    Condition.ALL_WORKS: _all_works,
    Condition.RECEIVING_WORKS: _receiving_works,
    Condition.SENDING_WORKS: _sending_works,
    Condition.RECEIVING_SILENT: _receiving_silent,
    Condition.SENDING_SILENT: _sending_silent,
    Condition.ENCRYPTION_FAILS: _encryption_fails,
    Condition.SECOND_PORT_OPEN: _second_port_open,
    Condition.CERTIFICATE_EXPIRED: _warned("certificate_expired", "certificate_expired_above"),
    Condition.CERTIFICATE_UNTRUSTED: _warned(*_UNTRUSTED),
    Condition.CERTIFICATE_MISNAMED: _warned("certificate_name_mismatch"),
    Condition.NAME_NOT_GIVEN: _name_not_given,
    Condition.NAME_TOLD: _name_told,
    Condition.NAME_OF_SERVER: _name_of_server,
    Condition.NAME_OF_OTHER_SERVER: _name_of_other_server,
    Condition.NAME_OF_DOMAIN: _name_of_domain,
    Condition.NAME_OF_PROVIDER: _name_of_provider,
    Condition.NAME_OF_KNOWN_PROVIDER: _name_of_known_provider,
}
