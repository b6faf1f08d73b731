"""Messages in files: one JSON object a line. A line that is no message is an InputError that names its number."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from askbot.errors import InputError

DEFAULT_ROOM = "main"


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A message as a file carries it; `data` is the whole object, keys that are not ours included."""

    number: int
    id: str
    text: str
    room: str
    user: str
    at: datetime | None
    data: Mapping[str, object]


def read_lines(typed: Iterable[str]) -> Iterator[Line]:
    """The messages of a file's lines; empty lines are skipped; InputError at the first bad one."""
    for number, line in enumerate(typed, 1):
        if line.strip():
            yield read_line(line, number)


def read_line(typed: str, number: int) -> Line:
    """One message; InputError when it is none."""
    try:
        data = json.loads(typed.lstrip("\ufeff"))
    except (ValueError, RecursionError) as fault:
        raise InputError(f"第{number}行不是 JSON：{_place(fault)}") from None
    if not isinstance(data, dict):
        raise InputError(f"第{number}行应是一个 JSON 对象（花括号）")
    text = data.get("text")
    if not isinstance(text, str):
        raise InputError(f"第{number}行缺少文字 text")
    name = data.get("id")
    if not isinstance(name, str) or not name:
        raise InputError(f"第{number}行缺少编号 id")
    room = _word(data, "room", number) or DEFAULT_ROOM
    return Line(
        number=number,
        id=name,
        text=text,
        room=room,
        user=_word(data, "user", number) or f"\0{name}",
        at=_time(data.get("at"), number),
        data=data,
    )


def _place(fault: Exception) -> str:
    return f"第{fault.colno}个字符处看不懂" if isinstance(fault, json.JSONDecodeError) else "嵌套太深或数字太长"


def _word(data: Mapping[str, object], key: str, number: int) -> str | None:
    value = data.get(key)
    if value is None or isinstance(value, str):
        return value
    raise InputError(f"第{number}行的 {key} 应是文字")


def _time(value: object, number: int) -> datetime | None:
    if value is None:
        return None
    try:
        moment = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise InputError(f"第{number}行的 at 应是带时区的时间，如 2026-02-12T09:00:00+08:00")
    return moment
