"""Rows of the queue's tables ↔ the values they stand for. No query here."""

import json
from collections.abc import Mapping
from dataclasses import fields
from datetime import datetime
from typing import Any

from sqlalchemy import RowMapping

from askbot.domain.decision import Candidate, Gist, candidate_form
from askbot.domain.knowledge import Priority
from askbot.domain.ticket_wording import NAME_LIMIT, tidy
from askbot.domain.tickets import Move, NewNeed, State, Step, Ticket
from askbot.ports.queue import Opening, TicketNeed
from askbot.store.ticket_tables import TICKETS

Columns = Mapping[str, Any] | RowMapping

TICKET_FIELDS = tuple(field.name for field in fields(Ticket))
TICKET_COLUMNS = tuple(TICKETS.c[name] for name in TICKET_FIELDS)


def dumped(value: object) -> str:
    """Compact JSON; a lone surrogate, which no database takes, is written as an escape."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    try:
        text.encode()
    except UnicodeEncodeError:
        return json.dumps(value, separators=(",", ":"))
    return text


def ticket_of(row: Columns) -> Ticket:
    """The ticket that a row of TICKET_COLUMNS holds."""
    values: dict[str, Any] = {**row}
    values["state"] = State(row["state"])
    values["priority"] = Priority(row["priority"])
    values["candidates"] = tuple(Candidate(**c) for c in json.loads(row["candidates"])) if row["candidates"] else ()
    return Ticket(**values)


def columns_of(values: Mapping[str, Any]) -> dict[str, Any]:
    """Columns for these fields of a ticket."""
    columns = {name: value for name, value in values.items() if name != "seq"}
    for name in ("state", "priority"):
        if name in columns:
            columns[name] = columns[name].value
    if "candidates" in columns:
        candidates = [candidate_form(c) for c in columns["candidates"]]
        columns["candidates"] = dumped(candidates) if candidates else ""
    for name in ("first", "changed"):
        if f"{name}_at" in columns:
            columns[f"{name}_epoch"] = int(columns[f"{name}_at"].timestamp())
    return columns


def opening_row(opening: Opening) -> dict[str, Any]:
    """The row of a new ticket: open, so it takes in its likes itself."""
    ticket = opening.ticket
    return {
        **columns_of({name: getattr(ticket, name) for name in TICKET_FIELDS}),
        "join_key": opening.join_key,
        "bucket": opening.bucket,
        "gist_text": opening.gist_text,
        "joins": ticket.id,
        "opener": opening.opener,
        "opened_at": opening.opened_at,
    }


def need_row(ticket: str, need: NewNeed) -> dict[str, Any]:
    """The row of a need; names bounded, ids as they are (a reply needs them)."""
    gist = need.gist
    return {
        "ticket": ticket,
        "source": need.source,
        "message_id": need.message_id,
        "user_id": need.user_id,
        "user_name": tidy(need.user_name, NAME_LIMIT),
        "asker": need.asker,
        "text": need.text,
        "gist": None if gist is None else dumped([gist.text, gist.places, gist.numbers, gist.polarity]),
        "at": need.at,
        "anonymous": False,
        "moved_by": None,
    }


def need_of(row: Columns) -> TicketNeed:
    """The need that a row holds."""
    gist = None
    if row["gist"]:
        text, places, numbers, polarity = json.loads(row["gist"])
        gist = Gist(text=text, places=tuple(places), numbers=tuple(numbers), polarity=polarity)
    names = ("seq", "ticket", "source", "message_id", "user_id", "user_name", "asker", "text", "at", "anonymous")
    return TicketNeed(gist=gist, **{name: row[name] for name in names})


def step_row(step: Step) -> dict[str, Any]:
    """The row of a line of history."""
    return {
        "op": step.op,
        "ticket": step.ticket,
        "at": step.at,
        "by": step.by,
        "move": step.move.value,
        "from_state": step.from_state.value,
        "to_state": step.to_state.value,
        "version": step.version,
        "payload": dumped(_plain(step.payload)),
        "before": dumped(_plain(step.before)),
        "side": step.side,
    }


def step_of(row: Columns) -> Step:
    """The line of history that a row holds; times inside are ISO texts."""
    values: dict[str, Any] = {**row}
    values["move"] = Move(row["move"])
    values["from_state"], values["to_state"] = State(row["from_state"]), State(row["to_state"])
    values["payload"], values["before"] = json.loads(row["payload"]), json.loads(row["before"])
    return Step(**values)


def _plain(values: Mapping[str, object]) -> dict[str, object]:
    return {name: v.isoformat() if isinstance(v, datetime) else v for name, v in values.items()}
