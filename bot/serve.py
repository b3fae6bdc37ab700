"""The Slack app as a process: puts the parts together, starts them in order, and ends them in order at SIGTERM."""

from __future__ import annotations

import asyncio
import gc
import os
import signal
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace

import aiohttp
import structlog
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.catalogue.search import Search
from bot.compose import Parts, now
from bot.config import Config, ConfigError, HostPort
from bot.log import configure_logging
from bot.lookup import Lookup
from bot.lookup.edges import Edges
from bot.lookup.server import ServerLookup
from bot.lookup.status import StatusLookup
from bot.slack.access import Access, Allowance, AllowList, Groups
from bot.slack.answers import Answers, AnswersSettings
from bot.slack.app import Dispatcher, bolt_app, quiet_logger
from bot.slack.cache import AnswerCache
from bot.slack.clicks import Clicks
from bot.slack.client import web_client
from bot.slack.commands import Commands
from bot.slack.delivery import Delivery
from bot.slack.endpoint import Endpoint
from bot.slack.forms import Forms
from bot.slack.gate import Replays
from bot.slack.home import Home
from bot.slack.listeners import Listeners
from bot.slack.messages import Messages
from bot.slack.name_form import NameForm
from bot.slack.people import People, Workspace
from bot.slack.recent import Recent
from bot.slack.service import Service
from bot.slack.share import SharedInMemory, Sharer
from bot.slack.socket_mode import SocketMode
from bot.slack.statuses import LooksAtDomains, LooksAtServers, Statuses
from bot.slack.talk import Talk
from bot.slack.tasks import Tasks
from bot.slack.threads import Threads
from bot.web.health import Readiness
from bot.web.metrics import CountingProber, CountingResolver, Metrics
from bot.web.server import listen, web_application

log = structlog.get_logger(__name__)

DRAIN_PATIENCE = 15.0
"""Seconds that running commands get at the end; the process is gone within 20."""
LONGEST_ANSWER = 14.0
ENDED, INTERRUPTED = 0, 130
_REFUSALS = frozenset(("invalid_auth", "not_authed", "account_inactive", "token_revoked", "token_expired"))


async def serve(config: Config) -> int:
    """Run until SIGTERM (exit status 0) or Ctrl-C (130). Raises ConfigError for what keeps it from starting."""
    configure_logging(config)
    async with running_bot(Parts(config)) as bot:
        stopped = stop_signal()
        # What lives as long as the process is not looked at again: full collections become cheap, and come sooner.
        gc.collect()
        gc.freeze()
        log.info("serving", address=str(bot.address), mode="socket" if config.slack_app_token else "http")
        status = await stopped
        log.info("stopping")
    log.info("stopped")
    return status


def stop_signal() -> asyncio.Future[int]:
    """Becomes the exit status at SIGTERM or Ctrl-C: the first one ends politely, the next one of its kind at once."""
    loop = asyncio.get_running_loop()
    stopped: asyncio.Future[int] = loop.create_future()

    def stop(number: signal.Signals, status: int) -> None:
        loop.remove_signal_handler(number)
        if (
            number is signal.SIGINT
        ):  # KeyboardInterrupt is raised wherever Python happens to be, and sometimes lost there
            signal.signal(number, lambda *_: os._exit(status))
        if not stopped.done():
            stopped.set_result(status)

    loop.add_signal_handler(signal.SIGTERM, stop, signal.SIGTERM, ENDED)
    loop.add_signal_handler(signal.SIGINT, stop, signal.SIGINT, INTERRUPTED)
    return stopped


@dataclass(frozen=True)
class RunningBot:
    """A bot that takes commands. `address` is where its HTTP server listens."""

    address: HostPort
    readiness: Readiness
    metrics: Metrics
    shared: SharedInMemory

    @property
    def url(self) -> str:
        """The base address of its HTTP server."""
        return f"http://{self.address}"


@asynccontextmanager
async def running_bot(
    parts: Parts, lookup: AnswersSettings | None = None, statuses: StatusEdges | None = None
) -> AsyncIterator[RunningBot]:
    """Start a bot; at the end new work is refused, what runs is waited for, and everything is closed.

    `lookup` and `statuses` replace the real ones. Raises ConfigError for missing tokens and an address that is taken.
    """
    config = parts.config
    token = _check_tokens(config)
    metrics, readiness, shared = Metrics(), Readiness(), SharedInMemory()
    async with AsyncExitStack() as stack:
        session = await stack.enter_async_context(aiohttp.ClientSession(trust_env=True))
        client = web_client(token, config.slack_api_url, session)
        tasks, questions = Tasks(), Tasks()
        stack.push_async_callback(questions.cancel)
        delivery = Delivery(session, client, metrics.delivered)
        workspace = Workspace()
        people = People(client, questions, workspace, config.language, time.monotonic)
        service = Service(
            answers=_answers(parts, lookup or Lookup(_counted_edges(parts, metrics)), people),
            people=people,
            access=_access(config, client, questions),
            delivery=delivery,
            recent=Recent(now),
            tasks=tasks,
            counts=metrics,
        )
        looks = statuses or _status_edges(_counted_edges(parts, metrics), parts)
        listeners = _listeners(parts, service, client, Sharer(client, delivery, shared), looks)
        dispatcher = Dispatcher(bolt_app(client), listeners)
        address = await _open(config, dispatcher, client, readiness, metrics, tasks, stack)
        questions.leave(_check_token(client, readiness, workspace))
        if lookup is None:
            questions.leave(parts.inventory.keep())
        yield RunningBot(address, readiness, metrics, shared)


def _check_tokens(config: Config) -> str:
    mistakes = []
    if not config.slack_bot_token:
        mistakes.append("SLACK_BOT_TOKEN is not set: take the Bot User OAuth Token of the installed app (xoxb-…)")
    if not config.slack_app_token and not config.slack_signing_secret:
        mistakes.append(
            "neither SLACK_APP_TOKEN nor SLACK_SIGNING_SECRET is set: set the app-level token (xapp-…) for Socket Mode,"
            " or the signing secret for HTTP"
        )
    if mistakes:
        raise ConfigError(tuple(mistakes))
    assert config.slack_bot_token is not None
    return config.slack_bot_token


def _counted_edges(parts: Parts, metrics: Metrics) -> Edges:
    resolver, prober = CountingResolver(parts.edges.resolver, metrics), CountingProber(parts.edges.prober, metrics)
    return replace(parts.edges, resolver=resolver, prober=prober)


@dataclass(frozen=True)
class StatusEdges:
    """What looks at domains, and what looks at servers."""

    domains: LooksAtDomains
    servers: LooksAtServers


def _status_edges(edges: Edges, parts: Parts) -> StatusEdges:
    sides = replace(parts.sides, around=replace(parts.around_lookup, resolver=edges.resolver))
    return StatusEdges(StatusLookup(edges, sides), ServerLookup(edges))


def _access(config: Config, client: AsyncWebClient, questions: Tasks) -> Access:
    allowed = AllowList(config.allow_channels, config.allow_groups, config.allow_users)
    return Access(allowed, Groups(client, questions, allowed.groups, time.monotonic))


def _listeners(parts: Parts, service: Service, client: AsyncWebClient, sharer: Sharer, looks: StatusEdges) -> Listeners:
    catalogue, matcher, profile = parts.catalogue, parts.matcher, parts.profile
    threads = Threads(client)
    forms = Forms(service, client, threads, matcher, Search(catalogue), catalogue, profile)
    home, name_form = Home(service, forms, client, catalogue), NameForm(service, client)
    statuses = Statuses(service, looks.domains, looks.servers, forms, sharer, profile)
    return Listeners(
        commands=Commands(service, forms, matcher.match, profile),
        clicks=Clicks(service, forms, home, name_form, sharer, statuses),
        forms=forms,
        name_form=name_form,
        talk=Talk(service, threads, matcher, profile),
        home=home,
        statuses=statuses,
    )


def _answers(parts: Parts, lookup: AnswersSettings, people: People) -> Answers:
    config = parts.config
    return Answers(
        lookup=lookup,
        messages=Messages(parts.catalogue),
        cache=AnswerCache(now),
        people=people,
        allowance=Allowance(config.lookups_per_minute, time.monotonic),
        clients=parts.catalogue.clients,
        timeout=min(config.timeout + 1.0, LONGEST_ANSWER),
    )


async def _open(
    config: Config,
    dispatcher: Dispatcher,
    client: AsyncWebClient,
    readiness: Readiness,
    metrics: Metrics,
    tasks: Tasks,
    stack: AsyncExitStack,
) -> HostPort:
    """Open the doors. They close in the opposite order of the callbacks: draining first, the HTTP server last."""
    replays = Replays(time.monotonic)
    routes = []
    if not config.slack_app_token:
        assert config.slack_signing_secret is not None
        endpoint = Endpoint(config.slack_signing_secret, dispatcher.dispatch, replays, readiness, metrics)
        routes.append(endpoint.route)
    runner, address = await listen(web_application(readiness, metrics, routes), config.listen)
    stack.push_async_callback(runner.cleanup)
    stack.push_async_callback(tasks.drain, DRAIN_PATIENCE)
    if config.slack_app_token:
        socket = SocketMode(
            config.slack_app_token,
            client,
            dispatcher.dispatch,
            replays,
            metrics.acknowledged,
            quiet_logger("mailbot.socket"),
        )
        readiness.checks.append(socket.obstacle)
        stack.push_async_callback(socket.close)
        await socket.start()
    stack.callback(readiness.drain)
    return address


async def _check_token(client: AsyncWebClient, readiness: Readiness, workspace: Workspace) -> None:
    """Ask Slack once whether the token holds, and whose it is. Slack being away says nothing about the token."""
    try:
        whose = await client.auth_test()
        workspace.team, workspace.enterprise = str(whose.get("team_id") or ""), str(whose.get("enterprise_id") or "")
    except SlackApiError as error:
        code = str(error.response.get("error"))
        log.error("token_refused" if code in _REFUSALS else "token_not_checked", variable="SLACK_BOT_TOKEN", error=code)
        if code in _REFUSALS:
            readiness.checks.append(lambda: "Slack refuses SLACK_BOT_TOKEN")
    except (aiohttp.ClientError, OSError, TimeoutError) as error:
        log.warning("token_not_checked", error=type(error).__name__)
