"""What tests of the queue share: needs, a desk, and a database to write to as a process would."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from sqlalchemy import Engine, RowMapping, Table, select

from askbot.domain.decision import Gist, Reason
from askbot.domain.replies import SCREEN, Channel
from askbot.domain.tickets import NewNeed, Ticket
from askbot.domain.workdays import Calendar
from askbot.matching.gist import near
from askbot.services.desk import Desk
from askbot.services.desk_moves import Moved
from askbot.services.desk_orders import read_order
from askbot.store import ticket_tables
from askbot.store.base import METADATA
from askbot.store.engines import open_engine
from askbot.store.unit_of_work import SqlUnitOfWork

NOW = datetime(2026, 2, 12, 1, 0, tzinfo=UTC)
CHANNELS = {"bridge": Channel(name="bridge", limit=400), "twitch": Channel(name="twitch", limit=20)}
_NUMBERS = count(1)


def seconds(number: float) -> timedelta:
    return timedelta(seconds=number)


def need(text: str = "308现在能走不", **values: Any) -> NewNeed:
    """A need of its own user and message unless told otherwise."""
    number = next(_NUMBERS)
    known: dict[str, Any] = {
        "room": "main",
        "source": "bridge",
        "message_id": f"m{number}",
        "user_id": f"u{number}",
        "user_name": "城东老李",
        "text": text,
        "at": NOW,
        "reason": Reason.NO_ENTRY,
    }
    return NewNeed(**(known | values))


def gist(text: str, *, places: Sequence[str] = (), numbers: Sequence[str] = (), polarity: str = "+") -> Gist:
    return Gist(text=text, places=tuple(places), numbers=tuple(numbers), polarity=polarity)


def new_desk() -> Desk:
    return Desk(
        calendar=Calendar(),
        near=near,
        channel_of=lambda source: CHANNELS.get(source, Channel(name=SCREEN)),
        max_age=timedelta(seconds=45),
    )


class DeskBench:
    """A desk on a database: each call is a transaction with its rooms locked, as the store's writer does it."""

    def __init__(self, engine: Engine, *, locking: bool = True) -> None:
        self.engine = engine
        self.desk = new_desk()
        self.locking = locking
        self.now = NOW

    @contextmanager
    def unit(self, *rooms: str) -> Iterator[SqlUnitOfWork]:
        with self.engine.begin() as connection:
            uow = SqlUnitOfWork(connection, clock=lambda: self.now)
            if self.locking:
                uow.lock(rooms)
            yield uow
            uow.finish()

    def register(self, *needs: NewNeed, at: datetime | None = None) -> list[str]:
        with self.unit(*{n.room for n in needs}) as uow:
            return self.desk.register(uow, needs, at or self.now)

    def move(self, ticket: str, move: str, *, by: str = "甲", version: int | None = None, **body: object) -> Moved:
        """The move; with the version that stands now unless one is given."""
        with self.unit("main") as uow:
            if version is None:
                found = uow.tickets.get(ticket)
                version = found.version if found else 1
            order = read_order(ticket, move, {"version": version, **body}, by=by, at=self.now)
            return self.desk.move(uow, [order])[0]

    def ticket(self, ticket: str) -> Ticket:
        with self.unit() as uow:
            found = uow.tickets.get(ticket)
        assert found is not None
        return found

    def tickets(self) -> dict[str, Ticket]:
        with self.unit() as uow:
            ids = list(uow._connection.execute(select(ticket_tables.TICKETS.c.id)).scalars())
            return dict(uow.tickets.get_many(ids))

    def rows(self, table: Table) -> list[RowMapping]:
        with self.engine.begin() as connection:
            return list(connection.execute(select(table).order_by(table.c.seq)).mappings())

    def open_again(self, *, locking: bool = True) -> "DeskBench":
        """Another process on the same database."""
        other = DeskBench(open_engine(self.engine.url.render_as_string(hide_password=False)), locking=locking)
        other.now = self.now
        return other


def open_bench(url: str) -> DeskBench:
    """A desk on an empty database of that address."""
    engine = open_engine(url)
    METADATA.create_all(engine)
    return DeskBench(engine)
