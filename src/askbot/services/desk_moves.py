"""One move of one ticket: whether it may happen now, what it changes, and its line in the history.

All of it happens in one transaction under the room's lock; a refused move raises before anything is written.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from uuid import uuid4

from askbot.domain.knowledge import Priority
from askbot.domain.tickets import LEASE, MOVES, Move, State, Step, Ticket
from askbot.domain.workdays import Calendar
from askbot.errors import ConflictError, NotFoundError
from askbot.ports.storage import UnitOfWork
from askbot.services.desk_orders import Order

REMEMBERED = (
    "state",
    "priority",
    "due",
    "holder",
    "lease_until",
    "returns",
    "forwarded_to",
    "forward_due",
    "deferred_until",
    "answer",
    "spoken",
    "spoken_offset",
    "note",
    "merged_into",
)
"""What moves change and undo restores. No viewer's words are among it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """What a move did: the ticket as it is now; `created` by a split; `replies` queued, `withdrawn` by an undo.

    `left`: replies that had left before the undo came.
    """

    ticket: Ticket
    created: str | None = None
    replies: int = 0
    withdrawn: int = 0
    left: int = 0


@dataclass(slots=True, kw_only=True)
class Turn:
    """A move in the making: the ticket as it stands, and what it becomes."""

    uow: UnitOfWork
    order: Order
    stored: Ticket
    ticket: Ticket
    op: str = field(default_factory=lambda: uuid4().hex)

    def finish(self, payload: Mapping[str, object], **changes: object) -> Ticket:
        """Take the move as the table says, with these changes of the ticket's fields; the ticket after it."""
        order, ticket = self.order, self.ticket
        to = MOVES[ticket.state, order.move]
        after = replace(
            ticket,
            **{**_held(ticket, to, order), **changes},  # type: ignore[arg-type]  # names come from this package
            state=to,
            version=ticket.version + 1,
            changed_at=order.at,
        )
        self.save(self.stored, after)
        self.record(ticket, after, payload)
        return after

    def save(self, before: Ticket, after: Ticket) -> None:
        """Store it, or refuse: somebody was first."""
        if not self.uow.tickets.change(before, after):
            raise stale(self.uow, before)
        data = {"state": after.state.value, "version": after.version, "askers": after.askers}
        self.uow.events.append(after.room, "ticket", after.id, data)

    def record(self, before: Ticket, after: Ticket, payload: Mapping[str, object], *, side: bool = False) -> None:
        """Append the ticket's line of history."""
        step = Step(
            op=self.op,
            ticket=after.id,
            at=self.order.at,
            by=self.order.by,
            move=self.order.move,
            from_state=before.state,
            to_state=after.state,
            version=after.version,
            payload=payload,
            before={name: _plain(getattr(before, name)) for name in REMEMBERED},
            side=side,
        )
        self.uow.tickets.record([step])


def _held(ticket: Ticket, to: State, order: Order) -> dict[str, object]:
    """Claim and lease after the move: any activity of the holder renews the lease, leaving the state ends it."""
    if to is State.CLAIMED:
        return {"holder": order.by, "lease_until": order.at + LEASE, "deferred_until": None}
    return {
        "holder": None,
        "lease_until": None,
        "deferred_until": ticket.deferred_until if to is State.DEFERRED else None,
    }


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, datetime) else value


def restored(ticket: Ticket, before: Mapping[str, object], order: Order) -> Ticket:
    """The ticket as it was before a move (Step.before), under a new version; one's own claim has its lease renewed."""
    values: dict[str, object] = {**before}
    for name in ("due", "lease_until", "forward_due", "deferred_until"):
        if isinstance(values[name], str):
            values[name] = datetime.fromisoformat(str(values[name]))
    values |= {"state": State(str(values["state"])), "priority": Priority(str(values["priority"]))}
    if values["state"] is State.CLAIMED and values["holder"] == order.by:
        values["lease_until"] = order.at + LEASE
    values |= {"version": ticket.version + 1, "changed_at": order.at}
    return replace(ticket, **values)  # type: ignore[arg-type]  # names are REMEMBERED's


def begin(uow: UnitOfWork, order: Order) -> Turn:
    """The ticket, if this order may touch it now.

    NotFoundError; ConflictError `claimed` (somebody else's living claim), `version` (somebody was first), `move`
    (the table does not allow it).
    """
    stored = uow.tickets.get(order.ticket)
    if stored is None:
        raise NotFoundError("there is no such ticket")
    ticket = stored.settled(order.at)
    if ticket.state is State.CLAIMED and ticket.holder != order.by and order.move is not Move.UNDO:
        raise ConflictError(f"{ticket.holder} is at it", code="claimed", details=standing(ticket))
    if order.version != ticket.version:
        raise stale(uow, ticket)
    if order.move is not Move.UNDO and (ticket.state, order.move) not in MOVES:
        allowed = sorted(move.value for state, move in MOVES if state is ticket.state)
        details = {**standing(ticket), "allowed": allowed}
        raise ConflictError(
            f"{order.move.value} is not possible: it is {ticket.state.value}", code="move", details=details
        )
    return Turn(uow=uow, order=order, stored=stored, ticket=ticket)


def standing(ticket: Ticket) -> dict[str, object]:
    """What stands now, for whom was late: state, version, and who holds it until when."""
    return {
        "version": ticket.version,
        "state": ticket.state.value,
        "holder": ticket.holder,
        "lease_until": ticket.lease_until and ticket.lease_until.isoformat(),
    }


def stale(uow: UnitOfWork, ticket: Ticket) -> ConflictError:
    """Somebody was first: who, when, with what; and what stands now."""
    now = uow.tickets.get(ticket.id) or ticket
    last = uow.tickets.last_step(ticket.id)
    details = {**standing(now), "last_move": None if last is None else told(last)}
    who = f"{last.by} was first ({last.move.value})" if last else "it has changed"
    return ConflictError(f"{who}: look at it again", code="version", details=details)


def told(step: Step) -> dict[str, object]:
    """A line of history for those who were late."""
    return {
        "by": step.by,
        "at": step.at.isoformat(),
        "move": step.move.value,
        "from": step.from_state.value,
        "to": step.to_state.value,
    }


def claim(turn: Turn) -> Moved:
    """Take it for LEASE, or keep it: the holder's own claim is only renewed."""
    if turn.ticket.state is not State.CLAIMED:
        return Moved(ticket=turn.finish({}))
    after = replace(turn.ticket, lease_until=turn.order.at + LEASE)
    turn.save(turn.stored, after)
    return Moved(ticket=after)


def release(turn: Turn) -> Moved:
    """Give it back to the queue."""
    return Moved(ticket=turn.finish({}))


def forward(turn: Turn, calendar: Calendar) -> Moved:
    """Hand it to a department, due at the time given or by its level."""
    due = turn.order.due or calendar.due(turn.ticket.priority, turn.order.at)
    payload = {"department": turn.order.department, "due": due.isoformat()}
    return Moved(ticket=turn.finish(payload, forwarded_to=turn.order.department, forward_due=due))


def give_back(turn: Turn) -> Moved:
    """The department returns it (退回): counted, with its reason."""
    payload = {"reason": turn.order.reason, "department": turn.ticket.forwarded_to}
    changes = {"note": turn.order.reason, "returns": turn.ticket.returns + 1}
    return Moved(ticket=turn.finish(payload, **changes, forwarded_to=None, forward_due=None))


def defer(turn: Turn) -> Moved:
    """Away for some minutes; it comes back by itself."""
    until = turn.order.at + timedelta(minutes=turn.order.minutes)
    return Moved(ticket=turn.finish({"minutes": turn.order.minutes}, deferred_until=until))


def dismiss(turn: Turn) -> Moved:
    """Nothing will come of it; nobody joins it any more."""
    after = turn.finish({"reason": turn.order.reason}, note=turn.order.reason)
    turn.uow.tickets.attract(after.id, None)
    return Moved(ticket=after)


SIMPLE: Mapping[Move, Callable[[Turn], Moved]] = {
    Move.CLAIM: claim,
    Move.RENEW: claim,
    Move.RELEASE: release,
    Move.RETURN: give_back,
    Move.DEFER: defer,
    Move.DISMISS: dismiss,
}
"""Moves that need nothing but the ticket."""
