"""DKIM (RFC 6376): whether receivers find the key with which the provider signs the domain's mail."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import load_der_public_key

from bot.provider.profile import Profile
from bot.status.around_facts import AroundFacts
from bot.status.model import Finding, Level
from bot.status.records import texts

SMALLEST_KEY = 1024
"""Bits of an RSA key below which receivers must not believe a signature (RFC 8301)."""
_ED25519_BYTES = 32


def dkim_name(domain: str, profile: Profile) -> str | None:
    """The name of the provider's key in a domain; None where the provider publishes none."""
    return f"{profile.dkim_selector}._domainkey.{domain}" if profile.dkim_selector else None


def judge_dkim(facts: AroundFacts, profile: Profile) -> Iterator[Finding]:
    """Findings about the provider's key in the domain."""
    name = dkim_name(facts.domain, profile)
    answer = facts.texts.get(name) if name else None
    if name is None or answer is None or answer.outcome.is_unavailable:
        return
    records = texts(answer)
    params = {"domain": facts.domain, "name": name, "record": " | ".join(records)}
    if not records:
        yield Finding("dkim_missing", Level.INFO, params)
    elif len(records) > 1 or (key := _tags(records[0]).get("p")) is None:
        yield Finding("dkim_broken", Level.WARNING, params)
    elif not key:
        yield Finding("dkim_revoked", Level.WARNING, params)
    elif not _is_usable(_tags(records[0])):
        yield Finding("dkim_broken", Level.WARNING, params)


def _tags(record: str) -> dict[str, str]:
    """The tags of a record; blanks in values do not count."""
    pairs = (part.partition("=") for part in record.split(";"))
    return {name.strip(): "".join(value.split()) for name, sign, value in pairs if sign}


def _is_usable(tags: dict[str, str]) -> bool:
    """True for a key that receivers can check signatures with."""
    if tags.get("v", "DKIM1") != "DKIM1":
        return False
    try:
        key = base64.b64decode(tags["p"], validate=True)
        if tags.get("k", "rsa") == "ed25519":
            return len(key) == _ED25519_BYTES
        public = load_der_public_key(key)
    except (binascii.Error, ValueError, UnsupportedAlgorithm):
        return False
    return tags.get("k", "rsa") == "rsa" and isinstance(public, RSAPublicKey) and public.key_size >= SMALLEST_KEY
