"""Synthetic knowledge bases of any size, shaped like real ones: files by subject, lists of names, several phrasings.

Subjects, services and questions are those of a county's government; their combinations are made up. The same number
of entries gives the same files. `python -m bench.bases 1000 DIR` writes one.
"""

import itertools
import random
import sys
from pathlib import Path

WORDS = """
医保 养老保险 社保卡 公积金 身份证 户口 居住证 不动产 房产证 宅基地 营业执照 食品许可 驾驶证
行驶证 电动车 残疾证 低保 特困供养 临时救助 高龄津贴 退役优待 生育 婚姻 收养 新生儿 幼儿园
小学 初中 高中 助学贷款 奖学金 课后服务 校车 午餐 农机 种粮 早稻 柑橘 茶园 果苗 化肥 农药
春灌 水渠 池塘 养猪 养鸡 兽医 林木 防火 河道 采砂 钓鱼 渡口 水库 自来水 污水 供电 燃气
路灯 垃圾 公厕 停车位 公交 客运 货车 高速 桥梁 农村公路 施工围挡 噪音 油烟 违建 拆迁 旧改
电梯 物业 公租房 人才公寓 购房补贴 招工 技能培训 创业贷款 工伤 失业金 欠薪 劳动合同 仲裁
法律援助 公证 调解 信访 反诈 消防 烟花 疫苗 体检 家庭医生 住院 门诊 慢特病 转诊 献血 旅游
景区 民宿 灯会 图书馆 体育馆
"""
SUBJECTS = tuple(WORDS.split())
SERVICES = ("登记", "补贴", "备案", "年审", "补办", "注销", "投诉", "缴费", "报销", "预约")
QUESTIONS = (
    ("怎么办理", "要走哪些手续", "{s}到哪一步算办完", "凭有效身份证件到{p}窗口办理，当场受理，{d}个工作日办结。"),
    ("要什么材料", "需要带哪些证件", "办{s}要准备什么", "带身份证、户口簿和申请表，{p}可以代为复印，不收费。"),
    ("多少钱", "收费标准是多少", "办{s}要花多少", "工本费{d}元，困难家庭凭证明减半，请认准{p}的票据。"),
    ("在哪里办", "到哪个窗口", "{s}找哪个部门", "到{p}一楼综合窗口，工作日9时到17时，中午不休息。"),
    ("几天能办好", "多久可以拿到", "{s}要等多长时间", "材料齐全的{d}个工作日办结，急需的可以向{p}申请加急。"),
    ("截止到几号", "什么时候开始", "{s}哪天结束", "本年度从3月1日开始，到{d}月{d}日截止，逾期到{p}补办。"),
    ("咨询电话是多少", "打什么电话问", "{s}有没有热线", "请在工作时间拨打{p}的咨询电话，号码见公示栏。"),
    ("可以让别人代办吗", "本人不去行不行", "{s}能不能委托", "可以委托直系亲属，带双方身份证和委托书到{p}。"),
    ("网上能办吗", "手机上怎么操作", "{s}有没有小程序", "在省政务服务小程序搜索后按提示操作，{p}负责审核。"),
    ("没有通过怎么办", "被退回来找谁", "{s}审核不过怎么处理", "按退回理由补正后重新提交，有异议的向{p}申请复核。"),
)
OFFICES = ("政务服务中心", "便民服务中心", "县局办事大厅", "乡镇服务站", "社区服务站")
SYLLABLES = "松桐石云茶橘白古大杨李新城东西南北河湾坪岭坝关塘堂滨江花园德信华盛恒力宏鸿"
KINDS = ("村", "社区", "路", "小区", "大桥", "小学")
LIST_EVERY = 7
"""One service in so many has a list of its own, whose items are named in the questions."""
ITEMS = 40


def write_base(folder: Path, entries: int) -> None:
    """Write a base of so many entries into a folder."""
    dice = random.Random(entries)
    folder.mkdir(parents=True, exist_ok=True)
    combinations = itertools.islice(itertools.cycle(itertools.product(SERVICES, QUESTIONS)), 0, None)
    wanted = iter(range(entries))
    per_subject = max(1, -(-entries // len(SUBJECTS)))
    for number, subject in enumerate(SUBJECTS):
        chosen = [pair for _, pair in zip(range(per_subject), combinations, strict=False)]
        taken = [pair for pair in chosen if next(wanted, None) is not None]
        if taken:
            text = _file(number, subject, taken, dice)
            (folder / f"{number:03d}.yaml").write_text(text, encoding="utf-8")


def _file(number: int, subject: str, pairs: list[tuple[str, tuple[str, str, str, str]]], dice: random.Random) -> str:
    listed = f"{subject}点" if number % LIST_EVERY == 0 else ""
    lines = [f"主题: {subject}", f"部门: 县{subject}办公室"]
    if listed:
        lines += ["名录:", f"  {listed}:", *_items(number, dice)]
    lines.append("问答:")
    for place, (service, (first, second, third, answer)) in enumerate(pairs):
        about = f"{subject}{service}"
        ways = [f"{about}{first}", f"{about}{second}", third.format(s=about)]
        if listed and place % 2 == 0:
            ways = [f"{{{listed}}}{way}" for way in ways]
        said = answer.format(p=dice.choice(OFFICES), d=dice.randrange(2, 12))
        lines += [f"  - 编号: s{number:03d}.{place:03d}", "    问:", *(f'      - "{way}"' for way in ways)]
        lines.append(f'    答: "{about}：{said}"')
    return "\n".join(lines) + "\n"


def _items(number: int, dice: random.Random) -> list[str]:
    names: set[str] = set()
    while len(names) < ITEMS:
        names.add("".join(dice.sample(SYLLABLES, 2)) + KINDS[(number + len(names)) % len(KINDS)])
    return [f"    - {{名称: {name}, 状态: 正常}}" for name in sorted(names)]


if __name__ == "__main__":
    write_base(Path(sys.argv[2]), int(sys.argv[1]))
