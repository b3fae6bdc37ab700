"""`/mailstatus`: how one or more domains are, at once as far as it is known, complete a moment later."""

from __future__ import annotations

import asyncio
from contextlib import AbstractAsyncContextManager, AsyncExitStack
from dataclasses import dataclass
from typing import Protocol as Interface

from slack_bolt.response import BoltResponse

from bot.domain import DomainName, InvalidDomain, host_part, parse_domain, split_words
from bot.provider.profile import Profile, ServerName
from bot.request import UsageProblem
from bot.slack.answers import LimitReached
from bot.slack.forms import Forms
from bot.slack.messages import Json, sentence
from bot.slack.service import HELP_WORDS, PATIENCE, Service, acknowledge
from bot.slack.share import Sharer, Sharing
from bot.slack.status_messages import AGAIN, OPEN, SETTINGS, SHARE, StatusMessages, Told
from bot.slack.status_state import MOST_DOMAINS, StatusState, domain_of, unpack_status
from bot.slack.visit import Visit, visit_of_command, visit_of_interaction

COMMAND = "/mailstatus"
FIRST_LOOK = 0.7
"""Seconds after which a click shows what is known so far in the message it belongs to."""


class Looks(Interface):
    """A status on its way."""

    async def whole(self) -> Told:
        """Everything, as far as it is found out in time."""

    def so_far(self) -> Told:
        """What is known at this moment."""


class LooksAtDomains(Interface):
    """Whatever looks at domains."""

    def begin(
        self, domain: DomainName, *, fresh: bool = False, versions: bool = False
    ) -> AbstractAsyncContextManager[Looks]:
        """Begin to look at one; `versions` measures TLS versions too."""


class LooksAtServers(Interface):
    """Whatever looks at the provider's servers."""

    def begin(self, server: ServerName, *, fresh: bool = False) -> AbstractAsyncContextManager[Looks]:
        """Begin to look at one."""


@dataclass(frozen=True)
class Statuses:
    """Answers the command and the buttons below its answers."""

    service: Service
    domains: LooksAtDomains
    servers: LooksAtServers
    forms: Forms
    sharer: Sharer
    profile: Profile

    # The command

    async def on_command(self, body: Json) -> BoltResponse:
        """Say what is known after a second and a half; the complete answer follows as one message."""
        visit = visit_of_command(body)
        visit.kind = "status"
        try:
            if (refusal := await self.service.refusal(visit)) is not None:
                return acknowledge(refusal)
            return await self._answer(visit, str(body.get("text") or "").strip())
        except Exception as error:
            return acknowledge(self.service.failed(visit, error))

    async def _answer(self, visit: Visit, text: str) -> BoltResponse:
        messages = self._messages(visit)
        if text.lower() in ("", *HELP_WORDS):
            self.service.done(visit, "help")
            return acknowledge(messages.help())
        state = self._read(text)
        if isinstance(state, UsageProblem):
            self.service.done(visit, state.code)
            return acknowledge(messages.problem(state))
        looks = list[Looks]()
        work = self.service.tasks.start(self._look(visit, state, looks))
        await asyncio.wait({work}, timeout=PATIENCE)
        if work.done():
            return acknowledge(messages.private(work.result(), state))
        self.service.tasks.leave(self._follow(visit, state, work))
        return acknowledge(messages.so_far([look.so_far() for look in looks], state))

    async def _follow(self, visit: Visit, state: StatusState, work: asyncio.Task[list[Told]]) -> None:
        try:
            message = self._messages(visit).private(await work, state)
        except Exception as error:
            message = self.service.failed(visit, error)
        await self.service.delivery.send(visit.place, message)

    def _read(self, text: str) -> StatusState | UsageProblem:
        """The domains and servers meant, each once, in their order."""
        names = dict.fromkeys(split_words(text))
        domains = dict[str, None]()
        for word in list(names)[:MOST_DOMAINS]:
            if server := self.profile.server_meant(host_part(word)):
                domains[server] = None
                continue
            domain = parse_domain(word)
            if isinstance(domain, InvalidDomain):
                return UsageProblem("invalid_domain", domain.reason, domain.typed, example="example.cz")
            domains[domain.ascii] = None
        return StatusState(tuple(domains), left_out=len(names) - len(list(names)[:MOST_DOMAINS]))

    # Looking

    async def _look(self, visit: Visit, state: StatusState, looks: list[Looks], *, fresh: bool = False) -> list[Told]:
        """Look at everything a state is about, side by side. `looks` at domains can be asked meanwhile."""
        allowance = self.service.answers.allowance
        if not all(allowance.take(visit.user) for _ in state.domains):
            raise LimitReached(allowance.per_minute)
        async with AsyncExitStack() as stack:
            for name in state.domains:
                looks.append(await stack.enter_async_context(self._begin(name, state, fresh=fresh)))
            statuses = await asyncio.gather(*map(self._in_time, looks))
        self.service.done(visit, f"status_{statuses[0].verdict}" if len(statuses) == 1 else "status_several")
        return statuses

    def _begin(self, name: str, state: StatusState, *, fresh: bool) -> AbstractAsyncContextManager[Looks]:
        if (server := self.profile.server(name)) is not None:
            return self.servers.begin(server, fresh=fresh)
        return self.domains.begin(domain_of(name), fresh=fresh, versions=state.is_measured)

    async def _in_time(self, look: Looks) -> Told:
        """The whole; should that not end in its own time, what is known by then."""
        try:
            async with asyncio.timeout(self.service.answers.timeout):
                return await look.whole()
        except TimeoutError:
            return look.so_far()

    def _messages(self, visit: Visit) -> StatusMessages:
        return StatusMessages(self.service.people.language(visit.user))

    # Clicks

    async def on_click(self, body: Json) -> BoltResponse:
        """A button below a status."""
        visit = visit_of_interaction(body, "status_click")
        return self.service.run(visit, self._clicked(visit, body))

    async def _clicked(self, visit: Visit, body: Json) -> None:
        action = body["actions"][0]
        state = unpack_status(action.get("value") or (action.get("selected_option") or {}).get("value"))
        visit.place.thread = state.thread
        if (refusal := await self.service.refusal(visit)) is not None:
            await self.service.delivery.send(visit.place, {"replace_original": False, **refusal})
        elif action.get("action_id") == SETTINGS:
            await self.forms.open_for_domain(visit, str(body.get("trigger_id") or ""), domain_of(state.domains[0]))
        elif action.get("action_id") == SHARE:
            await self._share(visit, state, str((body.get("container") or {}).get("message_ts") or visit.id))
        else:
            id = str(action.get("action_id"))
            await self._show(visit, state, fresh=id == AGAIN, below=id.startswith(OPEN))

    async def _show(self, visit: Visit, state: StatusState, *, fresh: bool, below: bool) -> None:
        """Show what is known soon, then everything: in the same message, or as a new one `below` it."""
        looks, messages, how = list[Looks](), self._messages(visit), {"replace_original": not below}
        work = self.service.tasks.start(self._look(visit, state, looks, fresh=fresh))
        await asyncio.wait({work}, timeout=PATIENCE if below else FIRST_LOOK)
        if not work.done():
            so_far = messages.so_far([look.so_far() for look in looks], state)
            await self.service.delivery.send(visit.place, {**so_far, **how})
        await self.service.delivery.send(visit.place, {**messages.private(await work, state), **how})

    async def _share(self, visit: Visit, state: StatusState, message_ts: str) -> None:
        """Post to the channel; only when that is sure does the private message go."""
        if not self.sharer.begin(message_ts):
            return
        result, language = Sharing.FAILED, self.service.people.language(visit.user)
        try:
            statuses = await self._look(visit, state, [])
            result = await self.sharer.share(visit.place, self._messages(visit).shared(statuses, state, visit.user))
        finally:
            if result is Sharing.FAILED:
                self.sharer.give_back(message_ts)
        if result in (Sharing.POSTED, Sharing.POSTED_BY_URL):
            await self.service.delivery.send(visit.place, {"delete_original": True})
        else:
            message = sentence(f"share_{result}", language, id=visit.id)
            await self.service.delivery.send(visit.place, {**message, "replace_original": False})
