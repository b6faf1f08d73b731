"""Bytes → marked tree and faults: the one way in which askbot reads YAML that people wrote.

First the lines are looked over (`mechanics`), then the parser reads a copy in which those mistakes are repaired. Where
it still stumbles, the cause is named, the smallest block around it is left out, and the rest is read: so one reading
names the faults of the whole file, and nothing that only follows from another fault.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass

from askbot.domain.faults import Fault
from askbot.yaml_marks.collector import FaultList, Place
from askbot.yaml_marks.complaints import complain
from askbot.yaml_marks.compose import ParserError, compose
from askbot.yaml_marks.edits import MECHANICAL, Mended, mend, relocate
from askbot.yaml_marks.lines import column_of, idle, keyed
from askbot.yaml_marks.marked import HOLE, Listing, Node, Text
from askbot.yaml_marks.mechanics import Scan
from askbot.yaml_marks.source import BOM, Source, decode

MOST_ATTEMPTS = 20
"""So often a block is left out and the rest read again; a file with more broken blocks is told in several goes."""
_HEAD = re.compile(r" *-(?= )| *[^\s#:\"'\[\]{}&*!|>%@`-][^:#]*:(?= |$)")
_LONE_WORD = re.compile(r"(?: |- )*[^\s:\"'\[\]{}&*!|>%@`#-][^\s:\"'\[\]{}]*\s*")
_TOP_INDENT = 2
_MOST_REREAD = 4_000_000
"""Characters that are read again at most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A file's tree (None when nothing could be read, or the file is empty), its text, and what is wrong so far.

    `lost` is the text of blocks that could not be read; `partial` is whether there are such blocks.
    """

    root: Node | None
    source: Source | None
    faults: tuple[Fault, ...]
    lost: str = ""

    @property
    def partial(self) -> bool:
        """Whether a part of the file is missing from the tree."""
        return bool(self.lost)


def read_yaml(file: str, data: bytes, keys: Collection[str] = ()) -> Document:
    """Read a file's bytes. `keys` are the words that surely are keys; never raises, whatever the bytes."""
    faults = FaultList(file)
    source = decode(data, faults)
    if source is None:
        lost = data.decode("utf-8", "replace")
        return Document(root=None, source=None, faults=tuple(faults.faults), lost=lost or " ")
    lines = source.readable()
    mended = mend(lines, Scan(lines, faults, keys).run())
    root, lost = _parse(mended, faults)
    if root is not None:
        if mended.origins:
            relocate(root, mended)
        _stray_dashes(root, source, faults)
    return Document(root=root, source=source, faults=source.first_cause(faults.faults), lost=lost)


def _parse(mended: Mended, faults: FaultList) -> tuple[Node | None, str]:
    """Read the mended lines, leaving out a block at each complaint; the tree and the text that was left out."""
    lines = list(mended.lines)
    mechanical = {fault.line - 1 for fault in faults.faults}
    left_out: set[int] = set()
    size = sum(map(len, lines))
    for attempt in range(MOST_ATTEMPTS):
        noted = len(faults.faults)
        root, error = compose("\n".join(lines), faults)
        if error is None:
            _restore_columns(faults, noted, mended)
            return root, _lost(mended.lines, left_out, whole=root is None and noted < len(faults.faults))
        del faults.faults[noted:]
        block = _block_at(lines, error.line, error.context_line)
        if _list_under_key(error, lines, faults) or _supplied(error, lines, faults):
            _restore_columns(faults, noted, mended)
            continue
        if not (mechanical | left_out) & set(block) or not faults.faults:
            complain(error, lines, faults)
            _restore_columns(faults, noted, mended)
        if not block or set(block) <= left_out or size * (attempt + 1) > _MOST_REREAD:
            break
        left_out |= set(block)
        _leave_out(lines, block)
    return None, "\n".join(mended.lines) or " "


def _list_under_key(error: ParserError, lines: list[str], faults: FaultList) -> bool:
    """Whether a list that stands as far left as the list around it was moved below the key that waits for it."""
    last = min(error.line, len(lines) - 1) - 1
    dash = _indent(lines[last]) if last >= 0 else -1
    first = last
    while (
        first > 0 and _indent(lines[first]) == dash and lines[first].startswith("- ", dash) and not keyed(lines[first])
    ):
        first -= 1
    key = lines[first] if first >= 0 else ""
    if first == last or "not allowed" not in error.problem or not keyed(key) or not key.rstrip().endswith(":"):
        return False
    start = column_of(key)
    if start <= dash:
        return False
    message = f"这个“-”属于上面的“{key[start:].rstrip().removesuffix(':')}”，要多缩进两个空格"
    hint = "这一行和它下面同一组的每一行前面都加两个空格"
    faults.error(Place(first + 2, dash + 1), "indent", message, hint)
    for number in range(first + 1, last + 1):
        lines[number] = " " * (start - dash) + lines[number]
    return True


def _supplied(error: ParserError, lines: list[str], faults: FaultList) -> bool:
    """Whether the colon that a lone word wants was put behind it, so that nothing need be left out."""
    noted = len(faults.faults)
    at = complain(error, lines, faults)
    fault = faults.faults.pop()
    line = lines[at.line - 1]
    if fault.code != "no_colon" or any((f.line, f.column) == (at.line, at.column) for f in faults.faults[:noted]):
        return False
    below = next((other for other in lines[at.line :] if not idle(other)), "")
    deeper = _indent(below) > _indent(line) or (below.lstrip(" ").startswith("- ") and _indent(below) == _indent(line))
    if not deeper or not _LONE_WORD.fullmatch(line):
        return False
    faults.faults.append(fault)
    lines[at.line - 1] = line.rstrip() + ":"
    return True


def _restore_columns(faults: FaultList, noted: int, mended: Mended) -> None:
    for number in range(noted, len(faults.faults)):
        fault = faults.faults[number]
        if fault.line - 1 in mended.origins:
            column = mended.column(fault.line - 1, fault.column - 1) + 1
            faults.faults[number] = Fault(
                file=fault.file,
                line=fault.line,
                column=column,
                code=fault.code,
                severity=fault.severity,
                message=fault.message,
                hint=fault.hint,
            )


def _leave_out(lines: list[str], block: range) -> None:
    """Blank the block, but keep that there was an element or a value."""
    first = lines[block.start]
    head = _HEAD.match(first)
    for number in block:
        lines[number] = ""
    if head is not None:
        lines[block.start] = f"{head.group()} {HOLE}"


def _lost(lines: list[str], left_out: set[int], *, whole: bool) -> str:
    return "\n".join(lines) if whole else "\n".join(lines[number] for number in sorted(left_out))


def _block_at(lines: list[str], *places: int) -> range:
    """The lines of the smallest block around a place (the first that has one): a list's element, or a key's value."""
    for place in places:
        number = min(place, len(lines) - 1)
        while number >= 0 and idle(lines[number]):
            number -= 1
        if number < 0:
            continue
        start = _block_start(lines, number)
        indent = _indent(lines[start])
        end = start + 1
        while end < len(lines) and (idle(lines[end]) or _indent(lines[end]) > indent):
            end += 1
        return range(start, max(end, number + 1))
    return range(0)


def _block_start(lines: list[str], number: int) -> int:
    start = number
    while start > 0 and not (
        lines[start].lstrip(" ").startswith("- ") or (lines[start] and _indent(lines[start]) == 0)
    ):
        start -= 1
    above = start - 1
    indent = _indent(lines[start])
    while indent > _TOP_INDENT and above > 0:
        if not idle(lines[above]) and _indent(lines[above]) < indent:
            if _indent(lines[above]) <= 1:
                break
            start, indent = above, _indent(lines[above])
        above -= 1
    return start


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


def _stray_dashes(root: Node, source: Source, faults: FaultList) -> None:
    """A dash that begins a further line of a text: the parser takes it for a part of the text, silently."""
    waiting: list[Node] = [root]
    while waiting:
        node = waiting.pop()
        if type(node) is Text:
            if node.last_line > node.line and not node.style:
                _stray_dash(node, source, faults)
        elif isinstance(node, Listing):
            waiting += node.items
        else:
            for key, value in node.pairs.values():  # type: ignore[union-attr] # what else there is
                waiting += (key, value)


def _stray_dash(node: Text, source: Source, faults: FaultList) -> None:
    for number in range(node.line + 1, node.last_line + 1):
        line = source.line(number)
        if line.lstrip(" ").startswith("- "):
            message = "这个“-”会被当成上一行文字的一部分"
            hint = "要写列表，键的冒号后面什么也不写，每一项一行，前面加“- ”"
            faults.error(Place(number, _indent(line) + 1), "stray_dash", message, hint)
            node.style = "*"
            return


def repaired(data: bytes, keys: Collection[str] = ()) -> tuple[bytes, tuple[Fault, ...]]:
    """The bytes with only the mechanical mistakes mended, every other byte kept; and the faults that were mended.

    What a mended line makes of the lines around it is looked at too, so that mending again changes nothing.
    """
    done: tuple[Fault, ...] = ()
    for _ in range(MOST_ATTEMPTS):
        mended, faults = _repaired_once(data, keys)
        if mended == data:
            break
        data, done = mended, done + faults
    return data, done


def _repaired_once(data: bytes, keys: Collection[str]) -> tuple[bytes, tuple[Fault, ...]]:
    faults = FaultList("")
    source = decode(data, faults)
    if source is None or faults.faults:
        return data, ()
    edits = Scan(source.lines, faults, keys).run()
    mended = mend(source.lines, edits, lambda edit: edit.code in MECHANICAL)
    text = "".join(line + end for line, end in zip(mended.lines, source.ends, strict=True))
    done = tuple(fault for fault in faults.faults if fault.code in MECHANICAL)
    return ((BOM if source.bom else "") + text).encode("utf-8"), done
