"""Kinds of values that only the configuration has: rates, networks, time zones, clock times, and names of rooms."""

import re
from datetime import date, time, timedelta
from ipaddress import ip_network
from typing import Any
from zoneinfo import ZoneInfo

from askbot.domain.secret import Secret
from askbot.settings.values import Network, Rate
from askbot.yaml_marks.collector import FaultList
from askbot.yaml_marks.kinds import INVALID, Invalid, NumberKind, ParsedKind, TextKind, scalar
from askbot.yaml_marks.marked import Node
from askbot.yaml_marks.moments import DurationKind

_UNITS = {"s": 1.0, "m": 60.0, "min": 60.0, "h": 3600.0, "秒": 1.0, "分钟": 60.0, "小时": 3600.0}
_RATE = re.compile(r"([0-9]{1,7}) ?/ ?([a-z]+|\D{1,2})")
_MOST_MINUTES = 60

NAME = TextKind(
    "名字",
    pattern=r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}",
    rule="用字母、数字和 . - _，以字母或数字开头，不超过 64 个字符",
    code="bad_name",
)


def duration(example: str, *, zero: bool = False) -> DurationKind:
    """A length of time in seconds to days."""
    units = {
        "s": timedelta(seconds=1),
        "m": timedelta(minutes=1),
        "min": timedelta(minutes=1),
        "h": timedelta(hours=1),
        "d": timedelta(days=1),
        "秒": timedelta(seconds=1),
        "分钟": timedelta(minutes=1),
        "小时": timedelta(hours=1),
        "天": timedelta(days=1),
    }
    return DurationKind(units, example=example, zero=zero)


def _rate(typed: str) -> Rate:
    found = _RATE.fullmatch(typed)
    seconds = _UNITS.get(found.group(2)) if found else None
    if found is None or seconds is None or not int(found.group(1)):
        raise ValueError("写成 次数/单位，单位是 s、min 或 h")
    return Rate(count=int(found.group(1)), seconds=seconds)


def _network(typed: str) -> Network:
    try:
        return ip_network(typed, strict=False)
    except ValueError:
        raise ValueError("写成 10.0.0.0/8 或一个地址") from None


def _zone(typed: str) -> ZoneInfo:
    try:
        return ZoneInfo(typed)
    except (ValueError, KeyError, OSError):
        raise ValueError("写成地区/城市，如 Asia/Shanghai") from None


def _clock_time(typed: str) -> time:
    if not re.fullmatch(r"[0-2]?[0-9]:[0-5][0-9]", typed):
        raise ValueError("写成 18:00")
    hours, minutes = typed.split(":")
    if int(hours) >= 24:  # noqa: PLR2004 (hours of a day)
        raise ValueError("小时是 0 到 23")
    return time(int(hours), int(minutes))


def _day(typed: str) -> date:
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", typed):
        raise ValueError("写成 2026-02-17")
    try:
        return date.fromisoformat(typed)
    except ValueError:
        raise ValueError("没有这一天") from None


RATE = ParsedKind("频率，如 1000/s 或 120/min", _rate, "bad_rate")
NETWORK = ParsedKind("网段，如 10.0.0.0/8", _network, "bad_network")
ZONE = ParsedKind("时区，如 Asia/Shanghai", _zone, "bad_timezone")
CLOCK_TIME = ParsedKind("时刻，如 18:00", _clock_time, "bad_time")
DAY = ParsedKind("日期，如 2026-02-17", _day, "bad_date")
PORT = NumberKind(0, 65535)
SHARE = NumberKind(0, 1, whole=False)


class DatabaseKind:
    """A database's address; it may hold a password, so no message repeats it."""

    meaning = "数据库地址，如 sqlite:///data/askbot.db 或 postgresql+psycopg://用户:密码@主机/库名"

    def read(self, node: Node, faults: FaultList) -> Secret | Invalid:
        """The address, hidden."""
        text = scalar(node, self.meaning, faults)
        if text is None:
            return INVALID
        url = text.text.strip()
        if not re.match(r"(?:sqlite:///.|postgresql(?:\+psycopg)?://)", url):
            hint = "SQLite 写成 sqlite:///data/askbot.db；PostgreSQL 写成 postgresql+psycopg://用户:密码@主机/库名"
            faults.error(text, "bad_database", "数据库地址读不懂：只能用 SQLite 文件或 PostgreSQL", hint)
            return INVALID
        return Secret(url)

    def schema(self) -> dict[str, Any]:
        """A text."""
        return {"type": "string", "pattern": "^(sqlite|postgresql)"}
