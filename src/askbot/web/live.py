"""Live events (实时事件): one reader of the log for all listeners, who are told in order and can resume.

The truth is the database's table; a hint after each commit of this process only makes the reader look at once, and
for other processes' commits it looks twice a second. A listener that cannot keep up is not waited for: its queue is
dropped, and it reads what it missed from the table.
"""

import asyncio
import contextlib
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import structlog

from askbot.errors import AskbotError
from askbot.ports.storage import Row, Store, UnitOfWork

LOG = structlog.get_logger(__name__)
LOOK_EVERY = 0.5
PAUSE = 0.02
"""Seconds between two looks however many hints come."""
BATCH = 500
MOST_WAITING = 1000
"""Events that may wait for one listener."""


@dataclass(slots=True, eq=False)
class Listener:
    """One connection. `waiting` holds events in order; `behind`: some were dropped, the table has them."""

    waiting: deque[Row] = field(default_factory=deque)
    woken: asyncio.Event = field(default_factory=asyncio.Event)
    behind: bool = False

    def tell(self, events: Sequence[Row]) -> bool:
        """Hand events over; False when they did not fit and the listener must catch up by itself."""
        fits = len(self.waiting) + len(events) <= MOST_WAITING
        if fits and not self.behind:
            self.waiting.extend(events)
        else:
            self.waiting.clear()
            self.behind = True
        self.woken.set()
        return fits

    def take(self) -> list[Row]:
        """What waits; the listener then sleeps until it is woken again."""
        self.woken.clear()
        events = list(self.waiting)
        self.waiting.clear()
        return events


class Live:
    """Reads the log and tells its listeners. `run` is a background loop."""

    def __init__(self, store: Store, dropped: Callable[[], None] = lambda: None) -> None:
        self._store = store
        self._dropped = dropped
        self._listeners: set[Listener] = set()
        self._hint = asyncio.Event()
        self._seen = 0
        self.closing = False

    @property
    def listeners(self) -> int:
        """How many listen."""
        return len(self._listeners)

    async def join(self) -> Listener:
        """A new listener, told of everything from now on; leave with `leave`."""
        if not self._listeners:
            self._seen = await self.last()
        listener = Listener()
        self._listeners.add(listener)
        return listener

    def leave(self, listener: Listener) -> None:
        """Tell it no more."""
        self._listeners.discard(listener)

    async def last(self) -> int:
        """The newest event's number."""
        return await self._store.read(lambda uow: uow.events.last())

    async def after(self, event: int) -> Sequence[Row]:
        """Events behind that number, at most BATCH."""

        def look(uow: UnitOfWork) -> Sequence[Row]:
            return uow.events.after(event, limit=BATCH)

        return await self._store.read(look)

    def close(self) -> None:
        """Wake all listeners for the last time."""
        self.closing = True
        for listener in self._listeners:
            listener.woken.set()

    async def run(self) -> None:
        """Tell until cancelled; a database that fails is asked again."""
        unsubscribe = self._store.subscribe(self._hint.set)
        try:
            while True:
                if self._listeners:
                    await self._look()
                await asyncio.sleep(PAUSE)
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(LOOK_EVERY):
                        await self._hint.wait()
                self._hint.clear()
        finally:
            unsubscribe()

    async def _look(self) -> None:
        try:
            while events := await self.after(self._seen):
                self._seen = events[-1]["id"]
                for listener in tuple(self._listeners):
                    if not listener.tell(events):
                        self._dropped()
        except AskbotError as error:
            LOG.warning("live.look_failed", code=error.code)
