"""Values of a YAML file with the place where each was typed; what the parser gives and the shapes read.

Every scalar is the text that was typed: whether it is a date, a number or a word is the schema's business. Lines and
columns count from 1, columns in characters (not bytes), a byte order mark not counted.
"""

from collections.abc import Iterator

HOLE = "\ue0ff"
"""Stands in repaired lines for what could not be read; its fault is told already, so nothing more is said about it."""


class Text:
    """A scalar as typed. `style` is "" (plain), a quote, or the block indicator; `last_line` is where it ends."""

    __slots__ = ("column", "last_line", "line", "style", "text")

    def __init__(self, text: str, line: int, column: int, style: str = "", last_line: int = 0) -> None:
        self.text = text
        self.line = line
        self.column = column
        self.style = style
        self.last_line = last_line or line

    @property
    def empty(self) -> bool:
        """Whether nothing was typed (a key without a value)."""
        return not self.text and not self.style

    @property
    def hole(self) -> bool:
        """Whether it only stands for something that could not be read."""
        return self.style == "*" or self.text == HOLE


class Listing:
    """A sequence; `flow` when it was typed in brackets, `adopting` while elements are put in that stand elsewhere."""

    __slots__ = ("adopting", "column", "flow", "items", "line")

    def __init__(self, line: int, column: int, *, flow: bool) -> None:
        self.items: list[Node] = []
        self.adopting = False
        self.line = line
        self.column = column
        self.flow = flow


class Mapping:
    """A mapping; its pairs in the order in which they were typed, without repeated keys.

    `restarted`: its first key came again, as it does when the dash before the next element was forgotten.
    """

    __slots__ = ("column", "flow", "line", "pairs", "restarted")

    def __init__(self, line: int, column: int, *, flow: bool) -> None:
        self.pairs: dict[str, tuple[Text, Node]] = {}
        self.restarted = False
        self.line = line
        self.column = column
        self.flow = flow

    @property
    def first(self) -> "Text | Mapping":
        """Where something that is missing would be added: its first key, or itself when it is empty."""
        return next(iter(self.pairs.values()))[0] if self.pairs else self

    def __iter__(self) -> Iterator[tuple[Text, "Node"]]:
        return iter(self.pairs.values())


Node = Text | Listing | Mapping
