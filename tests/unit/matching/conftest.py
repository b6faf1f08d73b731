"""A small county for the matcher's tests: every rule of the format has an entry that needs it."""

from collections.abc import Callable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from askbot.domain.chat import Conversation
from askbot.domain.knowledge import (
    Entry,
    EscalateMode,
    Item,
    ItemList,
    Knowledge,
    Validity,
    Variant,
)
from askbot.matching import Judgement, Matcher, Question

TZ = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 2, 12, 9, tzinfo=TZ)


def day(month: int, number: int, hour: int = 0) -> datetime:
    return datetime(2026, month, number, hour, tzinfo=TZ)


def entry(name: str, ask: list[str], answer: object, **more: object) -> Entry:
    variants = (Variant(text=answer),) if isinstance(answer, str) else tuple(answer)  # type: ignore[arg-type]
    return Entry(id=name, file="a.yaml", topic="测试", department="办公室", ask=tuple(ask), answer=variants, **more)  # type: ignore[arg-type]


ROADS = ItemList(
    name="道路",
    items=(
        Item(name="省道308线", columns={"状态": "封闭", "绕行": "县道512线"}, updated=day(2, 12, 7)),
        Item(name="省道380线", columns={"状态": "正常"}, updated=day(2, 12, 7)),
        Item(name="国道228线", columns={"状态": "正常"}, updated=day(2, 12, 7)),
        Item(name="省道228线", columns={"状态": "封闭", "绕行": "国道228线"}, updated=day(2, 12, 7)),
        Item(name="滨河路", columns={"状态": "正常"}, updated=day(2, 12, 7)),
        Item(name="滨河东路", columns={"状态": "封闭", "绕行": "滨河路"}, updated=day(2, 12, 7)),
        Item(name="茶山路", columns={"状态": "正常"}, updated=day(2, 1)),
        Item(name="东关大桥", aliases=("老桥",), columns={"状态": "核实中"}, updated=day(2, 12, 7)),
    ),
)
HOSPITALS = ItemList(
    name="医院",
    items=(
        Item(name="县人民医院", aliases=("人民医院",), columns={"地址": "健康路1号"}),
        Item(name="东关卫生院", columns={"地址": "东关街2号"}),
        Item(name="石门卫生院", columns={"地址": "石门街3号"}),
    ),
)
ESTATES = ItemList(
    name="小区",
    items=(
        Item(name="滨河花园", columns={"停水": "是"}),
        Item(name="东关新村", columns={"停水": "否"}),
        Item(name="南苑小区", columns={"停水": "是"}),
        Item(name="北苑小区", columns={"停水": "否"}),
    ),
)
ENTRIES = (
    entry(
        "road.status",
        ["{道路}封了吗", "{道路}现在能不能走", "{道路}通车了吗"],
        [
            Variant(text="{道路}封闭，请绕行{绕行}。", when={"状态": ("封闭",)}),
            Variant(text="{道路}正常通行（{更新时间}）。", when={"状态": ("正常",)}),
        ],
        list_name="道路",
        unlisted="{道路}不在名单内，以现场交警指挥为准。",
        unspecified="目前封闭的有{名单:状态=封闭}。",
        max_age=timedelta(hours=24),
        source="通告3号",
    ),
    entry("hospital.where", ["{医院}在哪里", "{医院}地址是什么"], "{医院}在{地址}。", list_name="医院"),
    entry(
        "water.outage",
        ["{小区}停水了吗", "{小区}什么时候来水"],
        "{小区}的供水情况：停水{停水}。",
        list_name="小区",
        require=(("停水", "来水", "水"),),
    ),
    entry("pass.apply", ["通行证在哪办", "怎么开通行证"], "通行证到社区办理。", valid=Validity(end=day(3, 1))),
    entry("fund.old", ["公积金怎么提取"], "旧办法。", valid=Validity(end=day(1, 31))),
    entry("tax.refund", ["个税退税怎么办"], "3月开始。", valid=Validity(start=day(3, 1)), early="3月1日起办理。"),
    entry("vaccine.old", ["流感疫苗在哪打"], "卫生院。", valid=Validity(end=day(1, 1)), expired="今年的已打完。"),
    entry("school.complaint", ["老师体罚学生向谁反映", "学校乱收费怎么投诉"], "已登记。", escalate=EscalateMode.ONLY),
    entry("sick.island", ["岛上有急病人怎么转运"], "请拨打120。", escalate=EscalateMode.ALSO),
    entry("case.count", ["全县有多少例确诊"], "12例。", updated=day(2, 1), max_age=timedelta(days=2)),
    entry("medical.rate", ["医保报销比例是多少"], "七成。", exclude=("异地", "外地")),
    entry("medical.away", ["异地就医医保怎么报销"], "先备案。", require=(("异地", "外地", "省外"),)),
    entry("fair.tonight", ["招聘会几点开始"], "七点。", rooms=("jobs",)),
    entry("seal.off", ["小区封控了怎么买菜"], "报给楼栋长。"),
    entry("seal.lift", ["小区什么时候解封"], "以通知为准。"),
    entry("idcard.lost", ["身份证丢了怎么补办"], "到派出所补办。"),
    entry("library", ["图书馆几点开门"], "九点。"),
)
KNOWLEDGE = Knowledge(
    version="v1",
    tz=TZ,
    entries=ENTRIES,
    lists={"道路": ROADS, "医院": HOSPITALS, "小区": ESTATES},
    synonyms=(("通行证", "路条"),),
)

Ask = Callable[..., Judgement]


@pytest.fixture(scope="session")
def knowledge() -> Knowledge:
    return KNOWLEDGE


@pytest.fixture(scope="session")
def matcher() -> Matcher:
    return Matcher.build(KNOWLEDGE)


@pytest.fixture(scope="session")
def ask(matcher: Matcher) -> Ask:
    def asked(text: str, *, room: str = "main", before: Conversation | None = None, at: datetime = NOW) -> Judgement:
        return matcher.decide(Question(text=text, room=room, at=at, conversation=before or Conversation()))

    return asked
