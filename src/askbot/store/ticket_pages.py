"""The queue in its order, page by page, and counted. The rank is domain.tickets.Ticket.rank, said in SQL."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import BigInteger, ColumnElement, Connection, Integer, and_, case, cast, func, literal, or_, select

from askbot.domain.knowledge import Priority
from askbot.domain.tickets import OPEN, URGENCY, State, Ticket
from askbot.ports.queue import PageQuery, Position
from askbot.store.ticket_rows import TICKET_COLUMNS, ticket_of
from askbot.store.ticket_tables import TICKETS

_T = TICKETS.c
_OPEN = _T.state.in_(sorted(OPEN))
FAR = 10**11
"""Seconds: moves the sort key of closed tickets below that of every open one."""


def page(connection: Connection, query: PageQuery) -> Sequence[tuple[Ticket, Position]]:
    """Open ones by rank at `query.at`, then closed ones, the latest first; of equals the older first."""
    key = _sort_key(query.at)
    statement = (
        select(key.label("sort_key"), *TICKET_COLUMNS)
        .where(*_wanted(query))
        .order_by(key.desc(), _T.seq)
        .limit(query.limit)
    )
    if query.after is not None:
        last, seq = (literal(part, BigInteger) for part in query.after)
        statement = statement.where(or_(key < last, and_(key == last, _T.seq > seq)))
    found = []
    for row in connection.execute(statement).mappings():
        columns = dict(row)
        position = int(columns.pop("sort_key"))
        found.append((ticket_of(columns), (position, columns["seq"])))
    return found


def counts(connection: Connection, at: datetime) -> Mapping[str, Mapping[str, int]]:
    """By room: open tickets by their state at that time, and how many are overdue."""
    late = case((_T.state == State.FORWARDED.value, func.coalesce(_T.forward_due, _T.due)), else_=_T.due) < at
    state = _state_at(at)
    statement = (
        select(_T.room, state.label("state"), func.count().label("n"), func.sum(cast(late, Integer)).label("late"))
        .where(_OPEN)
        .group_by(_T.room, state)
    )
    found: dict[str, dict[str, int]] = {}
    for row in connection.execute(statement):
        room = found.setdefault(row.room, {"overdue": 0})
        room[row.state] = row.n
        room["overdue"] += int(row.late or 0)
    return found


def _wanted(query: PageQuery) -> list[ColumnElement[bool]]:
    stored = set(query.states)
    if State.NEW in stored:  # what has become new again is stored as what it was
        stored |= {State.CLAIMED, State.DEFERRED}
    wanted = [
        _T.room == query.room,
        _T.state.in_(sorted(stored)),
        _state_at(query.at).in_(sorted(query.states)),
    ]
    if query.department is not None:
        wanted.append(func.coalesce(_T.forwarded_to, _T.department) == query.department)
    if query.topic is not None:
        wanted.append(_T.topic == query.topic)
    return wanted


def _state_at(at: datetime) -> ColumnElement[str]:
    """Ticket.settled(at).state, in SQL."""
    again = or_(
        and_(_T.state == State.CLAIMED.value, _T.lease_until <= at),
        and_(_T.state == State.DEFERRED.value, _T.deferred_until <= at),
    )
    return case((again, literal(State.NEW.value)), else_=_T.state)


def _sort_key(at: datetime) -> ColumnElement[int]:
    minutes = (literal(int(at.timestamp()), BigInteger) - _T.first_epoch) // 60
    waited = case((minutes < 1, 1), else_=minutes)
    urgency = case({p.value: URGENCY[p] for p in Priority}, value=_T.priority, else_=1)
    return case((_OPEN, waited * _T.askers * urgency), else_=_T.changed_epoch - FAR)
