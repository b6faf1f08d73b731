"""What is known of viewers: pseudonymised after one time, erased after another, or at once when they ask."""

from collections.abc import Callable, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, Table, bindparam, delete, select, update

from askbot.store.tables import CONVERSATIONS, EVENTS, MESSAGES, REPLIES, REPLY_ASKERS, TRAFFIC

PSEUDONYM_PREFIX = "~"
"""Marks a user id that is one no more."""

_AGED: Sequence[tuple[Table, str, str]] = ((MESSAGES, "taken_at", "text"), (REPLY_ASKERS, "asked_at", "need"))
"""Tables with viewers in them: the column of age, the column of what they wrote."""


class SqlPersonalData:
    """See ports.storage.PersonalData."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def pseudonymise_before(self, at: datetime, pseudonym: Callable[[str, str], str], *, limit: int) -> int:
        """Names away and user ids replaced in at most `limit` rows of each table older than `at`; how many."""
        return sum(self._pseudonymise(table, table.c[age] < at, pseudonym, limit) for table, age, _ in _AGED)

    def _pseudonymise(
        self, table: Table, old: ColumnElement[bool], pseudonym: Callable[[str, str], str], limit: int
    ) -> int:
        plain = table.c.user_id.not_like(f"{PSEUDONYM_PREFIX}%")
        query = select(table.c.seq, table.c.source, table.c.user_id).where(old, plain).limit(limit)
        rows = self._connection.execute(query).all()
        if rows:
            statement = update(table).where(table.c.seq == bindparam("row"))
            values = [{"row": r.seq, "user_id": pseudonym(r.source, r.user_id), "user_name": ""} for r in rows]
            self._connection.execute(statement, values)
        return len(rows)

    def erase_texts_before(self, at: datetime, *, limit: int) -> int:
        """What viewers wrote away in at most `limit` rows of each table older than `at`; how many."""
        erased = 0
        for table, age, text in _AGED:
            rows = select(table.c.seq).where(table.c[age] < at, table.c[text] != "").limit(limit)
            values = {text: "", **({"decisions": "[]"} if table is MESSAGES else {})}
            erased += self._connection.execute(update(table).where(table.c.seq.in_(rows)).values(**values)).rowcount
        return erased

    def tidy_before(self, at: datetime) -> int:
        """Delete what is only of the moment and older: conversations, traffic, events; how many."""
        statements = (
            delete(CONVERSATIONS).where(CONVERSATIONS.c.at < at),
            delete(TRAFFIC).where(TRAFFIC.c.second < int(at.timestamp())),
            delete(EVENTS).where(EVENTS.c.at < at),
        )
        return sum(self._connection.execute(statement).rowcount for statement in statements)

    def forget(self, source: str, user_id: str) -> int:
        """Erase what is kept of this viewer, but for tickets; how many rows. The conversation ends by itself."""
        erased = 0
        for table, _, text in _AGED:
            values = {"user_id": f"{PSEUDONYM_PREFIX}forgotten", "user_name": "", text: ""}
            if table is MESSAGES:
                values["decisions"] = "[]"
            mine = (table.c.source == source) & (table.c.user_id == user_id)
            erased += self._connection.execute(update(table).where(mine).values(**values)).rowcount
        return erased

    def erase_reply_texts_before(self, at: datetime) -> int:
        """Texts of manual replies may name a person: away after the texts' time."""
        old = (REPLIES.c.created_at < at) & (REPLIES.c.kind == "manual") & (REPLIES.c.text != "")
        return self._connection.execute(update(REPLIES).where(old).values(text="")).rowcount
