"""Ports that behave badly once they were connected to: one that resets, one that is slow to begin."""

from __future__ import annotations

import socket
import struct
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from socketserver import BaseRequestHandler, ThreadingTCPServer

from tests.real.programs import Place

PAUSE = 0.4
"""Seconds before the first byte of a slow server."""
_RESET = struct.pack("ii", 1, 0)


@contextmanager
def resetting(place: Place, greeting: bytes = b"") -> Iterator[None]:
    """A port that greets, and resets the connection as soon as something is said to it."""

    class Reset(BaseRequestHandler):
        def handle(self) -> None:
            self.request.sendall(greeting)
            self.request.recv(1)
            self.request.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
            self.request.close()

    with _serving(place, Reset):
        yield


@contextmanager
def slow(place: Place, behind: Place) -> Iterator[None]:
    """A port that passes everything on to another place, and lets its first answer wait."""

    class Relay(BaseRequestHandler):
        def handle(self) -> None:
            with socket.create_connection(behind) as server:
                threading.Thread(target=_pass_on, args=(self.request, server), daemon=True).start()
                first = server.recv(65_536)
                time.sleep(PAUSE)
                _send(self.request, first)
                _pass_on(server, self.request)

    with _serving(place, Relay):
        yield


class _Server(ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    block_on_close = False
    request_queue_size = 64


@contextmanager
def _serving(place: Place, handler: type[BaseRequestHandler]) -> Iterator[None]:
    with _Server(place, handler) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield
        finally:
            server.shutdown()
            thread.join()


def _pass_on(source: socket.socket, target: socket.socket) -> None:
    """Until one of them ends; then the target is told."""
    try:
        while data := source.recv(65_536):
            target.sendall(data)
    except OSError:
        pass
    finally:
        _end(target)


def _send(target: socket.socket, data: bytes) -> None:
    try:
        target.sendall(data)
    except OSError:
        _end(target)


def _end(target: socket.socket) -> None:
    try:
        target.shutdown(socket.SHUT_WR)
    except OSError:
        return
