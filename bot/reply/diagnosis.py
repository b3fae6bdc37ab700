"""What the customer's program says, what is behind it, one question to ask and one thing to do."""

from __future__ import annotations

from dataclasses import dataclass

from bot.answer import Outcome
from bot.reply.page import Line
from bot.reply.words import Words


@dataclass(frozen=True, slots=True)
class Diagnosed:
    """A diagnosis in words."""

    report: Line
    cause: Line
    question: Line
    action: Line


def diagnosed(outcome: Outcome, said: Words) -> Diagnosed | None:
    """The diagnosis of an answer or a refusal in words; None where nothing was reported."""
    diagnosis = outcome.diagnosis
    if diagnosis is None:
        return None
    key, params = f"symptom.cause.{diagnosis.cause}", diagnosis.params
    name, label = params["name"], said.text(f"symptom.{diagnosis.symptom}.label")
    return Diagnosed(
        report=said.line("diagnosis.report_name" if name else "diagnosis.report", label=label, name=name),
        cause=said.line(f"{key}.cause", **params),
        question=said.line(f"{key}.ask", **params),
        action=said.line(f"{key}.do", **params),
    )


def diagnosis_lines(outcome: Outcome, said: Words) -> tuple[Line, ...]:
    """The lines an agent reads while the customer waits; none where nothing was reported."""
    told = diagnosed(outcome, said)
    if told is None:
        return ()
    return (
        told.report,
        (*said.line("diagnosis.cause", text=""), *told.cause),
        (*said.line("diagnosis.question", text=""), *told.question),
        (*said.line("diagnosis.action", text=""), *told.action),
    )
