"""What the rules look at: lists, items and entries of all files together, each with the file and nodes it came from."""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from askbot.knowledge_files.reading import FileReading
from askbot.yaml_marks.collector import FaultList, Placed
from askbot.yaml_marks.marked import Node, Text
from askbot.yaml_marks.shapes import Record


class Notes:
    """The faults that the rules find, by file."""

    def __init__(self) -> None:
        self._lists: dict[str, FaultList] = {}

    def of(self, file: FileReading) -> FaultList:
        """Where the faults of that file go."""
        return self._lists.setdefault(file.file, FaultList(file.file))


@dataclass(slots=True)
class ItemView:
    """An item with its columns: key node and text; a column typed empty is not there."""

    record: Record
    name: str
    names: list[tuple[Node, str]]
    columns: dict[str, tuple[Text, str]]


@dataclass
class ListView:
    """A list, where its name stands, and sets of item numbers for quick answers about columns."""

    name: str
    key: Text
    file: FileReading
    items: list[ItemView] = field(default_factory=list)

    @cached_property
    def having(self) -> dict[str, set[int]]:
        """Column → the numbers of the items that have it."""
        found: dict[str, set[int]] = {}
        for number, item in enumerate(self.items):
            for column in item.columns:
                found.setdefault(column, set()).add(number)
        return found

    @cached_property
    def valued(self) -> dict[tuple[str, str], set[int]]:
        """(column, value) → the numbers of the items that have that value."""
        found: dict[tuple[str, str], set[int]] = {}
        for number, item in enumerate(self.items):
            for column, (_key, value) in item.columns.items():
                found.setdefault((column, value), set()).add(number)
        return found

    @cached_property
    def undated(self) -> set[int]:
        """The numbers of the items without an 更新时间 of their own."""
        return {number for number, item in enumerate(self.items) if "updated" not in item.record.keys}


@dataclass(slots=True)
class VariantView:
    """One way to answer; `node` is its text, `place` where the variant begins."""

    text: str
    node: Node
    place: Placed
    when: dict[str, tuple[Text, list[tuple[Node, str]]]]


@dataclass(slots=True)
class EntryView:
    """An entry with what was sound in it; `list` is None until its phrasings were looked at, or when there is none."""

    record: Record
    file: FileReading
    id: str
    asks: list[tuple[Node, str]]
    variants: list[VariantView]
    list: ListView | None = None
    unsure: bool = False
    """Whether a fault in its phrasings leaves open which list it takes: then nothing is said about its texts."""

    def text(self, name: str) -> tuple[Node, str] | None:
        """A text of the entry with its node."""
        value = self.record.get(name)
        return (self.record.nodes[name], value) if isinstance(value, str) else None

    def said(self) -> Iterable[tuple[Node, str]]:
        """Every text that the entry may say."""
        yield from ((v.node, v.text) for v in self.variants)
        for name in ("unlisted", "unspecified", "early", "expired"):
            if (text := self.text(name)) is not None:
                yield text


@dataclass(slots=True)
class Base:
    """All files together, as far as they could be read."""

    files: tuple[FileReading, ...]
    notes: Notes
    lists: dict[str, ListView] = field(default_factory=dict)
    entries: list[EntryView] = field(default_factory=list)
    groups: list[tuple[str, ...]] = field(default_factory=list)

    def lost(self, name: str) -> bool:
        """Whether that name may stand in a part of a file that could not be read."""
        return any(name in file.lost for file in self.files)


def entry_view(record: Record, file: FileReading) -> EntryView:
    """An entry as the rules look at it."""
    return EntryView(
        record=record,
        file=file,
        id=record.get("id", ""),
        asks=record.get("ask", []),
        variants=_variants(record),
    )


def _variants(record: Record) -> list[VariantView]:
    answer: Any = record.get("answer", [])
    if isinstance(answer, str):
        node = record.nodes["answer"]
        return [VariantView(answer, node, node, {})]
    views = []
    for node, variant in answer:
        when = {name: (key, values) for name, (key, _node, values) in variant.get("when", {}).items()}
        text = variant.get("say", "")
        views.append(VariantView(text, variant.nodes.get("say", node), variant.node.first, when))
    return views


def item_view(record: Record) -> ItemView:
    """An item as the rules look at it."""
    name = record.get("name", "")
    names = ([(record.nodes["name"], name)] if name else []) + record.get("aliases", [])
    columns = {c: (key, v) for c, (key, _node, v) in record.others.items() if isinstance(v, str) and v}
    return ItemView(record, name, names, columns)


def folded(text: str) -> str:
    """The form in which two names or words count as the same: width and case do not matter."""
    return text if text.isascii() and text.islower() else unicodedata.normalize("NFKC", text).casefold()


def where(file: FileReading, other: FileReading, at: Placed) -> str:
    """How a message names another place: the line, and the file when it is another one."""
    return f"第 {at.line} 行" if other.file == file.file else f"{other.file} 第 {at.line} 行"
