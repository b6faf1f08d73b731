"""What an item may be called besides its official name and aliases: derived short names (简称).

A derived form counts only where it is unique in its list; whoever collects them (names.index) sees to that.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator

from askbot.domain.knowledge import Item

SHORTEST = 3
"""Characters of a derived form that is no number: shorter ones are too often parts of other words."""

_ROAD = re.compile(r"(国道|省道|县道|乡道|村道)([a-z]?\d{2,4})线?|([gsxyc])(\d{2,4})")
_LETTERS = {"国道": "g", "省道": "s", "县道": "x", "乡道": "y", "村道": "c"}
_KINDS = {letter: kind for kind, letter in _LETTERS.items()}
_ONES = str.maketrans("一二三四五六七八九", "123456789")
_ARABIC = str.maketrans("123456789", "一二三四五六七八九")
_LONE = re.compile(r"(?<!\d)[1-9](?!\d)")
_ORDINAL = re.compile(r"第([一二三四五六七八九十])")
_COUNTY = re.compile(r"[\u4e00-\u9fff]{2}[县市区]")
_GENERIC_COUNTY = re.compile(r"[全我本各外到在回来去进出县市区的们和与由报省地城小辖市]")
_ENDINGS = (
    ("高速公路", "高速"),
    ("大桥", "桥"),
    ("路段", ""),
    ("社区卫生服务中心", "社区医院"),
    ("社区卫生服务中心", "卫生服务中心"),
    ("社区卫生服务中心", "社区卫生院"),
    ("中心小学", "小学"),
    ("中心卫生院", "卫生院"),
    ("森林公园", ""),
    ("风景名胜区", ""),
    ("旅游景区", ""),
    ("风景区", ""),
    ("度假村", ""),
    ("景区", ""),
    ("第一小学", "一小"),
    ("第二小学", "二小"),
    ("第三小学", "三小"),
    ("第一中学", "一中"),
    ("第二中学", "二中"),
    ("第三中学", "三中"),
    ("高级中学", "高中"),
    ("收费站", "高速口"),
)
_MIDDLES = (("街道", ""), ("街道社区", ""), ("镇", ""), ("乡", ""), ("县", ""), ("社区", ""), ("中心", ""))
_NUMBERED_SCHOOL = re.compile(r"^([\u4e00-\u9fff])[\u4e00-\u9fff]([一二三四五六七八九][小中幼])$")


def homes(texts: Iterable[str]) -> frozenset[str]:
    """The county's own name(s) as its texts give it (松河县), with and without 县."""
    seen = Counter(m for text in texts for m in _COUNTY.findall(text) if not _GENERIC_COUNTY.search(m[:-1]))
    if not seen:
        return frozenset()
    name = max(sorted(seen), key=lambda n: seen[n])
    return frozenset({name, name[:-1]})


def derived(item: Item, names: tuple[str, ...], home: frozenset[str]) -> Iterator[str]:
    """Forms that people may use for the item; `names` are its normalised name and aliases."""
    del item
    for name in names:
        yield from _roads(name)
        yield from numbered(name)
        for short in _shorter(name, home):
            if len(short) >= SHORTEST and short != name:
                yield short
                yield from numbered(short)


def numbered(name: str) -> Iterator[str]:
    """The same name with its single digits in the other script (园区三路, 园区3路)."""
    arabic = name.translate(_ONES)
    if arabic != name:
        yield arabic
    if _LONE.search(name):
        yield _LONE.sub(lambda m: m[0].translate(_ARABIC), name)


def numbers(name: str) -> Iterator[str]:
    """The bare number of a numbered road: the only derived form that may stand for several items."""
    found = _ROAD.search(name)
    if found:
        yield found[2] or found[4]


def _roads(name: str) -> Iterator[str]:
    found = _ROAD.search(name)
    if not found:
        return
    kind, number = (found[1], found[2]) if found[1] else (_KINDS[found[3]], found[4])
    yield from (f"{number}{kind}", f"{kind}{number}", f"{kind}{number}线", f"{number}{kind}线")
    yield f"{_LETTERS[kind]}{number}"
    yield f"{number}那条{kind}"


def _shorter(name: str, home: frozenset[str]) -> Iterator[str]:
    bare = next((name[len(h) :] for h in sorted(home, key=len, reverse=True) if name.startswith(h)), name)
    bare = bare.removeprefix("县").removeprefix("市")
    yield bare
    for h in home:
        if bare != name and not name.startswith("县"):
            yield h.removesuffix("县") + bare
    for ending, short in _ENDINGS:
        if bare.endswith(ending) and len(bare) > len(ending):
            yield bare.removesuffix(ending) + short
    for middle, short in _MIDDLES:
        place = bare.find(middle, 2)
        if 1 < place < len(bare) - 2:
            yield bare[:place] + short + bare[place + len(middle) :]
    yield _ORDINAL.sub(r"\1", bare)
    school = _NUMBERED_SCHOOL.match(bare)
    if school:
        yield school[1] + school[2]
    if len(bare) > SHORTEST + 1:
        yield bare[:2] + bare[-2:]
        yield bare[:2] + bare[-3:]
