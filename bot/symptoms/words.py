"""From the words around a domain to what the customer's program says. Defined for any text; never raises."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache

from bot.domain import host_name, is_address
from bot.symptoms.model import OTHER_CODE, Report
from bot.symptoms.reader import fold_words, load_all

CERTIFICATE_NAME = "certificate-name"
"""The symptom that a host name stands for: it can only have been read off a certificate."""

_AROUND = ".,;:!?()[]{}<>\"'`´‘’‚“”„…*"
_OTHER_CODE = re.compile(r"0x[0-9a-f]{8}")
_HEXADECIMAL = re.compile(r"(?:0x)?(8[0-9a-f]{7})")


@dataclass(frozen=True)
class Vocabulary:
    """What is listened for: symptoms by their codes and by their words, and what stands around them."""

    codes: Mapping[str, str]
    words: Mapping[tuple[str, ...], str]
    longest: int
    fillers: frozenset[str]
    ask_name: frozenset[str]


@dataclass(frozen=True, slots=True)
class Heard:
    """A symptom that was named, and by how many words."""

    symptom: str
    length: int
    is_code: bool = False


def _is_no_client(word: str) -> bool:
    return False


def take_report(words: list[str], is_client: Callable[[str], bool] = _is_no_client) -> Report | None:
    """Take what a customer's program says out of words, the domain already taken; words that were used are removed.

    Error codes and phrases are known by the symptoms' data file. A host name is the name on a certificate, unless
    `is_client` says that the word names a mail program; beside a certificate it is one all the same.
    """
    if not words:
        return None
    heard = _take_heard(words)
    symptom = min(heard, key=lambda one: not one.is_code).symptom if heard else None
    asks_name = symptom in _vocabulary().ask_name
    name = _take_name(words, is_client) or (_take_name(words) if asks_name else None)
    if symptom is None and name is None:
        return None
    words[:] = [word for word in words if _core(word) not in _vocabulary().fillers]
    return Report(symptom if symptom and (asks_name or name is None) else CERTIFICATE_NAME, name)


def _take_heard(words: list[str]) -> list[Heard]:
    """Every symptom named, in the order of the words."""
    cores, heard, left = [_core(word) for word in words], list[Heard](), list[str]()
    position = 0
    while position < len(words):
        found = _hear(cores[position:])
        if found:
            heard.append(found)
        else:
            left.append(words[position])
        position += found.length if found else 1
    words[:] = left
    return heard


def _hear(cores: list[str]) -> Heard | None:
    """The symptom of the code that stands first, or of the longest phrase that begins there."""
    vocabulary = _vocabulary()
    if symptom := _by_code(cores[0], vocabulary):
        return Heard(symptom, 1, is_code=True)
    lengths = range(min(vocabulary.longest, len(cores)), 0, -1)
    said = ((length, vocabulary.words.get(tuple(cores[:length]))) for length in lengths)
    return next((Heard(symptom, length) for length, symptom in said if symptom), None)


def _by_code(core: str, vocabulary: Vocabulary) -> str:
    """The symptom of an error code, with or without `0x`; the letter O is taken for the digit it looks like."""
    digits = core.replace("×", "x").replace("o", "0")
    known = _HEXADECIMAL.fullmatch(digits)
    symptom = vocabulary.codes.get(f"0x{known[1]}" if known else core, "")
    return symptom or (OTHER_CODE if _OTHER_CODE.fullmatch(digits) else "")


def _take_name(words: list[str], is_client: Callable[[str], bool] = _is_no_client) -> str | None:
    for position, word in enumerate(words):
        if not is_address(word) and (name := host_name(word)) is not None and not is_client(word):
            del words[position]
            return name
    return None


def _core(word: str) -> str:
    return fold_words(word.strip(_AROUND))


@cache
def _vocabulary() -> Vocabulary:
    everything = load_all()
    symptoms = everything.symptoms.values()
    words = {tuple(words.split()): symptom.id for symptom in symptoms for words in symptom.words}
    return Vocabulary(
        codes={code: symptom.id for symptom in symptoms for code in (symptom.id, *symptom.codes)},
        words=words,
        longest=max(map(len, words)),
        fillers=frozenset(everything.fillers),
        ask_name=frozenset(symptom.id for symptom in symptoms if symptom.asks_name),
    )
