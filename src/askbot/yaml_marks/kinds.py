"""Kinds of scalar values: text, choice, moment … Each reads a node, notes its fault, and gives its JSON Schema.

A kind knows nothing of the file that it is used in; what is special about a key stands in the table of shapes.
"""

import re
from collections.abc import Callable
from collections.abc import Mapping as Dict
from dataclasses import dataclass
from typing import Any, Protocol

from askbot.yaml_marks.collector import FaultList, shown
from askbot.yaml_marks.likeness import nearest
from askbot.yaml_marks.marked import HOLE, Listing, Mapping, Node, Text


class Invalid:
    """The one value that stands for "there was a fault"; nothing else is of this class."""


INVALID = Invalid()
Value = Any
"""What a kind gives: each has its own values."""
_KINDS: Dict[type, str] = {Text: "一段文字", Listing: "一个列表", Mapping: "一组“键: 值”"}


def described(node: Node) -> str:
    """What the node is, in a clerk's words."""
    if isinstance(node, Text):
        return "空的" if node.empty else shown(node.text)
    return _KINDS[type(node)]


class Kind(Protocol):
    """What a value must be."""

    @property
    def meaning(self) -> str:
        """What is expected, in Chinese, to complete 这里应当是…."""

    def read(self, node: Node, faults: FaultList) -> Value:
        """The value, or INVALID after its fault was noted."""

    def schema(self) -> dict[str, Any]:
        """Its JSON Schema."""


def wrong_type(node: Node, meaning: str, faults: FaultList, example: str = "") -> Invalid:
    """Note that the node is not what is meant; `example` is what it should look like."""
    if isinstance(node, Text) and node.hole:
        return INVALID
    if isinstance(node, Text) and node.text[:1] in _WIDE_BRACKETS:
        hint = "括号、逗号、冒号都要用半角的：[甲, 乙]、{状态: 封闭}"
    elif example:
        hint = f"写成{example}"
    elif isinstance(node, Mapping) and not node.flow and len(node.pairs) == 1:
        hint = "如果整行是一句话，给它加上双引号：冒号加空格会被当成“键: 值”"
    elif isinstance(node, Mapping) and node.flow:
        hint = "文字里有花括号时，整句加上双引号"
    elif isinstance(node, Text) and "列表" in meaning:
        hint = "写成 [甲, 乙]（半角方括号和逗号），或每行一个，前面加“- ”"
    elif isinstance(node, Listing) and "列表" not in meaning:
        hint = f"这里只能写{meaning}：去掉方括号，或前面的“- ”"
    else:
        hint = f"改成{meaning}"
    faults.error(node, "wrong_type", f"这里应当是{meaning}，不是{described(node)}", hint)
    return INVALID


def scalar(node: Node, meaning: str, faults: FaultList) -> Text | None:
    """The node if it is a scalar with something in it; None after its fault was noted."""
    if not isinstance(node, Text):
        wrong_type(node, meaning, faults)
        return None
    if node.style == "*" or node.text == HOLE:
        return None
    if not node.text.strip():
        faults.error(node, "empty_value", f"这里是空的，应当是{meaning}", "写上内容，或删掉这一项")
        return None
    return node


_WIDE_PAIRS = {"“": '”"', "”": '”"', "‘": "’'", "＂": '＂"', "【": "】]", "［": "］]", "「": "」", "『": "』"}
"""What may close what, when a whole text stands in it."""
_WIDE_BRACKETS = frozenset("【［｛")


def _wrapped(value: str) -> bool:
    """Whether a whole text stands in full-width quotes or brackets: “甲”和“乙” does not."""
    closing = _WIDE_PAIRS.get(value[0], "") if len(value) > 1 else ""
    return value[-1] in closing and not any(c in closing for c in value[1:-1])


@dataclass(frozen=True, slots=True)
class TextKind:
    """Any text that is not empty; plain text loses the spaces (also full-width ones) around it.

    `one_line`: unquoted lines below one another are more likely several texts than one.
    """

    meaning: str = "一段文字"
    pattern: str | None = None
    rule: str = ""
    code: str = "bad_text"
    one_line: bool = False

    def read(self, node: Node, faults: FaultList) -> str | Invalid:
        """The text."""
        text = scalar(node, self.meaning, faults)
        if text is None:
            return INVALID
        value = text.text if text.style in ('"', "'") else text.text.strip()
        if self.pattern is not None and re.fullmatch(self.pattern, value) is None:
            faults.error(text, self.code, f"{shown(value)}不能作{self.meaning}", self.rule)
            return INVALID
        if self.one_line and not text.style and text.last_line > text.line:
            message = f"第 {text.line} 行到第 {text.last_line} 行会连成一句：{shown(value)}"
            faults.warning(text, "joined_lines", message, "是几句的话，每行前面加“- ”（方括号里每句之间加半角逗号）")
        if not text.style and _wrapped(value):
            message = f"整句用了{value[0]}…{value[-1]}，它们会成为文字的一部分"
            faults.warning(text, "wide_quotes", message, '引号换成半角的 "…"，列表的括号换成半角的 [ ]；或去掉')
        return value

    def schema(self) -> dict[str, Any]:
        """A text; numbers and dates that an editor takes for such are texts too."""
        if self.pattern is not None:
            return {"type": ["string", "number"], "pattern": f"^(?:{self.pattern})$"}
        return {"type": ["string", "number", "boolean"], "minLength": 1}


@dataclass(frozen=True, slots=True)
class ChoiceKind:
    """One of a few words; `spellings` maps each to its value."""

    spellings: Dict[str, Any]

    @property
    def meaning(self) -> str:
        """The words, in their order."""
        return "、".join(self.spellings) + " 之一"

    def read(self, node: Node, faults: FaultList) -> Value:
        """The value of the word."""
        text = scalar(node, self.meaning, faults)
        if text is None:
            return INVALID
        value = self.spellings.get(text.text.strip(), INVALID)
        if value is INVALID:
            near = nearest(text.text.strip(), self.spellings)
            hint = f"是不是{shown(near)}？" if near else f"改成 {self.meaning}"
            faults.error(text, "bad_choice", f"{shown(text.text)}不认识，这里应当是 {self.meaning}", hint)
        return value

    def schema(self) -> dict[str, Any]:
        """An enumeration; true and false also as booleans."""
        words: list[Any] = list(self.spellings)
        return {"enum": words + [w == "true" for w in words if w in ("true", "false")]}


@dataclass(frozen=True, slots=True)
class NumberKind:
    """A decimal number within bounds, both included; `whole` for integers. Gives an int or a float."""

    low: float
    high: float
    whole: bool = True

    @property
    def meaning(self) -> str:
        """The kind of number and its bounds."""
        return f"{'整数' if self.whole else '数字'}，从 {self.low:g} 到 {self.high:g}"

    def read(self, node: Node, faults: FaultList) -> int | float | Invalid:
        """The number."""
        text = scalar(node, self.meaning, faults)
        if text is None:
            return INVALID
        typed = text.text.strip()
        pattern = r"-?[0-9]{1,15}" if self.whole else r"-?[0-9]{1,15}(?:\.[0-9]{1,15})?"
        value = (int if self.whole else float)(typed) if re.fullmatch(pattern, typed) else None
        if value is None or not self.low <= value <= self.high:
            faults.error(text, "bad_number", f"{shown(typed)}不是{self.meaning}", f"改成{self.meaning}")
            return INVALID
        return value

    def schema(self) -> dict[str, Any]:
        """A number with bounds."""
        return {"type": "integer" if self.whole else "number", "minimum": self.low, "maximum": self.high}


@dataclass(frozen=True, slots=True)
class ParsedKind:
    """A text that a function of the owner turns into a value; the function raises ValueError with a Chinese reason."""

    meaning: str
    parse: Callable[[str], Any]
    code: str = "bad_value"

    def read(self, node: Node, faults: FaultList) -> Value:
        """What the function gives."""
        text = scalar(node, self.meaning, faults)
        if text is None:
            return INVALID
        try:
            return self.parse(text.text.strip())
        except ValueError as error:
            faults.error(text, self.code, f"{shown(text.text)}不是{self.meaning}：{error}", f"改成{self.meaning}")
            return INVALID

    def schema(self) -> dict[str, Any]:
        """A text."""
        return {"type": ["string", "number", "boolean"]}


def flag() -> ChoiceKind:
    """The only booleans: true and false."""
    return ChoiceKind({"true": True, "false": False})
