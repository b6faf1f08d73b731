"""Engines for SQLite and PostgreSQL: the settings that durability needs, and foreign errors translated."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, InterfaceError, OperationalError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.pool import QueuePool

from askbot.errors import StoreError

BUSY_SECONDS = 10
READERS = 4
_POSTGRES = {
    "connect_timeout": BUSY_SECONDS,
    "keepalives_idle": BUSY_SECONDS,
    "keepalives_interval": 2,
    "keepalives_count": 3,
    "tcp_user_timeout": BUSY_SECONDS * 1000,
}
"""A host that has vanished is noticed in seconds; without this a writer would wait for it for hours."""


def parse_url(url: str) -> URL:
    """The database's address; StoreError when it is none of SQLite or PostgreSQL by psycopg."""
    try:
        parsed = make_url(url)
    except ArgumentError as error:
        raise StoreError("the database's address cannot be read") from error
    if parsed.drivername == "postgresql":
        parsed = parsed.set(drivername="postgresql+psycopg")
    if parsed.drivername not in {"sqlite", "postgresql+psycopg"}:
        raise StoreError(f"the database must be sqlite or postgresql+psycopg, not {parsed.drivername}")
    if parsed.drivername == "sqlite" and not parsed.database:
        raise StoreError("a SQLite database in memory keeps nothing: name a file")
    return parsed


def open_engine(url: str, *, readers: bool = False) -> Engine:
    """An engine for the writer (one connection) or for readers (a small pool)."""
    parsed = parse_url(url)
    size = READERS if readers else 1
    options: dict[str, Any] = {
        "poolclass": QueuePool,
        "pool_size": size,
        "max_overflow": 0,
        "pool_timeout": BUSY_SECONDS,
    }
    if parsed.get_backend_name() == "sqlite":
        Path(parsed.database or "").parent.mkdir(parents=True, exist_ok=True)
        engine = create_engine(parsed, connect_args={"timeout": BUSY_SECONDS, "check_same_thread": False}, **options)
        _tune_sqlite(engine, immediate=not readers)
        return engine
    engine = create_engine(parsed, pool_pre_ping=True, connect_args=_POSTGRES, **options)
    event.listen(engine, "connect", _bound_waiting)
    return engine


def _bound_waiting(connection: Any, _record: object) -> None:  # noqa: ANN401 (psycopg's own connection)
    """A lock that somebody keeps is waited for as long as on SQLite, then the caller is told to come back."""
    connection.execute(f"SET lock_timeout = '{BUSY_SECONDS}s'")
    connection.commit()


def _tune_sqlite(engine: Engine, *, immediate: bool) -> None:
    """WAL and FULL, so that a commit outlives a power cut; a writer takes the lock at BEGIN, not in the middle."""

    def connected(connection: Any, _record: object) -> None:  # noqa: ANN401 (sqlite3's own connection)
        connection.isolation_level = None  # pysqlite must not begin by itself
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "cache_size=-16000"):
            connection.execute(f"PRAGMA {pragma}").fetchall()

    def begun(connection: Any) -> None:  # noqa: ANN401 (SQLAlchemy's event gives its Connection)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if immediate else "BEGIN")

    event.listen(engine, "connect", connected)
    event.listen(engine, "begin", begun)


@contextmanager
def translated() -> Iterator[None]:
    """Foreign database errors become StoreError, without the statement's values (they may be chat text)."""
    try:
        yield
    except (OperationalError, InterfaceError) as error:
        raise StoreError(f"the database failed: {type(error.orig).__name__}") from error
    except DBAPIError as error:  # it answers, but refuses these values
        raise StoreError(f"the database refused: {type(error.orig).__name__}", code="store_refused") from error
    except PoolTimeoutError as error:
        raise StoreError("the database is busy: no connection became free") from error
    except SQLAlchemyError as error:
        raise StoreError(f"the database failed: {type(error).__name__}") from error
