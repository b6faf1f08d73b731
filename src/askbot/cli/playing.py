"""Playing a file of messages for replay and eval: reading lines, progress on a terminal, and output in one go.

A file is read and checked whole before anything is written; standard input is played line by line as it comes.
"""

import contextlib
import os
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TextIO

from askbot.cli.deciding import MisuseError, safe
from askbot.errors import InputError
from askbot.replaying import Line, read_line, read_lines

STEP = 500
"""Messages between two signs of progress."""

Broken = Callable[[InputError], None]


def messages(name: str, broken: Broken) -> Iterable[Line]:
    """The messages of a file, all read (MisuseError at a bad line); of `-` as they come, bad ones given to `broken`."""
    if name == "-":
        return _streamed(sys.stdin, broken)
    try:
        with Path(name).open(encoding="utf-8-sig") as file:
            return list(read_lines(file))
    except InputError as fault:
        raise MisuseError(f"{safe(name)}：{safe(fault.message)}") from None
    except UnicodeDecodeError:
        raise MisuseError(f"{safe(name)}：不是 UTF-8 编码的文件") from None
    except OSError as fault:
        raise MisuseError(f"{safe(name)}：文件读不了（{fault.strerror}）") from None


def _streamed(stream: TextIO, broken: Broken) -> Iterator[Line]:
    reconfigure = getattr(stream, "reconfigure", None)
    if reconfigure:
        reconfigure(encoding="utf-8", errors="replace")
    for number, typed in enumerate(stream, 1):
        if typed.strip():
            try:
                line = read_line(typed, number)
            except InputError as fault:
                broken(fault)
            else:
                yield line


def with_progress(lines: Iterable[Line]) -> Iterator[Line]:
    """The same lines; on a terminal, how far it is."""
    if not sys.stderr.isatty():
        yield from lines
        return
    total = f"/{len(lines)}" if isinstance(lines, list) else ""
    done = 0
    for done, line in enumerate(lines, 1):
        yield line
        if done % STEP == 0:
            print(f"\r{done}{total}", end="", file=sys.stderr, flush=True)
    print(f"\r{done}{total}", file=sys.stderr)


@contextlib.contextmanager
def output(name: str | None) -> Iterator[TextIO]:
    """Where results go: standard output, or a file that is there whole or not at all."""
    if name is None or name == "-":
        yield sys.stdout
        return
    target = Path(name)
    try:
        handle, draft = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.", text=True)
    except OSError as fault:
        raise MisuseError(f"{safe(name)}：写不了（{fault.strerror}）") from None
    try:
        with os.fdopen(handle, "w", encoding="utf-8", errors="backslashreplace") as file:
            yield file
        Path(draft).chmod(0o644)
        Path(draft).replace(target)
    finally:
        Path(draft).unlink(missing_ok=True)


def tell_broken(command: str) -> tuple[Broken, list[InputError]]:
    """What to do with a bad line of standard input: say it, and remember that there was one."""
    met: list[InputError] = []

    def broken(fault: InputError) -> None:
        met.append(fault)
        print(f"askbot {command}: {safe(fault.message)}，跳过", file=sys.stderr)

    return broken, met
