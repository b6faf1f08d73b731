"""Messages, conversations, replies, switches, events, tokens."""

import sqlalchemy as sa
from alembic import op

from askbot.store.base import UtcTime

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

TABLES = (
    "blocked_users",
    "conversations",
    "counters",
    "events",
    "messages",
    "muted_entries",
    "replies",
    "reply_askers",
    "room_modes",
    "tokens",
    "traffic",
)


def upgrade() -> None:
    _make_blocked_users()
    _make_conversations()
    _make_counters()
    _make_events()
    _make_messages()
    _make_muted_entries()
    _make_replies()
    _make_reply_askers()
    _make_room_modes()
    _make_tokens()
    _make_traffic()


def downgrade() -> None:
    for table in TABLES:
        op.drop_table(table)


def _make_blocked_users() -> None:
    op.create_table(
        "blocked_users",
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("user_id", sa.Text(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("at", UtcTime(), nullable=False),
        sa.PrimaryKeyConstraint("source", "user_id", name=op.f("pk_blocked_users")),
    )


def _make_conversations() -> None:
    op.create_table(
        "conversations",
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("at", UtcTime(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_conversations")),
    )
    _index_conversations()


def _index_conversations() -> None:
    op.create_index(op.f("ix_conversations_at"), "conversations", ["at"], unique=False)


def _make_counters() -> None:
    op.create_table(
        "counters",
        sa.Column("room", sa.Text(), nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("value", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("room", "name", name=op.f("pk_counters")),
    )


def _make_events() -> None:
    op.create_table(
        "events",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("at", UtcTime(), nullable=False),
        sa.Column("room", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("ref", sa.Text(), nullable=False),
        sa.Column("data", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_events")),
        sqlite_autoincrement=True,
    )
    _index_events()


def _index_events() -> None:
    op.create_index(op.f("ix_events_at"), "events", ["at"], unique=False)


def _make_messages() -> None:
    op.create_table(
        "messages",
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("room", sa.Text(), nullable=False),
        sa.Column("message_id", sa.Text(), nullable=False),
        sa.Column("user_id", sa.Text(), nullable=False),
        sa.Column("user_name", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("sent_at", UtcTime(), nullable=True),
        sa.Column("taken_at", UtcTime(), nullable=False),
        sa.Column("decisions", sa.Text(), nullable=False),
        sa.Column("knowledge_version", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_messages")),
        sa.UniqueConstraint("key", name=op.f("uq_messages_key")),
        sqlite_autoincrement=True,
    )
    _index_messages()


def _index_messages() -> None:
    op.create_index("ix_messages_room_seq", "messages", ["room", "seq"], unique=False)
    op.create_index("ix_messages_taken_at", "messages", ["taken_at"], unique=False)


def _make_muted_entries() -> None:
    op.create_table(
        "muted_entries",
        sa.Column("entry", sa.Text(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("at", UtcTime(), nullable=False),
        sa.PrimaryKeyConstraint("entry", name=op.f("pk_muted_entries")),
    )


def _make_replies() -> None:
    op.create_table(
        "replies",
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("id", sa.String(length=34), nullable=False),
        sa.Column("room", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("entry", sa.Text(), nullable=True),
        sa.Column("item", sa.Text(), nullable=True),
        sa.Column("unlisted", sa.Text(), nullable=True),
        sa.Column("ticket", sa.Text(), nullable=True),
        sa.Column("knowledge_version", sa.Text(), nullable=False),
        sa.Column("created_at", UtcTime(), nullable=False),
        sa.Column("due_at", UtcTime(), nullable=False),
        sa.Column("expires_at", UtcTime(), nullable=False),
        sa.Column("said_at", UtcTime(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("lease_owner", sa.Text(), nullable=True),
        sa.Column("lease_until", UtcTime(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_replies")),
        sa.UniqueConstraint("id", name=op.f("uq_replies_id")),
        sqlite_autoincrement=True,
    )
    _index_replies()


def _index_replies() -> None:
    op.create_index("ix_replies_room_key", "replies", ["room", "key", "state"], unique=False)
    op.create_index("ix_replies_room_said_at", "replies", ["room", "said_at"], unique=False)
    op.create_index("ix_replies_room_seq", "replies", ["room", "seq"], unique=False)
    op.create_index("ix_replies_state_due_at", "replies", ["state", "due_at"], unique=False)
    op.create_index(op.f("ix_replies_ticket"), "replies", ["ticket"], unique=False)


def _make_reply_askers() -> None:
    op.create_table(
        "reply_askers",
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("reply", sa.String(length=34), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("message_id", sa.Text(), nullable=False),
        sa.Column("user_id", sa.Text(), nullable=False),
        sa.Column("user_name", sa.Text(), nullable=False),
        sa.Column("need", sa.Text(), nullable=False),
        sa.Column("asked_at", UtcTime(), nullable=False),
        sa.Column("expires_at", UtcTime(), nullable=False),
        sa.Column("dropped", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_reply_askers")),
        sqlite_autoincrement=True,
    )
    _index_reply_askers()


def _index_reply_askers() -> None:
    op.create_index(op.f("ix_reply_askers_asked_at"), "reply_askers", ["asked_at"], unique=False)
    op.create_index(op.f("ix_reply_askers_reply"), "reply_askers", ["reply"], unique=False)


def _make_room_modes() -> None:
    op.create_table(
        "room_modes",
        sa.Column("room", sa.Text(), nullable=False),
        sa.Column("mode", sa.String(length=16), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("at", UtcTime(), nullable=False),
        sa.PrimaryKeyConstraint("room", name=op.f("pk_room_modes")),
    )


def _make_tokens() -> None:
    op.create_table(
        "tokens",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("role", sa.String(length=16), nullable=False),
        sa.Column("department", sa.Text(), nullable=True),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("created_at", UtcTime(), nullable=False),
        sa.Column("expires_at", UtcTime(), nullable=True),
        sa.Column("revoked_at", UtcTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tokens")),
        sa.UniqueConstraint("digest", name=op.f("uq_tokens_digest")),
    )


def _make_traffic() -> None:
    op.create_table(
        "traffic",
        sa.Column("room", sa.Text(), nullable=False),
        sa.Column("second", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("messages", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("room", "second", name=op.f("pk_traffic")),
    )
