"""The store as the services see it: one writer, a few readers."""

import asyncio
from collections.abc import Callable, Collection
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from sqlalchemy import Connection

from askbot.ports import Clock
from askbot.ports.storage import Handler, P, R, UnitOfWork
from askbot.store.engines import READERS, open_engine, translated
from askbot.store.unit_of_work import SqlUnitOfWork
from askbot.store.writer import Writer

T = TypeVar("T")
CAPACITY = 20_000
"""Messages that may wait to be written; beyond it callers are told to come back (503), never memory without end."""


class SqlStore:
    """See ports.storage.Store. Made stopped; `start` on the running event loop, `stop` writes what waits."""

    def __init__(self, url: str, *, clock: Clock, capacity: int = CAPACITY) -> None:
        self._clock = clock
        self._writing = open_engine(url)
        self._reading = open_engine(url, readers=True)
        self._writer = Writer(self._writing, self._unit, capacity=capacity)
        self._readers: ThreadPoolExecutor | None = None

    async def start(self) -> None:
        """Begin to write and read."""
        self._readers = ThreadPoolExecutor(READERS, thread_name_prefix="askbot-reader")
        self._writer.start()

    async def stop(self) -> None:
        """Write what waits, then let go of all connections."""
        await self._writer.stop()
        if self._readers is not None:
            await asyncio.to_thread(self._readers.shutdown)
            self._readers = None
        self._writing.dispose()
        self._reading.dispose()

    @property
    def pending(self) -> int:
        """Messages and moves that wait to be written."""
        return self._writer.pending

    @property
    def alive(self) -> bool:
        """Whether the writer runs."""
        return self._writer.alive

    def subscribe(self, hint: Callable[[], None]) -> Callable[[], None]:
        """Call `hint` on the event loop after each commit of this process; the result unsubscribes."""
        return self._writer.subscribe(hint)

    async def write(self, handler: Handler[P, R], payload: P, *, rooms: Collection[str], weight: int = 1) -> R:
        """Run the handler in the next group's transaction. See ports.storage.Store.write."""
        return await self._writer.submit(handler, payload, rooms=rooms, weight=weight)

    async def read(self, query: Callable[[UnitOfWork], T]) -> T:
        """Run a query on a consistent snapshot, off the event loop. Raises StoreError."""
        return await asyncio.get_running_loop().run_in_executor(self._readers, self._query, query)

    def _query(self, query: Callable[[UnitOfWork], T]) -> T:
        with translated(), self._reading.begin() as connection:
            return query(self._unit(connection))

    def _unit(self, connection: Connection) -> SqlUnitOfWork:
        return SqlUnitOfWork(connection, clock=self._clock)


async def open_store(url: str, *, clock: Clock, capacity: int = CAPACITY) -> SqlStore:
    """A started store on a database whose schema is in place (see migrate.py)."""
    store = SqlStore(url, clock=clock, capacity=capacity)
    await store.start()
    return store
