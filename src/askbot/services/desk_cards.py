"""How the queue is shown: cards, messages, history in their JSON form, and the cursor of its pages."""

import base64
import binascii
import re
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from askbot.domain.decision import candidate_form
from askbot.domain.knowledge import Priority
from askbot.domain.tickets import URGENCY, State, Step, Ticket
from askbot.errors import InputError
from askbot.ports.queue import Position, TicketNeed

LEVELS = {Priority.NORMAL: "普通", Priority.HIGH: "重要", Priority.URGENT: "紧急"}
_CURSOR = re.compile(r"[A-Za-z0-9_-]{32}")
_PACKED = struct.Struct(">qqq")
EARLIEST, LATEST = 0, 253402300799_000000
"""Microseconds since 1970 that a cursor's time can have: to the end of year 9999, within every database's range."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Cards in their order, and the cursor of the next page, or None at the end."""

    items: Sequence[dict[str, object]]
    next: str | None


def card(ticket: Ticket, at: datetime) -> dict[str, object]:
    """A ticket as it is at that time; times are ISO 8601 in UTC."""
    now = ticket.settled(at)
    forwarded = {"department": now.forwarded_to, "due": _time(now.forward_due)} if now.forwarded_to else None
    return {
        "id": now.id,
        "room": now.room,
        "state": now.state.value,
        "version": now.version,
        "askers": now.askers,
        "messages": now.messages,
        "first_at": _time(now.first_at),
        "last_at": _time(now.last_at),
        "changed_at": _time(now.changed_at),
        "wording": now.wording,
        "reason": now.reason,
        "why": now.why,
        "entry": now.entry,
        "item": now.item,
        "unlisted": now.unlisted,
        "candidates": [candidate_form(candidate) for candidate in now.candidates],
        "suggestion": now.suggestion,
        "topic": now.topic,
        "department": now.department,
        "priority": now.priority.value,
        "due": _time(now.due),
        "overdue": now.overdue(at),
        **_rank(now, at),
        "holder": now.holder,
        "lease_until": _time(now.lease_until),
        "returns": now.returns,
        "forwarded": forwarded,
        "deferred_until": _time(now.deferred_until) if now.state is State.DEFERRED else None,
        "answer": now.answer,
        "spoken": now.spoken,
        "spoken_offset": now.spoken_offset,
        "note": now.note,
        "merged_into": now.merged_into,
        "knowledge_version": now.knowledge_version,
    }


def _rank(ticket: Ticket, at: datetime) -> dict[str, object]:
    """The rank and how it came about, for people and for programs."""
    minutes, urgency = ticket.minutes(at), URGENCY[ticket.priority]
    return {
        "rank": ticket.rank(at),
        "rank_factors": {"askers": ticket.askers, "minutes": minutes, "urgency": urgency},
        "rank_formula": f"{ticket.askers}人 × {minutes}分钟 × {urgency}（{LEVELS[ticket.priority]}）",
    }


def need_form(need: TicketNeed) -> dict[str, object]:
    """One message of a ticket: who asked what, in which words."""
    return {
        "id": need.message_id,
        "source": need.source,
        "user": {"id": need.user_id, "name": need.user_name},
        "text": need.text,
        "at": _time(need.at),
    }


def step_form(step: Step) -> dict[str, object]:
    """One line of history: who, when, what, from where to where."""
    return {
        "by": step.by,
        "at": _time(step.at),
        "move": step.move.value,
        "from": step.from_state.value,
        "to": step.to_state.value,
        "version": step.version,
        "payload": dict(step.payload),
    }


def write_cursor(at: datetime, position: Position) -> str:
    """Where a page ended: when its ranking was taken, and the last ticket's sort key and number."""
    packed = _PACKED.pack(int(at.timestamp()) * 1_000_000 + at.microsecond, *position)
    return base64.urlsafe_b64encode(packed).decode()


def read_cursor(cursor: str) -> tuple[datetime, Position]:
    """What `write_cursor` wrote; InputError for anything else."""
    if not _CURSOR.fullmatch(cursor):
        raise InputError("this is no cursor of a page of tickets", code="bad_cursor")
    try:
        moment, key, seq = _PACKED.unpack(base64.urlsafe_b64decode(cursor))
    except (binascii.Error, struct.error) as error:
        raise InputError("this is no cursor of a page of tickets", code="bad_cursor") from error
    if not (EARLIEST <= moment <= LATEST and seq >= 0):
        raise InputError("this is no cursor of a page of tickets", code="bad_cursor")
    return datetime.fromtimestamp(moment // 1_000_000, UTC).replace(microsecond=moment % 1_000_000), (key, seq)


def _time(at: datetime | None) -> str | None:
    return None if at is None else at.astimezone(UTC).isoformat().replace("+00:00", "Z")
