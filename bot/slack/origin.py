"""Where somebody was when she opened a form, so that its answer gets there."""

from __future__ import annotations

import json
import secrets
from dataclasses import asdict, dataclass
from typing import Any

from bot.slack.delivery import USES, Frame, Place, Reach

MOST_CHARACTERS = 3_000
"""Of a view's private_metadata: Slack's rule."""


@dataclass(frozen=True, slots=True)
class Origin:
    """A conversation, a thread in it, a response_url of the click, or a modal; all empty: nowhere in particular.

    It travels in the form's `private_metadata`, which comes back in a request signed by Slack: any replica can read
    it and nothing is kept. `about` is for the form's own use.
    """

    channel: str = ""
    thread: str | None = None
    is_active: bool = False
    """The thread has answers already: Slack shows private messages only in such threads (chat.postEphemeral)."""
    response_url: str = ""
    view: str = ""
    about: str = ""

    @property
    def can_share(self) -> bool:
        """True where others could see what is shared."""
        return bool(self.channel)

    def pack(self) -> str:
        """As text; what is empty is left out."""
        return json.dumps({name: value for name, value in asdict(self).items() if value})

    def place(self, user: str, close: str = "") -> Place:
        """The place an answer goes to; `close` is written on the button of a modal that is answered in."""
        place = Place(self.channel, user, secrets.token_hex(4), self._reach(), self.response_url)
        place.uses_left, place.thread = USES if self.response_url else 0, self.thread
        place.frame = Frame(self.view, close) if self.view else None
        return place

    def _reach(self) -> Reach:
        if self.view:
            return Reach.VIEW
        if self.thread and self.is_active:
            return Reach.THREAD
        return Reach.URL if self.response_url or self.channel else Reach.DIRECT


def unpack_origin(text: object) -> Origin:
    """The origin in a view's private_metadata; anything but what `pack` made is nowhere in particular."""
    try:
        fields: Any = json.loads(text) if isinstance(text, str) and len(text) <= MOST_CHARACTERS else {}
        known = {name: value for name, value in fields.items() if isinstance(value, str) or name == "is_active"}
        return Origin(**known)
    except (ValueError, TypeError, AttributeError):
        return Origin()
