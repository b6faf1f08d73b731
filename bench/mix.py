"""A stream's mix: nine lines of chatter to one question, as people type them. The same seed gives the same lines.

The lines are those of the demo's recording and of the county's ways of asking, varied the way a chat varies them;
they are written for load, not for judging answers.
"""

import random
from collections.abc import Iterator
from pathlib import Path

import yaml

CHATTER = (
    "来了来了", "县长好", "666", "哈哈哈哈", "支持支持", "早上好", "[玫瑰][玫瑰]", "辛苦了", "点点关注", "前排",
    "主播声音有点小", "今天人好多", "好的谢谢", "信号不好 卡了", "听得见", "加油", "厉害了我的县", "为民办事好县长👍👍",
    "笑死", "我在广东看直播 想家了", "[送心]", "正在直播呢", "刷屏的走开", "吃了吗大家", "太好了", "下次再来", "+1",
    "我们村的路修好了 谢谢县长", "昨天也看了", "这个主播说话真清楚", "排队排队", "关注了", "孩子也在看", "大家好呀",
    "老家下雪了", "橘子真甜", "县长今天穿得精神", "@清风徐来 走512吧", "放炮的被抓了两个", "人救上来了 大家放心",
)  # fmt: skip
ENDINGS = ("", "", "", "啊", "呀", "哈哈", "!!", "～", "👍", " 谢谢", "[玫瑰]")
OPENINGS = ("", "", "", "", "请问", "县长 ", "主播 ", "问一下", "那个", "麻烦问下")


def chatter(dice: random.Random) -> str:
    """A line that asks nothing."""
    line = dice.choice(CHATTER) + dice.choice(ENDINGS)
    return f"{line}{dice.randrange(100)}" if dice.random() < 0.1 else line


def question(dice: random.Random, ways: list[str]) -> str:
    """A line that asks something, near one of the base's ways of asking."""
    line = dice.choice(ways)
    if len(line) > 6 and dice.random() < 0.3:
        at = dice.randrange(1, len(line) - 1)
        line = line[:at] + line[at + 1 :]
    return dice.choice(OPENINGS) + line + dice.choice(("", "", "吗", "呢", "？", "啊"))


def mixed(dice: random.Random, ways: list[str]) -> Iterator[str]:
    """The mix, without end: of each ten lines one asks."""
    while True:
        asking = dice.randrange(10)
        for place in range(10):
            yield question(dice, ways) if place == asking else chatter(dice)


def ways_of_asking(folder: Path) -> list[str]:
    """The phrasings of a knowledge folder, list placeholders filled with names of their lists."""
    dice = random.Random(1)
    files = [
        yaml.load(path.read_text(encoding="utf-8"), yaml.CSafeLoader) or {} for path in sorted(folder.rglob("*.yaml"))
    ]
    names = {
        name: [str(item["名称"]) for item in items]
        for file in files
        for name, items in (file.get("名录") or {}).items()
    }
    found = []
    for file in files:
        for entry in file.get("问答") or []:
            asked = entry["问"]
            for way in [asked] if isinstance(asked, str) else asked:
                text = str(way)
                for name, items in names.items():
                    text = text.replace("{" + name + "}", dice.choice(items))
                found.append(text)
    return found
