"""Names that look like a list's items and are none (未列入的名字): recognised by the list's own endings."""

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from askbot.domain.knowledge import ItemList
from askbot.matching.normalise import plain
from askbot.matching.vocabulary import Vocabulary
from askbot.matching.words import cut, cutter

LONGEST_NAME = 12
"""Characters of a name that a government account may repeat."""

PLACE = 2
"""A stem of so many characters names a place."""
MOST_ENDS = 12
"""Places of a line at which a name is looked for."""

_VERBS = frozenset("通封堵塌断修开停关有能在")
_TOO_COMMON = frozenset("都会场子人的了点里号家心头面边天年间门手电水费证卡票钱费时候样事行口上下中")
_GENERIC = re.compile(
    r"(?:这|那|哪|条|走|马|公|铁|修|一|道|半|我们|你们|他们|本|什么|全|各|某|每|几|啥|个|该|座|所|家|别的|其他|其它|的|整|县|镇|乡|市|村|打|招|员|农民|民|职|务|外|进|出|绕|封|堵|停|开|坐|过|两|多|大|小|老|新|高速|国|省|桥|路|上|下|近|回|带|让|问|同|赶|迷|线|思|套|出|生|活|熟|懂|手|用|罢|旷|误|全职|小时|临时|钟点|普通|所有|哪些|哪一)+"
)
_STOPS = frozenset(
    "的了吗呢吧啊呀从到去在走往向和跟与或被把让给是有没还要想能会请问那这哪我你他"
    "都也就才不很再又怎咋几多什啥,.?!;:、。 "
)
_NUMBER = re.compile(
    r"(?:国道|省道|县道|乡道)[a-z]?\d{2,4}线?|[gsxy]\d{3}|\d{3}(?:国道|省道|县道|乡道|线)|(?<![\d.])\d{3}(?![\d.])"
)
_AMOUNT = re.compile(
    r"\s*(?:元|块|毛|钱|天|人|米|吨|点|号|岁|斤|公里|个|分|平|%|万|名|套|户|次|栋|年|月|日|针|桌|楼|路|度|多)"
)
_NUMERIC_STEM = frozenset("东西南北新老一二三四五六七八九十123456789")


@dataclass(frozen=True, slots=True)
class Stranger:
    """A name as asked, characters [start, end) of the line."""

    start: int
    end: int
    text: str


class Endings:
    """How the names of each list end; immutable."""

    __slots__ = ("_all", "_numbered", "_of")

    def __init__(self, lists: Mapping[str, ItemList], numbered: frozenset[str]) -> None:
        self._numbered = numbered
        every: dict[str, set[str]] = {}
        self._of = {name: _endings(table) for name, table in sorted(lists.items())}

        for by_last in self._of.values():
            for last, tails in by_last.items():
                every.setdefault(last, set()).update(tails)
        self._all = {last: tuple(sorted(tails, key=lambda t: (-len(t), t))) for last, tails in every.items()}

    def anywhere(self, text: str, vocabulary: Vocabulary) -> list[str]:
        """What in the line looks like a name of any list."""
        return [s.text for s in _cut_names(text, self._all, vocabulary)]

    def has(self, list_name: str, name: str) -> bool:
        """Whether the name ends as names of that list do (or is a number, where they bear numbers)."""
        if list_name in self._numbered and _NUMBER.fullmatch(name):
            return True
        endings = self._of.get(list_name, {}).get(name[-1:], ())
        return any(name.endswith(e) and len(name) > len(e) for e in endings)

    def strangers(
        self, list_name: str, text: str, vocabulary: Vocabulary, taken: tuple[tuple[int, int], ...]
    ) -> list[Stranger]:
        """Names in the line that look like that list's; `taken` spans are named items."""
        endings = self._of.get(list_name, {})
        found = [s for s in _cut_names(text, endings, vocabulary) if not _overlaps(s, taken)] if endings else []
        if list_name in self._numbered:
            found += [s for s in _numbers(text) if not _overlaps(s, (*taken, *((f.start, f.end) for f in found)))]
        return sorted(found, key=lambda s: s.start)


def _endings(table: ItemList) -> dict[str, tuple[str, ...]]:
    """Last character → the endings with it that at least two names share, longest first."""
    names = [plain(n) for item in table.items for n in (item.name, *item.aliases)]
    tails = Counter(n[-size:] for n in names for size in (1, 2, 3, 4) if len(n) > size and not n[-1].isascii())
    kept = [t for t, count in tails.items() if count > 1 and (len(t) > 1 or t not in _TOO_COMMON)]
    by_last: dict[str, list[str]] = {}
    for tail in sorted(kept, key=lambda t: (-len(t), t)):
        by_last.setdefault(tail[-1], []).append(tail)
    return {last: tuple(tails) for last, tails in by_last.items()}


def _overlaps(name: Stranger, spans: tuple[tuple[int, int], ...]) -> bool:
    return any(name.start < end and start < name.end for start, end in spans)


def _numbers(text: str) -> list[Stranger]:
    return [
        Stranger(m.start(), m.end(), m[0])
        for m in _NUMBER.finditer(text)
        if not _AMOUNT.match(text[m.end() :]) or not m[0].isdigit()
    ]


def _cut_names(text: str, endings: Mapping[str, tuple[str, ...]], vocabulary: Vocabulary) -> list[Stranger]:
    if endings.keys().isdisjoint(text):
        return []
    found: list[Stranger] = []
    for end in _ends(text, endings):
        ending = next((e for e in endings[text[end - 1]] if text.endswith(e, 0, end)), None)
        name = _named(text, end, ending, vocabulary) if ending else None
        if name:
            found.append(name)
    return found


def _ends(text: str, endings: Mapping[str, tuple[str, ...]]) -> list[int]:
    """Where a name may end: at the end of a word, or before a verb that the cutter joined to it (滨湖路|通)."""
    ends: set[int] = set()
    place = 0
    for word in cut(text):
        place += len(word)
        ends.add(place)
    ends |= {i for i in range(1, len(text)) if text[i] in _VERBS}
    return sorted(end for end in ends if text[end - 1] in endings)[:MOST_ENDS]


def _named(text: str, end: int, ending: str, vocabulary: Vocabulary) -> Stranger | None:
    """The name that ends there: its words from the right, while they can belong to a name."""
    begin = end - len(ending)
    for word in reversed(cut(text[max(0, begin - LONGEST_NAME) : begin])):
        if end - len(ending) - begin >= PLACE or word[-1] in _STOPS or vocabulary.speaks(word):
            break
        begin -= len(word)
    name = text[begin:end]
    stem = name.removesuffix(ending)
    if not stem or _GENERIC.fullmatch(stem) or not name.replace("-", "").isalnum():
        return None
    if vocabulary.speaks(stem) or any(vocabulary.says(name[-size:]) for size in range(len(ending) + 1, len(name) + 1)):
        return None
    lone = len(stem) == 1 and stem not in _NUMERIC_STEM
    if lone or (len(name) == 2 and cutter().knows(name) and stem not in _NUMERIC_STEM):  # noqa: PLR2004 - a common word
        return None
    return Stranger(begin, end, name)
