"""Parser events → marked values, in one loop without recursion; refuses what the clerks' YAML leaves out.

The events come one by one, so no single call holds the interpreter for long, whatever the size of the file, and a
file that only nests is left at the depth limit.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import yaml
from yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from askbot.yaml_marks.collector import FaultList, Place, shown
from askbot.yaml_marks.marked import Listing, Mapping, Node, Text

MAX_DEPTH = 20
"""Mappings and lists inside one another; deeper is refused."""


Event = Any
"""One of PyYAML's events, which are untyped."""


class Stop(Exception):  # noqa: N818 - no fault of the program: the reading of this text ends here
    """The text cannot be read further; its fault is noted."""


@dataclass(frozen=True, slots=True)
class ParserError:
    """What the parser could not take: its English words, and where (from 0, in the text that it was given)."""

    problem: str
    context: str
    line: int
    column: int
    context_line: int
    context_column: int


def events(text: str) -> Iterator[Event]:
    """The parser's events; in C where PyYAML was built with libyaml."""
    loader: Any = (yaml.CSafeLoader if yaml.__with_libyaml__ else yaml.SafeLoader)(text)
    while (event := loader.get_event()) is not None:
        yield event


def compose(text: str, faults: FaultList) -> tuple[Node | None, ParserError | None]:
    """The text's tree, as far as it can be read, and the parser's complaint if it had one."""
    builder = Builder(faults)
    try:
        builder.build(text)
    except Stop:
        return None, None
    except yaml.MarkedYAMLError as error:
        return None, _complaint(error)
    except yaml.YAMLError as error:
        return None, ParserError(str(error), "", 0, 0, 0, 0)
    return builder.root, None


def _complaint(error: yaml.MarkedYAMLError) -> ParserError:
    mark = error.problem_mark
    context = error.context_mark or mark
    line, column = (mark.line, mark.column) if mark else (0, 0)
    return ParserError(
        error.problem or "",
        error.context or "",
        line,
        column,
        context.line if context else line,
        context.column if context else column,
    )


class Builder:
    """Takes events and grows the tree; `open` holds the collections that are not closed yet, with a waiting key."""

    def __init__(self, faults: FaultList) -> None:
        self.faults = faults
        self.root: Node | None = None
        self.open: list[Listing | Mapping] = []
        self.keys: list[Text | None] = []

    def build(self, text: str) -> None:
        """Read the whole text; raises Stop after a fault that makes going on useless."""
        documents = 0
        for event in events(text):
            kind = type(event)
            if kind is ScalarEvent:
                self._scalar(event)
            elif kind is MappingEndEvent or kind is SequenceEndEvent:
                self.open.pop()
                self.keys.pop()
            elif kind is MappingStartEvent or kind is SequenceStartEvent:
                self._collection(event, mapping=kind is MappingStartEvent)
            elif kind is AliasEvent:
                self._refuse(
                    event, "alias", f"不支持引用（*{event.anchor}）", "把内容再写一遍；文字以 * 开头时加上双引号"
                )
                self._add(Text("", event.start_mark.line + 1, event.start_mark.column + 1, "*"))
            elif kind is DocumentStartEvent:
                documents += 1
                if documents > 1:
                    hint = "删掉 ---，或把后面的内容放进另一个文件"
                    self._refuse(event, "second_document", "一个文件里只能有一份内容，--- 之后是第二份", hint)
                    raise Stop

    def _refuse(self, event: Event, code: str, message: str, hint: str) -> None:
        self.faults.error(Place(event.start_mark.line + 1, event.start_mark.column + 1), code, message, hint)

    def _extras(self, event: Event) -> None:
        if event.anchor is not None:
            hint = "删掉 & 和后面的名字；文字以 & 开头时加上双引号"
            self._refuse(event, "anchor", f"不支持锚点（&{event.anchor}）", hint)
        if event.tag is not None:
            tag = event.tag.replace("tag:yaml.org,2002:", "!!")
            self._refuse(event, "tag", f"不支持标签（{tag[:40]}）", "删掉 ! 和后面的名字；文字以 ! 开头时加上双引号")

    def _scalar(self, event: Event) -> None:
        start = event.start_mark
        style = event.style
        if event.anchor is not None or event.tag is not None:
            self._extras(event)
        plain = style is None or style == ":"
        node = Text(event.value, start.line + 1, start.column + 1, "" if plain else style)
        if event.end_mark.line != start.line:
            node.last_line = event.end_mark.line + 1
        self._add(node)

    def _collection(self, event: Event, *, mapping: bool) -> None:
        if event.anchor is not None or event.tag is not None:
            self._extras(event)
        start = event.start_mark
        node: Listing | Mapping = (Mapping if mapping else Listing)(
            start.line + 1, start.column + 1, flow=bool(event.flow_style)
        )
        self._add(node)
        self.open.append(node)
        self.keys.append(None)
        if len(self.open) > MAX_DEPTH:
            self._refuse(event, "too_deep", f"嵌套超过 {MAX_DEPTH} 层", "检查缩进，或是不是少了右括号")
            raise Stop

    def _add(self, node: Node) -> None:
        if not self.open:
            self.root = node
            return
        parent = self.open[-1]
        if type(parent) is Listing:
            parent.items.append(node)
            return
        key = self.keys[-1]
        if key is None:
            self.keys[-1] = self._key(node)
            return
        self.keys[-1] = None
        self._pair(parent, key, node)  # type: ignore[arg-type] # it is no Listing

    def _key(self, node: Node) -> Text:
        if isinstance(node, Text):
            return node
        self.faults.error(
            node, "complex_key", "冒号前面应当是一个词，不是括号里的一组", "文字里有括号时，整句加上双引号"
        )
        return Text("", node.line, node.column, "?")

    def _pair(self, parent: Mapping, key: Text, node: Node) -> None:
        earlier = parent.pairs.get(key.text)
        if earlier is None:
            parent.pairs[key.text] = (key, node)
        elif key.style != "?" and not parent.restarted:
            parent.restarted = earlier is next(iter(parent.pairs.values()))
            hint = "留下一个；如果是两条内容，检查是不是少了一个“- ”"
            if parent.restarted:
                hint = "如果这里开始是另一条，在前面加上“- ”；否则删掉一个"
            if parent is self.root:
                hint = "留下一个；看看是不是把整个文件贴了两遍"
            self.faults.error(key, "duplicate_key", f"{shown(key.text)}在第 {earlier[0].line} 行已经写过", hint)
