"""`askbot demo`: the sample county served, a recorded chat played into it, and what happens shown in the terminal."""

import argparse
import asyncio
import os
import signal
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from askbot.errors import AskbotError

if TYPE_CHECKING:
    from askbot.demonstration.play import Play
    from askbot.demonstration.showing import Painter

DONE, INCOMPLETE, MISUSE = 0, 1, 2
QUICK = 20.0
"""How many times faster than the stream a quick run plays."""
_EPILOG = """样板县的资料核对到 2026-02-12 09:00（北京时间），所以演示里的服务从这一刻起走。

退出码：0 正常结束（加 --once 时：每条都有判定，每个提问的人都答到了或记为放弃）；1 有缺；2 用法不对

例子：
  askbot demo                  按直播的节奏演，Ctrl-C 结束
  askbot demo --speed 5        快五倍
  askbot demo --once           快速演完，核对，打印小结
  askbot demo --knowledge my-county/ --port 9000
"""


def add_parser(subparsers: Any) -> argparse.ArgumentParser:  # noqa: ANN401 - argparse keeps its type private
    """Register `demo`."""
    parser: argparse.ArgumentParser = subparsers.add_parser(
        "demo",
        help="演示：样板县和一段录好的弹幕",
        description="在临时文件夹里起一个真的服务，把录好的弹幕签名后送进去，代平台收下回复，把发生的事打印出来。",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--once", action="store_true", help="快速演完，核对，打印小结，退出")
    parser.add_argument("--port", type=int, default=8080, metavar="N", help="服务的端口，被占用就另找一个（默认 8080）")
    parser.add_argument("--knowledge", default="knowledge", metavar="DIR", help="知识文件夹（默认 knowledge/）")
    parser.add_argument("--data", metavar="DIR", help="数据留在这个文件夹里（默认用临时文件夹，结束就删）")
    parser.add_argument("--speed", type=float, metavar="X", help="几倍于直播的速度（默认 1，--once 时 20）")
    parser.set_defaults(run=run)
    return parser


def run(args: argparse.Namespace) -> int:
    """Play; the exit code."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace", line_buffering=True)
    complaint = _misuse(args)
    if complaint:
        print(f"askbot demo: {complaint}", file=sys.stderr)
        return MISUSE
    try:
        with _folder(args.data) as folder:
            return asyncio.run(_demonstrate(args, folder, Path(args.knowledge).resolve()))
    except AskbotError as error:
        print(f"askbot demo: {error.message}", file=sys.stderr)
        return INCOMPLETE


def _misuse(args: argparse.Namespace) -> str:
    if not 0 <= args.port < 1 << 16:
        return "--port 要在 0 到 65535 之间"
    if args.speed is not None and not 0.01 <= args.speed <= 1000:  # noqa: PLR2004 (as the message says)
        return "--speed 要在 0.01 到 1000 之间"
    if not Path(args.knowledge).is_dir():
        return f"没有知识文件夹 {args.knowledge!a}；用 --knowledge DIR 指出"
    if args.data and (Path(args.data) / "askbot.db").exists():
        return f"{args.data!a} 里已有上一次的数据；换一个文件夹"
    return ""


@contextmanager
def _folder(data: str | None) -> Iterator[Path]:
    if data:
        yield Path(data).resolve()
        return
    with tempfile.TemporaryDirectory(prefix="askbot-demo-", ignore_cleanup_errors=True) as folder:
        yield Path(folder)


async def _demonstrate(args: argparse.Namespace, folder: Path, knowledge: Path) -> int:
    from askbot.demonstration.play import Audience, open_play
    from askbot.demonstration.showing import Painter

    painter = Painter(colours=_colours())
    audience = Audience(
        message=lambda moment, message: _print_all(painter.message(moment, message)),
        reply=lambda moment, said: print(painter.reply(moment, said)),
    )
    _cancel_on_signals()
    print("正在启动 …")
    try:
        async with open_play(folder, knowledge, args.port, audience) as play:
            _introduce(play, args.port)
            return await _perform(play, args, painter)
    except asyncio.CancelledError:
        print("已停止")
        return INCOMPLETE if args.once else DONE


async def _perform(play: "Play", args: argparse.Namespace, painter: "Painter") -> int:
    from askbot.demonstration.recording import shipped_recording
    from askbot.demonstration.showing import summary

    recording = shipped_recording()
    await play.perform(recording, args.speed or (QUICK if args.once else 1.0))
    if not args.once:
        print("弹幕放完了，服务还开着；Ctrl-C 结束")
        await play.follow()
    verdict = await play.settle(recording)
    print()
    _print_all(summary(verdict))
    print(painter.paint("green", "演示通过") if verdict.good else painter.paint("red", "演示没有通过"))
    return DONE if verdict.good else INCOMPLETE


def _introduce(play: "Play", wanted: int) -> None:
    url = play.service.url
    if play.service.port != wanted:
        print(f"端口 {wanted} 被占用，改用 {play.service.port}")
    print(f"服务  {url}/  （接口 {url}/api/v1/openapi.json，指标 {url}/metrics，状态 {url}/readyz）")
    print(f"数据  {play.service.folder}（日志 {play.service.log.name}）")
    print("时间  服务按样板县的时间走：从 2026-02-12 09:00:00（北京时间）起；签名也用这个时间")
    print()


def _cancel_on_signals() -> None:
    task = asyncio.current_task()
    assert task is not None  # noqa: S101 (called from a coroutine)
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, task.cancel)


def _print_all(lines: Iterator[str]) -> None:
    for line in lines:
        print(line)


def _colours() -> bool:
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
