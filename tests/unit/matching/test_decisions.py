from collections.abc import Callable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from askbot.domain.decision import Answer, Clarify, Escalate, Ignore, Reason, action_of
from askbot.domain.knowledge import Entry, Knowledge, Variant
from askbot.matching import Judgement, Matcher, Question

Ask = Callable[..., Judgement]
NOW = datetime(2026, 2, 12, 9, tzinfo=ZoneInfo("Asia/Shanghai"))

RULES = [
    (
        "308封了吗",
        "answer",
        "road.status",
        "省道308线",
        None,
        "省道308线封闭，请绕行县道512线。（通告3号）",
        "a variant by column, its source",
    ),
    (
        "滨河路封了吗",
        "answer",
        "road.status",
        "滨河路",
        None,
        "滨河路正常通行（2月12日7时）。（通告3号）",
        "the date of the facts",
    ),
    ("茶山路封了吗", "escalate", "road.status", "茶山路", "stale", None, "the item's facts are too old"),
    (
        "东关大桥封了吗",
        "escalate",
        "road.status",
        "东关大桥",
        "no_variant",
        None,
        "no variant holds and there is no default",
    ),
    (
        "滨湖路封了吗",
        "answer",
        "road.status",
        None,
        None,
        "滨湖路不在名单内，以现场交警指挥为准。（通告3号）",
        "未列入",
    ),
    (
        "封路了吗",
        "answer",
        "road.status",
        None,
        None,
        "目前封闭的有省道308线、省道228线、滨河东路。（通告3号）",
        "未指明 lists the items",
    ),
    ("228封了吗", "clarify", "road.status", None, None, "您问的是国道228线，还是省道228线？", "two items alike"),
    ("沙洲卫生院在哪里", "escalate", "hospital.where", None, "unlisted", None, "no 未列入 text"),
    (
        "停水了吗什么时候来水",
        "clarify",
        "water.outage",
        None,
        None,
        "请问您问的是哪个小区？请说出名称。",
        "no 未指明: asks back",
    ),
    ("通行证在哪办", "answer", "pass.apply", None, None, "通行证到社区办理。", "in force"),
    ("路条在哪办", "answer", "pass.apply", None, None, "通行证到社区办理。", "the county's synonym"),
    ("公积金怎么提取", "escalate", "fund.old", None, "expired", None, "no 过期说"),
    ("个税退税怎么办", "answer", "tax.refund", None, None, "3月1日起办理。", "未生效说 answers"),
    ("流感疫苗在哪打", "answer", "vaccine.old", None, None, "今年的已打完。", "过期说 answers"),
    ("老师体罚学生向谁反映", "escalate", "school.complaint", None, "always", "已登记。", "仅转 with its holding reply"),
    ("岛上有急病人怎么转运", "answer", "sick.island", None, None, "请拨打120。", "并转 answers too"),
    ("全县有多少例确诊", "escalate", "case.count", None, "stale", None, "the entry's facts are too old"),
    ("医保报销比例是多少", "answer", "medical.rate", None, None, "七成。", "nothing excluded"),
    ("异地就医医保怎么报销", "answer", "medical.away", None, None, "先备案。", "what is required is there"),
    ("小区什么时候解封", "answer", "seal.lift", None, None, "以通知为准。", "the right side of two opposites"),
    ("哈哈哈哈哈", "ignore", None, None, None, None, "laughter"),
    ("[玫瑰][玫瑰]", "ignore", None, None, None, None, "nothing but codes"),
    ("@张三 308封了吗", "ignore", None, None, None, None, "spoken to another viewer"),
    ("专业代办贷款 加微信详聊", "ignore", None, None, None, None, "an advertisement"),
    ("今天在家里煮了一锅汤", "ignore", None, None, None, None, "a statement"),
    ("火星上能不能种土豆", "escalate", None, None, "no_entry", None, "a question that no entry comes near"),
]


@pytest.mark.parametrize(("text", "action", "entry", "item", "reason", "reply", "why"), RULES)
def test_rules_of_the_format(
    ask: Ask,
    text: str,
    action: str,
    entry: str | None,
    item: str | None,
    reason: str | None,
    reply: str | None,
    why: str,
) -> None:
    [decision] = ask(text).decisions
    wording = getattr(decision, "wording", None)
    said = (
        action_of(decision),
        getattr(decision, "entry", None),
        getattr(decision, "item", None),
        getattr(decision, "reason", None),
        wording.full() if wording else None,
    )
    assert said == (action, entry, item, reason, reply), (why, decision.why)


def test_a_plural_question_has_a_decision_for_each_item(ask: Ask) -> None:
    decisions = ask("308和380哪个能走").decisions
    assert [(action_of(d), getattr(d, "item", None)) for d in decisions] == [
        ("answer", "省道308线"),
        ("answer", "省道380线"),
    ]


def test_two_needs_have_two_decisions_in_their_order(ask: Ask) -> None:
    decisions = ask("身份证丢了怎么补办？图书馆几点开门？").decisions
    assert [getattr(d, "entry", None) for d in decisions] == ["idcard.lost", "library"]


def test_a_reason_before_the_question_is_no_need(ask: Ask) -> None:
    assert len(ask("我妈住院了急着赶过去，308封了吗").decisions) == 1


def test_a_room_that_the_entry_leaves_out_does_not_have_it(ask: Ask) -> None:
    assert isinstance(ask("招聘会几点开始", room="jobs").decisions[0], Answer)
    assert getattr(ask("招聘会几点开始", room="main").decisions[0], "entry", None) != "fair.tonight"


def test_also_escalated_is_said_of_the_answer(ask: Ask) -> None:
    [decision] = ask("岛上有急病人怎么转运").decisions
    assert isinstance(decision, Answer)
    assert decision.also_escalate


def test_validity_counts_to_the_end(ask: Ask) -> None:
    end = datetime(2026, 3, 1, tzinfo=NOW.tzinfo)
    assert isinstance(ask("通行证在哪办", at=end).decisions[0], Answer)
    [late] = ask("通行证在哪办", at=end + timedelta(seconds=1)).decisions
    assert isinstance(late, Escalate)
    assert late.reason is Reason.EXPIRED


@pytest.mark.parametrize("name", ["加微信路", "骗子路", "a@b路", "一二三四五六七八九十甲乙丙路"])
def test_a_name_that_must_not_be_repeated_is_not_said(ask: Ask, name: str) -> None:
    for decision in ask(f"{name}封了吗").decisions:
        wording = getattr(decision, "wording", None)
        assert wording is None or name not in wording.full()


def test_blocked_words_of_the_county_count_too(knowledge: object) -> None:
    strict = Matcher.build(knowledge, blocked=("滨湖",))  # type: ignore[arg-type]
    [decision] = strict.decide(Question(text="滨湖路封了吗", room="main", at=NOW)).decisions
    assert isinstance(decision, Escalate)
    assert decision.reason is Reason.UNLISTED


def test_every_decision_says_why_in_one_line(ask: Ask) -> None:
    for text in ("308封了吗", "228封了吗", "火星上能不能种土豆", "哈哈哈"):
        for decision in ask(text).decisions:
            assert decision.why
            assert "\n" not in decision.why


FOLLOW_UPS = [
    ("308封了吗", "那380呢", "answer", "road.status", "省道380线", "another item"),
    ("308封了吗", "那318呢", "answer", "road.status", None, "a name that is no item"),
    ("308封了吗", "不是，我说的是滨河路", "answer", "road.status", "滨河路", "a correction"),
    ("228封了吗", "第二个", "answer", "road.status", "省道228线", "what was offered, by its place"),
    ("停水了吗什么时候来水", "南苑小区", "answer", "water.outage", "南苑小区", "the answer to the question back"),
]


@pytest.mark.parametrize(("first", "then", "action", "entry", "item", "why"), FOLLOW_UPS)
def test_follow_ups(ask: Ask, first: str, then: str, action: str, entry: str, item: str | None, why: str) -> None:
    before = ask(first).conversation
    [decision] = ask(then, before=before, at=NOW + timedelta(seconds=60)).decisions
    said = (action_of(decision), getattr(decision, "entry", None), getattr(decision, "item", None))
    assert said == (action, entry, item), (why, decision.why)


def test_after_two_minutes_nothing_is_followed_up(ask: Ask) -> None:
    before = ask("308封了吗").conversation
    [decision] = ask("那380呢", before=before, at=NOW + timedelta(seconds=121)).decisions
    assert not isinstance(decision, Answer)


def test_chatter_leaves_the_conversation_the_same_object(ask: Ask) -> None:
    before = ask("308封了吗").conversation
    judged = ask("谢谢主播", before=before)
    assert isinstance(judged.decisions[0], Ignore)
    assert judged.conversation is before


def test_a_clarify_offers_what_it_asks_about(ask: Ask) -> None:
    [decision] = ask("228封了吗").decisions
    assert isinstance(decision, Clarify)
    assert [c.item for c in decision.candidates] == ["国道228线", "省道228线"]


OTHER_PAPERS = ["居住证在哪办", "结婚证在哪办", "狗证在哪办", "驾驶证丢了怎么补", "户口本丢了怎么补"]


@pytest.mark.parametrize("text", OTHER_PAPERS)
def test_a_base_of_one_entry_answers_only_what_it_knows(text: str) -> None:
    matcher = Matcher.build(Knowledge(version="1", tz=NOW.tzinfo or ZoneInfo("UTC"), entries=(ID_CARD,), lists={}))
    for mine in ("身份证在哪里办", "身份证丢了咋补"):
        (known,) = matcher.decide(Question(text=mine, room="main", at=NOW)).decisions
        assert isinstance(known, Answer), known.why
    (unknown,) = matcher.decide(Question(text=text, room="main", at=NOW)).decisions
    assert not isinstance(unknown, Answer), unknown.why


ID_CARD = Entry(
    id="idcard.lost",
    file="a.yaml",
    topic="户籍",
    department="公安局",
    ask=("身份证丢了怎么补", "身份证在哪办", "补身份证要带什么"),
    answer=(Variant(text="带户口簿到就近派出所补办。"),),
)
