"""Behind the scenes: for each thing that a person does, what it set in motion, step by step with times.

traces = Traces()
traces.tell = print
slack.watchers.append(traces.on_slack)
world.names.watchers.append(traces.on_question)
server.watchers.append(partial(traces.on_visit, "mail8.skok.cz", server))

Everything runs in one process, so a step belongs to the latest action begun, until that has been quiet for five
seconds. Only an answer at a response_url names its action itself.
"""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import asdict, dataclass, field

from bot.playground.mail import MailServer, Visit
from bot.playground.names import Exchange
from bot.playground.slack_delivery import Delivered
from bot.playground.slack_server import Answer, Call
from bot.playground.trace_steps import Json, Step, answer_step, call_step, question_step, visit_step
from bot.playground.trace_titles import channel_of, title_of, user_of

MOST_TRACES, MOST_STEPS = 200, 200
QUIET = 5.0
"""Seconds without a step after which an action is over."""


@dataclass(slots=True)
class Trace:
    """An action and what came of it."""

    id: str
    at: float
    """Unix time."""
    kind: str
    request: Json
    began: float
    """By the clock that steps are timed with."""
    status: int = 0
    error: str = ""
    acknowledged_ms: float | None = None
    acknowledgement: Json | str | None = None
    is_answered: bool = False
    """True once the delivery has ended, with an acknowledgement or without."""
    done: bool = False
    steps: list[Json] = field(default_factory=list)

    def as_json(self) -> Json:
        """As the page is told."""
        return {
            "id": self.id,
            "at": self.at,
            "title": title_of(self.kind, self.request),
            "user": user_of(self.request),
            "channel": channel_of(self.request),
            "kind": self.kind,
            "request": self.request,
            "status": self.status,
            "error": self.error,
            "acknowledged_ms": self.acknowledged_ms,
            "acknowledgement": self.acknowledgement,
            "done": self.done,
            "steps": list(self.steps),
        }


class Traces:
    """The last traces. `tell` is called with a trace whenever it changed.

    `is_background` knows the DNS names that the bot asks for on its own, whatever people do.
    """

    def __init__(self, is_background: Callable[[str], bool] = lambda _name: False, quiet: float = QUIET) -> None:
        self.tell: Callable[[Trace], None] = nobody
        self._is_background, self._quiet = is_background, quiet
        self._traces: OrderedDict[str, Trace] = OrderedDict()
        self._latest: Trace | None = None
        self._over: asyncio.TimerHandle | None = None

    def close(self) -> None:
        """Wait for nothing any more."""
        if self._over is not None:
            self._over.cancel()

    @property
    def all(self) -> list[Trace]:
        """Every trace that is kept, oldest first."""
        return list(self._traces.values())

    # --- what is watched ---

    def on_slack(self, kind: str, thing: object) -> None:
        """Watch the stand-in: deliveries begin and end, and the bot calls and answers."""
        match thing:
            case Delivered(status=None):
                self._begin(thing)
            case Delivered():
                self._end(thing)
            case Call():
                self._add(call_step(thing))
            case Answer():
                self._add(answer_step(thing), self._answered(thing))

    def on_question(self, exchange: Exchange) -> None:
        """Watch the name server."""
        if self._latest is not None and not self._is_background(exchange.question.name):
            self._add(question_step(exchange))

    def on_visit(self, host: str, server: MailServer, visit: Visit) -> None:
        """Watch a mail server."""
        if self._latest is not None:
            self._add(visit_step(host, server, visit))

    # --- what it makes of it ---

    def _begin(self, delivered: Delivered) -> None:
        request = {key: value for key, value in delivered.payload.items() if key != "token"}
        trace = Trace(f"T{delivered.number}", delivered.began, delivered.kind, request, time.perf_counter())
        self._traces[trace.id] = trace
        while len(self._traces) > MOST_TRACES:
            self._traces.popitem(last=False)
        before, self._latest = self._latest, trace
        if before is not None and before.is_answered:
            self._finish(before)
        self._changed(trace)

    def _end(self, delivered: Delivered) -> None:
        trace = self._traces.get(f"T{delivered.number}")
        if trace is None:
            return
        trace.status, trace.error = delivered.status or 0, delivered.error
        trace.acknowledgement = delivered.body or None
        if delivered.status and delivered.seconds is not None:
            trace.acknowledged_ms = _milliseconds(delivered.seconds)
        trace.is_answered = True
        if trace is self._latest:
            self._changed(trace)
        else:
            self._finish(trace)

    def _add(self, step: Step, trace: Trace | None = None) -> None:
        trace = trace or self._latest
        if trace is None or len(trace.steps) >= MOST_STEPS:
            return
        trace.steps.append({"at_ms": _milliseconds(time.perf_counter() - trace.began), **asdict(step)})
        self._changed(trace)

    def _changed(self, trace: Trace) -> None:
        """Tell of it, and wait anew until the latest action has been quiet for long enough."""
        self.tell(trace)
        if trace is self._latest:
            self.close()
            self._over = asyncio.get_running_loop().call_later(self._quiet, self._on_quiet)

    def _on_quiet(self) -> None:
        if self._latest is not None and self._latest.is_answered:
            self._finish(self._latest)
            self._latest = None

    def _finish(self, trace: Trace) -> None:
        trace.done = True
        self.tell(trace)

    def _answered(self, answer: Answer) -> Trace | None:
        """The action whose response_url was used."""
        end = f"/{answer.response_id}"
        with_url = (trace for trace in reversed(self._traces.values()) if _response_url(trace).endswith(end))
        return next(with_url, None)


def nobody(_trace: Trace) -> None:
    """Nobody looks on."""


def _response_url(trace: Trace) -> str:
    return str(trace.request.get("response_url") or "")


def _milliseconds(seconds: float) -> float:
    return round(seconds * 1000, 1)
