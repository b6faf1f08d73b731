"""A source's configuration: the keys that all platforms share, and the platform's own by its table."""

from typing import Any

from askbot.platforms import PLATFORMS
from askbot.platforms.base import Platform
from askbot.platforms.secrets import SecretKind
from askbot.settings.kinds import NAME, NETWORK, RATE, duration
from askbot.settings.values import Rate, Source
from askbot.yaml_marks.collector import FaultList, shown
from askbot.yaml_marks.kinds import INVALID, ChoiceKind, Invalid, TextKind, wrong_type
from askbot.yaml_marks.likeness import nearest
from askbot.yaml_marks.marked import Mapping, Node, Text
from askbot.yaml_marks.shapes import Key, MapOf, OneOrMany, Record, Shape

SCREEN = "screen"
"""Is the name of a channel already: no source may have it."""

COMMON = (
    Key(name="platform", kind=ChoiceKind({name: name for name in PLATFORMS}), required=True, doc="平台"),
    Key(name="room", kind=NAME, doc="这个来源的弹幕都属于哪个直播间"),
    Key(name="rooms", kind=MapOf(NAME, "平台房间号到直播间的对照", TextKind("房间号")), doc="平台的房间号: 直播间"),
    Key(name="rate", kind=RATE, doc="最多多少次请求，如 1000/s；超过的答 429"),
    Key(name="max_skew", kind=duration("5m"), doc="签名时间和现在最多差多久，如 5m"),
    Key(name="allow", kind=OneOrMany(NETWORK, "网段，或网段的列表"), doc="只收这些网段发来的请求"),
    Key(name="path_key", kind=SecretKind(), doc="地址后面再加的一段密钥：/hooks/来源/密钥"),
)


class SourceKind:
    """A source: its platform decides which keys it may have."""

    meaning = "一个来源（一组“键: 值”）"

    def read(self, node: Node, faults: FaultList) -> Record | Invalid:
        """The record, checked by the platform's table; INVALID when the platform is not known."""
        if not isinstance(node, Mapping):
            return wrong_type(node, self.meaning, faults)
        named = node.pairs.get("platform")
        if named is None or not isinstance(named[1], Text) or named[1].empty:
            hint = f"加上一行“platform: …”（{'、'.join(PLATFORMS)}）"
            faults.error(node.first, "missing_key", f"来源缺少{shown('platform')}", hint)
            return INVALID
        platform = PLATFORMS.get(named[1].text.strip())
        if platform is None:
            return self._unknown(named[1], faults)
        return shape_of(platform).read(node, faults)

    @staticmethod
    def _unknown(typed: Text, faults: FaultList) -> Invalid:
        near = nearest(typed.text, list(PLATFORMS))
        known = f"可以写的平台：{'、'.join(PLATFORMS)}"
        hint = f"是不是{shown(near)}？{known}" if near else known
        faults.error(typed, "unknown_platform", f"没有{shown(typed.text)}这个平台", hint)
        return INVALID

    def schema(self) -> dict[str, Any]:
        """One of the platforms' shapes."""
        return {"anyOf": [shape_of(platform).schema() for platform in PLATFORMS.values()]}


def shape_of(platform: Platform) -> Shape:
    """What a source of this platform may say."""
    return Shape(title=f"来源（{platform.name}）", keys=(*COMMON, *platform.keys), check=_rules(platform))


def _rules(platform: Platform) -> Any:  # noqa: ANN401 (a check of shapes.Shape)
    def check(record: Record, faults: FaultList) -> None:
        given = record.keys.keys()
        if {"room", "rooms"} <= given:
            message = "room 和 rooms 只能写一个"
            faults.error(record.keys["rooms"], "room_and_rooms", message, "弹幕都进一个直播间用 room，分开进用 rooms")
        elif not {"room", "rooms"} & given:
            message = "来源没有说弹幕进哪个直播间"
            faults.error(
                record.node.first, "missing_key", message, "加上一行“room: 直播间”或“rooms: {平台房间号: 直播间}”"
            )
        if platform.gated and not {"path_key", "allow"} & given:
            message = f"{platform.name} 的签名不保护弹幕内容，单靠它不够"
            faults.error(record.node.first, "ungated", message, "加上 path_key（地址里的密钥）或 allow（允许的网段）")
        missing = [key for key in platform.sends_with if key not in given]
        if platform.client is not None and missing:
            message = f"没有写{'、'.join(missing)}，这个来源的回复只上大屏，不发到平台"
            faults.warning(record.node.first, "cannot_send", message, f"要发到平台，加上 {'、'.join(missing)}")

    return check


def source_of(name: str, record: Record) -> Source:
    """The source that a faultless record says."""
    platform = PLATFORMS[record.get("platform")]
    rooms: dict[str, tuple[Text, Node, str]] = record.get("rooms", {})
    own = {key.name for key in platform.keys}
    return Source(
        name=name,
        platform=platform.name,
        room=record.get("room"),
        rooms={theirs: ours for theirs, (_key, _node, ours) in rooms.items()},
        rate=record.get("rate", Rate()),
        max_skew=record.get("max_skew", platform.max_skew),
        allow=tuple(network for _node, network in record.get("allow", [])),
        path_key=record.get("path_key"),
        options={key: value for key, value in record.values.items() if key in own},
    )


def check_rooms(record: Record, rooms: set[str], faults: FaultList) -> None:
    """Note the rooms that the source names and that are not configured."""
    named: list[tuple[Node, str]] = [(node, ours) for _key, node, ours in record.get("rooms", {}).values()]
    if "room" in record.values:
        named.append((record.nodes["room"], record.values["room"]))
    for node, room in named:
        if room not in rooms:
            near = nearest(room, sorted(rooms))
            hint = f"是不是{shown(near)}？" if near else f"rooms 里的直播间：{'、'.join(sorted(rooms)) or '（还没有）'}"
            faults.error(node, "unknown_room", f"没有{shown(room)}这个直播间", hint)
