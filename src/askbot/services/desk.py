"""The desk (值班台): the queue of tickets as a use case. Needs come in, officials look and move, replies go out.

Rules of joining are in desk_registering, moves in desk_moves, desk_merging, desk_answering and desk_undoing. It knows
nobody's rights and no request.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from askbot.domain.tickets import OPEN, Move, NewNeed, State
from askbot.domain.workdays import Calendar
from askbot.errors import InputError, NotFoundError
from askbot.ports.queue import PageQuery
from askbot.ports.storage import UnitOfWork
from askbot.services.desk_answering import ChannelOf, answer
from askbot.services.desk_cards import Page, card, need_form, read_cursor, step_form, write_cursor
from askbot.services.desk_merging import merge, split
from askbot.services.desk_moves import SIMPLE, Moved, Turn, begin, forward
from askbot.services.desk_orders import Order
from askbot.services.desk_registering import Near, Registering, new_ticket_id
from askbot.services.desk_undoing import undo

MOST_PER_PAGE = 500
SHOWN_NEEDS = 500
SHOWN_STEPS = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """The queue. `near` is matching's, `channel_of` tells a source's channel, `max_age` how long a reply is useful."""

    calendar: Calendar
    near: Near
    channel_of: ChannelOf
    max_age: timedelta
    new_id: Callable[[], str] = new_ticket_id

    def register(self, uow: UnitOfWork, needs: Sequence[NewNeed], at: datetime) -> list[str]:
        """Give each need its ticket, joined or new; their ids. Within the transaction that has the rooms' locks."""
        return Registering(calendar=self.calendar, near=self.near, new_id=self.new_id).register(uow, needs, at)

    def move(self, uow: UnitOfWork, orders: Sequence[Order]) -> list[Moved]:
        """The store's handler for moves; the room of each ticket must be locked (`room_of` names it).

        Raises NotFoundError, InputError, and ConflictError `claimed`, `version`, `move`, `undo` or `room_off`, whose
        details tell who was first and what stands now. Nothing is changed then.
        """
        return [self._move(begin(uow, order)) for order in orders]

    def _move(self, turn: Turn) -> Moved:
        moved = self._moved(turn)
        if turn.order.move is not Move.RENEW:
            turn.uow.events.count(turn.ticket.room, f"tickets.moves.{turn.order.move.value}")
        return moved

    def _moved(self, turn: Turn) -> Moved:
        match turn.order.move:
            case Move.ANSWER:
                return answer(turn, self.channel_of, self.max_age)
            case Move.FORWARD:
                return forward(turn, self.calendar)
            case Move.MERGE:
                return merge(turn)
            case Move.SPLIT:
                return split(turn, self.new_id)
            case Move.UNDO:
                return undo(turn)
            case simple:
                return SIMPLE[simple](turn)

    def room_of(self, uow: UnitOfWork, ticket: str) -> str:
        """The room of a ticket; NotFoundError when there is none. It never changes."""
        found = uow.tickets.get(ticket)
        if found is None:
            raise NotFoundError("there is no such ticket")
        return found.room

    def page(
        self,
        uow: UnitOfWork,
        *,
        room: str,
        at: datetime,
        states: Collection[State] = OPEN,
        cursor: str | None = None,
        limit: int = 50,
        department: str | None = None,
        topic: str | None = None,
    ) -> Page:
        """Cards of a room: open ones by rank, then closed ones, the latest first. InputError for a bad cursor.

        The pages of one walk are ranked at the time of its first page, so that nothing comes twice; what grows
        meanwhile is told by events.
        """
        if limit < 1:
            raise InputError("limit must be at least 1")
        limit = min(limit, MOST_PER_PAGE)
        moment, after = read_cursor(cursor) if cursor is not None else (at, None)
        query = PageQuery(
            room=room,
            states=frozenset(states),
            at=moment,
            after=after,
            limit=limit + 1,
            department=department,
            topic=topic,
        )
        found = uow.tickets.page(query)
        more = write_cursor(moment, found[limit - 1][1]) if len(found) > limit else None
        return Page(items=[card(ticket, moment) for ticket, _ in found[:limit]], next=more)

    def ticket(self, uow: UnitOfWork, ticket: str, *, at: datetime) -> dict[str, object]:
        """A card with its newest messages (`asked`) and its history, both oldest first; NotFoundError."""
        found = uow.tickets.get(ticket)
        if found is None:
            raise NotFoundError("there is no such ticket")
        return {
            **card(found, at),
            "asked": [need_form(need) for need in uow.tickets.needs(ticket, limit=SHOWN_NEEDS)],
            "history": [step_form(step) for step in uow.tickets.history(ticket, limit=SHOWN_STEPS)],
        }

    def counts(self, uow: UnitOfWork, *, at: datetime) -> Mapping[str, Mapping[str, int]]:
        """By room: open tickets by state, and how many are overdue."""
        return uow.tickets.counts(at)


def moved_form(moved: Moved, at: datetime) -> dict[str, object]:
    """A move's result for the API: the card as it is now, and what else happened.

    `created` is the ticket that a split made, `replies` how many were queued (one per channel); after an undo
    `withdrawn` of them, and `left`, which cannot be taken back.
    """
    return {
        **card(moved.ticket, at),
        "created": moved.created,
        "replies": moved.replies,
        "withdrawn": moved.withdrawn,
        "left": moved.left,
    }
