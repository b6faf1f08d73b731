import random
from datetime import datetime
from zoneinfo import ZoneInfo

from hypothesis import example, given, settings
from hypothesis import strategies as st

from askbot.domain.decision import decision_form
from askbot.domain.knowledge import ItemList, Knowledge
from askbot.matching import Matcher, Question
from askbot.matching.gist import gist_of, near

NOW = datetime(2026, 2, 12, 9, tzinfo=ZoneInfo("Asia/Shanghai"))
ODD = st.text(st.characters(), max_size=80) | st.text(
    "308封路了吗滨河东关大桥第二个那呢{}[]@\u200b\u0000\ud800 ", max_size=40
)


@settings(deadline=None, max_examples=300)
@given(typed=st.lists(ODD, min_size=1, max_size=3))
@example(typed=["封" * 10_000])
@example(typed=["308封了吗 " * 2_000])
@example(typed=["\ud800\udfff", "\x00\x1b[31m", "\u200b\u200d\ufeff"])
@example(typed=["滨河路" * 200 + "路" * 300])
@example(typed=["十" * 500, "一" * 500, "零一百" * 200])
@example(typed=["路，" * 300, "是不是" * 300])
def test_any_text_has_its_decisions(matcher: Matcher, typed: list[str]) -> None:
    before = Question(text="", room="main", at=NOW).conversation
    for text in typed:
        judged = matcher.decide(Question(text=text, room="main", at=NOW, conversation=before))
        assert judged.decisions
        assert all(decision_form(d)["why"] for d in judged.decisions)
        before = judged.conversation


def test_the_order_of_entries_items_and_lists_decides_nothing(matcher: Matcher, knowledge: Knowledge) -> None:
    shuffled = random.Random(7)
    entries, groups = list(knowledge.entries), list(knowledge.synonyms)
    shuffled.shuffle(entries)
    lists = {
        name: ItemList(name=name, items=tuple(reversed(knowledge.lists[name].items)))
        for name in reversed(knowledge.lists)
    }
    other = Matcher.build(
        Knowledge(version="v1", tz=knowledge.tz, entries=tuple(entries), lists=lists, synonyms=tuple(groups))
    )
    texts = [
        "308封了吗",
        "228能走不",
        "滨湖路通吗",
        "停水",
        "医保怎么报销",
        "解封没",
        "人民医院在哪",
        "图书馆开门没 308呢",
        "老师打人怎么办",
    ]
    for text in texts:
        question = Question(text=text, room="main", at=NOW)
        one, two = matcher.decide(question).decisions, other.decide(question).decisions
        without_lists = [{k: v for k, v in decision_form(d).items() if k != "reply"} for d in one]
        assert without_lists == [{k: v for k, v in decision_form(d).items() if k != "reply"} for d in two]


TOGETHER = [
    ("村里的水渠坏了没人修", "我们村里的水渠坏了没人修啊", True, "the same matter in other words"),
    ("308路灯坏了", "380路灯坏了", False, "another number"),
    ("滨河路有坑", "滨河东路有坑", False, "another place"),
    ("小区可以进吗", "小区不可以进", False, "a question and its negation"),
    ("什么时候封控", "什么时候解封", False, "opposites"),
    ("公厕什么时候建", "幼儿园什么时候建", False, "another matter"),
    ("东区甲号公园几点开门", "西区乙号公园几点开门", False, "another place, in no list and long the same text"),
    ("三楼走廊的灯坏了", "三楼走廊的灯坏了三天", True, "one only says more"),
]


def test_what_makes_one_ticket(matcher: Matcher) -> None:
    for one, two, same, why in TOGETHER:
        a, b = gist_of(one, matcher), gist_of(two, matcher)
        assert near(a, b) is same, (why, a, b)
        assert near(b, a) is same, why
        assert near(a, a), why
