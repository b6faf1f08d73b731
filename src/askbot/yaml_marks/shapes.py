"""A declarative table of shapes: which keys a mapping may have, in which spellings, and what their values must be.

The same table reads a marked tree (collecting all faults, with the nearest known key suggested) and yields the JSON
Schema for editors. The table of the knowledge format has Chinese and English keys, that of the configuration English
ones; this module knows neither.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from askbot.yaml_marks.collector import FaultList, shown
from askbot.yaml_marks.kinds import INVALID, Invalid, Kind, TextKind, Value, wrong_type
from askbot.yaml_marks.likeness import nearest
from askbot.yaml_marks.marked import Listing, Mapping, Node, Text
from askbot.yaml_marks.regrouping import Takes, regrouped, rejoined


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """A key of a mapping: `name` is what the program uses, `also` the other spellings; `doc` is Chinese."""

    name: str
    kind: "Kind"
    doc: str
    also: tuple[str, ...] = ()
    required: bool = False

    @property
    def spellings(self) -> tuple[str, ...]:
        """All accepted spellings, the one that the docs show first at the front."""
        return (*self.also, self.name)


class Record:
    """A mapping that was read: values, value nodes and key nodes by the program's names; `others` are free columns.

    `meant` are the keys that an unknown key was probably meant as: nobody is told that they are missing too.
    `strange`: some key is unknown, so that nothing is said about what depends on a key that is not there.
    """

    __slots__ = ("keys", "meant", "node", "nodes", "others", "strange", "values")

    def __init__(self, node: Mapping) -> None:
        self.node = node
        self.values: dict[str, Any] = {}
        self.nodes: dict[str, Node] = {}
        self.keys: dict[str, Text] = {}
        self.others: dict[str, tuple[Text, Node, Any]] = {}
        self.meant: set[str] = set()
        self.strange = False

    def get(self, name: str, default: Value = None) -> Value:
        """The value; `default` when the key is missing or its value was a fault."""
        return self.values.get(name, default)

    def place(self, name: str) -> Text | Mapping:
        """Where the key stands, or where it would be added."""
        return self.keys.get(name) or self.node.first


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """A mapping with known keys; `other` is the kind of any other key's value, or None when unknown keys are faults.

    `check` is called with the record of a mapping to add what a table cannot say; it may note further faults.
    """

    title: str
    keys: tuple[Key, ...]
    other: "Kind | None" = None
    other_doc: str = ""
    example: str = ""
    check: Callable[[Record, FaultList], None] | None = None
    names: dict[str, Key] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        for key in self.keys:
            for spelling in key.spellings:
                self.names[spelling] = key

    @property
    def meaning(self) -> str:
        """What is expected here."""
        return f"{self.title}（一组“键: 值”）"

    def read(self, node: Node, faults: FaultList) -> Record | Invalid:
        """The record; its faulty keys are left out. INVALID when it is no mapping at all."""
        if not isinstance(node, Mapping):
            return wrong_type(node, self.meaning, faults, self.example)
        record = Record(node)
        for text, value in regrouped(node, self._section, faults):
            key = self.names.get(text.text)
            if key is None:
                self._other(text, value, record, faults)
            elif key.name in record.keys:
                self._twice(text, record.keys[key.name], faults)
            else:
                self._known(key, text, value, record, faults)
        for key in self.keys if not (faults.partial and node.column == 1) else ():
            if key.required and key.name not in record.keys and key.name not in record.meant:
                self._missing(key, node, faults)
        if self.check is not None:
            self.check(record, faults)
        return record

    def _section(self, word: str) -> Takes | None:
        """Which keys a key's mapping would take that this mapping has no use for itself."""
        key = self.names.get(word)
        if key is None or self.other is not None:
            return None
        if isinstance(key.kind, Shape):
            return lambda typed, below=key.kind.names: typed in below and typed not in self.names  # type: ignore[misc]
        if isinstance(key.kind, MapOf):
            return lambda typed: typed not in self.names and nearest(typed, self.names) is None
        return None

    def known(self, word: str) -> str | None:
        """One name for all spellings of a key; None for a key that this mapping cannot have."""
        key = self.names.get(word)
        return key.name if key else word if self.other is not None else None

    def _known(self, key: Key, text: Text, value: Node, record: Record, faults: FaultList) -> None:
        record.keys[key.name] = text
        record.nodes[key.name] = value
        if isinstance(value, Text) and value.empty:
            faults.error(text, "empty_value", f"{shown(text.text)}后面是空的", "写上内容，或删掉这一行")
            return
        read = key.kind.read(value, faults)
        if read is not INVALID:
            record.values[key.name] = read

    def _other(self, text: Text, value: Node, record: Record, faults: FaultList) -> None:
        if self.other is not None and text.text.strip():
            record.others[text.text] = (text, value, self.other.read(value, faults))
            return
        record.strange = True
        near = nearest(text.text, [k for k in self.names if self.names[k].name not in record.keys])
        if near:
            record.meant.add(self.names[near].name)
        known = "、".join(key.spellings[0] for key in self.keys)
        hint = f"是不是{shown(near)}？" if near else f"{self.title}可以写的键：{known}"
        faults.error(text, "unknown_key", f"{self.title}没有{shown(text.text)}这个键", hint)

    @staticmethod
    def _twice(text: Text, earlier: Text, faults: FaultList) -> None:
        message = f"{shown(text.text)}和第 {earlier.line} 行的{shown(earlier.text)}是同一个键"
        faults.error(text, "duplicate_key", message, "两个写法只能留一个")

    def _missing(self, key: Key, node: Mapping, faults: FaultList) -> None:
        name = key.spellings[0]
        near = nearest(name, [text for text in node.pairs if text not in self.names])
        hint = f"是不是把它写成了{shown(near)}？" if near else f"加上一行“{name}: …”（{key.doc}）"
        place = node.pairs[near][0] if near else node.first
        faults.error(place, "missing_key", f"{self.title}缺少{shown(name)}", hint)

    def schema(self) -> dict[str, Any]:
        """The JSON Schema: every spelling is a property; of one key's spellings one may stand, and must if required."""
        properties: dict[str, Any] = {}
        rules: list[dict[str, Any]] = []
        for key in self.keys:
            form = {**key.kind.schema(), "description": key.doc}
            properties |= dict.fromkeys(key.spellings, form)
            asked = [{"required": [s]} for s in key.spellings]
            if key.required:
                rules.append({"oneOf": asked} if len(asked) > 1 else asked[0])
            elif len(asked) > 1:
                rules.append({"not": {"required": list(key.spellings)}})
        form = {"type": "object", "title": self.title, "properties": properties}
        form["additionalProperties"] = self.other.schema() if self.other else False
        return form | ({"allOf": rules} if rules else {})


@dataclass(frozen=True, slots=True)
class ListOf:
    """A list of one kind, with at least `least` elements. Gives the pairs (node, value) of its sound elements."""

    kind: Kind
    title: str = "列表"
    least: int = 1
    example: str = ""

    @property
    def meaning(self) -> str:
        """What is expected here."""
        return f"{self.title}（一个列表）" if "列表" not in self.title else self.title

    def read(self, node: Node, faults: FaultList) -> list[tuple[Node, Any]] | Invalid:
        """The sound elements with their nodes."""
        if not isinstance(node, Listing):
            return wrong_type(node, self.meaning, faults, self.example)
        if len(node.items) < self.least:
            faults.error(node, "empty_value", f"列表是空的，应当是{self.meaning}", "写上内容，或删掉这一项")
            return INVALID
        plain = isinstance(self.kind, Shape | ListOf | MapOf)
        told = False
        read = []
        for item in self._items(node, faults):
            if plain and isinstance(item, Text) and told:
                continue  # a list of texts where groups are wanted is one mistake
            told |= isinstance(item, Text)
            read.append((item, self.kind.read(item, faults)))
        return [pair for pair in read if pair[1] is not INVALID]

    def _items(self, node: Listing, faults: FaultList) -> list[Node]:
        if not isinstance(self.kind, Shape):
            return node.items
        return rejoined(node.items, self.kind.keys[0].spellings, self.kind.known, faults)

    def schema(self) -> dict[str, Any]:
        """An array."""
        return {"type": "array", "items": self.kind.schema()} | ({"minItems": self.least} if self.least else {})


@dataclass(frozen=True, slots=True)
class OneOrMany:
    """A single value or a list of such; always gives the list's form."""

    kind: Kind
    title: str
    least: int = 1

    @property
    def meaning(self) -> str:
        """What is expected here."""
        return self.title

    def read(self, node: Node, faults: FaultList) -> list[tuple[Node, Any]] | Invalid:
        """The sound elements with their nodes."""
        if isinstance(node, Listing):
            return ListOf(self.kind, self.title, self.least).read(node, faults)
        value = self.kind.read(node, faults)
        return INVALID if value is INVALID else [(node, value)]

    def schema(self) -> dict[str, Any]:
        """Either form."""
        return {"anyOf": [self.kind.schema(), ListOf(self.kind, self.title, self.least).schema()]}


@dataclass(frozen=True, slots=True)
class MapOf:
    """A mapping from names of the clerk's own to values of one kind; gives (key, value node, value) by name."""

    kind: Kind
    title: str
    name: TextKind = field(default_factory=TextKind)
    least: int = 1
    example: str = ""

    @property
    def meaning(self) -> str:
        """What is expected here."""
        return f"{self.title}（一组“名: 内容”）"

    def read(self, node: Node, faults: FaultList) -> dict[str, tuple[Text, Node, Any]] | Invalid:
        """The sound pairs."""
        if not isinstance(node, Mapping):
            return wrong_type(node, self.meaning, faults, self.example)
        if len(node.pairs) < self.least:
            faults.error(node, "empty_value", f"这里是空的，应当是{self.meaning}", "写上内容，或删掉这一项")
            return INVALID
        found: dict[str, tuple[Text, Node, Any]] = {}
        for key, value in node:
            name = self.name.read(key, faults)
            if isinstance(value, Text) and value.empty:
                faults.error(key, "empty_value", f"{shown(key.text)}后面是空的", "写上内容，或删掉这一行")
                continue
            read = self.kind.read(value, faults)
            if isinstance(name, str) and read is not INVALID:
                found[name] = (key, value, read)
        return found

    def schema(self) -> dict[str, Any]:
        """An object with free names."""
        return {"type": "object", "additionalProperties": self.kind.schema()}
