"""The page's HTTP server: its files and nothing else, for its own page and no other web site."""

from __future__ import annotations

import socket
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest
from aiohttp import web
from yarl import URL

from bot.config import ConfigError
from bot.playground.page_server import HEADERS, PORT, serving, web_folder
from tests.playground.conftest import open_tab

FILES = {
    "index.html": "<!doctype html>",
    "main.js": "export {};",
    "style.css": "body {}",
    "render/blocks.js": "//",
    "mark.svg": "<svg/>",
    "secret.pem": "x",
    ".hidden.js": "x",
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A page of a few files, with something beside it that is nobody's business."""
    folder = tmp_path / "web"
    for name, text in FILES.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, "utf-8")
    (tmp_path / "outside.js").write_text("x", "utf-8")
    return folder


@pytest.fixture
async def url(folder: Path) -> AsyncIterator[str]:
    """The address of the page."""
    async with serving(greet, 0, folder) as url:
        yield url


async def greet(request: web.Request) -> web.WebSocketResponse:
    """A socket that says one thing."""
    ws = web.WebSocketResponse()
    await ws.prepare(request)
    await ws.send_json({"type": "hello"})
    await ws.close()
    return ws


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("", "text/html; charset=utf-8"),
        ("static/main.js", "text/javascript; charset=utf-8"),
        ("static/style.css", "text/css; charset=utf-8"),
        ("static/render/blocks.js", "text/javascript; charset=utf-8"),
        ("static/mark.svg", "image/svg+xml; charset=utf-8"),
    ],
)
async def test_files_of_the_page(path: str, kind: str, url: str) -> None:
    """With their type, and with what keeps a browser careful."""
    async with aiohttp.ClientSession() as session, session.get(url + path) as response:
        assert (response.status, response.headers["Content-Type"]) == (200, kind)
        assert await response.text() == FILES[path.removeprefix("static/") or "index.html"]
        assert response.headers.items() >= HEADERS.items()


@pytest.mark.parametrize(
    "path",
    [
        *("static/nothing.js", "static/secret.pem", "static/.hidden.js", "static/render", "static/", "nothing"),
        *("static/../outside.js", "static/%2e%2e/outside.js", "static/..%2foutside.js", "static/%2fetc%2fpasswd.js"),
        *("static/..%5coutside.js", "static/render//blocks.js", "static/a%00.js"),
    ],
)
async def test_nothing_else_is_served(path: str, url: str) -> None:
    """Nothing above the folder, nothing hidden, nothing of an unknown type; the headers are there all the same."""
    host, port = url.removeprefix("http://").rstrip("/").split(":")
    whole = URL(f"http://{host}:{port}/{path}", encoded=True)
    async with aiohttp.ClientSession() as session, session.get(whole) as response:
        assert response.status == 404
        assert response.headers.items() >= HEADERS.items()


@pytest.mark.parametrize("path", ["", "static/main.js", "ws"])
@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "evil.example"},
        {"Host": "evil.example:80"},
        {"Host": "127.0.0.1.evil.example"},
        {"Host": "192.0.2.1"},
        {"Host": "["},
        {"Origin": "https://evil.example"},
        {"Origin": "http://127.0.0.1:1"},
        {"Origin": "http://localhost"},
        {"Origin": "null"},
    ],
    ids=str,
)
async def test_other_web_sites_are_refused(headers: dict[str, str], path: str, url: str) -> None:
    """A foreign name that leads here, and a foreign page that calls; in a socket's opening too."""
    async with aiohttp.ClientSession() as session, session.get(url + path, headers=headers) as response:
        assert response.status == 403
        assert response.headers.items() >= HEADERS.items()


@pytest.mark.parametrize("name", ["127.0.0.1", "localhost", "[::1]"])
async def test_its_own_page_is_let_in(name: str, url: str) -> None:
    """By any loopback name, with the Origin that a browser sends then."""
    port = url.rstrip("/").rpartition(":")[2]
    own = {"Host": f"{name}:{port}", "Origin": f"http://{name}:{port}"}
    async with aiohttp.ClientSession() as session, session.get(url, headers=own) as response:
        assert response.status == 200
    async with open_tab(url, headers=own) as tab:
        assert tab.hello == {"type": "hello"}


async def test_the_page_is_in_the_package() -> None:
    """Without a folder it is the package's own."""
    if not web_folder().is_dir():
        pytest.skip("the package is without its page")
    async with serving(greet, 0) as url, aiohttp.ClientSession() as session, session.get(url) as response:
        assert response.status == 200
        assert "<!doctype html>" in (await response.text()).lower()


async def test_a_port_that_is_taken(folder: Path) -> None:
    """The next free one when none was asked for; the one that was asked for, or none."""
    async with serving(greet, None, folder) as first, serving(greet, None, folder) as second:
        ports = [int(url.rstrip("/").rpartition(":")[2]) for url in (first, second)]
        assert PORT <= ports[0] < ports[1] < PORT + 50
        with pytest.raises(ConfigError, match=f"cannot listen on 127.0.0.1:{ports[0]}: Address already in use"):
            async with serving(greet, ports[0], folder):
                pass


async def test_it_listens_on_loopback_only(url: str) -> None:
    """Not on the machine's other addresses."""
    port = int(url.rstrip("/").rpartition(":")[2])
    with socket.socket() as other:
        other.bind(("127.0.0.2", port))  # free: nobody listens on 0.0.0.0
