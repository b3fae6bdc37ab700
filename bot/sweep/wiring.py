"""Who answers the status of the domains of a sweep, by what was ordered."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack
from dataclasses import replace
from typing import Protocol

from bot.compose import Parts
from bot.domain import DomainName
from bot.lookup.edges import Edges
from bot.network.fast_dns import FastDns
from bot.network.inventory import Inventory
from bot.network.resolver import Resolver
from bot.provider.profile import ServerName
from bot.sweep.dns_only import RowsOnly
from bot.sweep.errors import SweepError
from bot.sweep.expect import Expected
from bot.sweep.gate import ServerGate
from bot.sweep.held import HeldCertificates
from bot.sweep.order import Order
from bot.sweep.result import Json
from bot.sweep.whole import WholeStatus

PATIENCE = 5.0
"""Seconds for the addresses of a server that was named."""
ANSWERS_KEPT = 1_000
"""A sweep asks nearly every question once: a large cache would only hold memory."""


class AnswersStatus(Protocol):
    """Whoever answers the status of a domain."""

    async def status(self, domain: DomainName) -> Json:
        """The JSON object of `mailbot status`. It ends by itself, and says what could not be found out."""


async def answers_status(order: Order, parts: Parts, stack: AsyncExitStack) -> AnswersStatus:
    """The edge for this order; what it opens ends with the stack. Raises SweepError."""
    edges = sweep_edges(parts)
    if order.at:
        server, addresses = await find_server(order.at, edges)
        if not addresses:
            raise SweepError(f"--at {order.at}: {server.host} has no address in DNS, or it could not be found out")
        return HeldCertificates(edges, server, addresses, parts.config.language)
    if order.dns_only:
        fast = await stack.enter_async_context(FastDns(parts.name_servers))
        return RowsOnly(edges, fast, parts.config.language)
    return WholeStatus(edges, parts.config.language)


def sweep_edges(parts: Parts) -> Edges:
    """The edges with a gate before each mail server, and a cache of answers that stays small."""
    edges = parts.edges
    resolver = Resolver(parts.name_servers, clock=edges.clock, cache_size=ANSWERS_KEPT)
    return replace(
        edges,
        resolver=resolver,
        inventory=Inventory(resolver, edges.profile, clock=edges.clock),
        prober=ServerGate(edges.prober, clock=edges.clock),
    )


async def expected_server(order: Order, parts: Parts) -> Expected | None:
    """The server of `--expect` with its addresses. Raises SweepError for a name that is no server's."""
    if order.expect is None:
        return None
    server, addresses = await find_server(order.expect, parts.edges)
    return Expected(server.host, frozenset(addresses))


async def find_server(word: str, edges: Edges) -> tuple[ServerName, tuple[str, ...]]:
    """The provider's server that a word means, with its addresses. Raises SweepError where it means none."""
    host = edges.profile.server_meant(word)
    server = edges.profile.server(host) if host else None
    if server is None:
        raise SweepError(f"{word!r} is no mail server of {edges.profile.name}; a name like mail8 was expected")
    deadline = asyncio.get_running_loop().time() + PATIENCE
    looks = (edges.resolver.look_up(server.host, rtype, deadline=deadline) for rtype in ("A", "AAAA"))
    answers = await asyncio.gather(*looks)
    return server, tuple(value for answer in answers for value in answer.values)
