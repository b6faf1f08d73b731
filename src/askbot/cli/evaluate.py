"""`askbot eval`: scores of a run against gold labels."""

import argparse
import json
from contextlib import ExitStack
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
from askbot.errors import InputError
from askbot.replaying import Player, Score, Tally
from askbot.replaying.scoring import labels_of, summary

MEASURES = {
    "wrong_answer_rate": "答错率",
    "coverage": "答对率",
    "assisted": "备选有",
    "asked_back": "反问",
    "missed": "漏掉",
    "noise": "误应",
    "routing": "转对",
    "clarify": "问对",
}
_EPILOG = """FILE 每行一条带标注 gold 的消息（JSON），- 是标准输入。全部的键见 docs/replay.md：
  {"id": "m1", "text": "308现在能走不", "gold": [{"action": "answer", "entry": "road.status", "item": "省道308线"}]}

  答错率  回答里错的        答对率  该答的里答对的      备选有  答对，或正确的在备选里
  反问    该答却反问（条目对）  漏掉    该处理的里没理会的  误应    不该理会的里理会了的
  转对    该转的里条目也对的  问对    该反问的里反问对的

退出码：0 已评分；1 知识文件有错误，或标准输入里有不对的行；2 用法或文件不对

例子：
  askbot eval labelled.jsonl --at 2026-02-12T09:00
  askbot eval labelled.jsonl --errors wrong.jsonl     错的、漏的逐条写到文件
  askbot eval labelled.jsonl --json --out scores.json
"""


def add_parser(subparsers: Any) -> argparse.ArgumentParser:  # noqa: ANN401 - argparse keeps its type private
    """Register `eval`."""
    parser: argparse.ArgumentParser = subparsers.add_parser(
        "eval",
        help="给判断打分",
        description="对带标注的弹幕逐条判断，与标注比较，给出各项分数，分标签列出。",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("file", metavar="FILE", help="带标注的消息文件（JSON Lines），- 是标准输入")
    parser.add_argument("--out", metavar="FILE", help="分数写到这个文件（不写就是标准输出）")
    parser.add_argument("--against", metavar="DIR", help="再用这个文件夹里的知识评一次，放在后面")
    parser.add_argument("--errors", metavar="FILE", help="把不对的消息连同判断写到这个文件")
    parser.add_argument("--json", action="store_true", help="输出 JSON")
    add_options(parser)
    parser.set_defaults(run=run)
    return parser


def run(args: argparse.Namespace) -> int:
    """Play, score and print; the exit code."""
    prepare_streams()
    broken, met = tell_broken("eval")
    try:
        known = circumstances(args)
        at = moment(args.at, known.tz)
        folders = [args.knowledge, *([args.against] if args.against else [])]
        players = [Player(matcher_of(folder, known), at) for folder in folders]
        scores = [Score() for _ in players]
        lines = list(messages(args.file, broken))
        _check_labels(args.file, lines)
        with ExitStack() as opened:
            errors = opened.enter_context(output(args.errors)) if args.errors else None
            out = opened.enter_context(output(args.out))
            for line in with_progress(lines):
                for place, (player, score) in enumerate(zip(players, scores, strict=True)):
                    _add(player, score, line, errors if place == 0 else None)
            _write(dict(zip(folders, scores, strict=False)), scores, out, as_json=args.json)
    except (MisuseError, UnusableError) as fault:
        return failed("eval", fault)
    return FAULTY if met else GOOD


def _check_labels(name: str, lines: list[Any]) -> None:
    try:
        for line in lines:
            labels_of(line)
    except InputError as fault:
        raise MisuseError(f"{safe(name)}：{safe(fault.message)}") from None


def _add(player: Player, score: Score, line: Any, errors: TextIO | None) -> None:  # noqa: ANN401 - a Line
    replayed = player.play(line)
    spoiled = score.add(replayed)
    if spoiled and errors:
        errors.write(json.dumps({**replayed.form(), "errors": spoiled}, ensure_ascii=False) + "\n")


def _write(named: dict[str, Score], scores: list[Score], out: TextIO, *, as_json: bool) -> None:
    if as_json:
        forms = [dict(summary(s)) for s in scores]
        whole = forms[0] if len(forms) == 1 else {**forms[0], "against": forms[1]}
        out.write(json.dumps(whole, ensure_ascii=False, indent=2) + "\n")
        return
    for folder, score in named.items():
        out.write(f"{safe(folder)}：{score.all.messages}条消息，回答{score.all.answers}个\n")
        out.write("".join(f"  {label} {_percent(score.all.rates()[key])}\n" for key, label in MEASURES.items()))
        at_most = "　".join(f"{n}% {score.all.coverage_at(n / 100):.1%}" for n in (1, 2, 5))
        out.write(f"  答错率不超过时的答对率：{at_most}\n\n")
        _write_tags(score.tags, out)


def _write_tags(tags: dict[str, Tally], out: TextIO) -> None:
    if not tags:
        return
    out.write(f"{'标签':<14}{'条数':>5}" + "".join(f"{label:>6}" for label in MEASURES.values()) + "\n")
    for name, tally in sorted(tags.items()):
        cells = "".join(f"{_percent(tally.rates()[key]):>8}" for key in MEASURES)
        out.write(f"{safe(name):<16}{tally.messages:>6} {cells}\n")


def _percent(share: float | None) -> str:
    return "－" if share is None else f"{share:.1%}"
