"""What the lines around a line tell about it: is it a key, how far was it meant to be indented, what is it part of."""

import re
from collections.abc import Collection

from askbot.yaml_marks.lines import HASH, KEY_COLON, LONG_DASHES, column_of, idle, indent_of, keyed

_TAB_STOPS = (2, 4, 8)
_NEAR_LINES = 40
_NEIGHBOURS = 6
_SPECIAL = "\"'[]{}|>&*!#,"
_NO_INDENT = re.compile(r"[\t\u3000]")


class Surroundings:
    """Looks up and down from a line; never further than it must. `keys` are words that surely are keys.

    `meant` are the lines that were found to begin with a key, wrong though its colon is.
    """

    def __init__(self, lines: list[str], keys: Collection[str]) -> None:
        self.lines = lines
        self.keys = keys
        self.meant: set[int] = set()

    def width(self, number: int, indent: str) -> int:
        """The width of a wrong indent as the clerk saw it: one that a neighbouring line has, else two columns each."""
        known = self._columns_near(number)
        tried = [_measured(indent, stop, wide) for stop in _TAB_STOPS for wide in (2, 1)]
        return next((width for width in tried if width in known), tried[0])

    def _columns_near(self, number: int) -> set[int]:
        known: set[int] = set()
        dashed = self.lines[number].lstrip(" \t\u3000\u00a0").startswith("- ")
        for near in (range(number - 1, number - _NEAR_LINES, -1), range(number + 1, number + _NEAR_LINES)):
            found: list[int] = []
            for other in near:
                if 0 <= other < len(self.lines) and len(found) < _NEIGHBOURS:
                    found += self._column(self.lines[other], dashed=dashed)
            known.update(found)
        return known

    @staticmethod
    def _column(line: str, *, dashed: bool) -> list[int]:
        start = len(line) - len(line.lstrip(" "))
        if idle(line) or _NO_INDENT.match(line, start) or (dashed and line[start] != "-"):
            return []
        return [start if dashed else column_of(line)]

    def block_of(self, number: int, at: int) -> int:
        """The column of the block that a value on a line of its own belongs to; -1 when there is none."""
        above = number - 1
        while above >= 0 and (idle(self.lines[above]) or indent_of(self.lines[above]) >= at):
            above -= 1
        return column_of(self.lines[above]) if above >= 0 else -1

    def is_key(self, number: int, at: int, word: str, rest: str, *, first: bool) -> bool:
        """Whether a word before a wrong colon was meant as a key: it is a known one, or its neighbours are keys.

        `first` is whether it stands right behind a dash, where a text may stand as well.
        """
        if word.strip() in self.keys:
            return True
        below = self.below(number)
        sibling = (
            below is not None
            and column_of(self.lines[below]) == at
            and self._keyed(below)
            and not self.lines[below].lstrip(" ").startswith("- ")
        )
        if first or sibling:
            return sibling
        above = number - 1
        while above >= 0 and (idle(self.lines[above]) or column_of(self.lines[above]) > at):
            above -= 1
        if above < 0:
            return not rest.strip() or number == 0
        if column_of(self.lines[above]) == at:
            return self._keyed(above)
        return self.lines[above].rstrip(" \t").endswith((":", "：")) and not rest.strip(" \t")

    def _keyed(self, number: int) -> bool:
        line = self.lines[number]
        return number in self.meant or keyed(line) or line[column_of(line) :].partition("：")[0].strip() in self.keys

    def listed(self, number: int, at: int, *, alone: bool) -> bool:
        """Whether the lines around want a dash here; `alone` is whether an empty key above is enough to say so."""
        above = number - 1
        while above >= 0 and (idle(self.lines[above]) or indent_of(self.lines[above]) > at):
            above -= 1
        below = self.below(number)
        near = [self.lines[n] for n in (above, below) if n is not None and n >= 0 and indent_of(self.lines[n]) == at]
        if any(line.startswith(("- ", *LONG_DASHES), at) for line in near):
            return True
        return alone and above >= 0 and not near and self.lines[above].rstrip(" \t").endswith((":", "："))

    def below(self, number: int) -> int | None:
        """The next line that says something."""
        for other in range(number + 1, len(self.lines)):
            if not idle(self.lines[other]):
                return other
        return None

    def continues(self, number: int, at: int) -> bool:
        """Whether a line goes on with a plain text that began above: then its brackets and quotes are just text."""
        for above in range(number - 1, max(number - _NEAR_LINES, -1), -1):
            line = self.lines[above]
            start = column_of(line)
            if not line.strip() or (start < len(line) and start == indent_of(line) and _plain(line, start)):
                continue
            return at > (start if keyed(line) else indent_of(line)) and _ends_in_text(line, start)
        return False


def _plain(line: str, start: int) -> bool:
    """Whether a line is nothing but plain text."""
    return line[start] not in _SPECIAL and not keyed(line)


def _ends_in_text(line: str, start: int) -> bool:
    """Whether a line ends in a plain text that may go on below it."""
    found = KEY_COLON.search(line, start) if keyed(line) else None
    value = line[found.end() if found else start :].strip()
    return bool(value) and value[0] not in _SPECIAL and HASH.search(line, start) is None


def _measured(indent: str, tab: int, wide: int) -> int:
    width = 0
    for char in indent:
        width += tab - width % tab if char == "\t" else 1 if char == " " else wide
    return width
