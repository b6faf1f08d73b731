"""Stop switches: modes of rooms, muted entries, blocked viewers."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Connection, Table, delete, select

from askbot.domain.replies import Mode
from askbot.ports.storage import Switches
from askbot.store.dialect import insert_for
from askbot.store.tables import BLOCKED_USERS, MUTED_ENTRIES, ROOM_MODES


class SqlSwitches:
    """See ports.storage.SwitchStore."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def load(self, rooms: Collection[str]) -> Switches:
        """What is in force now; read in the transaction that obeys it, so no process can be late."""
        execute = self._connection.execute
        modes = execute(select(ROOM_MODES.c.room, ROOM_MODES.c.mode).where(ROOM_MODES.c.room.in_(list(rooms))))
        muted = execute(select(MUTED_ENTRIES.c.entry)).scalars()
        blocked = execute(select(BLOCKED_USERS.c.source, BLOCKED_USERS.c.user_id))
        return Switches(
            modes={room: Mode(mode) for room, mode in modes},
            muted=frozenset(muted),
            blocked=frozenset((source, user) for source, user in blocked),
        )

    def set_mode(self, room: str, mode: Mode, *, by: str, at: datetime) -> None:
        """Set a room's mode."""
        self._put(ROOM_MODES, {"room": room}, {"mode": mode.value, "by": by, "at": at})

    def set_muted(self, entry: str, muted: bool, *, by: str, at: datetime) -> None:  # noqa: FBT001 (a switch)
        """Mute or unmute an entry."""
        if muted:
            self._put(MUTED_ENTRIES, {"entry": entry}, {"by": by, "at": at})
        else:
            self._connection.execute(delete(MUTED_ENTRIES).where(MUTED_ENTRIES.c.entry == entry))

    def set_blocked(self, source: str, user_id: str, blocked: bool, *, by: str, at: datetime) -> None:  # noqa: FBT001
        """Block or unblock a viewer."""
        if blocked:
            self._put(BLOCKED_USERS, {"source": source, "user_id": user_id}, {"by": by, "at": at})
            return
        columns = BLOCKED_USERS.c
        self._connection.execute(delete(BLOCKED_USERS).where(columns.source == source, columns.user_id == user_id))

    def _put(self, table: Table, key: dict[str, str], values: dict[str, object]) -> None:
        statement = insert_for(self._connection, table).values(**key, **values)
        self._connection.execute(statement.on_conflict_do_update(index_elements=list(key), set_=values))
