"""Bring a database's schema to what this version needs, by Alembic."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from askbot.store.engines import open_engine, translated

HERE = Path(__file__).parent / "migrations"


def head() -> str:
    """The revision that this version needs."""
    revision = ScriptDirectory.from_config(_config()).get_current_head()
    assert revision is not None  # noqa: S101 (the package ships at least one)
    return revision


def current(url: str) -> str | None:
    """The database's revision; None when it is empty. Raises StoreError."""
    engine = open_engine(url, readers=True)
    try:
        with translated(), engine.begin() as connection:
            return MigrationContext.configure(connection).get_current_revision()
    finally:
        engine.dispose()


def upgrade(url: str) -> str:
    """Upgrade to `head()` in one transaction, which two processes may try at once; the revision. Raises StoreError."""
    engine = open_engine(url)
    try:
        with translated(), engine.begin() as connection:
            _one_at_a_time(connection)
            config = _config()
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
    finally:
        engine.dispose()
    return head()


def _one_at_a_time(connection: Connection) -> None:
    """SQLite's BEGIN IMMEDIATE does it already."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("SELECT pg_advisory_xact_lock(0)")


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(HERE).replace("%", "%%"))
    return config
