"""`askbot forget`: erases at once what is kept of one viewer."""

import argparse
import os
import sys
from typing import Any

from askbot.bootstrap.keys import derived, own_secret
from askbot.cli.operating import add_config, settings_of, with_store
from askbot.services.retention import forget, pseudonym_maker
from askbot.store.sql_store import SqlStore

DONE, NOTHING, MISUSE = 0, 1, 2
_EPILOG = """抹去这位观众的昵称、账号和写过的话（弹幕、回复对象、工单里的），条数和处理结果保留。不能撤销。
退出码：0 已抹去；1 没有这位观众的记录；2 用法不对

例子：
  askbot forget --user douyin:_000openid-citizen-01
  askbot forget --user bridge:u17 --yes          不再确认
"""


def add_parser(subparsers: Any) -> argparse.ArgumentParser:  # noqa: ANN401 - argparse keeps its type private
    """Register `forget`."""
    parser: argparse.ArgumentParser = subparsers.add_parser(
        "forget",
        help="抹去一位观众的记录",
        description="应本人要求，立刻抹去一位观众的记录。服务运行时也可以用。",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--user", required=True, metavar="来源:账号", help="哪个来源的哪个账号，如 bridge:u17")
    parser.add_argument("--yes", action="store_true", help="不再确认")
    add_config(parser)
    parser.set_defaults(run=run)
    return parser


def run(args: argparse.Namespace) -> int:
    """Erase; the exit code."""
    source, colon, user_id = args.user.partition(":")
    if not (source and colon and user_id):
        print("askbot forget: --user 写成 来源:账号，如 bridge:u17", file=sys.stderr)
        return MISUSE
    settings = settings_of(args)
    if not args.yes and not _confirmed(source, user_id):
        print("没有改动。", file=sys.stderr)
        return NOTHING

    # After the names' time the same viewer stands under a pseudonym, with texts that are kept longer.
    pseudonym = pseudonym_maker(derived(own_secret(settings.data, os.environ), "pseudonym"))(source, user_id)

    async def erase(store: SqlStore) -> int:
        return await forget(store, source, user_id) + await forget(store, source, pseudonym)

    rows = with_store(settings, erase)
    print(f"抹去了 {rows} 条记录。" if rows else "没有这位观众的记录。", file=sys.stderr)
    return DONE if rows else NOTHING


def _confirmed(source: str, user_id: str) -> bool:
    """Ask on a terminal; without one it must be said with --yes."""
    if not sys.stdin.isatty():
        print("askbot forget: 不能撤销，请加 --yes 确认", file=sys.stderr)
        return False
    print(f"要抹去 {source} 的 {user_id!r} 的全部记录，不能撤销。输入 yes 确认：", end="", file=sys.stderr, flush=True)
    return sys.stdin.readline().strip() == "yes"
