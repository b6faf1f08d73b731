"""Walks over a value in brackets (flow style), which may go on over several lines, and names what is wrong in it.

`Walk` holds where we are; a method per thing that can stand in brackets. Faults are noted at their real place, where
the parser would complain a line or a bracket later.
"""

from collections.abc import Callable

from askbot.yaml_marks.collector import shown
from askbot.yaml_marks.inside import Inside, Open, spaces
from askbot.yaml_marks.lines import KEY_COLON
from askbot.yaml_marks.mistakes import (
    close_quote,
    hash_in_text,
    loose_brace,
    shown_quoted,
    tabs_in,
    unclosed_quote,
    wide_colon,
)

MAX_OPEN = 24
_STOPS = ",[]{}"
_CLOSES = {"]": "[", "}": "{"}


class Walk(Inside):
    """A walk from an opening bracket to behind its other half. Afterwards `line` and `column` say where that is."""

    def run(self) -> bool:
        """Walk to the end; False when the brackets are never closed (then `lost` is set, and nothing was repaired)."""
        steps: dict[str, Callable[[], None]] = {"[": self._enter, "{": self._enter, "]": self._leave, "}": self._leave}
        self._enter()
        while self.open and not self.lost:
            if not self.gap():
                break
            char = self.text[self.column]
            if char in steps:
                steps[char]()
            elif char == ",":
                self.open[-1].key = True
                self.column += 1
            elif char in ('"', "'"):
                self._quoted()
            else:
                self._plain()
        return not self.lost and not self.open

    def _enter(self) -> None:
        char = self.text[self.column]
        if char == "{" and self._loose_brace(self.column):
            return
        if len(self.open) >= MAX_OPEN:
            self.lost = self.deep = True
            return
        if self.open:
            self.open[-1].key = False
        self.open.append(Open(char, self.line, self.column, char == "{"))
        self.column += 1

    def _loose_brace(self, start: int) -> bool:
        """A brace that begins a text instead of a mapping: `{道路}封了吗`. Names it and steps over the text."""
        if not loose_brace(self.text, start):
            return False
        end = self._token_end(self.text.index("}", start) + 1)
        self._quote(start, start, end)
        if not self.open:
            self.column = len(self.text)
        return True

    def _quote(self, start: int, brace: int, end: int) -> None:
        text = self.text
        typed = text[start:end].rstrip()
        hint = f"整句加上双引号：{shown_quoted(typed)}"
        self.error(brace, "unquoted_brace", "花括号 { 没有放在引号里，会被当成另一种写法", hint)
        self.edit(start, len(typed), "'" + typed.replace("'", "''") + "'", "unquoted_brace")
        self.column = end
        if self.open:
            self.open[-1].key = False

    def _token_end(self, at: int) -> int:
        """The end of a text that has braces in it: the comma or bracket that closes it."""
        text, depth = self.text, 0
        while at < len(text):
            char = text[at]
            if char == "{":
                depth += 1
            elif char == "}" and depth:
                depth -= 1
            elif char in ",]}" and self.open and not depth:
                break
            at += 1
        return at

    def _leave(self) -> None:
        char = self.text[self.column]
        last = self.open[-1]
        if last.mark != _CLOSES[char]:
            self._crossed(char, last.mark)
            return
        self.open.pop()
        self.column += 1
        self._after("括号")

    def _crossed(self, char: str, mark: str) -> None:
        """A bracket that does not close the innermost open one: that one was forgotten, or this is the wrong one."""
        if any(other.mark == _CLOSES[char] for other in self.open):
            self.unclosed()
            return
        wanted = "]" if mark == "[" else "}"
        extra = self.text[self.column + 1 :].lstrip(" ").startswith(wanted)
        hint = "删掉它" if extra else f"换成 {wanted}"
        self.error(self.column, "brackets", f"这里的 {char} 前面没有配对的 {_CLOSES[char]}", hint)
        self.edit(self.column, 1, " " if extra else wanted, "brackets")
        if not extra:
            self.open.pop()
        self.column += 1

    def _after(self, what: str) -> None:
        """What follows a closed bracket or quote inside brackets must be a comma, a colon or another bracket."""
        if not self.open:
            return
        text, at = self.text, self.column
        while at < len(text) and text[at] in " \t":
            at += 1
        if at >= len(text) or text[at] in ",]}:#\u3000":
            self.column = at + 1 if text[at : at + 1] == ":" else self.column
            return
        if text[at] == "：":
            self._wide_colon(at)
            return
        if text[at] in "，、；":
            self.error(at, "wide_comma", f"这里的逗号“{text[at]}”是全角的", "换成半角逗号加一个空格“, ”")
            self.edit(at, 1, ", ", "wide_comma")
            self.open[-1].key = True
            self.column = at + 1
            return
        hint = "整句（连同括号、引号）放进一对双引号里，或在中间加半角逗号"
        self.error(at, "text_after_quote", f"{what}后面紧跟着{shown(text[at : at + 8])}", hint)
        self.lost = True

    def _quoted(self) -> None:
        found = close_quote(self.lines, self.line, self.column, self.parent)
        if found is None:
            unclosed_quote(self.faults, self.line, self.column, self.text)
            self.lost = True
            return
        for number in range(self.line, found[0] + 1):
            tabs_in(
                self.faults,
                self.edits,
                self.lines[number],
                number,
                self.column if number == self.line else 0,
                found[1] if number == found[0] else len(self.lines[number]),
            )
        self.line, self.column = found
        self.open[-1].key = False
        self._after("引号")

    def _plain_end(self, start: int) -> tuple[int, int | None]:
        """Where a text without quotes ends, and the colon that ends it, if it is one that makes a key of it."""
        text, at = self.text, start
        while at < len(text) and text[at] not in _STOPS:
            if text[at] == ":" and (KEY_COLON.match(text, at) or text[at + 1 : at + 2] in _STOPS):
                return at, at
            if text[at] == "#" and at > start and text[at - 1] in " \t":
                if not self._hash(at):
                    break
            elif text[at] == "\t":
                spaces(self, at, "\t", first=text[at - 1] != "\t")
            at += 1
        return at, None

    def _plain(self) -> None:
        text, start = self.text, self.column
        at, colon = self._plain_end(start)
        waiting = self.open[-1].mark == "{" and self.open[-1].key
        if at < len(text) and text[at] in "{[" and colon is None:
            if waiting and text[start:at].rstrip().endswith("："):
                self._wide_colon(text.rindex("：", start, at))
            else:
                self._bracket_in(start, at)
            return
        if waiting:
            self._key(start, at, colon)
        elif self.open[-1].mark == "{" and colon is not None:
            self._second_key(start, colon)
        self.column = at + (colon is not None) if at > start or colon is not None else at + 1
        if at < len(text) and text[at] == "#":
            self.column = len(text)

    def _bracket_in(self, start: int, at: int) -> None:
        text = self.text
        if text[at] == "{":
            self._quote(start, at, self._token_end(at))
            return
        self.error(at, "unquoted_bracket", "文字里的方括号 [ 没有放在引号里", "整句加上双引号")
        self.lost = True

    def _hash(self, at: int) -> bool:
        """True when the text goes on behind the # (a fault), False when it begins a comment."""
        if self.text[at + 1 : at + 2] in ("", " "):
            return False
        hash_in_text(self.faults, self.edits, self.line, at)
        return True

    def _key(self, start: int, end: int, colon: int | None) -> None:
        text = self.text
        self.open[-1].key = False
        if colon is not None:
            return
        token = text[start:end]
        wide, narrow = token.find("："), token.find(":")
        if wide >= 0 and (narrow < 0 or wide < narrow):
            self._wide_colon(start + wide)
        elif narrow > 0:
            self.error(
                start + narrow,
                "colon_space",
                "冒号后面要有一个空格",
                f"写成 {token[:narrow]}: {token[narrow + 1 :]}"[:60],
            )
            self.edit(start + narrow, 1, ": ", "colon_space")
        elif token.strip():
            message = f"{shown(token.strip())}后面没有冒号：半角逗号把文字切断了，或漏了“键: ”"
            self.error(start, "no_colon", message, "文字里有半角逗号时，整段加上双引号；或补上“键: ”")
            self.edit(start, len(token.rstrip()), "", "no_colon")

    def _second_key(self, start: int, colon: int) -> None:
        """A value that goes on with a key: the comma between them is missing, or not a half-width one."""
        value = self.text[start:colon]
        comma = max(value.rfind(c) for c in "，、；;")
        at = comma if comma >= 0 else value.rstrip(" ").rfind(" ")
        if comma >= 0:
            message = f"两项之间用了全角的“{value[comma]}”，它们会连成一项"
            self.error(start + at, "wide_comma", message, "换成半角逗号加一个空格“, ”")
        else:
            self.error(start + max(at, 0), "brackets", "两项之间少了半角逗号", "在前一项的后面加上“, ”")
        if at >= 0:
            self.edit(start + at, 1, ", ", "wide_comma")
        else:
            self.lost = True

    def _wide_colon(self, at: int) -> None:
        wide_colon(self.faults, self.edits, self.text, self.line, at)
        self.open[-1].key = False
        self.column = at + 1
