"""Two tickets at once: merge and split. Needs change hands, nothing is copied or lost, and undo finds the way back.

A merge leaves the target's version alone, as a joining asker does: who is just answering it need not look again.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace

from askbot.domain.knowledge import Priority
from askbot.domain.ticket_wording import best_wording
from askbot.domain.tickets import OPEN, URGENCY, State, Ticket, gist_bucket
from askbot.errors import ConflictError, InputError
from askbot.ports.queue import Opening, TicketNeed
from askbot.ports.storage import UnitOfWork
from askbot.services.desk_moves import Moved, Turn, standing
from askbot.services.desk_orders import MessageRef

SAMPLE = 200
"""Newest needs among which a ticket's wording is chosen when needs changed hands."""


def counted(uow: UnitOfWork, ticket: Ticket) -> Ticket:
    """The ticket with its askers, messages, times and wording taken anew from its needs."""
    census = uow.tickets.census(ticket.id)
    if census.first_at is None or census.last_at is None:
        return replace(ticket, askers=0, messages=0)
    needs = uow.tickets.needs(ticket.id, limit=SAMPLE)
    return replace(
        ticket,
        askers=census.askers,
        messages=census.messages,
        first_at=census.first_at,
        last_at=census.last_at,
        wording=_best(needs, ticket) or ticket.wording,
    )


def _best(needs: Sequence[TicketNeed], ticket: Ticket) -> str:
    marks = [mark for mark in (ticket.item, ticket.unlisted) if mark]
    if not marks:
        marks = [mark for need in needs[:1] if need.gist for mark in (*need.gist.places, *need.gist.numbers)]
    return best_wording((need.text for need in needs), marks)


def merge(turn: Turn) -> Moved:
    """Put its needs into another open ticket of the room; the more urgent level and the earlier term stand.

    InputError when the other is the same, unknown or elsewhere; ConflictError `move` when it is closed.
    """
    target = _target(turn)
    tickets = turn.uow.tickets
    after = turn.finish({"into": target.id}, merged_into=target.id)
    tickets.move_needs(after.id, target.id, op=turn.op)
    emptied = counted(turn.uow, after)
    turn.save(after, emptied)
    urgent: Priority = max(target.priority, after.priority, key=lambda level: URGENCY[level])
    filled = counted(turn.uow, replace(target, priority=urgent, due=min(target.due, after.due)))
    turn.save(target, filled)
    turn.record(target, filled, {"from": after.id}, side=True)
    tickets.attract(after.id, target.id)
    return Moved(ticket=emptied)


def _target(turn: Turn) -> Ticket:
    into = turn.order.into
    target = turn.uow.tickets.get(into) if into else None
    if target is None or target.room != turn.ticket.room:
        raise InputError("there is no such ticket in this room to merge into", code="no_target")
    if target.id == turn.ticket.id:
        raise InputError("a ticket cannot be merged into itself", code="no_target")
    if target.state not in OPEN:
        raise ConflictError("the other ticket is closed", code="move", details={"into": target.id, **standing(target)})
    return target


def split(turn: Turn, new_id: Callable[[], str]) -> Moved:
    """Put these messages into a ticket of their own; at least one stays.

    The new one takes in near texts like its first need, but not what the bot holds for the same entry: a person has
    just said that it is something else.
    """
    ticket = turn.ticket
    chosen = _chosen(turn.uow.tickets.needs(ticket.id), turn.order.messages)
    if len(chosen) == ticket.messages:
        raise InputError("at least one message must stay", code="nothing_stays")
    opening = _split_off(turn, chosen, new_id())
    after = turn.finish({"messages": len(chosen), "into": opening.ticket.id})
    turn.uow.tickets.open([opening])
    turn.uow.tickets.move_needs(ticket.id, opening.ticket.id, op=turn.op, only=[need.seq for need in chosen])
    rest, created = counted(turn.uow, after), counted(turn.uow, opening.ticket)
    turn.save(after, rest)
    turn.save(opening.ticket, created)
    turn.record(opening.ticket, created, {"from": ticket.id}, side=True)
    return Moved(ticket=rest, created=created.id)


def _chosen(needs: Sequence[TicketNeed], messages: Sequence[MessageRef]) -> list[TicketNeed]:
    wanted = set(messages)
    chosen = [n for n in needs if (None, n.message_id) in wanted or (n.source, n.message_id) in wanted]
    found = {(None, n.message_id) for n in chosen} | {(n.source, n.message_id) for n in chosen}
    if missing := len(wanted - found):
        raise InputError(f"{missing} of the messages are not in this ticket", code="no_message")
    return chosen


def _split_off(turn: Turn, needs: Sequence[TicketNeed], ticket: str) -> Opening:
    first = needs[0]
    gist = first.gist
    fresh = replace(
        turn.ticket,
        id=ticket,
        seq=0,
        state=State.NEW,
        version=1,
        askers=len({need.asker for need in needs}),
        messages=len(needs),
        changed_at=turn.order.at,
        wording=first.text,
        holder=None,
        lease_until=None,
        returns=0,
        forwarded_to=None,
        forward_due=None,
        deferred_until=None,
        note=None,
    )
    return Opening(
        ticket=fresh,
        bucket=None if gist is None else gist_bucket(fresh.room, gist),
        gist_text="" if gist is None else gist.text,
        opened_at=turn.order.at,
    )
