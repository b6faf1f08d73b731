"""The database's schema, before anything uses it."""

import structlog

from askbot.errors import StoreError
from askbot.store import migrate

LOG = structlog.get_logger(__name__)


def prepare_database(url: str) -> None:
    """SQLite is brought to the right schema by itself; for PostgreSQL it must have been done. Raises StoreError."""
    current, head = migrate.current(url), migrate.head()
    if current == head:
        return
    if not url.startswith("sqlite"):
        raise StoreError("the database's schema is not the one that this version needs", code="schema_outdated")
    migrate.upgrade(url)
    LOG.info("database.migrated", before=current, after=head)
