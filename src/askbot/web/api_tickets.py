"""The queue as the API shows it, and its moves. What may happen is the desk's; who may do it is the caller's rights."""

import re
from collections.abc import Awaitable, Callable

from askbot.domain.tickets import OPEN, Move, State, Ticket
from askbot.errors import InputError, NotFoundError
from askbot.ports.storage import UnitOfWork
from askbot.services.access import Right
from askbot.services.desk import moved_form
from askbot.services.desk_orders import read_order
from askbot.web.api_rooms import room_of
from askbot.web.operations import Answer, Call, Operation, Query
from askbot.web.paging import AFTER_RANKED, LIMIT, USUAL, ranked_cursor
from askbot.web.ticket_models import BODIES, MovedForm, TicketForm, TicketsPage, Versioned

_TICKET = re.compile(r"[a-z2-7]{12}")
GROUPS = {"open": OPEN, "closed": frozenset(State) - OPEN, "all": frozenset(State)}
"""Words for several states."""
STATES = frozenset(state.value for state in State)
_WORDS = "|".join([*GROUPS, *sorted(STATES)])


def _states(typed: str) -> frozenset[State]:
    states: set[State] = set()
    for word in typed.split(",") if typed else ():
        if word in GROUPS:
            states |= GROUPS[word]
        elif word in STATES:
            states.add(State(word))
        else:
            raise InputError(f"state must be some of {_WORDS.replace('|', ', ')}, with commas between")
    return frozenset(states) or OPEN


def _words(typed: str) -> str | None:
    if len(typed) > 64 or not typed.isprintable():  # noqa: PLR2004 (longer than any name of ours)
        raise InputError("a name of at most 64 printable characters is needed")
    return typed or None


STATE = Query(
    name="state",
    text="Some of the states with commas between, or open (the default), closed, all.",
    schema={"type": "string", "pattern": f"^(({_WORDS})(,({_WORDS}))*)?$"},
    read=_states,
)
_NAME_SCHEMA = {"type": "string", "pattern": r"^[A-Za-z0-9\u4e00-\u9fff._-]{0,64}$"}
DEPARTMENT = Query(name="department", text="Of this department only.", schema=_NAME_SCHEMA, read=_words)
TOPIC = Query(name="topic", text="Of this topic only.", schema=_NAME_SCHEMA, read=_words)


async def tickets(call: Call) -> Answer:
    """A page of cards; a clerk sees the department's."""
    name, query, parts = room_of(call), call.query, call.parts
    own, now = call.caller.own_department, parts.clock()
    department = query["department"] if own is None else own

    def look(uow: UnitOfWork) -> Answer:
        page = parts.desk.page(
            uow,
            room=name,
            at=now,
            states=query["state"] or OPEN,
            cursor=query["after"],
            limit=query["limit"] or USUAL,
            department=department,
            topic=query["topic"],
        )
        return {"items": page.items, "next": ranked_cursor(page.next)}

    return await parts.store.read(look)


async def ticket(call: Call) -> Answer:
    """A card with its messages and history."""
    key, now, parts = _key(call), call.parts.clock(), call.parts

    def look(uow: UnitOfWork) -> Answer:
        _seen(uow, key, call)
        return parts.desk.ticket(uow, key, at=now)

    return await parts.store.read(look)


def _key(call: Call) -> str:
    """The ticket's id in the path; NotFoundError for what can be none."""
    key = call.path["ticket"]
    if not _TICKET.fullmatch(key):
        raise NotFoundError("there is no such ticket")
    return key


def _seen(uow: UnitOfWork, key: str, call: Call) -> Ticket:
    """The ticket, if there is one and it is the caller's business; NotFoundError."""
    found = uow.tickets.get(key)
    if found is None or not call.caller.may_see(found):
        raise NotFoundError("there is no such ticket")
    return found


def _mover(move: Move) -> Callable[[Call], Awaitable[Answer]]:
    """The handler of one move. The version in the body makes what was looked at here hold until the move."""

    async def handle(call: Call) -> Answer:
        key, parts = _key(call), call.parts
        found = await parts.store.read(lambda uow: _seen(uow, key, call))
        call.caller.need_move(move, found)
        now = parts.clock()
        order = read_order(key, move.value, call.body, by=call.caller.name, at=now)
        moved = await parts.store.write(parts.desk.move, order, rooms=(found.room,))
        return moved_form(moved, now)

    return handle


_TEXTS = {
    Move.CLAIM: "Claim it for 90 seconds.",
    Move.RENEW: "Keep the claim for another 90 seconds.",
    Move.RELEASE: "Give the claim up.",
    Move.ANSWER: "Answer all who ask: with a text, or as spoken on the stream.",
    Move.FORWARD: "Hand it to a department.",
    Move.RETURN: "The department gives it back.",
    Move.DEFER: "Put it aside for some minutes.",
    Move.DISMISS: "Nobody will answer it.",
    Move.MERGE: "Put its needs into another ticket.",
    Move.SPLIT: "Make a ticket of its own of some of its messages.",
    Move.UNDO: "Take the last move back, within 10 seconds.",
}
TICKET_OPERATIONS = (
    Operation(
        name="tickets", method="GET", path="/api/v1/rooms/{room}/tickets", right=Right.QUEUE, handler=tickets,
        result=TicketsPage, query=(STATE, DEPARTMENT, TOPIC, AFTER_RANKED, LIMIT),
        text="The queue: open tickets by rank, then closed ones, the latest first.",
    ),
    Operation(
        name="ticket", method="GET", path="/api/v1/tickets/{ticket}", right=Right.QUEUE, handler=ticket,
        result=TicketForm, text="A ticket with its messages and its history.",
    ),
    *(
        Operation(
            name=f"ticket_{move.value}", method="POST", path=f"/api/v1/tickets/{{ticket}}/{move.value}",
            right=Right.MOVE, handler=_mover(move), body=BODIES.get(move, Versioned), tolerant=True,
            result=MovedForm, refusals=frozenset({409}), text=_TEXTS[move],
        )
        for move in Move
    ),
)  # fmt: skip
