"""Rooms as the API shows them: their mode and counters, their messages, their replies."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from askbot.domain.replies import Mode
from askbot.errors import NotFoundError
from askbot.ports.storage import Row, UnitOfWork
from askbot.services.access import Right
from askbot.web.models import MessagesPage, ModeBody, RepliesPage, RoomForm, RoomMode, RoomsPage
from askbot.web.operations import Answer, Call, Operation
from askbot.web.paging import AFTER, LIMIT, USUAL, seq_cursor


def room_of(call: Call) -> str:
    """The configured room in the path; NotFoundError."""
    return known_room(call, call.path["room"])


def known_room(call: Call, room: str) -> str:
    """The room, if it is configured; NotFoundError."""
    if room not in call.parts.rooms:
        raise NotFoundError("there is no such room", code="unknown_room")
    return room


def time_form(moment: datetime | None) -> str | None:
    """ISO 8601 in UTC."""
    return None if moment is None else moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


async def rooms(call: Call) -> Answer:
    """All rooms."""
    return {"items": await _room_forms(call, list(call.parts.rooms)), "next": None}


async def room(call: Call) -> Answer:
    """One room."""
    forms = await _room_forms(call, [room_of(call)])
    return forms[0]


async def _room_forms(call: Call, names: list[str]) -> list[dict[str, object]]:
    now = call.parts.clock()

    def look(uow: UnitOfWork) -> tuple[Mapping[str, Mapping[str, float]], Mapping[str, Mode], Mapping[str, Any]]:
        return uow.messages.totals(names), uow.switches.load(names).modes, uow.tickets.counts(now)

    totals, modes, tickets = await call.parts.store.read(look)
    return [
        {
            "room": name,
            "title": call.parts.rooms[name],
            "mode": modes.get(name, Mode.AUTO).value,
            "session": None,
            "counters": dict(totals[name]),
            "tickets": dict(tickets.get(name, {})),
        }
        for name in names
    ]


async def set_mode(call: Call) -> Answer:
    """The stop switch."""
    name, mode = room_of(call), Mode(call.body.mode)
    await call.parts.switches.set_mode(name, mode, by=call.caller.name)
    return {"room": name, "mode": mode.value}


async def messages(call: Call) -> Answer:
    """A page of messages."""
    name, limit = room_of(call), call.query["limit"] or USUAL
    after = call.query["after"] or 0

    def look(uow: UnitOfWork) -> list[Row]:
        return list(uow.messages.page(name, after=after, limit=limit + 1))

    return _page(await call.parts.store.read(look), limit, message_form)


async def replies(call: Call) -> Answer:
    """A page of replies."""
    name, limit = room_of(call), call.query["limit"] or USUAL
    after = call.query["after"] or 0

    def look(uow: UnitOfWork) -> list[Row]:
        return list(uow.replies.page(name, after=after, limit=limit + 1))

    return _page(await call.parts.store.read(look), limit, reply_form)


def _page(rows: list[Row], limit: int, form: Any) -> Answer:  # noqa: ANN401 (a function of a row)
    """One row more than asked was read: its being there is what makes a next page."""
    more = seq_cursor(rows[limit - 1]["seq"]) if len(rows) > limit else None
    return {"items": [form(row) for row in rows[:limit]], "next": more}


def message_form(row: Row) -> dict[str, object]:
    """A stored message as callers see it."""
    return {
        "id": row["message_id"],
        "source": row["source"],
        "room": row["room"],
        "user": {"id": row["user_id"], "name": row["user_name"]},
        "text": row["text"],
        "sent_at": time_form(row["sent_at"]),
        "taken_at": time_form(row["taken_at"]),
        "knowledge_version": row["knowledge_version"],
        "decisions": json.loads(row["decisions"]),
    }


def reply_form(row: Row) -> dict[str, object]:
    """A stored reply as callers see it."""
    plain = ("id", "room", "channel", "kind", "state", "text", "entry", "item", "ticket", "knowledge_version")
    return {
        **{name: row[name] for name in plain},
        "created_at": time_form(row["created_at"]),
        "said_at": time_form(row["said_at"]) if row["state"] == "said" else None,
        "attempts": row["attempts"],
        "note": row["note"],
        "in_reply_to": [asker["message_id"] for asker in row["askers"] if not asker["dropped"]],
        "askers": [_asker_form(asker) for asker in row["askers"]],
    }


def _asker_form(row: Row) -> dict[str, object]:
    return {
        "source": row["source"],
        "message_id": row["message_id"],
        "user": {"id": row["user_id"], "name": row["user_name"]},
        "asked_at": time_form(row["asked_at"]),
        "dropped": bool(row["dropped"]),
    }


ROOM_OPERATIONS = (
    Operation(
        name="rooms", method="GET", path="/api/v1/rooms", right=Right.LOOK, handler=rooms, result=RoomsPage,
        text="All rooms with their mode, counters and open tickets.",
    ),
    Operation(
        name="room", method="GET", path="/api/v1/rooms/{room}", right=Right.LOOK, handler=room, result=RoomForm,
        text="One room.",
    ),
    Operation(
        name="messages", method="GET", path="/api/v1/rooms/{room}/messages", right=Right.CHAT, handler=messages,
        result=MessagesPage, query=(AFTER, LIMIT), text="Messages with their decisions, oldest first.",
    ),
    Operation(
        name="replies", method="GET", path="/api/v1/rooms/{room}/replies", right=Right.CHAT, handler=replies,
        result=RepliesPage, query=(AFTER, LIMIT), text="What was said or shall be, on which channel, how it went.",
    ),
    Operation(
        name="set_mode", method="POST", path="/api/v1/rooms/{room}/mode", right=Right.SWITCH, handler=set_mode,
        body=ModeBody, result=RoomMode, text="The stop switch: auto; suggest (answers become tickets with one-key"
        " sending); off (nothing leaves, also not what waits). Durable, on all processes within a second.",
    ),
)  # fmt: skip
