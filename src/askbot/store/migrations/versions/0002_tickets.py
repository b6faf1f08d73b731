"""The queue: tickets, their needs, their history."""

import sqlalchemy as sa
from alembic import op

from askbot.store.base import UtcTime

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

TABLES = ("ticket_history", "ticket_needs", "tickets")


def upgrade() -> None:
    _make_ticket_history()
    _make_ticket_needs()
    _make_tickets()


def downgrade() -> None:
    for table in TABLES:
        op.drop_table(table)


def _make_ticket_history() -> None:
    op.create_table(
        "ticket_history",
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("op", sa.String(length=32), nullable=False),
        sa.Column("ticket", sa.String(length=16), nullable=False),
        sa.Column("at", UtcTime(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("move", sa.String(length=16), nullable=False),
        sa.Column("from_state", sa.String(length=16), nullable=False),
        sa.Column("to_state", sa.String(length=16), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("payload", sa.Text(), nullable=False),
        sa.Column("before", sa.Text(), nullable=False),
        sa.Column("side", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_ticket_history")),
        sqlite_autoincrement=True,
    )
    _index_ticket_history()


def _index_ticket_history() -> None:
    op.create_index(op.f("ix_ticket_history_at"), "ticket_history", ["at"], unique=False)
    op.create_index(op.f("ix_ticket_history_op"), "ticket_history", ["op"], unique=False)
    op.create_index("ix_ticket_history_ticket_seq", "ticket_history", ["ticket", "seq"], unique=False)


def _make_ticket_needs() -> None:
    op.create_table(
        "ticket_needs",
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("ticket", sa.String(length=16), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("message_id", sa.Text(), nullable=False),
        sa.Column("user_id", sa.Text(), nullable=False),
        sa.Column("user_name", sa.Text(), nullable=False),
        sa.Column("asker", sa.String(length=32), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("gist", sa.Text(), nullable=True),
        sa.Column("at", UtcTime(), nullable=False),
        sa.Column("anonymous", sa.Boolean(), nullable=False),
        sa.Column("moved_by", sa.String(length=32), nullable=True),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_ticket_needs")),
        sqlite_autoincrement=True,
    )
    _index_ticket_needs()


def _index_ticket_needs() -> None:
    op.create_index(op.f("ix_ticket_needs_asker"), "ticket_needs", ["asker"], unique=False)
    op.create_index(op.f("ix_ticket_needs_at"), "ticket_needs", ["at"], unique=False)
    op.create_index("ix_ticket_needs_ticket_asker", "ticket_needs", ["ticket", "asker"], unique=False)


def _make_tickets() -> None:
    op.create_table(
        "tickets",
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("room", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("askers", sa.Integer(), nullable=False),
        sa.Column("messages", sa.Integer(), nullable=False),
        sa.Column("first_at", UtcTime(), nullable=False),
        sa.Column("last_at", UtcTime(), nullable=False),
        sa.Column("changed_at", UtcTime(), nullable=False),
        sa.Column("wording", sa.Text(), nullable=False),
        sa.Column("reason", sa.String(length=16), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("entry", sa.Text(), nullable=True),
        sa.Column("item", sa.Text(), nullable=True),
        sa.Column("unlisted", sa.Text(), nullable=True),
        sa.Column("candidates", sa.Text(), nullable=False),
        sa.Column("suggestion", sa.Text(), nullable=True),
        sa.Column("topic", sa.Text(), nullable=True),
        sa.Column("department", sa.Text(), nullable=True),
        sa.Column("priority", sa.String(length=16), nullable=False),
        sa.Column("due", UtcTime(), nullable=False),
        sa.Column("holder", sa.Text(), nullable=True),
        sa.Column("lease_until", UtcTime(), nullable=True),
        sa.Column("returns", sa.Integer(), nullable=False),
        sa.Column("forwarded_to", sa.Text(), nullable=True),
        sa.Column("forward_due", UtcTime(), nullable=True),
        sa.Column("deferred_until", UtcTime(), nullable=True),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("spoken", sa.Boolean(), nullable=False),
        sa.Column("spoken_offset", sa.Float(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("merged_into", sa.String(length=16), nullable=True),
        sa.Column("knowledge_version", sa.Text(), nullable=False),
        sa.Column("join_key", sa.String(length=32), nullable=True),
        sa.Column("bucket", sa.String(length=32), nullable=True),
        sa.Column("gist_text", sa.Text(), nullable=False),
        sa.Column("joins", sa.String(length=16), nullable=True),
        sa.Column("opener", sa.String(length=32), nullable=True),
        sa.Column("opened_at", UtcTime(), nullable=False),
        sa.Column("first_epoch", sa.BigInteger(), nullable=False),
        sa.Column("changed_epoch", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_tickets")),
        sa.UniqueConstraint("id", name=op.f("uq_tickets_id")),
        sqlite_autoincrement=True,
    )
    _index_tickets()


def _index_tickets() -> None:
    op.create_index(
        "ix_tickets_bucket_seq",
        "tickets",
        ["bucket", "seq"],
        unique=False,
        sqlite_where=sa.text("joins IS NOT NULL"),
        postgresql_where=sa.text("joins IS NOT NULL"),
    )
    op.create_index(
        "ix_tickets_join_key",
        "tickets",
        ["join_key"],
        unique=False,
        sqlite_where=sa.text("joins IS NOT NULL"),
        postgresql_where=sa.text("joins IS NOT NULL"),
    )
    op.create_index(op.f("ix_tickets_last_at"), "tickets", ["last_at"], unique=False)
    op.create_index(op.f("ix_tickets_merged_into"), "tickets", ["merged_into"], unique=False)
    op.create_index("ix_tickets_opener_opened_at", "tickets", ["opener", "opened_at"], unique=False)
    op.create_index("ix_tickets_room_state", "tickets", ["room", "state"], unique=False)
