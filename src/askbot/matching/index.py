"""The inverted index of a knowledge base's phrasings: from the units of a need to the few entries worth scoring."""

import heapq
import math
import re
from array import array
from collections.abc import Sequence

from askbot.domain.knowledge import Entry
from askbot.matching.normalise import plain
from askbot.matching.reading import MASK, Reading, Unit, read
from askbot.matching.vocabulary import Vocabulary

_PLACEHOLDER = re.compile(r"\{[^{}]*\}")
VISITS = 3000
"""Postings that one need may visit: what bounds the cost in a base of any size."""

WORTH = 0.35
"""Share of the best one's likeness that a candidate must have to be scored."""
UNKNOWN_PAIR = 0.3
PAIR = 0.5
SINGLE = 0.35
"""How much loose characters tell beside words that the lexicon knows."""

Key = int | str


def phrasing(text: str) -> str:
    """An entry's phrasing as it is compared: its placeholder masked, the rest normalised."""
    head, *rest = _PLACEHOLDER.split(text, maxsplit=1)
    return MASK.join((plain(head), *(plain(r) for r in rest))) if rest else plain(head)


def keys_of(reading: Reading) -> set[Key]:
    """What a reading is filed under: its concepts, the texts of its units and the pairs inside them."""
    keys: set[Key] = set()
    for unit in reading.units:
        keys.update(unit.concepts)
        text = unit.text
        if len(text) <= 2 or text.isascii():  # noqa: PLR2004 - a pair is filed whole
            keys.add(text)
        else:
            keys.update(text[i : i + 2] for i in range(len(text) - 1))
    return keys


class Index:
    """Key → the entries (by their place) in whose phrasings it occurs; immutable once built."""

    __slots__ = ("_postings", "count", "rare")

    def __init__(self, entries: Sequence[Entry], vocabulary: Vocabulary) -> None:
        self.count = len(entries)
        postings: dict[Key, array[int]] = {}
        for place, entry in enumerate(entries):
            keys: set[Key] = set()
            for typed in entry.ask:
                keys |= keys_of(read(phrasing(typed), vocabulary))
            for key in keys:
                filed = postings.get(key)
                if filed is None:
                    postings[key] = array("I", (place,))
                else:
                    filed.append(place)
        self._postings = postings
        self.rare = math.log1p(self.count)

    def weight(self, key: Key) -> float:
        """How much the key tells (idf), between 0 and `rare`; a key of no phrasing tells most."""
        filed = self._postings.get(key)
        return math.log1p(self.count / (len(filed) + 0.5)) if filed else self.rare

    def knows(self, key: Key) -> bool:
        """Whether any phrasing has the key."""
        return key in self._postings

    def nearest(self, readings: Sequence[tuple[Reading, float]], most: int) -> list[int]:
        """The places of at most `most` entries that share most with the readings (each with its factor)."""
        wanted: dict[Key, float] = {}
        for reading, factor in readings:
            for key in keys_of(reading):
                wanted[key] = max(wanted.get(key, 0.0), factor)
        filed = sorted(
            ((len(self._postings[k]), str(k), k) for k in wanted if k in self._postings), key=lambda f: (f[0], f[1])
        )
        scores: dict[int, float] = {}
        visits = 0
        for size, _, key in filed:
            gain = self.weight(key) * wanted[key]
            if visits + size > VISITS and scores:
                break
            visits += size
            for place in self._postings[key][:VISITS]:
                scores[place] = scores.get(place, 0.0) + gain
        best = heapq.nsmallest(most, zip((-s for s in scores.values()), scores, strict=True))
        return [place for score, place in best if score <= best[0][0] * WORTH]


def unit_weight(unit: Unit, index: Index) -> float:
    """A unit's weight: what is rare in the base tells more."""
    if unit.concepts:
        known = [index.weight(c) for c in unit.concepts if index.knows(c)]
        return min(known) if known else index.rare * 0.8
    factor = SINGLE if len(unit.text) == 1 else PAIR
    return factor * index.weight(unit.text) if index.knows(unit.text) else UNKNOWN_PAIR * index.rare
