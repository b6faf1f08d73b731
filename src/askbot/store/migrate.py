"""Bring a database's schema to what this version needs, by Alembic.

Alembic is imported only when there is something to do: whether there is, two look-ups tell in a fraction of its time.
"""

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, inspect, text

from askbot.store.engines import open_engine, translated

if TYPE_CHECKING:
    from alembic.config import Config

HERE = Path(__file__).parent / "migrations"


def head() -> str:
    """The revision that this version needs: migrations are named by theirs (0001_…), one after the other."""
    return max(path.name.partition("_")[0] for path in (HERE / "versions").glob("[0-9]*.py"))


def current(url: str) -> str | None:
    """The database's revision; None when it is empty. Raises StoreError."""
    engine = open_engine(url, readers=True)
    try:
        with translated(), engine.begin() as connection:
            if not inspect(connection).has_table("alembic_version"):
                return None
            revision: str | None = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
            return revision
    finally:
        engine.dispose()


def upgrade(url: str) -> str:
    """Upgrade to `head()` in one transaction, which two processes may try at once; the revision. Raises StoreError."""
    from alembic import command

    engine = open_engine(url)
    try:
        with translated(), engine.begin() as connection:
            _one_at_a_time(connection)
            config = alembic_config()
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
    finally:
        engine.dispose()
    return head()


def _one_at_a_time(connection: Connection) -> None:
    """SQLite's BEGIN IMMEDIATE does it already."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("SELECT pg_advisory_xact_lock(0)")


def alembic_config() -> "Config":
    """Alembic's configuration: where the migrations are."""
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(HERE).replace("%", "%%"))
    return config
