"""Where a walk through brackets is, and how it gets over the space, comments and line ends in them."""

from dataclasses import dataclass

from askbot.yaml_marks.collector import FaultList, Place
from askbot.yaml_marks.edits import Edit
from askbot.yaml_marks.lines import WIDE, indent_of, keyed


@dataclass(slots=True)
class Open:
    """A bracket that waits for its other half; `key` is whether a key may come next (in braces)."""

    mark: str
    line: int
    column: int
    key: bool


class Inside:
    """A place between brackets; `open` are those that wait for their other half."""

    def __init__(
        self, lines: list[str], faults: FaultList, edits: list[Edit], *, line: int, column: int, parent: int
    ) -> None:
        self.lines = lines
        self.faults = faults
        self.edits = edits
        self.line = line
        self.column = column
        self.parent = parent
        self.open: list[Open] = []
        self.lost = False
        self.deep = False

    @property
    def text(self) -> str:
        """The current line."""
        return self.lines[self.line]

    def error(self, column: int, code: str, message: str, hint: str) -> None:
        """Note a fault on the current line, column from 0."""
        self.faults.error(Place(self.line + 1, column + 1), code, message, hint)

    def edit(self, column: int, length: int, new: str, code: str) -> None:
        """Note a repair on the current line."""
        self.edits.append(Edit(self.line, column, length, new, code))

    def gap(self) -> bool:
        """Pass over space, comments and line ends; False when the brackets were left open."""
        while True:
            text = self.text
            self._spaces()
            if self.column < len(text) and not (text[self.column] == "#" and self._comment()):
                return True
            self.line += 1
            self.column = 0
            if self.line >= len(self.lines) or self._outside():
                self.line = min(self.line, len(self.lines)) - 1
                self.column = len(self.lines[self.line])
                self.unclosed()
                return False

    def _spaces(self) -> None:
        text = self.text
        start = self.column
        while self.column < len(text) and (text[self.column] in " \t" or WIDE.match(text, self.column)):
            char = text[self.column]
            if char != " ":
                spaces(self, self.column, char, first=not WIDE.search(text, start, self.column))
            self.column += 1

    def _comment(self) -> bool:
        text, at = self.text, self.column
        before = text[at - 1 : at] if at else " "
        return before in (" ", "\t")

    def _outside(self) -> bool:
        """Whether the line that was reached belongs to the text around: less indented, and with a form of its own."""
        text = self.text
        indent = indent_of(text)
        rest = text[indent:]
        if not rest or indent > self.parent:
            return False
        return rest[0] not in "]}" and (rest.startswith("- ") or keyed(text) or "：" in rest)

    def unclosed(self) -> None:
        """Note that the innermost bracket has no other half, and give up."""
        self.lost = True
        last = self.open[-1]
        other = "]" if last.mark == "[" else "}"
        at = Place(last.line + 1, last.column + 1)
        self.faults.error(at, "unclosed_bracket", f"括号 {last.mark} 没有配对的 {other}", f"在这一组的末尾加上 {other}")


def spaces(walk: Inside, at: int, char: str, *, first: bool) -> None:
    """Note a tab or a wide space between things."""
    if char == "\t":
        if at == 0 or walk.text[at - 1] != "\t":
            walk.error(at, "tab", "这里有制表符（Tab 键）", "删掉它，改用空格")
        walk.edit(at, 1, " ", "tab")
        return
    if first:
        walk.error(at, "wide_space", "这里有全角空格（或别的特殊空格）", "删掉它，改用半角空格")
    walk.edit(at, 1, " ", "wide_space")
