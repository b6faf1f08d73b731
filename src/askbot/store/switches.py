"""Stop switches: modes of rooms, muted entries, blocked viewers."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Connection, bindparam, delete, select

from askbot.domain.replies import Mode
from askbot.ports.storage import Switches
from askbot.store.dialect import replacing
from askbot.store.tables import BLOCKED_USERS, MUTED_ENTRIES, ROOM_MODES

_MODES = select(ROOM_MODES.c.room, ROOM_MODES.c.mode).where(ROOM_MODES.c.room.in_(bindparam("rooms", expanding=True)))
_MUTED = select(MUTED_ENTRIES.c.entry)
_BLOCKED = select(BLOCKED_USERS.c.source, BLOCKED_USERS.c.user_id)


class SqlSwitches:
    """See ports.storage.SwitchStore."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def load(self, rooms: Collection[str]) -> Switches:
        """What is in force now; read in the transaction that obeys it, so no process can be late."""
        execute = self._connection.execute
        modes = execute(_MODES, {"rooms": list(rooms)})
        muted = execute(_MUTED).scalars()
        blocked = execute(_BLOCKED)
        return Switches(
            modes={room: Mode(mode) for room, mode in modes},
            muted=frozenset(muted),
            blocked=frozenset((source, user) for source, user in blocked),
        )

    def set_mode(self, room: str, mode: Mode, *, by: str, at: datetime) -> None:
        """Set a room's mode."""
        self._connection.execute(
            replacing(self._connection, ROOM_MODES), {"room": room, "mode": mode.value, "by": by, "at": at}
        )

    def set_muted(self, entry: str, muted: bool, *, by: str, at: datetime) -> None:  # noqa: FBT001 (a switch)
        """Mute or unmute an entry."""
        if muted:
            self._connection.execute(replacing(self._connection, MUTED_ENTRIES), {"entry": entry, "by": by, "at": at})
        else:
            self._connection.execute(delete(MUTED_ENTRIES).where(MUTED_ENTRIES.c.entry == entry))

    def set_blocked(self, source: str, user_id: str, blocked: bool, *, by: str, at: datetime) -> None:  # noqa: FBT001
        """Block or unblock a viewer."""
        if blocked:
            row = {"source": source, "user_id": user_id, "by": by, "at": at}
            self._connection.execute(replacing(self._connection, BLOCKED_USERS), row)
            return
        columns = BLOCKED_USERS.c
        self._connection.execute(delete(BLOCKED_USERS).where(columns.source == source, columns.user_id == user_id))
