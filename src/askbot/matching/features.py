"""What speaks for and against an entry, as numbers (特征); the only thing that the score may look at."""

from collections.abc import Sequence
from dataclasses import astuple, dataclass, fields

from rapidfuzz import fuzz

from askbot.matching.index import Index
from askbot.matching.need import Need
from askbot.matching.profile import Profile, Way, core_of
from askbot.matching.reading import Unit

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
CARRIED = 0.5
UNKNOWN_PAIR = 0.3
PAIR = 0.5
SINGLE = 0.35


@dataclass(frozen=True, slots=True)
class Weighed:
    """A unit of a need with its weight."""

    unit: Unit
    weight: float


@dataclass(frozen=True, slots=True)
class Features:
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
        return astuple(self)


NAMES = tuple(f.name for f in fields(Features))


def weigh(need: Need, index: Index) -> list[Weighed]:
    """The units of a need and how much each tells; an earlier need's count less."""
    weighed = [
        Weighed(u, unit_weight(u, index) * (1.0 if need.in_focus(u.start) else OUT_OF_FOCUS))
        for u in need.reading.units
    ]
    if need.earlier:
        own = {w.unit.text for w in weighed}
        weighed += [Weighed(w.unit, w.weight * CARRIED) for w in weigh(need.earlier, index) if w.unit.text not in own]
    return weighed


def unit_weight(unit: Unit, index: Index) -> float:
    """A unit's weight: what is rare in the base tells more."""
    if unit.concepts:
        known = [index.weight(c) for c in unit.concepts if index.knows(c)]
        return min(known) if known else index.rare * 0.8
    factor = SINGLE if len(unit.text) == 1 else PAIR
    return factor * index.weight(unit.text) if index.knows(unit.text) else UNKNOWN_PAIR * index.rare


def held(unit: Unit, concepts: frozenset[int], text: str) -> float:
    """How far a text (with its concepts) accounts for a unit, from 0 to 1."""
    if unit.concepts and not concepts.isdisjoint(unit.concepts):
        return 1.0
    word = unit.text
    if len(word) < 3:  # noqa: PLR2004 - a pair or a single character
        return 1.0 if word in text else 0.0
    pairs = len(word) - 1
    return sum(word[i : i + 2] in text for i in range(pairs)) / pairs


def way_fit(way: Way, need: Need, index: Index) -> float:
    """How much of a way of asking the need holds."""
    total = hit = 0.0
    concepts, text = need_concepts(need), need.literal
    for unit in way.reading.units:
        weight = unit_weight(unit, index)
        total += weight
        hit += weight * held(unit, concepts, text)
    return hit / total if total else 0.0


def need_concepts(need: Need) -> frozenset[int]:
    """The concepts of a need and of the one that it completes."""
    own = need.reading.concepts
    return own | need_concepts(need.earlier) if need.earlier else own


def _fits_asks(wanted: frozenset[str], asks: frozenset[str]) -> bool:
    return any(not asks.isdisjoint(_KIN.get(w, {w})) for w in wanted)


def asks_fit(wanted: frozenset[str], profile: Profile, nearest_way: bool) -> float:  # noqa: FBT001 - said by its name
    """Whether the question words agree: 1 with the nearest way of asking, .5 with another, -1 with none."""
    if not wanted:
        return 0.0
    if nearest_way:
        return 1.0
    if _fits_asks(wanted, profile.asks):
        return 0.5
    return -1.0 if profile.asks & SPECIFIC else -0.6


def features_of(need: Need, weighed: Sequence[Weighed], profile: Profile, index: Index, stranger: bool) -> Features:  # noqa: FBT001 - the one fact about the name
    """The features of an entry for a need; `stranger`: the need names something that looks like the entry's items."""
    total = hit = said = carried = 0.0
    for w in weighed:
        share = held(w.unit, profile.concepts, profile.asked)
        total += w.weight
        hit += w.weight * share
        if share < 0.5 and held(w.unit, profile.said_concepts, profile.said) > 0.5:  # noqa: PLR2004 - more than half
            said += w.weight * (1 - share)
    if need.earlier:
        own = {u.text for u in need.reading.units}
        carried = sum(
            w.weight * held(w.unit, profile.concepts, profile.asked) for w in weighed if w.unit.text not in own
        )
    wanted = need.reading.asks & SPECIFIC
    fits = [(way_fit(way, need, index), _fits_asks(wanted, way.reading.asks), n) for n, way in enumerate(profile.ways)]
    best, agrees, chosen = max(fits, key=lambda f: (f[0] + 0.15 * f[1], -f[2]))
    way = profile.ways[chosen]
    asked = asks_fit(wanted, profile, agrees)
    held_once = sum(w.weight * held(w.unit, way.concepts, way.reading.text) for w in weighed)
    focused = [w for w in weighed if need.in_focus(w.unit.start)]
    in_focus = sum(w.weight for w in focused)
    core = need_core(need)
    list_name = profile.entry.list_name
    names = need.names
    listed = bool(list_name and any(m.of(list_name) for m in names))
    echoed = any(m.text in profile.asked for m in names)
    return Features(
        covered=hit / total if total else 0.0,
        way=best,
        near=max(fuzz.ratio(core, w.core) for w in profile.ways) / 100 if core else 0.0,
        evidence=min(1.0, hit / 12),
        foreign=min(1.0, (total - hit - said) / 12),
        said=min(1.0, said / 6),
        asks=max(0.0, asked),
        against=max(0.0, -asked),
        single=held_once / total if total else 0.0,
        focus=sum(w.weight * held(w.unit, profile.concepts, profile.asked) for w in focused) / in_focus if in_focus else 0.0,
        listed=float(listed and profile.named),
        unlisted=float(not listed and stranger),
        missing=float(bool(list_name) and not listed and not stranger and not profile.unnamed),
        stray=float(bool(names) and not listed and not echoed),
        echoed=float(bool(names) and echoed),
        carried=min(1.0, carried / 12),
        bare=float(hit == 0.0),
    )


def need_core(need: Need) -> str:
    """The content of what is asked, as one text."""
    return core_of(need.reading)
