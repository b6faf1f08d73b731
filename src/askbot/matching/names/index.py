"""The index of all names of a knowledge base, and finding them in a line: exactly, or by sound (同音).

Guards keep a name from being found inside something else: 308 in 3080, 滨河路 in 滨河路小学, our 人民医院 in
平溪县人民医院. Which list a name is meant from is not settled here: the question does that.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from askbot.domain.knowledge import Item, ItemList
from askbot.matching.names import forms
from askbot.matching.normalise import plain
from askbot.matching.scan import Hit, Words
from askbot.matching.sounds import sounded

SOUND_LENGTH = 3
"""A name must have so many characters to be found by its sound alone."""

SHORT_NAME = 3
"""Up to so many characters a name may well be the end of a longer one (二桥 in 白沙二桥)."""

_CHINESE = re.compile(r"[\u4e00-\u9fff]")
_NAMELIKE = ("路", "桥", "线", "街", "道")
_LATIN = re.compile(r"[0-9a-z]")
_AMOUNT = re.compile(
    r"(?:多|来)?(?:元|块|毛|钱|天|人|米|吨|点|号|岁|斤|公里|个|分|平|%|万|名|套|户|次|栋|年|月|日|针|桌|楼|路公交|路车|块钱|cm|km|kg|度)"
)
_LONGER = re.compile(
    r"(?:[新旧老大上下前后]村|小学|中学|幼儿园|医院|卫生院|派出所|小区|花园|公园|新村|菜市场|市场|酒店|超市|分店|支路|东路|西路|南路|北路|中路"
    r"|[一二三四五六七八九][路街巷]|大桥|隧道|家园|名苑|村(?!里|民|口|的|有|现|今|封|停|什|能|是|还|几|怎)|桥(?!上|面|头|下|通|封|现|能|还|什|今|怎))"
)
_ELSEWHERE = re.compile(r"([\u4e00-\u9fff]{2,3})[县市省州]的?$")
_ORDINAL = re.compile(r"第[一二三四五六七八九十\d]$")
_OPENING = re.compile(r"(?:[在到去从是问和跟与找给往来的了住]|请问|想问|今天|现在)$")
_OURS = ("我们", "我", "本", "全", "咱们", "咱", "俺们", "这个", "你们", "在", "到", "去", "是")
FIXED = frozenset("0123456789东西南北中上下左右前后一二三四五六七八九十新老大小")
"""Characters in a name that must be typed as they are, however alike others sound."""


@dataclass(frozen=True, slots=True)
class Ref:
    """An item in its list."""

    list_name: str
    item: Item


@dataclass(frozen=True, slots=True)
class Mention:
    """A name in a line: characters [start, end), the items it may mean, and how it was recognised."""

    start: int
    end: int
    text: str
    refs: tuple[Ref, ...]
    how: str

    def of(self, list_name: str | None) -> tuple[Item, ...]:
        """The items of that list that it may mean."""
        return tuple(ref.item for ref in self.refs if ref.list_name == list_name)


class Names:
    """All names of one knowledge base; immutable."""

    __slots__ = ("_by_sound", "_exact", "_pairs", "_says", "home", "numbered")

    def __init__(self, lists: Mapping[str, ItemList], texts: Iterable[str], says: Callable[[str], bool]) -> None:
        """`says` tells whether a word is one of the language's own: what may stand right before a short name."""
        self.home = forms.homes(texts)
        self._says = says
        refs: dict[str, dict[tuple[str, str], Ref]] = {}
        self.numbered = frozenset(name for name in sorted(lists) if _collect(lists[name], self.home, refs))
        settled = {form: tuple(found[key] for key in sorted(found)) for form, found in refs.items()}
        self._exact: Words[tuple[Ref, ...]] = Words(settled.items())
        self._by_sound: Words[tuple[tuple[str, tuple[Ref, ...]], ...]] = Words(_sounds(settled))
        self._pairs = frozenset(form[i : i + 2] for form in settled for i in range(len(form) - 1))

    def find(self, text: str) -> list[Mention]:
        """The names in a normalised line, from left to right, none overlapping."""
        found = [m for m in self._exactly(text) if _stands_alone(text, m, self.home) and self._begins(text, m)]
        if len(text) < SOUND_LENGTH:
            return found
        for hit in self._by_sound.longest(sounded(text)):
            mention = _same_sound(text, hit)
            if mention and not any(_keeps(m, mention) for m in found) and not self._is_other(mention):
                found = [m for m in found if m.end <= mention.start or m.start >= mention.end]
                found.append(mention)
        return sorted(found, key=lambda m: m.start)

    def knows(self, word: str) -> bool:
        """Whether the word is a name of some item."""
        return self._exact.get(word) is not None

    def _begins(self, text: str, mention: Mention) -> bool:
        """A short name begins after a pause or a word of the language; else it is the end of a longer name."""
        before = text[: mention.start]
        if len(mention.text) > SHORT_NAME or not before or not _CHINESE.match(before[-1]):
            return True
        if _CHINESE.match(mention.text[0]) is None and not mention.text.endswith(_NAMELIKE):
            return True
        return any(self._says(before[-size:]) for size in range(1, min(5, len(before) + 1))) or self._ends_a_name(
            before
        )

    def _ends_a_name(self, before: str) -> bool:
        return any(self.knows(before[-size:]) for size in range(2, min(7, len(before) + 1)))

    def _is_other(self, mention: Mention) -> bool:
        """Whether what was typed otherwise than in the name is itself a part of the county's names (渔岗, 渔港)."""
        form = plain(mention.refs[0].item.name)
        typed = mention.text
        known = {n for r in mention.refs for n in map(plain, (r.item.name, *r.item.aliases))}
        pairs = [typed[i : i + 2] for i in range(len(typed) - 1)]
        own = form + "|".join(sorted(known))
        return any(p not in own and p in self._pairs for p in pairs)

    def _exactly(self, text: str) -> list[Mention]:
        return [Mention(h.start, h.end, text[h.start : h.end], h.value, "名称") for h in self._exact.longest(text)]


def _keeps(exact: Mention, by_sound: Mention) -> bool:
    """An exact name stays unless a longer one is there by its sound."""
    overlap = exact.start < by_sound.end and by_sound.start < exact.end
    return overlap and exact.end - exact.start >= by_sound.end - by_sound.start


def _collect(table: ItemList, home: frozenset[str], refs: dict[str, dict[tuple[str, str], Ref]]) -> bool:
    """Add a list's names to `refs`; whether its items bear numbers."""
    own: dict[str, Ref] = {}
    shorts: dict[str, set[str]] = {}
    numbers: Counter[str] = Counter()
    by_name = {item.name: Ref(table.name, item) for item in table.items}
    for item in table.items:
        names = tuple(dict.fromkeys(n for n in map(plain, (item.name, *item.aliases)) if n))
        own |= dict.fromkeys(names, by_name[item.name])
        bare = {n for name in names for n in forms.numbers(name)}
        numbers.update(bare)
        for form in {*forms.derived(item, names, home), *bare}:
            shorts.setdefault(form, set()).add(item.name)
    for form, ref in own.items():
        refs.setdefault(form, {})[(table.name, ref.item.name)] = ref
    for form, meant in shorts.items():
        if form not in own and (len(meant) == 1 or form in numbers):
            refs.setdefault(form, {}).update({(table.name, n): by_name[n] for n in meant})
    return len(numbers) > 2  # noqa: PLR2004 - two numbered names may be chance, three are a habit


def _sounds(settled: dict[str, tuple[Ref, ...]]) -> Iterable[tuple[str, tuple[tuple[str, tuple[Ref, ...]], ...]]]:
    heard: dict[str, list[tuple[str, tuple[Ref, ...]]]] = {}
    for form, refs in settled.items():
        if len(form) >= SOUND_LENGTH and not form.isascii():
            heard.setdefault(sounded.__wrapped__(form), []).append((form, refs))
    return ((sound, tuple(sorted(named, key=lambda n: n[0]))) for sound, named in heard.items())


def _same_sound(text: str, hit: Hit[tuple[tuple[str, tuple[Ref, ...]], ...]]) -> Mention | None:
    typed = text[hit.start : hit.end]
    near = [(form, refs) for form, refs in hit.value if _fixed_agree(typed, form)]
    if not near:
        return None
    closest = max(sum(a == b for a, b in zip(typed, form, strict=True)) for form, _ in near)
    if closest < 1:
        return None
    meant = [refs for form, refs in near if sum(a == b for a, b in zip(typed, form, strict=True)) == closest]
    merged = {(r.list_name, r.item.name): r for refs in meant for r in refs}
    mention = Mention(hit.start, hit.end, typed, tuple(merged[k] for k in sorted(merged)), "同音")
    return mention if _stands_alone(text, mention, frozenset()) else None


def _fixed_agree(typed: str, form: str) -> bool:
    return all(a == b or (a not in FIXED and b not in FIXED) for a, b in zip(typed, form, strict=True))


def _stands_alone(text: str, mention: Mention, home: frozenset[str]) -> bool:
    before, after = text[: mention.start], text[mention.end :]
    return not (_runs_on(before, mention.text, after) or _is_elsewhere(before, mention.text, home))


def _runs_on(before: str, name: str, after: str) -> bool:
    """Whether the name is a part of a longer word, number or name."""
    left = bool(before) and bool(_LATIN.match(name[0])) and (bool(_LATIN.match(before[-1])) or before[-1] in ".第")
    right = bool(after) and bool(_LATIN.match(name[-1])) and bool(_LATIN.match(after[0]))
    amount = name.isdigit() and bool(_AMOUNT.match(after))
    return left or right or amount or bool(_LONGER.match(after)) or bool(_ORDINAL.search(before))


def _is_elsewhere(before: str, name: str, home: frozenset[str]) -> bool:
    """Whether another county's name stands before it."""
    if name[0] in "县市区" and before and _CHINESE.match(before[-1]) and not _is_ours(before[-3:], home):
        return not _OPENING.search(before)
    other = _ELSEWHERE.search(before)
    return bool(other) and not _is_ours(other[1] if other else "", home)


def _is_ours(place: str, home: frozenset[str]) -> bool:
    return any(place.endswith(h) for h in home) or place.endswith(_OURS)
