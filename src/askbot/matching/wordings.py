"""Putting an entry's words together (话术): only what the knowledge base says, with an item's columns filled in."""

import re
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta, tzinfo

from askbot.domain.knowledge import Entry, Item, ItemList
from askbot.domain.wording import NameList, Wording

_BRACES = re.compile(r"\{([^{}]*)\}")
_LISTED = re.compile(r"(?:名单|list)\s*[:：]\s*([^=＝]+)[=＝](.+)")
UPDATED = frozenset({"更新时间", "updated"})
NONE_LEFT = "无"


def filled(text: str, entry: Entry, item: Item | None, tz: tzinfo, name: str | None = None) -> str | None:
    """The text with its placeholders filled from the item (or the name as asked); None when one stays empty."""
    values: dict[str, str] = dict(item.columns) if item else {}
    if entry.list_name and (item or name):
        values[entry.list_name] = item.name if item else name or ""
    updated = (item.updated if item else None) or entry.updated
    if updated:
        values |= dict.fromkeys(UPDATED, shown_date(updated.astimezone(tz)))
    if any(m[1].strip() not in values for m in _BRACES.finditer(text)):
        return None
    return _BRACES.sub(lambda m: values[m[1].strip()], text)


def shown_date(moment: datetime) -> str:
    """A time as it is said: 2月12日, with the hour unless it is midnight."""
    day = f"{moment.month}月{moment.day}日"
    if moment.hour == moment.minute == 0:
        return day
    return f"{day}{moment.hour}时" + (f"{moment.minute}分" if moment.minute else "")


def unspecified(entry: Entry, table: ItemList | None, at: datetime, tz: tzinfo) -> Wording | None:
    """What the entry says when no item was named; None when it says nothing or its lists have nothing left."""
    if entry.unspecified is None:
        return None
    parts: list[str | NameList] = []
    place, any_named, any_list, hidden = 0, False, False, False
    for found in _BRACES.finditer(entry.unspecified):
        listed = _LISTED.fullmatch(found[1].strip())
        if not listed:
            continue
        parts.append(entry.unspecified[place : found.start()])
        place = found.end()
        any_list = True
        names, left_out = _listed(table, listed[1].strip(), listed[2].strip(), entry, at)
        hidden |= left_out and not names
        any_named |= bool(names)
        parts.append(NameList(names=names) if names else NONE_LEFT)
    parts.append(entry.unspecified[place:])
    if any_list and (not any_named or hidden):
        return None
    done = [p if isinstance(p, NameList) else filled(p, entry, None, tz) for p in parts]
    if any(p is None for p in done):
        return None
    return Wording(parts=tuple(p for p in done if p), source=entry.source)


def _listed(
    table: ItemList | None, column: str, value: str, entry: Entry, at: datetime
) -> tuple[tuple[str, ...], bool]:
    """The fresh items whose column has the value, and whether stale ones were left out."""
    holding = [i for i in table.items if i.columns.get(column) == value] if table else []
    fresh = tuple(i.name for i in holding if not stale(i.updated or entry.updated, entry.max_age, at))
    return fresh, len(fresh) < len(holding)


def stale(updated: datetime | None, max_age: timedelta | None, at: datetime) -> bool:
    """Whether facts are too old to be told."""
    return bool(max_age and updated and at - updated > max_age)


def which_item(list_name: str, names: Sequence[str] = ()) -> Wording:
    """The question back about the item."""
    if names:
        return Wording.plain(f"您问的是{'，还是'.join(names)}？")
    return Wording.plain(f"请问您问的是哪个{list_name}？请说出名称。")


def which_entry(texts: Sequence[str]) -> Wording:
    """The question back between two entries, in their own words."""
    return Wording.plain(f"您想问的是“{'”还是“'.join(texts)}”？")


def asked(entry: Entry, item: Item | None) -> str:
    """An entry's first phrasing as one may show it."""
    fill: Callable[[re.Match[str]], str] = lambda m: item.name if item else m[1]  # noqa: E731 - one use, one line
    return _BRACES.sub(fill, entry.ask[0])
