"""Warnings about words: texts that promise too much, days that pass, words too short to mean anything."""

import re
from collections.abc import Collection

from askbot.knowledge_files.braces import names
from askbot.knowledge_files.rules_entries import age_of, place_of
from askbot.knowledge_files.rules_lists import list_in_one
from askbot.knowledge_files.table import LIST_OF, NEAR_COLUMNS, UPDATED
from askbot.knowledge_files.views import Base, EntryView, ListView, folded
from askbot.yaml_marks.collector import Placed, shown
from askbot.yaml_marks.marked import Listing, Node

_ASSURING = re.compile("正常|畅通|没有")
_DATE = re.compile(r"[0-9〇一二三四五六七八九十]+ ?[月日号]|[0-9]{4}[-/.年][0-9]|\{" + UPDATED + r"\}")
_PASSING = re.compile("今天|明天|昨天")
_PLACEHOLDER = re.compile(r"\{[^{}]*\}")
_BETWEEN = re.compile("[,、/;；|]")
_A_PHRASING = 4
"""Characters that a phrasing has at least: 身份证/户口本丢了 is one phrasing."""


def advise(base: Base, rooms: Collection[str] | None) -> None:
    """All warnings about words. `rooms` are the configured rooms; None when there is no configuration."""
    for entry in base.entries:
        _assurance(base, entry)
        _passing_days(base, entry)
        _one_phrasing(base, entry)
        _words(base, entry)
        _never_fits(base, entry)
        if rooms is not None:
            _rooms(base, entry, rooms)
    used = _used_columns(base)
    for view in base.lists.values():
        _columns(base, view, used)


def _inside(entry: EntryView, node: Node, found: re.Match[str]) -> Placed:
    return place_of(entry, node, found.group(), found.start())


def _assurance(base: Base, entry: EntryView) -> None:
    text = entry.text("unlisted")
    found = _ASSURING.search(text[1]) if text else None
    if text and found and not _DATE.search(text[1]):
        message = f"未列入说{shown(found.group())}，却没有说是哪一天的情况：名字不在表里，不等于没有事"
        hint = "写明日期（如 2月12日），或改成“不在名单内，以现场为准”这样的话"
        base.notes.of(entry.file).warning(_inside(entry, text[0], found), "assuring", message, hint)


def _passing_days(base: Base, entry: EntryView) -> None:
    if age_of(entry) is not None or "max_age" in entry.record.keys:
        return
    for node, text in entry.said():
        found = _PASSING.search(text)
        if found:
            message = f"回答里说{shown(found.group())}，却没有时效：过几天还会这样说"
            hint = "写成具体日期，或加上“时效: 24h”和更新时间"
            base.notes.of(entry.file).warning(_inside(entry, node, found), "passing_day", message, hint)


def _one_phrasing(base: Base, entry: EntryView) -> None:
    """One phrasing in brackets with a full-width comma in it was most likely meant as several."""
    listing = entry.record.nodes.get("ask")
    if len(entry.asks) != 1:
        return
    faults = base.notes.of(entry.file)
    node, text = entry.asks[0]
    if isinstance(listing, Listing):
        if listing.flow:
            list_in_one(node, text, faults)
        return
    parts = [part.strip() for part in _BETWEEN.split(text)]
    if text[0] not in "【［" and len(parts) > 1 and min(map(len, parts)) >= _A_PHRASING:
        message = f"{shown(text)}里有分隔的符号，却没有方括号：会当成一句话"
        faults.warning(node, "no_brackets", message, "几句话写成 [甲, 乙]，用半角逗号；本来就是一句话就用全角逗号")


def _never_fits(base: Base, entry: EntryView) -> None:
    """A phrasing with a word of the entry's own 不含 in it: nobody who asks so is answered."""
    excluded = [(folded(word), word) for _node, word in entry.record.get("exclude", [])]
    for node, text in entry.asks if excluded else ():
        asked = folded(_PLACEHOLDER.sub("\n", text))
        word = next((word for form, word in excluded if form in asked), None)
        if word is not None:
            message = f"这句问法里有{shown(word)}，而“不含”写了它：这样问永远不会答"
            base.notes.of(entry.file).warning(node, "never_fits", message, "改这句问法，或从“不含”里删掉这个词")


def _words(base: Base, entry: EntryView) -> None:
    faults = base.notes.of(entry.file)
    required = [pair for _node, words in entry.record.get("require", []) for pair in words]
    for node, word in required + entry.record.get("exclude", []):
        list_in_one(node, word, faults, spaced=True)
        if len(word) == 1:
            message = f"{shown(word)}只有一个字，别的词里也会有它"
            faults.warning(node, "short_word", message, "写两个字以上的词")


def _rooms(base: Base, entry: EntryView, rooms: Collection[str]) -> None:
    for node, room in entry.record.get("rooms", []):
        if room not in rooms:
            known = "、".join(sorted(rooms)) or "（还没有）"
            message = f"配置里没有直播间{shown(room)}，这一条在那里不会用到"
            base.notes.of(entry.file).warning(node, "unknown_room", message, f"配置里的直播间：{known}")


def _used_columns(base: Base) -> set[str]:
    used: set[str] = set()
    for entry in base.entries:
        for variant in entry.variants:
            used.update(variant.when)
        for _node, text in entry.said():
            for name in names(text):
                used.add(name.removeprefix(f"{LIST_OF}:").partition("=")[0])
    return used


def _columns(base: Base, view: ListView, used: set[str]) -> None:
    """A column that no answer uses and that reads like a known key was probably meant as that key."""
    for column in view.having.keys() - used:
        meant = next((key for key, likes in NEAR_COLUMNS.items() if column in likes), None)
        if meant is None:
            continue
        for number in sorted(view.having[column]):
            key = view.items[number].columns[column][0]
            message = f"{shown(column)}只是一栏，没有回答用它"
            base.notes.of(view.file).warning(key, "near_key", message, f"是不是{shown(meant)}？")
