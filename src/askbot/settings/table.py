"""The configuration as a table of shapes: every key, what its value must be, what it is for."""

from typing import Any

from askbot.platforms.urls import UrlKind
from askbot.settings.kinds import CLOCK_TIME, DAY, NAME, NETWORK, PORT, SHARE, ZONE, DatabaseKind, duration
from askbot.settings.sources import SCREEN, SourceKind, check_rooms
from askbot.yaml_marks.collector import FaultList, shown
from askbot.yaml_marks.kinds import TextKind
from askbot.yaml_marks.marked import Node
from askbot.yaml_marks.shapes import Key, ListOf, MapOf, OneOrMany, Record, Shape

BAR_ORDER = ("near", "clarify", "answer")
BAR_DEFAULTS = {"near": 0.12, "clarify": 0.5, "answer": 0.62}

COUNTY = Shape(
    title="county",
    keys=(
        Key(name="name", kind=TextKind("县名"), required=True, doc="县（市、区）的名字"),
        Key(name="timezone", kind=ZONE, doc="时区，不写就是 Asia/Shanghai"),
    ),
)
SERVER = Shape(
    title="server",
    keys=(
        Key(name="host", kind=TextKind("监听地址"), doc="监听哪个地址，不写就是 127.0.0.1（只有本机）"),
        Key(name="port", kind=PORT, doc="端口，不写就是 8080；0 是随便一个空着的"),
        Key(name="public_url", kind=UrlKind(), doc="从外面看到的网址，写进链接里"),
        Key(
            name="trusted_proxies",
            kind=OneOrMany(NETWORK, "网段，或网段的列表", 0),
            doc="反向代理的网段；只有它们说的 X-Forwarded-For 才算数，不写就都不算",
        ),
    ),
)
ROOM = Shape(title="直播间", keys=(Key(name="title", kind=TextKind("标题"), doc="页面上显示的名字"),))
REPLIES = Shape(
    title="replies",
    keys=(
        Key(name="cooldown", kind=duration("30s", zero=True), doc="同一个回答隔多久才再说，不写就是 30s"),
        Key(name="room_share", kind=SHARE, doc="回复最多占直播间最近 60 秒弹幕的几成，不写就是 0.2"),
        Key(name="max_age", kind=duration("45s"), doc="等了这么久还没说的回复就不说了，不写就是 45s"),
    ),
)
RETENTION = Shape(
    title="retention",
    keys=(
        Key(name="text", kind=duration("30d"), doc="弹幕文字留多久，不写就是 30d"),
        Key(name="names", kind=duration("7d"), doc="观众名字留多久，不写就是 7d"),
    ),
)
CALENDAR = Shape(
    title="calendar",
    keys=(
        Key(name="holidays", kind=ListOf(DAY, "日期的列表", 0), doc="放假的日子（周末不用写）"),
        Key(name="workdays", kind=ListOf(DAY, "日期的列表", 0), doc="调休上班的周末"),
        Key(name="closes", kind=CLOCK_TIME, doc="下班时间，办理期限算到这一刻，不写就是 18:00"),
    ),
)


def _check_bars(record: Record, faults: FaultList) -> None:
    values = {name: record.get(name, BAR_DEFAULTS[name]) for name in BAR_ORDER}
    if not values["near"] <= values["clarify"] <= values["answer"]:
        message = "门槛的次序不对：应当 near ≤ clarify ≤ answer"
        faults.error(record.node.first, "bars_order", message, "调整这三个数")


BARS = Shape(
    title="bars",
    keys=(
        Key(name="answer", kind=SHARE, doc="把握到几成才自动回答"),
        Key(name="margin", kind=SHARE, doc="要比第二名高出多少"),
        Key(name="clarify", kind=SHARE, doc="把握到几成可以反问"),
        Key(name="near", kind=SHARE, doc="到几成才列为备选"),
    ),
    check=_check_bars,
)


def _check_whole(record: Record, faults: FaultList) -> None:
    rooms = set(record.get("rooms", {}))
    for key, _node, source in record.get("sources", {}).values():
        if key.text == SCREEN:
            faults.error(key, "bad_name", f"来源不能叫{shown(SCREEN)}", "换一个名字")
        if isinstance(source, Record) and "rooms" in record.values:
            check_rooms(source, rooms, faults)
    calendar = record.get("calendar")
    if isinstance(calendar, Record):
        _check_calendar(calendar, faults)


def _check_calendar(calendar: Record, faults: FaultList) -> None:
    holidays = {day for _node, day in calendar.get("holidays", [])}
    for node, day in calendar.get("workdays", []):
        if day in holidays:
            faults.error(node, "both_days", f"{day} 又写成放假又写成上班", "删掉一个")


SETTINGS = Shape(
    title="配置",
    keys=(
        Key(name="county", kind=COUNTY, required=True, doc="县"),
        Key(name="server", kind=SERVER, doc="服务"),
        Key(name="database", kind=DatabaseKind(), doc="数据库地址，不写就是 sqlite:///data/askbot.db"),
        Key(name="knowledge", kind=TextKind("文件夹"), doc="知识文件夹，不写就是 knowledge/"),
        Key(name="data", kind=TextKind("文件夹"), doc="自己要留的文件放哪里，不写就是 data/"),
        Key(name="rooms", kind=MapOf(ROOM, "直播间", NAME), required=True, doc="直播间"),
        Key(
            name="sources", kind=MapOf(SourceKind(), "来源", NAME, 0), doc="弹幕从哪里来，每个来源一个地址 /hooks/名字"
        ),
        Key(name="replies", kind=REPLIES, doc="回复的节制"),
        Key(name="retention", kind=RETENTION, doc="留存"),
        Key(name="bars", kind=BARS, doc="门槛"),
        Key(name="calendar", kind=CALENDAR, doc="工作日"),
        Key(name="blocked_words", kind=ListOf(TextKind("词"), "词的列表", 0), doc="绝不跟着说的词"),
    ),
    check=_check_whole,
)


class _LeftAlone:
    """What a command does not take: read by the service alone."""

    meaning = "任何内容"

    def read(self, node: Node, faults: FaultList) -> None:
        """Nothing."""
        del node, faults

    def schema(self) -> dict[str, Any]:
        """Anything."""
        return {}


FOR_ALL = Shape(
    title="配置",
    keys=tuple(
        Key(name=key.name, kind=key.kind, doc=key.doc)
        for key in SETTINGS.keys
        if key.name in {"county", "rooms", "bars", "blocked_words"}
    ),
    other=_LeftAlone(),
)
"""Sections that every command takes; the others are the service's."""
SECTIONS = {
    "county": COUNTY,
    "server": SERVER,
    "replies": REPLIES,
    "retention": RETENTION,
    "calendar": CALENDAR,
    "bars": BARS,
}
SCALARS = ("database", "knowledge", "data")
