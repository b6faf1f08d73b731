"""Rules about answers: conditions, the default, columns that must be there, values that nothing catches.

Where a missing column is told: the clerk who closes a road types 封闭 and forgets the detour, so the place to mend is
the item (its first key, as for any missing key). Only when no item of the list has the column at all is it the
placeholder that is mistyped, and the fault stands there.
Where an uncovered value is told: at the value when it looks like a slip of a value that is covered, otherwise at the
entry's 答, where a variant is missing.
"""

from askbot.knowledge_files.braces import braces
from askbot.knowledge_files.rules_entries import check_names, dated, place_of
from askbot.knowledge_files.table import DATES
from askbot.knowledge_files.views import Base, EntryView, ListView, VariantView, folded
from askbot.yaml_marks.collector import shown
from askbot.yaml_marks.likeness import nearest
from askbot.yaml_marks.marked import Listing, Text

_MOST_EXAMPLES = 3


class VariantRules:
    """The rules for all entries of a base; remembers what was told of an item, so that it is told once."""

    def __init__(self, base: Base) -> None:
        self.base = base
        self.told: set[tuple[str, int, str]] = set()

    def check(self, entry: EntryView) -> None:
        """All rules about the entry's variants."""
        self._check_default(entry)
        if entry.unsure:
            return
        for variant in entry.variants:
            self._check_when(entry, variant)
        list_ = entry.list
        if list_ is None:
            allowed = DATES if dated(entry) else frozenset()
            for variant in entry.variants:
                check_names(self.base, entry, variant.node, variant.text, allowed=allowed, what="答")
            return
        left = set(range(len(list_.items)))
        whole = self._whole(entry)
        for number, variant in enumerate(entry.variants):
            if not variant.when and not self._surely_default(entry, number):
                whole = False  # what it was meant for is not known
                continue
            caught = self._caught(list_, variant, left)
            self._check_text(entry, list_, variant, caught)
            if not variant.when and whole:
                self._slips_in_default(entry, list_, caught)
            left = left - caught
        if left and whole:
            self._uncovered(entry, list_, left)

    @staticmethod
    def _whole(entry: EntryView) -> bool:
        """Whether all variants could be read: a faulty one may be what covers the rest."""
        node = entry.record.nodes.get("answer")
        return bool(entry.variants) and not (isinstance(node, Listing) and len(node.items) > len(entry.variants))

    def _check_default(self, entry: EntryView) -> None:
        for number, variant in enumerate(entry.variants, 1):
            if not variant.when and number < len(entry.variants) and self._surely_default(entry, number - 1):
                hint = "没有“当”的说法是其余情况，要放在最后；前面的每一种都加上“当”"
                message = "没有“当”的说法后面还有说法，后面的永远不会说"
                self.base.notes.of(entry.file).error(variant.place, "default_not_last", message, hint)

    @staticmethod
    def _surely_default(entry: EntryView, number: int) -> bool:
        """Whether the variant was typed without 当, not with a faulty one or under another name."""
        answer = entry.record.get("answer")
        return isinstance(answer, str) or not ("when" in answer[number][1].keys or answer[number][1].strange)

    def _check_when(self, entry: EntryView, variant: VariantView) -> None:
        faults = self.base.notes.of(entry.file)
        for column, (key, _values) in variant.when.items():
            if entry.list is None:
                message = "这一条的问里没有名录的占位，“当”没有栏可看"
                faults.error(key, "needs_list", message, "在问里写上 {名录的名字}，或去掉“当”")
            elif column not in entry.list.having and entry.list.items:
                near = nearest(column, list(entry.list.having))
                hint = f"是不是{shown(near)}？" if near else "写名录里的一栏，如 状态"
                message = f"名录{shown(entry.list.name)}里没有一项有{shown(column)}这一栏"
                faults.error(key, "unknown_column", message, hint)

    @staticmethod
    def _caught(list_: ListView, variant: VariantView, left: set[int]) -> set[int]:
        caught = left
        for column, (_key, values) in variant.when.items():
            matching: set[int] = set()
            for _node, value in values:
                matching |= list_.valued.get((column, value), set())
            caught = caught & matching
        return caught

    def _check_text(self, entry: EntryView, list_: ListView, variant: VariantView, caught: set[int]) -> None:
        allowed = {list_.name, *list_.having}
        if dated(entry) or not (caught & list_.undated):
            allowed |= DATES
        for brace in braces(variant.text) if len(caught) == 1 else ():
            if brace.name and brace.name not in allowed and nearest(brace.name, allowed) is None:
                allowed.add(brace.name)
                self._missing(entry, list_, variant, min(caught), brace.name)
        if list_.items:
            check_names(self.base, entry, variant.node, variant.text, allowed=allowed, what="答")
        for brace in braces(variant.text):
            if brace.name and brace.name != list_.name and brace.name in list_.having:
                for number in sorted(caught - list_.having[brace.name]):
                    self._missing(entry, list_, variant, number, brace.name)

    def _missing(self, entry: EntryView, list_: ListView, variant: VariantView, number: int, column: str) -> None:
        if (list_.name, number, column) in self.told:
            return
        self.told.add((list_.name, number, column))
        item = list_.items[number]
        typed = item.record.others.get(column)
        if typed is not None and not isinstance(typed[1], Text):
            return  # it is there, and no text: that is told already
        line = place_of(entry, variant.node, "{" + column + "}").line
        said = f"第 {line} 行" if entry.file.file == list_.file.file else f"{entry.file.file} 第 {line} 行"
        message = f"{shown(item.name)}没有{shown(column)}这一栏，而{said}（编号 {entry.id[:40]}）的回答要用它"
        hint = f"给{shown(item.name)}加上“{column}: …”；或改那句回答，不用 {{{column}}}"
        self.base.notes.of(list_.file).error(
            typed[0] if typed else item.record.node.first, "missing_column", message, hint
        )

    def _slips_in_default(self, entry: EntryView, list_: ListView, caught: set[int]) -> None:
        """Values that only the default catches although they hardly differ from one that has its own variant."""
        for column in {c for v in entry.variants for c in v.when}:
            named = {_bare(value): value for v in entry.variants for _n, value in v.when.get(column, (None, []))[1]}
            for number in sorted(caught):
                typed = list_.items[number].columns.get(column)
                near = named.get(_bare(typed[1])) if typed else None
                if typed and near and near != typed[1]:
                    self._slip(list_, [number], column, typed[1], near)

    def _uncovered(self, entry: EntryView, list_: ListView, left: set[int]) -> None:
        columns = list(dict.fromkeys(c for v in entry.variants for c in v.when))
        if len(columns) != 1:
            self._warn_left(entry, list_, sorted(left), "")
            return
        column = columns[0]
        named = [value for v in entry.variants for _n, value in v.when.get(column, (None, []))[1]]
        by_value: dict[str, list[int]] = {}
        for number in sorted(left):
            typed = list_.items[number].columns.get(column)
            by_value.setdefault(typed[1] if typed else "", []).append(number)
        for value, numbers in by_value.items():
            near = _slip_of(value, named)
            if near:
                self._slip(list_, numbers, column, value, near)
            else:
                self._warn_left(entry, list_, numbers, f"{column}是{shown(value)}" if value else f"没有{shown(column)}")

    def _slip(self, list_: ListView, numbers: list[int], column: str, value: str, near: str) -> None:
        for number in numbers:
            if (list_.name, number, f"={column}") not in self.told:
                self.told.add((list_.name, number, f"={column}"))
                item = list_.items[number]
                node = item.record.others[column][1]
                message = f"{shown(item.name)}的{column}是{shown(value)}，没有一种说法是说它的"
                hint = f"是不是{shown(near)}？如果没有写错，在答里加一种说法"
                self.base.notes.of(list_.file).warning(node, "uncovered_value", message, hint)

    def _warn_left(self, entry: EntryView, list_: ListView, numbers: list[int], value: str) -> None:
        examples = "、".join(list_.items[n].name for n in numbers[:_MOST_EXAMPLES])
        more = f"等 {len(numbers)} 项" if len(numbers) > _MOST_EXAMPLES else ""
        message = f"{examples}{more}{value}，没有一种说法是说它的，问到时只能转人工"
        hint = "在答里加一种“当”，或在最后加一种不写“当”的说法；有意转人工就不用改"
        self.base.notes.of(entry.file).warning(entry.record.place("answer"), "uncovered_value", message, hint)


def _bare(value: str) -> str:
    """A value without what people add to it without meaning anything else: 封闭中 and 已封闭。 are 封闭."""
    return folded(value).removeprefix("已").strip(" .。!！").removesuffix("了").removesuffix("中")


def _slip_of(value: str, named: list[str]) -> str | None:
    """A covered value that this one lengthens, shortens or shuffles (封闭中 for 封闭); 异常 is no slip of 正常."""
    return next(
        (n for n in named if value and (n.startswith(value) or value.startswith(n) or sorted(n) == sorted(value))), None
    )
