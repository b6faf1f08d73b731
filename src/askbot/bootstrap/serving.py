"""Runs the application: listens, obeys signals, and stops without losing what it has begun."""

import asyncio
import signal
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass

import structlog
import uvloop
from aiohttp import web

from askbot.bootstrap.wiring import open_service
from askbot.ports import Clock
from askbot.settings import Settings
from askbot.web.parts import PARTS

LOG = structlog.get_logger(__name__)
FINISHING = 10.0
"""Seconds that requests may take to finish at a stop."""
LINGERING = 1.0
"""Seconds in which the rest of a refused body is thrown away before the connection is closed."""
BACKLOG = 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Running:
    """A service that listens: its address, how many entries of which knowledge version it serves."""

    url: str
    port: int
    version: str
    entries: int
    app: web.Application


def serve(
    settings: Settings,
    *,
    clock: Clock,
    ready: Callable[[Running], None],
    env: Mapping[str, str] | None = None,
) -> None:
    """Serve until SIGINT or SIGTERM; SIGHUP reloads the knowledge. Raises what `open_service` raises, and OSError."""
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(_serve(settings, clock=clock, ready=ready, env=env))


async def _serve(
    settings: Settings, *, clock: Clock, ready: Callable[[Running], None], env: Mapping[str, str] | None
) -> None:
    loop = asyncio.get_running_loop()
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    async with running(settings, clock=clock, env=env) as service:
        reloads: set[asyncio.Task[object]] = set()

        def reload() -> None:
            task = loop.create_task(_reloaded(service.app))
            reloads.add(task)
            task.add_done_callback(reloads.discard)

        loop.add_signal_handler(signal.SIGHUP, reload)
        ready(service)
        await stop.wait()
        LOG.info("service.stopping")
    LOG.info("service.stopped")


async def _reloaded(app: web.Application) -> None:
    await app[PARTS].library.reload()


@asynccontextmanager
async def running(settings: Settings, *, clock: Clock, env: Mapping[str, str] | None = None) -> AsyncIterator[Running]:
    """A service that listens on the running loop; at the exit it takes no more, finishes what it has, and ends."""
    async with open_service(settings, clock=clock, env=env) as app:
        runner = web.AppRunner(
            app,
            access_log=None,
            auto_decompress=False,
            handle_signals=False,
            shutdown_timeout=FINISHING,
            lingering_time=LINGERING,
        )
        await runner.setup()
        try:
            site = web.TCPSite(runner, settings.server.host, settings.server.port, backlog=BACKLOG)
            await site.start()
            yield _described(settings, runner, app)
        finally:
            app[PARTS].background.stopping = True
            await runner.cleanup()


def _described(settings: Settings, runner: web.AppRunner, app: web.Application) -> Running:
    port = int(runner.addresses[0][1])
    host = settings.server.host
    shown = f"[{host}]" if ":" in host else host
    knowledge = app[PARTS].brain().knowledge
    return Running(
        url=f"http://{shown}:{port}", port=port, version=knowledge.version, entries=len(knowledge.entries), app=app
    )
