"""What all tables share: the metadata with its naming, and time as UTC."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import BigInteger, CursorResult, DateTime, Integer, MetaData
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

METADATA = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

SEQUENCE = BigInteger().with_variant(Integer, "sqlite")
"""A growing number: SQLite numbers rows by itself only in a column of plain INTEGER."""


class UtcTime(TypeDecorator[datetime]):
    """An aware time, kept as UTC and given back as UTC: SQLite would drop the zone without converting."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """To UTC; a naive time is a programming error."""
        del dialect
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a stored time must be aware")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Aware, in UTC."""
        del dialect
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def dicts(result: CursorResult[Any]) -> list[dict[str, Any]]:
    """The rows as plain dictionaries, which outlive the connection."""
    return [row._asdict() for row in result]
