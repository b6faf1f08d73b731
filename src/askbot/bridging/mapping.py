"""The mapping file (字段映射文件): YAML that says where a collector's lines hold id, text, user, room and time.

Read as all YAML here is: every fault at file:line:column, all at once, in Chinese.
"""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from askbot.bridging.lines import FieldRule, LineMapping, TimeUnit
from askbot.bridging.paths import FieldPath, parse_path
from askbot.domain.faults import errors_of
from askbot.errors import SettingsError
from askbot.yaml_marks.collector import FaultList
from askbot.yaml_marks.kinds import INVALID, ChoiceKind, Invalid, ParsedKind, TextKind
from askbot.yaml_marks.marked import Mapping, Node
from askbot.yaml_marks.reading import read_yaml
from askbot.yaml_marks.shapes import Key, MapOf, OneOrMany, Record, Shape

PATH = ParsedKind("字段路径，如 user.id 或 items[]", parse_path, "bad_path")
PATHS = OneOrMany(PATH, "字段路径，或几个路径的列表（取第一个有值的）")
UNITS = ChoiceKind({unit.value: unit for unit in TimeUnit})

DETAILED = Shape(
    title="字段",
    keys=(
        Key(name="path", kind=PATHS, doc="值在哪里"),
        Key(name="digest", kind=PATHS, doc="没有编号时，用这些值的摘要作编号"),
        Key(name="default", kind=TextKind(), doc="哪里都没有时的值"),
        Key(name="unit", kind=UNITS, doc="时间的写法：s、ms、iso，或 auto"),
    ),
)


@dataclass(frozen=True, slots=True)
class RuleKind:
    """A field's value in the file: a path, a list of paths, or the detailed form."""

    meaning: str = "字段路径，或 {path: …, default: …}"

    def read(self, node: Node, faults: FaultList) -> FieldRule | Invalid:
        """The rule."""
        if not isinstance(node, Mapping):
            read = PATHS.read(node, faults)
            return read if isinstance(read, Invalid) else FieldRule(paths=_values(read))
        record = DETAILED.read(node, faults)
        if isinstance(record, Invalid):
            return INVALID
        return FieldRule(
            paths=_values(record.get("path", [])),
            digest=_values(record.get("digest", [])),
            default=record.get("default"),
            unit=record.get("unit", TimeUnit.AUTO),
        )

    def schema(self) -> dict[str, Any]:
        """Either form."""
        return {"anyOf": [PATHS.schema(), DETAILED.schema()]}


FIELDS = {
    "id": ("id", "消息编号"),
    "text": ("text", "弹幕文字"),
    "user.id": ("user_id", "观众编号"),
    "user.name": ("user_name", "观众昵称"),
    "room": ("room", "房间"),
    "sent_at": ("sent_at", "发送时间"),
}

FILE = Shape(
    title="字段映射",
    keys=(
        Key(name="messages", kind=PATH, doc="一行里的消息在哪里；不写则一行是一条"),
        Key(
            name="only",
            kind=MapOf(OneOrMany(TextKind(), "一个值，或几个值的列表"), "筛选条件", least=0),
            doc="只取这些路径上有这些值的消息",
        ),
        *(Key(name=name, kind=RuleKind(), doc=doc) for name, (_, doc) in FIELDS.items()),
    ),
)


@dataclass(frozen=True, slots=True)
class _Only:
    path: FieldPath
    values: frozenset[str] = field(default_factory=frozenset)


def read_mapping(file: str, data: bytes) -> LineMapping:
    """The mapping that a file's bytes describe; what it leaves out is as in the standard form.

    Raises SettingsError with all faults.
    """
    document = read_yaml(file, data, keys=FILE.names)
    faults = FaultList(file)
    faults.faults.extend(document.faults)
    record = FILE.read(document.root, faults) if document.root is not None else INVALID
    chosen = _only(record, faults) if isinstance(record, Record) else ()
    if isinstance(record, Invalid) or errors_of(tuple(faults.faults)):
        raise SettingsError(f"{file} is no mapping of fields", tuple(faults.faults))
    return LineMapping(
        messages=record.get("messages"),
        only=tuple((one.path, one.values) for one in chosen),
        **{attribute: record.get(name) for name, (attribute, _) in FIELDS.items() if record.get(name) is not None},
    )


def load_mapping(path: Path) -> LineMapping:
    """Read a mapping file; raise SettingsError when it is wrong or cannot be read."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise SettingsError(f"cannot read {path}: {error.strerror}") from error
    return read_mapping(str(path), data)


def _only(record: Record, faults: FaultList) -> tuple[_Only, ...]:
    found = []
    for key, _, values in record.get("only", {}).values():
        path = PATH.read(key, faults)
        if not isinstance(path, Invalid):
            found.append(_Only(path, frozenset(_values(values))))
    return tuple(found)


def _values(pairs: list[tuple[Node, Any]]) -> tuple[Any, ...]:
    return tuple(value for _, value in pairs)
