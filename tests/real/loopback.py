"""A stretch of loopback addresses for one run: 127.0.K.1 to 127.0.K.254, with the real mail and DNS ports free."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field

from tests.real.programs import Place, ServerFailed

_MUTEX = 1
_NEEDED = (53, 110, 143, 465, 587, 993, 995)
_FIRST, _LAST = 1, 99


@dataclass
class Stretch:
    """Addresses that are this run's alone. `at(8)` is 127.0.K.8."""

    number: int
    _sockets: ExitStack = field(default_factory=ExitStack, repr=False)

    def at(self, host: int) -> str:
        """One of the addresses."""
        return f"127.0.{self.number}.{host}"

    def silent(self, host: int, port: int) -> Place:
        """A port that takes connections and never says a word."""
        return self._listen(self.at(host), port, 64).getsockname()[:2]  # type: ignore[no-any-return]

    def black_hole(self, host: int, port: int) -> Place:
        """A port that drops every SYN: its queue is full, and nobody ever takes anything out of it."""
        place: Place = self._listen(self.at(host), port, 0).getsockname()[:2]
        for _ in range(2):
            filler = self._sockets.enter_context(socket.socket())
            filler.setblocking(False)
            filler.connect_ex(place)
        return place

    def deaf(self, host: int, port: int = 53) -> Place:
        """A UDP port that receives and never answers."""
        deaf = self._sockets.enter_context(socket.socket(type=socket.SOCK_DGRAM))
        deaf.bind((self.at(host), port))
        return self.at(host), port

    def close(self) -> None:
        """Give everything back."""
        self._sockets.close()

    def _listen(self, address: str, port: int, backlog: int) -> socket.socket:
        listener = self._sockets.enter_context(socket.socket())
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((address, port))
        listener.listen(backlog)
        return listener


@contextmanager
def claimed_stretch() -> Iterator[Stretch]:
    """The first stretch that no other run holds and where nobody serves mail or DNS."""
    for number in range(_FIRST, _LAST + 1):
        stretch = Stretch(number)
        try:
            if _is_free(stretch):
                yield stretch
                return
        finally:
            stretch.close()
    raise ServerFailed("no loopback address has the mail and DNS ports free: does a server listen on 0.0.0.0?")


def _is_free(stretch: Stretch) -> bool:
    """True when the mutex could be taken and every port bound; a listening socket is the mutex, so a crash frees it."""
    try:
        stretch._listen(stretch.at(254), _MUTEX, 1)
        for port in _NEEDED:
            with socket.socket() as attempt:
                attempt.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                attempt.bind((stretch.at(8), port))
    except OSError:
        return False
    return True
