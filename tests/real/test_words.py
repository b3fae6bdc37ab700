"""What a person reads: the same answers as text."""

from __future__ import annotations

import pytest

from tests.real.customers import DEAF_DNS
from tests.real.product import Ask

pytestmark = pytest.mark.real


@pytest.mark.parametrize(
    ("words", "language", "said"),
    [
        (
            "example.cz thunderbird-78",
            "en",
            ["mail.example.cz", "993", "SSL/TLS", "smtp.example.cz", "587", "STARTTLS"],
        ),
        ("example.cz outlook-2007", "cs", ["mail8.skok.cz", "993", "SSL", "587", "TLS", "Windows XP"]),
        ("example.cz outlook-2007", "sk", ["mail8.skok.cz", "993", "587"]),
        ("expired.cz thunderbird-78", "en", ["mail8.skok.cz", "mail.expired.cz"]),
        ("háčkyčárky.cz thunderbird-78", "cs", ["háčkyčárky.cz", "mail.xn--hkyrky-ptac70bc.cz"]),
        ("example.cz printer", "en", ["smtp.example.cz", "587"]),
    ],
)
def test_an_answer_as_text(ask: Ask, words: str, language: str, said: list[str]) -> None:
    """Hosts, ports and labels are in it; nothing goes to standard error."""
    run = ask.aloud(words, "--lang", language)
    assert (run.status, run.stderr) == (0, "")
    assert [word for word in said if word not in run.stdout] == []


@pytest.mark.parametrize(
    ("words", "status"),
    [("missing.cz", 1), ("elsewhere.cz", 1), ("lame.cz", 3), ("nonsense", 2), ("example.cz xyzzy", 2)],
)
def test_a_refusal_as_text(ask: Ask, words: str, status: int) -> None:
    """Plain sentences on standard error, nothing on standard output."""
    run = ask.aloud(words, "--lang", "en")
    assert (run.status, run.stdout) == (status, "")
    assert words.split()[-1] in run.stderr


def test_a_timeout_as_text(ask: Ask) -> None:
    """An open question ends with status 3 and says which domain it was about."""
    run = ask.aloud("example.cz", name_servers=(DEAF_DNS,))
    assert (run.status, run.stdout) == (3, "")
    assert "example.cz" in run.stderr
