"""The knowledge format (知识格式) as a table of shapes: every key, its spellings, its value and its use.

Only what one file's mapping can show by itself; what needs other entries, lists or files stands in the rules.
"""

from datetime import timedelta

from askbot.domain.knowledge import EscalateMode, Priority
from askbot.yaml_marks.alternatives import TextOr
from askbot.yaml_marks.collector import FaultList, shown
from askbot.yaml_marks.kinds import INVALID, ChoiceKind, Invalid, TextKind, wrong_type
from askbot.yaml_marks.marked import Node, Text
from askbot.yaml_marks.moments import DurationKind, MomentKind
from askbot.yaml_marks.shapes import Key, ListOf, MapOf, OneOrMany, Record, Shape

LIST_OF = "名单"
"""`{名单:状态=封闭}` in 未指明."""
UPDATED = "更新时间"
UPDATED_EN = "updated"
DATES = frozenset({UPDATED, UPDATED_EN})
"""`{更新时间}` or `{updated}` in an answer: the date of the facts."""

NEAR_COLUMNS = {
    "名称": ("名字", "名子", "全称", "正式名称", "名"),
    "别名": ("别称", "别号", "又名", "俗称", "俗名", "简称", "别明", "alias", "other names"),
    UPDATED: ("更新日期", "更新", "更新时问", "更改时间", "修改时间", "核对时间", "update", "updated_at"),
}
"""What is typed for a key of an item, and taken for a column of it."""

_HAN = "〇\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0003ffff"
TEXT = TextKind()
LINE = TextKind("一句话", one_line=True)
NAME = TextKind("名称", one_line=True)
WORD = TextKind("一个词", one_line=True)
ID = TextKind(
    "编号",
    pattern=f"[A-Za-z0-9._\\-{_HAN}]+",
    rule="只用字母、数字、汉字和 . - _，不留空格",
    code="bad_id",
)
LIST_NAME = TextKind(
    "名录的名字",
    pattern=f"(?!(?:{LIST_OF}|{UPDATED}|updated)$)[^{{}}:=：＝]+",
    rule=f"换一个名字：不能是“{LIST_OF}”“{UPDATED}”，也不能有花括号、冒号、等号",
    code="bad_list_name",
)
MOMENT = MomentKind()
HOURS = DurationKind(
    {"h": timedelta(hours=1), "d": timedelta(days=1), "小时": timedelta(hours=1), "天": timedelta(days=1)},
    example="12h、3d、12小时 或 3天",
)


class ColumnKind:
    """A column of an item: any scalar, also an empty one, which counts as not there."""

    meaning = "一个值（文字、数字或日期）"

    def read(self, node: Node, faults: FaultList) -> str | Invalid:
        """The text, without the spaces around it."""
        if not isinstance(node, Text):
            return wrong_type(node, self.meaning, faults)
        return INVALID if node.hole else node.text.strip()

    def schema(self) -> dict[str, object]:
        """A scalar."""
        return {"type": ["string", "number", "boolean", "null"]}


def _words(doc: str, least: int = 1) -> ListOf:
    return ListOf(WORD, doc, least)


ITEM = Shape(
    title="名录里的一项",
    example="“- 名称: 省道308线”这样的一行，它的各栏写在下面，和“名称”对齐",
    keys=(
        Key(name="name", also=("名称",), kind=NAME, required=True, doc="正式名称，在这个名录里不重复"),
        Key(name="aliases", also=("别名",), kind=_words("别名的列表", 0), doc="群众平时的叫法"),
        Key(name="updated", also=(UPDATED,), kind=MOMENT, doc="这些情况是什么时候核对的，优先于问答上的更新时间"),
    ),
    other=ColumnKind(),
    other_doc="回答里能用的一栏，如 状态、绕行、预计恢复",
)

ITEMS = ListOf(ITEM, "名录（各项的列表）", example="一项一项的，每项的第一行前面加“- ”，如“- 名称: …”")

VALID = Shape(
    title="有效期",
    example=" {从: 2026-02-01, 至: 2026-03-01}，可以只写一头",
    keys=(
        Key(name="from", also=("从",), kind=MOMENT, doc="从哪天（含当天）或哪个时刻起有效"),
        Key(name="until", also=("至",), kind=MOMENT, doc="到哪天（含当天）或哪个时刻为止"),
    ),
)

WHEN_VALUES = OneOrMany(ColumnKind(), "一个值，或几个值的列表")

VARIANT = Shape(
    title="一种说法",
    example="“- 当: {状态: 封闭}”，下一行和“当”对齐写“说: …”；只有一段话时直接写在“答: ”后面",
    keys=(
        Key(
            name="when",
            also=("当",),
            kind=MapOf(WHEN_VALUES, "条件", example=" {状态: 封闭}"),
            doc="哪些栏是哪些值时这样说；不写就是其余情况",
        ),
        Key(name="say", also=("说",), kind=TEXT, required=True, doc="说什么"),
    ),
)

ENTRY = Shape(
    title="问答",
    example="“- 编号: …”这样的一行，问、答写在下面，和“编号”对齐",
    keys=(
        Key(name="id", also=("编号",), kind=ID, required=True, doc="编号，全库不重复，定了就不改"),
        Key(
            name="ask",
            also=("问",),
            kind=OneOrMany(LINE, "一句话，或几句话的列表"),
            required=True,
            doc="群众会怎么问；{道路} 代表名录“道路”里的一项",
        ),
        Key(
            name="answer",
            also=("答",),
            kind=TextOr(
                TEXT,
                ListOf(VARIANT, "几种说法的列表", example="“- 说: …”：每种说法前面加“- ”"),
                "一段文字，或几种说法的列表",
            ),
            required=True,
            doc="回答什么；可以按名录里的栏分几种说法",
        ),
        Key(name="unlisted", also=("未列入",), kind=TEXT, doc="问到的名字不在名录里时说什么，要含有占位（如 {道路}）"),
        Key(name="unspecified", also=("未指明",), kind=TEXT, doc="没说是哪一个时说什么；{名单:状态=封闭} 列出名字"),
        Key(name="department", also=("部门",), kind=NAME, doc="这一条答不了时交给谁，优先于文件的部门"),
        Key(name="valid", also=("有效期",), kind=VALID, doc="从哪天到哪天有效"),
        Key(name="early", also=("未生效说",), kind=TEXT, doc="还没到有效期时说什么"),
        Key(name="expired", also=("过期说",), kind=TEXT, doc="过了有效期以后说什么"),
        Key(name="updated", also=(UPDATED,), kind=MOMENT, doc="回答是什么时候核对的"),
        Key(name="max_age", also=("时效",), kind=HOURS, doc="核对多久以后就不能再说，如 12h、3天"),
        Key(name="source", also=("依据",), kind=TEXT, doc="文号或网址，放得下时附在回答后面"),
        Key(
            name="require",
            also=("必含",),
            kind=ListOf(OneOrMany(WORD, "一个词，或几个词的列表"), "词的列表"),
            doc="问题里必须有的词；方括号里的一组词有一个就行",
        ),
        Key(name="exclude", also=("不含",), kind=_words("词的列表"), doc="问题里不能有的词"),
        Key(
            name="escalate",
            also=("转人工",),
            kind=ChoiceKind(
                {
                    "仅转": EscalateMode.ONLY,
                    "并转": EscalateMode.ALSO,
                    "不转": EscalateMode.NO,
                    "only": EscalateMode.ONLY,
                    "also": EscalateMode.ALSO,
                    "no": EscalateMode.NO,
                    "true": EscalateMode.ONLY,
                    "false": EscalateMode.NO,
                }
            ),
            doc="仅转：总是交给人，答是先说的话；并转：回答，同时交给人；不转（不写时）",
        ),
        Key(
            name="priority",
            also=("级别",),
            kind=ChoiceKind(
                {
                    "普通": Priority.NORMAL,
                    "重要": Priority.HIGH,
                    "紧急": Priority.URGENT,
                    "normal": Priority.NORMAL,
                    "high": Priority.HIGH,
                    "urgent": Priority.URGENT,
                }
            ),
            doc="交给人时有多急",
        ),
        Key(name="expect", also=("期望",), kind=ListOf(LINE, "几句话的列表"), doc="群众会这样打字，这一条应当答得上"),
        Key(name="rooms", also=("场次",), kind=_words("直播间的列表"), doc="只在这些直播间里有效"),
    ),
)


GROUP = ListOf(WORD, "一组词的列表", 0, example="每组一行：- [封路, 断交]")


def _file_rule(record: Record, faults: FaultList) -> None:
    """A file needs 名录, 问答 or 同义词; only a file of synonyms alone goes without 主题 and 部门."""
    if faults.partial:
        return
    present = record.keys.keys() | record.meant
    if not present & {"lists", "entries", "synonyms"}:
        hint = "至少写一样；暂时没有内容的文件可以删掉"
        faults.error(record.node.first, "missing_key", "文件里没有名录、问答，也没有同义词", hint)
    elif not present & {"lists", "entries", "silent"}:
        return
    for name, label in (("topic", "主题"), ("department", "部门")):
        if name not in present:
            message = f"文件缺少{shown(label)}"
            faults.error(record.node.first, "missing_key", message, f"在文件开头加上一行“{label}: …”")


FILE = Shape(
    title="文件",
    example="“主题: …”“部门: …”“问答:”这样的几行",
    keys=(
        Key(name="topic", also=("主题",), kind=NAME, doc="这个文件讲什么，如 道路封闭、医保"),
        Key(name="department", also=("部门",), kind=NAME, doc="机器答不了的交给哪个部门"),
        Key(
            name="lists",
            also=("名录",),
            kind=MapOf(
                ITEMS, "名录", LIST_NAME, example="名录的名字加冒号（如“道路:”），各项写在它下面，多缩进两个空格"
            ),
            doc="有名字的东西：道路、小区、岗位 …",
        ),
        Key(
            name="entries",
            also=("问答",),
            kind=ListOf(ENTRY, "问答的列表", example="一条一条的，每条的第一行前面加“- ”，如“- 编号: …”"),
            doc="问题和回答",
        ),
        Key(
            name="synonyms",
            also=("同义词",),
            kind=ListOf(GROUP, "同义词组的列表", example="每组一行：- [封路, 断交]"),
            doc="在本县意思相同的词，一组一行，全库通用",
        ),
        Key(name="silent", also=("不答",), kind=ListOf(LINE, "几句话的列表"), doc="全库都不该回答的话，检查时会试"),
    ),
    check=_file_rule,
)

SHAPES = (FILE, ITEM, ENTRY, VARIANT, VALID)
KEYS = frozenset(name for shape in SHAPES for name in shape.names)
"""Every spelling of every key: a line that begins with one and a wrong colon is surely meant as a key."""
