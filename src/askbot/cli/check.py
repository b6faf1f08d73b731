"""`askbot check`: all faults of all knowledge files in one go. Standard output holds the report and nothing else."""

import argparse
import json
import sys
from collections.abc import Collection
from datetime import UTC
from pathlib import Path
from typing import Any

from askbot.cli.check_report import as_github, as_json, as_text, escaped
from askbot.domain.faults import Fault, errors_of

Subparsers = Any
"""What argparse gives for adding commands; its type is private there."""
CLEAN, FAULTY, MISUSE = 0, 1, 2
_EPILOG = """退出码：0 没有错误（加 --strict 时也没有警告）；1 有问题；2 用法不对

例子：
  askbot check                         检查 knowledge/
  askbot check knowledge --fix         改好全角冒号、制表符、全角空格，再检查
  askbot check --strict --format github   在代码托管平台上标出每一处
  askbot check --schema > knowledge.schema.json   给编辑器用的 JSON Schema
"""


def add_parser(subparsers: Subparsers) -> argparse.ArgumentParser:
    """Register `check`."""
    parser: argparse.ArgumentParser = subparsers.add_parser(
        "check",
        help="检查知识文件",
        description="检查一个文件夹里的知识文件：所有文件的所有问题一次列出，每个写明在哪一行哪一列、怎么改。",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("dir", nargs="?", default="knowledge", metavar="DIR", help="文件夹（不写就是 knowledge/）")
    parser.add_argument("--format", choices=("text", "json", "github"), default="text", help="报告的形式（默认 text）")
    parser.add_argument("--strict", action="store_true", help="有警告也算不通过")
    parser.add_argument("--fix", action="store_true", help="先改好全角冒号、制表符、全角空格（别的一个字节也不动）")
    parser.add_argument("--schema", action="store_true", help="只输出 JSON Schema")
    parser.add_argument(
        "--config", metavar="FILE", help="从这个配置里看有哪些直播间（默认 config/askbot.yaml，没有就不看）"
    )
    parser.set_defaults(run=run)
    return parser


def run(args: argparse.Namespace) -> int:
    """Check and report; the exit code."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    if args.schema:
        from askbot.knowledge_files.schema import json_schema

        print(json.dumps(json_schema(), ensure_ascii=False, indent=2))
        return CLEAN
    folder = Path(args.dir)
    if not folder.is_dir():
        what = "是一个文件，不是文件夹；检查整个文件夹：askbot check 文件夹" if folder.exists() else "没有这个文件夹"
        return _misuse(f"{escaped(str(folder))}：{what}")
    if args.config and not Path(args.config).is_file():
        return _misuse(f"{escaped(args.config)}：没有这个配置文件")
    return _check(folder, args)


def _misuse(message: str) -> int:
    print(f"askbot check: {message}", file=sys.stderr)
    return MISUSE


def _check(folder: Path, args: argparse.Namespace) -> int:
    from askbot.knowledge_files import assemble, read_folder
    from askbot.knowledge_files.collecting import PAUSE
    from askbot.knowledge_files.reading import reason

    with PAUSE:
        try:
            if args.fix:
                _fix(folder)
            reading = read_folder(folder)
        except OSError as error:
            return _misuse(f"{escaped(str(folder))}：文件夹读不了（{reason(error)}）")
        _knowledge, faults = assemble(reading.files, UTC, configured_rooms(args.config))
    if args.format == "json":
        print(as_json(folder, faults))
    elif args.format == "github":
        print(as_github(folder, faults), end="")
    else:
        print(as_text(folder, reading, faults, colours=_colours()))
    return _exit_code(faults, strict=args.strict)


def _exit_code(faults: tuple[Fault, ...], *, strict: bool) -> int:
    return FAULTY if errors_of(faults) or (strict and faults) else CLEAN


def _colours() -> bool:
    import os

    return sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def _fix(folder: Path) -> None:
    """Mend, and say on standard error what was mended: standard output is the report's."""
    from askbot.knowledge_files.fixing import fix_folder

    for fixed in fix_folder(folder):
        file = escaped(str(folder / fixed.file))
        if fixed.problem:
            print(f"{file}：写不回去（{fixed.problem}），没有改", file=sys.stderr)
            continue
        for fault in fixed.faults:
            print(f"{file}:{fault.line}:{fault.column} 已改好：{fault.message}", file=sys.stderr)


def configured_rooms(config: str | None) -> Collection[str] | None:
    """The rooms that a configuration names; None when there is none. Its own faults are not this command's business."""
    from askbot.yaml_marks.marked import Mapping
    from askbot.yaml_marks.reading import read_yaml

    path = Path(config or "config/askbot.yaml")
    try:
        document = read_yaml(path.name, path.read_bytes())
    except OSError:
        return None
    pair = document.root.pairs.get("rooms") if isinstance(document.root, Mapping) else None
    return frozenset(pair[1].pairs) if pair and isinstance(pair[1], Mapping) else None
