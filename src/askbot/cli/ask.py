"""`askbot ask`: what would be decided about one line, and why."""

import argparse
import json
from typing import Any

from askbot.cli.deciding import (
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
from askbot.domain.decision import Decision, decision_form
from askbot.matching import Matcher, Question
from askbot.matching.explain import runners_up
from askbot.matching.weighing import Weighing

ACTIONS = {"answer": "回答", "clarify": "反问", "escalate": "转人工", "defer": "转下一场", "ignore": "不回应"}
_EPILOG = """退出码：0 已判断；1 知识文件有错误；2 用法不对

例子：
  askbot ask 308现在能走不
  askbot ask "308现在能走不" --why          说明凭什么、差多少、还有哪几条接近
  askbot ask 通行证在哪办 --at 2026-02-12T09:00 --room main --json
"""


def add_parser(subparsers: Any) -> argparse.ArgumentParser:  # noqa: ANN401 - argparse keeps its type private
    """Register `ask`."""
    parser: argparse.ArgumentParser = subparsers.add_parser(
        "ask",
        help="试问一句",
        description="看一句弹幕会怎么处理：回答、反问、转人工，还是不回应。什么也不记录。",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("text", metavar="TEXT", help="弹幕原话")
    parser.add_argument("--why", action="store_true", help="说明理由，列出最接近的三条")
    parser.add_argument("--room", default="main", help="哪个直播间（不写就是 main）")
    parser.add_argument("--json", action="store_true", help="输出 JSON")
    add_options(parser)
    parser.set_defaults(run=run)
    return parser


def run(args: argparse.Namespace) -> int:
    """Decide and print; the exit code."""
    prepare_streams()
    try:
        if not args.text.strip():
            raise MisuseError("没有写要问的话，例如：askbot ask 308现在能走不")  # noqa: TRY301 (one way of telling)
        known = circumstances(args)
        matcher = matcher_of(args.knowledge, known)
        question = Question(text=args.text, room=args.room, at=moment(args.at, known.tz))
    except (MisuseError, UnusableError) as fault:
        return failed("ask", fault)
    _show(matcher, question, args)
    return GOOD


def _show(matcher: Matcher, question: Question, args: argparse.Namespace) -> None:
    considered = matcher.consider(question)
    if args.json:
        print(json.dumps({"decisions": [decision_form(d) for d, _ in considered]}, ensure_ascii=False, indent=2))
        return
    for decision, weighing in considered:
        _print_one(decision, weighing, why=args.why)


def _print_one(decision: Decision, weighing: Weighing | None, *, why: bool) -> None:
    form = decision_form(decision)
    about = "，".join(safe(str(form[k])) for k in ("entry", "item", "unlisted") if form[k])
    print(
        f"{ACTIONS[str(form['action'])]}{f'（{about}）' if about else ''}：{safe(str(form['reply'] or ''))}".rstrip(
            "："
        )
    )
    if why:
        print(f"  理由：{safe(decision.why)}")
        for line in runners_up(weighing.need, weighing.ranked) if weighing else ():
            print(f"  {safe(line)}")
