"""Ranking: the few entries that may be meant, scored by their features, with "none of them" among the candidates."""

import json
import math
from dataclasses import dataclass
from functools import cache
from importlib import resources
from operator import mul

from askbot.matching.features import NAMES, Brief, Features, brief_of, features_of
from askbot.matching.guards import excluded
from askbot.matching.need import Need
from askbot.matching.profile import Profile
from askbot.matching.snapshot import Snapshot

SCORED = 18
"""Candidates that reach the fine score."""


@dataclass(frozen=True, slots=True)
class Weights:
    """The weights of the features, and the score that "none of them" is measured against (0)."""

    bias: float
    of: tuple[float, ...]

    def score(self, features: Features) -> float:
        """The score of an entry: above 0 it is likelier than none."""
        weighed: float = sum(map(mul, self.of, features.numbers()))
        return self.bias + weighed


@cache
def shipped_weights() -> Weights:
    """The weights that askbot ships."""
    typed = json.loads((resources.files(__package__) / "weights.json").read_text(encoding="utf-8"))
    return Weights(bias=float(typed["bias"]), of=tuple(float(typed[name]) for name in NAMES))


@dataclass(frozen=True, slots=True)
class Ranked:
    """A candidate entry with its confidence (the share that it gets beside the others and none of them)."""

    profile: Profile
    features: Features
    confidence: float


def rank(need: Need, snapshot: Snapshot, room: str) -> list[Ranked]:
    """The entries of the room that come near, best first."""
    scored = candidates(need, snapshot, room)
    weights = shipped_weights()
    raw = [(weights.score(f), p, f) for p, f in scored]
    top = max((s for s, _, _ in raw), default=0.0)
    whole = math.exp(-max(top, 0.0)) + sum(math.exp(s - max(top, 0.0)) for s, _, _ in raw)
    ranked = [Ranked(p, f, math.exp(s - max(top, 0.0)) / whole) for s, p, f in raw]
    return sorted(ranked, key=lambda r: (-r.confidence, r.profile.entry.id))


def candidates(need: Need, snapshot: Snapshot, room: str) -> list[tuple[Profile, Features]]:
    """The entries worth scoring with their features."""
    readings = [(need.reading, 1.0)]
    if need.earlier:
        readings.append((need.earlier.reading, 0.5))
    readings += [(snapshot.reading(m.text), 0.6) for m in need.names]
    sides = snapshot.vocabulary.sides(need.reading.text)
    found: list[tuple[Profile, Features]] = []
    briefs: dict[str | None, tuple[Brief, bool]] = {}
    places = snapshot.index.nearest(readings, SCORED)
    places += snapshot.taking(r.list_name for m in need.names for r in m.refs)
    for place in dict.fromkeys(places):
        profile = snapshot.profile(place)
        if profile.entry.rooms and room not in profile.entry.rooms:
            continue
        if snapshot.unmet(need, profile.entry) or excluded(need, sides, profile, snapshot):
            continue
        name = profile.entry.list_name
        if name not in briefs:
            strangers = snapshot.strangers(need, name)
            briefs[name] = (brief_of(need, snapshot.index, strangers), bool(strangers))
        brief, strange = briefs[name]
        found.append((profile, features_of(brief, profile, stranger=strange)))
    return found
