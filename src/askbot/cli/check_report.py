"""Faults as people and programs read them: text with the line and a caret, JSON, or workflow commands."""

import json
import unicodedata
from collections.abc import Iterator
from pathlib import Path

from askbot.domain.faults import Fault, Severity, errors_of
from askbot.knowledge_files.reading import Reading

_WIDTH = 96
"""Terminal columns of a line that are shown at most."""
_NAMES = {Severity.ERROR: "错误", Severity.WARNING: "警告"}
_COLOURS = {Severity.ERROR: "\x1b[1;31m", Severity.WARNING: "\x1b[1;33m"}
_DIM, _BOLD, _PLAIN = "\x1b[2m", "\x1b[1m", "\x1b[0m"


def path_of(folder: Path, fault: Fault) -> str:
    """The fault's file as it can be opened from here; the folder itself when the fault is about no one file."""
    return (folder / fault.file).as_posix()


def as_json(folder: Path, faults: tuple[Fault, ...]) -> str:
    """An array of objects; lines and columns from 1."""
    return json.dumps(
        [
            {
                "file": path_of(folder, fault),
                "line": fault.line,
                "column": fault.column,
                "code": fault.code,
                "severity": fault.severity.value,
                "message": fault.message,
                "hint": fault.hint,
            }
            for fault in faults
        ],
        ensure_ascii=False,
        indent=1,
    )


def as_github(folder: Path, faults: tuple[Fault, ...]) -> str:
    """One workflow command a line; nothing when there is no fault."""
    return "".join(
        f"::{fault.severity.value} file={_property(_file(folder, fault))},line={fault.line},col={fault.column},"
        f"title={_property(fault.code)}::{_data(f'{fault.message}。{fault.hint}')}\n"
        for fault in faults
    )


def _file(folder: Path, fault: Fault) -> str:
    """The path with its line ends, which the command can carry, and every other control character as an escape."""
    return "".join(c if c in "\r\n" else escaped(c) for c in path_of(folder, fault))


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


def as_text(folder: Path, reading: Reading, faults: tuple[Fault, ...], *, colours: bool) -> str:
    """Each fault with its line, a caret under the column, the cause and the mend; then the count."""
    sources = {file.file: file.source for file in reading.files}
    parts = []
    for fault in faults:
        source = sources.get(fault.file)
        line = source.line(fault.line) if source else ""
        parts.append("\n".join(_one(folder, fault, line, colours=colours)))
    return "\n\n".join([*parts, _count(reading, faults)])


def _one(folder: Path, fault: Fault, line: str, *, colours: bool) -> Iterator[str]:
    bold, dim, tint, plain = (_BOLD, _DIM, _COLOURS[fault.severity], _PLAIN) if colours else ("", "", "", "")
    place = f"{escaped(path_of(folder, fault))}:{fault.line}:{fault.column}"
    yield f"{bold}{place}{plain} {tint}{_NAMES[fault.severity]}{plain} {fault.message} {dim}[{fault.code}]{plain}"
    if line:
        text, offset = excerpt(line, fault.column)
        number = str(fault.line)
        yield f"  {dim}{number} |{plain} {text}"
        yield f"  {' ' * len(number)} {dim}|{plain} {' ' * offset}{tint}^{plain}"
    yield f"  改法：{fault.hint}"


def excerpt(line: str, column: int) -> tuple[str, int]:
    """The part of a line around a column (from 1) that fits a terminal, and how many terminal columns precede it."""
    at = column - 1
    start = at
    used = 0
    while start > 0 and used + width(line[start - 1]) <= _WIDTH // 2:
        start -= 1
        used += width(line[start])
    end, total = at, used
    while end < len(line) and total + width(line[end]) <= _WIDTH:
        total += width(line[end])
        end += 1
    head, tail = ("…" if start else ""), ("…" if end < len(line) else "")
    return head + "".join(map(_visible, line[start:end])) + tail, used + (2 if start else 0)


def width(char: str) -> int:
    """The terminal columns that a character takes."""
    if unicodedata.combining(char) or unicodedata.category(char) in ("Mn", "Me"):
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" or char == "…" else 1


def _visible(char: str) -> str:
    if char == "\u3000":
        return "\u3000"
    return "·" if unicodedata.category(char)[0] in "CZ" and char != " " else char


def escaped(text: str) -> str:
    """A path as it may be shown: control characters and lone surrogates as escapes."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape", "backslashreplace").decode() for c in text)


def _count(reading: Reading, faults: tuple[Fault, ...]) -> str:
    errors = len(errors_of(faults))
    warnings = len(faults) - errors
    looked = f"看了 {len(reading.files)} 个文件"
    if not faults:
        return f"没有问题（{looked}）。"
    return f"{errors} 个错误，{warnings} 个警告（{looked}）。" + ("有错误的文件不会被采用。" if errors else "")
