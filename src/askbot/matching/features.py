"""What speaks for and against an entry, as numbers (特征); the only thing that the score may look at."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from rapidfuzz import fuzz

from askbot.matching.index import Index, unit_weight
from askbot.matching.names.index import Mention
from askbot.matching.names.unlisted import Stranger
from askbot.matching.need import Need
from askbot.matching.profile import Profile, Way, core_of

SPECIFIC = frozenset(
    {"when", "clock", "date", "duration", "price", "amount", "where", "docs", "how", "who", "why", "phone", "which"}
)
_KIN = {
    "when": {"when", "clock", "date", "duration"},
    "clock": {"when", "clock"},
    "date": {"when", "date"},
    "duration": {"when", "duration"},
    "price": {"price", "amount"},
    "amount": {"price", "amount"},
    "docs": {"docs", "how"},
    "how": {"how", "docs", "where"},
    "where": {"where", "how"},
}
OUT_OF_FOCUS = 0.4
"""How much the circumstances count beside what is asked."""
CARRIED = 0.5
"""How much the earlier need counts in a follow-up."""
ASKS_WORTH = 0.15
MUCH = 2.3
"""How many of the rarest words shared (or foreign) are counted as very much."""


class Features(NamedTuple):
    """All between -1 and about 1; the names stand in the weights file and in `why`."""

    covered: float
    way: float
    near: float
    evidence: float
    foreign: float
    said: float
    asks: float
    against: float
    single: float
    focus: float
    listed: float
    unlisted: float
    missing: float
    stray: float
    echoed: float
    carried: float
    bare: float

    def numbers(self) -> tuple[float, ...]:
        """The values in the order of `NAMES`."""
        return self


NAMES = Features._fields


class Weighed(NamedTuple):
    """A unit of a need: its meaning, how much it counts, whether it is asked, whether it is the citizen's own words."""

    text: str
    concepts: tuple[int, ...]
    weight: float
    focus: bool
    own: bool


@dataclass(frozen=True, slots=True)
class Brief:
    """What of a need every candidate is compared with, worked out once."""

    units: tuple[Weighed, ...]
    total: float
    much: float
    in_focus: float
    concepts: frozenset[int]
    literal: str
    core: str
    wanted: frozenset[str]
    names: tuple[Mention, ...]


def brief_of(need: Need, index: Index, strangers: Sequence[Stranger] = ()) -> Brief:
    """The brief of a need; an earlier need's units count less, those of names that are no items not at all."""
    units = tuple(_weighed(need, index, strangers))
    return Brief(
        units=units,
        total=sum(u.weight for u in units),
        much=MUCH * index.rare,
        in_focus=sum(u.weight for u in units if u.focus),
        concepts=frozenset(c for u in units for c in u.concepts),
        literal=need.literal,
        core=core_of(need.reading),
        wanted=need.reading.asks & SPECIFIC,
        names=need.names,
    )


def _weighed(need: Need, index: Index, strangers: Sequence[Stranger] = ()) -> Iterator[Weighed]:
    seen: set[str] = set()
    for unit in need.reading.units:
        if any(s.start < unit.start + len(unit.text) and unit.start < s.end for s in strangers):
            continue
        focus = need.in_focus(unit.start)
        weight = unit_weight(unit, index) * (1.0 if focus else OUT_OF_FOCUS)
        seen.add(unit.text)
        yield Weighed(unit.text, unit.concepts, weight, focus, own=True)
    if need.earlier:
        for u in _weighed(need.earlier, index):
            if u.text not in seen:
                yield Weighed(u.text, u.concepts, u.weight * CARRIED, u.focus, own=False)


def held(word: str, meant: tuple[int, ...], concepts: frozenset[int], text: str) -> float:
    """How far a text (with its concepts) accounts for a word, from 0 to 1."""
    for concept in meant:
        if concept in concepts:
            return 1.0
    if word in text:
        return 1.0
    if len(word) < 3:  # noqa: PLR2004 - a pair or a single character
        return 0.0
    pairs = len(word) - 1
    return sum(word[i : i + 2] in text for i in range(pairs)) / pairs


def way_fit(way: Way, brief: Brief) -> float:
    """How much of a way of asking the need holds."""
    hit = 0.0
    concepts, text = brief.concepts, brief.literal
    for (word, meant), weight in zip(way.units, way.weights, strict=True):
        hit += weight * held(word, meant, concepts, text)
    return hit / way.total if way.total else 0.0


def need_concepts(need: Need) -> frozenset[int]:
    """The concepts of a need and of the one that it completes."""
    own = need.reading.concepts
    return own | need_concepts(need.earlier) if need.earlier else own


def asks_fit(wanted: frozenset[str], profile: Profile, nearest_way: bool) -> float:  # noqa: FBT001 - said by its name
    """Whether the question words agree: 1 with the nearest way of asking, .5 with another, -1 with none."""
    if not wanted:
        return 0.0
    if nearest_way:
        return 1.0
    if _fits_asks(wanted, profile.asks):
        return 0.5
    return -1.0 if profile.asks & SPECIFIC else -0.6


def _fits_asks(wanted: frozenset[str], asks: frozenset[str]) -> bool:
    return any(not asks.isdisjoint(_KIN.get(w, {w})) for w in wanted)


def nearest_way(brief: Brief, profile: Profile) -> tuple[float, Way, bool]:
    """The way of asking that the need is nearest to: how much of it is held, and whether its question words agree."""
    best: tuple[float, float, Way, bool] | None = None
    for way in profile.ways:
        fit, agrees = way_fit(way, brief), _fits_asks(brief.wanted, way.reading.asks)
        worth = fit + ASKS_WORTH * agrees
        if best is None or worth > best[0]:
            best = (worth, fit, way, agrees)
    if best is None:
        raise ValueError("an entry has at least one way of asking")
    return best[1:]


def features_of(brief: Brief, profile: Profile, *, stranger: bool) -> Features:
    """The features of an entry for a need; `stranger`: the need names something that looks like the entry's items."""
    hit = said = carried = in_focus = once = 0.0
    fit, way, agrees = nearest_way(brief, profile)
    for word, meant, weight, focus, own in brief.units:
        share = held(word, meant, profile.concepts, profile.asked)
        if share:
            hit += weight * share
            in_focus += weight * share * focus
            carried += weight * share * (not own)
            once += weight * held(word, meant, way.concepts, way.reading.text)
        if share < 0.5 and held(word, meant, profile.said_concepts, profile.said) > 0.5:  # noqa: PLR2004 - more than half
            said += weight * (1 - share)
    asked = asks_fit(brief.wanted, profile, agrees)
    list_name = profile.entry.list_name
    listed = bool(list_name and any(m.of(list_name) for m in brief.names))
    echoed = any(m.text in profile.asked for m in brief.names)
    return Features(
        covered=hit / brief.total if brief.total else 0.0,
        way=fit,
        near=max(fuzz.ratio(brief.core, w.core) for w in profile.ways) / 100 if brief.core else 0.0,
        evidence=min(1.0, hit / brief.much),
        foreign=min(1.0, (brief.total - hit - said) / brief.much),
        said=min(1.0, said * 2 / brief.much),
        asks=max(0.0, asked),
        against=max(0.0, -asked),
        single=once / brief.total if brief.total else 0.0,
        focus=in_focus / brief.in_focus if brief.in_focus else 0.0,
        listed=float(listed and profile.named),
        unlisted=float(not listed and stranger),
        missing=float(bool(list_name) and not listed and not stranger and not profile.unnamed),
        stray=float(bool(brief.names) and not listed and not echoed),
        echoed=float(bool(brief.names) and echoed),
        carried=min(1.0, carried / brief.much),
        bare=float(hit == 0.0),
    )
