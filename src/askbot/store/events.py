"""The log of changes for live pages, and durable counters."""

import json
from collections.abc import Mapping, Sequence

from sqlalchemy import Connection, func, select

from askbot.ports import Clock
from askbot.ports.storage import Row
from askbot.store.base import dicts
from askbot.store.dialect import adding
from askbot.store.tables import COUNTERS, EVENTS


class SqlEvents:
    """See ports.storage.EventStore. Events and counts wait here until the transaction's end."""

    def __init__(self, connection: Connection, *, clock: Clock) -> None:
        self._connection = connection
        self._clock = clock
        self._events: dict[tuple[str, str, str], str] = {}
        self._counts: dict[tuple[str, str], float] = {}

    @property
    def waiting(self) -> bool:
        """Whether there is something to flush."""
        return bool(self._events or self._counts)

    def append(self, room: str, kind: str, ref: str, data: Mapping[str, object] | None = None) -> None:
        """Tell that something changed; of several changes to one thing in a transaction the last is told."""
        self._events[room, kind, ref] = json.dumps(data or {}, ensure_ascii=False)

    def count(self, room: str, name: str, by: float = 1) -> None:
        """Add to a room's durable counter."""
        self._counts[room, name] = self._counts.get((room, name), 0) + by

    def flush(self) -> None:
        """Write what waits, in the order in which it was told."""
        now = self._clock()
        if self._counts:
            self._connection.execute(
                adding(self._connection, COUNTERS, "value"),
                [{"room": room, "name": name, "value": n} for (room, name), n in sorted(self._counts.items())],
            )
        if self._events:
            rows = [
                {"at": now, "room": room, "kind": kind, "ref": ref, "data": data}
                for (room, kind, ref), data in self._events.items()
            ]
            self._connection.execute(EVENTS.insert(), rows)
        self._events.clear()
        self._counts.clear()

    def after(self, event_id: int, *, limit: int) -> Sequence[Row]:
        """Events with a larger number, oldest first."""
        query = select(EVENTS).where(EVENTS.c.id > event_id).order_by(EVENTS.c.id).limit(limit)
        return dicts(self._connection.execute(query))

    def last(self) -> int:
        """The largest number, 0 when there is none."""
        return int(self._connection.execute(select(func.coalesce(func.max(EVENTS.c.id), 0))).scalar_one())
