"""How what happened behind an action is told: one step for each call, question and connection. No sockets here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import dns.rcode
from cryptography import x509

from bot.playground.mail import MailServer, Visit
from bot.playground.names import Exchange
from bot.playground.slack_server import Answer, Call

Json = dict[str, Any]
StepKind = Literal["call", "response_url", "dns", "tls"]


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that happened: what, how it ended, and the rest for who looks closer."""

    kind: StepKind
    title: str
    outcome: str
    detail: Json


def call_step(call: Call) -> Step:
    """A call of the Web API. Tokens are no part of its arguments."""
    return Step("call", call.method, call.outcome, {"arguments": call.arguments})


def answer_step(answer: Answer) -> Step:
    """What the bot sent to a response_url."""
    return Step("response_url", "response_url", answer.error or "ok", {"status": answer.status, "body": answer.body})


def question_step(exchange: Exchange) -> Step:
    """A question of DNS, with the records of its answer in their order."""
    question, reply = exchange.question, exchange.reply
    records = [value.to_text().removesuffix(".") for rrset in reply.answer for value in rrset]
    code = dns.rcode.to_text(reply.rcode())
    detail = {"name": question.name, "type": question.rtype, "transport": question.transport, "code": code}
    outcome = " → ".join(records) or ("no records" if code == "NOERROR" else code)
    return Step("dns", f"{question.rtype} {question.name}", outcome, {**detail, "records": records})


def visit_step(host: str, server: MailServer, visit: Visit) -> Step:
    """A connection to a mail server: what the client named, how far TLS came, and what it was shown."""
    role = visit.role
    certificate = _certificate(visit.certificate) if visit.certificate else None
    named = f"SNI {visit.sni}" if visit.sni else "no SNI"
    detail = {
        "server": host,
        "address": server.address,
        "port": role.port,
        "protocol": role.protocol,
        "security": role.security,
        "sni": visit.sni,
        "tls_version": visit.tls_version,
        "certificate": certificate,
    }
    return Step("tls", f"{host}:{role.port}, {named if visit.hello else 'no TLS'}", _ending(visit, certificate), detail)


def _ending(visit: Visit, certificate: Json | None) -> str:
    if not visit.hello:
        return "ended before TLS"
    if visit.tls_version is None or certificate is None:
        return "TLS failed"
    return f"{visit.tls_version}, certificate for {certificate['names'][0]}"


def _certificate(certificate: x509.Certificate) -> Json:
    names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    return {
        "names": names.get_values_for_type(x509.DNSName),
        "not_before": certificate.not_valid_before_utc.isoformat(),
        "not_after": certificate.not_valid_after_utc.isoformat(),
    }
