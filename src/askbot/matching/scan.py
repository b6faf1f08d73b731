"""Finding known words in a text, leftmost and longest, by dictionary look-ups.

A chat line has some twenty characters, so a look-up per position costs two or three microseconds, as an automaton
would; but a dictionary is filled in small steps, while an automaton of ten thousand names is finished in one C call
that holds the interpreter lock and stalls the event loop of a reloading service. Knows nothing of what words mean.
"""

from collections.abc import Iterable, Iterator
from typing import Generic, NamedTuple, TypeVar

T = TypeVar("T")
HEAD = 2


class Hit(NamedTuple, Generic[T]):
    """A known word in a text: characters [start, end) and what the word stands for."""

    start: int
    end: int
    value: T


class Words(Generic[T]):
    """Known words and what each stands for; never changed after construction, so that threads may share it."""

    __slots__ = ("_lengths", "_values")

    def __init__(self, pairs: Iterable[tuple[str, T]]) -> None:
        self._values: dict[str, T] = {}
        lengths: dict[str, set[int]] = {}
        for word, value in pairs:
            if word:
                self._values[word] = value
                lengths.setdefault(word[:HEAD], set()).add(len(word))
        shared: dict[tuple[int, ...], tuple[int, ...]] = {}
        self._lengths: dict[str, tuple[int, ...]] = {}
        for head, sizes in lengths.items():
            ordered = tuple(sorted(sizes, reverse=True))
            self._lengths[head] = shared.setdefault(ordered, ordered)

    def __len__(self) -> int:
        return len(self._values)

    def get(self, word: str) -> T | None:
        """What the whole word stands for, or None."""
        return self._values.get(word)

    def at(self, text: str, start: int) -> Iterator[Hit[T]]:
        """Every known word that begins at `start`, longest first."""
        values = self._values
        for size in self._lengths.get(text[start : start + HEAD], ()):
            word = text[start : start + size]
            if word in values:
                yield Hit(start, start + size, values[word])
        single = text[start : start + 1]
        if single in values and (start + 1 < len(text)):
            yield Hit(start, start + 1, values[single])

    def longest(self, text: str) -> list[Hit[T]]:
        """Known words from left to right, each the longest at its place, none overlapping."""
        found: list[Hit[T]] = []
        place, end, lengths, values = 0, len(text), self._lengths, self._values
        while place < end:
            for size in lengths.get(text[place : place + HEAD], ()):
                word = text[place : place + size]
                if word in values:
                    found.append(Hit(place, place + size, values[word]))
                    place += size
                    break
            else:
                if text[place] in values:
                    found.append(Hit(place, place + 1, values[text[place]]))
                place += 1
        return found

    def every(self, text: str) -> list[Hit[T]]:
        """All known words of the text, overlapping ones too."""
        return [hit for place in range(len(text)) for hit in self.at(text, place)]
