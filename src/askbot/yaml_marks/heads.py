"""How a line begins: its indent, its dashes, and the space before a value."""

from collections.abc import Collection

from askbot.yaml_marks.collector import FaultList, Place
from askbot.yaml_marks.edits import Edit
from askbot.yaml_marks.lines import BULLETS, LONG_DASHES, WIDE
from askbot.yaml_marks.surroundings import Surroundings


class Heads:
    """Names what is wrong there, and notes its repair. `keys` are words that surely are keys."""

    def __init__(self, lines: list[str], faults: FaultList, keys: Collection[str]) -> None:
        self.lines = lines
        self.faults = faults
        self.around = Surroundings(lines, keys)
        self.edits: list[Edit] = []

    def error(self, line: int, column: int, code: str, message: str, hint: str) -> None:
        """Note a fault at a place counted from 0."""
        self.faults.error(Place(line + 1, column + 1), code, message, hint)

    def indent(self, number: int, line: str, end: int) -> None:
        """Tabs and wide spaces in the indent: one fault each kind; repaired to the width that fits the lines above."""
        first = next(i for i, c in enumerate(line) if c != " ")
        code = "tab" if line[first] == "\t" else "wide_space"
        if code == "tab":
            self.error(number, first, code, "缩进里有制表符（Tab 键）", "删掉它，改用空格，和同级的行对齐")
        else:
            self.error(
                number, first, code, "缩进里有全角空格（或别的特殊空格）", "删掉它，改用半角空格，和同级的行对齐"
            )
        self.edits.append(Edit(number, 0, end, " " * self.around.width(number, line[:end]), code))

    def dashes(self, number: int, line: str, at: int) -> tuple[int, int]:
        """Pass over `- `; where the node stands, and the column of what it stands in (a dash, or nothing: -1)."""
        parent = -1
        if line[at] in LONG_DASHES + BULLETS and self.around.listed(number, at, alone=line[at] in LONG_DASHES):
            return self._wrong_dash(number, line, at), at
        while line.startswith("-", at):
            after = line[at + 1 : at + 2]
            if after and after not in " \t" and not WIDE.match(after):
                if after not in "-0123456789." and parent < 0:
                    self.error(number, at, "dash_space", "“-”后面要有一个空格", f"写成 - {line[at + 1 :]}"[:60])
                    self.edits.append(Edit(number, at, 1, "- ", "dash_space"))
                    return at + 1, at
                break
            parent = at
            at = self.gap(number, line, at + 1)
        return at, parent

    def _wrong_dash(self, number: int, line: str, at: int) -> int:
        """A dash that is not YAML's; where the node behind it stands."""
        start = at + 1
        while start < len(line) and (line[start] in LONG_DASHES + BULLETS or not line[start].strip(" \t\u3000\u00a0")):
            start += 1
        self.error(
            number, at, "wrong_dash", f"列表前面要用半角减号“-”，不是“{line[at]}”", f"写成 - {line[start:]}"[:60]
        )
        self.edits.append(Edit(number, at, start - at, "- ", "wrong_dash"))
        return start

    def gap(self, number: int, line: str, at: int) -> int:
        """Pass over the space before a value; a tab or a wide space in it is a fault."""
        told = False
        while at < len(line) and (line[at] in " \t" or WIDE.match(line, at)):
            if line[at] != " ":
                code = "tab" if line[at] == "\t" else "wide_space"
                if not told:
                    name = "制表符（Tab 键）" if code == "tab" else "全角空格（或别的特殊空格）"
                    self.error(number, at, code, f"这里有{name}", "删掉它，改用半角空格")
                told = True
                self.edits.append(Edit(number, at, 1, " ", code))
            at += 1
        return at
