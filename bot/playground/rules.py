"""Small rules from which a checker of nested JSON is put together. Each rule yields what is wrong, and where."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

Rule = Callable[[Any, str], Iterator[str]]
"""Takes a value and the path to it; yields problems, each as "path: what is wrong"."""


def anything(_value: Any, _at: str) -> Iterator[str]:
    """No rule at all."""
    return iter(())


def flag(value: Any, at: str) -> Iterator[str]:
    """True or false."""
    if not isinstance(value, bool):
        yield f"{at}: must be true or false"


def string(most: int, least: int = 1) -> Rule:
    """A text of some length."""

    def check(value: Any, at: str) -> Iterator[str]:
        if not isinstance(value, str):
            yield f"{at}: must be a string"
        elif len(value) > most:
            yield f"{at}: {len(value)} characters, at most {most}"
        elif len(value) < least:
            yield f"{at}: {len(value)} characters, at least {least}"

    return check


def number(least: int, most: int) -> Rule:
    """A whole number within bounds."""

    def check(value: Any, at: str) -> Iterator[str]:
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
            yield f"{at}: must be a whole number from {least} to {most}"

    return check


def one_of(*allowed: Any) -> Rule:
    """One of a few values."""

    def check(value: Any, at: str) -> Iterator[str]:
        if value not in allowed:
            yield f"{at}: {value!r} is none of {', '.join(map(repr, allowed))}"

    return check


def many(rule: Rule, most: int, least: int = 1) -> Rule:
    """A list whose members all keep a rule."""

    def check(value: Any, at: str) -> Iterator[str]:
        if not isinstance(value, list):
            yield f"{at}: must be a list"
            return
        if not least <= len(value) <= most:
            yield f"{at}: {len(value)} items, must be {least} to {most}"
        for index, item in enumerate(value):
            yield from rule(item, f"{at}[{index}]")

    return check


@dataclass(frozen=True)
class Shape:
    """An object with known keys; `also` holds rules for the object as a whole."""

    required: Mapping[str, Rule] = field(default_factory=dict)
    optional: Mapping[str, Rule] = field(default_factory=dict)
    also: tuple[Rule, ...] = ()

    def __call__(self, value: Any, at: str) -> Iterator[str]:
        """What is wrong with the object and its members."""
        if not isinstance(value, dict):
            yield f"{at}: must be an object"
            return
        for key in self.required:
            if key not in value:
                yield f"{at}.{key}: missing"
        rules = {**self.optional, **self.required}
        for key, member in value.items():
            if key in rules:
                yield from rules[key](member, f"{at}.{key}")
            else:
                yield f"{at}.{key}: unknown key"
        for rule in self.also:
            yield from rule(value, at)


@dataclass(frozen=True)
class Typed:
    """An object whose `type` says which shape it has."""

    shapes: Mapping[str, Shape]

    def __call__(self, value: Any, at: str) -> Iterator[str]:
        """What is wrong with the object, if its type is one that is allowed here."""
        if not isinstance(value, dict):
            yield f"{at}: must be an object"
        elif value.get("type") not in self.shapes:
            yield f"{at}.type: {value.get('type')!r} is not allowed here"
        else:
            yield from self.shapes[value["type"]]({k: v for k, v in value.items() if k != "type"}, at)

    def only(self, *types: str) -> Typed:
        """The same, with some of the types."""
        return Typed({name: self.shapes[name] for name in types})


def exactly_one(*keys: str) -> Rule:
    """Exactly one of the keys is there."""

    def check(value: Any, at: str) -> Iterator[str]:
        if sum(key in value for key in keys) != 1:
            yield f"{at}: needs exactly one of {', '.join(keys)}"

    return check


def at_least_one(*keys: str) -> Rule:
    """Some of the keys are there."""

    def check(value: Any, at: str) -> Iterator[str]:
        if not any(key in value for key in keys):
            yield f"{at}: needs {' or '.join(keys)}"

    return check


_CONTROL = re.compile(r"<[^<>\n]*>")
_KNOWN = re.compile(
    r"<(?:https?://[^\s|<>]+|mailto:[^\s|<>]+|tel:[^\s|<>]+|@[UW][A-Z0-9]+|#[CG][A-Z0-9]+|!date\^\d+\^[^|]+)(?:\|[^|]*)?>"
)
_RINGS = re.compile(r"<!(?:channel|here|everyone|group|subteam\^)")


def markup(value: Any, at: str) -> Iterator[str]:
    """Slack's mrkdwn: `&`, `<` and `>` are escaped, what stands in `<...>` is known, and nothing rings."""
    if not isinstance(value, str):
        return
    if _RINGS.search(value):
        yield f"{at}: rings a whole channel or group"
    for control in _CONTROL.findall(value):
        if not _KNOWN.fullmatch(control) and not _RINGS.match(control):
            yield f"{at}: {control!r} is no link, mention or date; was < escaped?"
    rest = re.sub(r"^\s*(?:>>>|>)", "", _CONTROL.sub("", value), flags=re.MULTILINE)  # quotes
    if "<" in rest or ">" in rest:
        yield f"{at}: < or > is not escaped"
    if re.search(r"&(?!amp;|lt;|gt;)", rest):
        yield f"{at}: & is not escaped"


def both(*rules: Rule) -> Rule:
    """Several rules for one value."""

    def check(value: Any, at: str) -> Iterator[str]:
        for rule in rules:
            yield from rule(value, at)

    return check
