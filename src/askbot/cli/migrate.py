"""`askbot migrate`: brings the database's tables to what this version needs."""

import argparse
import sys
from typing import Any

from askbot.cli.operating import add_config, settings_of
from askbot.store import migrate

DONE = 0
_EPILOG = """SQLite 在启动时自己升级；PostgreSQL 用这条命令升级，升级前请先备份。可以重复运行。

例子：
  askbot migrate
  askbot migrate --config /etc/askbot/askbot.yaml
"""


def add_parser(subparsers: Any) -> argparse.ArgumentParser:  # noqa: ANN401 - argparse keeps its type private
    """Register `migrate`."""
    parser: argparse.ArgumentParser = subparsers.add_parser(
        "migrate",
        help="升级数据库结构",
        description="把数据库的表升级到这个版本需要的样子，在一个事务里完成。",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add_config(parser)
    parser.set_defaults(run=run)
    return parser


def run(args: argparse.Namespace) -> int:
    """Upgrade; the exit code."""
    url = settings_of(args).database.reveal()
    before = migrate.current(url)
    after = migrate.upgrade(url)
    print(f"数据库结构：{before or '空'} → {after}" if before != after else f"数据库结构已是 {after}", file=sys.stderr)
    return DONE
