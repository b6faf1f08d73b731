"""Settings in, application out: every object is made here and given what it needs. The only module that knows all."""

import asyncio
import os
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from uuid import uuid4

import aiohttp
import structlog
from aiohttp import web

from askbot.bootstrap.database import prepare_database
from askbot.bootstrap.keys import derived, own_secret
from askbot.domain.faults import Severity
from askbot.domain.knowledge import Knowledge
from askbot.domain.replies import SCREEN, Channel
from askbot.knowledge_files.library import KnowledgeLibrary, ReloadResult
from askbot.knowledge_files.watching import watch
from askbot.matching import Bars, Matcher, Question
from askbot.matching.gist import near
from askbot.platforms import PLATFORMS
from askbot.platforms.base import SourceSpec
from askbot.platforms.observed import ObservedClient
from askbot.ports import Clock
from askbot.services.desk import Desk
from askbot.services.effects import Effects
from askbot.services.intake import Intake
from askbot.services.outbox import Outbox
from askbot.services.retention import Retention, RetentionPolicy, pseudonym_maker
from askbot.services.switches import SwitchBoard
from askbot.settings import Settings, Source
from askbot.store.sql_store import SqlStore
from askbot.web.app import build_app
from askbot.web.background import Background
from askbot.web.limits import TokenBucket
from askbot.web.live import Live
from askbot.web.metrics import Metrics
from askbot.web.parts import HookSource, Parts

LOG = structlog.get_logger(__name__)
ENDING = 10.0
"""Seconds that a background loop may take to end; the outbox waits that long for replies on their way."""
WARMING = "请问这条路现在能不能走，几点开门"
"""Asked of every new matcher before it is used, so that no viewer waits for what is loaded at its first question."""
SCREEN_CHANNEL = Channel(name=SCREEN)


@asynccontextmanager
async def open_service(
    settings: Settings, *, clock: Clock, env: Mapping[str, str] | None = None
) -> AsyncIterator[web.Application]:
    """The application, ready to serve: database in place, knowledge loaded, loops running; all ended at the exit.

    Raises KnowledgeError without a good knowledge file, StoreError without a database of the right schema, OSError
    when the data folder cannot be used.
    """
    secret = own_secret(settings.data, os.environ if env is None else env)
    prepare_database(settings.database.reveal())
    library = knowledge_library(settings, clock)
    _tell_reload(library.load())
    async with AsyncExitStack() as stack:
        store = SqlStore(settings.database.reveal(), clock=clock)
        await store.start()
        stack.push_async_callback(store.stop)
        session = await stack.enter_async_context(_session())
        clients = _clients(settings, session, clock)
        for client in clients.values():
            stack.push_async_callback(client.close)
        background = Background()
        parts, outbox = _parts(settings, store, library, clients=clients, clock=clock, background=background)
        retention = _retention(settings, store, clock, derived(secret, "pseudonym"))
        stop = asyncio.Event()
        loops = {
            "outbox": outbox.run,
            "live": parts.live.run,
            "retention": retention.run,
            "watch": lambda: watch(settings.knowledge, library.reload, stop, seen=library.seen),
            "stalls": parts.stalls.run,
        }
        for name, loop in loops.items():
            background.start(name, loop)
            stack.push_async_callback(background.stop, name, within=ENDING)
        stack.callback(stop.set)
        yield build_app(parts)


def knowledge_library(settings: Settings, clock: Clock) -> KnowledgeLibrary[Matcher]:
    """The library of the configured folder; nothing is read yet."""
    bars = Bars(**settings.county.bars)
    blocked = settings.county.blocked_words

    def build(knowledge: Knowledge) -> Matcher:
        matcher = Matcher.build(knowledge, bars=bars, blocked=blocked)
        matcher.decide(Question(text=WARMING, room="", at=clock()))
        return matcher

    return KnowledgeLibrary(
        folder=settings.knowledge,
        data=settings.data,
        tz=settings.county.tz,
        build=build,
        clock=clock,
        rooms=settings.rooms,
        told=_tell_reload,
    )


def _tell_reload(result: ReloadResult) -> None:
    for fault in result.faults:
        if fault.severity is Severity.ERROR:
            LOG.error("knowledge.refused", file=fault.file, line=fault.line, column=fault.column, code=fault.code)
    log = LOG.info if result.good else LOG.error
    log("knowledge.loaded", version=result.version, good=result.good, files=len(result.files),
        stale=list(result.stale), missing=list(result.missing), problem=result.problem)  # fmt: skip


def _session() -> aiohttp.ClientSession:
    """For all clients: no cookies, nothing taken from the environment."""
    return aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar(), trust_env=False)


def _clients(settings: Settings, session: aiohttp.ClientSession, clock: Clock) -> dict[str, ObservedClient]:
    """By channel: who can post."""
    clients: dict[str, ObservedClient] = {}
    for source in settings.sources.values():
        make = PLATFORMS[source.platform].client
        client = make(_spec(source), session, clock) if make else None
        if client is not None:
            clients[client.channel.name] = ObservedClient(client)
    return clients


def _spec(source: Source) -> SourceSpec:
    return SourceSpec(
        name=source.name,
        room=source.room,
        rooms=source.rooms,
        max_skew=source.max_skew,
        options=source.options,
    )


def _hook_source(source: Source) -> HookSource:
    return HookSource(
        name=source.name,
        codec=PLATFORMS[source.platform].codec(_spec(source)),
        limit=TokenBucket(source.rate.count, source.rate.seconds),
        allow=source.allow,
        path_key=source.path_key.reveal().encode("utf-8", "surrogateescape") if source.path_key else None,
    )


def _parts(
    settings: Settings,
    store: SqlStore,
    library: KnowledgeLibrary[Matcher],
    *,
    clients: Mapping[str, ObservedClient],
    clock: Clock,
    background: Background,
) -> tuple[Parts, Outbox]:
    def channel_of(source: str) -> Channel:
        client = clients.get(source)
        return client.channel if client else SCREEN_CHANNEL

    policy = settings.replies
    desk = Desk(calendar=settings.calendar, near=near, channel_of=channel_of, max_age=policy.max_age)
    effects = Effects(policy=policy, channel_of=channel_of, register=desk.register)
    brain = library.index
    intake = Intake(store=store, brain=brain, clock=clock, effects=effects)
    outbox = Outbox(
        store=store,
        clients=clients,
        policy=policy,
        clock=clock,
        brain=brain,
        register=desk.register,
        owner=uuid4().hex,
    )
    rooms, metrics = settings.rooms, Metrics()
    parts = Parts(
        store=store,
        gauges=store,
        receive=intake.receive,
        desk=desk,
        switches=SwitchBoard(store=store, rooms=tuple(rooms), clock=clock, brain=brain, register=desk.register),
        brain=brain,
        library=library,
        live=Live(store, dropped=metrics.live_drops.inc),
        metrics=metrics,
        clock=clock,
        rooms=rooms,
        sources={name: _hook_source(source) for name, source in settings.sources.items()},
        trusted_proxies=settings.server.trusted_proxies,
        channels=clients,
        sending=lambda: outbox.sending,
        background=background,
    )
    return parts, outbox


def _retention(settings: Settings, store: SqlStore, clock: Clock, key: bytes) -> Retention:
    policy = RetentionPolicy(names=settings.retention.names, texts=settings.retention.text)
    return Retention(store=store, policy=policy, clock=clock, pseudonym=pseudonym_maker(key))
