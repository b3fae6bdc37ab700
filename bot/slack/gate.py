"""The gate in front of everything Slack sends over HTTP: who is it, is it whole, was it here before?

Bolt reads the body before it checks the signature, and anything odd then ends in a traceback (slack-bolt 1.30). So
the signature is checked here over the raw bytes, nothing is parsed before it holds, and what is parsed here is what
Bolt gets: there is no second opinion about a body. Pure, but for the clock it is given.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import re
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol
from urllib.parse import parse_qsl

MOST_SECONDS_OFF = 300
"""How old, or how far ahead, a request may be: Slack's rule."""
MOST_BYTES = 1024 * 1024
KEPT_FOR, MOST_KEPT = 900.0, 20_000
"""How long and how many requests are remembered to act on each once."""

_TIMESTAMP = re.compile(r"[0-9]{1,12}", re.ASCII)
_SIGNATURE = re.compile(r"v0=[0-9a-f]{64}", re.ASCII)

Payload = dict[str, Any]


class Acknowledgement(Protocol):
    """What a payload is answered with; an empty body says no more than that it was taken."""

    status: int
    body: str


Dispatch = Callable[[Payload], Awaitable[Acknowledgement]]
"""Hands a payload that holds to whoever acts on it."""


class Rejected(Exception):
    """A request that goes no further: the HTTP status, and a reason for the log without anything of the request."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status, self.reason = status, reason


@dataclass(frozen=True, slots=True)
class Claim:
    """What a request claims: when it was signed, and the signature."""

    timestamp: str
    signature: str


def read_claim(headers: Mapping[str, str], now: float) -> Claim:
    """The signature headers, when they are there, well-formed and of our time. Raises Rejected (401)."""
    timestamp = headers.get("X-Slack-Request-Timestamp")
    signature = headers.get("X-Slack-Signature")
    if timestamp is None or signature is None:
        raise Rejected(401, "signature_missing")
    if not _TIMESTAMP.fullmatch(timestamp):
        raise Rejected(401, "timestamp_malformed")
    if abs(now - int(timestamp)) > MOST_SECONDS_OFF:
        raise Rejected(401, "timestamp_off")
    if not _SIGNATURE.fullmatch(signature):
        raise Rejected(401, "signature_malformed")
    return Claim(timestamp, signature)


def check_signature(secret: str, claim: Claim, body: bytes) -> None:
    """Compare the signature with ours, in constant time. Raises Rejected (401)."""
    signed = b"v0:" + claim.timestamp.encode() + b":" + body
    ours = "v0=" + hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()
    if not hmac.compare_digest(ours, claim.signature):
        raise Rejected(401, "signature_wrong")


def read_payload(body: bytes, content_type: str) -> Payload:
    """A command's form, or the JSON object of an interaction or event. Raises Rejected (400)."""
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        raise Rejected(400, "not_utf8") from None
    if not text.strip():
        raise Rejected(400, "empty")
    if content_type == "application/json" or text.startswith("{"):
        return _json_object(text)
    fields = _form(text)
    return _json_object(fields["payload"]) if "payload" in fields else dict(fields)


def replay_key(payload: Payload, fallback: str) -> str:
    """What makes a delivery the same as an earlier one: the event's id, else the trigger's, else `fallback`."""
    for name in ("event_id", "trigger_id"):
        if isinstance(value := payload.get(name), str) and value:
            return f"{name}:{value}"
    return fallback


class Replays:
    """Remembers what was acted on: Slack delivers events again, and a signature holds for five minutes."""

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._seen: OrderedDict[str, float] = OrderedDict()

    def is_new(self, key: str) -> bool:
        """True the first time; the key counts as seen from then on."""
        now = self._now()
        while self._seen and (next(iter(self._seen.values())) <= now or len(self._seen) >= MOST_KEPT):
            self._seen.popitem(last=False)
        if key in self._seen:
            return False
        self._seen[key] = now + KEPT_FOR
        return True


def _form(text: str) -> dict[str, str]:
    try:
        return dict(parse_qsl(text, keep_blank_values=True, errors="strict", max_num_fields=1_000))
    except ValueError:  # also bad UTF-8 behind percent signs
        raise Rejected(400, "form_broken") from None


def _json_object(text: str) -> Payload:
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        raise Rejected(400, "json_broken") from None
    if not isinstance(value, dict):
        raise Rejected(400, "json_no_object")
    return value
