"""Alembic's entry: the connection is given by store/migrate.py (or, for a new revision, by ASKBOT_MIGRATE_URL)."""

import os

from alembic import context
from sqlalchemy import Connection

from askbot.store.base import METADATA
from askbot.store.engines import open_engine
from askbot.store.tables import MESSAGES
from askbot.store.ticket_tables import TICKETS

DEFINED = (MESSAGES, TICKETS)  # imported, so that all tables of the two modules are in METADATA


def run(connection: Connection) -> None:
    """Upgrade or compare on this connection."""
    context.configure(connection=connection, target_metadata=METADATA, transactional_ddl=True, compare_type=True)
    with context.begin_transaction():
        context.run_migrations()


given = context.config.attributes.get("connection")
if given is not None:
    run(given)
else:
    with open_engine(os.environ["ASKBOT_MIGRATE_URL"]).begin() as own:
        run(own)
