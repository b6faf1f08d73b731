"""An entry as the scorer sees it (条目画像): made when it is first a candidate, then kept."""

from dataclasses import dataclass

from askbot.domain.knowledge import Entry
from askbot.matching.index import Index, phrasing, unit_weight
from askbot.matching.normalise import plain
from askbot.matching.reading import MASK, Reading, read
from askbot.matching.vocabulary import Vocabulary


@dataclass(frozen=True, slots=True)
class Way:
    """One way of asking: its reading, and whether it names an item."""

    reading: Reading
    concepts: frozenset[int]
    names_item: bool
    core: str
    units: tuple[tuple[str, tuple[int, ...]], ...]
    weights: tuple[float, ...]
    total: float


@dataclass(frozen=True, slots=True)
class Profile:
    """All ways of asking an entry, what they have in common, and the words of its answers and topic."""

    entry: Entry
    ways: tuple[Way, ...]
    concepts: frozenset[int]
    asks: frozenset[str]
    asked: str
    said: str
    said_concepts: frozenset[int]
    sides: tuple[tuple[bool, bool], ...]
    named: bool
    unnamed: bool


def core_of(reading: Reading) -> str:
    """The content of a reading as one short text, in its order."""
    parts: list[str] = []
    place = -1
    for unit in reading.units:
        parts.append(unit.text if unit.start >= place else unit.text[place - unit.start :])
        place = max(place, unit.start + len(unit.text))
    return "".join(parts)


def way_of(typed: str, vocabulary: Vocabulary, index: Index) -> Way:
    """One way of asking."""
    reading = read(phrasing(typed), vocabulary)
    weights = tuple(unit_weight(u, index) for u in reading.units)
    return Way(
        reading=reading,
        concepts=reading.concepts,
        names_item=MASK in reading.text,
        core=core_of(reading),
        units=tuple((u.text, u.concepts) for u in reading.units),
        weights=weights,
        total=sum(weights),
    )


def profile_of(entry: Entry, vocabulary: Vocabulary, index: Index) -> Profile:
    """The profile of an entry."""
    ways = [way_of(typed, vocabulary, index) for typed in entry.ask]
    asked = "|".join(w.reading.text for w in ways)
    said = plain(" ".join((entry.topic, *(v.text for v in entry.answer))))
    return Profile(
        entry=entry,
        ways=tuple(ways),
        concepts=frozenset(c for w in ways for c in w.concepts),
        asks=frozenset(a for w in ways for a in w.reading.asks),
        asked=asked,
        said=said,
        said_concepts=read(said, vocabulary).concepts,
        sides=_sides([vocabulary.sides(w.reading.text) for w in ways]),
        named=any(w.names_item for w in ways),
        unnamed=any(not w.names_item for w in ways),
    )


def _sides(of_ways: list[tuple[tuple[bool, bool], ...]]) -> tuple[tuple[bool, bool], ...]:
    """Which side of each pair of opposites an entry takes: that half of its ways speak of, and none of the other."""
    return tuple(
        (2 * sum(a for a, _ in pair) >= len(pair), 2 * sum(b for _, b in pair) >= len(pair))
        if not (any(a for a, _ in pair) and any(b for _, b in pair))
        else (True, True)
        for pair in zip(*of_ways, strict=True)
    )
