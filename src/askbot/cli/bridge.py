"""`askbot bridge`: carries chat that another program collected into a running askbot."""

import argparse
import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

from askbot.bridging.bridge import Bridge, Tally
from askbot.bridging.lines import LineMapping
from askbot.bridging.mapping import load_mapping
from askbot.bridging.poster import Poster
from askbot.domain.secret import Secret
from askbot.errors import DeliveryError, SettingsError
from askbot.platforms.standard.signing import decode_secret

DONE, INCOMPLETE, MISUSE = 0, 1, 2
_EPILOG = """每行一条 JSON：
  {"id": "m1", "text": "308现在能走不", "user": {"id": "u1", "name": "城东老李"}}
别的写法用 --map 说明字段在哪里，例如 YouTube 的 liveChatMessages：
  messages: items[]
  only: {snippet.type: textMessageEvent}
  text: snippet.displayMessage
  user.id: authorDetails.channelId
  user.name: authorDetails.displayName
  sent_at: snippet.publishedAt

收不下时（429、503、连接断开）会一直再试，重发不会重复。坏行报在标准错误上并跳过。
退出码：0 全部收下；1 有没收下的；2 用法不对

例子：
  collector | askbot bridge --source bridge
  askbot bridge --source bridge --url https://ask.example.gov.cn --secret-env BRIDGE_SECRET < chat.jsonl
  askbot bridge --source bridge --websocket ws://127.0.0.1:2333/ --map danmaku.yaml
"""


def add_parser(subparsers: Any) -> argparse.ArgumentParser:  # noqa: ANN401 - argparse keeps its type private
    """Register `bridge`."""
    parser: argparse.ArgumentParser = subparsers.add_parser(
        "bridge",
        help="把别的程序收来的弹幕送进来",
        description="从标准输入（JSON Lines）或 WebSocket 读弹幕，签名后送给一个 platform: standard 的来源。",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--source", required=True, metavar="NAME", help="来源名，即 /hooks/NAME")
    parser.add_argument(
        "--url", metavar="URL", help="askbot 的地址（默认取配置的 server.public_url，没有配置就是本机 8080）"
    )
    secret = parser.add_mutually_exclusive_group()
    secret.add_argument("--secret-env", metavar="VAR", help="密钥在这个环境变量里（这时不读配置）")
    secret.add_argument("--config", metavar="FILE", help="从这个配置取密钥和地址（默认 config/askbot.yaml）")
    parser.add_argument("--websocket", metavar="URL", help="不读标准输入，连这个 ws:// 或 wss:// 地址")
    parser.add_argument("--map", metavar="FILE", help="字段映射文件（YAML）")
    parser.add_argument(
        "--give-up",
        type=_seconds,
        default=600.0,
        metavar="秒",
        help="一批送不出去、或 WebSocket 连不上，多久后放弃（默认 600）",
    )
    parser.set_defaults(run=run)
    return parser


def _seconds(typed: str) -> float:
    seconds = float(typed)
    if not 0 <= seconds < float("inf"):
        raise ValueError(typed)
    return seconds


def run(args: argparse.Namespace) -> int:
    """Carry lines until they end; the exit code."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    try:
        url, source, secret = _target(args)
        mapping = load_mapping(Path(args.map)) if args.map else LineMapping()
        _check_addresses(url, args.websocket)
    except SettingsError as error:
        return _misuse(error)
    return asyncio.run(_carry(args, mapping, url, source, secret))


def _misuse(error: SettingsError) -> int:
    for fault in error.faults:
        print(f"{fault.file}:{fault.line}:{fault.column}: {fault.message}；{fault.hint}", file=sys.stderr)  # type: ignore[attr-defined]
    print(f"askbot bridge: {error.message}", file=sys.stderr)
    return MISUSE


def _target(args: argparse.Namespace) -> tuple[str, str, bytes]:
    """The server, the source's address below /hooks/, and the key to sign with."""
    if args.secret_env:
        typed = os.environ.get(args.secret_env)
        if not typed:
            raise SettingsError(f"环境变量 {args.secret_env} 没有值")
        return args.url or "http://127.0.0.1:8080", args.source, _decoded(typed)
    from askbot.settings import load_settings

    settings = load_settings(Path(args.config or "config/askbot.yaml"))
    source = settings.sources.get(args.source)
    if source is None or source.platform != "standard":
        raise SettingsError(f"配置里没有 platform: standard 的来源 {args.source!a}")
    first: Secret = source.options["secret"][0]
    key = f"/{source.path_key.reveal()}" if source.path_key else ""
    server = settings.server
    url = args.url or server.public_url or f"http://127.0.0.1:{server.port}"
    return url, f"{args.source}{key}", _decoded(first.reveal())


def _decoded(text: str) -> bytes:
    try:
        return decode_secret(text)
    except ValueError as error:
        raise SettingsError("密钥不完整：whsec_ 后面应当是 base64") from error


def _check_addresses(url: str, websocket: str | None) -> None:
    if not url.startswith(("http://", "https://")):
        raise SettingsError(f"--url 要以 http:// 或 https:// 开头，不是 {url!a}")
    if websocket and not websocket.startswith(("ws://", "wss://")):
        raise SettingsError(f"--websocket 要以 ws:// 或 wss:// 开头，不是 {websocket!a}")


async def _carry(args: argparse.Namespace, mapping: LineMapping, url: str, source: str, secret: bytes) -> int:
    import aiohttp

    from askbot.bridging.inputs import CollectorGoneError

    stop = _stop_on_signals()
    async with aiohttp.ClientSession() as session:
        poster = Poster(
            session=session,
            url=url,
            source=source,
            secret=secret,
            give_up=args.give_up,
            tell=lambda why, wait: _say(f"{why}，{wait:.1f} 秒后再送"),
        )
        bridge = Bridge(poster=poster, mapping=mapping, report=lambda number, why: _say(f"第 {number} 行：{why}，跳过"))
        try:
            await bridge.run(_lines(args, session), stop)
        except CollectorGoneError as error:
            _say(f"{error.message}，放弃")
            return INCOMPLETE
        except DeliveryError as error:
            _say(f"送不进 {args.source}（{error.message}）：{_advice(error)}")
            return INCOMPLETE
        except asyncio.CancelledError:
            _say("没送完就停了")
            return INCOMPLETE
        finally:
            _summary(bridge.tally)
    return DONE if bridge.tally.complete else INCOMPLETE


def _advice(error: DeliveryError) -> str:
    """What to do about a source that takes nothing."""
    if "stale_timestamp" in error.message:
        return "两边的时钟差得太多，给本机和服务器对时"
    return "检查来源名和密钥" if error.permanent else "放弃"


def _stop_on_signals() -> asyncio.Event:
    """Set by the first Ctrl-C or SIGTERM: what was read is still posted. A second one ends that too."""
    stop, task, loop = asyncio.Event(), asyncio.current_task(), asyncio.get_running_loop()

    def handle() -> None:
        if stop.is_set() and task is not None:
            task.cancel()
        stop.set()

    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, handle)
    return stop


def _lines(args: argparse.Namespace, session: Any) -> AsyncIterator[bytes]:  # noqa: ANN401 - aiohttp is imported late
    from askbot.bridging.inputs import stream_lines, websocket_lines

    if args.websocket:
        return websocket_lines(session, args.websocket, _say, args.give_up)
    return stream_lines(sys.stdin.buffer)


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def _summary(tally: Tally) -> None:
    _say(
        f"读 {tally.lines} 行：收下 {tally.taken} 条，没收下 {tally.refused} 条，坏行 {tally.bad} 行，"
        f"略过 {tally.passed_over} 条（不是弹幕或没有文字），重试 {tally.retries} 次"
    )
