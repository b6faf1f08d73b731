"""The queue in the database. Which need joins what, and who may move, is decided in services/desk*.py."""

from collections.abc import Callable, Collection, Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import datetime

from sqlalchemy import Connection, bindparam, func, select, tuple_, update

from askbot.domain.tickets import Cause, NewNeed, Step, Ticket
from askbot.ports.queue import Census, Growth, Opening, PageQuery, Position, TicketNeed
from askbot.store import ticket_pages, ticket_personal
from askbot.store.messages import chunks
from askbot.store.ticket_rows import (
    TICKET_COLUMNS,
    TICKET_FIELDS,
    columns_of,
    need_of,
    need_row,
    opening_row,
    step_of,
    step_row,
    ticket_of,
)
from askbot.store.ticket_tables import TICKET_HISTORY, TICKET_NEEDS, TICKETS

_T, _N, _H = TICKETS.c, TICKET_NEEDS.c, TICKET_HISTORY.c
_JOINABLE = (
    select(_T.join_key, _T.joins)
    .where(_T.join_key.in_(bindparam("keys", expanding=True)), _T.joins.is_not(None))
    .order_by(_T.seq)
)
_ALIKE = (
    select(_T.gist_text, _T.joins)
    .where(_T.bucket == bindparam("bucket"), _T.joins.is_not(None))
    .order_by(_T.seq.desc())
    .limit(bindparam("most"))
)
_GET = select(*TICKET_COLUMNS).where(_T.id.in_(bindparam("ids", expanding=True)))
_ASKED = (
    select(_N.ticket, _N.asker).where(tuple_(_N.ticket, _N.asker).in_(bindparam("pairs", expanding=True))).distinct()
)
_OPENED_SINCE = (
    select(_T.opener, func.count())
    .where(
        _T.opener.in_(bindparam("openers", expanding=True)),
        _T.opened_at > bindparam("since"),
        _T.reason != Cause.FLOOD.value,
    )
    .group_by(_T.opener)
)
_GROW = (
    update(TICKETS)
    .where(_T.id == bindparam("key"))
    .values(
        askers=_T.askers + bindparam("more_askers"),
        messages=_T.messages + bindparam("more_messages"),
        last_at=bindparam("last"),
        wording=bindparam("best"),
        suggestion=bindparam("suggested"),
        knowledge_version=bindparam("known"),
    )
)


class SqlTickets:
    """See ports.queue.TicketStore."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    # registering

    def joinable(self, keys: Collection[str]) -> Mapping[str, str]:
        """Key → the open ticket that its needs join; of several the newest."""
        found: dict[str, str] = {}
        for some in chunks(keys):
            found.update(self._connection.execute(_JOINABLE, {"keys": some}).all())
        return found

    def alike(self, bucket: str, *, limit: int) -> Sequence[tuple[str, str]]:
        """(text, open ticket that it joins) of the bucket's latest tickets, newest first."""
        return list(self._connection.execute(_ALIKE, {"bucket": bucket, "most": limit}).all())

    def asked(self, pairs: Collection[tuple[str, str]]) -> AbstractSet[tuple[str, str]]:
        """Those of the (ticket, asker) that have a need already."""
        found: set[tuple[str, str]] = set()
        for some in chunks(pairs):
            found.update(self._connection.execute(_ASKED, {"pairs": some}).all())
        return found

    def opened_since(self, openers: Collection[str], since: datetime) -> Mapping[str, int]:
        """How many tickets these askers have opened since then, collecting ones not counted."""
        found: dict[str, int] = {}
        for some in chunks(openers):
            found.update(self._connection.execute(_OPENED_SINCE, {"openers": some, "since": since}).all())
        return found

    def open(self, openings: Sequence[Opening]) -> None:
        """Store new tickets."""
        if openings:
            self._connection.execute(TICKETS.insert(), [opening_row(opening) for opening in openings])

    def add_needs(self, needs: Sequence[tuple[str, NewNeed]]) -> None:
        """Store (ticket, need)s."""
        if needs:
            self._connection.execute(TICKET_NEEDS.insert(), [need_row(ticket, need) for ticket, need in needs])

    def grow(self, growths: Sequence[Growth]) -> None:
        """Count joined needs; the version stays. Counts are added by the database, whoever else adds."""
        if growths:
            self._connection.execute(_GROW, [_grown(growth) for growth in growths])

    # reading

    def get(self, ticket: str) -> Ticket | None:
        """One ticket."""
        return self.get_many([ticket]).get(ticket)

    def get_many(self, tickets: Collection[str]) -> Mapping[str, Ticket]:
        """Those that there are."""
        found: dict[str, Ticket] = {}
        for some in chunks(tickets):
            found |= {row["id"]: ticket_of(row) for row in self._connection.execute(_GET, {"ids": some}).mappings()}
        return found

    def needs(self, ticket: str, *, limit: int | None = None) -> Sequence[TicketNeed]:
        """Its needs, oldest first; with a limit the newest so many."""
        query = select(TICKET_NEEDS).where(_N.ticket == ticket).order_by(_N.seq.desc()).limit(limit)
        return [need_of(row) for row in self._connection.execute(query).mappings()][::-1]

    def history(self, ticket: str, *, limit: int) -> Sequence[Step]:
        """The newest lines of its history, oldest first."""
        query = select(TICKET_HISTORY).where(_H.ticket == ticket).order_by(_H.seq.desc()).limit(limit)
        return [step_of(row) for row in self._connection.execute(query).mappings()][::-1]

    def page(self, query: PageQuery) -> Sequence[tuple[Ticket, Position]]:
        """Open ones by rank at `query.at`, then closed ones, the latest first."""
        return ticket_pages.page(self._connection, query)

    def counts(self, at: datetime) -> Mapping[str, Mapping[str, int]]:
        """By room: how many open tickets in each state (as it is at that time), and `overdue`."""
        return ticket_pages.counts(self._connection, at)

    # moves

    def change(self, before: Ticket, after: Ticket) -> bool:
        """Set what differs if the stored version is still `before`'s; False when somebody was first."""
        names = [name for name in TICKET_FIELDS if getattr(before, name) != getattr(after, name)]
        columns = columns_of({name: getattr(after, name) for name in names})
        statement = update(TICKETS).where(_T.id == before.id, _T.version == before.version)
        columns.setdefault("version", after.version)
        return self._connection.execute(statement.values(**columns)).rowcount == 1

    def record(self, steps: Sequence[Step]) -> None:
        """Append to the history."""
        self._connection.execute(TICKET_HISTORY.insert(), [step_row(step) for step in steps])

    def last_step(self, ticket: str) -> Step | None:
        """The newest line of the ticket's history."""
        return next(iter(self.history(ticket, limit=1)), None)

    def steps_of(self, op: str) -> Sequence[Step]:
        """All lines of one move, oldest first."""
        query = select(TICKET_HISTORY).where(_H.op == op).order_by(_H.seq)
        return [step_of(row) for row in self._connection.execute(query).mappings()]

    def move_needs(self, source: str, target: str, *, op: str, only: Collection[int] | None = None) -> int:
        """Hand needs (all, or those of these seq) to another ticket, marked with the move; how many."""
        statement = update(TICKET_NEEDS).where(_N.ticket == source).values(ticket=target, moved_by=op)
        if only is None:
            return self._connection.execute(statement).rowcount
        return sum(self._connection.execute(statement.where(_N.seq.in_(some))).rowcount for some in chunks(only))

    def return_needs(self, source: str, target: str, *, op: str | None) -> int:
        """Hand back from `source` what that move brought (None: all of its needs); how many."""
        statement = update(TICKET_NEEDS).where(_N.ticket == source).values(ticket=target, moved_by=None)
        if op is not None:
            statement = statement.where(_N.moved_by == op)
        return self._connection.execute(statement).rowcount

    def census(self, ticket: str) -> Census:
        """Count its needs."""
        query = select(
            func.count(_N.asker.distinct()).label("askers"),
            func.count().label("messages"),
            func.min(_N.at, type_=_N.at.type).label("first_at"),
            func.max(_N.at, type_=_N.at.type).label("last_at"),
        ).where(_N.ticket == ticket)
        return Census(**self._connection.execute(query).mappings().one())

    def attract(self, ticket: str, to: str | None) -> None:
        """Let who asks the same as this ticket, or as one merged into it, join `to`; None: nobody joins any more."""
        level = {ticket}
        known = set(level)
        while level:
            for some in chunks(level):
                self._connection.execute(update(TICKETS).where(_T.id.in_(some)).values(joins=to))
            merged = {
                found
                for some in chunks(level)
                for found in self._connection.execute(select(_T.id).where(_T.merged_into.in_(some))).scalars()
            }
            level = merged - known
            known |= level

    # retention

    def pseudonymise_before(self, at: datetime, pseudonym: Callable[[str, str], str], *, limit: int = 5000) -> int:
        """Names away and user ids replaced in at most `limit` needs older than `at`; how many."""
        return ticket_personal.pseudonymise_before(self._connection, at, pseudonym, limit=limit)

    def erase_text_before(self, at: datetime, *, limit: int = 5000) -> int:
        """What viewers wrote and officials answered away where older than `at`, `limit` rows a table; how many."""
        return ticket_personal.erase_text_before(self._connection, at, limit=limit)

    def forget_user(self, source: str, user_id: str) -> int:
        """Erase what is kept of this viewer; the count of askers stays. How many needs."""
        return ticket_personal.forget_user(self._connection, source, user_id)


def _grown(growth: Growth) -> dict[str, object]:
    return {
        "key": growth.ticket,
        "more_askers": growth.askers,
        "more_messages": growth.messages,
        "last": growth.last_at,
        "best": growth.wording,
        "suggested": growth.suggestion,
        "known": growth.knowledge_version,
    }
