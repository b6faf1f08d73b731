"""Strangers' words on a ticket: made harmless and bounded, and the best wording of a cluster chosen.

Knows texts only, no ticket.
"""

import re
import unicodedata
from collections.abc import Iterable

TEXT_LIMIT = 300
NAME_LIMIT = 40
WHY_LIMIT = 400
CLEAR_LENGTHS = range(6, 41)
"""Shorter is a fragment (308呢), longer is not read at a glance."""
MOST_MARKS = 2
_DIGITS = re.compile(r"[0-9]+")
_UNSHOWN = {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}
_MARKS = {"Mn", "Me"}
_PLAIN = re.compile(r"[ -~、。《》一-鿿！，？：；（）]*")


def tidy(text: str, limit: int = TEXT_LIMIT) -> str:
    """The text in one line of at most `limit` characters, nothing in it that hides, turns or piles up.

    Control, format (bidi, zero width), private and surrogate characters become a gap or vanish, at most MOST_MARKS
    combining marks stay on a character. Idempotent.
    """
    if len(text) > 8 * limit:
        text = text[: 8 * limit]
    if not _PLAIN.fullmatch(text):
        text = "".join(_shown(text))
    text = " ".join(text.split())
    return text if len(text) <= limit else f"{text[: limit - 1].rstrip()}…"


def _shown(text: str) -> Iterable[str]:
    marks = 0
    for char in text:
        category = unicodedata.category(char)
        marks = marks + 1 if category in _MARKS else 0
        if category not in _UNSHOWN and marks <= MOST_MARKS:
            yield char
        elif category in {"Cc", "Zl", "Zp"}:
            yield " "


def unsayable(text: str) -> str | None:
    """The first character that no official's answer may hold (control, turning, lone surrogate), as U+XXXX, or None."""
    for char in text:
        category = unicodedata.category(char)
        turning = unicodedata.bidirectional(char) in {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}
        if turning or category in {"Cc", "Cs", "Zl", "Zp"}:
            return f"U+{ord(char):04X}"
    return None


def clearness(text: str, marks: Iterable[str]) -> tuple[bool, bool, int]:
    """How good a wording is to stand for its cluster; larger is better.

    A wording that names what is asked about comes before one that leans on an earlier message; among those the
    shortest whole one is read fastest on a phone and aloud. Of fragments the longest says most.
    """
    wanted = [mark for mark in marks if mark]
    named = not wanted or any(_names(text, mark) for mark in wanted)
    whole = len(text) in CLEAR_LENGTHS
    return (named, whole, len(text) if len(text) < CLEAR_LENGTHS.start else -len(text))


def _names(text: str, mark: str) -> bool:
    """Whether the text has the mark, or at least its numbers (308 for 省道308线)."""
    numbers = _DIGITS.findall(mark)
    return mark in text or (bool(numbers) and all(number in text for number in numbers))


def best_wording(texts: Iterable[str], marks: Iterable[str]) -> str:
    """The clearest of the texts, the first of equals; empty when there is none."""
    wanted = tuple(marks)
    return max((text for text in texts if text), key=lambda text: clearness(text, wanted), default="")
