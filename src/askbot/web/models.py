"""The API's forms: what callers send (checked by these) and what they get (described by these, checked in tests)."""

import re
from datetime import UTC, datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, WithJsonSchema

from askbot.domain.replies import Mode, ReplyKind, ReplyState
from askbot.services.access import Right

EARLIEST = datetime(1970, 1, 2, tzinfo=UTC)
LATEST = datetime(2200, 1, 1, tzinfo=UTC)
_MOMENT = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(?:\.\d+)?(?:[Zz]|[+-]\d\d:\d\d)")


def _moment(value: object) -> datetime:
    """A time with its offset; beyond 1970 and 2200 it counts as the nearest of them."""
    if not isinstance(value, str) or not _MOMENT.fullmatch(value):
        raise ValueError("a time such as 2026-02-12T09:00:00+08:00 is needed")
    moment = datetime.fromisoformat(value.upper())
    naive = moment.replace(tzinfo=None)
    if naive <= EARLIEST.replace(tzinfo=None):
        return EARLIEST
    return LATEST if naive >= LATEST.replace(tzinfo=None) else moment.astimezone(UTC)


Moment = Annotated[
    datetime, BeforeValidator(_moment), WithJsonSchema({"type": "string", "format": "date-time"}, mode="validation")
]
Time = Annotated[str, Field(json_schema_extra={"format": "date-time"})]
Confidence = Annotated[float, Field(ge=0, le=1)]


class Asked(BaseModel):
    """What a caller sends: no other keys, no conversions."""

    model_config = ConfigDict(extra="forbid", strict=True)


class Told(BaseModel):
    """What a caller gets: these keys and no others."""

    model_config = ConfigDict(extra="forbid")


class ErrorForm(BaseModel):
    """Every error: `error` for programs, `message` for people, `details` of a conflict."""

    error: str
    message: str
    details: dict[str, Any] | None = None


class AskBody(Asked):
    """A question to try; nothing is stored."""

    text: Annotated[str, StringConstraints(min_length=1, max_length=2000)]
    room: Annotated[str, StringConstraints(max_length=64)] | None = None
    at: Moment | None = None


class ModeBody(Asked):
    """A room's stop switch."""

    mode: Literal["auto", "suggest", "off"]


class UserBody(Asked):
    """A viewer: the source, and the id that the source gave."""

    source: Annotated[str, StringConstraints(min_length=1, max_length=64)]
    user_id: Annotated[str, StringConstraints(min_length=1, max_length=256, pattern=r"^[^\x00]*$")]


class CandidateForm(Told):
    """An answer that comes near."""

    entry: str
    item: str | None
    unlisted: str | None
    confidence: Confidence


class DecisionForm(Told):
    """What is done about one need."""

    action: Literal["answer", "clarify", "escalate", "defer", "ignore"]
    entry: str | None
    item: str | None
    unlisted: str | None
    reason: str | None
    confidence: Confidence
    reply: str | None
    why: str
    candidates: list[CandidateForm]


class DecisionsForm(Told):
    """The decisions about a question, and by which knowledge version, for which room and time."""

    decisions: list[DecisionForm]
    room: str
    at: Time
    knowledge_version: str


class UserForm(Told):
    """A viewer; after the retention time the id is a pseudonym and the name empty."""

    id: str
    name: str


class MessageForm(Told):
    """A message as taken."""

    id: str
    source: str
    room: str
    user: UserForm
    text: str
    sent_at: Time | None
    taken_at: Time
    knowledge_version: str
    decisions: list[DecisionForm]


class MessagesPage(Told):
    """Messages, oldest first."""

    items: list[MessageForm]
    next: str | None


class AskerForm(Told):
    """Somebody whom a reply speaks to; `dropped`: waited too long."""

    source: str
    message_id: str
    user: UserForm
    asked_at: Time
    dropped: bool


class ReplyForm(Told):
    """A reply and what became of it. `channel` is a source's name, or `screen`."""

    id: str
    room: str
    channel: str
    kind: ReplyKind
    state: ReplyState
    text: str
    entry: str | None
    item: str | None
    ticket: str | None
    knowledge_version: str
    created_at: Time
    said_at: Time | None
    attempts: int
    note: str | None
    in_reply_to: list[str]
    askers: list[AskerForm]


class RepliesPage(Told):
    """Replies, oldest first."""

    items: list[ReplyForm]
    next: str | None


class RoomForm(Told):
    """A room. `counters` count since the beginning, `tickets` the open ones by state and `overdue`."""

    room: str
    title: str
    mode: Mode
    session: dict[str, Any] | None
    counters: dict[str, float]
    tickets: dict[str, int]


class RoomsPage(Told):
    """All rooms, on one page."""

    items: list[RoomForm]
    next: None


class RoomMode(Told):
    """A room's mode as it is now."""

    room: str
    mode: Mode


class EntryMute(Told):
    """Whether an entry is muted now."""

    entry: str
    muted: bool


class UserBlock(Told):
    """Whether a viewer is blocked now."""

    source: str
    user_id: str
    blocked: bool


class FaultForm(Told):
    """A fault in a knowledge file."""

    file: str
    line: int
    column: int
    code: str
    severity: Literal["error", "warning"]
    message: str
    hint: str


class FileForm(Told):
    """A knowledge file: `good` as it stands in the folder, `stale` on its last good version, `missing` left out."""

    file: str
    state: Literal["good", "stale", "missing"]


class KnowledgeForm(Told):
    """The knowledge in force. `good`: everything in the folder is."""

    version: str
    loaded_at: Time
    read_at: Time
    good: bool
    entries: int
    files: list[FileForm]
    faults: list[FaultForm]
    muted: list[str]


class CallerForm(Told):
    """Whose token this is."""

    name: str
    role: str
    department: str | None
    rights: list[Right]
