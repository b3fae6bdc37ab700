"""What the bot calls at Slack: the Web API, response_urls, and the door of Socket Mode."""

from __future__ import annotations

import asyncio
import json
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

from aiohttp import web

from bot.playground.slack_api import METHODS
from bot.playground.slack_faults import Fault, RateLimited
from bot.playground.slack_limits import RateLimits
from bot.playground.slack_model import Json, Message, Refusal, Response
from bot.playground.slack_people import BOT_USER
from bot.playground.slack_socket import Sockets
from bot.playground.slack_world import World

_LOG_LENGTH = 10_000
_JSON_FIELDS = ("blocks", "view", "metadata", "attachments")
_CONTROL_FIELDS = ("response_type", "replace_original", "delete_original")


@dataclass(slots=True)
class Call:
    """One call of the Web API, without its token. `outcome` is "ok", Slack's error code, or a fault's name."""

    method: str
    arguments: Json
    at: float
    outcome: str = ""
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Answer:
    """What arrived at a response_url, and the message that it became (None: refused, or deleted it)."""

    response_id: str
    body: Json
    status: int
    message: Message | None = None
    error: str = field(default="")


class SlackServer:
    """An aiohttp server on loopback in Slack's place."""

    def __init__(self, world: World, sockets: Sockets, host: str, port: int) -> None:
        self.world, self.sockets = world, sockets
        self.faults: dict[str, Fault] = {}
        self.rate_limited = False
        self.calls: deque[Call] = deque(maxlen=_LOG_LENGTH)
        self.answers: deque[Answer] = deque(maxlen=_LOG_LENGTH)
        self.answers_taken = 0
        self.url = ""
        self._host, self._port = host, port
        self._changed = asyncio.Condition()
        self._limits = RateLimits(lambda: world.clock())

    async def start(self) -> None:
        """Bind the port and serve."""
        app = web.Application()
        app.router.add_route("*", "/api/{method}", self._on_call)
        app.router.add_post("/response/{id}", self._on_response)
        app.router.add_get("/socket", self.sockets.handle)
        # No access log: nothing that a client sends can get into one.
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
        await self._runner.setup()
        await web.TCPSite(self._runner, self._host, self._port).start()
        self.url = "http://{}:{}".format(*self._runner.addresses[0][:2])

    async def stop(self) -> None:
        """Close the sockets and the port."""
        await self.sockets.close()
        await self._runner.cleanup()

    def response_url(self, response: Response) -> str:
        """Where the bot may answer."""
        return f"{self.url}/response/{response.id}"

    async def until(self, predicate: Callable[[], object], timeout: float = 5) -> None:
        """Wait until something holds; it is looked at after each thing that the bot did."""
        async with asyncio.timeout(timeout), self._changed:
            await self._changed.wait_for(predicate)

    async def notify(self) -> None:
        """Let those who wait look again."""
        async with self._changed:
            self._changed.notify_all()

    async def _on_call(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        arguments = await _arguments(request)
        token = str(arguments.pop("token", "") or request.headers.get("Authorization", "")[len("Bearer ") :])
        arguments.pop("team_id", None)  # Bolt's client adds it to every call; there is one team
        call = Call(method, arguments, self.world.clock())
        self.calls.append(call)

        async def honest() -> web.StreamResponse:
            if wait := self._wait(method, arguments):
                call.outcome = "ratelimited"
                return await RateLimited(wait).answer(request, honest)
            body = self._answer(method, token, arguments)
            call.outcome = body.get("error", "ok")
            return web.json_response(body, headers={"X-OAuth-Scopes": ",".join(sorted(self.world.scopes))})

        began = time.perf_counter()
        try:
            fault = self.faults.get(method, Fault())
            call.outcome = type(fault).__name__
            return await fault.answer(request, honest)
        finally:
            call.seconds = time.perf_counter() - began
            self.world.tell("call", call)
            await self.notify()

    def _wait(self, method: str, arguments: Json) -> int:
        """Seconds that Slack's own limits make a call wait."""
        return self._limits.wait(method, str(arguments.get("channel", ""))) if self.rate_limited else 0

    def _answer(self, method: str, token: str, arguments: Json) -> Json:
        """What Slack says to a call; an error is an answer too."""
        try:
            _require_token(method, token)
            if method == "apps.connections.open":
                url = self.url.replace("http", "ws", 1)
                return {"ok": True, "url": f"{url}/socket?ticket={self.sockets.ticket()}"}
            if method not in METHODS:
                raise Refusal("unknown_method")
            return {"ok": True, **METHODS[method](self.world, arguments)}
        except Refusal as refusal:
            return {"ok": False, "error": refusal.code, **refusal.more}

    async def _on_response(self, request: web.Request) -> web.StreamResponse:
        response_id, body = request.match_info["id"], await request.json()

        async def honest() -> web.Response:
            answer = self._take(response_id, body)
            self.answers.append(answer)
            self.answers_taken += 1
            self.world.tell("answer", answer)
            if answer.error:
                return web.Response(status=answer.status, text=answer.error)
            return web.json_response({"ok": True})

        try:
            return await self.faults.get("response_url", Fault()).answer(request, honest)
        finally:
            await self.notify()

    def _take(self, response_id: str, body: Json) -> Answer:
        """Put what arrived at a response_url into effect, or refuse it."""
        try:
            response = self.world.use_response(response_id)
        except Refusal as refusal:
            return Answer(response_id, body, 404, error=refusal.code)
        try:
            self.world.require_message("response_url", body)
        except Refusal as refusal:
            return Answer(response_id, body, 400, error=refusal.code)
        return Answer(response_id, body, 200, show(self.world, response, body))


def show(world: World, response: Response, body: Json) -> Message | None:
    """What an answer does to the conversation: a new message, or other content for the one that was clicked."""
    original = response.original
    for wish in ("replace_original", "delete_original"):
        if body.get(wish) and original is None:
            world.breach("response_url", f"{wish}, but there is no message of the app's that it came from")
    if body.get("delete_original"):
        if original is not None:
            world.delete(original)
        return None
    content = {key: value for key, value in body.items() if key not in _CONTROL_FIELDS}
    if body.get("replace_original") and original is not None:
        world.edit(original, content)
        return original
    channel = world.channel(response.channel)
    world.require_thread("response_url", channel, content)
    only_for = None if body.get("response_type") == "in_channel" else response.user
    if only_for and not world.has_answers(channel, content.get("thread_ts")):
        content.pop("thread_ts", None)  # a private answer is not shown in a thread that has not begun
    return world.post(channel, content, BOT_USER, only_for)


def _require_token(method: str, token: str) -> None:
    if not token:
        raise Refusal("not_authed")
    wanted = "xapp-" if method == "apps.connections.open" else "xoxb-"
    if not token.startswith(wanted):
        raise Refusal("not_allowed_token_type" if token.startswith(("xapp-", "xoxb-")) else "invalid_auth")


async def _arguments(request: web.Request) -> Json:
    """A call's arguments from the query, a form or JSON; the fields that hold JSON are read."""
    arguments: Json = dict(request.query)
    if request.content_type == "application/json":
        arguments |= await request.json()
    else:
        arguments |= dict(await request.post())
    for name in _JSON_FIELDS:
        if isinstance(arguments.get(name), str):
            arguments[name] = json.loads(arguments[name])
    return arguments
