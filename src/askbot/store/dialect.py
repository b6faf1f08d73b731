"""The little in which the two databases differ for us: INSERT … ON CONFLICT."""

from functools import cache
from typing import Any

from sqlalchemy import Connection, Table
from sqlalchemy.dialects import postgresql, sqlite


def adding(connection: Connection, table: Table, column: str) -> Any:  # noqa: ANN401 (two classes, the same methods)
    """An INSERT that adds to `column` where the row stands already."""
    return _adding(connection.dialect.name, table, column)


def replacing(connection: Connection, table: Table) -> Any:  # noqa: ANN401 (as above)
    """An INSERT that takes the place of the row that stands already."""
    return _replacing(connection.dialect.name, table)


@cache
def _adding(dialect: str, table: Table, column: str) -> Any:  # noqa: ANN401 (as above)
    statement, keys = _insert(dialect, table)
    return statement.on_conflict_do_update(
        index_elements=keys, set_={column: table.c[column] + statement.excluded[column]}
    )


@cache
def _replacing(dialect: str, table: Table) -> Any:  # noqa: ANN401 (as above)
    statement, keys = _insert(dialect, table)
    columns = [column.name for column in table.columns if column.name not in keys]
    return statement.on_conflict_do_update(
        index_elements=keys, set_={name: statement.excluded[name] for name in columns}
    )


def _insert(dialect: str, table: Table) -> tuple[Any, list[str]]:
    statement = postgresql.insert(table) if dialect == "postgresql" else sqlite.insert(table)
    return statement, [key.name for key in table.primary_key.columns]
