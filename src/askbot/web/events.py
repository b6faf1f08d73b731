"""GET /api/v1/events: the log of changes as server-sent events, resumed from Last-Event-ID.

An event says what changed (`kind`, `ref`, `room`), not how it is now: that is asked of the API.
"""

import asyncio
import json
import re
from collections.abc import AsyncIterator, Sequence
from time import monotonic

from aiohttp import web

from askbot.errors import AskbotError, InputError, NotFoundError
from askbot.ports.storage import Row
from askbot.services.access import Right
from askbot.web.api_rooms import time_form
from askbot.web.auth import caller_of
from askbot.web.live import Listener
from askbot.web.parts import Parts

HEARTBEAT = 15.0
STUCK = 20.0
"""Seconds after which a listener that reads nothing is let go."""
READMIT = 10.0
"""Seconds after which a listener's token is looked up again: one that was revoked must not listen on."""
RETRY = b"retry: 2000\n: askbot\n\n"
BEAT = b": beat\n\n"
RESET = b"event: reset\ndata: {}\n\n"
"""Some events between are gone: read everything anew."""
_HEADERS = {
    "Content-Type": "text/event-stream; charset=utf-8",
    "Cache-Control": "no-store",
    "X-Accel-Buffering": "no",
    "X-Content-Type-Options": "nosniff",
}


class Events:
    """The handler of the stream."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._live = parts.live

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Stream until the listener leaves or the service stops."""
        await self._admit(request)
        room = self._room(request)
        resume = last_event_id(request)
        listener = await self._live.join()  # before anything is replayed, so that nothing falls between
        try:
            response = web.StreamResponse(headers=_HEADERS)
            await response.prepare(request)
            await self._stream(response, request, self._chunks(listener, resume, room))
        finally:
            self._live.leave(listener)
        return response

    async def _admit(self, request: web.Request) -> None:
        """Return while the caller may listen; UnauthorizedError, ForbiddenError."""
        caller = await caller_of(request, self._parts)
        caller.need(Right.CHAT)

    def _room(self, request: web.Request) -> str | None:
        room = request.query.get("room")
        if room is not None and room not in self._parts.rooms:
            raise NotFoundError("there is no such room", code="unknown_room")
        return room

    async def _stream(self, response: web.StreamResponse, request: web.Request, chunks: AsyncIterator[bytes]) -> None:
        try:
            await _write(response, RETRY)
            admitted = monotonic()
            async for chunk in chunks:
                if monotonic() - admitted >= READMIT:
                    await self._admit(request)
                    admitted = monotonic()
                await _write(response, chunk)
        except (ConnectionResetError, TimeoutError):
            return  # it has gone, or reads nothing; it will resume
        except AskbotError:
            return  # its token has ended, or the database is away: it comes again, and is then told so by a status

    async def _chunks(self, listener: Listener, resume: int | None, room: str | None) -> AsyncIterator[bytes]:
        """What is to be sent, without end."""
        seen = await self._live.last() if resume is None else resume
        if resume is not None:
            seen = await self._start(resume)
            if seen != resume:
                yield RESET
            listener.behind = True
        while not self._live.closing:
            events = listener.take()
            if listener.behind:
                events = []
                listener.behind = False
                while missed := await self._live.after(seen):
                    seen = missed[-1]["id"]
                    yield _told(missed, room)
            if fresh := [event for event in events if event["id"] > seen]:
                seen = fresh[-1]["id"]
                yield _told(fresh, room)
            if not await _woken(listener):
                yield BEAT

    async def _start(self, resume: int) -> int:
        """Where to go on: behind `resume`, or at the end when what followed it is not kept any more."""
        last = await self._live.last()
        if resume > last:
            return last
        following = await self._live.after(resume)
        gone = bool(following) and following[0]["id"] > resume + 1
        return last if gone else resume


def last_event_id(request: web.Request) -> int | None:
    """Where the caller left off; InputError when that is no number of ours."""
    typed = request.headers.get("Last-Event-ID") or request.query.get("after") or ""
    if not typed:
        return None
    if not re.fullmatch(r"[0-9]{1,15}", typed):
        raise InputError("Last-Event-ID is no number of an event", code="bad_cursor")
    return int(typed)


async def _woken(listener: Listener) -> bool:
    """Whether something came before the next heartbeat is due."""
    try:
        async with asyncio.timeout(HEARTBEAT):
            await listener.woken.wait()
    except TimeoutError:
        return False
    return True


async def _write(response: web.StreamResponse, chunk: bytes) -> None:
    if chunk:
        async with asyncio.timeout(STUCK):
            await response.write(chunk)


def _told(events: Sequence[Row], room: str | None) -> bytes:
    return "".join(_event(event) for event in events if room is None or event["room"] == room).encode()


def _event(row: Row) -> str:
    """One event. Its data is JSON on one line, so no text can forge a field."""
    data = {"room": row["room"], "kind": row["kind"], "ref": row["ref"], "at": time_form(row["at"])}
    data |= {"data": json.loads(row["data"])}
    return f"id: {row['id']}\nevent: {row['kind']}\ndata: {json.dumps(data, ensure_ascii=False)}\n\n"
