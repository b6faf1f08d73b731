"""The shipped vocabulary (通用词表): readable files beside this module, loaded once in a process.

Concepts are groups of words that mean the same; kinds are question words, chatter, requests and opposites. Knows no
knowledge base: a county's own synonyms are joined to these by the index.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib import resources

from askbot.matching.normalise import plain


@dataclass(frozen=True, slots=True)
class Lexicon:
    """All shipped words, normalised."""

    groups: tuple[tuple[str, ...], ...]
    asking: dict[str, tuple[str, ...]]
    function: frozenset[str]
    chatter: dict[str, tuple[str, ...]]
    requests: dict[str, tuple[str, ...]]
    opposites: tuple[tuple[tuple[str, ...], tuple[str, ...]], ...]
    blocked: frozenset[str]


@cache
def shipped() -> Lexicon:
    """The lexicon; the files are read at the first call."""
    return Lexicon(
        groups=tuple(_words(line) for line in _lines("synonyms.txt")),
        asking=_kinds("question.txt"),
        function=frozenset(w for line in _lines("function.txt") for w in _words(line)),
        chatter=_kinds("chatter.txt"),
        requests=_kinds("request.txt"),
        opposites=tuple(_pair(line) for line in _lines("polarity.txt")),
        blocked=frozenset(w for line in _lines("blocked.txt") for w in _words(line)),
    )


def _lines(name: str) -> Iterator[str]:
    text = (resources.files(__name__) / name).read_text(encoding="utf-8")
    for line in text.splitlines():
        content = line.split("#", 1)[0].strip()
        if content:
            yield content


def _words(line: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(w for typed in line.split() if (w := plain(typed))))


def _kinds(name: str) -> dict[str, tuple[str, ...]]:
    return {kind: _words(words) for kind, _, words in (line.partition(":") for line in _lines(name))}


def _pair(line: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    left, _, right = line.partition("|")
    return _words(left), _words(right)
