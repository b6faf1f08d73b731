"""What an official asks of a ticket, read from a request's body: every fault is an InputError that names the field."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from askbot.domain.ticket_wording import NAME_LIMIT, tidy, unsayable
from askbot.domain.tickets import Move
from askbot.errors import InputError

ANSWER_LIMIT = 500
REASON_LIMIT = 200
DEFER_MINUTES = 10
MOST_MINUTES = 7 * 24 * 60
MOST_SECONDS = 7 * 24 * 3600
MOST_MESSAGES = 500
MOST_VERSION = 2**31 - 1

FIELDS: Mapping[Move, frozenset[str]] = {
    Move.CLAIM: frozenset(),
    Move.RENEW: frozenset(),
    Move.RELEASE: frozenset(),
    Move.ANSWER: frozenset({"text", "spoken", "offset_seconds"}),
    Move.FORWARD: frozenset({"department", "due"}),
    Move.RETURN: frozenset({"reason"}),
    Move.DEFER: frozenset({"minutes"}),
    Move.DISMISS: frozenset({"reason"}),
    Move.MERGE: frozenset({"into"}),
    Move.SPLIT: frozenset({"messages"}),
    Move.UNDO: frozenset(),
}
"""What the body of each move may hold beside `version`."""

MessageRef = tuple[str | None, str]
"""(source or None for any, message id)"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """A move that somebody wants: `by` who, `at` when it was received, `version` what they saw."""

    ticket: str
    move: Move
    by: str
    at: datetime
    version: int
    text: str | None = None
    spoken: bool = False
    offset: float | None = None
    department: str | None = None
    due: datetime | None = None
    reason: str | None = None
    minutes: int = DEFER_MINUTES
    into: str | None = None
    messages: tuple[MessageRef, ...] = ()


def read_order(ticket: str, move: str, body: object, *, by: str, at: datetime) -> Order:
    """The order in a request's decoded JSON body. InputError on an unknown move, a missing, wrong or unknown field."""
    try:
        known = Move(move)
    except ValueError:
        raise InputError(f"there is no move {tidy(move, 20)!r}", code="unknown_move") from None
    if not isinstance(body, Mapping):
        raise InputError("the body must be an object with the ticket's version")
    if unknown := set(body) - FIELDS[known] - {"version"}:
        raise InputError(f"{known.value} takes no field {tidy(str(min(unknown, key=str)), 40)!r}")
    version = _whole(body, "version", least=1, most=MOST_VERSION)
    values: dict[str, object] = {}
    match known:
        case Move.ANSWER:
            values = _answer(body)
        case Move.FORWARD:
            values = {"department": _words(body, "department", NAME_LIMIT), "due": _due(body, at)}
        case Move.RETURN | Move.DISMISS:
            values = {"reason": _words(body, "reason", REASON_LIMIT)}
        case Move.DEFER:
            values = {"minutes": _whole({"minutes": DEFER_MINUTES, **body}, "minutes", least=1, most=MOST_MINUTES)}
        case Move.MERGE:
            values = {"into": _words(body, "into", NAME_LIMIT)}
        case Move.SPLIT:
            values = {"messages": _messages(body)}
        case _:
            pass
    return Order(ticket=ticket, move=known, by=by, at=at, version=version, **values)  # type: ignore[arg-type]


def _answer(body: Mapping[str, object]) -> dict[str, object]:
    spoken = body.get("spoken", False)
    if not isinstance(spoken, bool):
        raise InputError("spoken must be true or false")
    if spoken:
        if "text" in body:
            raise InputError("an answer is either spoken or has a text")
        return {"spoken": True, "offset": _offset(body)}
    if "offset_seconds" in body:
        raise InputError("offset_seconds belongs to a spoken answer")
    text = body.get("text")
    if not isinstance(text, str) or not text.strip():
        raise InputError("text must not be empty")
    text = text.strip()
    if len(text) > ANSWER_LIMIT:
        raise InputError(f"text is {len(text)} characters long, at most {ANSWER_LIMIT} are said")
    if bad := unsayable(text):
        raise InputError(f"text holds a control character ({bad})")
    return {"text": text}


def _offset(body: Mapping[str, object]) -> float | None:
    offset = body.get("offset_seconds")
    if offset is None:
        return None
    if isinstance(offset, bool) or not isinstance(offset, int | float) or not 0 <= offset <= MOST_SECONDS:
        raise InputError(f"offset_seconds must be a number from 0 to {MOST_SECONDS}")
    if math.isnan(offset):
        raise InputError("offset_seconds must be a number")
    return float(offset)


def _whole(body: Mapping[str, object], name: str, *, least: int, most: int) -> int:
    value = body.get(name)
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
        raise InputError(f"{name} must be a whole number from {least} to {most}")
    return value


def _words(body: Mapping[str, object], name: str, limit: int) -> str:
    value = body.get(name)
    if not isinstance(value, str) or not value.strip():
        raise InputError(f"{name} must not be empty")
    if len(value.strip()) > limit:
        raise InputError(f"{name} must have at most {limit} characters")
    if bad := unsayable(value.strip()):
        raise InputError(f"{name} holds a control character ({bad})")
    return value.strip()


def _due(body: Mapping[str, object], at: datetime) -> datetime | None:
    value = body.get("due")
    if value is None:
        return None
    try:
        due = datetime.fromisoformat(value if isinstance(value, str) else "")
    except ValueError:
        raise InputError("due must be a time such as 2026-02-12T18:00:00+08:00") from None
    if due.tzinfo is None:
        raise InputError("due must have a time zone")
    if not at < due <= at + timedelta(days=366):
        raise InputError("due must be later than now, within a year")
    return due.astimezone(UTC)


def _messages(body: Mapping[str, object]) -> tuple[MessageRef, ...]:
    value = body.get("messages")
    if not isinstance(value, list) or not 1 <= len(value) <= MOST_MESSAGES:
        raise InputError(f"messages must be a list of 1 to {MOST_MESSAGES} message ids")
    return tuple(_message(one) for one in value)


def _message(value: object) -> MessageRef:
    """A message id as its source gave it, or {"source", "id"} where two sources share one."""
    if isinstance(value, str) and value:
        return (None, value)
    if isinstance(value, Mapping) and set(value) == {"source", "id"}:
        source, message = value["source"], value["id"]
        if isinstance(source, str) and isinstance(message, str):
            return (source, message)
    raise InputError('a message is its id, or {"source": …, "id": …}')
