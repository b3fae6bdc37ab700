"""What people write in the playground's Slack, and the events that the bot gets of it."""

from __future__ import annotations

import uuid

from bot.playground import slack_payloads as payloads
from bot.playground.slack_delivery import Delivery, Reply
from bot.playground.slack_model import Json, Message
from bot.playground.slack_people import AGENT, BOT_USER, SUPPORT
from bot.playground.slack_server import SlackServer
from bot.playground.slack_text import rich_text, slack_text
from bot.playground.slack_world import World


class Talk:
    """People who write, and who look at the Home tab."""

    def __init__(self, world: World, server: SlackServer, delivery: Delivery) -> None:
        self.world, self._server, self._delivery = world, server, delivery

    def say(self, text: str, *, user: str = AGENT, channel: str = SUPPORT, thread_ts: str | None = None) -> Message:
        """Write into a channel, without the bot being told. The text is stored as it is given."""
        content: Json = {"text": text, "client_msg_id": str(uuid.uuid4())}
        if blocks := rich_text(text, self.world.new_id("b")):
            content["blocks"] = blocks
        place = self.world.channel(channel)
        if thread_ts:
            first = next((one for one in place.messages if one.ts == thread_ts), None)
            content |= {"thread_ts": thread_ts, "parent_user_id": first.user if first else user}
        return self.world.post(place, content, user)

    async def type_message(
        self, text: str, *, user: str = AGENT, channel: str = SUPPORT, thread_ts: str | None = None
    ) -> tuple[Message, Reply | None]:
        """Type into a conversation: stored as Slack does it, and the bot is told when Slack would tell it."""
        names = {person["name"]: id for id, person in self.world.users.items()}
        message = self.say(slack_text(text, names), user=user, channel=channel, thread_ts=thread_ts)
        place = self.world.channels[message.channel]
        if place.is_im:
            return message, await self._tell(message, {"type": "message", "channel_type": "im"})
        if place.has_bot and f"<@{BOT_USER}>" in message.text:
            return message, await self._tell(message, {"type": "app_mention"})
        return message, None

    async def mention(
        self, text: str, *, user: str = AGENT, channel: str = SUPPORT, thread_ts: str | None = None
    ) -> Reply:
        """Write into a channel with the bot's name in it: `<@U0MAILBOT> settings for ...`."""
        message = self.say(text, user=user, channel=channel, thread_ts=thread_ts)
        return await self._tell(message, {"type": "app_mention"})

    async def direct_message(self, text: str, *, user: str = AGENT, thread_ts: str | None = None) -> Reply:
        """Write to the bot alone."""
        message = self.say(text, user=user, channel=self.world.open_im(user).id, thread_ts=thread_ts)
        return await self._tell(message, {"type": "message", "channel_type": "im"})

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

    async def _tell(self, message: Message, about: Json) -> Reply:
        return await self.event(payloads.written(self.world, message) | about)
