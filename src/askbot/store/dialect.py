"""The little in which the two databases differ for us: INSERT … ON CONFLICT."""

from typing import Any

from sqlalchemy import Connection, Table
from sqlalchemy.dialects import postgresql, sqlite


def insert_for(connection: Connection, table: Table) -> Any:  # noqa: ANN401 (two classes with the same methods)
    """An INSERT that knows ON CONFLICT, for the connection's database."""
    return postgresql.insert(table) if connection.dialect.name == "postgresql" else sqlite.insert(table)


def adding(connection: Connection, table: Table, column: str) -> Any:  # noqa: ANN401 (as above)
    """An INSERT that adds to `column` where the row stands already."""
    statement = insert_for(connection, table)
    keys = [key.name for key in table.primary_key.columns]
    return statement.on_conflict_do_update(
        index_elements=keys, set_={column: table.c[column] + statement.excluded[column]}
    )
