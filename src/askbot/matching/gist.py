"""What makes two needs one ticket (要点): near text, the same places, numbers and polarity; never opposites."""

import re
from collections import Counter
from typing import TYPE_CHECKING

from rapidfuzz import fuzz

from askbot.domain.decision import Gist
from askbot.matching.need import Need
from askbot.matching.normalise import normalise
from askbot.matching.opposites import opposites
from askbot.matching.profile import core_of
from askbot.matching.reading import masked, numbers_in
from askbot.matching.snapshot import Snapshot

if TYPE_CHECKING:
    from askbot.matching.matcher import Matcher

NEAR = 75.0
"""rapidfuzz points from which two contents are near."""

_NEITHER = re.compile(r"([^\W\d])[不没]\1\w?|有没有|是不是|能否|是否|没有\??$|[没不]\??$|不(?:了|啊|嘛|呀)\??$")
_NO = re.compile(
    r"不(?!好意思|知道|晓得|动产|锈钢|管|过是)|没(?!错|问题)|冇|无(?!线|人机|偿|锡)|别(?!墅|的|人)|未|莫|禁止|拒绝|停止"
)
_PLACE = re.compile(
    r"[\u4e00-\u9fff]{1,6}?(?:[县市镇乡村路街桥区园岛站苑庭巷]|小区|大道|社区|小学|中学|医院|学校|码头|渡口|广场)"
)


def gist_of(text: str, matcher: "Matcher") -> Gist:
    """The gist of a message's text."""
    clean = normalise(text)
    mentions = tuple(matcher.snapshot.names.find(clean.text))
    reading = matcher.snapshot.reading(masked(clean.text, [(m.start, m.end) for m in mentions]))
    return gist_of_need(Need(text, clean.text, mentions, reading), matcher.snapshot)


def gist_of_need(need: Need, snapshot: Snapshot) -> Gist:
    """The gist of a need that is read already."""
    places = {"/".join(sorted({r.item.name for r in m.refs})) for m in need.names}
    places |= set(snapshot.endings.anywhere(need.reading.text, snapshot.vocabulary))
    core = core_of(need.reading)
    if need.earlier:
        core = f"{core_of(need.earlier.reading)} {core}"
    return Gist(
        text=core or need.text,
        places=tuple(sorted(places)),
        numbers=tuple(sorted(numbers_in(need.reading.text))),
        polarity=polarity(need.literal),
    )


def polarity(text: str) -> str:
    """Which sides a text takes: an odd number of denials, and the opposites (封控/解封 …) that it speaks of."""
    denials = len(_NO.findall(_NEITHER.sub("", text))) % 2
    sides = (f"{number}{'ab'[side]}" for number, side in sorted(opposites().sides(text)))
    return ("-" if denials else "+") + "".join(sides)


def near(a: Gist, b: Gist) -> bool:
    """Whether two needs ask the same: what is fixed is equal, the contents are near, and neither has its own subject.

    东区甲号公园几点开门 and 西区乙号公园几点开门 are near as texts, but each has content that the other lacks.
    A question that only says more than the other may join it. A missed joining costs a second card; a wrong one
    hides a question.
    """
    if a.fixed != b.fixed:
        return False
    if a.text == b.text:
        return True
    if fuzz.ratio(a.text, b.text) < NEAR and fuzz.token_sort_ratio(a.text, b.text) < NEAR:
        return False
    return not (_own(a.text, b.text) and _own(b.text, a.text))


def _own(text: str, other: str) -> bool:
    """Whether the text has a character of content that the other has not (or not as often)."""
    return bool(Counter(text) - Counter(other) - _FUNCTION)


_FUNCTION = Counter(
    dict.fromkeys(
        [
            *"的了吗呢啊呀嘛么吧哦噢咯啦哈呗是有在就都也还要会能可以我你他她它们这那个",
            *"请问一下怎样啥什几多少哪里儿得地着过到去来给把被让和跟与想咋点时候为何谁没不 ",
        ],
        99,
    )
)
"""Characters that carry grammar or the question, not its subject."""
