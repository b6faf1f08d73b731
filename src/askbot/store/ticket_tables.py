"""The queue's tables. What stands here must be matched by a migration.

`joins` is the open ticket that takes in who asks the same: the ticket itself, or the one it was merged into; empty once
that is closed. `first_epoch` and `changed_epoch` (whole seconds) let both databases rank by the same arithmetic.
"""

from sqlalchemy import BigInteger, Boolean, Column, Float, Index, Integer, String, Table, Text

from askbot.store.base import METADATA, SEQUENCE, UtcTime

_joins: Column[str] = Column("joins", String(16))

TICKETS = Table(
    "tickets",
    METADATA,
    Column("seq", SEQUENCE, primary_key=True, autoincrement=True),
    Column("id", String(16), nullable=False, unique=True),
    Column("room", Text, nullable=False),
    Column("state", String(16), nullable=False),
    Column("version", Integer, nullable=False),
    Column("askers", Integer, nullable=False),
    Column("messages", Integer, nullable=False),
    Column("first_at", UtcTime, nullable=False),
    Column("last_at", UtcTime, nullable=False, index=True),
    Column("changed_at", UtcTime, nullable=False),
    Column("wording", Text, nullable=False),
    Column("reason", String(16), nullable=False),
    Column("why", Text, nullable=False),
    Column("entry", Text),
    Column("item", Text),
    Column("unlisted", Text),
    Column("candidates", Text, nullable=False),
    Column("suggestion", Text),
    Column("topic", Text),
    Column("department", Text),
    Column("priority", String(16), nullable=False),
    Column("due", UtcTime, nullable=False),
    Column("holder", Text),
    Column("lease_until", UtcTime),
    Column("returns", Integer, nullable=False),
    Column("forwarded_to", Text),
    Column("forward_due", UtcTime),
    Column("deferred_until", UtcTime),
    Column("answer", Text),
    Column("spoken", Boolean, nullable=False),
    Column("spoken_offset", Float),
    Column("note", Text),
    Column("merged_into", String(16), index=True),
    Column("knowledge_version", Text, nullable=False),
    Column("join_key", String(32)),
    Column("bucket", String(32)),
    Column("gist_text", Text, nullable=False),
    _joins,
    Column("opener", String(32)),
    Column("opened_at", UtcTime, nullable=False),
    Column("first_epoch", BigInteger, nullable=False),
    Column("changed_epoch", BigInteger, nullable=False),
    Index("ix_tickets_room_state", "room", "state"),
    Index("ix_tickets_opener_opened_at", "opener", "opened_at"),
    Index(
        "ix_tickets_join_key",
        "join_key",
        sqlite_where=_joins.is_not(None),
        postgresql_where=_joins.is_not(None),
    ),
    Index(
        "ix_tickets_bucket_seq",
        "bucket",
        "seq",
        sqlite_where=_joins.is_not(None),
        postgresql_where=_joins.is_not(None),
    ),
    sqlite_autoincrement=True,
)

TICKET_NEEDS = Table(
    "ticket_needs",
    METADATA,
    Column("seq", SEQUENCE, primary_key=True, autoincrement=True),
    Column("ticket", String(16), nullable=False),
    Column("source", Text, nullable=False),
    Column("message_id", Text, nullable=False),
    Column("user_id", Text, nullable=False),
    Column("user_name", Text, nullable=False),
    Column("asker", String(32), nullable=False, index=True),
    Column("text", Text, nullable=False),
    Column("gist", Text),
    Column("at", UtcTime, nullable=False, index=True),
    Column("anonymous", Boolean, nullable=False),
    Column("moved_by", String(32)),
    Index("ix_ticket_needs_ticket_asker", "ticket", "asker"),
    sqlite_autoincrement=True,
)

TICKET_HISTORY = Table(
    "ticket_history",
    METADATA,
    Column("seq", SEQUENCE, primary_key=True, autoincrement=True),
    Column("op", String(32), nullable=False, index=True),
    Column("ticket", String(16), nullable=False),
    Column("at", UtcTime, nullable=False, index=True),
    Column("by", Text, nullable=False),
    Column("move", String(16), nullable=False),
    Column("from_state", String(16), nullable=False),
    Column("to_state", String(16), nullable=False),
    Column("version", Integer, nullable=False),
    Column("payload", Text, nullable=False),
    Column("before", Text, nullable=False),
    Column("side", Boolean, nullable=False),
    Index("ix_ticket_history_ticket_seq", "ticket", "seq"),
    sqlite_autoincrement=True,
)
