"""What the page can ask for: things that people do in Slack, and what is done to the provider's world."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, get_args

from bot.playground.customers import Breakage
from bot.playground.page_state import people, world_json
from bot.playground.slack_acts import NotFilledIn
from bot.playground.slack_delivery import Reply
from bot.playground.slack_model import Message, View
from bot.playground.stage import Stage

Json = dict[str, Any]
_LONGEST_TEXT = 10_000


class BadRequest(Exception):
    """A request that cannot be read; the argument says why."""


class Request:
    """A request's fields, each read as what it must be. Raises BadRequest for what it is not."""

    def __init__(self, fields: Json) -> None:
        self.fields = fields

    def text(self, key: str) -> str:
        """A text."""
        value = self.fields.get(key)
        if not isinstance(value, str):
            raise BadRequest(f"{key!r} must be a text.")
        if len(value) > _LONGEST_TEXT:
            raise BadRequest(f"{key!r} is longer than {_LONGEST_TEXT} characters.")
        return value

    def optional_text(self, key: str) -> str | None:
        """A text, or nothing."""
        return None if self.fields.get(key) is None else self.text(key)

    def entries(self, key: str) -> Json:
        """An object; an empty one when there is none."""
        value = self.fields.get(key)
        if value is None:
            return {}
        if not isinstance(value, dict):
            raise BadRequest(f"{key!r} must be an object.")
        return value

    def within(self, key: str) -> Request:
        """An object, to be read like the request."""
        if not isinstance(self.fields.get(key), dict):
            raise BadRequest(f"{key!r} must be an object.")
        return Request(self.fields[key])


Verb = Callable[["PageApi", Request, str], Awaitable[Json]]


class PageApi:
    """Answers the page's requests. `on_world` is called after something was done to the world."""

    def __init__(self, stage: Stage, on_world: Callable[[Json], None]) -> None:
        self._stage, self._slack, self._on_world = stage, stage.slack, on_world

    async def respond(self, fields: Json) -> Json:
        """The answer to a request: `ok`, and what the request asks for or the reason why not."""
        request = Request(fields)
        try:
            verb = VERBS.get(request.text("do"))
            if verb is None:
                raise BadRequest(f"There is nothing like {fields['do']!r} to do.")
            return {"ok": True, **await verb(self, request, self._person(request))}
        except (BadRequest, LookupError, OSError) as error:
            return {"ok": False, "error": str(error.args[-1] if error.args else error)}

    # --- what people do in Slack ---

    async def command(self, request: Request, user: str) -> Json:
        """Type a slash command."""
        name, text = request.text("command"), request.text("text")
        return _delivered(await self._slack.command(name, text, user=user, channel=self._channel(request, user)))

    async def say(self, request: Request, user: str) -> Json:
        """Type a message."""
        channel, thread_ts = self._channel(request, user), request.optional_text("thread_ts")
        _, reply = await self._slack.type_message(request.text("text"), user=user, channel=channel, thread_ts=thread_ts)
        return _delivered(reply) if reply else {}

    async def press(self, request: Request, user: str) -> Json:
        """Click a button, or choose in a select."""
        where = self._place(request.within("in"), user)
        action, chosen, block = (
            request.text("action_id"),
            request.fields.get("chosen"),
            request.optional_text("block_id"),
        )
        values = request.entries("values")
        return _delivered(await self._slack.press(where, action, chosen, block_id=block, user=user, values=values))

    async def suggest(self, request: Request, user: str) -> Json:
        """Type into a select whose options the bot suggests."""
        where = self._place(request.within("in"), user)
        reply = await self._slack.suggest(where, request.text("action_id"), request.text("typed"), user=user)
        if not reply.is_ok or not isinstance(reply.body, dict):
            raise BadRequest(_delivered(reply)["error"] or "The bot suggests nothing.")
        return {key: reply.body[key] for key in ("options", "option_groups") if key in reply.body}

    async def submit(self, request: Request, user: str) -> Json:
        """Send off a form; `errors` says by block what has to be mended first."""
        try:
            reply = await self._slack.submit(self._view(request.text("view"), user), request.entries("values"))
        except NotFilledIn as error:
            return {"status": 200, "error": "", "errors": error.missing}
        errors = reply.body.get("errors") if isinstance(reply.body, dict) else None
        return _delivered(reply) | ({"errors": errors} if errors else {})

    async def close_view(self, request: Request, user: str) -> Json:
        """Close a form without sending it off."""
        await self._slack.close_view(self._view(request.text("view"), user), user=user)
        return {}

    async def shortcut(self, request: Request, user: str) -> Json:
        """Use a global shortcut."""
        channel = self._channel(request, user)
        return _delivered(await self._slack.shortcut(request.text("callback_id"), user=user, channel=channel))

    async def message_shortcut(self, request: Request, user: str) -> Json:
        """Use a shortcut out of a message's menu."""
        message = self._message(request, user)
        return _delivered(await self._slack.message_shortcut(request.text("callback_id"), message, user=user))

    async def open_home(self, _request: Request, user: str) -> Json:
        """Look at the app's Home tab."""
        return _delivered(await self._slack.open_home(user=user))

    # --- what is done to the world ---

    async def move(self, request: Request, _user: str) -> Json:
        """Move a customer to another server."""
        self._stage.world.move(request.text("domain"), request.text("server"))
        return self._world_changed()

    async def break_certificate(self, request: Request, _user: str) -> Json:
        """Make a customer's certificate a bad one."""
        known: dict[str, Breakage] = {how: how for how in get_args(Breakage)}
        if (how := known.get(request.text("how"))) is None:
            raise BadRequest(f"'how' must be one of {', '.join(known)}.")
        self._stage.world.break_certificate(request.text("domain"), how)
        return self._world_changed()

    async def mend_certificate(self, request: Request, _user: str) -> Json:
        """Give a customer a good certificate."""
        self._stage.world.mend_certificate(request.text("domain"))
        return self._world_changed()

    async def stop_server(self, request: Request, _user: str) -> Json:
        """Close a mail server's ports."""
        await self._stage.world.stop_server(request.text("server"))
        return self._world_changed()

    async def start_server(self, request: Request, _user: str) -> Json:
        """Open a mail server's ports."""
        await self._stage.world.start_server(request.text("server"))
        return self._world_changed()

    def _world_changed(self) -> Json:
        self._on_world({"type": "world", "world": world_json(self._stage.world)})
        return {}

    # --- who, and where ---

    def _person(self, request: Request) -> str:
        if (user := request.text("user")) not in people(self._slack.world):
            raise BadRequest(f"There is nobody with the id {user!r}.")
        return user

    def _channel(self, request: Request, user: str) -> str:
        """The id of a channel; a conversation with the bot is its person's alone."""
        channel = self._slack.world.channels.get(request.text("channel"))
        if channel is None or (channel.is_im and user not in channel.members):
            raise BadRequest(f"There is no channel {request.text('channel')!r} here.")
        return channel.id

    def _place(self, place: Request, user: str) -> Message | View:
        if "view" in place.fields:
            return self._view(place.text("view"), user)
        return self._message(place.within("message"), user)

    def _message(self, place: Request, user: str) -> Message:
        """A message that this person sees."""
        channel, ts = self._channel(place, user), place.text("ts")
        for message in self._slack.world.seen_by(user, channel):
            if message.ts == ts:
                return message
        raise BadRequest("This message is not there any more.")

    def _view(self, view_id: str, user: str) -> View:
        """A form or a Home tab that this person sees."""
        views = (*self._slack.world.views.values(), *self._slack.world.homes.values())
        for view in views:
            if view.id == view_id and view.user == user:
                return view
        raise BadRequest("This view is closed.")


VERBS: Mapping[str, Verb] = {
    verb.__name__: verb
    for verb in (
        PageApi.command,
        PageApi.say,
        PageApi.press,
        PageApi.suggest,
        PageApi.submit,
        PageApi.close_view,
        PageApi.shortcut,
        PageApi.message_shortcut,
        PageApi.open_home,
        PageApi.move,
        PageApi.break_certificate,
        PageApi.mend_certificate,
        PageApi.stop_server,
        PageApi.start_server,
    )
}


def _delivered(reply: Reply) -> Json:
    """How a delivery ended, as the person in Slack sees it: 200, or 0 and Slack's error."""
    if reply.is_ok:
        return {"status": 200, "error": ""}
    return {"status": 0, "error": "dispatch_failed" if reply.status else str(reply.body)}
