"""The page's HTTP server: its files and its WebSocket, on loopback, for no other web site."""

from __future__ import annotations

import errno
import os
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from importlib.resources import files
from importlib.resources.abc import Traversable
from urllib.parse import urlsplit

from aiohttp import web

from bot.config import ConfigError

HOST, PORT = "127.0.0.1", 8765
TRIED = 50
"""Ports that are tried from `PORT` on when none was asked for."""

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'self'; connect-src 'self'; img-src 'self' data:; style-src 'self'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}
_LOOPBACK_NAMES = frozenset(("127.0.0.1", "localhost", "::1"))
_TYPES = {
    ".html": "text/html",
    ".js": "text/javascript",
    ".mjs": "text/javascript",
    ".css": "text/css",
    ".json": "application/json",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".woff2": "font/woff2",
}
_SHUTDOWN_PATIENCE = 1.0

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def web_folder() -> Traversable:
    """The page's files in the package."""
    return files("bot.playground") / "web"


@asynccontextmanager
async def serving(on_socket: Handler, port: int | None = None, folder: Traversable | None = None) -> AsyncIterator[str]:
    """Serve the page; gives its address. Without a `port` the first free one is taken, from 8765 on.

    Raises ConfigError when the port cannot be had.
    """
    application = web.Application(middlewares=[_guarded])
    pages = _Files(folder or web_folder())
    application.router.add_get("/", pages.index)
    application.router.add_get("/static/{path:.+}", pages.static)
    application.router.add_get("/ws", on_socket)
    runner = web.AppRunner(application, access_log=None, shutdown_timeout=_SHUTDOWN_PATIENCE)
    await runner.setup()
    try:
        await _bind(runner, port)
        yield "http://{}:{}/".format(*runner.addresses[0][:2])
    finally:
        await runner.cleanup()


async def _bind(runner: web.AppRunner, port: int | None) -> None:
    for candidate in range(PORT, PORT + TRIED) if port is None else (port,):
        try:
            await web.TCPSite(runner, HOST, candidate).start()
        except OSError as error:
            if port is not None or error.errno != errno.EADDRINUSE:
                reason = os.strerror(error.errno) if error.errno else str(error)
                raise ConfigError((f"cannot listen on {HOST}:{candidate}: {reason}",)) from None
        else:
            return
    raise ConfigError((f"no free port from {PORT} to {PORT + TRIED - 1}; name one with --port",))


def refusal(host: str, origin: str | None) -> str:
    """Why a request is not this page's own, or nothing.

    A Host that is no loopback name is another site whose DNS was turned to this machine (DNS rebinding); an Origin
    other than the page's is another site's script, which the same-origin rule does not keep from WebSockets.
    """
    try:
        name = urlsplit(f"//{host}").hostname
    except ValueError:
        name = None
    if name not in _LOOPBACK_NAMES:
        return "This page answers to 127.0.0.1 and localhost only."
    if origin is not None and origin != f"http://{host}":
        return "This page is not for other web sites."
    return ""


@web.middleware
async def _guarded(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Let in what is the page's own, and send it with what keeps a browser careful."""
    if reason := refusal(request.headers.get("Host", ""), request.headers.get("Origin")):
        return web.Response(status=403, text=f"{reason}\n", headers=HEADERS)
    try:
        response = await handler(request)
    except web.HTTPException as error:
        error.headers.update(HEADERS)
        raise
    if not response.prepared:
        response.headers.update(HEADERS)
    return response


class _Files:
    """The files of the page, out of a folder of the package."""

    def __init__(self, folder: Traversable) -> None:
        self._folder = folder

    async def index(self, _request: web.Request) -> web.Response:
        return self._file(("index.html",))

    async def static(self, request: web.Request) -> web.Response:
        return self._file(request.match_info["path"].split("/"))

    def _file(self, names: tuple[str, ...] | list[str]) -> web.Response:
        """A file of a type that is known; nothing above the folder, nothing hidden."""
        suffix = "." + names[-1].rpartition(".")[2]
        is_plain = all(name and not name.startswith(".") and "\\" not in name and "\0" not in name for name in names)
        file = self._folder.joinpath(*names) if is_plain and suffix in _TYPES else None
        if file is None or not file.is_file():
            raise web.HTTPNotFound
        kind = _TYPES[suffix]
        charset = None if kind.startswith(("image/png", "font/")) else "utf-8"
        return web.Response(body=file.read_bytes(), content_type=kind, charset=charset)
