"""Which sides a text takes (正反): the pairs of opposites (封控/解封 …) whose words it holds."""

from collections.abc import Iterable
from functools import cache

from askbot.matching.lexicon import shipped
from askbot.matching.scan import Words

Side = tuple[int, int]
"""The number of a pair, and 0 or 1 for its sides."""


class Opposites:
    """The words of all pairs, found in one look; immutable."""

    __slots__ = ("_sides",)

    def __init__(self, pairs: Iterable[tuple[tuple[str, ...], tuple[str, ...]]]) -> None:
        sides: dict[str, list[Side]] = {}
        for number, pair in enumerate(pairs):
            for side, words in enumerate(pair):
                for word in words:
                    sides.setdefault(word, []).append((number, side))
        self._sides = Words(sides.items())

    def sides(self, text: str) -> set[Side]:
        """The sides that the text speaks of."""
        return {side for hit in self._sides.every(text) for side in hit.value}


@cache
def opposites() -> Opposites:
    """The shipped ones."""
    return Opposites(shipped().opposites)
