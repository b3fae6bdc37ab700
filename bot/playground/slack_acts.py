"""What people do in the playground's Slack: commands, clicks, forms, shortcuts."""

from __future__ import annotations

from dataclasses import replace

from bot.playground import slack_payloads as payloads
from bot.playground.blocks_check import check_suggestions
from bot.playground.slack_delivery import Reply
from bot.playground.slack_forms import Entered, Fill, action_for, filled, flat_options, missing, state_of
from bot.playground.slack_model import Json, Message, Refusal, View
from bot.playground.slack_people import AGENT, SUPPORT
from bot.playground.slack_server import show
from bot.playground.slack_talk import Talk
from bot.playground.slack_views import closed_with, conversations_answered, follow_submission, require_on_top


class NotFilledIn(LookupError):
    """Slack's client does not send a form off like this: `missing` says by block what is to be mended."""

    def __init__(self, missing: dict[str, str]) -> None:
        super().__init__(f"not filled in: {missing}")
        self.missing = missing


class Acts(Talk):
    """People who type commands, click, and fill in forms."""

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
        chosen: Entered = None,
        *,
        block_id: str | None = None,
        user: str | None = None,
        values: Fill | None = None,
    ) -> Reply:
        """Click a button, or choose in a select (an option's value, or a whole option).

        `values` is what the user entered elsewhere in the same message or view. Raises LookupError for what is not
        shown, not offered, or sends nothing.
        """
        block, element = self._element(where, action_id, block_id)
        _require_sending(where, block)
        person = user or _who(where)
        state = filled(where, values or {}, _state(where, person))
        entered = state.get(block, {}).get(action_id, {})
        if chosen is not None:
            entered = state_of(where, element, chosen)
            if block in state and action_id in state[block]:
                state[block][action_id] = {"type": element["type"], **entered}
        action = action_for(block, element, {key: value for key, value in entered.items() if key != "type"})
        if isinstance(where, View):
            where.state = state
            payload = payloads.click_in_view(self.world, where, person, action)
        else:
            where.states[person] = state
            response = self.world.new_response(where.channel, person, original=where)
            channel, url = self.world.channels[where.channel], self._server.response_url(response)
            payload = payloads.click_in_message(self.world, where, person, channel, action, url)
        return await self._delivery.send("interactive", payload)

    def enter(self, where: Message | View, fill: Fill, *, user: str | None = None) -> None:
        """Type or choose in inputs that send nothing by themselves. Raises LookupError for what is not offered."""
        person = user or _who(where)
        state = filled(where, fill, _state(where, person))
        if isinstance(where, View):
            where.state = state
        else:
            where.states[person] = state

    def missing(self, view: View, fill: Fill | None = None) -> dict[str, str]:
        """Why Slack's client would not send a form off: by block, what is to be mended. Empty when it would."""
        return missing(view, fill or {})

    async def submit(self, view: View, fill: Fill | None = None) -> Reply:
        """Send off a form, filled in by action id; then it closes, or shows what the bot wants.

        Raises NotFilledIn for what Slack's client would not send, LookupError for a view that is not seen.
        """
        require_on_top(self.world, view)
        self.enter(view, fill or {})
        if problems := missing(view, {}):
            raise NotFilledIn(problems)
        reply = await self._delivery.send(
            "interactive", payloads.submission(self.world, view, self._response_urls(view))
        )
        if reply.is_ok and view.id in self.world.views:
            follow_submission(self.world, view, reply.body)
            await self._server.notify()
        return reply

    async def close_view(self, view: View, *, user: str | None = None, whole_stack: bool = False) -> list[Reply]:
        """Close a form without sending it off, or all that lie below it too; the bot is told where it asked to be."""
        if user not in (None, view.user):
            raise LookupError(f"{user} does not see this view")
        require_on_top(self.world, view)
        closed = closed_with(self.world, view, whole_stack=whole_stack)
        is_cleared = whole_stack or bool(view.content.get("clear_on_close"))
        for one in closed:
            self.world.close(one)
        await self._server.notify()
        told = [payloads.closing(self.world, one, is_cleared=is_cleared) for one in closed if _asked_to_know(one)]
        return [await self._delivery.send("interactive", payload) for payload in told]

    async def suggest(self, where: Message | View, action_id: str, typed: str, *, user: str | None = None) -> Reply:
        """Type into an external select; what is suggested can be chosen afterwards."""
        block, element = self._element(where, action_id, None)
        if len(typed) < (least := element.get("min_query_length", 3)):
            raise LookupError(f"{action_id} asks for suggestions from {least} characters on")
        payload = payloads.suggestion(self.world, where, user or _who(where), block, element, typed)
        reply = await self._delivery.send("interactive", payload)
        if reply.is_ok:
            body = reply.body if isinstance(reply.body, dict) else {}
            problems = check_suggestions(body)
            for problem in problems:
                self.world.breach("suggestions", problem)
            where.offered[action_id] = [] if problems else list(flat_options(body))
        return reply

    async def shortcut(self, callback_id: str, *, user: str = AGENT, channel: str | None = None) -> Reply:
        """Use a global shortcut; `channel` is where the person stands meanwhile."""
        place = self.world.channel(channel) if channel else None
        payload = payloads.global_shortcut(self.world, callback_id, user, place)
        return await self._delivery.send("interactive", payload)

    async def message_shortcut(self, callback_id: str, message: Message, *, user: str = AGENT) -> Reply:
        """Use a shortcut in a message's menu. Raises LookupError for an ephemeral message: it has no such menu."""
        if message.only_for or message.deleted:
            raise LookupError("this message has no menu of shortcuts")
        channel = self.world.channels[message.channel]
        url = self._server.response_url(self.world.new_response(channel.id, user))
        payload = payloads.message_shortcut(self.world, callback_id, message, user, channel, url)
        return await self._delivery.send("interactive", payload)

    def _response_urls(self, view: View) -> list[Json]:
        """Where the bot may answer to a form: in the conversations that were chosen in it."""
        urls = []
        for block_id, element, chosen in conversations_answered(view):
            response = self.world.new_response(chosen, view.user)
            place = {"block_id": block_id, "action_id": element["action_id"], "channel_id": chosen}
            urls.append({**place, "response_url": self._server.response_url(response)})
        return urls

    def _element(self, where: Message | View, action_id: str, block_id: str | None) -> tuple[str, Json]:
        """The interactive element that a user clicks: only what is shown can be clicked."""
        if isinstance(where, View):
            require_on_top(self.world, where)
        elif where.deleted:
            raise LookupError("this message is deleted")
        for block, element in where.elements:
            if element["action_id"] == action_id and block_id in (None, block):
                return block, element
        shown = ", ".join(element["action_id"] for _, element in where.elements) or "nothing"
        raise LookupError(f"no {action_id!r} to click; there is {shown}")


def _who(where: Message | View) -> str:
    return where.user if isinstance(where, View) else where.only_for or AGENT


def _state(where: Message | View, person: str) -> Json:
    return where.state if isinstance(where, View) else where.states.get(person, {})


def _require_sending(where: Message | View, block_id: str) -> None:
    """An input sends nothing until the form is sent off, unless it says otherwise."""
    block = next(block for block in where.blocks if block["block_id"] == block_id)
    if block["type"] == "input" and not block.get("dispatch_action"):
        raise LookupError(f"{block_id} sends nothing when it is filled in")


def _asked_to_know(view: View) -> bool:
    return bool(view.content.get("notify_on_close"))
