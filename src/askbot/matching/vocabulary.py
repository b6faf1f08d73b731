"""The words that mean something to this knowledge base: the shipped lexicon joined with the county's synonyms.

A concept (概念) is a group of words that mean the same, by its number; asking kinds (问法) are when, where, price …
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from askbot.matching.lexicon import Lexicon
from askbot.matching.normalise import plain
from askbot.matching.opposites import opposites
from askbot.matching.scan import Hit, Words


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a word stands for: its concepts, its asking kinds, whether it carries no content of its own."""

    concepts: tuple[int, ...] = ()
    asks: tuple[str, ...] = ()
    empty: bool = False


class Vocabulary:
    """Word → meaning, longest word first; immutable."""

    __slots__ = ("_groups", "_neither", "_of_word", "_opposites", "_words")

    def __init__(self, lexicon: Lexicon, synonyms: Iterable[Iterable[str]]) -> None:
        county = [tuple(dict.fromkeys(p for w in group if (p := plain(w)))) for group in synonyms]
        self._groups: tuple[tuple[str, ...], ...] = (*lexicon.groups, *county)
        concepts: dict[str, list[int]] = {}
        for number, group in enumerate(self._groups):
            for word in group:
                concepts.setdefault(word, []).append(number)
        self._of_word = {word: tuple(numbers) for word, numbers in concepts.items()}
        self._words = Words(_meanings(self._of_word, lexicon))
        self._opposites = lexicon.opposites
        self._neither = ((False, False),) * len(self._opposites)

    def scan(self, text: str) -> list[Hit[Meaning]]:
        """The meaningful words of a normalised text, left to right, none overlapping."""
        return self._words.longest(text)

    def every_concept(self, text: str) -> frozenset[int]:
        """All concepts of the text, those of words inside longer words too."""
        return frozenset(c for hit in self._words.every(text) for c in hit.value.concepts)

    def concepts_of(self, word: str) -> tuple[int, ...]:
        """The groups in which the word stands."""
        return self._of_word.get(word, ())

    def words_of(self, concept: int) -> tuple[str, ...]:
        """The words of a group; the first names it."""
        return self._groups[concept]

    def means(self, word: str) -> Meaning | None:
        """What the whole word stands for, or None."""
        return self._words.get(word)

    def pairs(self) -> list[str]:
        """The words of two characters that stand in a group."""
        return [word for word in self._of_word if len(word) == 2]  # noqa: PLR2004 - said by the name

    def says(self, word: str) -> bool:
        """Whether it is a word of the language as the lexicon knows it."""
        return self._words.get(word) is not None

    def speaks(self, text: str) -> bool:
        """Whether a would-be name holds a word that means something by itself, and so is no name."""
        hits = self._words.longest(text)
        return any(h.end - h.start > 1 for h in hits) or (
            bool(hits) and sum(h.end - h.start for h in hits) == len(text)
        )

    def sides(self, text: str) -> tuple[tuple[bool, bool], ...]:
        """For each pair of opposites (封控/解封 …) which of the two the text speaks of."""
        found = opposites().sides(text)
        if not found:
            return self._neither
        return tuple(((number, 0) in found, (number, 1) in found) for number in range(len(self._opposites)))

    def opposite(self, number: int) -> str:
        """The name of a pair of opposites, for people."""
        a, b = self._opposites[number]
        return f"{a[0]}/{b[0]}"


def _meanings(concepts: dict[str, tuple[int, ...]], lexicon: Lexicon) -> Iterator[tuple[str, Meaning]]:
    asks: dict[str, list[str]] = {}
    for kind, words in lexicon.asking.items():
        for word in words:
            asks.setdefault(word, []).append(kind)
    for word in {**concepts, **asks, **dict.fromkeys(sorted(lexicon.function))}:
        numbers, kinds = concepts.get(word, ()), tuple(asks.get(word, ()))
        yield word, Meaning(numbers, kinds, empty=not numbers)
