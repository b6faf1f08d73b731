"""Rules about entries: ids, the list that an entry takes, placeholders in its texts, validity, age."""

from collections.abc import Collection
from datetime import date, datetime, time, timedelta

from askbot.knowledge_files.braces import Brace, braces, names
from askbot.knowledge_files.table import DATES, LIST_OF, NEAR_COLUMNS, UPDATED, UPDATED_EN
from askbot.knowledge_files.views import Base, EntryView, ListView, entry_view, where
from askbot.yaml_marks.collector import Place, Placed, shown
from askbot.yaml_marks.likeness import nearest
from askbot.yaml_marks.marked import Node, Text

_PLAIN_TEXTS = ("source",)
_PLAIN_LISTS = ("expect", "exclude", "rooms")


def gather_entries(base: Base) -> None:
    """Collect the entries of all files; an id that is taken already is an error at its later place."""
    ids: dict[str, EntryView] = {}
    for file in base.files:
        for _node, record in file.record.get("entries", []) if file.record else []:
            entry = entry_view(record, file)
            base.entries.append(entry)
            earlier = ids.setdefault(entry.id, entry) if entry.id else entry
            if earlier is not entry:
                place = where(file, earlier.file, earlier.record.nodes["id"])
                message = f"编号{shown(entry.id)}在{place}已经用过"
                base.notes.of(file).error(record.nodes["id"], "duplicate_id", message, "换一个编号，全库不能重复")


def check_entry(base: Base, entry: EntryView) -> None:
    """All rules about one entry but those of its variants."""
    _take_list(base, entry)
    _check_valid(base, entry)
    _check_age(base, entry)
    if not entry.unsure:
        _check_unlisted(base, entry)
        _check_unspecified(base, entry)
        for name in ("early", "expired"):
            _check_outside(base, entry, name)
    _check_plain(base, entry)


def place_of(entry: EntryView, node: Node, typed: str, at: int = 0) -> Placed:
    """Where a part of a text stands, `at` being its offset; the text's own place when it is not there as typed."""
    source = entry.file.source
    if source is None or not isinstance(node, Text):
        return node
    head = node.text[:at]
    whole = source.find(head + typed, node.line, node.column, node.last_line) if head else None
    if whole is not None:
        return Place(whole.line, whole.column + at)
    return source.find(typed, node.line, node.column, node.last_line) or node


def _take_list(base: Base, entry: EntryView) -> None:
    faults = base.notes.of(entry.file)
    for node, text in entry.asks:
        for brace in braces(text):
            at = place_of(entry, node, brace.typed, brace.at)
            if not brace.name:
                entry.unsure = True
                faults.error(
                    at,
                    "bad_placeholder",
                    f"{shown(brace.typed)}不是完整的占位",
                    "写成 {名录的名字}，左右花括号都要有，都用半角",
                )
                continue
            found = base.lists.get(brace.name)
            if found is None:
                entry.unsure = True
                _unknown_list(base, entry, at, brace.name)
            elif entry.list is None:
                entry.list = found
            elif entry.list is not found:
                entry.unsure = True
                message = f"这一条已经用了名录{shown(entry.list.name)}，不能再用{shown(brace.name)}"
                faults.error(at, "two_lists", message, "一条问答最多用一个名录：拆成两条")


def _unknown_list(base: Base, entry: EntryView, at: Placed, name: str) -> None:
    if base.lost(name):
        return
    near = nearest(name, list(base.lists))
    hint = f"是不是{shown('{' + near + '}')}？" if near else "问里的花括号只能写名录的名字；先在“名录”里建这个表"
    base.notes.of(entry.file).error(at, "unknown_list", f"没有名录{shown(name)}", hint)


def _check_valid(base: Base, entry: EntryView) -> None:
    valid = entry.record.get("valid")
    faults = base.notes.of(entry.file)
    if valid is not None:
        start, end = valid.get("from"), valid.get("until")
        if not valid.node.pairs:
            faults.error(valid.node, "empty_value", "有效期是空的", "写上 从 或 至，或删掉有效期")
        elif start is not None and end is not None and _moment(start) > _moment(end, last=True):
            faults.error(valid.nodes["until"], "bad_order", "“至”比“从”还早", "检查两个日期")
    for name, bound, label in (("early", "from", "未生效说"), ("expired", "until", "过期说")):
        if name in entry.record.keys and "valid" in entry.record.keys and (valid is None or bound in valid.keys):
            continue
        if name in entry.record.keys:
            side = "从" if bound == "from" else "至"
            message = f"有效期没有“{side}”，{label}永远不会说"
            faults.warning(entry.record.place(name), "never_said", message, f"加上有效期的“{side}”，或删掉{label}")


def _moment(value: date, *, last: bool = False) -> datetime:
    if isinstance(value, datetime):
        return value.replace(tzinfo=None)
    return datetime.combine(value, time.max if last else time.min)


def _check_age(base: Base, entry: EntryView) -> None:
    if "max_age" not in entry.record.keys or "updated" in entry.record.keys or entry.unsure:
        return
    if entry.list is not None and entry.list.items and not entry.list.undated:
        return
    if entry.list is not None and entry.list.items:
        item = entry.list.items[min(entry.list.undated)]
        for column, (key, _value) in item.columns.items():
            if column in NEAR_COLUMNS[UPDATED]:
                message = (
                    f"{shown(column)}只是一栏：{shown(item.name)}没有更新时间，而问答（编号 {entry.id[:40]}）有时效"
                )
                base.notes.of(entry.list.file).error(key, "undated", message, f"是不是{shown(UPDATED)}？")
                return
        others = f"名录{shown(entry.list.name)}的{shown(item.name)}等也没有"
        message = f"有时效，却不知道是什么时候核对的：这一条没有更新时间，{others}"
    else:
        message = "有时效，却没有更新时间"
    hint = "给这一条加上“更新时间: 2026-02-12 08:00”这样的一行（或给名录的每一项加上）"
    base.notes.of(entry.file).error(entry.record.place("max_age"), "undated", message, hint)


def dated(entry: EntryView) -> bool:
    """Whether the entry itself says when it was checked."""
    return "updated" in entry.record.keys


def _check_unlisted(base: Base, entry: EntryView) -> None:
    text = entry.text("unlisted")
    if text is None:
        return
    faults = base.notes.of(entry.file)
    if entry.list is None:
        message = "这一条的问里没有名录的占位，未列入不会用到"
        faults.error(entry.record.place("unlisted"), "needs_list", message, "在问里写上 {名录的名字}，或删掉未列入")
        return
    allowed = {entry.list.name} | (DATES if dated(entry) else set())
    if entry.list.name not in names(text[1]) and all(brace.name in allowed for brace in braces(text[1])):
        wanted = "{" + entry.list.name + "}"
        faults.error(text[0], "unlisted_nameless", f"未列入里要有 {wanted}（问到的名字）", f"在句子里加上 {wanted}")
    check_names(base, entry, *text, allowed=allowed, what="未列入")


def _check_unspecified(base: Base, entry: EntryView) -> None:
    text = entry.text("unspecified")
    if text is None:
        return
    if entry.list is None:
        message = "这一条的问里没有名录的占位，未指明不会用到"
        base.notes.of(entry.file).warning(
            entry.record.place("unspecified"), "needs_list", message, "在问里写上 {名录的名字}，或删掉未指明"
        )
    allowed = set(DATES) if dated(entry) else set()
    for brace in braces(text[1]):
        if brace.name and brace.name.startswith(LIST_OF) and brace.name != LIST_OF:
            allowed.add(brace.name)
            _check_listing(base, entry, text[0], brace)
    check_names(base, entry, *text, allowed=allowed, what="未指明")


def _check_listing(base: Base, entry: EntryView, node: Node, brace: Brace) -> None:
    faults = base.notes.of(entry.file)
    at = place_of(entry, node, brace.typed, brace.at)
    head, _, condition = (brace.name or "").partition(":")
    column, equal, value = condition.partition("=")
    if head != LIST_OF or not equal or not column.strip() or not value.strip():
        hint = "写成 {名单:状态=封闭}，冒号和等号用半角"
        faults.error(at, "bad_placeholder", f"{shown(brace.typed)}不是完整的占位", hint)
    elif entry.list is not None and column not in entry.list.having:
        near = nearest(column, list(entry.list.having))
        hint = f"是不是{shown(near)}？" if near else "等号左边写名录里的一栏"
        message = f"名录{shown(entry.list.name)}里没有一项有{shown(column)}这一栏"
        faults.error(at, "unknown_column", message, hint)
    elif entry.list is not None and (column, value) not in entry.list.valued and not _named(entry, column, value):
        message = f"没有一项的{shown(column)}是{shown(value)}，答里也没有这个值：什么也列不出来"
        faults.warning(at, "unknown_value", message, "检查等号右边的值，要和名录里写的一样")


def _named(entry: EntryView, column: str, value: str) -> bool:
    """Whether a variant says what to answer for that value: then it may well come up."""
    return any(value == named for v in entry.variants for _node, named in v.when.get(column, (None, []))[1])


def _check_outside(base: Base, entry: EntryView, name: str) -> None:
    """未生效说 and 过期说 are answers: the item's name and the columns that every item has may stand in them."""
    text = entry.text(name)
    if text is None:
        return
    allowed = set(DATES) if dated(entry) else set()
    if entry.list is not None:
        every = len(entry.list.items)
        allowed |= {entry.list.name} | {c for c, having in entry.list.having.items() if len(having) == every}
    check_names(base, entry, *text, allowed=allowed, what="未生效说" if name == "early" else "过期说")


def check_names(base: Base, entry: EntryView, node: Node, text: str, *, allowed: Collection[str], what: str) -> None:
    """Every placeholder of the text must be among the allowed ones."""
    faults = base.notes.of(entry.file)
    for brace in braces(text):
        if brace.name in allowed:
            continue
        at = place_of(entry, node, brace.typed, brace.at)
        if not brace.name:
            faults.error(
                at, "bad_placeholder", f"{shown(brace.typed)}不是完整的占位", "左右花括号都要有，都用半角，中间写名字"
            )
        elif brace.name in DATES:
            message = f"{what}用了 {{更新时间}}，这一条却没有更新时间"
            faults.error(at, "undated", message, "给这一条加上更新时间，或删掉占位")
        else:
            hint = _placeholder_hint(entry.list, brace.name, allowed)
            faults.error(at, "unknown_placeholder", f"{what}里不能用{shown(brace.typed)}", hint)


def _placeholder_hint(list_: ListView | None, name: str, allowed: Collection[str]) -> str:
    if list_ is None:
        return "这一条的问里没有名录的占位，回答里也就没有栏可用：去掉花括号"
    near = nearest(name, allowed)
    if near:
        return f"是不是{shown('{' + near + '}')}？"
    usable = "、".join("{" + one + "}" for one in sorted(allowed) if one != UPDATED_EN)
    return f"可以用：{usable}" if usable else "去掉花括号；要列出名字，写成 {名单:状态=封闭} 这样"


def _check_plain(base: Base, entry: EntryView) -> None:
    """依据, 期望, 不含 are taken as they are: a placeholder in them would be shown to people, or never be met."""
    found = [(entry.record.nodes[n], v) for n in _PLAIN_TEXTS if isinstance(v := entry.record.get(n), str)]
    for name in _PLAIN_LISTS:
        found += entry.record.get(name, [])
    for _node, words in entry.record.get("require", []):
        found += words
    for node, text in found:
        for brace in braces(text)[:1]:
            at = place_of(entry, node, brace.typed, brace.at)
            base.notes.of(entry.file).error(at, "bad_placeholder", "这里不能用花括号", "去掉花括号，写实际的文字")


def age_of(entry: EntryView) -> timedelta | None:
    """The entry's 时效."""
    value: timedelta | None = entry.record.get("max_age")
    return value
