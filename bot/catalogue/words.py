"""Texts in several languages."""

from __future__ import annotations

from collections.abc import Mapping

Words = Mapping[str, str]
"""A text by language: `{"en": …, "cs": …}`, `sk` optional."""


def words_in(words: Words, language: str) -> str:
    """The text in a language, else in the nearest one there is: Slovak falls back to Czech, all else to English."""
    for candidate in (language, "cs" if language == "sk" else "en", "en", "cs"):
        if candidate in words:
            return words[candidate]
    return next(iter(words.values()), "")
