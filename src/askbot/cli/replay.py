"""`askbot replay`: decisions about recorded messages, and what other knowledge would change."""

import argparse
import json
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any, TextIO

from askbot.cli.deciding import (
    FAULTY,
    GOOD,
    MisuseError,
    UnusableError,
    add_options,
    circumstances,
    failed,
    matcher_of,
    moment,
    prepare_streams,
    safe,
)
from askbot.cli.playing import messages, output, tell_broken, with_progress
from askbot.domain.decision import Answer, Decision
from askbot.replaying import Change, Line, Player, Replayed, compare
from askbot.replaying.comparing import KINDS

_EPILOG = """FILE 每行一条消息（JSON），- 是标准输入。必写 id 和 text，全部的键见 docs/replay.md：
  {"id": "m1", "text": "308现在能走不", "user": "u1", "room": "main", "at": "2026-02-12T09:00:00+08:00"}

文件里有一行不对就什么也不写，退出码 2；
标准输入里不对的行会跳过并说明行号，最后退出码 1。

退出码：0 每行都有了判断；1 知识文件有错误，或标准输入里有不对的行；2 用法或文件不对

例子：
  askbot replay chat.jsonl > decisions.jsonl
  askbot replay chat.jsonl --knowledge knowledge --at 2026-02-12T09:00 --out decisions.jsonl
  askbot replay chat.jsonl --against knowledge-new        换一套知识，哪些话会多答、少答、换了答案
  askbot replay chat.jsonl --against knowledge-new --json --out changes.jsonl
"""


def add_parser(subparsers: Any) -> argparse.ArgumentParser:  # noqa: ANN401 - argparse keeps its type private
    """Register `replay`."""
    parser: argparse.ArgumentParser = subparsers.add_parser(
        "replay",
        help="重放一段弹幕",
        description="对录下的弹幕逐条判断，一条消息一行结果，次序不变；同一观众在同一直播间的话连着理解。",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("file", metavar="FILE", help="消息文件（JSON Lines），- 是标准输入")
    parser.add_argument("--out", metavar="FILE", help="结果写到这个文件（不写就是标准输出）")
    parser.add_argument("--against", metavar="DIR", help="与这个文件夹里的知识对比")
    parser.add_argument("--json", action="store_true", help="对比的结果每处变化一行 JSON")
    add_options(parser)
    parser.set_defaults(run=run)
    return parser


def run(args: argparse.Namespace) -> int:
    """Play and print; the exit code."""
    prepare_streams()
    broken, met = tell_broken("replay")
    try:
        known = circumstances(args)
        at = moment(args.at, known.tz)
        player = Player(matcher_of(args.knowledge, known), at)
        other = Player(matcher_of(args.against, known), at) if args.against else None
        lines = with_progress(messages(args.file, broken))
        with output(args.out) as out:
            if other:
                _write_changes(_changes(player, other, lines), out, as_json=args.json)
            else:
                _write_decisions(player, lines, out)
    except (MisuseError, UnusableError) as fault:
        return failed("replay", fault)
    return FAULTY if met else GOOD


def _write_decisions(player: Player, lines: Iterable[Line], out: TextIO) -> None:
    for line in lines:
        out.write(json.dumps(player.play(line).form(), ensure_ascii=False) + "\n")
        if out is sys.stdout and out.isatty():
            out.flush()


def _changes(player: Player, other: Player, lines: Iterable[Line]) -> Iterator[Change]:
    for line in lines:
        change = compare(player.play(line), other.play(line))
        if change:
            yield change


def _write_changes(changes: Iterable[Change], out: TextIO, *, as_json: bool) -> None:
    if as_json:
        out.writelines(json.dumps(change.form(), ensure_ascii=False) + "\n" for change in changes)
        return
    found = list(changes)
    counts = Counter(c.kind for c in found)
    out.write("　".join(f"{kind} {counts[kind]}" for kind in KINDS) + "\n")
    for kind in KINDS:
        for change in (c for c in found if c.kind == kind):
            out.write(f"\n[{kind}] {safe(change.before.line.id)} {safe(change.before.line.text)}\n")
            out.write(f"  原来：{_told(change.before)}\n  现在：{_told(change.after)}\n")


def _told(replayed: Replayed) -> str:
    return " ｜ ".join(_one(d) for d in replayed.decisions)


def _one(decision: Decision) -> str:
    from askbot.cli.ask import ACTIONS
    from askbot.domain.decision import action_of

    about = "，".join(safe(n) for n in (getattr(decision, k, None) for k in ("entry", "item", "unlisted")) if n)
    said = f"“{safe(decision.wording.full())}”" if isinstance(decision, Answer) else ""
    return f"{ACTIONS[action_of(decision)]}{f'（{about}）' if about else ''}{said}"
