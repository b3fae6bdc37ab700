"""What is behind the thing a customer's program says: the first cause that fits what was seen for his domain."""

from __future__ import annotations

from collections.abc import Mapping

from bot.advice.conditions import Case, Found, find
from bot.answer import Diagnosis as Diagnosis
from bot.answer import Outcome, SettingsAnswer
from bot.provider.profile import Profile
from bot.symptoms.model import Cause
from bot.symptoms.reader import load_symptoms


def diagnose(outcome: Outcome, profile: Profile) -> Diagnosis | None:
    """Judge the report of a request by its answer; None when nothing was reported.

    Where there are no settings only a cause that something speaks for is told. A symptom nobody knows (a button of
    an older version) is no report.
    """
    symptom = load_symptoms().get(outcome.report.symptom) if outcome.report else None
    if symptom is None:
        return None
    case = Case(outcome, profile)
    for cause in symptom.causes:
        found = _found(cause, case)
        if found is not None:
            return Diagnosis(symptom.id, cause.id, {**_common(case), **found})
    return None


def _found(cause: Cause, case: Case) -> Found:
    """What all conditions of a cause found together; None where one of them does not hold."""
    if not cause.when and case.answer is None:
        return None
    together: dict[str, str] = {}
    for condition in cause.when:
        found = find(condition, case)
        if found is None:
            return None
        together |= found
    return together


def _common(case: Case) -> Mapping[str, str]:
    """What every sentence may name: the domain, the name on the certificate, and what is told in the settings."""
    known = {"domain": case.outcome.domain.unicode, "name": case.name}
    return known | _of_settings(case.outcome) if isinstance(case.outcome, SettingsAnswer) else known


def _of_settings(answer: SettingsAnswer) -> dict[str, str]:
    leading = answer.incoming or answer.outgoing
    return {
        "server": answer.server.host,
        "hosts": ", ".join(dict.fromkeys((leading.host, answer.outgoing.host))),
        "host": leading.host,
        "port": str(leading.port),
        "sending_host": answer.outgoing.host,
        "sending_port": str(answer.outgoing.port),
    }
