"""Group commit: one thread writes; whatever has arrived while it was busy goes into the next transaction.

A fixed waiting window makes a lone message slow and a crowd no faster; flushing as soon as the writer is free gives a
lone message its own commit and a crowd large groups. When more than one is under way the loop is first let hand over
what it has at hand already: that waits for no clock, only for work that is due anyway. The thread knows jobs and
connections, nothing of chat.
"""

import asyncio
import threading
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from queue import SimpleQueue
from typing import Any

from sqlalchemy import Connection, Engine

from askbot.errors import OverloadError, StoreError
from askbot.ports.storage import Handler, P, R
from askbot.store.engines import translated
from askbot.store.unit_of_work import SqlUnitOfWork

MOST_PER_GROUP = 1000
"""Weight of one transaction: bounds how long the database's lock is held."""
ROUNDS = 4
"""Rounds of the event loop from a socket that can be read to a job: read, parse, wake the handler, submit."""
PATIENCE = 0.01
"""Seconds that the writer waits for those rounds at most, should the loop be held up."""


@dataclass(slots=True, eq=False)
class Job:
    """One payload for one handler, and the future of its caller."""

    handler: Handler[Any, Any]
    payload: Any
    rooms: Collection[str]
    weight: int
    future: "asyncio.Future[Any]"


Outcome = tuple[Job, Any, BaseException | None]


class Writer:
    """Owns the writing connection and its thread. Created stopped; `capacity` bounds the weight that waits."""

    def __init__(self, engine: Engine, unit: Callable[[Connection], SqlUnitOfWork], *, capacity: int) -> None:
        self._engine = engine
        self._unit = unit
        self._capacity = capacity
        self._jobs: SimpleQueue[Job | None] = SimpleQueue()
        self._pending = 0
        self._hints: list[Callable[[], None]] = []
        self._thread: threading.Thread | None = None
        self._arrived = threading.Event()
        self._loop: asyncio.AbstractEventLoop | None = None

    @property
    def pending(self) -> int:
        """The weight that waits or is being written."""
        return self._pending

    @property
    def alive(self) -> bool:
        """Whether the thread runs."""
        return self._thread is not None and self._thread.is_alive()

    def start(self) -> None:
        """Start the thread; results come back on the running event loop."""
        self._loop = asyncio.get_running_loop()
        self._thread = threading.Thread(target=self._run, name="askbot-writer", daemon=True)
        self._thread.start()

    async def stop(self) -> None:
        """Write what waits, then end the thread."""
        if self._thread is None:
            return
        thread, self._thread = self._thread, None
        self._jobs.put(None)
        await asyncio.to_thread(thread.join)

    def subscribe(self, hint: Callable[[], None]) -> Callable[[], None]:
        """Call `hint` on the loop after each commit; the result unsubscribes."""
        self._hints.append(hint)
        return lambda: self._hints.remove(hint)

    async def submit(self, handler: Handler[P, R], payload: P, *, rooms: Collection[str], weight: int) -> R:
        """Join the next group; the result once it is durable. See ports.storage.Store.write."""
        if not self.alive:
            raise StoreError("the store is stopped")
        if self._pending + weight > self._capacity:
            raise OverloadError("too much waits to be written; try again shortly", code="queue_full")
        future: asyncio.Future[R] = asyncio.get_running_loop().create_future()
        self._pending += weight
        self._jobs.put(Job(handler, payload, rooms, weight, future))
        return await future

    def _run(self) -> None:
        while (group := self._next_group()) is not None:
            outcomes = self._write(group)
            if self._loop is not None and not self._loop.is_closed():
                self._loop.call_soon_threadsafe(self._resolve, outcomes)

    def _next_group(self) -> list[Job] | None:
        """Wait for a job, then take what else is there; None at the end."""
        first = self._jobs.get()
        if first is None:
            return None
        if self._pending > first.weight:
            self._let_arrive()
        group, weight = [first], first.weight
        while weight < MOST_PER_GROUP and not self._jobs.empty():
            job = self._jobs.get()
            if job is None:
                self._jobs.put(None)  # the end stands behind what was taken
                break
            group.append(job)
            weight += job.weight
        return group

    def _let_arrive(self) -> None:
        """Let the loop hand over what it has read already, so that one commit is for all of it.

        Under load this halves the number of commits; a lone message never comes here.
        """
        if self._loop is not None and not self._loop.is_closed():
            self._arrived.clear()
            self._loop.call_soon_threadsafe(self._after_rounds, ROUNDS)
            self._arrived.wait(PATIENCE)

    def _after_rounds(self, left: int) -> None:
        if left and self._loop is not None:
            self._loop.call_soon(self._after_rounds, left - 1)
        else:
            self._arrived.set()

    def _write(self, group: Sequence[Job]) -> list[Outcome]:
        """All in one transaction; when that fails, each by itself, so that one bad job harms no other."""
        try:
            return self._transaction(group)
        except Exception as error:  # noqa: BLE001 (whatever a handler raises is its caller's)
            if len(group) == 1 or _unavailable(error):
                return [(job, None, error) for job in group]
        return [outcome for job in group for outcome in self._write([job])]

    def _transaction(self, group: Sequence[Job]) -> list[Outcome]:
        outcomes: list[Outcome] = []
        with translated(), self._engine.begin() as connection:
            unit = self._unit(connection)
            unit.lock({room for job in group for room in job.rooms})
            for jobs in _by_handler(group):
                results = jobs[0].handler(unit, [job.payload for job in jobs])
                outcomes.extend((job, result, None) for job, result in zip(jobs, results, strict=True))
            unit.finish()
        return outcomes

    def _resolve(self, outcomes: list[Outcome]) -> None:
        for job, result, error in outcomes:
            self._pending -= job.weight
            if job.future.done():
                continue  # the caller has gone; what it asked for is written all the same
            if error is None:
                job.future.set_result(result)
            else:
                job.future.set_exception(error)
        if any(error is None for _, _, error in outcomes):
            for hint in tuple(self._hints):
                hint()


def _unavailable(error: Exception) -> bool:
    """The database itself is away: asking again for each job would only wait as often."""
    return isinstance(error, StoreError) and error.code == StoreError.code


def _by_handler(group: Sequence[Job]) -> list[list[Job]]:
    """Jobs of one handler together, in the order in which each handler first came."""
    groups: dict[tuple[int, int], list[Job]] = {}
    for job in group:
        owner, function = getattr(job.handler, "__self__", None), getattr(job.handler, "__func__", job.handler)
        groups.setdefault((id(owner), id(function)), []).append(job)
    return list(groups.values())
