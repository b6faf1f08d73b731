"""All that is prepared from one knowledge version for deciding: names, vocabulary, index, profiles.

Immutable in effect: what is made at first use (profiles) is the same whoever makes it first.
"""

from collections.abc import Iterable
from dataclasses import replace
from functools import lru_cache

from askbot.domain.knowledge import Entry, Knowledge
from askbot.matching.index import Index
from askbot.matching.lexicon import shipped
from askbot.matching.names.index import Names
from askbot.matching.names.unlisted import Endings, Stranger
from askbot.matching.need import Need
from askbot.matching.normalise import plain
from askbot.matching.profile import Profile, profile_of
from askbot.matching.reading import Reading, Unit, read
from askbot.matching.sounds import sounded
from askbot.matching.vocabulary import Vocabulary

PAIR = 2
WORDS_KEPT = 16384
MOST_TAKING = 12
"""Entries of one list that are looked at because one of its items is named."""


class Snapshot:
    """The prepared knowledge; building it takes no I/O beyond the shipped files."""

    def __init__(self, knowledge: Knowledge, blocked: Iterable[str] = ()) -> None:
        self.knowledge = knowledge
        self.lexicon = shipped()
        self.entries = tuple(sorted(knowledge.entries, key=lambda e: e.id))
        self.vocabulary = Vocabulary(self.lexicon, knowledge.synonyms)
        self.names = Names(knowledge.lists, _texts(knowledge), self.vocabulary.says)
        self.endings = Endings(knowledge.lists, self.names.numbered)
        self.index = Index(self.entries, self.vocabulary)
        self._taking = _taking(self.entries)
        self._heard = _heard(self.index, self.vocabulary)
        self.blocked = self.lexicon.blocked | {plain(word) for word in blocked}
        self.plain = lru_cache(maxsize=WORDS_KEPT)(plain)
        """A word in the one writing; kept, for words of the knowledge."""
        self._profiles: dict[int, Profile] = {}

    def profile(self, place: int) -> Profile:
        """The profile of the entry at that place of `entries`."""
        made = self._profiles.get(place)
        if made is None:
            made = self._profiles[place] = profile_of(self.entries[place], self.vocabulary, self.index)
        return made

    def taking(self, list_names: Iterable[str]) -> list[int]:
        """The places of the entries that take one of those lists."""
        return [place for name in sorted(set(list_names)) for place in self._taking.get(name, ())]

    def reading(self, text: str) -> Reading:
        """The reading of a normalised text in this base's vocabulary."""
        return read(text, self.vocabulary)

    def heard(self, text: str) -> Reading:
        """The reading of what was typed: pairs that no phrasing knows are taken for a word that sounds the same."""
        reading = self.reading(text)
        units = tuple(self._hear(unit) for unit in reading.units)
        return reading if units == reading.units else replace(reading, units=units)

    def _hear(self, unit: Unit) -> Unit:
        if unit.concepts or len(unit.text) != PAIR or self.index.knows(unit.text):
            return unit
        word = self._heard.get(sounded(unit.text))
        return unit._replace(text=word, concepts=self.vocabulary.concepts_of(word)) if word else unit

    def strangers(self, need: Need, list_name: str | None) -> list[Stranger]:
        """The names in the need that look like that list's and are none of its items."""
        if list_name is None or any(m.of(list_name) for m in need.mentions):
            return []
        taken = tuple((m.start, m.end) for m in need.mentions if m.of(list_name))
        return self.endings.strangers(list_name, need.text, self.vocabulary, taken)

    def unmet(self, need: Need, entry: Entry) -> str | None:
        """Which element of 必含 the need lacks or which word of 不含 it has, or None when the entry may fit."""
        literal = need.literal
        for word in entry.exclude:
            if self.plain(word) in literal:
                return f"不含“{word}”"
        for choice in entry.require:
            if not any(self._holds(literal, self.plain(word)) for word in choice):
                return f"必含“{'/'.join(choice)}”"
        return None

    def _holds(self, text: str, word: str) -> bool:
        """Whether a word, one that means the same, or one that sounds the same is in the text."""
        if word in text:
            return True
        concepts = self.vocabulary.concepts_of(word)
        if any(same in text for c in concepts for same in self.vocabulary.words_of(c)):
            return True
        return len(word) > 1 and sounded(word) in sounded(text)


def _taking(entries: tuple[Entry, ...]) -> dict[str, tuple[int, ...]]:
    """List → the places of the entries that take it, not more than can be looked at."""
    found: dict[str, list[int]] = {}
    for place, entry in enumerate(entries):
        if entry.list_name:
            found.setdefault(entry.list_name, []).append(place)
    return {name: tuple(places[:MOST_TAKING]) for name, places in found.items()}


def _heard(index: Index, vocabulary: Vocabulary) -> dict[str, str]:
    """Sound → the one word of two characters that the phrasings know by it."""
    words: dict[str, set[str]] = {}
    for word in vocabulary.pairs():
        if any(index.knows(c) for c in vocabulary.concepts_of(word)):
            words.setdefault(sounded(word), set()).add(word)
    return {sound: next(iter(same)) for sound, same in words.items() if len(same) == 1}


def _texts(knowledge: Knowledge) -> Iterable[str]:
    for name in sorted(knowledge.lists):
        yield from (item.name for item in knowledge.lists[name].items)
    for entry in knowledge.entries:
        yield from (v.text for v in entry.answer)
        yield from entry.ask
