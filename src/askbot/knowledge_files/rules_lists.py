"""Rules about lists, their items, and synonym groups: names that must differ, words that stand in one group only."""

import re

from askbot.knowledge_files.reading import FileReading
from askbot.knowledge_files.views import Base, ItemView, ListView, folded, item_view, where
from askbot.yaml_marks.collector import FaultList, Place, Placed, shown
from askbot.yaml_marks.marked import Node, Text

_TWO_HAN = re.compile("[\u4e00-\u9fff][^\\s]*[\u4e00-\u9fff]")
_SEPARATORS = "，、；"


def gather_lists(base: Base) -> None:
    """Collect the lists of all files; a name that is taken already is an error at its later place."""
    for file in base.files:
        lists = file.record.get("lists", {}) if file.record else {}
        for name, (key, _node, items) in lists.items():
            earlier = base.lists.get(name)
            if earlier is not None:
                message = f"名录{shown(name)}在{where(file, earlier.file, earlier.key)}已经有了"
                base.notes.of(file).error(key, "duplicate_list", message, "换一个名字，或把两处的各项并到一处")
                continue
            view = ListView(name, key, file, [item_view(record) for _item, record in items])
            base.lists[name] = view
            _check_items(view, base.notes.of(file))


def _check_items(view: ListView, faults: FaultList) -> None:
    owners: dict[str, tuple[ItemView, Node]] = {}
    for item in view.items:
        for node, name in item.names[:1] if item.name else []:
            _claim(owners, item, node, name, faults, official=True)
            if item.record.node.flow:
                list_in_one(node, name, faults)
    for item in view.items:
        for node, name in item.names[1 if item.name else 0 :]:
            _claim(owners, item, node, name, faults, official=False)
            list_in_one(node, name, faults, spaced=True)


def _claim(
    owners: dict[str, tuple[ItemView, Node]],
    item: ItemView,
    node: Node,
    name: str,
    faults: FaultList,
    *,
    official: bool,
) -> None:
    """Take a name for an item; the names were taken first, so a clash is told at an alias, of two at the later one."""
    owner, earlier = owners.setdefault(folded(name), (item, node))
    if earlier is node:
        return
    if owner is item:
        faults.warning(node, "repeated_word", f"{shown(name)}和第 {earlier.line} 行的重复", "删掉一个")
        return
    if official:
        hint = "名称在一个名录里不能重复：改名，或并成一项"
        faults.error(node, "duplicate_item", f"名称{shown(name)}在第 {earlier.line} 行已经有了", hint)
        return
    message = f"别名{shown(name)}在第 {earlier.line} 行已经是另一项的名称或别名"
    faults.error(node, "alias_clash", message, "同一个叫法只能属于一项：删掉一处，或写得更完整")


def list_in_one(node: Node, word: str, faults: FaultList, *, spaced: bool = False) -> None:
    """Warn of words between which stands a full-width comma (or, `spaced`, a space), which makes one word of them."""
    found = [i for i, c in enumerate(word) if c in _SEPARATORS] or (_spaces_between(word) if spaced else [])
    if found and isinstance(node, Text):
        at = Place(node.line, node.column + found[0] + (node.style in ('"', "'")))
        by = word[found[0]].replace(" ", "空格")
        message = f"{shown(word)}用{by}隔开，会当成一个词"
        faults.warning(at if node.last_line == node.line else node, "wide_comma", message, "几个词用半角逗号 , 隔开")


def _spaces_between(word: str) -> list[int]:
    """The first space of what looks like several names; K12 路 and 松河 2 路 are one."""
    parts = word.split()
    several = sum(_TWO_HAN.search(part) is not None for part in parts)
    return [word.index(" ")] if several > 1 and " " in word else []


def gather_synonyms(base: Base) -> None:
    """Collect the groups; a word belongs to one group."""
    owners: dict[str, tuple[int, FileReading, Placed]] = {}
    for file in base.files:
        for node, words in file.record.get("synonyms", []) if file.record else []:
            faults = base.notes.of(file)
            number = len(base.groups)
            if len({folded(word) for _node, word in words}) < 2:  # noqa: PLR2004 - a group of one says nothing
                faults.error(node, "small_group", "一组同义词至少要有两个不同的词", "再写一个词，或删掉这一组")
            for word_node, word in words:
                _claim_word(owners, number, file, word_node, word, faults)
            base.groups.append(tuple(word for _node, word in words))


def _claim_word(  # noqa: PLR0917 - all of them are what a word's claim is
    owners: dict[str, tuple[int, FileReading, Placed]],
    number: int,
    file: FileReading,
    node: Node,
    word: str,
    faults: FaultList,
) -> None:
    list_in_one(node, word, faults, spaced=True)
    owner, other, earlier = owners.setdefault(folded(word), (number, file, node))
    if earlier is node:
        return
    if owner == number:
        faults.warning(node, "repeated_word", f"{shown(word)}在这一组里写了两次", "删掉一个")
        return
    message = f"{shown(word)}在{where(file, other, earlier)}的一组里已经有了"
    faults.error(node, "word_in_two_groups", message, "一个词只能在一组里：并成一组，或删掉一处")
