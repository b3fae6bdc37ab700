"""What becomes of a text that somebody types into Slack: escaped, with links and mentions, and as rich text. Pure."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Mapping
from typing import Any

from publicsuffixlist import PublicSuffixList

_CODE = re.compile(r"(```.+?```|`[^`\n]+`)", re.DOTALL)
_END = r"[^\s<>`.,;:!?)\]}'\"]"
_SPECIAL = re.compile(
    rf"(?P<url>https?://(?:[^\s<>`]*{_END}))"
    r"|(?P<address>[\w.+-]+@(?P<at>(?:[\w-]+\.)+[\w-]*\w))"
    rf"|(?P<host>(?<![\w@./:-])(?:\w[\w-]*\.)+[\w-]*\w)(?P<rest>(?::\d+)?(?:/[^\s<>`]*{_END}|/)?)"
    r"|(?<![\w@.])@(?P<name>\w[\w.-]*)"
)
_TOKEN = re.compile(r"<([^<>]+)>|(```.+?```|`[^`\n]+`)", re.DOTALL)
_RINGING = ("here", "channel", "everyone")


def slack_text(typed: str, users: Mapping[str, str]) -> str:
    """The `text` of a message as Slack stores it; `users` are ids by name.

    `example.cz` becomes `<http://example.cz|example.cz>`, an address a `mailto:` link, `@mailbot` a mention, and what
    is left of `&`, `<` and `>` is escaped. In code nothing is linked.
    """
    parts = _CODE.split(typed)
    return "".join(escape(part) if index % 2 else _linked(part, users) for index, part in enumerate(parts))


def escape(text: str) -> str:
    """The three characters that Slack escapes."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def rich_text(text: str, block_id: str) -> list[dict[str, Any]]:
    """The blocks that Slack puts beside the text of a message that somebody typed."""
    elements = [element for element in _elements(text) if element]
    section = {"type": "rich_text_section", "elements": elements}
    return [{"type": "rich_text", "block_id": block_id, "elements": [section]}] if elements else []


def _linked(typed: str, users: Mapping[str, str]) -> str:
    pieces, end = [], 0
    for found in _SPECIAL.finditer(typed):
        pieces += [escape(typed[end : found.start()]), _special(found, users)]
        end = found.end()
    return "".join([*pieces, escape(typed[end:])])


def _special(found: re.Match[str], users: Mapping[str, str]) -> str:
    whole = escape(found[0])
    if found["url"]:
        return f"<{whole}>"
    if found["address"]:
        return f"<mailto:{whole}|{whole}>" if _is_domain(found["at"]) else whole
    if found["host"]:
        return f"<http://{whole}|{whole}>" if _is_domain(found["host"]) else whole
    return _mention(found["name"], users)


def _mention(name: str, users: Mapping[str, str]) -> str:
    bare = name.rstrip(".-")
    rest = name[len(bare) :]
    if bare in users:
        return f"<@{users[bare]}>{rest}"
    return f"<!{bare}>{rest}" if bare in _RINGING else f"@{name}"


@functools.cache
def _suffixes() -> PublicSuffixList:
    return PublicSuffixList(accept_unknown=False)


def _is_domain(host: str) -> bool:
    """Slack links what ends in a top-level domain that exists."""
    return _suffixes().publicsuffix(host.lower()) is not None


def _elements(text: str) -> Iterator[dict[str, Any]]:
    end = 0
    for found in _TOKEN.finditer(text):
        yield _plain(text[end : found.start()])
        yield _reference(found[1]) if found[1] else {**_plain(found[2].strip("`")), "style": {"code": True}}
        end = found.end()
    yield _plain(text[end:])


def _plain(text: str) -> dict[str, Any]:
    return {"type": "text", "text": _unescape(text)} if text else {}


def _reference(token: str) -> dict[str, Any]:
    target, _, label = token.partition("|")
    if target.startswith("@"):
        return {"type": "user", "user_id": target[1:]}
    if target.startswith("#"):
        return {"type": "channel", "channel_id": target[1:]}
    if target.startswith("!"):
        return {"type": "broadcast", "range": target[1:]}
    link = {"type": "link", "url": _unescape(target)}
    return link | ({"text": _unescape(label)} if label else {})


def _unescape(text: str) -> str:
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
