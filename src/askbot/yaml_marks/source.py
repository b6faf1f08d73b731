"""Bytes of a file → its text in lines, or the fault that forbids reading it. Knows nothing of YAML's grammar.

A line ends with LF, CRLF or a lone CR, as editors and the parser count. The Unicode separators that only YAML 1.1 takes
for line ends are refused with the control characters: an editor does not show them as lines.
"""

import re
from dataclasses import dataclass, field, replace

from askbot.domain.faults import Fault
from askbot.yaml_marks.collector import FaultList, Place

MAX_BYTES = 5 * 1024 * 1024
"""A file over this size is refused."""

_REFUSED = re.compile("[^\t\n\r\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]")
_LINE_END = re.compile("\r\n|\n|\r")
BOM = "\ufeff"


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A file's text. `lines` are without their ends; `ends` are these ends, so that a fix keeps every other byte."""

    file: str
    bom: bool
    lines: list[str]
    ends: list[str] = field(repr=False)
    unseen: frozenset[int] = frozenset()
    """The numbers (from 1) of the lines with a character that nobody sees; it is named already."""

    def line(self, number: int) -> str:
        """The line of that number (from 1); empty beyond the end."""
        return self.lines[number - 1] if 0 < number <= len(self.lines) else ""

    def readable(self) -> list[str]:
        """The lines as the parser can take them: what nobody sees is a space."""
        if not self.unseen:
            return self.lines
        return [_REFUSED.sub(" ", line) if n in self.unseen else line for n, line in enumerate(self.lines, 1)]

    def first_cause(self, faults: list[Fault]) -> tuple[Fault, ...]:
        """Each once, and none that may only follow from a character that nobody sees."""
        return tuple(f for f in dict.fromkeys(faults) if f.line not in self.unseen or f.code == "control_character")

    def find(self, wanted: str, line: int, column: int, last_line: int) -> Place | None:
        """Where `wanted` stands first at or after a place, up to `last_line`; None when it is not there as typed."""
        for number in range(line, last_line + 1):
            found = self.line(number).find(wanted, column - 1 if number == line else 0)
            if found >= 0:
                return Place(number, found + 1)
        return None


def decode(data: bytes, faults: FaultList) -> Source | None:
    """The file's text; None (and the fault) when it is too big, not UTF-8 or not one text at all."""
    if len(data) > MAX_BYTES:
        faults.error(
            Place(1, 1), "too_big", f"文件有 {len(data) / 1024 / 1024:.1f} MiB，超过 5 MiB 的上限", "把内容分成几个文件"
        )
        return None
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        _not_utf8(data, error.start, faults)
        return None
    bom = text.startswith(BOM)
    source = _split(faults.file, text[1:] if bom else text, bom=bom)
    return _without_control(source, text[1:] if bom else text, faults)


def _split(file: str, text: str, *, bom: bool) -> Source:
    if "\r" not in text:
        lines = text.split("\n")
        return Source(file=file, bom=bom, lines=lines, ends=["\n"] * (len(lines) - 1) + [""])
    return Source(file=file, bom=bom, lines=_LINE_END.split(text), ends=[*_LINE_END.findall(text), ""])


def place_in(text: str) -> Place:
    """The place of the character that would follow `text`."""
    last = 0
    line = 1
    for end in _LINE_END.finditer(text):
        line, last = line + 1, end.end()
    return Place(line, len(text) - last + 1)


def _not_utf8(data: bytes, start: int, faults: FaultList) -> None:
    head = data[:start].decode("utf-8").removeprefix(BOM)
    hint = "用编辑器“另存为”，编码选 UTF-8"
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        faults.error(Place(1, 1), "not_utf8", "文件是 UTF-16 编码，不是 UTF-8", hint)
    else:
        faults.error(
            place_in(head), "not_utf8", f"这里的字节 0x{data[start]:02X} 不是 UTF-8 文字（可能是 GBK 编码）", hint
        )


def _without_control(source: Source, text: str, faults: FaultList) -> Source:
    if _REFUSED.search(text) is None:
        return source
    unseen = set()
    for number, line in enumerate(source.lines, 1):
        found = _REFUSED.search(line)
        if found:
            unseen.add(number)
            faults.error(
                Place(number, found.start() + 1),
                "control_character",
                f"这里有看不见的字符 U+{ord(found.group()):04X}",
                "删掉这个字符（光标放在它后面按退格键），或把这一行重新打一遍",
            )
    return replace(source, unseen=frozenset(unseen))
