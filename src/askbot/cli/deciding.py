"""What ask, replay and eval share: their options, the time, the knowledge and its matcher, and safe printing.

They need no configuration; where there is one they take the county, its rooms and its bars from it.
"""

import argparse
import sys
from collections.abc import Iterable
from datetime import datetime, tzinfo
from pathlib import Path

from askbot.domain.faults import Fault, errors_of
from askbot.errors import SettingsError
from askbot.matching import Bars, Matcher
from askbot.settings.values import County

GOOD, FAULTY, MISUSE = 0, 1, 2
SHOWN_FAULTS = 20


class MisuseError(Exception):
    """The command was used wrongly: exit 2, the message on standard error."""


class UnusableError(Exception):
    """What was given cannot be used (faulty knowledge): exit 1, the message on standard error."""


def add_options(parser: argparse.ArgumentParser) -> None:
    """The options that all three have."""
    parser.add_argument("--knowledge", default="knowledge", metavar="DIR", help="知识文件夹（不写就是 knowledge/）")
    parser.add_argument(
        "--at", metavar="TIME", help="按这个时间判断，如 2026-02-12T09:00（不写就是现在；没有时区按县里时间）"
    )
    parser.add_argument(
        "--config", metavar="FILE", help="从这个配置里看时区、直播间和门槛（默认 config/askbot.yaml，没有就不看）"
    )


def circumstances(args: argparse.Namespace) -> County:
    """What the configuration tells; MisuseError when a named one is not there, UnusableError when it is wrong."""
    from askbot.settings.loading import load_county

    named: str | None = getattr(args, "config", None)
    if named and not Path(named).is_file():
        raise MisuseError(f"{safe(named)}：没有这个配置文件")
    try:
        return load_county(Path(named) if named else None)
    except SettingsError as fault:
        raise UnusableError("\n".join([safe(fault.message), *_lines(fault.faults)])) from None


def _lines(faults: Iterable[object]) -> list[str]:
    """The errors among the faults, one line each, not all of very many."""
    wrong = errors_of(tuple(f for f in faults if isinstance(f, Fault)))
    return [f"  {safe(f.file)}:{f.line}:{f.column} {safe(f.message)}" for f in wrong[:SHOWN_FAULTS]]


def moment(typed: str | None, tz: tzinfo) -> datetime:
    """The time that was given, or now; without a zone it is county time."""
    if typed is None:
        return datetime.now(tz)
    try:
        at = datetime.fromisoformat(typed)
    except ValueError:
        raise MisuseError(
            f"--at {safe(typed)}：看不懂这个时间，写成 2026-02-12T09:00 或 2026-02-12T09:00:00+08:00"
        ) from None
    return at if at.tzinfo else at.replace(tzinfo=tz)


def matcher_of(folder: str, known: County) -> Matcher:
    """The matcher of a knowledge folder; UnusableError with its faults when a file has an error."""
    from askbot.knowledge_files import load_folder

    path = Path(folder)
    if not path.is_dir():
        what = "是一个文件，不是文件夹" if path.exists() else "没有这个文件夹"
        raise MisuseError(f"{safe(folder)}：{what}")
    try:
        knowledge, faults = load_folder(path, known.tz)
    except OSError as fault:
        raise MisuseError(f"{safe(folder)}：文件夹读不了（{fault.strerror}）") from None
    if knowledge is None:
        wrong = [f for f in faults if f.severity.value == "error"]
        lines = [f"  {safe(f.file)}:{f.line}:{f.column} {safe(f.message)}" for f in wrong[:SHOWN_FAULTS]]
        raise UnusableError(
            "\n".join([f"知识文件有{len(wrong)}处错误，用 askbot check {safe(folder)} 看怎么改：", *lines])
        )
    return Matcher.build(knowledge, bars=Bars(**known.bars), blocked=known.blocked_words)


def safe(text: str) -> str:
    """The text without what a terminal would obey: control and direction characters are shown as escapes."""
    return "".join(
        c if c.isprintable() or c == " " else c.encode("unicode_escape", "backslashreplace").decode() for c in text
    )


def prepare_streams() -> None:
    """Let no character of a stranger's text break the output."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure:
            reconfigure(errors="backslashreplace")


def failed(command: str, fault: Exception) -> int:
    """Say on standard error what went wrong; the exit code."""
    print(f"askbot {command}: {fault}", file=sys.stderr)
    return MISUSE if isinstance(fault, MisuseError) else FAULTY
