"""Slack without Slack: a stand-in on loopback that plays the people, the channels and the platform's rules.

    async with SlackStandIn() as slack:
        slack.api_url                        # for AsyncWebClient(base_url=...), with any xoxb- token
        slack.bot_url = "http://127.0.0.1:3000/slack/events"      # or the bot opens a socket
        reply = await slack.command("/mailsettings", "example.cz outlook-2007")
        answer = await slack.next_response()
        await slack.press(answer.message, "check_again")
        assert not slack.violations

Signing secret: `slack.signing_secret`. What went on: `slack.calls`, `slack.answers`, `slack.world`.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from dataclasses import replace
from types import TracebackType
from typing import Self

from bot.playground import slack_payloads as payloads
from bot.playground.blocks_check import check_suggestions
from bot.playground.slack_delivery import Delivery, Reply
from bot.playground.slack_faults import Fault
from bot.playground.slack_payloads import Fill
from bot.playground.slack_server import Answer, Call, SlackServer, show
from bot.playground.slack_socket import Sockets
from bot.playground.slack_world import AGENT, SUPPORT, Json, Message, Refusal, View, World


class SlackStandIn:
    """A whole Slack: what people do goes to the bot, what the bot does is checked, kept and can be read."""

    def __init__(
        self,
        *,
        signing_secret: str = "playground-signing-secret",
        host: str = "127.0.0.1",
        port: int = 0,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.signing_secret = signing_secret
        self.world = World(clock)
        self.sockets = Sockets()
        self._server = SlackServer(self.world, self.sockets, host, port)
        self._delivery = Delivery(signing_secret, self.sockets)
        self._answers_read = 0

    async def __aenter__(self) -> Self:
        """Start to serve."""
        await self._server.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close everything."""
        await self._delivery.close()
        await self._server.stop()

    # --- what a test reads and sets ---

    @property
    def api_url(self) -> str:
        """The Web API's base address, with the slash at the end."""
        return f"{self._server.url}/api/"

    @property
    def bot_url(self) -> str | None:
        """Where the bot takes requests; not used while it has a socket open."""
        return self._delivery.bot_url

    @bot_url.setter
    def bot_url(self, url: str | None) -> None:
        self._delivery.bot_url = url

    @property
    def patience(self) -> float:
        """How long Slack waits for an acknowledgement, in seconds."""
        return self._delivery.patience

    @patience.setter
    def patience(self, seconds: float) -> None:
        self._delivery.patience = seconds

    @property
    def faults(self) -> dict[str, Fault]:
        """What goes wrong, by method name or "response_url"."""
        return self._server.faults

    @property
    def calls(self) -> deque[Call]:
        """The calls of the Web API, oldest first."""
        return self._server.calls

    @property
    def answers(self) -> deque[Answer]:
        """What arrived at response_urls, oldest first."""
        return self._server.answers

    @property
    def violations(self) -> deque[str]:
        """Whatever the bot sent that breaks Slack's rules."""
        return self.world.violations

    def calls_of(self, method: str) -> list[Call]:
        """The calls of one method, oldest first."""
        return [call for call in self.calls if call.method == method]

    async def until(self, predicate: Callable[[], object], timeout: float = 5) -> None:
        """Wait until something holds that the bot's calls and answers bring about. Raises TimeoutError."""
        await self._server.until(predicate, timeout)

    async def next_response(self, timeout: float = 5) -> Answer:
        """The next answer at a response_url that was not read yet. Raises TimeoutError."""
        await self.until(lambda: self._server.answers_taken > self._answers_read, timeout)
        unread = self._server.answers_taken - self._answers_read
        self._answers_read += 1
        return self.answers[-unread]

    # --- what people do ---

    async def command(self, name: str, text: str = "", *, user: str = AGENT, channel: str = SUPPORT) -> Reply:
        """Type a slash command."""
        place = self.world.channel(channel)
        response = self.world.new_response(place.id, user)
        url = self._server.response_url(response)
        payload = payloads.command(self.world, name, text, user, place, url)
        reply = await self._delivery.send("slash_commands", payload)
        body = {"text": reply.body} if isinstance(reply.body, str) else reply.body
        if not reply.is_ok or not any(body.values()):
            return reply
        try:
            self.world.require_message("acknowledgement", body)
        except Refusal:
            return reply
        shown = show(self.world, response, body)
        await self._server.notify()
        return replace(reply, message=shown)

    async def press(
        self,
        where: Message | View,
        action_id: str,
        chosen: str | Json | None = None,
        *,
        block_id: str | None = None,
        user: str | None = None,
    ) -> Reply:
        """Click a button, or choose in a select (an option's value, or a whole option)."""
        block, element = _element(where, action_id, block_id)
        action = payloads.action_for(block, element, chosen)
        if isinstance(where, View):
            state = payloads.filled([(block, element)], {action_id: chosen} if chosen is not None else {})
            where.state = _merged(where.state, state)
            payload = payloads.click_in_view(self.world, where, user or where.user, action)
        else:
            person, channel = user or where.only_for or AGENT, self.world.channels[where.channel]
            response = self.world.new_response(channel.id, person, original=where)
            url = self._server.response_url(response)
            payload = payloads.click_in_message(self.world, where, person, channel, action, url)
        return await self._delivery.send("interactive", payload)

    async def submit(self, view: View, fill: Fill | None = None) -> Reply:
        """Send off a form, filled in by action id; then it closes, or shows what the bot wants."""
        view.state = payloads.filled(view.elements, fill or {})
        reply = await self._delivery.send("interactive", payloads.submission(self.world, view, view.user))
        if reply.is_ok:
            self._after_submission(view, reply.body if isinstance(reply.body, dict) else {})
            await self._server.notify()
        return reply

    async def suggest(self, where: Message | View, action_id: str, typed: str, *, user: str | None = None) -> Reply:
        """Type into an external select."""
        block, element = _element(where, action_id, None)
        person = user or (where.user if isinstance(where, View) else where.only_for) or AGENT
        payload = payloads.suggestion(self.world, where, person, block, element, typed)
        reply = await self._delivery.send("interactive", payload)
        if isinstance(reply.body, dict):
            self.violations.extend(f"suggestions: {one}" for one in check_suggestions(reply.body))
        return reply

    async def shortcut(self, callback_id: str, *, user: str = AGENT) -> Reply:
        """Use a global shortcut."""
        payload = payloads.global_shortcut(self.world, callback_id, user)
        return await self._delivery.send("interactive", payload)

    async def message_shortcut(self, callback_id: str, message: Message, *, user: str = AGENT) -> Reply:
        """Use a shortcut in a message's menu."""
        channel = self.world.channels[message.channel]
        url = self._server.response_url(self.world.new_response(channel.id, user))
        payload = payloads.message_shortcut(self.world, callback_id, message, user, channel, url)
        return await self._delivery.send("interactive", payload)

    def say(self, text: str, *, user: str = AGENT, channel: str = SUPPORT, thread_ts: str | None = None) -> Message:
        """Write into a channel, without the bot being told."""
        content = {"text": text} | ({"thread_ts": thread_ts} if thread_ts else {})
        return self.world.post(self.world.channel(channel), content, user)

    async def mention(
        self, text: str, *, user: str = AGENT, channel: str = SUPPORT, thread_ts: str | None = None
    ) -> Reply:
        """Write into a channel with the bot's name in it: `<@U0MAILBOT> settings for ...`."""
        message = self.say(text, user=user, channel=channel, thread_ts=thread_ts)
        return await self.event(
            {"type": "app_mention", **_as_event(message), "channel": channel, "client_msg_id": "play"}
        )

    async def direct_message(self, text: str, *, user: str = AGENT, thread_ts: str | None = None) -> Reply:
        """Write to the bot alone."""
        message = self.say(text, user=user, channel=self.world.open_im(user).id, thread_ts=thread_ts)
        place = {"channel": message.channel, "channel_type": "im"}
        return await self.event({"type": "message", **_as_event(message), **place})

    async def open_home(self, *, user: str = AGENT, tab: str = "home") -> Reply:
        """Open the app's Home tab (or its messages)."""
        content: Json = {"type": "app_home_opened", "user": user, "tab": tab}
        content |= {"channel": self.world.open_im(user).id, "event_ts": self.world.new_ts()}
        if user in self.world.homes:
            content["view"] = self.world.homes[user].as_json()
        return await self.event(content)

    async def event(self, content: Json) -> Reply:
        """Any other event, in the envelope that all have."""
        return await self._delivery.send("events_api", payloads.event(self.world, content))

    async def repeat(self, reply: Reply, attempt: int | None = None) -> Reply:
        """Deliver the same payload again: as a replay, or marked as redelivery number `attempt`."""
        return await self._delivery.send(reply.kind, reply.sent, attempt=attempt)

    def _after_submission(self, view: View, body: Json) -> None:
        action = body.get("response_action")
        if action == "errors":
            inputs = {block.get("block_id") for block in view.content["blocks"] if block["type"] == "input"}
            for block_id in set(body.get("errors", {})) - inputs:
                self.violations.append(f"view_submission: errors for {block_id!r}, which is no input block")
        elif action in ("update", "push"):
            try:
                self.world.require_view(f"view_submission {action}", body.get("view", {}))
            except Refusal:
                return
            if action == "push":
                self.world.new_view(view.user, body["view"])
            else:
                view.content, view.hash = body["view"], self.world.new_id("h")
        elif action in (None, "clear"):
            self.world.views.pop(view.id, None)
        else:
            self.violations.append(f"view_submission: unknown response_action {action!r}")


def _element(where: Message | View, action_id: str, block_id: str | None) -> tuple[str, Json]:
    """The interactive element that a user clicks: only what is shown can be clicked."""
    for block, element in where.elements:
        if element["action_id"] == action_id and block_id in (None, block):
            return block, element
    shown = ", ".join(element["action_id"] for _, element in where.elements) or "nothing"
    raise LookupError(f"no {action_id!r} to click; there is {shown}")


def _as_event(message: Message) -> Json:
    event: Json = {"user": message.user, "text": message.text, "ts": message.ts, "event_ts": message.ts}
    return event | ({"thread_ts": message.thread_ts} if message.thread_ts else {})


def _merged(old: Json, new: Json) -> Json:
    return {block: {**old.get(block, {}), **new.get(block, {})} for block in {**old, **new}}
