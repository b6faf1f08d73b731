"""Whether the process lives, whether it can serve, and what it measures."""

import asyncio
import json
from collections.abc import Mapping

from aiohttp import web

from askbot.errors import AskbotError, KnowledgeError
from askbot.ports.storage import UnitOfWork
from askbot.web.auth import caller_of
from askbot.web.clients import is_local
from askbot.web.errors import UnauthorizedError
from askbot.web.gauges import exposition
from askbot.web.parts import Parts

PATIENCE = 2.0
"""Seconds that a question to the database may take before it counts as away."""
METRICS_TYPE = "text/plain; version=0.0.4; charset=utf-8"


class Health:
    """Handlers of /healthz, /readyz and /metrics."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    async def healthz(self, request: web.Request) -> web.Response:
        """The process answers; nothing else is asked."""
        del request
        return _json(200, {"status": "ok"})

    async def readyz(self, request: web.Request) -> web.Response:
        """200 when it can serve, else 503; what is wrong is told to this machine and to holders of a token."""
        checks = await self._checks()
        ready = all(checks.values())
        body: dict[str, object] = {"ready": ready}
        if await self._trusted(request):
            body["checks"] = checks
            body["failing"] = [name for name, good in checks.items() if not good]
            body["knowledge"] = self._knowledge()
            body["channels"] = self._channels()
        return _json(200 if ready else 503, body)

    async def metrics(self, request: web.Request) -> web.Response:
        """Everything measured; for this machine and for holders of a token."""
        if not await self._trusted(request):
            raise UnauthorizedError("metrics are for this machine, or with a token")
        body = await exposition(self._parts)
        return web.Response(body=body, headers={"Content-Type": METRICS_TYPE})

    async def _trusted(self, request: web.Request) -> bool:
        if is_local(request, self._parts.trusted_proxies):
            return True
        try:
            await caller_of(request, self._parts)
        except AskbotError:
            return False
        return True

    async def _checks(self) -> Mapping[str, bool]:
        """By name: whether it is well."""
        parts = self._parts
        checks = {
            "serving": not parts.background.stopping,
            "database": parts.gauges.alive and await database_answers(parts),
            "knowledge": self._knowledge() is not None,
        }
        return checks | {f"background.{name}": alive for name, alive in parts.background.alive().items()}

    def _channels(self) -> Mapping[str, object]:
        """Platforms as the last sending found them; none of them makes us unready."""
        channels = self._parts.channels.items()
        return {name: {"reachable": state.reachable, "problem": state.problem} for name, state in channels}

    def _knowledge(self) -> Mapping[str, object] | None:
        try:
            result = self._parts.library.result
        except KnowledgeError:
            return None
        return {"version": result.version, "good": result.good, "stale": result.stale, "missing": result.missing}


async def database_answers(parts: Parts) -> bool:
    """Whether a small question is answered in time."""

    def ask(uow: UnitOfWork) -> int:
        return uow.events.last()

    try:
        async with asyncio.timeout(PATIENCE):
            await parts.store.read(ask)
    except (AskbotError, TimeoutError):
        return False
    return True


def _json(status: int, body: Mapping[str, object]) -> web.Response:
    return web.Response(
        status=status, body=json.dumps(body, ensure_ascii=False).encode(), content_type="application/json"
    )
