"""Small repairs of lines: what `--fix` writes back, and what lets the parser see past a fault that is named already."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from askbot.yaml_marks.marked import Listing, Mapping, Node

MECHANICAL = frozenset({"tab", "wide_space", "wide_colon"})
"""The faults whose repair leaves no doubt about what was meant."""


@dataclass(frozen=True, slots=True)
class Edit:
    """Replace `length` characters at (line, column), both from 0, by `new`; because of the fault `code`."""

    line: int
    column: int
    length: int
    new: str
    code: str


@dataclass(slots=True)
class Mended:
    """Lines after edits, and for each edited line where every character of it came from (columns from 0)."""

    lines: list[str]
    origins: dict[int, list[int]] = field(default_factory=dict)

    def column(self, line: int, column: int) -> int:
        """The original column of a column of a mended line; both, and the line, from 0."""
        origin = self.origins.get(line)
        if origin is None:
            return column
        return origin[column] if column < len(origin) else origin[-1] + column - len(origin) + 1


def mend(lines: list[str], edits: Iterable[Edit], wanted: Callable[[Edit], bool] = lambda _: True) -> Mended:
    """Apply the wanted edits. Of two that overlap the first in the line stands."""
    by_line: dict[int, list[Edit]] = {}
    for edit in edits:
        if wanted(edit):
            by_line.setdefault(edit.line, []).append(edit)
    mended = Mended(list(lines) if by_line else lines)
    for number, found in by_line.items():
        mended.lines[number], mended.origins[number] = _mend_line(lines[number], found)
    return mended


def _mend_line(line: str, edits: list[Edit]) -> tuple[str, list[int]]:
    parts: list[str] = []
    origin: list[int] = []
    done = 0
    for edit in sorted(edits, key=lambda e: (e.column, e.length)):
        if edit.column < done:
            continue
        parts += (line[done : edit.column], edit.new)
        origin += range(done, edit.column)
        origin += [edit.column] * len(edit.new)
        done = edit.column + edit.length
    parts.append(line[done:])
    return "".join(parts), [*origin, *range(done, len(line) + 1)]


def relocate(root: Node, mended: Mended) -> None:
    """Move the marks of a tree that was read from mended lines back to the original columns."""
    waiting: list[Node] = [root]
    while waiting:
        node = waiting.pop()
        node.column = mended.column(node.line - 1, node.column - 1) + 1
        if isinstance(node, Listing):
            waiting += node.items
        elif isinstance(node, Mapping):
            for key, value in node:
                waiting += (key, value)
