"""A collector's line → chat lines as the standard webhook takes them, or why not. Pure; bytes in, values out."""

import hashlib
import json
import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum

from askbot.bridging.paths import FieldPath, parse_path

MAX_LINE = 1 << 20
"""Bytes of one line of input; a longer one is no chat."""

_UNSENDABLE = re.compile("[\x00\ud800-\udfff]")
_MILLISECONDS_FROM = 1e11
"""A bare number above it is milliseconds: as seconds it would be after the year 5000."""


class LineError(ValueError):
    """A line that cannot be taken; the message says why in Chinese, without repeating the line."""


class TimeUnit(StrEnum):
    """How a collector writes a time; AUTO tells by the look of it."""

    AUTO = "auto"
    SECONDS = "s"
    MILLISECONDS = "ms"
    ISO = "iso"


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatLine:
    """One message ready to be posted. `number` is the input line it came from, counted from 1."""

    number: int
    id: str
    text: str
    user_id: str
    user_name: str
    room: str | None = None
    sent_at: datetime | None = None

    def wire(self) -> dict[str, object]:
        """The element of `data.messages`."""
        form: dict[str, object] = {"id": self.id, "user": {"id": self.user_id, "name": self.user_name}}
        form["text"] = self.text
        if self.room is not None:
            form["room"] = self.room
        if self.sent_at is not None:
            form["sent_at"] = self.sent_at.astimezone(UTC).isoformat().replace("+00:00", "Z")
        return form


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldRule:
    """Where one field comes from: the first path that holds a text or number; else a digest; else the default.

    `digest` makes an id for collectors that have none: a hash of the values at those paths, so that a line which
    comes twice keeps its id.
    """

    paths: tuple[FieldPath, ...] = ()
    digest: tuple[FieldPath, ...] = ()
    default: str | None = None
    unit: TimeUnit = TimeUnit.AUTO

    def text(self, value: object) -> str | None:
        """The field as text; None when it is nowhere."""
        for path in self.paths:
            for found in path.find(value):
                text = _scalar(found)
                if text is not None:
                    return text
        return _digest(self.digest, value) if self.digest else self.default


def _rule(*paths: str) -> FieldRule:
    return FieldRule(paths=tuple(parse_path(path) for path in paths))


@dataclass(frozen=True, slots=True, kw_only=True)
class LineMapping:
    """How a collector's lines read (字段映射). The defaults take the standard webhook's own message form.

    `messages` leads to the messages of a line (left out: the line is one); `only` names values that a message must
    have at a path, for collectors that also send gifts and likes.
    """

    messages: FieldPath | None = None
    only: tuple[tuple[FieldPath, frozenset[str]], ...] = ()
    id: FieldRule = field(default_factory=lambda: _rule("id"))
    text: FieldRule = field(default_factory=lambda: _rule("text"))
    user_id: FieldRule = field(default_factory=lambda: _rule("user.id", "user", "user_id"))
    user_name: FieldRule = field(default_factory=lambda: _rule("user.name", "name"))
    room: FieldRule = field(default_factory=lambda: _rule("room"))
    sent_at: FieldRule = field(default_factory=lambda: _rule("sent_at", "at"))


def read_line(number: int, line: bytes, mapping: LineMapping) -> tuple[list[ChatLine], int]:
    """The line's messages, and how many things in it were passed over (another type, or no text).

    Raises LineError when the line is no JSON or a message lacks its id or its user.
    """
    value = _decode(line)
    elements = [value] if mapping.messages is None else mapping.messages.find(value)
    chosen = [element for element in elements if _wanted(element, mapping)]
    found = [chat for element in chosen if (chat := _message(number, element, mapping)) is not None]
    return found, len(elements) - len(found)


def _decode(line: bytes) -> object:
    if len(line) > MAX_LINE:
        raise LineError(f"一行超过 {MAX_LINE} 字节")
    try:
        value = json.loads(line.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise LineError("不是 UTF-8") from error
    except (ValueError, RecursionError) as error:
        raise LineError("不是 JSON") from error
    if not isinstance(value, dict | list):
        raise LineError("不是 JSON 对象或数组")
    return value


def _wanted(element: object, mapping: LineMapping) -> bool:
    return all(any(_scalar(v) in values for v in path.find(element)) for path, values in mapping.only)


def _message(number: int, element: object, mapping: LineMapping) -> ChatLine | None:
    text = mapping.text.text(element)
    if text is None or not text.strip():
        return None
    name, user = mapping.id.text(element), mapping.user_id.text(element)
    if not name:
        raise LineError("消息没有编号（id）")
    if not user:
        raise LineError("消息没有观众编号（user.id）")
    return ChatLine(
        number=number,
        id=name,
        text=text,
        user_id=user,
        user_name=mapping.user_name.text(element) or user,
        room=mapping.room.text(element) or None,
        sent_at=_moment(mapping.sent_at.text(element), mapping.sent_at.unit),
    )


def _scalar(value: object) -> str | None:
    """A text or a number as text (what no push can hold is replaced); None for anything else."""
    if isinstance(value, str):
        return _UNSENDABLE.sub("\ufffd", value)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def _digest(paths: tuple[FieldPath, ...], value: object) -> str:
    parts = [path.find(value) for path in paths]
    canonical = json.dumps(parts, sort_keys=True).encode()
    return hashlib.sha256(canonical).hexdigest()[:32]


def _moment(text: str | None, unit: TimeUnit) -> datetime | None:
    """The time, aware; None when there is none or it is not of the unit: a wrong time loses no message."""
    if text is None:
        return None
    try:
        if unit is TimeUnit.ISO or (unit is TimeUnit.AUTO and not _is_number(text)):
            moment = datetime.fromisoformat(text)
            return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        seconds = float(text)
        if unit is TimeUnit.MILLISECONDS or (unit is TimeUnit.AUTO and abs(seconds) >= _MILLISECONDS_FROM):
            seconds /= 1000
        return datetime.fromtimestamp(seconds, UTC)
    except (ValueError, OverflowError, OSError):
        return None


def _is_number(text: str) -> bool:
    return re.fullmatch(r"-?\d+(\.\d+)?", text) is not None
