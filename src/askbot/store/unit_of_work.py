"""One transaction over all tables, for handlers (writing) and queries (reading)."""

from collections.abc import Collection
from functools import cached_property
from hashlib import blake2b

from sqlalchemy import Connection, text

from askbot.ports import Clock
from askbot.store.events import SqlEvents
from askbot.store.messages import SqlMessages
from askbot.store.personal import SqlPersonalData
from askbot.store.replies import SqlReplies
from askbot.store.switches import SqlSwitches
from askbot.store.tickets import SqlTickets
from askbot.store.tokens import SqlTokens

EVENT_LOCK = 1
"""The lock under which events are numbered; taken last, so that no reader sees event 8 before event 7."""


class SqlUnitOfWork:
    """See ports.storage.UnitOfWork."""

    def __init__(self, connection: Connection, *, clock: Clock) -> None:
        self._connection = connection
        self._clock = clock

    def lock(self, rooms: Collection[str]) -> None:
        """Make these rooms ours until the commit; SQLite's one writer has them all by BEGIN IMMEDIATE.

        Rooms are locked in one order in all processes, so that two of them never wait for each other.
        """
        if self._connection.dialect.name == "postgresql":
            for number in sorted(_lock_number(room) for room in rooms):
                self._connection.execute(_LOCK, {"number": number})

    def finish(self) -> None:
        """The last step before the commit: number and write the events."""
        if self.events.waiting:
            if self._connection.dialect.name == "postgresql":
                self._connection.execute(_LOCK, {"number": EVENT_LOCK})
            self.events.flush()

    @cached_property
    def messages(self) -> SqlMessages:
        """Messages and conversations."""
        return SqlMessages(self._connection)

    @cached_property
    def replies(self) -> SqlReplies:
        """The outbox."""
        return SqlReplies(self._connection)

    @cached_property
    def tickets(self) -> SqlTickets:
        """The queue."""
        return SqlTickets(self._connection)

    @cached_property
    def switches(self) -> SqlSwitches:
        """Stop switches."""
        return SqlSwitches(self._connection)

    @cached_property
    def events(self) -> SqlEvents:
        """The log of changes, and durable counters."""
        return SqlEvents(self._connection, clock=self._clock)

    @cached_property
    def tokens(self) -> SqlTokens:
        """API tokens."""
        return SqlTokens(self._connection)

    @cached_property
    def personal(self) -> SqlPersonalData:
        """Retention and forgetting."""
        return SqlPersonalData(self._connection)


_LOCK = text("SELECT pg_advisory_xact_lock(:number)")


def _lock_number(room: str) -> int:
    """A lock's number for a room: 62 bits of its digest, above EVENT_LOCK."""
    return (int.from_bytes(blake2b(room.encode(), digest_size=8).digest(), "big") >> 2) + EVENT_LOCK + 1
