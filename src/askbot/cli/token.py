"""`askbot token`: API tokens are made, listed and revoked, also while the service runs. Only their hash is kept."""

import argparse
import json
import re
import secrets
import sys
from collections.abc import Mapping, Sequence
from datetime import timedelta, tzinfo
from typing import Any
from unicodedata import east_asian_width

from askbot.cli.operating import add_config, now, settings_of, with_store
from askbot.ports.storage import Row, UnitOfWork
from askbot.services.access import Role, new_token
from askbot.store.sql_store import SqlStore

DONE, NOTHING, MISUSE = 0, 1, 2
UNITS = {"d": timedelta(days=1), "天": timedelta(days=1), "h": timedelta(hours=1), "小时": timedelta(hours=1)}
HEADER = ("编号", "角色", "状态", "到期", "名字", "部门")
WIDTHS = (8, 9, 6, 16, 12, 0)
ROLES = tuple(role.value for role in Role)
_EPILOG = """角色：host 主持人，assistant 助理，clerk 部门文员（要写 --department），admin 管理员

例子：
  askbot token create --role assistant --name 小王
  askbot token create --role clerk --name 交通局 --department 县交通运输局 --expires 30d
  askbot token list
  askbot token revoke 3f9a1c02
"""


def add_parser(subparsers: Any) -> argparse.ArgumentParser:  # noqa: ANN401 - argparse keeps its type private
    """Register `token`."""
    parser: argparse.ArgumentParser = subparsers.add_parser(
        "token",
        help="管理接口令牌",
        description="制作、列出、作废接口令牌（Bearer token）。数据库里只存它的散列值。",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    kinds = parser.add_subparsers(title="动作", metavar="ACTION", required=True)
    create = kinds.add_parser("create", help="制作一个；标准输出只有令牌本身，只显示这一次")
    create.add_argument("--role", required=True, choices=ROLES, help="角色")
    create.add_argument("--name", required=True, help="谁用它（写进操作记录）")
    create.add_argument("--department", help="文员的部门，和转办时写的一样")
    create.add_argument("--expires", metavar="时长", type=_lifetime, help="多久后失效，如 30d、12h（不写就一直有效）")
    create.set_defaults(run=_create)
    listing = kinds.add_parser("list", help="列出全部")
    listing.add_argument("--json", action="store_true", help="输出 JSON")
    listing.set_defaults(run=_list)
    revoke = kinds.add_parser("revoke", help="作废一个")
    revoke.add_argument("id", metavar="ID", help="令牌编号（见 list）")
    revoke.set_defaults(run=_revoke)
    for one in (create, listing, revoke):
        add_config(one)
    return parser


def _lifetime(typed: str) -> timedelta:
    found = re.fullmatch(r"([1-9][0-9]{0,4})(d|天|h|小时)", typed)
    if found is None:
        raise argparse.ArgumentTypeError(f"“{typed}”不是时长，写成 30d 或 12h")
    return int(found.group(1)) * UNITS[found.group(2)]


def _create(args: argparse.Namespace) -> int:
    if args.role == Role.CLERK and not args.department:
        print("askbot token: 文员要写 --department：他只看得到、只能办本部门的", file=sys.stderr)
        return MISUSE
    token, digest = new_token()
    row = {
        "id": secrets.token_hex(4),
        "name": args.name,
        "role": args.role,
        "department": args.department,
        "digest": digest,
        "created_at": now(),
        "expires_at": now() + args.expires if args.expires else None,
    }
    with_store(settings_of(args), lambda store: store.write(_add, row, rooms=()))
    print(f"编号 {row['id']}，角色 {args.role}。下面一行是令牌，只显示这一次：", file=sys.stderr)
    print(token)
    return DONE


def _add(uow: UnitOfWork, rows: Sequence[Mapping[str, object]]) -> list[None]:
    for row in rows:
        uow.tokens.add(row)
    return [None] * len(rows)


def _list(args: argparse.Namespace) -> int:
    async def read(store: SqlStore) -> Sequence[Row]:
        return await store.read(lambda uow: uow.tokens.all())

    settings = settings_of(args)
    rows = with_store(settings, read)
    if args.json:
        print(json.dumps([dict(row) for row in rows], ensure_ascii=False, default=str, indent=2))
        return DONE
    if not rows:
        print("还没有令牌。", file=sys.stderr)
        return DONE
    tz = settings.county.tz
    for cells in (HEADER, *(_cells(row, tz) for row in rows)):
        print("  ".join(_wide(cell, width) for cell, width in zip(cells, WIDTHS, strict=True)).rstrip())
    return DONE


def _cells(row: Row, tz: tzinfo) -> tuple[str, ...]:
    expires = row["expires_at"].astimezone(tz).strftime("%Y-%m-%d %H:%M") if row["expires_at"] else "一直有效"
    return (row["id"], row["role"], _state(row), expires, row["name"], row["department"] or "")


def _wide(text: str, width: int) -> str:
    """The text filled up to a width of the terminal, where a Chinese character takes two columns."""
    return text + " " * (width - sum(2 if east_asian_width(c) in "WF" else 1 for c in text))


def _state(row: Row) -> str:
    if row["revoked_at"]:
        return "已作废"
    if row["expires_at"] and row["expires_at"] <= now():
        return "已过期"
    return "有效"


def _revoke(args: argparse.Namespace) -> int:
    async def revoke(store: SqlStore) -> bool:
        return await store.write(_revoke_all, args.id, rooms=())

    if with_store(settings_of(args), revoke):
        print(f"已作废 {args.id}。", file=sys.stderr)
        return DONE
    print(f"askbot token: 没有有效的令牌 {args.id}", file=sys.stderr)
    return NOTHING


def _revoke_all(uow: UnitOfWork, ids: Sequence[str]) -> list[bool]:
    return [uow.tokens.revoke(one, at=now()) for one in ids]
