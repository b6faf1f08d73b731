"""Kinds of values that are times: a date or moment, a length of time."""

import re
import unicodedata
from collections.abc import Mapping as Dict
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from askbot.yaml_marks.collector import FaultList, shown
from askbot.yaml_marks.kinds import INVALID, Invalid, scalar
from askbot.yaml_marks.marked import Node

_MOMENT = re.compile(
    r"([0-9]{4})-([0-9]{2})-([0-9]{2})"
    r"(?:[T ] *([0-9]{2}):([0-9]{2})(?::([0-9]{2}))?(Z|[+-][0-9]{2}:?[0-9]{2})?)?"
)
_MOMENT_RULE = "写成 2026-02-20 或 2026-02-20 08:00（半角，月、日、时各两位）"


@dataclass(frozen=True, slots=True)
class MomentKind:
    """A date or a date with a time, ISO. Gives a date, or a datetime that is naive unless an offset was typed."""

    meaning: str = "日期，如 2026-02-20 或 2026-02-20 08:00"

    def read(self, node: Node, faults: FaultList) -> date | datetime | Invalid:
        """The date, or the date and time."""
        text = scalar(node, self.meaning, faults)
        if text is None:
            return INVALID
        typed = text.text.strip()
        if _MOMENT.fullmatch(typed) is None:
            faults.error(text, "bad_date", f"{shown(typed)}不是日期", _meant(typed))
            return INVALID
        try:
            return date.fromisoformat(typed) if len(typed) == len("2026-02-20") else _datetime(typed)
        except ValueError:
            faults.error(text, "bad_date", f"没有{shown(typed)}这一天或这个时刻", _MOMENT_RULE)
            return INVALID

    def schema(self) -> dict[str, Any]:
        """A text of that form."""
        return {"type": "string", "pattern": f"^(?:{_MOMENT.pattern})$"}


_OTHER_FORMS = re.compile(
    r"([0-9]{4})[-/.年] *([0-9]{1,2})[-/.月] *([0-9]{1,2})[日号]?(?:[T ]*([0-9]{1,2})[:时点]([0-9]{1,2})?分?)?"
)


def _meant(typed: str) -> str:
    """How to write what was typed in another form, or else the rule."""
    found = _OTHER_FORMS.fullmatch(unicodedata.normalize("NFKC", typed))
    if found is None:
        return _MOMENT_RULE
    year, month, day, hour, minute = found.groups()
    time_of_day = f" {int(hour):02}:{int(minute or 0):02}" if hour else ""
    return f"写成 {year}-{int(month):02}-{int(day):02}{time_of_day}"


def _datetime(typed: str) -> datetime:
    day, rest = typed[:10], typed[10:].lstrip("T ")
    return datetime.combine(date.fromisoformat(day), time.fromisoformat(rest))


@dataclass(frozen=True, slots=True)
class DurationKind:
    """A number and a unit; `units` maps each unit to its length. Zero is refused."""

    units: Dict[str, timedelta]
    example: str
    longest: timedelta = timedelta(days=36500)
    zero: bool = False

    @property
    def meaning(self) -> str:
        """What it looks like."""
        return f"时长，如 {self.example}"

    def read(self, node: Node, faults: FaultList) -> timedelta | Invalid:
        """The length of time."""
        text = scalar(node, self.meaning, faults)
        if text is None:
            return INVALID
        typed = text.text.strip()
        found = re.fullmatch(r"([0-9]{1,9}) ?(\D+)", typed)
        unit = self.units.get(found.group(2)) if found else None
        value = (
            min(int(found.group(1)) * unit, self.longest * 2)
            if found and unit and _fits(found.group(1), unit)
            else None
        )
        if value is None or value > self.longest or (not value and not self.zero):
            faults.error(
                text, "bad_duration", f"{shown(typed)}不是时长", f"写成 {self.example}（半角数字，不留别的字）"
            )
            return INVALID
        return value

    def schema(self) -> dict[str, Any]:
        """A text of that form."""
        return {"type": "string", "pattern": f"^[0-9]{{1,9}} ?(?:{'|'.join(map(re.escape, self.units))})$"}


def _fits(number: str, unit: timedelta) -> bool:
    return int(number) <= timedelta.max // unit
