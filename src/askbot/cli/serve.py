"""`askbot serve`: the service in the foreground."""

import argparse
import os
from dataclasses import replace
from pathlib import Path
from typing import Any

from askbot.cli.telling import say, show_faults

_EPILOG = """SIGTERM 或 Ctrl-C 停下（不再收新的，把手上的做完）；SIGHUP 重新读知识。
变量 ASKBOT_CLOCK=2026-02-12T09:00:00+08:00 让时钟从这一刻走起（演示、测试用）。

例子：
  askbot serve
  askbot serve --config config/songhe.yaml --port 9090
  ASKBOT_DATABASE=postgresql+psycopg://askbot@db/askbot askbot serve
"""


def add_parser(subparsers: Any) -> argparse.ArgumentParser:  # noqa: ANN401 (argparse keeps its type private)
    """Register `serve`."""
    parser: argparse.ArgumentParser = subparsers.add_parser(
        "serve",
        help="运行服务",
        description="运行服务：收弹幕、作决定、发回复、管工单。",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--config", type=Path, metavar="FILE", help="配置文件（默认 config/askbot.yaml）")
    parser.add_argument("--host", help="监听地址，优先于配置")
    parser.add_argument("--port", type=_port, help="端口，优先于配置；0 是随便一个空着的")
    parser.set_defaults(run=run)
    return parser


def _port(typed: str) -> int:
    if not typed.isdecimal() or not int(typed) < 65536:  # noqa: PLR2004 (ports)
        raise argparse.ArgumentTypeError("端口是 0 到 65535 的整数")
    return int(typed)


def run(args: argparse.Namespace) -> int:
    """Serve until told to stop."""
    from askbot.bootstrap.clock import clock_from
    from askbot.bootstrap.serving import Running, serve
    from askbot.logs import set_up_logs
    from askbot.settings import DEFAULT_CONFIG, load_settings

    settings = load_settings(args.config or DEFAULT_CONFIG)
    host = settings.server.host if args.host is None else args.host
    port = settings.server.port if args.port is None else args.port
    settings = replace(settings, server=replace(settings.server, host=host, port=port))
    show_faults(settings.warnings)
    set_up_logs()

    def ready(service: Running) -> None:
        say(f"askbot 已就绪：{service.url}（知识 {service.version}，{service.entries} 条）")

    serve(settings, clock=clock_from(os.environ), ready=ready)
    return 0
