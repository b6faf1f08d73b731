"""Warnings about phrasings of different entries that are the same, nearly the same, or nearer to a stranger's entry.

Two entries that are never in force together (other times, other rooms) may share their words. Each phrasing is held
against those that share one of its rarest pairs of characters, so the work grows with the base and not with its square.
"""

import re
from dataclasses import dataclass
from datetime import date, datetime

from askbot.knowledge_files.braces import braces
from askbot.knowledge_files.views import Base, EntryView, folded, where
from askbot.yaml_marks.collector import shown
from askbot.yaml_marks.marked import Node

SAME_ENOUGH = 92.0
"""From this likeness on (0–100) two phrasings are nearly the same."""
NEAR = 75.0
"""A phrasing this like another entry's, and clearly less like its own, stands in the wrong entry."""
CLEARLY = 10.0
ALMOST = 88.0
"""From this likeness on a phrasing counts as near another with a word of its own each (停水 and 停电 are below)."""
_RARE_PAIRS = 3
_MOST_SHARING = 24
_NOISE = re.compile(r"[\s，。？！、；：,.?!;:~～…“”\"'（）()]+")
_FIXED = re.compile("[0-9]+|[\ue000-\uf8ff]")
_PARTICLES = str.maketrans("", "", "吗呢啊呀吧么嘛的了")
_MASKS = 0xE000


@dataclass(slots=True)
class Phrasing:
    """A phrasing as it is compared: its placeholder is one character, punctuation and width do not count."""

    entry: EntryView
    node: Node
    text: str
    form: str
    sort: list[str]
    """Its numbers and placeholder: phrasings that differ in these ask something else."""


def compare_phrasings(base: Base) -> None:
    """Look at all phrasings of the base."""
    phrasings = _phrasings(base)
    first: dict[str, list[Phrasing]] = {}
    for phrasing in phrasings:
        known = first.setdefault(phrasing.form, [])
        _same(base, phrasing, known)
        known.append(phrasing)
    _near(base, [known[0] for known in first.values()])


def _phrasings(base: Base) -> list[Phrasing]:
    numbers = {name: number for number, name in enumerate(base.lists)}
    found = []
    for entry in base.entries:
        for node, text in entry.asks:
            form = text
            for brace in braces(text):
                if brace.name in numbers:
                    form = form.replace(brace.typed, chr(_MASKS + numbers[brace.name] % 6000))
            form = _NOISE.sub("", folded(form))
            if form:
                found.append(Phrasing(entry, node, text, form, sorted(_FIXED.findall(form))))
    return found


def _same(base: Base, phrasing: Phrasing, known: list[Phrasing]) -> None:
    for earlier in known:
        if earlier.entry is phrasing.entry or together(earlier.entry, phrasing.entry):
            _say_same(base, phrasing, earlier)
            return


def _say_same(base: Base, phrasing: Phrasing, earlier: Phrasing) -> None:
    faults = base.notes.of(phrasing.entry.file)
    place = where(phrasing.entry.file, earlier.entry.file, earlier.node)
    if earlier.entry is phrasing.entry:
        faults.warning(phrasing.node, "repeated_word", f"{shown(phrasing.text)}和{place}的重复", "删掉一个")
        return
    message = f"{shown(phrasing.text)}在{place}（编号 {earlier.entry.id[:40]}）也有：问到时分不清该用哪一条"
    faults.warning(phrasing.node, "same_phrasing", message, "只留一处，或把两条并成一条")


def together(one: EntryView, other: EntryView) -> bool:
    """Whether two entries can be in force at the same time in the same room."""
    rooms = [{room for _node, room in entry.record.get("rooms", [])} for entry in (one, other)]
    if rooms[0] and rooms[1] and not rooms[0] & rooms[1]:
        return False
    spans = [_span(entry) for entry in (one, other)]
    return spans[0][0] <= spans[1][1] and spans[1][0] <= spans[0][1]


def _span(entry: EntryView) -> tuple[str, str]:
    valid = entry.record.get("valid")
    start, end = (valid.get("from"), valid.get("until")) if valid else (None, None)
    return _stamp(start) if start else "", (
        _stamp(end) + ("" if isinstance(end, datetime) else "T99")
    ) if end else "9999z"


def _stamp(value: date) -> str:
    return value.isoformat()


def _near(base: Base, phrasings: list[Phrasing]) -> None:
    from rapidfuzz import fuzz, process

    forms = [phrasing.form for phrasing in phrasings]
    pairs = [_pairs(form) for form in forms]
    holders: dict[str, list[int]] = {}
    for number, found in enumerate(pairs):
        for pair in found:
            holders.setdefault(pair, []).append(number)
    for number, phrasing in enumerate(phrasings):
        likely = _likely(number, pairs[number], holders)
        scores = process.extract(
            phrasing.form, [forms[n] for n in likely], scorer=fuzz.ratio, score_cutoff=NEAR, limit=None
        )
        if scores:
            _judge(base, phrasing, number, [(phrasings[likely[i]], score, likely[i]) for _form, score, i in scores])


def _pairs(form: str) -> set[str]:
    return {form[i : i + 2] for i in range(len(form) - 1)} or {form}


def _likely(number: int, pairs: set[str], holders: dict[str, list[int]]) -> list[int]:
    rare = sorted((p for p in pairs if len(holders[p]) > 1), key=lambda pair: (len(holders[pair]), pair))[:_RARE_PAIRS]
    shared: set[int] = set()
    for pair in rare:
        shared.update(holders[pair][:_MOST_SHARING])
    shared.discard(number)
    return sorted(shared)


def _judge(base: Base, phrasing: Phrasing, number: int, scored: list[tuple[Phrasing, float, int]]) -> None:
    others = [
        s
        for s in scored
        if s[0].entry is not phrasing.entry and together(s[0].entry, phrasing.entry) and s[0].sort == phrasing.sort
    ]
    if not others:
        return
    other, score, place = max(others, key=lambda s: (s[1], -s[2]))
    where_ = where(phrasing.entry.file, other.entry.file, other.node)
    told = f"{where_}的{shown(other.text)}（编号 {other.entry.id[:40]}）"
    faults = base.notes.of(phrasing.entry.file)
    if score >= SAME_ENOUGH:
        if place < number:
            message = f"{shown(phrasing.text)}和{told}几乎一样：问到时分不清该用哪一条"
            faults.warning(phrasing.node, "near_phrasing", message, "只留一处，或把两句改得各有所问")
        return
    if score < ALMOST and not _within(phrasing.form, other.form):
        return
    own = _own(phrasing)
    if len(phrasing.entry.asks) > 1 and score > own + CLEARLY and (own, number) <= (_own(other), place):
        message = f"{shown(phrasing.text)}更像{told}，不像自己这一条的其他问法"
        faults.warning(phrasing.node, "nearer_other", message, "是不是放错了地方？移到那一条，或改得和这一条更像")


def _own(phrasing: Phrasing) -> float:
    from rapidfuzz import fuzz

    mine = [text for node, text in phrasing.entry.asks if node is not phrasing.node]
    return max((fuzz.ratio(phrasing.text, text) for text in mine), default=0.0)


def _within(one: str, other: str) -> bool:
    """Whether the shorter of two phrasings stands in the longer one, character after character, particles aside."""
    one, other = one.translate(_PARTICLES), other.translate(_PARTICLES)
    short, long = (one, other) if len(one) <= len(other) else (other, one)
    left = iter(long)
    return all(char in left for char in short)
