"""Rules that forbid a sure answer whatever the score (防线); each has a name that shows in `why`."""

import re
from collections.abc import Callable

from askbot.matching.features import need_concepts
from askbot.matching.need import Need
from askbot.matching.rank import Ranked
from askbot.matching.reading import numbers_in
from askbot.matching.snapshot import Snapshot

Guard = Callable[[Need, Ranked, Snapshot], str | None]

_YEAR = re.compile(r"(?<!\d)(20\d\d)年?(?!\d)")
_ELSEWHERE = re.compile(r"([\u4e00-\u9fff]{2})[县市](?!里|区|场|民|政|委|外|内|长)")
_NOT_PLACES = re.compile(r"[全我们本咱各外到在回来去进出的县市区省地城小辖哪个这那]")
_DENIED = re.compile(r"(?:不用|不想|不是问|没问|不要|别)(?:问|说)?$")
SHORT = 2
"""Content characters that a need must have for a sure answer, when it names no item."""


def no_shared_content(need: Need, ranked: Ranked, snapshot: Snapshot) -> str | None:
    """无共同内容: common characters alone are no likeness."""
    del snapshot
    profile = ranked.profile
    shared = any(
        (u.concepts and not profile.concepts.isdisjoint(u.concepts)) or (len(u.text) > 1 and u.text in profile.asked)
        for u in (*need.reading.units, *(need.earlier.reading.units if need.earlier else ()))
    )
    echoed = any(m.text in profile.asked for m in need.names)
    return None if shared or echoed else "与条目没有共同的实词"


def opposite_side(need: Need, ranked: Ranked, snapshot: Snapshot) -> str | None:
    """正反相反: the need speaks of one side (解封), the entry only of the other (封控)."""
    own = snapshot.vocabulary.sides(need.reading.text)
    for number, (mine, theirs) in enumerate(zip(own, ranked.profile.sides, strict=True)):
        if mine in ((True, False), (False, True)) and theirs == (mine[1], mine[0]):
            return f"正反相反（{snapshot.vocabulary.opposite(number)}）"
    return None


def other_year(need: Need, ranked: Ranked, snapshot: Snapshot) -> str | None:
    """年份不符: the need names a year that the entry does not know."""
    del snapshot
    years = set(_YEAR.findall(need.text))
    profile = ranked.profile
    known = {y for y in years if y in profile.asked or y in profile.said}
    return f"年份不符（{'、'.join(sorted(years - known))}）" if years - known else None


def other_place(need: Need, ranked: Ranked, snapshot: Snapshot) -> str | None:
    """外地: the need is about another county that the entry does not speak of."""
    for found in _ELSEWHERE.finditer(need.reading.text):
        place = found[1]
        ours = any(place.endswith(h) or h.startswith(place) for h in snapshot.names.home)
        if not ours and not _NOT_PLACES.search(place) and found[0] not in ranked.profile.asked + ranked.profile.said:
            return f"问的是外地（{found[0]}）"
    return None


def other_number(need: Need, ranked: Ranked, snapshot: Snapshot) -> str | None:
    """编号不符: the entry's phrasings have a road-like number that the need replaces by another."""
    del snapshot
    theirs = {n for n in numbers_in(ranked.profile.asked) if len(n) == 3}  # noqa: PLR2004 - numbers like 308, 120
    mine = {n for n in numbers_in(need.reading.text) if len(n) == 3}  # noqa: PLR2004 - the same
    return f"编号不符（{'、'.join(sorted(mine))}）" if theirs and mine and not theirs & mine else None


def too_short(need: Need, ranked: Ranked, snapshot: Snapshot) -> str | None:
    """太短: a single character of content says too little."""
    del ranked, snapshot
    size = sum(len(u.text) for u in need.reading.units)
    return "内容太短" if size < SHORT and not need.names and not need.earlier else None


def unknown_matter(need: Need, ranked: Ranked, snapshot: Snapshot) -> str | None:
    """没见过的内容: what is asked has a known matter that this entry cannot account for, and little that it can."""
    profile = ranked.profile
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


GUARDS: tuple[Guard, ...] = (
    no_shared_content,
    opposite_side,
    other_year,
    other_place,
    other_number,
    too_short,
    unknown_matter,
)


def objections(need: Need, ranked: Ranked, snapshot: Snapshot) -> tuple[str, ...]:
    """What the guards say against a sure answer with this entry."""
    return tuple(said for guard in GUARDS if (said := guard(need, ranked, snapshot)))
