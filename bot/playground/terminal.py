"""Draws a Slack message in the terminal, as near to what the agent sees as text can be."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator
from datetime import datetime
from typing import Any

Block = dict[str, Any]

_STYLES = (("code", "\x1b[36m"), ("bold", "\x1b[1m"), ("italic", "\x1b[2m"))


def draw_message(message: dict[str, Any], *, colour: bool = False, width: int = 100) -> str:
    """The blocks of a message as text. Raises ValueError for a block it does not know."""
    drawing = _Drawing(colour, width)
    return "\n".join(line for block in message.get("blocks", ()) for line in drawing.block(block))


class _Drawing:
    def __init__(self, colour: bool, width: int) -> None:
        self.colour, self.width = colour, width

    def block(self, block: Block) -> Iterator[str]:
        match block["type"]:
            case "rich_text":
                for element in block["elements"]:
                    yield from self._rich(element)
            case "section":
                yield from self._section(block)
            case "context":
                yield from self._wrapped("".join(element["text"] for element in block["elements"]))
            case "actions":
                yield from self._wrapped(" ".join(map(_control, block["elements"])))
            case unknown:
                raise ValueError(f"a block of type {unknown!r} cannot be drawn")

    def _rich(self, element: Block) -> Iterator[str]:
        text = "".join(map(self._span, element["elements"]))
        if element["type"] == "rich_text_preformatted":
            yield from (f"  │ {line}" for line in text.splitlines())
        else:
            for line in text.splitlines():
                yield from self._wrapped(line)

    def _section(self, block: Block) -> Iterator[str]:
        """Fields stand one under the other: a terminal has no room for two columns of long labels."""
        yield ""
        for field in block.get("fields") or [block["text"]]:
            yield from (f"  {self._mrkdwn(line)}" for line in field["text"].splitlines())
            yield ""

    def _span(self, element: Block) -> str:
        match element["type"]:
            case "text":
                return self._styled(element["text"], element.get("style", {}))
            case "date":
                moment = datetime.fromtimestamp(element["timestamp"]).astimezone()
                return self._styled(f"{moment:%H:%M}", element.get("style", {}))
            case "user":
                return f"@{element['user_id']}"
            case unknown:
                raise ValueError(f"an element of type {unknown!r} cannot be drawn")

    def _mrkdwn(self, text: str) -> str:
        text = re.sub(r"`([^`]*)`", lambda match: self._styled(match[1], {"code": True}), text)
        text = re.sub(r"\*([^*]*)\*", lambda match: self._styled(match[1], {"bold": True}), text)
        return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")

    def _styled(self, text: str, style: dict[str, bool]) -> str:
        start = next((code for name, code in _STYLES if style.get(name)), "")
        return f"{start}{text}\x1b[0m" if self.colour and start else text

    def _wrapped(self, text: str) -> Iterator[str]:
        if "\x1b" in text or len(text) <= self.width:
            yield text
        else:
            yield from textwrap.wrap(text, self.width, break_long_words=False)


def _control(element: Block) -> str:
    """A button as [label], a menu as [label ▾]."""
    if element["type"] == "button":
        return f"[{element['text']['text']}]"
    shown = element.get("initial_option", {}).get("text") or element["placeholder"]
    return f"[{shown['text']} ▾]"
