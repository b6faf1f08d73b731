"""The tables, but for the queue's (ticket_tables.py). What stands here must be matched by a migration.

Keys that would be several long texts are kept as one digest (`key_of`): one short index instead of a wide one.
"""

from functools import lru_cache
from hashlib import blake2b

from sqlalchemy import Boolean, Column, Float, Index, Integer, String, Table, Text

from askbot.store.base import METADATA, SEQUENCE, UtcTime


@lru_cache(maxsize=4096)  # a message's is asked for twice, a viewer's with every line of theirs
def key_of(*parts: str) -> str:
    """A digest that stands for these parts together; no two lists of parts share one."""
    digest = blake2b(digest_size=16)
    for part in parts:
        data = part.encode("utf-8", "surrogatepass")
        digest.update(len(data).to_bytes(4, "big"))
        digest.update(data)
    return digest.hexdigest()


MESSAGES = Table(
    "messages",
    METADATA,
    Column("seq", SEQUENCE, primary_key=True, autoincrement=True),
    Column("key", String(32), nullable=False, unique=True),
    Column("source", Text, nullable=False),
    Column("room", Text, nullable=False),
    Column("message_id", Text, nullable=False),
    Column("user_id", Text, nullable=False),
    Column("user_name", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("sent_at", UtcTime),
    Column("taken_at", UtcTime, nullable=False),
    Column("decisions", Text, nullable=False),
    Column("knowledge_version", Text, nullable=False),
    Index("ix_messages_room_seq", "room", "seq"),
    Index("ix_messages_taken_at", "taken_at"),
    sqlite_autoincrement=True,
)

TRAFFIC = Table(
    "traffic",
    METADATA,
    Column("room", Text, primary_key=True),
    Column("second", SEQUENCE, primary_key=True, autoincrement=False),
    Column("messages", Integer, nullable=False),
)

CONVERSATIONS = Table(
    "conversations",
    METADATA,
    Column("key", String(32), primary_key=True),
    Column("state", Text, nullable=False),
    Column("at", UtcTime, nullable=False, index=True),
)

REPLIES = Table(
    "replies",
    METADATA,
    Column("seq", SEQUENCE, primary_key=True, autoincrement=True),
    Column("id", String(34), nullable=False, unique=True),
    Column("room", Text, nullable=False),
    Column("channel", Text, nullable=False),
    Column("key", String(32), nullable=False),
    Column("kind", String(16), nullable=False),
    Column("state", String(16), nullable=False),
    Column("text", Text, nullable=False),
    Column("entry", Text),
    Column("item", Text),
    Column("unlisted", Text),
    Column("ticket", Text, index=True),
    Column("knowledge_version", Text, nullable=False),
    Column("created_at", UtcTime, nullable=False),
    Column("due_at", UtcTime, nullable=False),
    Column("expires_at", UtcTime, nullable=False),
    Column("said_at", UtcTime),
    Column("attempts", Integer, nullable=False, default=0),
    Column("lease_owner", Text),
    Column("lease_until", UtcTime),
    Column("note", Text),
    Index("ix_replies_state_due_at", "state", "due_at"),
    Index("ix_replies_room_seq", "room", "seq"),
    Index("ix_replies_room_key", "room", "key", "state"),
    Index("ix_replies_room_said_at", "room", "said_at"),
    sqlite_autoincrement=True,
)

REPLY_ASKERS = Table(
    "reply_askers",
    METADATA,
    Column("seq", SEQUENCE, primary_key=True, autoincrement=True),
    Column("reply", String(34), nullable=False, index=True),
    Column("source", Text, nullable=False),
    Column("message_id", Text, nullable=False),
    Column("user_id", Text, nullable=False),
    Column("user_name", Text, nullable=False),
    Column("need", Text, nullable=False),
    Column("asked_at", UtcTime, nullable=False, index=True),
    Column("expires_at", UtcTime, nullable=False),
    Column("dropped", Boolean, nullable=False, default=False),
    sqlite_autoincrement=True,
)

ROOM_MODES = Table(
    "room_modes",
    METADATA,
    Column("room", Text, primary_key=True),
    Column("mode", String(16), nullable=False),
    Column("by", Text, nullable=False),
    Column("at", UtcTime, nullable=False),
)

MUTED_ENTRIES = Table(
    "muted_entries",
    METADATA,
    Column("entry", Text, primary_key=True),
    Column("by", Text, nullable=False),
    Column("at", UtcTime, nullable=False),
)

BLOCKED_USERS = Table(
    "blocked_users",
    METADATA,
    Column("source", Text, primary_key=True),
    Column("user_id", Text, primary_key=True),
    Column("by", Text, nullable=False),
    Column("at", UtcTime, nullable=False),
)

EVENTS = Table(
    "events",
    METADATA,
    Column("id", SEQUENCE, primary_key=True, autoincrement=True),
    Column("at", UtcTime, nullable=False, index=True),
    Column("room", Text, nullable=False),
    Column("kind", String(32), nullable=False),
    Column("ref", Text, nullable=False),
    Column("data", Text, nullable=False),
    sqlite_autoincrement=True,
)

COUNTERS = Table(
    "counters",
    METADATA,
    Column("room", Text, primary_key=True),
    Column("name", String(64), primary_key=True),
    Column("value", Float, nullable=False),
)

TOKENS = Table(
    "tokens",
    METADATA,
    Column("id", String(16), primary_key=True),
    Column("name", Text, nullable=False),
    Column("role", String(16), nullable=False),
    Column("department", Text),
    Column("digest", String(64), nullable=False, unique=True),
    Column("created_at", UtcTime, nullable=False),
    Column("expires_at", UtcTime),
    Column("revoked_at", UtcTime),
)
