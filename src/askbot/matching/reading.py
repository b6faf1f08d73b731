"""A line as the scorer reads it (读法): names masked, the rest cut into units with their meanings and weights.

The same reading is made of a citizen's need and of an entry's phrasings, so that both are compared like with like.
"""

import re
from dataclasses import dataclass
from typing import NamedTuple

from askbot.domain.knowledge import Item
from askbot.matching.names.index import Mention
from askbot.matching.vocabulary import Vocabulary

MASK = "\ue000"
"""Stands for any item of any list; no keyboard types it (normalising removes it)."""

_PIECES = re.compile(r"[^\W\ue000]+")
_NUMBER = re.compile(r"\d+(?:\.\d+)?")


class Unit(NamedTuple):
    """A word or a pair of characters that carries content: where it stands, its concepts, whether it only asks."""

    start: int
    text: str
    concepts: tuple[int, ...]
    asking: bool = False


@dataclass(frozen=True, slots=True)
class Reading:
    """A masked text, its content units and its asking kinds."""

    text: str
    units: tuple[Unit, ...]
    asks: frozenset[str]

    @property
    def concepts(self) -> frozenset[int]:
        """All concepts of its units."""
        return frozenset(c for u in self.units for c in u.concepts)


def read(text: str, vocabulary: Vocabulary) -> Reading:
    """The reading of a normalised text whose names are masked already."""
    units: list[Unit] = []
    asks: set[str] = set()
    place = 0
    for hit in vocabulary.scan(text):
        if place < hit.start:
            _rest(text, place, hit.start, units)
        place = hit.end
        asks.update(hit.value.asks)
        if not hit.value.empty:
            units.append(Unit(hit.start, text[hit.start : hit.end], hit.value.concepts, bool(hit.value.asks)))
    _rest(text, place, len(text), units)
    if "?" in text:
        asks.add("mark")
    return Reading(text, tuple(units), frozenset(asks))


def _rest(text: str, start: int, end: int, units: list[Unit]) -> None:
    """The pairs of characters of what no known word covers."""
    for piece in _PIECES.finditer(text, start, end):
        word = piece[0]
        if len(word) == 1 or word.isascii():
            units.append(Unit(piece.start(), word, ()))
        else:
            units.extend(Unit(piece.start() + i, word[i : i + 2], ()) for i in range(len(word) - 1))


def masked(text: str, spans: list[tuple[int, int]]) -> str:
    """The text with each span as one MASK, and blanks for the rest of it, so that places stay the same."""
    for start, end in spans:
        text = text[:start] + MASK + " " * (end - start - 1) + text[end:]
    return text


def items_of(mentions: list[Mention], list_name: str | None) -> list[tuple[Mention, tuple[Item, ...]]]:
    """The mentions that may mean an item of that list."""
    return [(m, items) for m in mentions if (items := m.of(list_name))]


def numbers_in(text: str) -> frozenset[str]:
    """The numbers of a normalised text."""
    return frozenset(_NUMBER.findall(text))
