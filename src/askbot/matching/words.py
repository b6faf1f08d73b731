"""Cutting text into words (jieba), without what jieba does by itself: no log lines, no cache in a shared folder.

The dictionary is loaded at the first cut, once in a process; the county's names are never added to it: they are found
and cut out of a line before the rest of it is cut here, so a new knowledge version costs no new dictionary.
"""

import logging
import threading
from functools import lru_cache
from importlib import resources

_LOCK = threading.Lock()
_LOADED: list["Cutter"] = []


class Cutter:
    """Most probable cut of a text by word frequencies, in a private copy of jieba's tokenizer."""

    def __init__(self) -> None:
        import jieba

        jieba.setLogLevel(logging.CRITICAL)
        self._tokenizer = jieba.Tokenizer()
        self._tokenizer.FREQ, self._tokenizer.total = _frequencies()
        self._tokenizer.initialized = True

    def cut(self, text: str) -> tuple[str, ...]:
        """The words of the text, in order."""
        return tuple(self._tokenizer.cut(text, HMM=False))

    def knows(self, word: str) -> bool:
        """Whether the word stands in the general dictionary."""
        return bool(self._tokenizer.FREQ.get(word))


def _frequencies() -> tuple[dict[str, int], int]:
    """Word → frequency with every beginning of a word as 0, as jieba keeps it, read from jieba's own file.

    Read here, so that jieba's cache file, which it loads with marshal from wherever it lies, never comes into play.
    """
    frequency: dict[str, int] = {}
    total = 0
    with (resources.files("jieba") / "dict.txt").open("r", encoding="utf-8") as lines:
        for line in lines:
            word, count, _ = line.split(" ", 2)
            frequency[word] = int(count)
            total += int(count)
            for end in range(1, len(word)):
                frequency.setdefault(word[:end], 0)
    return frequency, total


def cutter() -> Cutter:
    """The process's one cutter; loading it takes about half a second, the first time only."""
    if not _LOADED:
        with _LOCK:
            if not _LOADED:
                _LOADED.append(Cutter())
    return _LOADED[0]


def warm_up() -> None:
    """Load what the first question would otherwise wait for; a service calls it before it says that it is ready."""
    cutter()


@lru_cache(maxsize=4096)
def cut(text: str) -> tuple[str, ...]:
    """The words of the text, in order."""
    return cutter().cut(text)
