"""Asks very many A questions: a few sockets for all of them, and a reader of its own for plain answers.

async with FastDns(servers) as fast:
    imap, mail, pop = await fast.ask(["imap.example.cz", "mail.example.cz", "pop.example.cz"])

What is not plain - also a question that nobody answered - comes back as None: ask `bot.network.resolver` then.
"""

from __future__ import annotations

import asyncio
import itertools
import secrets
import socket
from collections import Counter
from collections.abc import Sequence
from types import TracebackType
from typing import Self

from bot.network.name_servers import NameServerAddress
from bot.network.wire import LONGEST, Plain, is_answer, query, question_for, read_answer

SOCKETS = 8
"""Sockets for each name server: their random ports are what a spoofer has to guess beside the number (RFC 5452)."""
PATIENCE = 1.0
"""Seconds without an answer after which a question is sent again."""
ATTEMPTS = 2
MISSES = 20
"""Questions without an answer, one after the other, after which the next name server is asked first."""
AT_ONCE = 128
"""Groups of questions under way: with many more, answers would wait in the sockets and be lost there."""
READ_AT_ONCE = 64


class FastDns:
    """Asks these name servers, the first one first. Use it as an asynchronous context."""

    def __init__(
        self, servers: Sequence[NameServerAddress], *, patience: float = PATIENCE, at_once: int = AT_ONCE
    ) -> None:
        self._servers, self._patience = tuple(servers), patience
        self._free = asyncio.Semaphore(at_once)
        self._misses: Counter[int] = Counter()
        self._first = 0
        self._lanes: list[_Lane] = []

    async def __aenter__(self) -> Self:
        """Open the sockets. Raises OSError."""
        try:
            for number, server in enumerate(self._servers):
                self._lanes += [_Lane(self, number, server) for _ in range(SOCKETS)]
        except OSError:
            self._close_lanes()
            raise
        self._turns = [itertools.cycle(self._lanes[n * SOCKETS :][:SOCKETS]) for n in range(len(self._servers))]
        self._watch = asyncio.ensure_future(self._send_again())
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close them."""
        self._watch.cancel()
        self._close_lanes()

    async def ask(self, names: Sequence[str]) -> list[Plain | None]:
        """Ask for the addresses of names (lower-case A-labels, no final dot), all at once."""
        if not self._servers:
            return [None] * len(names)
        group = _Group(len(names))
        async with self._free:
            for index, name in enumerate(names):
                self._send(_Question(group, index, question_for(name)))
            await group.done
        return group.answers

    def _send(self, question: _Question) -> None:
        """Send a question for the first time or once more: to the next server, if there is one."""
        if question.attempts == max(ATTEMPTS, len(self._servers)):
            question.group.put(question.index, None)
            return
        question.server = (question.server + 1) % len(self._servers) if question.attempts else self._first
        question.attempts += 1
        next(self._turns[question.server]).send(question)

    async def _send_again(self) -> None:
        """Again and again, look for what waits for too long - once all is read that has come: we may be late."""
        loop = asyncio.get_running_loop()
        while True:
            await asyncio.sleep(self._patience / 4)
            for lane in self._lanes:
                lane.read()
            for lane in self._lanes:
                for question in lane.give_up(sent_before=loop.time() - self._patience):
                    self._miss(lane.server)
                    self._send(question)

    def _miss(self, server: int) -> None:
        self._misses[server] += 1
        if server == self._first and self._misses[server] >= MISSES:
            self._first = (self._first + 1) % len(self._servers)
            self._misses.clear()

    def _hit(self, server: int) -> None:
        self._misses[server] = 0

    def _close_lanes(self) -> None:
        for lane in self._lanes:
            lane.close()


class _Group:
    """Questions that are waited for together."""

    __slots__ = ("answers", "done", "left")

    def __init__(self, count: int) -> None:
        self.answers: list[Plain | None] = [None] * count
        self.left = count
        self.done: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def put(self, index: int, answer: Plain | None) -> None:
        """Take one answer; the last one wakes who waits."""
        self.answers[index] = answer
        self.left -= 1
        if not self.left and not self.done.done():
            self.done.set_result(None)


class _Question:
    """A question under way."""

    __slots__ = ("attempts", "group", "index", "number", "sent_at", "server", "wire")

    def __init__(self, group: _Group, index: int, wire: bytes) -> None:
        self.group, self.index, self.wire = group, index, wire
        self.attempts = self.number = self.server = 0
        self.sent_at = 0.0


class _Lane:
    """One socket to one name server. It is connected: the kernel drops what others send."""

    def __init__(self, fast: FastDns, server: int, address: NameServerAddress) -> None:
        self._fast, self.server = fast, server
        self._pending: dict[int, _Question] = {}
        self._socket = socket.socket(socket.AF_INET6 if ":" in address.address else socket.AF_INET, socket.SOCK_DGRAM)
        try:
            self._socket.setblocking(False)
            self._socket.connect((address.address, address.port))
        except OSError:
            self._socket.close()
            raise
        asyncio.get_running_loop().add_reader(self._socket, self.read)

    def send(self, question: _Question) -> None:
        """Send a question under a number that nobody can guess. What the network does to it shows by the clock."""
        question.sent_at = asyncio.get_running_loop().time()
        question.number = secrets.randbits(16)
        while question.number in self._pending:
            question.number = secrets.randbits(16)
        self._pending[question.number] = question
        try:
            self._socket.send(query(question.number, question.wire))
        except OSError:
            return  # a closed port or a full buffer: as good as lost on the way

    def give_up(self, *, sent_before: float) -> list[_Question]:
        """The questions that were sent before this moment (loop time); they are not waited for any more."""
        late = [question for question in self._pending.values() if question.sent_at < sent_before]
        for question in late:
            del self._pending[question.number]
        return late

    def read(self) -> None:
        """Take the answers that have come; what answers no question of ours is dropped."""
        for _ in range(READ_AT_ONCE):
            try:
                message = self._socket.recv(LONGEST + 1)
            except OSError:  # nothing more, or a port that is closed
                return
            question = self._pending.get(int.from_bytes(message[:2], "big"))
            if question is not None and is_answer(message, question.wire):
                del self._pending[question.number]
                self._fast._hit(self.server)
                question.group.put(question.index, read_answer(message, question.wire))

    def close(self) -> None:
        """Close the socket."""
        asyncio.get_running_loop().remove_reader(self._socket)
        self._socket.close()
