"""API tokens: only their digests are kept."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import Connection, select, update

from askbot.ports.storage import Row
from askbot.store.base import dicts
from askbot.store.tables import TOKENS


class SqlTokens:
    """See ports.storage.TokenStore."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, row: Mapping[str, object]) -> None:
        """Keep a new token."""
        self._connection.execute(TOKENS.insert().values(**row))

    def by_digest(self, digest: str) -> Row | None:
        """The token of that digest, revoked or not."""
        return next(iter(dicts(self._connection.execute(select(TOKENS).where(TOKENS.c.digest == digest)))), None)

    def all(self) -> Sequence[Row]:
        """All tokens, newest first, without digests."""
        columns = [column for column in TOKENS.c if column.name != "digest"]
        return dicts(self._connection.execute(select(*columns).order_by(TOKENS.c.created_at.desc())))

    def revoke(self, token_id: str, *, at: datetime) -> bool:
        """Revoke it; False when there is none or it is revoked already."""
        statement = update(TOKENS).where(TOKENS.c.id == token_id, TOKENS.c.revoked_at.is_(None)).values(revoked_at=at)
        return self._connection.execute(statement).rowcount == 1
