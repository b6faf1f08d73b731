"""Looks over the lines before the parser does, and names mechanical mistakes at their real place.

The parser stumbles over a full-width colon or an open quote a line or a bracket later, in English. Here each such
mistake is named where it was made, and repaired in a copy (`edits`), so that the parser can see what else is wrong.
Nearly all lines match one pattern (`lines.CLEAN`); the others are taken apart by `Scan`.
"""

import re

from askbot.yaml_marks.brackets import Walk
from askbot.yaml_marks.collector import shown
from askbot.yaml_marks.edits import Edit
from askbot.yaml_marks.heads import Heads
from askbot.yaml_marks.lines import BLOCK_HEADER, CLEAN, HASH, KEY_COLON, column_of, idle, indent_of
from askbot.yaml_marks.marked import HOLE
from askbot.yaml_marks.mistakes import (
    close_quote,
    hash_in_text,
    loose_brace,
    shown_quoted,
    tabs_in,
    unclosed_quote,
    wide_colon,
)

_EQUATION = re.compile(r"\{([^{}=＝,，]{1,20})[=＝]([^{}=＝,，]{1,20})\}")
_WIDE_PAIR = re.compile(r"｛[^{}｛｝]*(?:[：:])[^{}｛｝]*[｝}]?$")
_TEXT_STARTS = "\"'[{-"
"""What begins something else than a text, unless the line goes on with a text."""


class Scan(Heads):
    """One pass over the lines of a file."""

    def run(self) -> list[Edit]:
        """Look at every line; the edits that would repair what was found."""
        number, clean = 0, CLEAN.match
        lines = self.lines
        while number < len(lines) and not self.faults.full:
            number = number + 1 if clean(lines[number]) else self._line(number)
        return self.edits

    def _line(self, number: int) -> int:
        """Take one line apart; the number of the line to look at next."""
        line = self.lines[number]
        at = indent_of(line)
        if idle(line):
            if line[:at].strip(" ") and (at == len(line) or line[at] == "#"):
                self.edits.append(Edit(number, 0, len(line), "", "blank"))
            return number + 1
        if line[:at].strip(" "):
            self.indent(number, line, at)
        elif line[at] in _TEXT_STARTS and line[at : at + 2] != "- " and self.around.continues(number, at):
            return self._plain(number, at)
        at, dash = self.dashes(number, line, at)
        return self._node(number, at, parent=dash) if at < len(line) else number + 1

    def _node(self, number: int, at: int, parent: int) -> int:
        """What stands at a place where a key, or a value without a key, begins."""
        line = self.lines[number]
        if line[at] in "\"'":
            return self._quoted(number, at, parent=max(parent, -1), key=True)
        if line[at] in "[{|>#":
            return self._value(number, at, parent if parent >= 0 else self.around.block_of(number, at))
        colon = self._key_end(number, line, at, first=parent >= 0)
        if colon is None:
            return self._plain(number, at)
        return self._after_key(number, colon, key=at)

    def _after_key(self, number: int, colon: int, key: int) -> int:
        line = self.lines[number]
        at = self.gap(number, line, colon + 1)
        return self._value(number, at, key) if at < len(line) else number + 1

    def _key_end(self, number: int, line: str, at: int, *, first: bool) -> int | None:
        """The colon behind the line's key; None when the line is a text. Notes a wrong colon."""
        found = KEY_COLON.search(line, at)
        cut = HASH.search(line, at)
        end = min(found.start() if found else len(line), cut.start() if cut else len(line))
        wide = line.find("：", at, end)
        narrow = line.find(":", at, end)
        if (
            wide >= 0
            and (narrow < 0 or wide < narrow)
            and self.around.is_key(number, at, line[at:wide], line[wide + 1 :], first=first)
        ):
            self.around.meant.add(number)
            wide_colon(self.faults, self.edits, line, number, wide)
            return wide
        if (
            0 <= narrow < end
            and wide < 0
            and found is None
            and self.around.is_key(number, at, line[at:narrow], line[narrow + 1 :], first=first)
        ):
            self.error(
                number,
                narrow,
                "colon_space",
                "冒号后面要有一个空格",
                f"写成 {line[at:narrow]}: {line[narrow + 1 :]}"[:60],
            )
            self.around.meant.add(number)
            self.edits.append(Edit(number, narrow, 1, ": ", "colon_space"))
            return narrow
        return found.start() if found and end == found.start() else None

    def _value(self, number: int, at: int, parent: int) -> int:
        """A value behind a key or a dash."""
        line = self.lines[number]
        char = line[at]
        if char in "\"'":
            return self._quoted(number, at, parent=parent, key=False)
        if char in "[{":
            return self._brackets(number, at, parent)
        if char in "|>" and BLOCK_HEADER.match(line, at):
            return self._block(number, parent)
        if char == "#":
            self._hash_value(number, at, parent)
            return number + 1
        if char == "｛" and _WIDE_PAIR.match(line, at):
            self.error(
                number, at, "brackets", "花括号 ｛｝ 是全角的", "花括号、冒号、逗号都用半角，如 {至: 2026-03-01}"
            )
            self.edits.append(Edit(number, at, len(line) - at, HOLE, "brackets"))
            return number + 1
        return self._plain(number, at)

    def _hash_value(self, number: int, at: int, parent: int) -> None:
        """`键: #…`: a comment when the value follows on deeper lines, else a text that would be lost."""
        line = self.lines[number]
        below = self.around.below(number)
        text = self.lines[below] if below is not None else ""
        nested = bool(text) and (column_of(text) > parent or text.lstrip(" ").startswith("- "))
        if line[at + 1 : at + 2] not in ("", " ", "#") and not nested:
            hash_in_text(self.faults, self.edits, number, at)

    def _quoted(self, number: int, at: int, *, parent: int, key: bool) -> int:
        """A quoted text; behind it may stand a colon (where a key may be), a comment, or nothing."""
        found = close_quote(self.lines, number, at, parent)
        if found is None:
            unclosed_quote(self.faults, number, at, self.lines[number])
            self.edits.append(Edit(number, at, len(self.lines[number]) - at, HOLE, "unclosed_quote"))
            return number + 1
        last, end = found
        for covered in range(number, last + 1):
            line = self.lines[covered]
            tabs_in(
                self.faults,
                self.edits,
                line,
                covered,
                at if covered == number else indent_of(line),
                end if covered == last else len(line),
            )
        line = self.lines[last]
        if key and (line[end : end + 1] == "：" or KEY_COLON.match(line, end)):
            if line[end] == "：":
                wide_colon(self.faults, self.edits, line, last, end)
            return self._after_key(last, end, key=at)
        return self._behind(last, end, number, at)

    def _behind(self, number: int, end: int, first: int, start: int, known: int | None = None) -> int:
        """What stands behind a closed quote or bracket: nothing, or a comment; anything else is a fault.

        `known` are the edits from before a bracket: a text that begins with one is no list, so the rest is undone.
        """
        line = self.lines[number]
        at = self.gap(number, line, end)
        if at < len(line) and not (line[at] == "#" and at > end) and not (line[at] == ":" and line[start] in "[{"):
            rest = line[at:]
            if rest[0] in "]}":
                self.error(number, at, "brackets", f"多了一个 {rest[0]}", "删掉它")
                self.edits.append(Edit(number, at, len(rest), "", "brackets"))
                return number + 1
            whole = shown_quoted(line[start:].replace('"', "")) if first == number else ""
            hint = f"整句放进一对引号里，里面的引号换成中文引号“”：{whole}"
            self.error(number, at, "text_after_quote", f"引号（或括号）已经结束，后面还有{shown(rest)}", hint)
            if known is not None and first == number:
                del self.edits[known:]
                self.edits.append(Edit(number, start, len(line) - start, HOLE, "text_after_quote"))
            else:
                self.edits.append(Edit(number, at, len(rest), "", "text_after_quote"))
        return number + 1

    def _brackets(self, number: int, at: int, parent: int) -> int:
        line = self.lines[number]
        end = line.find("}", at)
        if line[at] == "{" and (loose_brace(line, at) or self._text_behind(line, at, end)):
            self._loose_text(number, at)
            return number + 1
        known = len(self.edits)
        walk = Walk(self.lines, self.faults, self.edits, line=number, column=at, parent=parent)
        if walk.run():
            return self._behind(walk.line, walk.column, number, at, known)
        if walk.deep:
            return number + 1
        del self.edits[known:]
        for covered in range(number, walk.line + 1):
            start = at if covered == number else 0
            self.edits.append(
                Edit(covered, start, len(self.lines[covered]) - start, HOLE if covered == number else "", "brackets")
            )
        return walk.line + 1

    @staticmethod
    def _text_behind(line: str, start: int, end: int) -> bool:
        """Whether a text goes on right behind the brace: then the brace began a text. One in quotes is no brace."""
        quoted = '"' in line[start:end] or "'" in line[start:end]
        return end > 0 and not quoted and line[end + 1 : end + 2] not in ("", " ", "\t", ",", "]", "}", ":")

    def _loose_text(self, number: int, at: int) -> None:
        line = self.lines[number]
        cut = HASH.search(line, at)
        commented = cut is not None and line[cut.end() : cut.end() + 1] in ("", " ")
        typed = line[at : cut.start() if cut and commented else len(line)].rstrip()
        hint = f"整句加上双引号：{shown_quoted(typed)}"
        if _EQUATION.fullmatch(typed):
            pair = _EQUATION.sub(r"{\1: \2}", typed)
            hint = f"如果是“键: 值”，写成 {pair}；如果是一句话，{hint}"
        self.error(number, at, "unquoted_brace", "花括号 { 没有放在引号里，会被当成另一种写法", hint)
        self.edits.append(Edit(number, at, len(typed), "'" + typed.replace("'", "''") + "'", "unquoted_brace"))

    def _block(self, number: int, parent: int) -> int:
        """A block text (| or >): everything that is indented more than its key is content."""
        number += 1
        while number < len(self.lines):
            line = self.lines[number]
            indent = len(line) - len(line.lstrip(" "))
            if line.strip() and indent <= parent:
                break
            tabs_in(self.faults, self.edits, line, number, 0, len(line) if line.strip() else 0)
            number += 1
        return number

    def _plain(self, number: int, at: int) -> int:
        """A text without quotes, to the end of its line."""
        line = self.lines[number]
        end = len(line)
        for found in HASH.finditer(line, at):
            if line[found.end() : found.end() + 1] in ("", " "):
                end = found.start()
                break
            hash_in_text(self.faults, self.edits, number, found.start())
        tabs_in(self.faults, self.edits, line, number, at, end)
        colon = KEY_COLON.search(line, at, end)
        if colon and colon.end() <= end:
            hint = "整句加上双引号，或把这个冒号换成全角的 ："
            self.error(number, colon.start(), "colon_in_text", "文字里有“冒号加空格”，会被当成另一个键", hint)
            self.edits += [Edit(number, c.start(), 1, "：", "colon_in_text") for c in KEY_COLON.finditer(line, at, end)]
        return number + 1
