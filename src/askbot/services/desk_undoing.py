"""Undo: the last move of a ticket taken back whole, by whoever made it, within UNDO_SPAN.

History is not rewritten: undoing is a line of its own, and cannot itself be undone.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from askbot.domain.knowledge import Priority
from askbot.domain.tickets import UNDO_SPAN, Move, State, Step, Ticket
from askbot.errors import ConflictError
from askbot.services.desk_merging import counted
from askbot.services.desk_moves import Moved, Turn, restored, standing, told


def undo(turn: Turn) -> Moved:
    """Take the last move back. From either ticket of a merge or split, both are put back.

    ConflictError `undo` when there is none, it was an undo, somebody else's, too long ago, or the other ticket has
    moved on meanwhile; `details` tell the last move.
    """
    last = _last(turn)
    steps = turn.uow.tickets.steps_of(last.op)
    tickets = turn.uow.tickets.get_many([step.ticket for step in steps])
    for step in steps:
        newest = turn.uow.tickets.last_step(step.ticket)
        if newest is None or newest.seq != step.seq or tickets[step.ticket].version != step.version:
            raise _refused(turn, "the other ticket has moved on", newest)
    main = next(step for step in steps if not step.side)
    side = next((step for step in steps if step.side), None)
    match main.move:
        case Move.MERGE if side is not None:
            back = _unmerge(turn, main, side, tickets[main.ticket], tickets[side.ticket])
        case Move.SPLIT if side is not None:
            back = _unsplit(turn, main, tickets[main.ticket], tickets[side.ticket])
        case _:
            back = _back(turn, main, tickets[main.ticket])
    if main.from_state is not main.to_state and main.to_state in {State.ANSWERED, State.DISMISSED}:
        turn.uow.tickets.attract(main.ticket, main.ticket)
    withdrawn = turn.uow.replies.withdraw_ticket(main.ticket) if main.move is Move.ANSWER else 0
    sent = main.payload.get("replies", 0)
    left = max(0, (sent if isinstance(sent, int) else 0) - withdrawn)
    _record(turn, steps, tickets, {"undone": main.move.value, "withdrawn": withdrawn, "left": left})
    return Moved(ticket=back, withdrawn=withdrawn, left=left)


def _last(turn: Turn) -> Step:
    last = turn.uow.tickets.last_step(turn.ticket.id)
    if last is None or last.move is Move.UNDO or not last.before:
        raise _refused(turn, "there is nothing to undo", last)
    if last.by != turn.order.by:
        raise _refused(turn, f"the last move was {last.by}'s", last)
    if turn.order.at - last.at > UNDO_SPAN:
        raise _refused(turn, f"the last move is longer ago than {int(UNDO_SPAN.total_seconds())} s", last)
    return last


def _refused(turn: Turn, message: str, last: Step | None) -> ConflictError:
    details = {**standing(turn.ticket), "last_move": None if last is None else told(last)}
    return ConflictError(message, code="undo", details=details)


def _back(turn: Turn, step: Step, ticket: Ticket) -> Ticket:
    """The ticket as it was before the step, stored."""
    back = restored(ticket, step.before, turn.order)
    turn.save(ticket, back)
    return back


def _unmerge(turn: Turn, main: Step, side: Step, merged: Ticket, target: Ticket) -> Ticket:
    """What came with the merge goes home; who joined the target since then stays there."""
    tickets = turn.uow.tickets
    tickets.return_needs(target.id, merged.id, op=main.op)
    back = counted(turn.uow, restored(merged, main.before, turn.order))
    turn.save(merged, back)
    level, due = Priority(str(side.before["priority"])), datetime.fromisoformat(str(side.before["due"]))
    turn.save(target, counted(turn.uow, replace(target, priority=level, due=due)))
    tickets.attract(merged.id, merged.id)
    return back


def _unsplit(turn: Turn, main: Step, parent: Ticket, part: Ticket) -> Ticket:
    """All needs of the part, also those that joined it since, go home; the part stays as one merged into its parent."""
    tickets = turn.uow.tickets
    tickets.return_needs(part.id, parent.id, op=None)
    back = counted(turn.uow, restored(parent, main.before, turn.order))
    turn.save(parent, back)
    gone = replace(part, state=State.MERGED, merged_into=parent.id, version=part.version + 1, askers=0, messages=0)
    turn.save(part, replace(gone, changed_at=turn.order.at))
    tickets.attract(part.id, parent.id)
    return back


def _record(turn: Turn, steps: Sequence[Step], before: Mapping[str, Ticket], payload: Mapping[str, object]) -> None:
    for step in steps:
        ticket = before[step.ticket]
        after = turn.uow.tickets.get(step.ticket) or ticket
        turn.record(ticket, after, payload, side=step.side)
