"""The command line (命令行): which command there is, what its exit code means, how an error is told.

A command's module is imported when it is called, so that `askbot check` need not load a server. Each module offers
`add_parser(subparsers)`, which sets `run`, a function of the parsed arguments that gives the exit code.
"""

import importlib
import os
import sys
from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from types import MappingProxyType

from askbot import __version__
from askbot.cli.parsing import Parser
from askbot.cli.telling import MISUSE, told

COMMANDS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "serve": ("serve", "运行服务"),
        "demo": ("demo", "用样例县演示一遍"),
        "check": ("check", "检查知识文件"),
        "ask": ("ask", "试问一句，看怎么答、为什么"),
        "replay": ("replay", "把一份弹幕文件过一遍，给出每条的决定"),
        "eval": ("evaluate", "按标注打分"),
        "token": ("token", "发放、列出、吊销接口令牌"),
        "migrate": ("migrate", "把数据库升级到这个版本"),
        "bridge": ("bridge", "把别的程序收来的弹幕送进来"),
        "forget": ("forget", "抹去一位观众的资料"),
    }
)
"""Command → (its module, one line about it)."""
INTERRUPTED = 130
HELP = {"-h", "--help", "help"}


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command; 0 good, 1 faults were found or it failed, 2 misuse, 130 interrupted."""
    try:
        return _run(list(sys.argv[1:] if argv is None else argv))
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        _hush()
        return 1
    except SystemExit as ended:  # argparse's way of saying help (0) or misuse (2)
        return ended.code if isinstance(ended.code, int) else MISUSE
    except Exception as error:
        code = told(error)
        if code is None:
            raise
        if isinstance(error, OSError):
            _hush()
        return code


def _run(argv: list[str]) -> int:
    if not argv or argv[0] in HELP:
        print(_overview(), file=sys.stdout if argv else sys.stderr)
        return 0 if argv else MISUSE
    if argv[0] in {"-V", "--version", "version"}:
        print(f"askbot {__version__}")
        return 0
    if argv[0] not in COMMANDS:
        near = get_close_matches(argv[0], COMMANDS, n=1)
        hint = f"是不是 {near[0]}？" if near else "看看有哪些命令：askbot --help"
        print(f"askbot: 没有这个命令：{argv[0][:40]!r}\n  {hint}", file=sys.stderr)
        return MISUSE
    args = _parser(argv[0]).parse_args(argv)
    code: int = args.run(args)
    sys.stdout.flush()
    return code


def _parser(command: str) -> Parser:
    """A parser that knows this one command."""
    parser = Parser(prog="askbot")
    parser.helped_by = f"askbot {command}"
    subparsers = parser.add_subparsers(dest="command", required=True)
    importlib.import_module(f"askbot.cli.{COMMANDS[command][0]}").add_parser(subparsers)
    return parser


def _overview() -> str:
    lines = "\n".join(f"  {name:<9}{text}" for name, (_module, text) in COMMANDS.items())
    return (
        f"askbot {__version__}：答得准，答不准就不答。用本县自己的知识回答直播间的提问，其余的排给人。\n\n"
        f"用法：askbot 命令 …\n\n{lines}\n\n"
        "每个命令的说明和例子：askbot 命令 --help\n退出码：0 好；1 有问题；2 用法不对"
    )


def _hush() -> None:
    """The reader has gone (| head) or the disk is full: say nothing more, also not at the interpreter's end."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
