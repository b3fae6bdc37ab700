"""The HTTP server: health, metrics, and whatever routes it is given besides."""

from __future__ import annotations

from collections.abc import Iterable

from aiohttp import web

from bot.config import ConfigError, HostPort
from bot.web.health import Readiness
from bot.web.metrics import Metrics

SHUTDOWN_PATIENCE = 2.0
"""Seconds that requests under way get to be answered in full."""


def web_application(readiness: Readiness, metrics: Metrics, routes: Iterable[web.RouteDef] = ()) -> web.Application:
    """All routes: `/healthz` (the process lives), `/readyz` (it takes work), `/metrics` and the given ones."""

    async def healthz(_request: web.Request) -> web.Response:
        return web.Response(text="ok\n")

    async def readyz(_request: web.Request) -> web.Response:
        obstacle = readiness.obstacle
        return web.Response(status=503, text=f"{obstacle}\n") if obstacle else web.Response(text="ready\n")

    async def show_metrics(_request: web.Request) -> web.Response:
        return web.Response(body=metrics.text(), headers={"Content-Type": "text/plain; version=0.0.4; charset=utf-8"})

    application = web.Application()
    application.router.add_get("/healthz", healthz)
    application.router.add_get("/readyz", readyz)
    application.router.add_get("/metrics", show_metrics)
    application.router.add_routes(routes)
    return application


async def listen(application: web.Application, where: HostPort) -> tuple[web.AppRunner, HostPort]:
    """Begin to serve; tells the address really bound (port 0 takes a free one). Raises ConfigError.

    There is no access log: what a stranger asks for does not get into ours.
    """
    runner = web.AppRunner(application, access_log=None, shutdown_timeout=SHUTDOWN_PATIENCE)
    await runner.setup()
    try:
        await web.TCPSite(runner, where.host, where.port).start()
    except OSError as error:
        await runner.cleanup()
        raise ConfigError((f"MAILBOT_LISTEN {where}: cannot listen there: {error.strerror or error}",)) from None
    host, port = runner.addresses[0][:2]
    return runner, HostPort(host, port)
