"""Rules that forbid a sure answer whatever the score (防线); each has a name that shows in `why`."""

import re
from collections.abc import Callable

from askbot.matching.features import need_concepts
from askbot.matching.need import Need
from askbot.matching.profile import Profile
from askbot.matching.reading import Unit, numbers_in
from askbot.matching.snapshot import Snapshot
from askbot.matching.vocabulary import Vocabulary

Sides = tuple[tuple[bool, bool], ...]
Guard = Callable[[Need, Profile, Snapshot], str | None]

_YEAR = re.compile(r"(?<!\d)(20\d\d)年?(?!\d)")
_ELSEWHERE = re.compile(r"([\u4e00-\u9fff]{2})[县市](?!里|区|场|民|政|委|外|内|长)")
_NOT_PLACES = re.compile(r"[全我们本咱各外到在回来去进出的县市区省地城小辖哪个这那]")
_DENIED = re.compile(r"(?:不用|不想|不是问|没问|不要|别)(?:问|说)?$")
_GENERIC = frozenset(
    """
    办 办理 办的 申请 补 补办 补领 领 领取 查 查询 交 缴 拿 取 开 换 去办 在哪办 怎么办 需要 材料
    手续 流程 条件 时间 地方 地点 电话 费用 收费 要钱 丢 丢了 遗失 没了 到期
    """.split()  # noqa: SIM905 - a list of words is read as words
)
"""What is done with everything: two questions that share only this ask about different things."""
SHORT = 2
"""Content characters that a need must have for a sure answer, when it names no item."""


def names_item(need: Need, profile: Profile) -> bool:
    """Whether the need names an item of the entry's list."""
    list_name = profile.entry.list_name
    return bool(list_name and any(m.of(list_name) for m in need.names))


def no_shared_content(need: Need, profile: Profile, snapshot: Snapshot) -> str | None:
    """无共同内容: common characters alone are no likeness."""
    del snapshot
    listed = names_item(need, profile)
    shared = any(
        (listed or not (u.asking or u.text in _GENERIC))
        and (
            (u.concepts and not profile.concepts.isdisjoint(u.concepts))
            or (len(u.text) > 1 and u.text in profile.asked)
        )
        for u in (*need.reading.units, *(need.earlier.reading.units if need.earlier else ()))
    )
    echoed = any(m.text in profile.asked for m in need.names)
    return None if shared or echoed else "与条目没有共同的实词"


def opposite_side(own: Sides, profile: Profile, vocabulary: Vocabulary) -> str | None:
    """正反相反: the need speaks of one side (解封), the entry only of the other (封控)."""
    for number, (mine, theirs) in enumerate(zip(own, profile.sides, strict=True)):
        if mine in ((True, False), (False, True)) and theirs == (mine[1], mine[0]):
            return f"正反相反（{vocabulary.opposite(number)}）"
    return None


def other_year(need: Need, profile: Profile, snapshot: Snapshot) -> str | None:
    """年份不符: the need names a year that the entry does not know."""
    del snapshot
    years = set(_YEAR.findall(need.text))
    known = {y for y in years if y in profile.asked or y in profile.said}
    return f"年份不符（{'、'.join(sorted(years - known))}）" if years - known else None


def other_place(need: Need, profile: Profile, snapshot: Snapshot) -> str | None:
    """外地: the need is about another county that the entry does not speak of."""
    for found in _ELSEWHERE.finditer(need.reading.text):
        place = found[1]
        ours = any(place.endswith(h) or h.startswith(place) for h in snapshot.names.home)
        if not ours and not _NOT_PLACES.search(place) and found[0] not in profile.asked + profile.said:
            return f"问的是外地（{found[0]}）"
    return None


def other_number(need: Need, profile: Profile, snapshot: Snapshot) -> str | None:
    """编号不符: the entry's phrasings have a road-like number that the need replaces by another."""
    del snapshot
    theirs = {n for n in numbers_in(profile.asked) if len(n) == 3}  # noqa: PLR2004 - numbers like 308, 120
    mine = {n for n in numbers_in(need.reading.text) if len(n) == 3}  # noqa: PLR2004 - the same
    return f"编号不符（{'、'.join(sorted(mine))}）" if theirs and mine and not theirs & mine else None


def too_short(need: Need, profile: Profile, snapshot: Snapshot) -> str | None:
    """太短: a single character of content says too little."""
    del profile, snapshot
    size = sum(len(u.text) for u in need.reading.units)
    return "内容太短" if size < SHORT and not need.names and not need.earlier else None


def unknown_matter(need: Need, profile: Profile, snapshot: Snapshot) -> str | None:
    """没见过的内容: what is asked has a known matter that this entry cannot account for, and little that it can."""
    strange = [
        u.text
        for u in need.reading.units
        if u.concepts
        and need.in_focus(u.start)
        and profile.concepts.isdisjoint(u.concepts)
        and profile.said_concepts.isdisjoint(u.concepts)
        and u.text not in profile.asked
        and not any(snapshot.index.knows(c) for c in u.concepts)
    ]
    return f"条目里没有“{strange[0]}”" if strange and len(need_concepts(need) & profile.concepts) < 1 else None


def unknown_words(need: Need, profile: Profile, snapshot: Snapshot) -> str | None:
    """生词太多: what is asked has words that neither this entry nor any phrasing of the base knows."""
    if names_item(need, profile):
        return None
    names = [(s.start, s.end) for s in snapshot.strangers(need, profile.entry.list_name)]
    asked = [
        u
        for u in need.reading.units
        if need.in_focus(u.start)
        and not u.asking
        and not any(b < u.start + len(u.text) and u.start < e for b, e in names)
    ]
    strange = [u.text for u in asked if not _known(u, profile, snapshot)]
    known = sum(
        len(u.text)
        for u in asked
        if (u.concepts and not profile.concepts.isdisjoint(u.concepts)) or u.text in profile.asked
    )
    return f"有生词“{strange[0]}”" if len(strange) >= 2 and len(strange) >= known - 1 else None  # noqa: PLR2004 - three characters


def _known(unit: Unit, profile: Profile, snapshot: Snapshot) -> bool:
    if unit.concepts:
        return True
    return snapshot.index.knows(unit.text) or unit.text in profile.said or len(unit.text) < 2  # noqa: PLR2004 - a pair


GUARDS: tuple[Guard, ...] = (
    no_shared_content,
    other_place,
    other_number,
    too_short,
    unknown_matter,
    unknown_words,
)


def excluded(need: Need, own: Sides, profile: Profile, snapshot: Snapshot) -> bool:
    """Whether the entry cannot be meant: it is about the opposite, or about another year."""
    return bool(opposite_side(own, profile, snapshot.vocabulary) or other_year(need, profile, snapshot))


def objections(need: Need, profile: Profile, snapshot: Snapshot) -> tuple[str, ...]:
    """What the guards say against a sure answer with this entry."""
    return tuple(said for guard in GUARDS if (said := guard(need, profile, snapshot)))
